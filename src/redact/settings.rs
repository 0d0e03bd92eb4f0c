//! Secrets in a settings file, where a password follows whatever is called like one, and comments may hold more.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex};

use super::keywords::FOREIGN;
use super::{compiled, hidden_after, redacted};

/// Returns the same lines of a settings file without their secrets.
pub(crate) fn redacted_settings(text: &str) -> String {
    static RULES: OnceLock<[Regex; 4]> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        let name = format!(r"(?:pass|pwd|secret|token|cred|kennwort|pw\d*\b|{FOREIGN})[\w.\-]*");
        let value = r#"(?:"[^"\n]*"?|'[^'\n]*'?|[^\s]+)"#;
        [
            compiled(&format!(r"((?:^|\s)(?:#|;|//)[^\n]*?{name})[^\n]+")),
            compiled(&format!(r#"({name}["'\]]*(?:[ \t]*(?::=|=>|=|:)[ \t]*|[ \t]+)){value}"#)),
            // These words mean other things too, so that a sign follows them where they name a secret.
            compiled(&format!(r#"((?:oauth|refresh|(?:\b|_)pin\b)[\w.\-]*["'\]]*[ \t]*(?:=|:)[ \t]*){value}"#)),
            // What is glued to a port.
            compiled(r"((?:[a-z0-9-]+\.)+[a-z0-9]+\]?:\d{1,5}:)\S+"),
        ]
    });
    let mut kept = text.as_bytes().to_vec();
    for rule in rules {
        kept = rule.replace_all(&kept, |found: &Captures| hidden_after(&found[1])).into_owned();
    }
    redacted(&String::from_utf8_lossy(&kept))
}
