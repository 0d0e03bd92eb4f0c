//! Finds the known name that a mistyped word was meant to be, and decides whether the word may be repeated.

use checks::settings::distance;

/// How many typing errors a long word may have.
const SLIPS: usize = 2;

/// With two typing errors, a shorter name may be another word.
const SHORTEST_WITH_TWO_SLIPS: usize = 5;

/// With one typing error, a shorter name may be another word.
const SHORTEST_WITH_ONE_SLIP: usize = 3;

/// The longest name of a program, a case, a check or a format, in characters.
const LONGEST_NAME: usize = 24;

/// An app-specific password has four groups of four letters.
const GROUP: usize = 4;

/// Returns the name that this word was very likely meant to be, or the word itself if it is one of the names.
pub(crate) fn meant<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let word = word.to_lowercase();
    let near = names.into_iter().map(|name| (distance(name, &word), name));
    near.filter(|(slips, name)| *slips <= most_slips(name)).min().map(|(_, name)| name)
}

fn most_slips(name: &str) -> usize {
    match name.len() {
        length if length < SHORTEST_WITH_ONE_SLIP => 0,
        length if length < SHORTEST_WITH_TWO_SLIPS => 1,
        _ => SLIPS,
    }
}

/// The word as a complaint may repeat it, or `otherwise` where it could be a password that was typed in the wrong place.
///
/// A word that was meant to be a known name cannot be one, unless it has a digit or a sign that the name does not have.
/// Neither can a word of lower-case letters: Apple requires a capital letter and a digit in the password of an account
/// (<https://support.apple.com/102614>), and an app-specific password has groups of four letters.
pub(crate) fn shown<'n>(word: &str, names: impl IntoIterator<Item = &'n str>, otherwise: &str) -> String {
    let is_slip = meant(word, names).is_some_and(|name| signs(word).eq(signs(name)));
    match is_slip || is_plain(word) {
        true => format!("`{word}`"),
        false => otherwise.to_owned(),
    }
}

/// What is neither a letter nor a dash.
fn signs(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|character| !character.is_alphabetic() && *character != '-')
}

/// Whether it cannot be a password, because it is a word of lower-case letters.
pub(crate) fn is_plain(word: &str) -> bool {
    let is_small = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    word.len() <= LONGEST_NAME && word.bytes().all(is_small) && !is_like_an_app_specific_one(word)
}

/// Whether it may be an app-specific password, or one that lost or won a letter or two while it was copied.
fn is_like_an_app_specific_one(word: &str) -> bool {
    let letters = word.bytes().filter(|byte| *byte != b'-').count();
    let groups = || word.split('-').filter(|group| !group.is_empty());
    let others = groups().filter(|group| group.len() != GROUP).count();
    letters.abs_diff(GROUP * GROUP) <= SLIPS || others == 0 || groups().count() > 1 && others == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = ["check", "explain", "go", "tls", "outlook", "k8mail"];

    #[test]
    fn a_slip_of_the_finger_is_seen_through_and_another_word_is_not() {
        for (word, name) in [
            ("chek", "check"),
            ("explian", "explain"),
            ("tsl", "tls"),
            ("Outlok", "outlook"),
            ("outlook", "outlook"),
            ("go", "go"),
        ] {
            assert_eq!(meant(word, NAMES), Some(name), "{word}");
        }
        for word in ["to", "you", "tcp", "mailbox", "", "zkqj-vwxb-nmpl-rtyd"] {
            assert_eq!(meant(word, NAMES), None, "{word}");
        }
    }

    #[test]
    fn a_word_is_repeated_only_where_it_cannot_be_a_password() {
        for word in ["chek", "Outlok", "eudora", "no-such-thing", "k8-mail"] {
            assert_eq!(shown(word, NAMES, "that"), format!("`{word}`"));
        }
        for word in [
            "zkqj-vwxb-nmpl-rtyd",
            "zkqjvwxbnmplrtyd",
            "zkqj-vwxb",
            "zkqj",
            "zkqj-",
            "zkqj-vwxb-nmpl-rty",
            "zkqj-vwx-nmpl-rtyd",
            "kqj-vwxb",
            "zkqjvwxbnmplrt",
            "zkqjvwxbnmplrtydd",
            "chek1",
            "Check!",
            "Outlook2019",
            "k9mail",
            "Sommer2024!",
            "sommer2024",
            "Sommer",
            "a b",
            "a\u{1b}[31m",
            "abcdefghijklmnopqrstuvwxyz",
            "",
        ] {
            assert_eq!(shown(word, NAMES, "that"), "that", "{word}");
        }
    }
}
