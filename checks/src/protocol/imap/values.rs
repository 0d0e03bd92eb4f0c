//! Reads the values of untagged data: words, strings, literals and lists, without interpreting them.

use super::literal;
use super::response::{VALUES_MAX, Value};
use crate::protocol::Unreadable;
use crate::protocol::raw::lossy;

/// How deep lists may be in lists: a message of many parts has ten levels, and reading goes one call deeper a level.
pub const DEPTH_MAX: usize = 32;

/// `{`, ten digits, `+`, `}`, CR and LF: no announcement of a literal is longer.
const ANNOUNCEMENT_MAX: usize = 15;

/// All values, to the end. What is left open at the end is closed there.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Value>, Unreadable> {
    let last_bracket = bytes.iter().rposition(|&byte| byte == b']').unwrap_or(0);
    Cursor { bytes, at: 0, last_bracket, read: 0 }.values(0)
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    last_bracket: usize,
    /// How many values were read, in lists and outside them.
    read: usize,
}

impl Cursor<'_> {
    fn values(&mut self, depth: usize) -> Result<Vec<Value>, Unreadable> {
        let mut values = Vec::new();
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                byte if is_blank(byte) => {
                    self.at += 1;
                    continue;
                }
                b')' if depth > 0 => {
                    self.at += 1;
                    break;
                }
                _ => self.read += 1,
            }
            match byte {
                _ if self.read > VALUES_MAX => return Err(Unreadable::TooLong),
                b'(' if depth == DEPTH_MAX => return Err(Unreadable::TooLong),
                b'(' => {
                    self.at += 1;
                    values.push(Value::List(self.values(depth + 1)?));
                }
                b'"' => values.push(self.quoted()),
                _ => {
                    let value = self.literal().unwrap_or_else(|| self.atom());
                    values.push(value);
                }
            }
        }
        Ok(values)
    }

    /// Only a quote and a backslash can be escaped (RFC 3501 section 9, `quoted`); before anything else a backslash
    /// means itself, as in names that a server forgot to escape.
    fn quoted(&mut self) -> Value {
        let mut text = Vec::new();
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            match (byte, self.bytes.get(self.at)) {
                (b'"', _) => break,
                (b'\\', Some(&escaped @ (b'"' | b'\\'))) => {
                    text.push(escaped);
                    self.at += 1;
                }
                _ => text.push(byte),
            }
        }
        Value::Quoted(lossy(&text))
    }

    fn literal(&mut self) -> Option<Value> {
        let rest = &self.bytes[self.at..];
        let rest = rest.strip_prefix(b"~").unwrap_or(rest);
        let end = rest.iter().take(ANNOUNCEMENT_MAX).position(|&byte| byte == b'\n')?;
        let braces = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        let length = literal::announced_length(braces)?;
        let content = &rest[end + 1..];
        let (content, after) = content.split_at(length.min(content.len()));
        self.at = self.bytes.len() - after.len();
        Some(Value::Literal(lossy(content)))
    }

    /// A word, in which spaces and parentheses may be only between brackets: `BODY[HEADER.FIELDS (SUBJECT)]<0>`. A
    /// bracket that is never closed is an ordinary character.
    fn atom(&mut self) -> Value {
        let start = self.at;
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'[' && self.at < self.last_bracket {
                self.at += self.bytes[self.at..].iter().position(|&byte| byte == b']').unwrap_or(0);
            } else if is_blank(byte) || (matches!(byte, b'(' | b')') && self.at > start) {
                break;
            }
            self.at += 1;
        }
        let word = &self.bytes[start..self.at];
        if word.eq_ignore_ascii_case(b"NIL") { Value::Nil } else { Value::Atom(lossy(word)) }
    }
}

/// The space of the protocol, and others that may occur after a misread literal.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
