//! The words of a fetchmail run control file, which may be quoted and extend over several lines.

use std::ops::Range;

use crate::review::account::{Edit, Stated};
use crate::review::lines::{Word, closing};

/// A word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    /// Without its quotes.
    word: Word<'t>,
    is_quoted: bool,
    /// The end of the word with its quotes.
    pub(super) end: usize,
    /// The line that it begins on, up to the word.
    before: &'t str,
}

impl<'t> Token<'t> {
    pub(super) fn word(&self) -> Word<'t> {
        self.word
    }

    /// Everything up to the next space, or to the end of the line where it contains quotes.
    pub(super) fn whole(&self, text: &'t str) -> Word<'t> {
        let rest = text.get(self.end..).unwrap_or_default();
        let is_open = !self.is_quoted && self.word.text.contains(['"', '\'']);
        let length = rest.find(|letter: char| if is_open { letter == '\n' } else { letter.is_whitespace() });
        let end = self.end + length.unwrap_or(rest.len());
        Word { text: text.get(self.word.start..end).unwrap_or_default(), start: self.word.start }
    }

    pub(super) fn text(&self) -> &'t str {
        self.word.text
    }

    pub(super) fn start(&self) -> usize {
        self.word.start
    }

    pub(super) fn at(&self) -> Range<usize> {
        self.word.at()
    }

    /// The keyword; empty for a quoted word.
    pub(super) fn keyword(&self) -> &'t str {
        if self.is_quoted { "" } else { self.word.text }
    }

    /// fetchmail(1), "Run Control Syntax": a backslash makes any character part of a string.
    pub(super) fn said(&self) -> Stated<String> {
        Stated::at(self.word.text.replace('\\', ""), self.at())
    }

    /// The change that inserts the option ssl after it: on a new line if the word ends its line, and otherwise directly
    /// after it.
    pub(super) fn option_after(&self, text: &str) -> Edit {
        let rest = text.get(self.end..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        let indent = self.before.len() - self.before.trim_start().len();
        let indent = self.before.get(..indent).unwrap_or_default();
        if rest.get(blanks..).is_some_and(|rest| rest.starts_with('\n')) && !indent.is_empty() {
            let place = self.end + blanks + 1;
            return Edit { at: place..place, with: format!("{indent}ssl\n") };
        }
        Edit { at: self.end..self.end, with: " ssl".to_owned() }
    }
}

/// All words in order, without comments and separators.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 0);
    while let Some((rest, letter)) = text.get(at..).and_then(|rest| Some((rest, rest.chars().next()?))) {
        let (start, length, taken) = match letter {
            '#' => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            letter if letter.is_whitespace() || is_noise(letter) => {
                at += letter.len_utf8();
                line = if letter == '\n' { at } else { line };
                continue;
            }
            '"' | '\'' => {
                let inner = rest.get(1..).unwrap_or_default();
                let length = closing(inner, letter).unwrap_or(inner.len());
                (at + 1, length, (length + 2).min(rest.len()))
            }
            _ => {
                let length = rest.find(|letter: char| letter.is_whitespace() || is_noise(letter)).unwrap_or(rest.len());
                (at, length, length)
            }
        };
        let word = Word { text: text.get(start..start + length).unwrap_or_default(), start };
        let before = text.get(line..at).unwrap_or_default();
        tokens.push(Token { word, is_quoted: matches!(letter, '"' | '\''), end: at + taken, before });
        at += taken;
        line = word.text.rfind('\n').map_or(line, |end| start + end + 1);
    }
    tokens
}

/// Characters without a meaning, which may be anywhere; `=` may be only between names.
fn is_noise(letter: char) -> bool {
    matches!(letter, ',' | ';' | ':' | '=')
}
