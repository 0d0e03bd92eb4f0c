//! Decoded bytes as UTF-16, whose high bytes are no zeros in most alphabets.

/// One way of reading bytes as UTF-16.
#[derive(Clone, Copy)]
pub(super) struct Wide {
    is_big_endian: bool,
    /// The first byte of a unit, and the line that it began in.
    first: Option<(u8, usize)>,
    /// Whether the next byte is left out: a text may begin in the middle of what is decoded.
    skips: bool,
}

impl Wide {
    /// From either byte, and with either half first.
    pub(super) fn all() -> [Self; 4] {
        [(true, false), (true, true), (false, false), (false, true)].map(|(is_big_endian, skips)| Self {
            is_big_endian,
            first: None,
            skips,
        })
    }

    /// The next byte; returns the character that is whole with it, and the line that it began in.
    pub(super) fn push(&mut self, byte: u8, line: usize) -> Option<(char, usize)> {
        if std::mem::take(&mut self.skips) {
            return None;
        }
        let Some((first, began)) = self.first.take() else {
            self.first = Some((byte, line));
            return None;
        };
        let pair = [first, byte];
        let unit = if self.is_big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
        // Halves of a pair of surrogates are letters of no alphabet that passwords are written in.
        char::from_u32(u32::from(unit)).map(|character| (character, began))
    }
}
