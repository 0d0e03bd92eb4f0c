//! Finds out from folders whether a command exists on this computer; nothing is run.

use crate::executable;

/// Commands that are built into shells.
const BUILT_IN: [&str; 9] = ["echo", "printf", "cat", "read", "exec", "command", "eval", ".", "type"];

/// Whether this program exists: at this path, or in a folder of PATH.
pub(super) fn can_be_run(program: &str) -> bool {
    match program.strip_prefix("~/") {
        Some(rest) => {
            let home = std::env::home_dir().unwrap_or_default();
            executable::find(&home.join(rest).to_string_lossy()).is_some()
        }
        None => BUILT_IN.contains(&program) || executable::find(program).is_some(),
    }
}
