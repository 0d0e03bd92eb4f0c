//! The bytes of a server that are no answer yet, never more of them than a bound.

use super::Unreadable;

/// Twice the longest answer of either protocol. A caller that takes the answers after every read never reaches it, and
/// for any other the memory is still limited.
pub(super) const HELD_MAX: usize = 2 * 1024 * 1024;

/// The state of the bytes held so far.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// No whole answer yet.
    NeedsMore,
    /// A whole answer of that many bytes is in front.
    Whole(usize),
    /// The answer has outgrown its bound, or announces that it will.
    TooLong,
}

/// Bytes that wait to be cut into answers.
///
/// After [`Unreadable::TooLong`] it takes and gives nothing more: it is unknown where the next answer would begin.
#[derive(Debug, Default)]
pub(super) struct Held {
    bytes: Vec<u8>,
    start: usize,
    overflowed: bool,
    closed: bool,
}

impl Held {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        if self.closed || self.overflowed {
            return;
        }
        self.bytes.drain(..self.start);
        self.start = 0;
        let room = HELD_MAX - self.bytes.len();
        self.overflowed = bytes.len() > room;
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The bytes after the last whole answer.
    pub(super) fn rest(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// Removes what `cut` found in [`Held::rest`] and reads it.
    pub(super) fn next<A>(
        &mut self,
        cut: &Cut,
        read: impl FnOnce(&[u8]) -> Result<A, Unreadable>,
    ) -> Option<Result<A, Unreadable>> {
        let answer = match *cut {
            Cut::NeedsMore if !self.overflowed => return None,
            Cut::NeedsMore | Cut::TooLong => Err(Unreadable::TooLong),
            Cut::Whole(length) => {
                let from = self.start;
                self.start += length;
                read(&self.bytes[from..self.start])
            }
        };
        if matches!(answer, Err(Unreadable::TooLong)) {
            *self = Self { closed: true, ..Self::default() };
        }
        Some(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_bound_is_held_and_whole_answers_before_it_are_still_given() {
        let mut held = Held::default();
        held.take(b"ab");
        for _ in 0..5 {
            held.take(&vec![b'c'; HELD_MAX / 2]);
        }
        assert_eq!(held.rest().len(), HELD_MAX);

        let two = held.next(&Cut::Whole(2), |bytes| Ok(bytes.to_vec()));
        assert_eq!(two, Some(Ok(b"ab".to_vec())));
        let none = held.next(&Cut::NeedsMore, |bytes| Ok(bytes.to_vec()));
        assert_eq!(none, Some(Err(Unreadable::TooLong)));

        held.take(b"more");
        assert_eq!(held.rest(), b"");
        assert_eq!(held.next(&Cut::NeedsMore, |bytes| Ok(bytes.to_vec())), None);
    }
}
