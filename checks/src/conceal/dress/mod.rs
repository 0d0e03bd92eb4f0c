//! The encodings that a secret can come back in, each decoded in one pass over the text.

mod base64;
mod bytes;
mod escapes;
mod hexadecimal;
mod utf7;
mod wide;

use base64::{Base64, WAYS};
use bytes::Bytes;
use escapes::Piece;
use hexadecimal::{Heard, Hexadecimal};
use wide::Wide;

use super::sought::{Found, Search, Sought};

/// A search in bytes that were decoded.
struct Decoded<'s> {
    bytes: Bytes,
    search: Search<'s>,
    /// The same bytes in other character sets, where the secret has letters that look different there.
    beyond_ascii: Option<Box<BeyondAscii<'s>>>,
}

/// A search in decoded bytes that are in another character set than UTF-8.
struct BeyondAscii<'s> {
    latin1: (Bytes, Search<'s>),
    wide: [(Wide, Search<'s>); 4],
}

impl<'s> BeyondAscii<'s> {
    fn of(sought: &'s Sought) -> Self {
        Self {
            latin1: (Bytes::or_latin1(), Search::of(sought)),
            wide: Wide::all().map(|way| (way, Search::of(sought))),
        }
    }
}

impl<'s> Decoded<'s> {
    fn of(sought: &'s Sought) -> Self {
        Self {
            bytes: Bytes::default(),
            search: Search::of(sought),
            beyond_ascii: sought.is_beyond_ascii.then(|| Box::new(BeyondAscii::of(sought))),
        }
    }

    fn hear(&mut self, byte: u8, from: usize, to: usize, found: &mut Found) {
        // Most bytes belong to no longer character.
        if byte.is_ascii() && self.bytes.is_whole() && self.beyond_ascii.is_none() {
            return self.search.hear(char::from(byte), from, to, found);
        }
        self.bytes.push(byte, from, |character, began| self.search.hear(character, began, to, found));
        let Some(beyond_ascii) = &mut self.beyond_ascii else { return };
        let (bytes, search) = &mut beyond_ascii.latin1;
        bytes.push(byte, from, |character, began| search.hear(character, began, to, found));
        for (way, search) in &mut beyond_ascii.wide {
            if let Some((character, began)) = way.push(byte, from) {
                search.hear(character, began, to, found);
            }
        }
    }

    fn searches(&mut self) -> impl Iterator<Item = &mut Search<'s>> {
        let beyond_ascii = self.beyond_ascii.iter_mut().flat_map(|beyond_ascii| {
            let BeyondAscii { latin1: (_, search), wide } = &mut **beyond_ascii;
            std::iter::once(search).chain(wide.iter_mut().map(|(_, search)| search))
        });
        std::iter::once(&mut self.search).chain(beyond_ascii)
    }

    fn word_ends(&mut self, at: usize, found: &mut Found) {
        self.searches().for_each(|search| search.word_ends(at, found));
    }
}

/// What one way of reading base64 gives, and what every way gives of that as base64 again.
struct Way<'s> {
    once: Decoded<'s>,
    again: Base64,
    twice: [Decoded<'s>; WAYS],
}

/// A conversation that is searched in all encodings, line by line.
pub(super) struct Dresses<'s> {
    sought: &'s Sought,
    has_escapes: bool,
    plain: Search<'s>,
    escaped: Decoded<'s>,
    shifted: Search<'s>,
    hexadecimal: [(Hexadecimal, Decoded<'s>); 2],
    base64: Base64,
    each_way: [Way<'s>; WAYS],
}

impl<'s> Dresses<'s> {
    /// Of these lines.
    pub(super) fn of(sought: &'s Sought, lines: &[impl AsRef<str>]) -> Self {
        Self {
            sought,
            // Without any, they are the plain text once more.
            has_escapes: sought.in_plain && lines.iter().any(|line| escapes::may_be_in(line.as_ref())),
            plain: Search::of(sought),
            escaped: Decoded { bytes: Bytes::or_latin1(), ..Decoded::of(sought) },
            shifted: Search::of(sought),
            hexadecimal: Hexadecimal::all().map(|way| (way, Decoded::of(sought))),
            base64: Base64::default(),
            each_way: std::array::from_fn(|_| Way {
                once: Decoded::of(sought),
                again: Base64::default(),
                twice: std::array::from_fn(|_| Decoded::of(sought)),
            }),
        }
    }

    /// The next line, by its number.
    pub(super) fn hear(&mut self, line: &str, at: usize, found: &mut Found) {
        if self.sought.in_plain {
            line.chars().for_each(|character| self.plain.hear(character, at, at, found));
            self.plain.word_ends(at, found);
            if self.has_escapes {
                escapes::each(line, |piece| match piece {
                    Piece::Byte(byte) => self.escaped.hear(byte, at, at, found),
                    Piece::Char(character) => self.escaped.search.hear(character, at, at, found),
                });
                self.escaped.word_ends(at, found);
            }
            utf7::each(line, |character| self.shifted.hear(character, at, at, found));
            self.shifted.word_ends(at, found);
        }
        for character in line.chars() {
            self.encoded(character, at, found);
        }
        if !self.sought.is_word {
            return;
        }
        let ends = self.each_way.iter_mut().flat_map(|way| std::iter::once(&mut way.once).chain(&mut way.twice));
        ends.chain(self.hexadecimal.iter_mut().map(|(_, decoded)| decoded))
            .for_each(|decoded| decoded.word_ends(at, found));
    }

    fn encoded(&mut self, character: char, at: usize, found: &mut Found) {
        let digit = Hexadecimal::digit(character);
        for (way, decoded) in &mut self.hexadecimal {
            match way.push(character, digit, at) {
                Heard::Byte(byte, from) => decoded.hear(byte, from, at, found),
                Heard::Other => decoded.searches().for_each(Search::forget),
                Heard::More => {}
            }
        }
        let Some(digit) = base64::value(character) else {
            if character == '=' {
                self.base64.begin();
            }
            return;
        };
        self.base64.push(digit, at, |way, byte, from| {
            let Way { once, again, twice } = &mut self.each_way[way];
            once.hear(byte, from, at, found);
            match base64::value(char::from(byte)) {
                Some(digit) => again.push(digit, from, |way, byte, from| twice[way].hear(byte, from, at, found)),
                None if byte == b'=' => again.begin(),
                None => {}
            }
        });
    }
}
