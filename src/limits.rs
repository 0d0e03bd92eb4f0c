//! What reading a file from outside may take: so many bytes, so much memory and so much time.

use std::sync::Mutex;
use std::time::Duration;

use checks::network::clock::Stopwatch;

use crate::misuse::Misuse;

/// No report and no case is longer, in bytes: a device or a disk image that was named by mistake ends here.
pub(crate) const LONGEST: u64 = 8 * 1024 * 1024;

/// How long it may take to understand what was read, in milliseconds.
const LONGEST_MS: u64 = 30_000;

/// How much memory may be in use meanwhile, in megabytes.
const MOST_MEGABYTES: u64 = 128;

/// How often both are looked at.
const INTERVAL: Duration = Duration::from_millis(10);

/// Since when the limits hold; `None` where they do not. Whoever has the lock decides how the program goes on.
static HELD: Mutex<Option<Stopwatch>> = Mutex::new(None);

/// Holds the rest of the program to the limits: who breaks one is ended by `refuse`, which says so and returns the code.
pub(crate) fn hold(refuse: fn(&Misuse) -> u8) {
    confine();
    set(Some(Stopwatch::start()));
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(INTERVAL);
            let Ok(held) = HELD.lock() else { return };
            if let Some(broken) = held.and_then(broken) {
                let next = "nothing that this program reads is so large; name another file";
                std::process::exit(refuse(&Misuse::new(broken, next)).into());
            }
        }
    });
}

/// Which limit is broken, if any.
fn broken(since: Stopwatch) -> Option<String> {
    match (since.milliseconds(), megabytes()) {
        (LONGEST_MS.., _) => Some(format!("this input takes more than {} s to read", LONGEST_MS / 1000)),
        (_, Some(MOST_MEGABYTES..)) => {
            Some(format!("this input takes more than {MOST_MEGABYTES} MB of memory to read"))
        }
        _ => None,
    }
}

/// Lets a person take the time to type.
pub(crate) fn unhurried<T>(typed: impl FnOnce() -> T) -> T {
    set(None);
    let typed = typed();
    set(Some(Stopwatch::start()));
    typed
}

/// Ends the limits: the input is understood, and what is written from here on is written to its end.
pub(crate) fn lift() {
    set(None);
    release();
}

fn set(held: Option<Stopwatch>) {
    if let Ok(mut now) = HELD.lock() {
        *now = held;
    }
}

/// Keeps the system from giving more, should the memory grow faster than it is looked at.
#[cfg(target_os = "linux")]
fn confine() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    const MOST: u64 = 512 * 1024 * 1024;
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_AS) {
        // A system that refuses leaves the program to its other limits.
        if setrlimit(Resource::RLIMIT_AS, MOST.min(soft), hard).is_ok() {
            let _ = BEFORE.set((soft, hard));
        }
    }
}

/// What the system gave before it was told to give less.
#[cfg(target_os = "linux")]
static BEFORE: std::sync::OnceLock<(u64, u64)> = std::sync::OnceLock::new();

/// Lets the system give as much as before: a browser that is started from here needs more.
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

/// How much memory is in use, where the system tells (proc(5), `VmRSS`).
fn megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? / 1024)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_system_tells_how_much_memory_is_in_use() {
        assert!(megabytes().is_some_and(|megabytes| megabytes < 100_000));
    }
}
