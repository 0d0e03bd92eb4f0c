//! Secrets in a settings file: the values of settings that are named like a password, and the secrets in comments.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex};

use super::keywords::FOREIGN;
use super::{hidden_after, redacted};
use crate::pattern::compiled;

/// Returns the same lines of a settings file without their secrets.
pub(crate) fn redacted_settings(text: &str) -> String {
    static RULES: OnceLock<[Regex; 4]> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        let name = format!(r"(?:pass|pwd|secret|token|cred|kennwort|pw\d*\b|{FOREIGN})[\w.\-]*");
        let value = r#"(?:"[^"\n]*"?|'[^'\n]*'?|[^\s]+)"#;
        [
            compiled(&format!(r"((?:^|\s)(?:#|;|//)[^\n]*?{name})[^\n]+")),
            compiled(&format!(r#"({name}["'\]]*(?:[ \t]*(?::=|=>|=|:)[ \t]*|[ \t]+)){value}"#)),
            // These words have other meanings too, so they count only where a sign follows.
            compiled(&format!(r#"((?:oauth|refresh|(?:\b|_)pin\b)[\w.\-]*["'\]]*[ \t]*(?:=|:)[ \t]*){value}"#)),
            // Anything that follows a port without a space.
            compiled(r"((?:[a-z0-9-]+\.)+[a-z0-9]+\]?:\d{1,5}:)\S+"),
        ]
    });
    let mut kept = text.as_bytes().to_vec();
    for rule in rules {
        kept = rule.replace_all(&kept, |found: &Captures| hidden_after(&found[1])).into_owned();
    }
    redacted(&String::from_utf8_lossy(&kept))
}
