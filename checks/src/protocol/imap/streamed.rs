//! Reads an IMAP server that sends whole messages: their bytes are passed on as they come, so that none is held.

use super::frame::{FRAME_MAX, announced_by};
use super::parse::{self, parse};
use super::response::Answer;
use crate::protocol::Unreadable;

/// What comes from the server.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// Bytes of the message that the next answer is about.
    Piece(Vec<u8>),
    /// A whole answer; a message that came in pieces is empty in it.
    Answer(Answer),
}

/// Reads such a server. After an answer that is too long, no more is read.
#[derive(Debug, Default)]
pub struct Streamed {
    held: Vec<u8>,
    start: usize,
    /// The answer that has begun, up to `start`, without the message in it.
    frame: Vec<u8>,
    /// How many bytes of the message are still to come.
    left: u64,
    is_closed: bool,
}

/// How the item of a whole message ends before its literal (RFC 3501 section 7.4.2).
const MESSAGE: &[u8] = b"BODY[] ";

impl crate::protocol::Reader for Streamed {
    type Answer = Heard;

    fn take(&mut self, bytes: &[u8]) {
        if !self.is_closed {
            self.held.drain(..self.start);
            self.start = 0;
            self.held.extend_from_slice(bytes);
        }
    }

    fn next(&mut self) -> Option<Result<Heard, Unreadable>> {
        loop {
            let rest = &self.held[self.start..];
            if self.left > 0 {
                let length = usize::try_from(self.left).unwrap_or(usize::MAX).min(rest.len());
                let piece = rest[..length].to_vec();
                self.start += length;
                self.left -= length as u64;
                return (!piece.is_empty()).then_some(Ok(Heard::Piece(piece)));
            }
            let Some(end) = rest.iter().position(|&byte| byte == b'\n').map(|at| at + 1) else {
                let is_too_long = self.frame.len() + rest.len() > FRAME_MAX;
                return is_too_long.then(|| self.too_long());
            };
            let line = &rest[..end];
            let begins: &[u8] = if self.frame.is_empty() { line } else { &self.frame };
            let literal = announced_by(line).filter(|_| parse::may_hold_literals(begins));
            let brace = line.iter().rposition(|&byte| byte == b'{').unwrap_or(0);
            match literal {
                Some(length) if line[..brace].to_ascii_uppercase().ends_with(MESSAGE) => {
                    self.left = length as u64;
                    self.frame.extend_from_slice(&line[..brace]);
                    self.frame.extend_from_slice(b"{0}\r\n");
                    self.start += end;
                }
                Some(length) => {
                    let whole = end.saturating_add(length);
                    if self.frame.len().saturating_add(whole) > FRAME_MAX {
                        return Some(self.too_long());
                    }
                    if rest.len() < whole {
                        return None;
                    }
                    self.frame.extend_from_slice(&rest[..whole]);
                    self.start += whole;
                }
                None => {
                    let answer = if self.frame.is_empty() {
                        parse(line)
                    } else {
                        self.frame.extend_from_slice(line);
                        parse(&std::mem::take(&mut self.frame))
                    };
                    self.start += end;
                    return Some(answer.map(Heard::Answer));
                }
            }
        }
    }

    fn leftover(&self) -> &[u8] {
        &self.held[self.start..]
    }
}

impl Streamed {
    fn too_long(&mut self) -> Result<Heard, Unreadable> {
        *self = Self { is_closed: true, ..Self::default() };
        Err(Unreadable::TooLong)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

    use super::*;
    use crate::protocol::Reader as _;
    use crate::protocol::imap::{Described, Response};

    /// The messages, each with its UID, however the bytes are cut.
    fn messages(said: &[u8], at_once: usize) -> Vec<(u32, Vec<u8>)> {
        let (mut reader, mut body, mut found) = (Streamed::default(), Vec::new(), Vec::new());
        for bytes in said.chunks(at_once) {
            reader.take(bytes);
            while let Some(heard) = reader.next() {
                match heard.unwrap() {
                    Heard::Piece(piece) => body.extend(piece),
                    Heard::Answer(answer) => {
                        let Response::Data { number, name, values } = answer.response else { continue };
                        if let Some(uid) = Described::of(number, &name, &values).and_then(|described| described.uid()) {
                            found.push((uid, std::mem::take(&mut body)));
                        }
                    }
                }
            }
        }
        found
    }

    #[test]
    fn a_message_comes_in_pieces_before_its_answer() {
        let said =
            b"* 1 FETCH (UID 7 BODY[] {12}\r\n* 2 EXISTS\r\n FLAGS (\\Seen))\r\n* 2 FETCH (BODY[] {0}\r\n UID 8)\r\n\
            * 3 FETCH (BODY[HEADER.FIELDS (MESSAGE-ID)] {2}\r\n\r\n BODY[] {3}\r\na\nb UID 9)\r\nA1 OK {5}\r\n";
        let expected = [(7, b"* 2 EXISTS\r\n".to_vec()), (8, b"".to_vec()), (9, b"a\nb".to_vec())];
        for at_once in [1, 2, 3, 7, 20, 1000] {
            assert_eq!(messages(said, at_once), expected, "{at_once}");
        }
    }

    #[test]
    fn a_large_message_is_never_held() {
        let mut reader = Streamed::default();
        reader.take(b"* 1 FETCH (BODY[] {20000000}\r\n");
        let mut came = 0;
        for _ in 0..200 {
            reader.take(&vec![b'x'; 100_000]);
            while let Some(heard) = reader.next() {
                let Heard::Piece(piece) = heard.unwrap() else { panic!("an answer") };
                came += piece.len();
            }
            assert!(reader.held.len() < 200_000);
        }
        assert_eq!(came, 20_000_000);
    }

    #[test]
    fn a_line_without_end_is_too_long() {
        let mut reader = Streamed::default();
        reader.take(&vec![b'x'; FRAME_MAX + 1]);
        assert_eq!(reader.next(), Some(Err(Unreadable::TooLong)));
        reader.take(b"* OK\r\n");
        assert_eq!(reader.next(), None);
    }
}
