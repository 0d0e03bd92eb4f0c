//! Replaces names where they are words of their own, in any alphabet, case and spelling.

use std::borrow::Cow;

use super::form::Form;
use super::sought::NEAR;

/// Names, and their replacements.
#[derive(Default)]
pub(super) struct Names {
    names: Vec<Name>,
}

struct Name {
    folded: Vec<char>,
    replacement: String,
    /// Whether it must not be part of a longer word that contains a sign.
    is_sure: bool,
}

impl Names {
    pub(super) fn add(&mut self, text: &str, replacement: &str) {
        let folded: Vec<char> = folded(text).map(|(part, _)| part).collect();
        if folded.is_empty() || text == replacement || self.names.iter().any(|name| name.folded == folded) {
            return;
        }
        let is_sure = text.contains('@') || folded.len() >= NEAR;
        self.names.push(Name { folded, replacement: replacement.to_owned(), is_sure });
        // The longest first: an address before the name in it.
        self.names.sort_by_key(|name| std::cmp::Reverse(name.folded.len()));
    }

    /// The text with the replacements.
    pub(super) fn replaced<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        if self.names.is_empty() {
            return text;
        }
        let mut shown = String::new();
        let mut before: Option<char> = None;
        let (mut told, mut at) = (0, 0);
        while let Some(character) = text[at..].chars().next() {
            let found = self.names.iter().find_map(|name| Some((name, name.length(before, character, &text[at..])?)));
            match found {
                Some((name, length)) => {
                    shown.extend([&text[told..at], &name.replacement]);
                    at += length;
                    told = at;
                    before = text[..at].chars().next_back();
                }
                None => {
                    at += character.len_utf8();
                    before = Some(character);
                }
            }
        }
        if told == 0 {
            return text;
        }
        shown.push_str(&text[told..]);
        Cow::Owned(shown)
    }
}

impl Name {
    /// The length of this name at the beginning of a text, by its `first` character, if it is a word of its own there.
    fn length(&self, before: Option<char>, first: char, text: &str) -> Option<usize> {
        // Of most characters that is known without their normal form.
        let is_other = matches!(first, ' '..='~') && self.folded.first() != Some(&first.to_ascii_lowercase());
        if is_other || before.is_some_and(|side| self.continues(side)) {
            return None;
        }
        let mut wanted = self.folded.iter();
        let mut end = 0;
        for (part, after) in folded(text) {
            match wanted.next() {
                Some(next) if *next == part => end = after,
                Some(_) => return None,
                None => break,
            }
        }
        let ends = wanted.next().is_none() && text[end..].chars().next().is_none_or(|side| !self.continues(side));
        // A mask keeps the first letter: a name of one letter before the dots of a mask is masked already. A server's
        // dots after a longer name hide nothing.
        let is_masked = self.folded.len() == 1 && text[end..].starts_with('…');
        (ends && !is_masked).then_some(end)
    }

    /// Whether a word goes on with this character.
    fn continues(&self, side: char) -> bool {
        side.is_alphanumeric() || (!self.is_sure && (side == '_' || side == '-'))
    }
}

/// The characters of a text, signs included, in normal form, each with where it ends.
fn folded(text: &str) -> impl Iterator<Item = (char, usize)> + '_ {
    text.char_indices().flat_map(|(at, character)| {
        let mut parts = [None; 4];
        let mut count = 0;
        Form::Visible.fold(character, |part| {
            if let Some(place) = parts.get_mut(count) {
                *place = Some((part, at + character.len_utf8()));
                count += 1;
            }
        });
        // A space is a character of a name too.
        if count == 0 && character == ' ' {
            parts[0] = Some((' ', at + 1));
        }
        parts.into_iter().flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_as_a_whole_word_only() {
        let mut names = Names::default();
        for (name, mask) in
            [("sam", "s…"), ("sam@icloud.com", "s…@icloud.com"), ("a", "a…"), ("a@icloud.com", "a…@icloud.com")]
        {
            names.add(name, mask);
        }
        for (text, shown) in [
            (
                "OK user sam authenticated, same as Sam@x, not sam-x",
                "OK user s… authenticated, same as s…@x, not sam-x",
            ),
            ("_SAM@iCloud.com>, xsam@icloud.com", "_s…@icloud.com>, xsam@icloud.com"),
            ("a@icloud.com a", "a…@icloud.com a…"),
            ("a…@icloud.com", "a…@icloud.com"),
            ("no sam… here, sam@icloud.com…", "no s…… here, s…@icloud.com…"),
            ("s\u{ad}a\u{202e}m", "s…"),
        ] {
            assert_eq!(names.replaced(text.into()), shown, "{text}");
        }
    }
}
