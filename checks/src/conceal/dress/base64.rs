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
    let byte = u8::try_from(character).ok()?;
    VALUES[usize::from(byte)]
}

static VALUES: [Option<u8>; 256] = {
    let mut values = [None; 256];
    let mut value = 0;
    while value < 26 {
        values[(b'A' + value) as usize] = Some(value);
        values[(b'a' + value) as usize] = Some(value + 26);
        value += 1;
    }
    while value < 36 {
        values[(b'0' + value - 26) as usize] = Some(value + 26);
        value += 1;
    }
    (values[b'+' as usize], values[b'-' as usize]) = (Some(62), Some(62));
    (values[b'/' as usize], values[b'_' as usize], values[b',' as usize]) = (Some(63), Some(63), Some(63));
    values
};
