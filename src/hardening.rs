//! What the program gives up before it holds a secret: core dumps, and being read by other processes of the same user.

/// Gives it up. A system that refuses has rules of its own, and the run goes on under those.
#[cfg(unix)]
pub(crate) fn begin() {
    use nix::sys::resource::{Resource, setrlimit};

    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    // As ssh-agent does: neither a debugger nor /proc shows the memory or the environment to others.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
}

/// Gives nothing up where the system knows none of it.
#[cfg(not(unix))]
pub(crate) fn begin() {}
