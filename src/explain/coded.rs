//! A server's coded reply, which outranks what programs write around it.

use std::sync::LazyLock;

use regex_automata::meta::Regex;

use super::excerpt::line_at;
use crate::pattern::searched;

/// The codes of RFC 5321, RFC 3463 and RFC 5530.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    searched(r"(?-i)\b[45]\d\d[ -][45]\.\d{1,3}\.\d|\W[45]\.\d\.\d{1,3}\W|\b53[0-9][ -]|\[[A-Z]{5,}\]")
});
/// The reply of a server that was spoken to without encryption: RFC 3207, section 4.
static WANTS_ENCRYPTION: LazyLock<Regex> =
    LazyLock::new(|| searched(r"(?-i)\b530[ -][^\n]{0,24}STARTTLS|[Mm]ust issue a STARTTLS"));

/// Whether the line at a place has a code in it.
pub(super) fn is_at(text: &str, place: usize) -> bool {
    CODE.is_match(line_at(text, place).as_bytes())
}

/// Whether a server asks for encryption in a reply without it.
pub(super) fn wants_encryption(text: &str) -> bool {
    WANTS_ENCRYPTION.is_match(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coded_reply_is_told_from_prose() {
        for reply in
            ["x\n3 NO [AUTHENTICATIONFAILED] no", "x\nException: 4.4.1 no answer", "x\n535 no", "x\n550 5.1.1 no"]
        {
            assert!(is_at(reply, 3) && !is_at(reply, 0), "{reply}");
        }
        assert!(!is_at("1.4.4.1_1 was not reached at 10.5.5.5", 0));
        assert!(wants_encryption("530 5.7.0 Must issue a STARTTLS command first") && !wants_encryption("530 sign in"));
    }
}
