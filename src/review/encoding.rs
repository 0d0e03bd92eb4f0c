//! How the text of a settings file is written in bytes, so that a changed file is written as the old one was.

/// UTF-8 and UTF-16 by their marks, UTF-16 of Windows by its zero bytes too, and single bytes where none fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16LittleEndian,
    Utf16BigEndian,
    /// As Windows programs write it that leave the mark out.
    Utf16WithoutMark,
    /// Latin-1, or one of its relatives: nothing but ASCII is understood in it, and everything is kept.
    SingleByte,
}

const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text, without the mark at its beginning. Whatever the bytes are, `encode` makes the same ones of it again.
pub(super) fn decode(bytes: &[u8]) -> (String, Encoding) {
    let read = match bytes {
        [0xff, 0xfe, rest @ ..] => (wide(rest, u16::from_le_bytes), Encoding::Utf16LittleEndian),
        [0xfe, 0xff, rest @ ..] => (wide(rest, u16::from_be_bytes), Encoding::Utf16BigEndian),
        [0xef, 0xbb, 0xbf, rest @ ..] => (narrow(rest), Encoding::Utf8WithMark),
        _ if is_wide(bytes) => (wide(bytes, u16::from_le_bytes), Encoding::Utf16WithoutMark),
        _ => (narrow(bytes), Encoding::Utf8),
    };
    match read {
        (Some(text), encoding) => (text, encoding),
        (None, _) => (bytes.iter().copied().map(char::from).collect(), Encoding::SingleByte),
    }
}

fn narrow(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

/// Returns whether every second byte of the beginning is zero, as it is of nothing but ASCII in UTF-16.
fn is_wide(bytes: &[u8]) -> bool {
    const LOOKED_AT: usize = 64;
    let (pairs, _) = bytes.as_chunks::<2>();
    pairs.len() > 1 && pairs.iter().take(LOOKED_AT).all(|[low, high]| *low != 0 && *high == 0)
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else { return None };
    char::decode_utf16(pairs.iter().copied().map(unit)).collect::<Result<_, _>>().ok()
}

impl Encoding {
    /// The bytes of a text.
    pub(super) fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8WithMark => [MARK, text.as_bytes()].concat(),
            Self::Utf16LittleEndian => units(text, u16::to_le_bytes),
            Self::Utf16BigEndian => units(text, u16::to_be_bytes),
            Self::Utf16WithoutMark => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            // What is put into such a file is ASCII.
            Self::SingleByte => text.chars().map(|character| u8::try_from(character).unwrap_or(b'?')).collect(),
        }
    }
}

fn units(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_of_windows_is_understood() {
        assert_eq!(decode(b"\xef\xbb\xbfHost x"), ("Host x".to_owned(), Encoding::Utf8WithMark));
        assert_eq!(decode(b"\xff\xfeH\0i\0"), ("Hi".to_owned(), Encoding::Utf16LittleEndian));
        assert_eq!(decode(b"\xfe\xff\0H\0i"), ("Hi".to_owned(), Encoding::Utf16BigEndian));
        assert_eq!(decode(b"H\0i\0"), ("Hi".to_owned(), Encoding::Utf16WithoutMark));
        assert_eq!(decode(b"f\xfcr"), ("f\u{fc}r".to_owned(), Encoding::SingleByte));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_read_is_written_again(mark in prop::sample::select(vec!["", "\u{feff}"]), wide in any::<bool>(), bytes: Vec<u8>, text: String) {
            let (decoded, encoding) = decode(&bytes);
            prop_assert_eq!(encoding.encode(&decoded), bytes);
            let marked = format!("{mark}{text}");
            let written = if wide { units(&marked, u16::to_be_bytes) } else { marked.into_bytes() };
            let (decoded, encoding) = decode(&written);
            prop_assert_eq!(encoding.encode(&decoded), written);
        }
    }
}
