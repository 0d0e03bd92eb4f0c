//! Pairs of hexadecimal digits, with spaces, colons, `0x` or `\x` between them or grouped as `xxd` does.

/// One way to read a text as hexadecimal: by which digit a pair begins with.
pub(super) struct Hexadecimal {
    skips_first: bool,
    skip: bool,
    half: Option<(u8, usize)>,
    /// Whether a byte was handed on since other characters came.
    has_told: bool,
}

/// What a character makes of what came before it.
pub(super) enum Heard {
    /// Nothing yet.
    More,
    /// A byte, and the line that it began in.
    Byte(u8, usize),
    /// These are not hexadecimal digits, as the ones before them were.
    Other,
}

impl Hexadecimal {
    /// The value of a character as a digit.
    pub(super) fn digit(character: char) -> Option<u8> {
        character.to_digit(16).and_then(|digit| u8::try_from(digit).ok())
    }

    /// Either way.
    pub(super) fn all() -> [Self; 2] {
        [false, true].map(|skips_first| Self { skips_first, skip: skips_first, half: None, has_told: false })
    }

    /// The next character, in a line, with its value as a digit.
    pub(super) fn push(&mut self, character: char, digit: Option<u8>, line: usize) -> Heard {
        match digit {
            Some(_) if self.skip => {
                self.skip = false;
                Heard::More
            }
            Some(digit) => match self.half.take() {
                Some((high, began)) => {
                    self.has_told = true;
                    Heard::Byte(high << 4 | digit, began)
                }
                None => {
                    self.half = Some((digit, line));
                    Heard::More
                }
            },
            None if matches!(character, 'x' | 'X') => {
                (self.half, self.skip) = (None, self.skips_first);
                Heard::More
            }
            None if character.is_alphanumeric() => {
                (self.half, self.skip) = (None, self.skips_first);
                if std::mem::take(&mut self.has_told) { Heard::Other } else { Heard::More }
            }
            None => Heard::More,
        }
    }
}
