//! Text that may be printed: our own words, and parts of a file without their secrets.

use std::fmt;
use std::ops::Add;

/// Can be made only from a file's text without its secrets, or from text in the program's source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blanked(String);

/// How many characters of a line are shown.
const LONGEST: usize = 240;
/// How many of them are before the place in question.
const BEFORE: usize = 80;

impl Blanked {
    /// A part of a file without its secrets, shortened around this character.
    pub(super) fn of(text: &str, at: usize) -> Self {
        let count = text.chars().count();
        if count <= LONGEST {
            return Self(text.to_owned());
        }
        let skipped = at.saturating_sub(BEFORE).min(count - LONGEST);
        let kept: String = text.chars().skip(skipped).take(LONGEST).collect();
        let (before, after) = (if skipped > 0 { "…" } else { "" }, if skipped + LONGEST < count { "…" } else { "" });
        Self(format!("{before}{kept}{after}"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Blanked {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl From<&'static str> for Blanked {
    fn from(words: &'static str) -> Self {
        Self(words.to_owned())
    }
}

impl Add<&'static str> for Blanked {
    type Output = Self;

    fn add(self, words: &'static str) -> Self {
        Self(self.0 + words)
    }
}

impl Add<u64> for Blanked {
    type Output = Self;

    fn add(self, number: u64) -> Self {
        Self(format!("{}{number}", self.0))
    }
}

impl Add for Blanked {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + &other.0)
    }
}
