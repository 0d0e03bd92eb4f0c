//! Finds out from folders whether a command exists on this computer; nothing is run.

use std::path::PathBuf;

/// Commands that are built into shells.
const BUILT_IN: [&str; 8] = ["echo", "printf", "cat", "read", "exec", "command", "eval", "."];

/// Whether this program exists: at this path, or in a folder of PATH.
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
