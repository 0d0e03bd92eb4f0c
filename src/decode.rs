//! Decodes text from outside: UTF-8, or the UTF-16 that Windows writes (PowerShell's `>`, Notepad's "Unicode"), each
//! with or without a byte order mark.

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,
}

/// How many bytes are enough to see whether a text without a byte order mark is UTF-16.
const SAMPLE: usize = 1024;

impl Encoding {
    /// Returns the encoding of a text that begins like this.
    pub(crate) fn of(beginning: &[u8]) -> Self {
        match beginning {
            [0xff, 0xfe, ..] => Self::Utf16LittleEndian,
            [0xfe, 0xff, ..] => Self::Utf16BigEndian,
            _ => Self::without_mark(&beginning[..beginning.len().min(SAMPLE)]),
        }
    }

    /// In most languages most characters, and everywhere spaces and line breaks, have a zero as their higher byte.
    fn without_mark(sample: &[u8]) -> Self {
        let (pairs, _) = sample.as_chunks::<2>();
        let is_mostly = |is: fn(&[u8; 2]) -> bool| {
            let count = pairs.iter().filter(|pair| is(pair)).count();
            count > 0 && count * 3 >= pairs.len() * 2
        };
        match () {
            () if is_mostly(|pair| pair[0] != 0 && pair[1] == 0) => Self::Utf16LittleEndian,
            () if is_mostly(|pair| pair[0] == 0 && pair[1] != 0) => Self::Utf16BigEndian,
            () => Self::Utf8,
        }
    }

    /// Returns the text; invalid bytes become replacement characters.
    pub(crate) fn lossy(self, bytes: &[u8]) -> String {
        let text = match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Utf16LittleEndian => String::from_utf16_lossy(&units(bytes, u16::from_le_bytes)),
            Self::Utf16BigEndian => String::from_utf16_lossy(&units(bytes, u16::from_be_bytes)),
        };
        without_mark(text)
    }

    /// Returns the text with its byte order mark, or `None` where a byte is invalid. `encode` returns the same bytes.
    pub(crate) fn strict(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
            _ if bytes.len() % 2 == 1 => None,
            Self::Utf16LittleEndian => String::from_utf16(&units(bytes, u16::from_le_bytes)).ok(),
            Self::Utf16BigEndian => String::from_utf16(&units(bytes, u16::from_be_bytes)).ok(),
        }
    }

    /// The bytes of a text.
    pub(crate) fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16LittleEndian => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16BigEndian => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        }
    }
}

fn units(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u16> {
    bytes.as_chunks::<2>().0.iter().copied().map(unit).collect()
}

/// The byte order mark, which a text may begin with and which is not part of it.
pub(crate) const MARK: char = '\u{feff}';

fn without_mark(text: String) -> String {
    match text.strip_prefix(MARK) {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// Returns the text, or `None` where a byte is invalid.
pub(crate) fn text(bytes: &[u8]) -> Option<String> {
    Encoding::of(bytes).strict(bytes).map(without_mark)
}

/// Returns the text; invalid bytes become replacement characters.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    Encoding::of(bytes).lossy(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn the_text_of_windows_is_text() {
        for said in ["time", "Zeitüberschreitung\r\n", "{\"schema_version\": 1}", "Zeit: 3 s\tÄÖÜ"] {
            let marked = format!("\u{feff}{said}");
            assert_eq!(text(marked.as_bytes()).as_deref(), Some(said));
            for written in [said, &marked] {
                assert_eq!(text(&wide(written, u16::to_le_bytes)).as_deref(), Some(said), "{written:?}");
                assert_eq!(text(&wide(written, u16::to_be_bytes)).as_deref(), Some(said), "{written:?}");
            }
        }
        assert_eq!(text(&wide("\u{feff}連線逾時", u16::to_le_bytes)).as_deref(), Some("連線逾時"));
    }

    #[test]
    fn what_is_not_text_is_said_to_be_none() {
        assert_eq!(text(b"f\xfcr"), None);
        assert_eq!(text(b"\xff\xfe\x00"), None);
        assert_eq!(text(b"\xff\xfe\x00\xd8a\0"), None);
        assert_eq!(lossy(b"\xff\xfe\x00"), "");
        assert_eq!(lossy(b"f\xfcr"), "f\u{fffd}r");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_bytes_become_a_text(bytes: Vec<u8>) {
            let _ = (text(&bytes), lossy(&bytes));
        }

        #[test]
        fn a_text_without_zeros_is_itself(said in "[^\u{0}\u{feff}][^\u{0}]*") {
            prop_assert_eq!(text(said.as_bytes()), Some(said));
        }
    }
}
