//! What a pattern cannot do without, so that only patterns that may be in a text are compiled.

/// Words, with blanks between them, of which at least one is in every text that has the pattern; none are known if any
/// text may have it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Required(&'static str);

impl Required {
    /// Those that the build read from a pattern.
    pub(super) fn of(words: &'static str) -> Self {
        Self(words)
    }

    /// Whether a text may have the pattern.
    pub(super) fn may_be_in(&self, text: &Threes) -> bool {
        self.0.is_empty() || self.0.split(' ').any(|word| text.may_have(word.as_bytes()))
    }
}

/// Every three letters that follow each other in a text, in so little room that a few others may seem to be there too.
pub(super) struct Threes(Vec<u64>);

/// The number of different marks; as many as 16 bits can number.
const MARKS: usize = 1 << 16;

impl Threes {
    pub(super) fn of(text: &str) -> Self {
        let mut marks = vec![0; MARKS / 64];
        for three in text.as_bytes().windows(3) {
            let mark = mark(three);
            marks[mark / 64] |= 1 << (mark % 64);
        }
        Self(marks)
    }

    /// Whether a word may be in the text. Of a word with fewer than three letters this is not known.
    fn may_have(&self, word: &[u8]) -> bool {
        word.windows(3).map(mark).all(|mark| self.0[mark / 64] & 1 << (mark % 64) != 0)
    }
}

fn mark(three: &[u8]) -> usize {
    three.iter().fold(0, |sum, letter| sum * 61 + usize::from(letter.to_ascii_lowercase())) % MARKS
}

#[cfg(test)]
mod tests {
    use super::super::literals;
    use super::*;

    fn may_be(pattern: &str, text: &str) -> bool {
        Required::of(literals::of(pattern).join(" ").leak()).may_be_in(&Threes::of(text))
    }

    #[test]
    fn a_pattern_may_be_where_its_words_are() {
        for (pattern, text) in [
            (r"login\s+failed", "LOGIN Failed"),
            (r"(?:refused|denied) by \w+", "it was DENIED by them"),
            (r"(?:no|not) here", "who is NOT here"),
            (r"(?:certificate)?", ""),
            (r"(?:timed?[ -]?out){2}", "timedouttimeout"),
            (r"\d{3}", "535"),
            (r"gr(?:ü|ö)n", "grün"),
        ] {
            assert!(may_be(pattern, text), "{pattern} in {text}");
        }
    }

    #[test]
    fn and_not_where_none_of_them_is() {
        for (pattern, text) in [
            (r"login\s+failed", "the login succeeded"),
            (r"(?:refused|denied) by \w+", "accepted by them"),
            (r"x+(?:certificate)+", "a certain kind of cat"),
            (r"(?:certificate|password)", ""),
        ] {
            assert!(!may_be(pattern, text), "{pattern} in {text}");
        }
    }
}
