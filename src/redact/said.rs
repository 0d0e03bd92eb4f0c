//! Words that programs print in the place of a password.

use regex::bytes::Captures;

use super::hidden_after;

const WORDS: &str = "is was has and or in not for authentication mismatch incorrect wrong invalid rejected refused required \
    expired failed error protected accepted correct missing empty needed set stored saved too about case being now \
    ok right sent unknown disabled blank bad valid unavailable changed reset revoked denied given used no \
    longer s falsch nicht abgelaufen korrekt richtig leer erforderlich incorrecte incorrecta incorreta incorrecto";

/// Hides what follows the first group, unless all of it is such a word.
pub(super) fn hidden_unless_said(found: &Captures) -> Vec<u8> {
    unless(found, found[0][found[1].len()..].trim_ascii())
}

/// Hides what follows the first group, unless it begins with such a word.
pub(super) fn hidden_unless_sentence(found: &Captures) -> Vec<u8> {
    let first = found[0][found[1].len()..].split(u8::is_ascii_whitespace).find(|word| !word.is_empty());
    let first = first.unwrap_or_default();
    let end = first.iter().rposition(u8::is_ascii_alphanumeric).map_or(0, |last| last + 1);
    unless(found, &first[..end])
}

fn unless(found: &Captures, word: &[u8]) -> Vec<u8> {
    match WORDS.split_whitespace().any(|said| said.as_bytes().eq_ignore_ascii_case(word)) {
        true => found[0].to_vec(),
        false => hidden_after(&found[1]),
    }
}
