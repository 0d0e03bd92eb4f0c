//! The password as it was given: what cannot belong to it is removed, and only its shape is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// A password ready for signing in, and what it looked like.
pub struct Password {
    /// The password without what cannot belong to it.
    pub secret: Secret,
    /// The text as it was given, where that differs: it must not be shown either.
    pub as_given: Option<Secret>,
    /// The form in which Apple shows such a password, where it was given in another one that a server might accept too.
    pub as_shown: Option<Secret>,
    /// What may be shown about it.
    pub shape: Shape,
}

/// What may be shown about a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PasswordShape")]
pub struct Shape {
    /// Which kind it looks like. A hint, never a proof.
    pub kind: Kind,
    /// What was pasted with it and removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mangled_by: Vec<Mangling>,
}

/// Which kind of password it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PasswordKind")]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Four groups of four lower-case letters with dashes between them, as Apple makes them.
    AppSpecific,
    /// Sixteen lower-case letters: the same with its dashes lost.
    AppSpecificWithoutDashes,
    /// Four groups of four letters with dashes between them, some of them capital letters.
    AppSpecificInCapitals,
    /// The example that stands for such a password in every guide: the same letter sixteen times.
    Example,
    /// Anything else, for instance the Apple Account's own password.
    Other,
}

/// What was pasted with a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mangling {
    /// Quotes around it, as settings files have them.
    Quotes,
    /// Blanks before or after it.
    OuterBlanks,
    /// A line break before, after or inside it.
    LineBreak,
    /// Characters that cannot be seen, such as a zero-width space.
    InvisibleCharacters,
    /// Blanks between the groups of an app-specific password.
    InnerBlanks,
    /// Dashes of another kind than the one on the keyboard, as word processors make them.
    OtherDashes,
}

impl Password {
    /// Looks at a password as it was given.
    ///
    /// Outer spaces, line breaks and invisible characters belong to no password. Quotes, inner spaces and other dashes
    /// are only fixed if the result is an app-specific password, because another password may really contain them.
    pub fn new(given: Secret) -> Self {
        let mut mangled_by = Vec::new();
        // Every copy of the text lives in a Secret, which wipes itself.
        let mut note = |from: &Secret, to: Secret, what: Mangling| {
            if from.expose() != to.expose() {
                mangled_by.push(what);
            }
            to
        };
        let seen = note(&given, given.without(is_invisible), Mangling::InvisibleCharacters);
        let joined = note(&seen, seen.without(|character| matches!(character, '\r' | '\n')), Mangling::LineBreak);
        let trimmed = note(&joined, joined.trimmed(), Mangling::OuterBlanks);
        let unquoted = trimmed.unquoted();
        let is_quoted = kind_of(trimmed.expose()) == Kind::Other && is_one(&unquoted);
        let trimmed = if is_quoted { note(&trimmed, unquoted, Mangling::Quotes) } else { trimmed };
        let dashed = trimmed.with(|character| if is_other_dash(character) { '-' } else { character });
        let unblanked = dashed.without(char::is_whitespace);
        let secret = if kind_of(trimmed.expose()) == Kind::Other && kind_of(unblanked.expose()) != Kind::Other {
            let dashed = note(&trimmed, dashed, Mangling::OtherDashes);
            note(&dashed, unblanked, Mangling::InnerBlanks)
        } else {
            trimmed
        };
        mangled_by.sort_unstable();
        let shape = Shape { kind: kind_of(secret.expose()), mangled_by };
        let as_shown = match shape.kind {
            Kind::AppSpecificWithoutDashes => Some(secret.in_groups()),
            Kind::AppSpecificInCapitals => Some(secret.with(|letter| letter.to_ascii_lowercase())),
            Kind::AppSpecific | Kind::Example | Kind::Other => None,
        };
        Self { as_given: (given.expose() != secret.expose()).then_some(given), as_shown, secret, shape }
    }

    /// Whether nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.secret.expose().is_empty()
    }

    /// An invented password of the given shape, for a replay.
    pub fn stand_in(shape: &Shape) -> Self {
        let mut text = match shape.kind {
            Kind::AppSpecific => "abcd-efgh-ijkl-mnop",
            Kind::AppSpecificWithoutDashes => "abcdefghijklmnop",
            Kind::AppSpecificInCapitals => "Abcd-efgh-ijkl-mnop",
            Kind::Example => "xxxx-xxxx-xxxx-xxxx",
            Kind::Other => "Not-An-App-Password-1",
        }
        .to_owned();
        for mangling in &shape.mangled_by {
            text = match mangling {
                Mangling::Quotes => format!("\"{text}\""),
                Mangling::OuterBlanks => format!(" {text}"),
                Mangling::LineBreak => format!("{text}\n"),
                Mangling::InvisibleCharacters => format!("\u{200b}{text}"),
                Mangling::InnerBlanks => text.replacen("efgh", "efgh ", 1),
                Mangling::OtherDashes => text.replacen('-', "\u{2013}", 1),
            };
        }
        Self::new(Secret::new(text))
    }
}

fn kind_of(text: &str) -> Kind {
    let is_group = |group: &str| group.len() == 4 && group.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut letters = text.bytes().filter(|byte| *byte != b'-');
    if text.split('-').count() == 4 && text.split('-').all(is_group) {
        let first = letters.next();
        match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            _ if letters.all(|letter| Some(letter) == first) => Kind::Example,
            true => Kind::AppSpecificInCapitals,
            false => Kind::AppSpecific,
        }
    } else if text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        Kind::AppSpecificWithoutDashes
    } else {
        Kind::Other
    }
}

/// Whether it is a password as Apple makes them for apps, whatever came along.
fn is_one(text: &Secret) -> bool {
    let joined = text.with(|character| if is_other_dash(character) { '-' } else { character });
    kind_of(joined.without(char::is_whitespace).expose()) != Kind::Other
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn is_other_dash(character: char) -> bool {
    matches!(character, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(text: &str) -> (String, Shape) {
        let password = Password::new(Secret::new(text.to_owned()));
        (password.secret.expose().to_owned(), password.shape)
    }

    #[test]
    fn what_cannot_belong_to_a_password_is_taken_off_and_told() {
        use Mangling::{InnerBlanks, InvisibleCharacters, LineBreak, OtherDashes, OuterBlanks, Quotes};
        for (given, manglings) in [
            ("abcd-efgh-ijkl-mnop", vec![]),
            (" abcd-efgh-ijkl-mnop", vec![OuterBlanks]),
            ("abcd-efgh-\nijkl-mnop", vec![LineBreak]),
            ("abcd-efgh-ijkl-mnop \r\n", vec![OuterBlanks, LineBreak]),
            ("\u{feff}abcd-efgh-ijkl-mnop", vec![InvisibleCharacters]),
            ("abcd-efgh- ijkl-mnop", vec![InnerBlanks]),
            ("abcd\u{2013}efgh\u{2013}ijkl\u{2013}mnop", vec![OtherDashes]),
            ("\"abcd-efgh-ijkl-mnop\"", vec![Quotes]),
            ("'abcd-efgh-ijkl-mnop'\n", vec![Quotes, LineBreak]),
            ("\u{201c}abcd-efgh-ijkl-mnop\u{201d}", vec![Quotes]),
            ("\"abcd-efgh-ijkl-mnop", vec![Quotes]),
        ] {
            let (text, shape) = look(given);
            assert_eq!(text, "abcd-efgh-ijkl-mnop", "{given:?}");
            assert_eq!(shape, Shape { kind: Kind::AppSpecific, mangled_by: manglings }, "{given:?}");
        }
    }

    #[test]
    fn a_password_of_another_kind_keeps_its_inner_blanks_and_dashes() {
        for given in ["Correct horse \u{2013} battery", "\"Correct horse\"", "Abcd-efgh-ijkl", "abcd-efgh-ijkl-mno1"] {
            assert_eq!(look(given), (given.to_owned(), Shape { kind: Kind::Other, mangled_by: vec![] }));
        }
    }

    #[test]
    fn a_password_in_another_form_is_kept_and_the_form_that_apple_shows_is_known() {
        for (given, kind) in [
            ("abcdefghijklmnop", Kind::AppSpecificWithoutDashes),
            ("Abcd-efgh-ijkl-mnop", Kind::AppSpecificInCapitals),
            ("ABCD-EFGH-IJKL-MNOP", Kind::AppSpecificInCapitals),
        ] {
            let password = Password::new(Secret::new(given.to_owned()));
            assert_eq!((password.secret.expose(), password.shape.kind), (given, kind));
            assert_eq!(password.as_shown.unwrap().expose(), "abcd-efgh-ijkl-mnop", "{given}");
        }
        for given in ["xxxx-xxxx-xxxx-xxxx", "\"XXXX-XXXX-XXXX-XXXX\""] {
            let password = Password::new(Secret::new(given.to_owned()));
            assert!(password.shape.kind == Kind::Example && password.as_shown.is_none(), "{given}");
        }
    }

    #[test]
    fn a_stand_in_has_the_shape_that_it_stands_in_for() {
        for given in [
            "abcd-efgh-ijkl-mnop\n",
            "abcdefghijklmnop",
            " S3cret!",
            "abcd-efgh ijkl-mnop",
            "'Abcd-efgh-ijkl-mnop' ",
            "xxxx-xxxx-xxxx-xxxx",
        ] {
            let (_, shape) = look(given);
            assert_eq!(Password::stand_in(&shape).shape, shape, "{given:?}");
        }
    }
}
