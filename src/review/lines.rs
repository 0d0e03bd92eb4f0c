//! The words of a settings file, each with its place.

use std::ops::Range;

use super::account::Stated;

/// A line with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line<'t> {
    /// Where it begins and ends, without its line break.
    pub(crate) at: Range<usize>,
    pub(crate) words: Vec<Word<'t>>,
}

/// A word, without the quotes around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    pub(crate) text: &'t str,
    pub(crate) start: usize,
}

impl Line<'_> {
    /// What follows this word on the line, with quotes and comments.
    pub(crate) fn after<'t>(&self, word: Word, text: &'t str) -> Word<'t> {
        let start = word.at().end;
        Word { text: text.get(start..self.at.end).unwrap_or_default(), start }
    }
}

impl<'t> Word<'t> {
    pub(crate) fn at(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Without the spaces around it.
    pub(crate) fn trimmed(self) -> Self {
        let text = self.text.trim_start();
        Self { text: text.trim_end(), start: self.start + self.text.len() - text.len() }
    }

    /// The part before that place and the part from there on; if the word ends earlier, all of it is in the first part.
    pub(crate) fn parted(self, at: usize) -> (Self, Self) {
        let (before, after) = self.text.split_at_checked(at).unwrap_or((self.text, ""));
        (Self { text: before, ..self }, Self { text: after, start: self.start + before.len() })
    }

    /// The part before that place.
    pub(crate) fn until(self, at: usize) -> Self {
        self.parted(at).0
    }

    /// The part from that place on.
    pub(crate) fn from(self, at: usize) -> Self {
        self.parted(at).1
    }

    /// The part before the first such mark, and the part after it.
    pub(crate) fn split_once(self, mark: &str) -> Option<(Self, Self)> {
        let (before, rest) = self.parted(self.text.find(mark)?);
        Some((before, rest.parted(mark.len()).1))
    }

    /// The part before the last such mark, and the part after it.
    pub(crate) fn rsplit_once(self, mark: &str) -> Option<(Self, Self)> {
        let (before, rest) = self.parted(self.text.rfind(mark)?);
        Some((before, rest.parted(mark.len()).1))
    }

    pub(crate) fn said(self) -> Stated<String> {
        Stated::at(self.text.to_owned(), self.at())
    }

    /// As a port, with the right port as its change.
    pub(crate) fn port(self, rightly: u16) -> Stated<u16> {
        Stated::at(self.text.parse().unwrap_or(0), self.at()).rightly(rightly.to_string())
    }

    /// The part between two such marks, if the word begins and ends with them.
    pub(crate) fn within(self, mark: &'t str) -> Option<Self> {
        let text = self.text.strip_prefix(mark)?.strip_suffix(mark)?;
        Some(Self { text, start: self.start + mark.len() })
    }
}

/// The lines of a text, each with its place.
pub(crate) fn bare(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |start, line| {
        let at = *start;
        *start += line.len();
        Some((at, line.trim_end_matches(['\n', '\r'])))
    })
}

/// The lines that are not empty, split into words: separated by spaces or in single or double quotes, up to a `#`.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    bare(text)
        .map(|(start, line)| Line { at: start..start + line.len(), words: words(line, start) })
        .filter(|line| !line.words.is_empty())
}

/// The words of one line that begins at this place.
pub(crate) fn words(line: &str, offset: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(begin) = line[at..].find(|letter: char| !letter.is_whitespace()).map(|skipped| at + skipped) {
        let rest = &line[begin..];
        let quote = rest.chars().next().filter(|letter| matches!(letter, '"' | '\''));
        let (start, end, next) = match quote {
            _ if rest.starts_with('#') => break,
            Some(quote) => {
                let end = closing(&rest[1..], quote).map_or(line.len(), |end| begin + 1 + end);
                (begin + 1, end, (end + 1).min(line.len()))
            }
            None => {
                let end = rest.find(char::is_whitespace).map_or(line.len(), |end| begin + end);
                (begin, end, end)
            }
        };
        words.push(Word { text: &line[start..end], start: offset + start });
        at = next;
    }
    words
}

/// Where the quote ends: at the next quotation mark without a backslash before it.
pub(crate) fn closing(text: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    text.char_indices().find_map(|(at, letter)| {
        let ends = letter == quote && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        ends.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_where_they_are_said_to_stand() {
        let text = "Host imap.mail.me.com # Apple's\n\n  PassCmd \"a \\\"b\\\" c\"\r\nUser 'you'\nOpen \"x";
        let found: Vec<Vec<&str>> = lines(text).map(|line| line.words.iter().map(|word| word.text).collect()).collect();
        assert_eq!(
            found,
            [vec!["Host", "imap.mail.me.com"], vec!["PassCmd", r#"a \"b\" c"#], vec!["User", "you"], vec!["Open", "x"]]
        );
        for word in lines(text).flat_map(|line| line.words) {
            assert_eq!(&text[word.at()], word.text);
        }
    }
}
