//! A password that cannot be shown: it has no `Debug`, `Display` or `Serialize`, and is wiped when dropped.

use zeroize::Zeroizing;

/// What is shown in place of a secret.
pub const HIDDEN: &str = "[hidden]";

/// A password on its way from the user to the server.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; the caller keeps no copy.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself, for the line that carries it to a verified server and for the judgement of its shape.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl Secret {
    /// The same without the unwanted characters.
    pub(crate) fn without(&self, is_unwanted: impl Fn(char) -> bool) -> Self {
        // Large enough for the whole text, so that growing leaves no copy behind.
        let mut kept = String::with_capacity(self.0.len());
        kept.extend(self.0.chars().filter(|character| !is_unwanted(*character)));
        Self::new(kept)
    }

    /// The same with some characters replaced by another that is no longer.
    pub(crate) fn with(&self, replaced: impl Fn(char) -> char) -> Self {
        let mut text = String::with_capacity(self.0.len());
        text.extend(self.0.chars().map(replaced));
        Self::new(text)
    }

    /// The same without quotes at its ends, and without the spaces inside them.
    pub(crate) fn unquoted(&self) -> Self {
        let is_quote = |character| "\"'`\u{201c}\u{201d}\u{201e}\u{2018}\u{2019}\u{ab}\u{bb}".contains(character);
        Self::new(self.0.trim_matches(is_quote).trim().to_owned())
    }

    /// The same in groups of four, with dashes between them.
    pub(crate) fn in_groups(&self) -> Self {
        let mut text = String::with_capacity(self.0.len() * 2);
        for (at, character) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(character);
        }
        Self::new(text)
    }

    /// The same without spaces at its ends.
    pub(crate) fn trimmed(&self) -> Self {
        Self::new(self.0.trim().to_owned())
    }
}
