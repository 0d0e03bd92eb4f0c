//! The first line of a source, in one buffer that is wiped and never grows, so that no copy of a password is left
//! behind.

use std::io::{self, Read};

use checks::password::{Kind, Password};
use checks::secret::Secret;
use zeroize::Zeroizing;

use crate::misuse::Misuse;

/// A longer line is not a password but a wrong file.
const LONGEST: usize = 4096;

/// A line while it is read.
pub(super) struct FirstLine {
    bytes: Zeroizing<Vec<u8>>,
    filled: usize,
}

impl FirstLine {
    pub(super) fn new() -> Self {
        // One byte more than is allowed shows that the line is too long.
        Self { bytes: Zeroizing::new(vec![0; LONGEST + 1]), filled: 0 }
    }

    /// Reads it from a source without a buffer in between, and no further than needed.
    pub(super) fn of(source: &mut impl Read) -> io::Result<Self> {
        let mut line = Self::new();
        while !line.is_over() {
            match source.read(line.room()) {
                Ok(0) => break,
                Ok(count) => line.filled += count,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(line)
    }

    /// The part of the buffer for the next bytes.
    pub(super) fn room(&mut self) -> &mut [u8] {
        &mut self.bytes[self.filled..]
    }

    /// Accepts this many bytes that were written there.
    pub(super) fn take(&mut self, count: usize) {
        self.filled += count;
    }

    /// Whether reading can stop: the line has ended, or is too long.
    pub(super) fn is_over(&self) -> bool {
        self.is_too_long() || self.end().is_some()
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.filled > LONGEST && self.end().is_none()
    }

    /// The line as a password, or what is wrong with `what`.
    pub(super) fn secret(&self, what: &str) -> Result<Secret, Misuse> {
        let next = "give the app-specific password alone";
        if self.is_too_long() {
            return Err(Misuse::new(format!("{what} is too long for a password"), next));
        }
        let all = &self.bytes[..self.filled];
        let line = &self.bytes[..self.end().unwrap_or(self.filled)];
        text(if is_broken_password(all) { all } else { line })
            .ok_or_else(|| Misuse::new(format!("{what} is not valid text (UTF-8)"), next))
    }

    /// Where the line ends: at the first line break after any visible character. Line breaks before that were copied
    /// along with the password, and are reported.
    fn end(&self) -> Option<usize> {
        let bytes = &self.bytes[..self.filled];
        let begin = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
        bytes[begin..].iter().position(|byte| *byte == b'\n').map(|length| begin + length)
    }
}

/// The bytes without the line break at their end, which comes from the shell or the file.
fn text(bytes: &[u8]) -> Option<Secret> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    std::str::from_utf8(bytes).ok().map(|text| Secret::new(text.to_owned()))
}

/// Whether these lines, which arrived together, are one app-specific password with a line break in it.
fn is_broken_password(bytes: &[u8]) -> bool {
    text(bytes).is_some_and(|lines| Password::new(lines).shape.kind == Kind::AppSpecific)
}

#[cfg(test)]
mod tests {
    use checks::password::Mangling;

    use super::*;

    /// A source that gives a few bytes at a time, and panics when it is read after its end.
    struct Pieces(Vec<&'static [u8]>);

    impl Read for Pieces {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let piece = self.0.remove(0);
            into[..piece.len()].copy_from_slice(piece);
            Ok(piece.len())
        }
    }

    #[test]
    fn a_source_is_read_to_the_end_of_the_line_and_no_further() {
        for (pieces, manglings) in [
            (vec![&b"abcd-efgh-"[..], b"ijkl-mnop\n"], vec![]),
            (vec![b"abcd-efgh-ijkl-mnop\r\nurl: icloud.com\n"], vec![]),
            (vec![b"\n", b"abcd-efgh-ijkl-mnop\n"], vec![Mangling::LineBreak]),
            (vec![b"abcd-efgh-ijkl-mnop", b""], vec![]),
            (vec![b"abcd-efgh-\r\nijkl-mnop \n"], vec![Mangling::OuterBlanks, Mangling::LineBreak]),
        ] {
            let mut source = Pieces(pieces);
            let secret = FirstLine::of(&mut source).unwrap().secret("it").unwrap();
            let password = Password::new(secret);
            assert_eq!(password.shape.kind, Kind::AppSpecific);
            assert_eq!(password.shape.mangled_by, manglings);
            assert!(source.0.is_empty());
        }
    }

    #[test]
    fn what_never_ends_is_read_to_its_limit() {
        let line = FirstLine::of(&mut io::repeat(b'a')).unwrap();
        assert!(line.is_too_long() && line.secret("it").is_err());
        assert!(FirstLine::of(&mut io::repeat(b'\n')).unwrap().is_too_long());
    }
}
