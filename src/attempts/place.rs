//! Where this system keeps what a program remembers between runs.

use std::path::PathBuf;

/// The name of our folder there.
const NAME: &str = "icloud-mail-doctor";

/// Returns the folder of the ledger; `None` where the user has no home.
pub(crate) fn folder() -> Option<PathBuf> {
    // The folder that systemd makes for a service, the first of several (systemd.exec(5), "StateDirectory=").
    let of_service = std::env::var_os("STATE_DIRECTORY");
    let first = of_service.as_deref().and_then(|all| std::env::split_paths(all).next());
    if let Some(of_service) = first.filter(|path| path.is_absolute()) {
        return Some(of_service);
    }
    // The XDG Base Directory Specification says to pass over a path that is not absolute.
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = named("XDG_STATE_HOME").or_else(|| {
        if cfg!(windows) {
            return named("LOCALAPPDATA");
        }
        let below = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/state" };
        named("HOME").map(|home| home.join(below))
    });
    state.map(|state| state.join(NAME))
}
