//! The pages by name: those of causes, and those that are about no cause.

use checks::settings::distance;

use crate::diagnosis::CAUSES;
use crate::guide::TOPICS;

/// A word with at most this many typing errors in the name of a cause means that cause.
const SLIPS: usize = 2;

/// The shortest beginning of a name that is recognised, in characters.
const SHORTEST: usize = 5;

/// A page.
pub(crate) enum Named {
    Cause(&'static str),
    /// About no cause: its text.
    Topic(&'static str),
}

/// The page with this name.
pub(crate) fn named(word: &str) -> Option<Named> {
    let cause = CAUSES.iter().find(|cause| word == cause.id).map(|cause| Named::Cause(cause.id));
    cause.or_else(|| TOPICS.iter().find(|(id, _)| word == *id).map(|(_, text)| Named::Topic(text)))
}

/// The cause that a single word names, with a typing error or two.
pub(crate) fn mistyped(word: &str) -> Option<&'static str> {
    let is_one_word = !word.contains(char::is_whitespace);
    names().find(|id| is_one_word && is_close(id, word))
}

/// The causes whose names begin with a single word, or nearly so.
pub(crate) fn begun(word: &str) -> Vec<&'static str> {
    let is_name = word.len() >= SHORTEST && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    let begins = |id: &&str| id.starts_with(word) || id.split('-').next().is_some_and(|first| is_close(first, word));
    names().filter(|id| is_name && begins(id)).collect()
}

/// The names of all pages.
fn names() -> impl Iterator<Item = &'static str> {
    CAUSES.iter().map(|cause| cause.id).chain(TOPICS.map(|(id, _)| id))
}

fn is_close(name: &str, word: &str) -> bool {
    word.len() >= SHORTEST && distance(name, word) <= SLIPS.min(word.len() / 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_cause_is_known_and_a_word_is_not_taken_for_one() {
        assert_eq!(mistyped("pasword-refused"), Some("password-refused"));
        assert_eq!(mistyped("port-blokced"), Some("port-blocked"));
        assert_eq!(begun("certificate-exp"), ["certificate-expired"]);
        assert!(begun("pasword").contains(&"password-refused"));
        for word in
            ["535", "0x80070057", "-1012", "moon", "no-such-cause", "zkqj-vwxb-nmpl-rtyd", "hello", "x", "port blocked"]
        {
            assert!(mistyped(word).is_none() && begun(word).is_empty(), "{word}");
        }
    }
}
