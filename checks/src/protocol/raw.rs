//! One line as it came: its bytes without the end, and what is odd about them.

/// A line, or a whole frame of lines, without its end.
pub(super) struct Raw<'a> {
    pub(super) bytes: &'a [u8],
    /// It ended in LF alone, where both protocols ask for CR LF.
    pub(super) has_bare_line_feed: bool,
    has_extra_returns: bool,
}

impl<'a> Raw<'a> {
    /// Takes off the end, however many CR it has: a server that doubles them still means one end.
    pub(super) fn new(line: &'a [u8]) -> Self {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let ended = line.strip_suffix(b"\r");
        let mut bytes = ended.unwrap_or(line);
        let length = bytes.len();
        while let Some(shorter) = bytes.strip_suffix(b"\r") {
            bytes = shorter;
        }
        Self { bytes, has_bare_line_feed: ended.is_none(), has_extra_returns: bytes.len() != length }
    }

    /// The line as text, with what is not UTF-8 replaced.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.bytes).into_owned()
    }

    pub(super) fn is_utf8(&self) -> bool {
        std::str::from_utf8(self.bytes).is_ok()
    }

    /// A control character other than a tab stands in the first line; the lines after it are what literals hold.
    pub(super) fn has_control_character(&self) -> bool {
        let first = match self.bytes.iter().position(|&byte| byte == b'\n') {
            Some(end) => Raw::new(&self.bytes[..=end]),
            None => Raw { bytes: self.bytes, has_bare_line_feed: false, has_extra_returns: self.has_extra_returns },
        };
        first.has_extra_returns || first.text().chars().any(|character| character.is_control() && character != '\t')
    }
}
