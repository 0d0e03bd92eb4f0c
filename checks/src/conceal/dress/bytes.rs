//! Decoded bytes as text: UTF-8, or Latin-1 where escapes mean that. The normal form drops the zero bytes of UTF-16.

/// Bytes that are not a whole character yet.
#[derive(Default)]
pub(super) struct Bytes {
    /// Whether bytes that are not UTF-8 are Latin-1; otherwise they are dropped.
    may_be_latin1: bool,
    held: [u8; 4],
    length: usize,
    wanted: usize,
    began: usize,
}

impl Bytes {
    /// Bytes that are not UTF-8 are Latin-1.
    pub(super) fn or_latin1() -> Self {
        Self { may_be_latin1: true, ..Self::default() }
    }

    /// Whether no character was begun.
    pub(super) fn is_whole(&self) -> bool {
        self.length == 0
    }

    /// The next byte, with the line that it began in; hands on the characters that are whole with theirs.
    pub(super) fn push(&mut self, byte: u8, line: usize, mut tell: impl FnMut(char, usize)) {
        let is_continuation = byte & 0xc0 == 0x80;
        if self.length > 0 && !is_continuation {
            self.give_up(&mut tell);
        }
        if self.length == 0 {
            self.wanted = match byte {
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                0x80.. if !self.may_be_latin1 => return,
                _ => return tell(char::from(byte), line),
            };
            self.began = line;
        }
        self.held[self.length] = byte;
        self.length += 1;
        if self.length == self.wanted {
            match std::str::from_utf8(&self.held[..self.length]) {
                Ok(text) => text.chars().for_each(|character| tell(character, self.began)),
                Err(_) => return self.give_up(&mut tell),
            }
            self.length = 0;
        }
    }

    fn give_up(&mut self, tell: &mut impl FnMut(char, usize)) {
        if self.may_be_latin1 {
            self.held[..self.length].iter().for_each(|byte| tell(char::from(*byte), self.began));
        }
        self.length = 0;
    }
}
