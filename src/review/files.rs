//! The settings files: those that the user named, or those in their usual places.

use std::fs::Metadata;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use checks::network::plain_file::{self, NotRead};

use super::doubts;
use super::given::{Given, NotReviewed};
use super::origin::{Origin, read};
use super::programs::{self, PROGRAMS, Program, thunderbird};
use crate::misuse::file_name;

/// How deep in a project settings are looked for.
const DEEPEST: usize = 4;
/// A folder with more entries than this is not a project but a disk.
const MOST_ENTRIES: usize = 20_000;
/// Folders with other people's files, or files that programs made.
const PASSED_OVER: [&str; 6] = ["node_modules", "target", "vendor", "venv", ".venv", "__pycache__"];

/// A file, and where it was read.
pub(super) struct Found {
    pub(super) given: Given,
    pub(super) origin: Origin,
}

fn of_no_program(shown: String) -> NotReviewed {
    let why = "is not a kind of settings file that is known here".to_owned();
    let instead = format!(
        "if it is one of a known program, name that with --as PROGRAM; `icloud-mail-doctor setup PROGRAM` prints the \
         right settings of many more, and `icloud-mail-doctor explain {shown}` looks for known faults in its words"
    );
    NotReviewed { shown, why, instead, is_unreadable: false }
}

/// A file that may be reviewed.
pub(super) struct Place {
    path: PathBuf,
    shown: String,
    why: Why,
}

/// Why a file is reviewed.
enum Why {
    Named,
    Usual(&'static Program),
    /// It is in a project, or in a program's folder of many files.
    InProject(&'static Program),
    /// It is in a project, and its name is not one of a known program.
    Beside,
}

/// Returns the files at these paths, or in the usual places where no path is given.
pub(super) fn find(paths: &[PathBuf]) -> Vec<Place> {
    if paths.is_empty() {
        return usual();
    }
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(below(path));
        } else {
            found.push(Place { path: path.clone(), shown: path.display().to_string(), why: Why::Named });
        }
    }
    found
}

impl Place {
    /// Reads the file, as one of that program where one is given. `None` where the user did not name it and it is not
    /// about iCloud.
    pub(super) fn open(&self, forced: Option<&'static Program>) -> Result<Option<Found>, NotReviewed> {
        let program = match self.why {
            Why::Named => return named(&self.path, forced).map(Some),
            Why::Usual(program) | Why::InProject(program) => program,
            Why::Beside => return self.beside(),
        };
        let is_wanted =
            |text: &str, origin: &Origin| !self.is_in_project() || (origin.is_in_its_folder() && is_about_icloud(text));
        match read(&self.path) {
            Ok((text, origin)) if is_wanted(&text, &origin) => {
                Ok(Some(found(&self.path, self.shown.clone(), program, text, origin)))
            }
            Ok(_) => Ok(None),
            // Something that is not a plain file, or is too long, is not a settings file.
            Err(why) if self.is_in_project() && !matches!(why, NotRead::Failed(_)) => Ok(None),
            Err(why) => Err(NotReviewed {
                shown: self.shown.clone(),
                why: format!("was not read ({why})"),
                instead: "run again as the user that owns it, or leave it if that program is not the one".to_owned(),
                is_unreadable: true,
            }),
        }
    }

    /// Reads a file with an unknown name: it is reviewed if its shape is known, and mentioned if it names an iCloud
    /// server.
    fn beside(&self) -> Result<Option<Found>, NotReviewed> {
        let Ok((text, origin)) = read(&self.path) else { return Ok(None) };
        if !origin.is_in_its_folder() || !doubts::names_server(&text) {
            return Ok(None);
        }
        match programs::shaped(&self.path, &text) {
            Some(program) => Ok(Some(found(&self.path, self.shown.clone(), program, text, origin))),
            None => Err(of_no_program(self.shown.clone())),
        }
    }

    /// Whether the user named the file.
    pub(super) fn is_named(&self) -> bool {
        matches!(self.why, Why::Named)
    }

    /// Whether it is only one of the files in a folder.
    pub(super) fn is_in_project(&self) -> bool {
        matches!(self.why, Why::InProject(_) | Why::Beside)
    }
}

fn is_about_icloud(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.contains("me.com") || lower.contains("icloud")
}

/// Reads a file that the user named, as one of that program if given, and otherwise of the program that it belongs to.
pub(super) fn named(path: &Path, forced: Option<&'static Program>) -> Result<Found, NotReviewed> {
    let shown = file_name(path);
    let (text, origin) = read(path).map_err(|why| NotReviewed {
        shown: shown.clone(),
        why: format!("cannot be read: {why}"),
        instead: "name a settings file or a project's folder".to_owned(),
        is_unreadable: true,
    })?;
    let program = forced.or_else(|| programs::of(path)).or_else(|| programs::shaped(path, &text));
    let program = program.or_else(|| programs::signed(&text));
    let program = program.ok_or_else(|| of_no_program(shown.clone()))?;
    Ok(found(path, shown, program, text, origin))
}

fn found(path: &Path, shown: String, program: &'static Program, text: String, origin: Origin) -> Found {
    let is_readable_by_others = is_readable_by_others(&origin.about);
    Found { given: Given { path: path.to_owned(), shown, program, text, is_readable_by_others }, origin }
}

/// The usual places that exist on this computer.
fn usual() -> Vec<Place> {
    let home = std::env::home_dir();
    let mut all: Vec<Place> = Vec::new();
    for (program, place) in
        PROGRAMS.iter().flat_map(|program| program.owns.places.iter().map(move |place| (program, place)))
    {
        let is_one_of_many = place.rsplit('/').next().is_some_and(|name| name.contains('*'));
        for path in expanded(place, home.as_deref()).into_iter().flat_map(listed) {
            if !all.iter().any(|known| known.path == path) {
                let shown = home.as_deref().and_then(|home| path.strip_prefix(home).ok());
                let below = |path: &Path| format!("~/{}", path.display()).replace(MAIN_SEPARATOR, "/");
                let shown = shown.map_or_else(|| path.display().to_string(), below);
                let why = if is_one_of_many { Why::InProject(program) } else { Why::Usual(program) };
                all.push(Place { path, shown, why });
            }
        }
    }
    all
}

/// The files of settings at a usual place: the place itself, or what the list of Thunderbird's profiles names.
fn listed(place: PathBuf) -> Vec<PathBuf> {
    if !place.ends_with("profiles.ini") {
        return vec![place];
    }
    let folder = place.parent().unwrap_or(&place);
    let list = plain_file::read(&place, thunderbird::LONGEST_LIST).unwrap_or_default();
    let list = String::from_utf8_lossy(&list);
    let settings = thunderbird::profiles(&list).map(|profile| folder.join(profile).join("prefs.js"));
    settings.filter(|path| path.is_file()).collect()
}

/// The paths that a place means: `~/` is the home folder, `%NAME%/` the folder that Windows has in that variable, and
/// `*` is any part of a name.
fn expanded(place: &str, home: Option<&Path>) -> Vec<PathBuf> {
    let (begin, rest) = place.split_once('/').unwrap_or((place, ""));
    let folder = match begin {
        "~" => home.map(Path::to_owned),
        // Windows has no such places.
        "" => (!cfg!(windows)).then(|| PathBuf::from("/")),
        variable => std::env::var_os(variable.trim_matches('%')).map(PathBuf::from).filter(|path| path.is_absolute()),
    };
    let mut paths: Vec<PathBuf> = folder.into_iter().collect();
    for part in rest.split('/') {
        let is_meant = |name: &str, (begins, ends): (&str, &str)| {
            name.strip_prefix(begins).is_some_and(|rest| rest.ends_with(ends))
        };
        paths = match part.split_once('*') {
            Some(ends) => {
                let below = paths.iter().flat_map(|path| entries(path));
                below.filter(|path| is_meant(&path.file_name().unwrap_or_default().to_string_lossy(), ends)).collect()
            }
            None => paths.into_iter().map(|path| path.join(part)).collect(),
        };
    }
    paths.retain(|path| path.is_file());
    paths
}

/// The files of a project that are named like settings, and others that may contain some.
fn below(folder: &Path) -> Vec<Place> {
    let (mut found_files, mut folders, mut seen) = (Vec::new(), vec![(folder.to_owned(), 0)], 0);
    let mut bytes = 0;
    while let Some((folder, depth)) = folders.pop() {
        for path in entries(&folder) {
            seen += 1;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if seen > MOST_ENTRIES || PASSED_OVER.contains(&name.as_str()) || path.is_symlink() {
                continue;
            }
            if path.is_dir() && depth < DEEPEST {
                folders.push((path, depth + 1));
            } else if let Some(program) = programs::of(&path) {
                let shown = path.display().to_string();
                found_files.push(Place { path, shown, why: Why::InProject(program) });
            } else if is_like_settings(&path, &mut bytes) {
                let shown = path.display().to_string();
                found_files.push(Place { path, shown, why: Why::Beside });
            }
        }
    }
    found_files.sort_by(|one, other| one.path.cmp(&other.path));
    found_files
}

/// Whether a file with such an ending may contain a program's settings, and is short enough to read.
fn is_like_settings(path: &Path, bytes: &mut u64) -> bool {
    const ENDINGS: [&str; 23] = [
        "cfg",
        "cjs",
        "cnf",
        "conf",
        "config",
        "exs",
        "ini",
        "js",
        "json",
        "mjs",
        "nix",
        "php",
        "plist",
        "properties",
        "py",
        "rb",
        "tf",
        "tfvars",
        "toml",
        "ts",
        "xml",
        "yaml",
        "yml",
    ];
    const LONGEST: u64 = 256 << 10;
    const MOST_BYTES: u64 = 16 << 20;
    let has_ending =
        path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending));
    let size = path.metadata().ok().filter(|about| has_ending && about.is_file()).map(|about| about.len());
    let Some(size) = size.filter(|size| *size <= LONGEST) else { return false };
    *bytes += size;
    *bytes <= MOST_BYTES
}

/// The entries of a folder, sorted by name.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

#[cfg(unix)]
fn is_readable_by_others(about: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o044 != 0
}

/// On other systems, permissions are not checked.
#[cfg(not(unix))]
fn is_readable_by_others(_about: &Metadata) -> bool {
    false
}
