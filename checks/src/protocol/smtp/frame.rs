//! Cuts one whole reply off the front of the bytes, across its lines, within bounds.

use super::reply;
use crate::protocol::held::Cut;

/// The longest line that is read: sixteen times what a server may send (RFC 5321 section 4.5.3.1.5), because an error
/// text with a link or two does not keep to 512.
pub const LINE_MAX: usize = 8 * 1024;

/// The most lines that are read of one reply: an EHLO of today has a dozen.
pub const LINES_MAX: usize = 128;

/// How far the reply in front has been looked through, so that no byte is looked at twice.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    line: usize,
    seen: usize,
    lines: usize,
}

impl Cutter {
    /// What the bytes held amount to; they start with the same reply at each call, until it is whole or too long.
    pub(super) fn cut(&mut self, held: &[u8]) -> Cut {
        let cut = self.advance(held);
        if cut != Cut::NeedsMore {
            *self = Self::default();
        }
        cut
    }

    /// A line that is not a reply ends the frame as well, so that it is reported at once.
    fn advance(&mut self, held: &[u8]) -> Cut {
        loop {
            let Some(unseen) = held.get(self.seen..) else { return Cut::NeedsMore };
            let Some(length) = unseen.iter().position(|&byte| byte == b'\n') else {
                self.seen = held.len();
                return if self.seen - self.line > LINE_MAX { Cut::TooLong } else { Cut::NeedsMore };
            };
            let end = self.seen + length + 1;
            if end - self.line > LINE_MAX {
                return Cut::TooLong;
            }
            self.lines += 1;
            if !reply::announces_more(&held[self.line..end]) {
                return Cut::Whole(end);
            }
            if self.lines == LINES_MAX {
                return Cut::TooLong;
            }
            (self.line, self.seen) = (end, end);
        }
    }
}
