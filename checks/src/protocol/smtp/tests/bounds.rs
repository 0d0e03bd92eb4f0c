//! However a server behaves, what is held stays within bounds.

use proptest::prelude::*;

use super::super::{LINE_MAX, LINES_MAX};
use super::{Reader, Reply, refusal};
use crate::protocol::held::HELD_MAX;
use crate::protocol::{Reader as _, Unreadable, cuts};

/// Bytes that have a meaning somewhere in SMTP, so that chance puts together what nearly is a reply.
pub(super) fn nearly_smtp() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&'static [u8]> = vec![
        b"250 ",
        b"250-",
        b"250",
        b"250-",
        b"550 ",
        b"550-",
        b"220 ",
        b"454 ",
        b"999 ",
        b"2",
        b"5",
        b"5.7.8 ",
        b"2.1.0 ",
        b"2.1.0",
        b"4.7.1 ",
        b"5.7.139 ",
        b"2.1",
        b".",
        b" ",
        b"-",
        b"text",
        b"AUTH PLAIN",
        b"AUTH=",
        b"* OK ",
        b"\t",
        b"\r\n",
        b"\r\n",
        b"\r\n",
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"\xc3\xa9",
        b"\xff",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

fn assert_bounded(bytes: &[u8]) {
    let (replies, leftover) = cuts::read_however_cut::<Reader>(bytes);
    assert!(leftover.len() <= HELD_MAX);
    for reply in replies.into_iter().flatten() {
        assert!((200..600).contains(&reply.code));
        assert!((1..=LINES_MAX).contains(&reply.lines.len()));
        assert_eq!(reply.lines.len(), reply.shown.len());
        assert!(reply.shown.iter().all(|line| line.len() <= 3 * LINE_MAX), "a byte becomes a replacement at most");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_the_same_however_cut(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        assert_bounded(&bytes);
    }

    #[test]
    fn what_is_nearly_smtp_is_read_the_same_however_cut(bytes in nearly_smtp()) {
        assert_bounded(&bytes);
    }
}

fn fed<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Result<Reply, Unreadable>>, Vec<u8>) {
    cuts::read::<Reader>(pieces)
}

#[test]
fn a_line_as_long_as_the_bound_is_read_and_one_byte_more_is_not() {
    for (filling, is_read) in [(LINE_MAX - 6, true), (LINE_MAX - 5, false)] {
        let line = format!("250 {}\r\n", "x".repeat(filling));
        for size in [line.len(), 512, 1] {
            let (replies, leftover) = fed(line.as_bytes().chunks(size));
            assert_eq!(replies.len(), 1);
            assert_eq!(replies[0].is_ok(), is_read);
            assert_eq!(leftover, b"");
        }
    }
}

#[test]
fn a_reply_of_as_many_lines_as_the_bound_is_read_and_of_one_more_is_not() {
    let reply = |lines: usize| format!("{}250 x\r\n", "250-x\r\n".repeat(lines - 1));
    assert_eq!(super::read_one(reply(LINES_MAX)).lines.len(), LINES_MAX);
    assert_eq!(refusal(reply(LINES_MAX + 1)), Unreadable::TooLong);
}

#[test]
fn a_server_that_never_ends_is_given_up_and_nothing_is_held_afterwards() {
    for endless in ["x", "250-x\r\n"] {
        let bytes: Vec<u8> = endless.bytes().cycle().take(3 * HELD_MAX).collect();
        for size in [bytes.len(), 4096] {
            let (replies, leftover) = fed(bytes.chunks(size).chain([&b"\r\n250 ok\r\n"[..]]));
            assert_eq!(replies, [Err(Unreadable::TooLong)]);
            assert_eq!(leftover, b"");
        }
    }
}

#[test]
fn two_readers_fed_the_same_hold_no_more_than_the_bound_without_being_asked() {
    let mut reader = Reader::default();
    for _ in 0..10 {
        reader.take(&vec![b'2'; HELD_MAX / 2]);
        assert!(reader.leftover().len() <= HELD_MAX);
    }
    assert_eq!(reader.next(), Some(Err(Unreadable::TooLong)));
    assert_eq!(reader.next(), None);
}
