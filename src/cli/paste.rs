//! Reads a text of several lines that is pasted at the terminal and ended by an empty line.

use std::fs::File;
use std::io::{self, Read as _};

use super::question::{Unanswered, from_descriptor, unless_left};
use crate::aside;

/// The most that is kept, in bytes; the rest is read and dropped.
const LONGEST: usize = 64 * 1024;

/// Asks for the text. A paste with empty lines in it is read whole, so that no part of it answers the next question.
pub(crate) async fn text(question: &str) -> Result<String, Unanswered> {
    aside::say(question);
    Ok(unless_left(from_descriptor(pasted)).await?.unwrap_or_default())
}

fn pasted(terminal: &mut File) -> io::Result<String> {
    let mut kept = Vec::new();
    // A terminal gives one line at a time.
    let mut bytes = [0; 4096];
    loop {
        let waited = Waited::begin();
        let line = match terminal.read(&mut bytes) {
            Ok(count) => &bytes[..count],
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
            Err(fault) => return Err(fault),
        };
        let has_ended = line.is_empty() || line.trim_ascii().is_empty() && !waited.is_more_coming(terminal);
        if has_ended {
            return Ok(String::from_utf8_lossy(&kept).into_owned());
        }
        kept.extend_from_slice(&line[..line.len().min(LONGEST.saturating_sub(kept.len()))]);
    }
}

#[cfg(unix)]
use unix::Waited;
#[cfg(not(unix))]
use without_a_look::Waited;

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::os::fd::AsFd as _;

    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    /// How long to wait for the rest of a paste, in milliseconds.
    const PAUSE_MS: u8 = 100;

    pub(super) struct Waited;

    impl Waited {
        pub(super) fn begin() -> Self {
            Self
        }

        /// Whether the terminal has more input, or gets more within the pause.
        #[allow(clippy::unused_self, reason = "elsewhere the wait itself tells")]
        pub(super) fn is_more_coming(&self, terminal: &File) -> bool {
            let mut watched = [PollFd::new(terminal.as_fd(), PollFlags::POLLIN)];
            poll(&mut watched, PollTimeout::from(PAUSE_MS)).is_ok_and(|ready| ready > 0)
        }
    }
}

#[cfg(not(unix))]
mod without_a_look {
    use std::fs::File;

    use checks::network::clock::Stopwatch;

    /// Two presses of Enter are never closer than this, in milliseconds: a faster line is part of a paste.
    const FASTEST_MS: u64 = 30;

    pub(super) struct Waited(Stopwatch);

    impl Waited {
        pub(super) fn begin() -> Self {
            Self(Stopwatch::start())
        }

        /// Whether the line came too fast to have been typed.
        pub(super) fn is_more_coming(&self, _terminal: &File) -> bool {
            self.0.milliseconds() < FASTEST_MS
        }
    }
}
