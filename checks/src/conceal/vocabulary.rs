//! The words that the evidence uses for outcomes and kinds: they are this program's own, and not a server's.

use std::collections::BTreeSet;
use std::sync::LazyLock;

/// They are read from the schema of the evidence in a test alone, because the code for it would make the program much
/// larger.
static WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| include_str!("vocabulary.txt").lines().collect());

/// Whether a text is one of them.
pub(super) fn is_ours(text: &str) -> bool {
    WORDS.contains(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test says what went wrong by failing")]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::evidence::Evidence;

    fn note(schema: &Value, words: &mut BTreeSet<String>) {
        match schema {
            Value::Array(items) => items.iter().for_each(|item| note(item, words)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    match (name.as_str(), field) {
                        ("const", Value::String(word)) => drop(words.insert(word.clone())),
                        ("enum", Value::Array(all)) => {
                            words.extend(all.iter().filter_map(Value::as_str).map(str::to_owned));
                        }
                        _ => note(field, words),
                    }
                }
            }
            _ => {}
        }
    }

    /// `SNAPSHOTS=overwrite` writes the list anew.
    #[test]
    fn the_list_is_that_of_the_schema() {
        let mut words = BTreeSet::new();
        note(schemars::schema_for!(Evidence).as_value(), &mut words);
        if std::env::var_os("SNAPSHOTS").is_some_and(|how| how == "overwrite") {
            let list = words.iter().flat_map(|word| [word, "\n"]).collect::<String>();
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/conceal/vocabulary.txt"), list).unwrap();
            return;
        }
        assert!(words.iter().map(String::as_str).eq(WORDS.iter().copied()), "run it with SNAPSHOTS=overwrite");
    }

    #[test]
    fn outcomes_are_words_of_ours_and_a_servers_are_not() {
        for word in ["accepted", "server", "timed-out", "app-specific"] {
            assert!(is_ours(word), "{word}");
        }
        assert!(!is_ours("qkwer") && !is_ours("235 accepted"));
    }
}
