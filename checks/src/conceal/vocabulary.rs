//! The words that the evidence uses for outcomes and kinds: they are this program's own, and not a server's.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Value;

use crate::evidence::Evidence;

/// Whether a text is one of them, as the schema of the evidence lists them.
pub(super) fn is_ours(text: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<String>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let mut words = BTreeSet::new();
        note(schemars::schema_for!(Evidence).as_value(), &mut words);
        words
    });
    words.contains(text)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_words_of_ours_and_a_servers_are_not() {
        for word in ["accepted", "server", "timed-out", "app-specific"] {
            assert!(is_ours(word), "{word}");
        }
        assert!(!is_ours("qkwer") && !is_ours("235 accepted"));
    }
}
