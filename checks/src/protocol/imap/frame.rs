//! Cuts one whole response off the front of the bytes, across its literals, within a bound.

use super::literal::announced_length;
use super::parse;
use crate::protocol::held::Cut;

/// The longest response that is read: a message fetched for the diagnosis fits, a server that never ends a line does not.
pub const FRAME_MAX: usize = 1024 * 1024;

/// How far the response in front has been looked through, so that no byte is looked at twice.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    line: usize,
    seen: usize,
}

impl Cutter {
    /// What the bytes held amount to; they start with the same response at each call, until it is whole or too long.
    pub(super) fn cut(&mut self, held: &[u8]) -> Cut {
        let cut = self.advance(held);
        if cut != Cut::NeedsMore {
            *self = Self::default();
        }
        cut
    }

    fn advance(&mut self, held: &[u8]) -> Cut {
        loop {
            let Some(unseen) = held.get(self.seen..) else { return Cut::NeedsMore };
            let Some(length) = unseen.iter().position(|&byte| byte == b'\n') else {
                self.seen = held.len();
                return if self.seen > FRAME_MAX { Cut::TooLong } else { Cut::NeedsMore };
            };
            let end = self.seen + length + 1;
            if end > FRAME_MAX {
                return Cut::TooLong;
            }
            let Some(literal) = announced_by(&held[self.line..end]).filter(|_| parse::may_hold_literals(held)) else {
                return Cut::Whole(end);
            };
            let after = end.saturating_add(literal);
            if after > FRAME_MAX {
                return Cut::TooLong;
            }
            (self.line, self.seen) = (after, after);
        }
    }
}

/// The length of the literal that a line announces at its end.
pub(super) fn announced_by(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if !line.ends_with(b"}") {
        return None;
    }
    let brace = line.iter().rposition(|&byte| byte == b'{')?;
    // A folder's name may end in braces; a literal stands where a value begins (`~` is RFC 3516's literal8).
    matches!(line[..brace].last(), None | Some(b' ' | b'(' | b'~')).then(|| announced_length(&line[brace..])).flatten()
}
