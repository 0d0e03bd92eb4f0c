//! Finds the program behind a name, as a shell would; nothing is run.

use std::env;
use std::path::{self, Path, PathBuf};

/// Returns the file that this name runs: at this path, or in a folder of PATH.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = match name.contains(path::is_separator) {
        true => vec![PathBuf::new()],
        false => env::split_paths(&path).collect(),
    };
    among(name, &folders, &endings())
}

/// What may be left out at the end of a program's name: on Windows, what PATHEXT lists.
fn endings() -> Vec<String> {
    if !cfg!(windows) {
        return vec![String::new()];
    }
    let listed = env::var("PATHEXT").unwrap_or_else(|_| ".COM;.EXE;.BAT;.CMD".to_owned());
    listed.split(';').filter(|ending| !ending.is_empty()).map(str::to_lowercase).collect()
}

/// The first file of that name in these folders. A name that has one of the endings already stands for itself.
fn among(name: &str, folders: &[PathBuf], endings: &[String]) -> Option<PathBuf> {
    let is_whole = endings.iter().any(|ending| name.to_lowercase().ends_with(ending.as_str()));
    let names: Vec<String> = match is_whole {
        true => vec![name.to_owned()],
        false => endings.iter().map(|ending| format!("{name}{ending}")).collect(),
    };
    let paths = folders.iter().flat_map(|folder| names.iter().map(|name| Path::new(folder).join(name)));
    paths.into_iter().find(|path| path.is_file())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_its_ending_is_found_as_windows_does() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["pw.cmd", "args", "gopass.exe"] {
            std::fs::write(at(name), "").unwrap();
        }
        let folders = [at("none"), folder.path().to_owned()];
        let endings = [".exe".to_owned(), ".cmd".to_owned()];
        let found = |name: &str| among(name, &folders, &endings);
        assert_eq!(found("pw"), Some(at("pw.cmd")));
        assert_eq!(found("gopass.exe"), Some(at("gopass.exe")));
        // A file without an ending is no program there.
        assert_eq!(found("args"), None);
        assert_eq!(among("args", &folders, &[String::new()]), Some(at("args")));
    }
}
