//! The words of a muttrc: quoted or not, with commands in backticks, and over lines that end with a backslash.

use crate::review::lines::Word;

/// A word, and how it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'t> {
    /// Without the quotes, where they are around all of it.
    pub(super) word: Word<'t>,
    /// The quotes to put around a new value; `None` if the word is already quoted.
    pub(super) quotes: Option<&'static str>,
}

/// Reads a text word by word.
pub(super) struct Scanner<'t> {
    text: &'t str,
    /// Where the text begins in the file.
    offset: usize,
    at: usize,
    /// The text is within double quotes, so quotes in it have a backslash before them.
    is_quoted: bool,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, offset: 0, at: 0, is_quoted: false }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    /// Skips spaces and escaped line breaks.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
            let broken = ["\\\n", "\\\r\n"].iter().find(|end| rest.starts_with(**end)).map_or(0, |end| end.len());
            if blanks + broken == 0 {
                return;
            }
            self.at += blanks + broken;
        }
    }

    /// The next word of this command; a name also ends at `=`.
    pub(super) fn word(&mut self, is_name: bool) -> Option<Found<'t>> {
        self.skip_blanks();
        let rest = self.rest();
        let (length, is_whole) = measured(rest, is_name, self.is_quoted);
        if length == 0 {
            return None;
        }
        let word = Word { text: rest.get(..length).unwrap_or_default(), start: self.offset + self.at };
        self.at += length;
        let quotes = if self.is_quoted { "'" } else { "\"" };
        let inner = ["\\\"", "\"", "'"].iter().find_map(|mark| word.within(mark)).filter(|_| is_whole);
        Some(inner.map_or(Found { word, quotes: Some(quotes) }, |word| Found { word, quotes: None }))
    }

    /// Skips `=`, `+=` or `-=`, and returns whether there was one.
    pub(super) fn assigns(&mut self) -> bool {
        self.skip_blanks();
        let sign = ["=", "+=", "-="].iter().find(|sign| self.rest().starts_with(**sign));
        self.at += sign.map_or(0, |sign| sign.len());
        sign.is_some()
    }

    /// Moves to the next command.
    pub(super) fn next_command(&mut self) {
        while self.word(false).is_some() {}
        let rest = self.rest();
        self.at += match rest.chars().next() {
            Some('#') => rest.find('\n').unwrap_or(rest.len()),
            Some(letter) => letter.len_utf8(),
            None => 0,
        };
    }

    /// The commands of a hook: the quoted part, or the rest of this command.
    pub(super) fn commands(&mut self) -> Self {
        self.skip_blanks();
        let is_quoted = self.rest().starts_with('"');
        let start = self.at;
        let Some(first) = self.word(false) else { return Self { text: "", offset: 0, at: 0, is_quoted } };
        if first.quotes.is_none() {
            return Self { text: first.word.text, offset: first.word.start, at: 0, is_quoted };
        }
        while self.word(false).is_some() {}
        let text = self.text.get(start..self.at).unwrap_or_default();
        Self { text, offset: self.offset + start, at: 0, is_quoted: false }
    }
}

/// The length of the word at the beginning, and whether quotes are around all of it.
fn measured(text: &str, is_name: bool, is_quoted: bool) -> (usize, bool) {
    let bytes = text.as_bytes();
    let has = |at: usize, mark: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(mark));
    let mut quote: Option<&[u8]> = None;
    let (mut at, mut is_whole) = (0, false);
    while let Some(byte) = bytes.get(at).filter(|byte| **byte != b'\n') {
        let opened = [b"\\\"".as_slice(), b"\"", b"'"].into_iter().find(|mark| has(at, mark));
        match (quote, byte) {
            (Some(mark), _) if has(at, mark) => {
                quote = None;
                at += mark.len();
                is_whole &= matches!(bytes.get(at), None | Some(b' ' | b'\t' | b'\r' | b'\n' | b';' | b'#'));
                continue;
            }
            (None, b' ' | b'\t' | b'\r' | b';' | b'#') => break,
            (None, b'=') if is_name => break,
            (None, b'+' | b'-') if is_name && at > 0 && has(at + 1, b"=") => break,
            (None, _) if opened.is_some_and(|mark| mark.len() == 1 || is_quoted) => {
                quote = opened;
                is_whole |= at == 0;
                at += opened.map_or(1, <[u8]>::len);
                continue;
            }
            (None, b'`') => at += enclosed(bytes, at),
            (Some(mark), b'`') if mark != b"'" => at += enclosed(bytes, at),
            // The character after a backslash has no special meaning.
            (None, b'\\') => at += if has(at, b"\\\r\n") { 2 } else { 1 },
            (Some(mark), b'\\') if mark != b"'" => at += 1,
            // Lines are joined before quotes are read.
            (Some(_), b'\\') if has(at, b"\\\n") => at += 1,
            (Some(_), b'\\') if has(at, b"\\\r\n") => at += 2,
            _ => {}
        }
        at += 1;
    }
    (at.min(bytes.len()), is_whole && quote.is_none())
}

/// The distance from a backtick to the next one on the line.
fn enclosed(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at + 1..).unwrap_or_default().iter();
    let end = rest.enumerate().find(|(_, byte)| matches!(byte, b'`' | b'\n'));
    end.filter(|(_, byte)| **byte == b'`').map_or(0, |(length, _)| length + 1)
}
