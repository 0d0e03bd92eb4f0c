//! Turns an IMAP server's bytes into answers, however they arrive.

use super::frame::Cutter;
use super::parse::parse;
use super::response::Answer;
use crate::protocol::Unreadable;
use crate::protocol::held::Held;

/// Reads an IMAP server.
///
/// A response that is not IMAP is dropped and the next is read. After one that is too long, or nested too deeply, no
/// more is read: the connection is of no further use.
#[derive(Debug, Default)]
pub struct Reader {
    held: Held,
    cutter: Cutter,
}

impl crate::protocol::Reader for Reader {
    type Answer = Answer;

    fn take(&mut self, bytes: &[u8]) {
        self.held.take(bytes);
    }

    fn next(&mut self) -> Option<Result<Answer, Unreadable>> {
        let cut = self.cutter.cut(self.held.rest());
        self.held.next(&cut, parse)
    }

    fn leftover(&self) -> &[u8] {
        self.held.rest()
    }
}
