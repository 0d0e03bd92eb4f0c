//! What a message says, apart from what programs change when they keep it: line ends, `>From`, empty lines at its end,
//! and header fields of their own.

use std::hash::{DefaultHasher, Hasher as _};

pub use super::sha256::Sha256;

/// Header fields that programs write into their copies, and no server has: mbsync, Thunderbird, getmail.
const ADDED: [&[u8]; 5] =
    [b"x-tuid", b"x-mozilla-status", b"x-mozilla-status2", b"x-mozilla-keys", b"x-getmail-retrieved-from-mailbox"];

/// Header fields that programs write, and servers too: mbox files, getmail.
const REWRITTEN: [&[u8]; 6] = [b"status", b"x-status", b"x-keywords", b"x-uid", b"return-path", b"delivered-to"];

/// A header field that a program may have written. Such fields count on neither side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnField {
    /// No server has it.
    Added,
    /// The server may have it too.
    Rewritten,
}

/// Whether a program may have written the field that this line begins.
pub fn own_field(line: &[u8]) -> Option<OwnField> {
    let name = line.split(|&byte| byte == b':').next().unwrap_or_default().trim_ascii();
    let is_in = |list: &[&[u8]]| list.iter().any(|own| own.eq_ignore_ascii_case(name));
    match (is_in(&ADDED), is_in(&REWRITTEN)) {
        (true, _) => Some(OwnField::Added),
        (_, true) => Some(OwnField::Rewritten),
        _ => None,
    }
}

/// Whether a line begins with `From` behind any number of `>`; the number. imap-backup puts one before the field From too.
pub fn quoted_from(line: &[u8]) -> Option<usize> {
    let quotes = line.iter().take_while(|&&byte| byte == b'>').count();
    line[quotes..].starts_with(b"From").then_some(quotes)
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    exact: [u8; 32],
    body: [u8; 32],
    /// Its header fields in order, without those of programs.
    fields: Vec<u64>,
    own_fields: usize,
    bare_lines: u64,
    quotes: u64,
}

/// How a copy is like the server's message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Every byte is the same.
    Exact,
    /// It says the same. What is different is what programs change.
    Same(Changes),
    /// It says something else.
    Other,
}

/// What a program changed in its copy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a change by itself")]
pub struct Changes {
    /// The line ends.
    pub line_ends: bool,
    /// `>` before `From `.
    pub quoting: bool,
    /// Header fields that were added, or that programs write.
    pub fields: bool,
    /// Empty lines at the end.
    pub last_lines: bool,
}

impl Digest {
    /// Compares the server's message with a copy.
    pub fn compare(&self, copy: &Self) -> Likeness {
        if self.exact == copy.exact {
            return Likeness::Exact;
        }
        let mut copied = copy.fields.iter();
        let has_fields = self.fields.iter().all(|field| copied.any(|other| other == field));
        if self.body != copy.body || !has_fields {
            return Likeness::Other;
        }
        let line_ends = self.bare_lines != copy.bare_lines;
        let quoting = self.quotes != copy.quotes;
        let fields = self.fields.len() != copy.fields.len() || self.own_fields != copy.own_fields;
        Likeness::Same(Changes { line_ends, quoting, fields, last_lines: !(line_ends || quoting || fields) })
    }
}

/// Longer parts of a line are taken as they come.
const LONGEST_PART: usize = 64 << 10;

/// Makes a digest of bytes that come in pieces.
#[derive(Default)]
pub struct Digester {
    exact: Sha256,
    body: Sha256,
    fields: Vec<u64>,
    field: Option<DefaultHasher>,
    own_fields: usize,
    bare_lines: u64,
    quotes: u64,
    /// The part of a line that has come.
    line: Vec<u8>,
    /// Whether that is not the beginning of its line.
    goes_on: bool,
    is_body: bool,
    /// Line ends that count only if something follows them.
    ends: u64,
}

impl Digester {
    /// Takes more bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.exact.take(bytes);
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            if self.line.is_empty() && part.ends_with(b"\n") {
                self.part(part);
                continue;
            }
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") || self.line.len() > LONGEST_PART {
                let mut line = std::mem::take(&mut self.line);
                // The line's end may be cut in two.
                let held = !line.ends_with(b"\n") && line.ends_with(b"\r") && line.pop().is_some();
                self.part(&line);
                line.clear();
                if held {
                    line.push(b'\r');
                }
                self.line = line;
            }
        }
    }

    /// A line, or a part of a long one.
    fn part(&mut self, part: &[u8]) {
        let (mut text, ends) = match part.strip_suffix(b"\n") {
            Some(text) => (text, true),
            None => (part, false),
        };
        if ends {
            match text.strip_suffix(b"\r") {
                Some(shorter) => text = shorter,
                None => self.bare_lines += 1,
            }
        }
        let begins = !std::mem::replace(&mut self.goes_on, !ends);
        if let Some(quotes) = quoted_from(text).filter(|_| begins) {
            text = &text[quotes..];
            self.quotes += quotes as u64;
        }
        if self.is_body { self.body_part(text, ends) } else { self.header_part(text, begins, ends) }
    }

    fn header_part(&mut self, text: &[u8], begins: bool, ends: bool) {
        if begins && text.is_empty() && ends {
            self.end_field();
            self.is_body = true;
            return;
        }
        if begins && !text.starts_with(b" ") && !text.starts_with(b"\t") {
            self.end_field();
            match own_field(text) {
                Some(_) => self.own_fields += 1,
                None => self.field = Some(DefaultHasher::new()),
            }
        }
        if let Some(field) = &mut self.field {
            field.write(text);
            field.write(if ends { b"\n" } else { b"" });
        }
    }

    fn end_field(&mut self) {
        self.fields.extend(self.field.take().map(|field| field.finish()));
    }

    fn body_part(&mut self, text: &[u8], ends: bool) {
        if !text.is_empty() {
            for _ in 0..std::mem::take(&mut self.ends) {
                self.body.take(b"\n");
            }
            self.body.take(text);
        }
        self.ends += u64::from(ends);
    }

    /// The digest of all that was taken.
    pub fn end(mut self) -> Digest {
        let line = std::mem::take(&mut self.line);
        if !line.is_empty() {
            self.part(&line);
        }
        self.end_field();
        Digest {
            exact: self.exact.sum(),
            body: self.body.sum(),
            fields: self.fields,
            own_fields: self.own_fields,
            bare_lines: self.bare_lines,
            quotes: self.quotes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(text: &str, at_once: usize) -> Digest {
        let mut digester = Digester::default();
        text.as_bytes().chunks(at_once).for_each(|bytes| digester.take(bytes));
        digester.end()
    }

    const MESSAGE: &str = "From: a\r\nSubject: b\r\n c\r\n\r\nHello\r\nFrom here\r\n\r\nend\r\n";

    #[test]
    fn what_programs_change_is_named_and_not_taken_for_another_message() {
        let changes = Changes::default();
        for (copy, expected) in [
            (MESSAGE.to_owned(), Likeness::Exact),
            (MESSAGE.replace("\r\n", "\n"), Likeness::Same(Changes { line_ends: true, ..changes })),
            (MESSAGE.replace("\r\nFrom h", "\r\n>From h"), Likeness::Same(Changes { quoting: true, ..changes })),
            (
                MESSAGE.replace("\r\nFrom", "\r\n>From").replace("Subject", ">From: x\r\nSubject"),
                Likeness::Same(Changes { quoting: true, fields: true, ..changes }),
            ),
            (format!("X-TUID: x\r\n{MESSAGE}"), Likeness::Same(Changes { fields: true, ..changes })),
            (MESSAGE.replace("Subject", "X-New: y\r\nSubject"), Likeness::Same(Changes { fields: true, ..changes })),
            (format!("{MESSAGE}\r\n"), Likeness::Same(Changes { last_lines: true, ..changes })),
            (MESSAGE.replace("Hello", "Hellp"), Likeness::Other),
            (MESSAGE.replace("Hello\r\n", "Hello"), Likeness::Other),
            (MESSAGE.replace("\r\n\r\nend", "\r\nend"), Likeness::Other),
            (MESSAGE.replace("Subject: b", "Subject: d"), Likeness::Other),
            (MESSAGE.replace("From: a\r\n", ""), Likeness::Other),
            (MESSAGE[..40].to_owned(), Likeness::Other),
            (String::new(), Likeness::Other),
            ("\0".repeat(MESSAGE.len()), Likeness::Other),
        ] {
            assert_eq!(digest(MESSAGE, 99).compare(&digest(&copy, 99)), expected, "{copy}");
        }
    }

    #[test]
    fn it_does_not_matter_how_the_bytes_are_cut() {
        let long = format!("{MESSAGE}{}\r\n{}", "x".repeat(LONGEST_PART - 1), "y".repeat(3 * LONGEST_PART));
        for text in [MESSAGE, &MESSAGE.replace("\r\n", "\n"), &long] {
            for at_once in [1, 2, 5, 1 << 20] {
                assert_eq!(digest(text, at_once), digest(text, 7), "{at_once}");
            }
        }
    }
}
