//! What reading a file from outside may take: so many bytes, so much memory and so much time.

use std::io::{self, Read};
use std::sync::Mutex;
use std::time::Duration;

use checks::network::clock::Stopwatch;

use crate::Misuse;

/// No report and no case is longer, in bytes: a device or a disk image that was named by mistake ends here.
pub(crate) const LONGEST: u64 = 8 * 1024 * 1024;

/// How long it may take to understand what was read, in milliseconds.
const LONGEST_MS: u64 = 30_000;

/// How much memory may be in use meanwhile, in megabytes.
const MOST_MEGABYTES: u64 = 128;

/// How often both are looked at.
const INTERVAL: Duration = Duration::from_millis(10);

/// Whether the limits hold at this moment. Whoever has the lock decides how the program goes on.
static HOLDS: Mutex<bool> = Mutex::new(false);

/// All of a text, where it is no longer than any of ours.
pub(crate) fn text(source: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    source.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::other(format!("it has more than {} MB", LONGEST / 1024 / 1024)));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is not text in UTF-8"))
}

/// Holds the rest of the program to the limits: who breaks one is ended by `refuse`, which says so and returns the code.
pub(crate) fn hold(refuse: fn(&Misuse) -> u8) {
    confine();
    set(true);
    let watch = Stopwatch::start();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(INTERVAL);
            let broken = match (watch.milliseconds(), megabytes()) {
                (LONGEST_MS.., _) => format!("this input takes more than {} s to read", LONGEST_MS / 1000),
                (_, Some(MOST_MEGABYTES..)) => {
                    format!("this input takes more than {MOST_MEGABYTES} MB of memory to read")
                }
                _ => continue,
            };
            let Ok(holds) = HOLDS.lock() else { return };
            if *holds {
                let code =
                    refuse(&Misuse::new(broken, "nothing that this program reads is so large; name another file"));
                std::process::exit(code.into());
            }
            return;
        }
    });
}

/// Ends the limits: the input is understood, and what is written from here on is written to its end.
pub(crate) fn lift() {
    set(false);
}

fn set(holds: bool) {
    if let Ok(mut now) = HOLDS.lock() {
        *now = holds;
    }
}

/// Keeps the system from giving more, should the memory grow faster than it is looked at.
#[cfg(target_os = "linux")]
fn confine() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    const MOST: u64 = 512 * 1024 * 1024;
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_AS) {
        // A system that refuses leaves the program to its other limits.
        let _ = setrlimit(Resource::RLIMIT_AS, MOST.min(soft), hard);
    }
}

#[cfg(not(target_os = "linux"))]
fn confine() {}

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
    fn a_text_that_never_ends_is_read_no_further_than_the_limit() {
        assert!(text(io::repeat(b' ')).unwrap_err().to_string().contains("8 MB"));
        assert!(text(&[0xff_u8][..]).unwrap_err().to_string().contains("UTF-8"));
        let longest = usize::try_from(LONGEST).unwrap();
        assert_eq!(text(&vec![b' '; longest][..]).unwrap().len(), longest);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_system_tells_how_much_memory_is_in_use() {
        assert!(megabytes().is_some_and(|megabytes| megabytes < 100_000));
    }
}
