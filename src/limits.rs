//! Limits for reading a file from outside: bytes, memory and time.

use std::sync::Mutex;
use std::time::Duration;

use checks::network::clock::Stopwatch;

use crate::misuse::Misuse;

/// The longest report or case, in bytes: reading a device or a disk image that was named by mistake stops here.
pub(crate) const LONGEST: u64 = 8 * 1024 * 1024;

/// How long parsing may take, in milliseconds.
const LONGEST_MS: u64 = 30_000;

/// How much memory may be in use while parsing, in megabytes.
const MOST_MEGABYTES: u64 = 128;

/// How often time and memory are checked.
const INTERVAL: Duration = Duration::from_millis(10);

/// Since when the limits apply; `None` where they do not. The holder of the lock decides how the program continues.
static HELD: Mutex<Option<Stopwatch>> = Mutex::new(None);

/// Applies the limits to the rest of the program. If one is exceeded, `refuse` reports that and returns the exit code.
pub(crate) fn hold(refuse: fn(&Misuse) -> u8) {
    confine();
    set(Some(Stopwatch::start()));
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(INTERVAL);
            let Ok(held) = HELD.lock() else { return };
            if let Some(broken) = held.and_then(broken) {
                let next = "nothing that this program reads is so large; name another file, or end the input where it comes from a pipe";
                std::process::exit(refuse(&Misuse::new(broken, next)).into());
            }
        }
    });
}

/// The limit that is exceeded, if any.
fn broken(since: Stopwatch) -> Option<String> {
    match (since.milliseconds(), megabytes()) {
        (LONGEST_MS.., _) => Some(format!("this input takes more than {} s to read", LONGEST_MS / 1000)),
        (_, Some(MOST_MEGABYTES..)) => {
            Some(format!("this input takes more than {MOST_MEGABYTES} MB of memory to read"))
        }
        _ => None,
    }
}

/// Suspends the limits while a person types.
pub(crate) fn unhurried<T>(typed: impl FnOnce() -> T) -> T {
    set(None);
    let typed = typed();
    set(Some(Stopwatch::start()));
    typed
}

/// Ends the limits: the input is parsed, and the output must not be cut off.
pub(crate) fn lift() {
    set(None);
    release();
}

fn set(held: Option<Stopwatch>) {
    if let Ok(mut now) = HELD.lock() {
        *now = held;
    }
}

/// Sets a limit in the system too, in case the memory grows faster than it is checked.
#[cfg(target_os = "linux")]
fn confine() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    const MOST: u64 = 512 * 1024 * 1024;
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_AS) {
        // If the system refuses, the other limits still apply.
        if setrlimit(Resource::RLIMIT_AS, MOST.min(soft), hard).is_ok() {
            let _ = BEFORE.set((soft, hard));
        }
    }
}

/// The system's limit before it was lowered.
#[cfg(target_os = "linux")]
static BEFORE: std::sync::OnceLock<(u64, u64)> = std::sync::OnceLock::new();

/// Restores the system's limit: a browser that is started from here needs more memory.
#[cfg(target_os = "linux")]
fn release() {
    if let Some((soft, hard)) = BEFORE.get() {
        let _ = nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_AS, *soft, *hard);
    }
}

#[cfg(not(target_os = "linux"))]
fn confine() {}

#[cfg(not(target_os = "linux"))]
fn release() {}

/// How much memory is in use, where the system reports it (proc(5), `VmRSS`).
fn megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? / 1024)
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    #[test]
    fn the_system_tells_how_much_memory_is_in_use() {
        assert!(megabytes().is_some_and(|megabytes| megabytes < 100_000));
    }
}
