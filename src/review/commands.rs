//! What can be run on this computer, as far as its folders tell: nothing is.

use std::path::PathBuf;

/// What a shell knows by itself.
const BUILT_IN: [&str; 8] = ["echo", "printf", "cat", "read", "exec", "command", "eval", "."];

/// Whether there is such a program: at this path, or in one of the folders that are searched.
pub(super) fn can_be_run(program: &str) -> bool {
    let home = || std::env::home_dir().unwrap_or_default();
    if let Some(rest) = program.strip_prefix("~/") {
        return home().join(rest).is_file();
    }
    if program.contains('/') {
        return PathBuf::from(program).is_file();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    BUILT_IN.contains(&program) || std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
