//! Recognizes what is not a server's own words: the protocol's, and the credentials in a web address.

use std::borrow::Cow;

/// The beginning of a line that only the protocol decides: `A3 NO `, `* OK `, `535-`. Nothing else is left of a line.
pub(super) fn head(line: &str) -> &str {
    if is_code(line) && line.as_bytes().get(3).is_some_and(|mark| matches!(mark, b' ' | b'-')) {
        return &line[..4];
    }
    let mut words = line.split_inclusive(' ');
    match (words.next(), words.next()) {
        (Some(tag), Some(status)) if is_tag(tag.trim_end()) && is_status(status.trim_end()) => {
            &line[..tag.len() + status.len()]
        }
        _ => "",
    }
}

/// A line without the words of the protocol, at any position: in a text of joined lines they are in the middle.
pub(super) fn without_frame(line: &str) -> Cow<'_, str> {
    let has_frame = line.split(' ').any(|word| rest_of(word) != word);
    if !has_frame {
        return Cow::Borrowed(line);
    }
    let mut kept = String::with_capacity(line.len());
    for word in line.split_inclusive(' ') {
        let bare = word.trim_end_matches(' ');
        kept.push_str(rest_of(bare));
        kept.push_str(&word[bare.len()..]);
    }
    Cow::Owned(kept)
}

/// A line without the login names and passwords of its web addresses.
pub(super) fn without_credentials(line: &str) -> Cow<'_, str> {
    if !line.contains("://") {
        return Cow::Borrowed(line);
    }
    let mut parts = line.split("://");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_end = |mark: char| mark.is_whitespace() || "/?#\"'<>".contains(mark);
        let authority = &part[..part.find(is_end).unwrap_or(part.len())];
        let host = authority.rfind('@').map_or(0, |at| at + 1);
        shown.push_str("://");
        shown.push_str(&part[host..]);
    }
    Cow::Owned(shown)
}

/// The server's own part of a word.
fn rest_of(word: &str) -> &str {
    match word {
        _ if is_tag(word) || is_status(word) || is_code(word) && word.len() == 3 => "",
        _ if is_code(word) && word.as_bytes()[3] == b'-' => &word[4..],
        _ if is_enhanced(word) => "",
        _ if word.starts_with('[') && word.ends_with(']') && word.bytes().all(|byte| !byte.is_ascii_lowercase()) => "",
        _ => word,
    }
}

/// Whether a word belongs to the protocol and was not chosen by a server.
pub(super) fn is_protocols(word: &str) -> bool {
    rest_of(word).is_empty()
}

fn is_tag(word: &str) -> bool {
    match word.as_bytes() {
        [b'*' | b'+'] => true,
        [letter, digits @ ..] => {
            letter.is_ascii_uppercase() && (1..=2).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
        }
        [] => false,
    }
}

fn is_status(word: &str) -> bool {
    ["OK", "NO", "BAD", "BYE", "PREAUTH"].contains(&word)
}

fn is_code(word: &str) -> bool {
    matches!(word.as_bytes(), [b'2'..=b'5', second, third, ..] if second.is_ascii_digit() && third.is_ascii_digit())
}

/// An enhanced status code (RFC 3463).
fn is_enhanced(word: &str) -> bool {
    let mut parts = word.split('.');
    let mut is_number =
        || parts.next().is_some_and(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    is_number() && is_number() && is_number() && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_address_tells_no_credentials() {
        for (line, shown) in [
            ("http://bob:secret@host/a@b and https://x@y", "http://host/a@b and https://y"),
            ("https://host/?who=a@b", "https://host/?who=a@b"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(without_credentials(line), shown);
        }
    }

    #[test]
    fn only_what_the_protocol_decides_is_left_of_a_line() {
        for (line, start) in [
            ("A3 NO [X] y", "A3 NO "),
            ("* OK y", "* OK "),
            ("535-y", "535-"),
            ("535 5.7.8 y", "535 "),
            ("y NO x", ""),
            ("* LIST", ""),
        ] {
            assert_eq!(head(line), start);
        }
    }
}
