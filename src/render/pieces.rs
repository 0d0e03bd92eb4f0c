//! Splits a text of the guide into pieces: words, what is to be typed, and addresses to open.

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Plain(&'t str),
    /// Between backticks.
    Typed(&'t str),
    /// An address to open.
    Address(&'t str),
}

/// Only addresses with this scheme become links, so that no `javascript:` and no unencrypted address does.
pub(super) const SAFE: &str = "https://";

pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, (typed, after))) =
        rest.split_once('`').and_then(|(before, after)| after.split_once('`').map(|inside| (before, inside)))
    {
        with_addresses(before, &mut found);
        found.push(Piece::Typed(typed));
        rest = after;
    }
    with_addresses(rest, &mut found);
    found
}

fn with_addresses<'t>(text: &'t str, found: &mut Vec<Piece<'t>>) {
    let mut rest = text;
    while let Some(at) = rest.find(SAFE) {
        let (before, from) = rest.split_at(at);
        let end = from.find(char::is_whitespace).unwrap_or(from.len());
        // Punctuation at the end of the sentence is not part of the address.
        let address = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '"', '\'']);
        found.push(Piece::Plain(before));
        found.push(if address == SAFE { Piece::Plain(address) } else { Piece::Address(address) });
        rest = &from[address.len()..];
    }
    found.push(Piece::Plain(rest));
    found.retain(|piece| *piece != Piece::Plain(""));
}

#[cfg(test)]
mod tests {
    use super::*;
    use Piece::{Address, Plain, Typed};

    #[test]
    fn what_is_typed_and_what_is_opened_are_told_apart() {
        assert_eq!(
            pieces("Open https://account.apple.com, then run `check` (see https://a.b/c)."),
            [
                Plain("Open "),
                Address("https://account.apple.com"),
                Plain(", then run "),
                Typed("check"),
                Plain(" (see "),
                Address("https://a.b/c"),
                Plain(")."),
            ]
        );
    }

    #[test]
    fn what_is_no_address_stays_a_text() {
        for text in ["javascript:alert(1)", "http://a.b", "one ` alone", "https://", ""] {
            assert!(pieces(text).iter().all(|piece| matches!(piece, Plain(_))), "{text}");
        }
    }
}
