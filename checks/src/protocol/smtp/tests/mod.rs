//! Proves the SMTP reader: on what servers really send, on rubbish, and against another reader.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bounds;
mod oracle;
mod transcripts;

use super::{EnhancedCode, Reader, Reply};
use crate::protocol::{Unreadable, cuts};

/// All replies in a transcript, however it is cut; nothing may be left over.
fn read(transcript: impl AsRef<[u8]>) -> Vec<Reply> {
    let (replies, leftover) = cuts::read_however_cut::<Reader>(transcript.as_ref());
    assert_eq!(leftover, b"");
    replies.into_iter().map(Result::unwrap).collect()
}

/// The only reply in a transcript.
fn read_one(transcript: impl AsRef<[u8]>) -> Reply {
    let mut replies = read(&transcript);
    assert_eq!(replies.len(), 1, "{}", String::from_utf8_lossy(transcript.as_ref()));
    replies.remove(0)
}

/// Why a transcript cannot be read.
fn refusal(transcript: impl AsRef<[u8]>) -> Unreadable {
    let (replies, _) = cuts::read_however_cut::<Reader>(transcript.as_ref());
    replies
        .into_iter()
        .find_map(Result::err)
        .unwrap_or_else(|| panic!("{:?} was read", String::from_utf8_lossy(transcript.as_ref())))
}

fn not_smtp(line: &str) -> Unreadable {
    Unreadable::NotThisProtocol { line: line.to_owned() }
}

fn enhanced(class: u8, subject: u16, detail: u16) -> EnhancedCode {
    EnhancedCode { class, subject, detail }
}
