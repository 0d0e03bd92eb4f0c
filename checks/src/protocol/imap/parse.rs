//! Understands one whole response, or says that it is not IMAP.

use super::response::{Answer, Code, Response, StatusKind};
use super::values;
use crate::protocol::Unreadable;
use crate::protocol::raw::{lossy, without_end};

/// Understands a frame, line end included.
pub(super) fn parse(frame: &[u8]) -> Result<Answer, Unreadable> {
    let bytes = without_end(frame);
    let line = lossy(bytes);
    match response(bytes)? {
        Some(response) => Ok(Answer { response, line }),
        None => Err(Unreadable::NotThisProtocol { line }),
    }
}

/// Whether a `{310}` at a line's end announces a literal: in the text of a status it is just text.
pub(super) fn may_hold_literals(held: &[u8]) -> bool {
    held.strip_prefix(b"* ").is_some_and(|rest| {
        let word = rest.trim_ascii_start().split(|byte| matches!(byte, b' ' | b'\r' | b'\n')).next();
        word.and_then(status_kind).is_none()
    })
}

fn response(line: &[u8]) -> Result<Option<Response>, Unreadable> {
    Ok(match line {
        // `+OK` is POP3.
        b"+" => Some(Response::Continue { text: String::new() }),
        [b'+', b' ', text @ ..] => Some(Response::Continue { text: lossy(text) }),
        [b'*', b' ', rest @ ..] => untagged(rest)?,
        _ => tagged(line),
    })
}

fn untagged(rest: &[u8]) -> Result<Option<Response>, Unreadable> {
    let (word, rest) = split_word(rest);
    if let Some(kind) = status_kind(word) {
        return Ok(Some(status(None, kind, rest)));
    }
    let number = std::str::from_utf8(word).ok().and_then(|digits| digits.parse::<u32>().ok());
    let (name, rest) = if number.is_some() { split_word(rest) } else { (word, rest) };
    if name.is_empty() || !name.iter().copied().all(is_atom_character) {
        return Ok(None);
    }
    Ok(Some(Response::Data { number, name: lossy(name).to_ascii_uppercase(), values: values::read(rest)? }))
}

/// A tag may be any word (RFC 3501 section 9, `tag`), so `250 OK` passes too: only the sender of the tag knows it.
fn tagged(line: &[u8]) -> Option<Response> {
    let tag_end = line.iter().position(|&byte| byte == b' ')?;
    let (tag, rest) = line.split_at(tag_end);
    let may_stand_in_a_tag = |byte: u8| byte != b'+' && (byte == b']' || is_atom_character(byte));
    if tag.is_empty() || !tag.iter().copied().all(may_stand_in_a_tag) {
        return None;
    }
    let (word, rest) = split_word(rest);
    match status_kind(word)? {
        kind @ (StatusKind::Ok | StatusKind::No | StatusKind::Bad) => Some(status(Some(lossy(tag)), kind, rest)),
        StatusKind::Bye | StatusKind::Preauth => None,
    }
}

fn status(tag: Option<String>, kind: StatusKind, rest: &[u8]) -> Response {
    let (code, text) = match code(rest) {
        Some((code, text)) => (Some(code), text),
        None => (None, rest),
    };
    Response::Status { tag, kind, code, text: lossy(text) }
}

/// The code in front of a status text, and the text after it. It ends at the first bracket, because it cannot contain
/// one (RFC 3501 section 9, `resp-text-code`). Without an end it is text and not a code.
fn code(rest: &[u8]) -> Option<(Code, &[u8])> {
    let inside = rest.strip_prefix(b"[")?;
    let end = inside.iter().position(|&byte| byte == b']')?;
    let (name, arguments) = split_word(&inside[..end]);
    let text = &inside[end + 1..];
    Some((
        Code { name: lossy(name).to_ascii_uppercase(), arguments: lossy(arguments) },
        text.strip_prefix(b" ").unwrap_or(text),
    ))
}

fn status_kind(word: &[u8]) -> Option<StatusKind> {
    [
        ("OK", StatusKind::Ok),
        ("NO", StatusKind::No),
        ("BAD", StatusKind::Bad),
        ("BYE", StatusKind::Bye),
        ("PREAUTH", StatusKind::Preauth),
    ]
    .into_iter()
    .find_map(|(name, kind)| word.eq_ignore_ascii_case(name.as_bytes()).then_some(kind))
}

/// The first word, and what follows the one space after it; spaces before the word are passed over.
fn split_word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let start = bytes.iter().position(|&byte| byte != b' ').unwrap_or(bytes.len());
    let bytes = &bytes[start..];
    match bytes.iter().position(|&byte| byte == b' ') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, b""),
    }
}

/// RFC 3501 section 9, `ATOM-CHAR`.
fn is_atom_character(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'(' | b')' | b'{' | b'%' | b'*' | b'"' | b'\\' | b']')
}
