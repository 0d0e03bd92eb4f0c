//! Proves the IMAP reader: on what servers really send, on rubbish, and against another reader.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bounds;
mod oddities;
mod oracle;
mod transcripts;

use super::{Answer, Code, Reader, Response, StatusKind, Value};
use crate::protocol::{Unreadable, cuts};

/// All answers in a transcript, however it is cut; nothing may be left over.
fn read(transcript: impl AsRef<[u8]>) -> Vec<Answer> {
    let (answers, leftover) = cuts::read_however_cut::<Reader>(transcript.as_ref());
    assert_eq!(leftover, b"");
    answers.into_iter().map(Result::unwrap).collect()
}

/// The only answer in a line that needs no end.
fn read_line(line: &str) -> Answer {
    let mut answers = read(format!("{line}\r\n"));
    assert_eq!(answers.len(), 1, "{line}");
    answers.remove(0)
}

/// Why a transcript cannot be read.
fn refusal(transcript: impl AsRef<[u8]>) -> Unreadable {
    let (answers, _) = cuts::read_however_cut::<Reader>(transcript.as_ref());
    answers
        .into_iter()
        .find_map(Result::err)
        .unwrap_or_else(|| panic!("{:?} was read", String::from_utf8_lossy(transcript.as_ref())))
}

fn not_imap(line: &str) -> Unreadable {
    Unreadable::NotThisProtocol { line: line.to_owned() }
}

fn status(tag: &str, kind: StatusKind, code: Option<(&str, &str)>, text: &str) -> Response {
    Response::Status {
        tag: (tag != "*").then(|| tag.to_owned()),
        kind,
        code: code.map(|(name, arguments)| Code { name: name.to_owned(), arguments: arguments.to_owned() }),
        text: text.to_owned(),
    }
}

fn data(name: &str, values: impl IntoIterator<Item = Value>) -> Response {
    Response::Data { number: None, name: name.to_owned(), values: values.into_iter().collect() }
}

fn atom(text: &str) -> Value {
    Value::Atom(text.to_owned())
}

fn quoted(text: &str) -> Value {
    Value::Quoted(text.to_owned())
}

fn literal(text: &str) -> Value {
    Value::Literal(text.to_owned())
}

fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::List(values.into_iter().collect())
}
