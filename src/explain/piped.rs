//! Standard input as it comes: who writes to it may never end it, and what has come by then is still read.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use crate::aside;

/// How long it may be silent, once something has come; before that, as long as the caller's own limits allow.
const SILENCE: Duration = Duration::from_secs(10);

/// How large a piece of it is at the most, in bytes, and how many are held.
const PIECE: usize = 64 << 10;
const HELD: usize = 2;

/// It, piece by piece.
pub(super) struct Piped {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    read: usize,
    has_begun: bool,
    has_ended: bool,
}

impl Piped {
    /// Begins to read.
    pub(super) fn begin(mut input: impl Read + Send + 'static) -> Self {
        let (sender, pieces) = sync_channel(HELD);
        std::thread::spawn(move || {
            loop {
                let mut bytes = vec![0; PIECE];
                let piece = match input.read(&mut bytes) {
                    Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
                    read => read.map(|length| bytes.truncate(length)),
                };
                let is_last = piece.is_err() || bytes.is_empty();
                // Nobody waits any more where it came too late.
                if sender.send(piece.map(|()| bytes)).is_err() || is_last {
                    return;
                }
            }
        });
        Self { pieces, piece: Vec::new(), read: 0, has_begun: false, has_ended: false }
    }

    /// Whether the next piece of it, or its end, comes within this time.
    pub(super) fn comes_within(&mut self, limit: Duration) -> io::Result<bool> {
        match self.pieces.recv_timeout(limit) {
            Ok(piece) => {
                (self.piece, self.read, self.has_begun) = (piece?, 0, true);
                self.has_ended = self.piece.is_empty();
                Ok(true)
            }
            Err(RecvTimeoutError::Timeout) => Ok(false),
            // Its end was said, or it panicked and there is no more.
            Err(RecvTimeoutError::Disconnected) => {
                self.has_ended = true;
                Ok(true)
            }
        }
    }
}

impl Read for Piped {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let limit = if self.has_begun { SILENCE } else { Duration::MAX };
        if self.read == self.piece.len() && !self.has_ended && !self.comes_within(limit)? {
            aside::say(format!(
                "icloud-mail-doctor: nothing more came on standard input within {} s; what came is explained.",
                SILENCE.as_secs()
            ));
            self.has_ended = true;
        }
        let length = (&self.piece[self.read..]).read(into)?;
        self.read += length;
        Ok(length)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_whole() {
        let written: Vec<u8> = (0..3 * PIECE + 7).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let mut read = Vec::new();
        Piped::begin(io::Cursor::new(written.clone())).read_to_end(&mut read).unwrap();
        assert_eq!(read, written);
    }

    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn an_empty_one_and_a_broken_one_end() {
        let mut empty = Piped::begin(io::empty());
        assert!(empty.comes_within(SILENCE).unwrap());
        assert_eq!(empty.read(&mut [0; 8]).unwrap(), 0);
        assert!(Piped::begin(Broken).read(&mut [0; 8]).is_err());
    }
}
