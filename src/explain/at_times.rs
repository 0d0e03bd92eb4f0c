//! What a user found out already: where something works at times, nothing is wrong that lasts until it is changed.

use std::sync::LazyLock;

use regex_automata::meta::Regex;

use crate::pattern::searched;

/// What people say of a fault that comes and goes, or of one message among others.
static AT_TIMES: LazyLock<Regex> = LazyLock::new(|| {
    searched(
        r"\bintermittent|\bsent again (?:with success|successfully|without)|\b(?:works?|succeeds?|goes through) (?:on|at|after) (?:the |a )?(?:(?:second|next|third|other) )?(?:try|retry|attempt)\b|\btest (?:e-?)?mails? (?:works?|arrives?|(?:is|was|are) sent)(?: fine)?(?:[.,;!]| but\b| and\b|\s*$)",
    )
});

/// Causes that last until someone changes something.
const LASTING: [&str; 11] = [
    "port-blocked",
    "wrong-port",
    "pop-not-offered",
    "wrong-server-name",
    "tls-on-starttls-port",
    "plaintext-on-tls-port",
    "starttls-stripped",
    "encryption-off",
    "tls-too-old",
    "untrusted-issuer",
    "ca-store-missing",
];

/// Whether a text says that something works at times.
pub(super) fn works(text: &str) -> bool {
    AT_TIMES.is_match(text.as_bytes())
}

/// Whether a cause cannot be where something works at times.
pub(super) fn lasts(cause: &str) -> bool {
    LASTING.contains(&cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::CAUSES;

    #[test]
    fn what_works_at_times_has_no_cause_that_lasts() {
        for text in ["an intermittent error", "the same can be sent again with success", "It works on the second try"] {
            assert!(works(text), "{text}");
        }
        assert!(!works("It never works again") && !works("A test mail works from my phone"));
        assert!(LASTING.iter().all(|cause| CAUSES.iter().any(|known| known.id == *cause)));
        assert!(!lasts("connection-dropped"));
    }
}
