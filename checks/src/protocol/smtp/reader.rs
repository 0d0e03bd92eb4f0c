//! Turns an SMTP server's bytes into replies, however they arrive.

use super::frame::Cutter;
use super::reply::Reply;
use crate::protocol::Unreadable;
use crate::protocol::held::Held;

/// Reads an SMTP server.
///
/// A line that is not SMTP is dropped, with the lines of the same reply before it, and the next reply is read. After a
/// reply that is too long no more is read: the connection is of no further use.
#[derive(Debug, Default)]
pub struct Reader {
    held: Held,
    cutter: Cutter,
}

impl crate::protocol::Reader for Reader {
    type Answer = Reply;

    fn take(&mut self, bytes: &[u8]) {
        self.held.take(bytes);
    }

    fn next(&mut self) -> Option<Result<Reply, Unreadable>> {
        let cut = self.cutter.cut(self.held.rest());
        self.held.next(&cut, Reply::read)
    }

    fn leftover(&self) -> &[u8] {
        self.held.rest()
    }
}
