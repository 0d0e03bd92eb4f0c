//! How the text of a settings file is written in bytes, so that a changed file is written as the old one was.

use crate::decode::{self, MARK};

/// Like any text from outside, or as single bytes where that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Text {
        written: decode::Encoding,
        has_mark: bool,
    },
    /// Latin-1 or a similar encoding: only ASCII is understood, and all bytes are kept.
    SingleByte,
}

/// Returns the text without its byte order mark. `encode` returns the same bytes for it, whatever they are.
pub(super) fn decode(bytes: &[u8]) -> (String, Encoding) {
    let written = decode::Encoding::of(bytes);
    let Some(text) = written.strict(bytes) else {
        return (bytes.iter().copied().map(char::from).collect(), Encoding::SingleByte);
    };
    match text.strip_prefix(MARK) {
        Some(rest) => (rest.to_owned(), Encoding::Text { written, has_mark: true }),
        None => (text, Encoding::Text { written, has_mark: false }),
    }
}

impl Encoding {
    /// The bytes of a text.
    pub(super) fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Text { written, has_mark: true } => written.encode(&format!("{MARK}{text}")),
            Self::Text { written, has_mark: false } => written.encode(text),
            // Only ASCII is inserted into such a file.
            Self::SingleByte => text.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decode::Encoding::{Utf8, Utf16BigEndian, Utf16LittleEndian};

    #[test]
    fn a_file_of_windows_is_understood() {
        let read = |bytes: &[u8], text: &str, written, has_mark| {
            assert_eq!(decode(bytes), (text.to_owned(), Encoding::Text { written, has_mark }));
        };
        read(b"\xef\xbb\xbfHost x", "Host x", Utf8, true);
        read(b"\xff\xfeH\0i\0", "Hi", Utf16LittleEndian, true);
        read(b"\xfe\xff\0H\0i", "Hi", Utf16BigEndian, true);
        read(b"H\0i\0", "Hi", Utf16LittleEndian, false);
        read(b"\0H\0i", "Hi", Utf16BigEndian, false);
        // A letter of another alphabet does not change the encoding.
        read(b"#\0 \0\x16\x04H\0i\0", "# ЖHi", Utf16LittleEndian, false);
        assert_eq!(decode(b"f\xfcr"), ("f\u{fc}r".to_owned(), Encoding::SingleByte));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_read_is_written_again(mark in prop::sample::select(vec!["", "\u{feff}"]), wide in any::<bool>(), bytes: Vec<u8>, text: String) {
            let (decoded, encoding) = decode(&bytes);
            prop_assert_eq!(encoding.encode(&decoded), bytes);
            let marked = format!("{mark}{text}");
            let written = if wide { Utf16BigEndian } else { Utf8 }.encode(&marked);
            let (decoded, encoding) = decode(&written);
            prop_assert_eq!(encoding.encode(&decoded), written);
        }
    }
}
