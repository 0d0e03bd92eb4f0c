//! Base64 (RFC 4648) of either alphabet that begins anywhere, with anything between its characters.

/// One way to read a text as base64: by where it begins.
pub(super) struct Base64 {
    /// How many characters come before the first group.
    begins_at: u8,
    skip: u8,
    bits: u32,
    have: u8,
    began: usize,
}

impl Base64 {
    /// Every way: a group of four may begin at each of four characters.
    pub(super) fn all() -> [Self; 4] {
        [0, 1, 2, 3].map(|skip| Self { begins_at: skip, skip, bits: 0, have: 0, began: 0 })
    }

    /// Another piece begins, after the padding of one.
    pub(super) fn begin(&mut self) {
        (self.skip, self.bits, self.have) = (self.begins_at, 0, 0);
    }

    /// The next digit, in a line; the byte that it completes, and the line that this byte began in.
    pub(super) fn push(&mut self, digit: u8, line: usize) -> Option<(u8, usize)> {
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        let began = if self.have == 0 { line } else { self.began };
        self.bits = (self.bits << 6 | u32::from(digit)) & 0x3fff;
        self.have += 6;
        if self.have < 8 {
            self.began = began;
            return None;
        }
        self.have -= 8;
        self.began = line;
        u8::try_from(self.bits >> self.have & 0xff).ok().map(|byte| (byte, began))
    }
}

/// Returns the value of a character in either alphabet.
pub(super) fn value(character: char) -> Option<u8> {
    let byte = u8::try_from(character).ok()?;
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' | b',' => Some(63),
        _ => None,
    }
}
