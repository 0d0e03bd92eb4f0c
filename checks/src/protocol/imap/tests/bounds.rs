//! However a server behaves, what is held and how deep it is nested stays within bounds.

use proptest::prelude::*;

use super::super::{DEPTH_MAX, FRAME_MAX};
use super::{Reader, Response, Value, read_line, refusal};
use crate::protocol::held::HELD_MAX;
use crate::protocol::{Reader as _, Unreadable, cuts};

/// Bytes that have a meaning somewhere in IMAP, so that chance puts together what nearly is a response.
pub(super) fn nearly_imap() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&'static [u8]> = vec![
        b"* ",
        b"* ",
        b"* ",
        b"+ ",
        b"+",
        b"A1 ",
        b"A1 ",
        b"OK ",
        b"OK ",
        b"NO ",
        b"BAD ",
        b"BYE ",
        b"PREAUTH ",
        b"OK",
        b"NO",
        b"[",
        b"] ",
        b"]",
        b"[ALERT] ",
        b"[CAPABILITY IMAP4rev1] ",
        b"[UIDNEXT 4] ",
        b"[X-Y z] ",
        b" ",
        b" ",
        b"(",
        b")",
        b"\"",
        b"\\",
        b"\"a\" ",
        b"NIL ",
        b"NIL",
        b"1 ",
        b"23 EXISTS",
        b"FLAGS (\\Seen)",
        b"LIST () \"/\" ",
        b"INBOX",
        b"STATUS ",
        b"(MESSAGES 1)",
        b"CAPABILITY IMAP4rev1",
        b"CAPABILITY ",
        b"FETCH (",
        b"BODY[HEADER.FIELDS (TO)] ",
        b"ID ",
        b"ab",
        b"text",
        b"=",
        b"\t",
        b"{2}\r\n",
        b"{2+}\r\n",
        b"~{1}\r\n",
        b"{99999999999}\r\n",
        b"{0}\r\n",
        b"{1048577}\r\n",
        b"{",
        b"}",
        b"\r",
        b"\n",
        b"\r\n",
        b"\r\n",
        b"\r\n",
        b"\r\n",
        b"\0",
        b"\x1b",
        b"\xc3\xa9",
        b"\xff",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

fn depth(values: &[Value]) -> usize {
    values.iter().map(|value| if let Value::List(inner) = value { 1 + depth(inner) } else { 0 }).max().unwrap_or(0)
}

fn assert_bounded(bytes: &[u8]) {
    let (answers, leftover) = cuts::read_however_cut::<Reader>(bytes);
    assert!(leftover.len() <= HELD_MAX);
    for answer in answers.into_iter().flatten() {
        assert!(answer.line.len() <= 3 * FRAME_MAX, "a byte becomes a replacement character at most");
        if let Response::Data { values, .. } = answer.response {
            assert!(depth(&values) <= DEPTH_MAX);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_the_same_however_cut(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        assert_bounded(&bytes);
    }

    #[test]
    fn what_is_nearly_imap_is_read_the_same_however_cut(bytes in nearly_imap()) {
        assert_bounded(&bytes);
    }

    #[test]
    fn any_data_is_read_the_same_however_cut(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        assert_bounded(&[b"* X ", bytes.as_slice(), b"\r\n"].concat());
    }
}

/// What is left of a reader that was fed in big pieces, and what it said last.
fn fed(pieces: &[&[u8]]) -> (Option<Result<(), Unreadable>>, usize) {
    let mut reader = Reader::default();
    let mut last = None;
    for piece in pieces {
        reader.take(piece);
        while let Some(answer) = reader.next() {
            last = Some(answer.map(drop));
        }
    }
    (last, reader.leftover().len())
}

#[test]
fn a_response_as_long_as_the_bound_is_read_and_one_byte_more_is_not() {
    for (filling, expected) in [(FRAME_MAX - 7, Ok(())), (FRAME_MAX - 6, Err(Unreadable::TooLong))] {
        let line = [b"* OK ", "x".repeat(filling).as_bytes(), b"\r\n"].concat();
        assert_eq!(fed(&[&line]), (Some(expected.clone()), 0));
        assert_eq!(fed(&line.chunks(4096).collect::<Vec<_>>()), (Some(expected), 0));
    }
}

#[test]
fn a_line_without_an_end_is_given_up_and_nothing_is_held_afterwards() {
    let endless = vec![b'a'; 5 * HELD_MAX];
    assert_eq!(fed(&endless.chunks(8192).collect::<Vec<_>>()), (Some(Err(Unreadable::TooLong)), 0));
    assert_eq!(fed(&[&endless, b"\r\n* OK ready\r\n"]), (Some(Err(Unreadable::TooLong)), 0));
}

#[test]
fn a_literal_that_cannot_fit_is_given_up_when_it_is_announced() {
    for length in ["1048576", "4294967295", "9999999999", "10000000000", "00000000001", "99999999999999999999999"] {
        assert_eq!(refusal(format!("* 1 FETCH (BODY[] {{{length}}}\r\n")), Unreadable::TooLong, "{length}");
    }
}

#[test]
fn lists_are_read_as_deep_as_the_bound_and_no_deeper() {
    let nested = |depth| format!("* X {}{}", "(".repeat(depth), ")".repeat(depth));
    let Response::Data { values, .. } = read_line(&nested(DEPTH_MAX)).response else { panic!("no data") };
    assert_eq!(depth(&values), DEPTH_MAX);
    assert_eq!(refusal(format!("{}\r\n", nested(DEPTH_MAX + 1))), Unreadable::TooLong);
}

#[test]
fn bytes_made_to_be_slow_are_read_in_one_go() {
    for hostile in ["[", "[]", "{", "{1", "\"", "\"\\", "((", "a ", "~{1}", "{1}\n", "\n", "* X\n"] {
        let mut bytes = b"* X ".to_vec();
        bytes.extend(hostile.bytes().cycle().take(FRAME_MAX - 10));
        bytes.extend_from_slice(b"\r\n");
        let (last, _) = fed(&[&bytes]);
        assert!(last.is_some(), "{hostile:?}");
    }
}
