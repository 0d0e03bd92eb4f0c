//! Protects secrets before there are any: no core dumps, and no access for other processes of the same user.

/// Turns the protection on. Where the system refuses, the run continues without it.
#[cfg(unix)]
pub(crate) fn begin() {
    use nix::sys::resource::{Resource, setrlimit};

    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    // As ssh-agent does: debuggers and /proc then show the memory and the environment to no other process.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
}

/// Does nothing: this system has none of it.
#[cfg(not(unix))]
pub(crate) fn begin() {}
