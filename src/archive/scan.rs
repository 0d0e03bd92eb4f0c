//! Reads one message of a copy: its Message-ID, and the size that it has on the server before a program changed it.

use std::io::{self, BufRead, Read as _};

use checks::archive::digest::{OwnField, own_field, quoted_from};
use checks::archive::{Local, key};

/// The longest part of a line that is held, in bytes.
const LONGEST_PART: u64 = 64 << 10;

/// Passes on the lines of a file, long ones in parts: the bytes, whether they begin a line, and how many were read.
pub(super) fn lines(mut from: impl BufRead, mut each: impl FnMut(&[u8], bool)) -> io::Result<()> {
    let (mut part, mut begins) = (Vec::new(), true);
    loop {
        part.clear();
        if from.by_ref().take(LONGEST_PART).read_until(b'\n', &mut part)? == 0 {
            return Ok(());
        }
        each(&part, begins);
        begins = part.ends_with(b"\n");
    }
}

/// What is known of a message.
#[derive(Default)]
pub(super) struct Scan {
    id: Option<Vec<u8>>,
    /// With line ends of two bytes.
    size: u64,
    added: u64,
    rewritten: u64,
    quotes: u64,
    empty_lines: u64,
    has_nul: bool,
    is_body: bool,
    own: Option<OwnField>,
    is_in_id: bool,
}

impl Scan {
    /// Takes a line, or a part of a long one.
    pub(super) fn take(&mut self, part: &[u8], begins: bool) {
        let (text, ends) = match part.strip_suffix(b"\n") {
            Some(text) => (text.strip_suffix(b"\r").unwrap_or(text), true),
            None => (part, false),
        };
        let length = text.len() as u64 + if ends { 2 } else { 0 };
        self.size += length;
        self.has_nul |= text.contains(&0);
        if begins && text.is_empty() {
            self.empty_lines += 1;
        } else {
            self.empty_lines = 0;
        }
        self.quotes += u64::from(begins && quoted_from(text).is_some_and(|quotes| quotes > 0));
        if self.is_body {
            return;
        }
        if begins && text.is_empty() {
            self.is_body = true;
            return;
        }
        let continues = !begins || text.starts_with(b" ") || text.starts_with(b"\t");
        if !continues {
            self.own = own_field(text);
            let name = text.split(|&byte| byte == b':').next().unwrap_or_default();
            self.is_in_id = self.id.is_none() && name.trim_ascii().eq_ignore_ascii_case(b"message-id");
        }
        match self.own {
            Some(OwnField::Added) => self.added += length,
            Some(OwnField::Rewritten) => self.rewritten += length,
            None => {}
        }
        if self.is_in_id {
            let value = if continues { text } else { text.splitn(2, |&byte| byte == b':').nth(1).unwrap_or_default() };
            if let Some(word) = value.split(u8::is_ascii_whitespace).find(|word| !word.is_empty()) {
                self.id = Some(word.to_owned());
                self.is_in_id = false;
            }
        }
    }

    /// The message, in this folder. An mbox file has an empty line behind each message, and a line end before it.
    pub(super) fn end(&self, folder: u32, is_in_mbox: bool) -> Local {
        let small = |size: u64| u32::try_from(size).unwrap_or(u32::MAX);
        let at_end = if is_in_mbox { 2 * (self.empty_lines + 1) } else { 0 };
        Local {
            folder,
            key: key(self.id.as_deref().unwrap_or_default()),
            sizes: [self.size, self.size - self.added, self.size - self.added - self.rewritten].map(small),
            slack: small(self.quotes + at_end),
            is_odd: self.has_nul || self.size == 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(text: &str, is_in_mbox: bool) -> Local {
        let mut scan = Scan::default();
        lines(text.as_bytes(), |part, begins| scan.take(part, begins)).unwrap();
        scan.end(0, is_in_mbox)
    }

    const MESSAGE: &str = "Subject: a\r\nMessage-ID:\r\n <x@y>\r\n\r\nHello\r\n";

    #[test]
    fn the_size_is_that_on_the_server() {
        let size = u32::try_from(MESSAGE.len()).unwrap();
        let id = key(b"<x@y>");
        for (text, sizes, slack) in [
            (MESSAGE.to_owned(), [size; 3], 0),
            (MESSAGE.replace("\r\n", "\n"), [size; 3], 0),
            (format!("X-TUID: abc\n{}", MESSAGE.replace("\r\n", "\n")), [size + 13, size, size], 0),
            (format!("Status: RO\r\n{MESSAGE}"), [size + 12, size + 12, size], 0),
            (format!("{MESSAGE}>From x\r\n"), [size + 9; 3], 1),
        ] {
            let local = scanned(&text, false);
            assert_eq!((local.sizes, local.slack, local.key), (sizes, slack, id), "{text}");
        }
        assert_eq!(scanned(&format!("{MESSAGE}\n"), true).slack, 4);
        assert!(
            scanned("", false).is_odd && scanned("Subject: a\n\n\0", false).is_odd && !scanned(MESSAGE, false).is_odd
        );
        assert_eq!(scanned("Subject: a\n\nMessage-ID: <no>\n", false).key, 0);
    }
}
