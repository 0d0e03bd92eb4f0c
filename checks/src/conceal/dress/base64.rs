//! Base64 (RFC 4648) of either alphabet that begins anywhere, with anything between its characters.

/// In how many ways a text can be read: a group of four may begin at each of four characters.
pub(super) const WAYS: usize = 4;

/// A text that is read in every way at once.
#[derive(Default)]
pub(super) struct Base64 {
    /// The last two digits.
    bits: u16,
    /// The line of the last one.
    line: usize,
    count: usize,
}

impl Base64 {
    /// Another piece begins, after the padding of one.
    pub(super) fn begin(&mut self) {
        self.count = 0;
    }

    /// The next digit, in a line; hands on the byte that it completes in each way, and the line that this byte began in.
    pub(super) fn push(&mut self, digit: u8, line: usize, mut tell: impl FnMut(usize, u8, usize)) {
        let began = std::mem::replace(&mut self.line, line);
        self.bits = self.bits << 6 | u16::from(digit);
        for way in 0..WAYS.min(self.count) {
            let byte = match (self.count - way) % 4 {
                1 => self.bits >> 4,
                2 => self.bits >> 2,
                3 => self.bits,
                // The first of a group has too few bits.
                _ => continue,
            };
            let [_, byte] = byte.to_be_bytes();
            tell(way, byte, began);
        }
        self.count += 1;
    }
}

/// Returns the value of a character in either alphabet.
pub(super) fn value(character: char) -> Option<u8> {
    // A table, because nearly every character of a text is looked up, and most of what is decoded again.
    static VALUES: [Option<u8>; 128] = {
        let mut values = [None; 128];
        let mut byte = 0;
        while byte < 128 {
            values[byte as usize] = value_of(byte);
            byte += 1;
        }
        values
    };
    VALUES.get(character as usize).copied().flatten()
}

const fn value_of(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' | b',' => Some(63),
        _ => None,
    }
}
