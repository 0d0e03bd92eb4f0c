//! Wherever smtp-proto understands a reply, this reader does too, and says the same.

use proptest::prelude::*;
use smtp_proto::response::parser::ResponseReceiver;
use smtp_proto::{AUTH_LOGIN, AUTH_PLAIN, EXT_AUTH, EXT_SIZE, EXT_START_TLS, EhloResponse};

use super::super::Ehlo;
use super::bounds::nearly_smtp;
use super::{Reader, read_one};
use crate::protocol::Reader as _;

/// Reads the first reply with both, and says whether smtp-proto took it.
fn compare(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter();
    let Ok(theirs) = ResponseReceiver::default().parse(&mut rest) else { return false };
    let used = &bytes[..bytes.len() - rest.len()];
    // It also takes a first digit that no reply has, and drops every CR wherever it is.
    let has_stray_return = used.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n');
    let mut lines = used.split_inclusive(|&byte| byte == b'\n');
    if has_stray_return || lines.any(|line| !matches!(line.first(), Some(b'2'..=b'5'))) {
        return false;
    }
    let mut reader = Reader::default();
    reader.take(bytes);
    let ours = reader.next().expect("whole").unwrap();
    let shown = String::from_utf8_lossy(bytes);
    assert_eq!(reader.leftover(), rest.as_slice(), "{shown:?}");
    assert_eq!(ours.code, theirs.code, "{shown:?}");
    // It takes any class and empty parts, and the last line's where we take the first's; the end of an empty line is
    // text to it.
    let all_agree = ours.shown.iter().all(|line| {
        let text = line.get(4..).unwrap_or_default();
        match ours.enhanced {
            Some(code) => text.split(' ').next() == Some(&code.to_string()),
            None => !text.starts_with(|first: char| first == '.' || first.is_ascii_digit()),
        }
    });
    if all_agree {
        let [class, subject, detail] = theirs.esc.map(u16::from);
        let capped = |number: u16| number.min(255);
        let expected =
            ours.enhanced.map_or([0; 3], |code| [code.class.into(), capped(code.subject), capped(code.detail)]);
        assert_eq!([class, subject, detail], expected, "{shown:?}");
        let theirs = theirs.message.replace('\r', "");
        let said: Vec<_> = theirs.split('\n').filter(|line| !line.is_empty()).collect();
        assert_eq!(ours.lines.iter().filter(|line| !line.is_empty()).collect::<Vec<_>>(), said, "{shown:?}");
    }
    true
}

#[test]
fn both_say_the_same_of_real_replies() {
    for transcript in [
        &b"220 mail.example.com ESMTP Postfix\r\n"[..],
        b"550 5.7.0 From address is not one of your addresses\r\n",
        b"535 5.7.8 Error: authentication failed:\r\n",
        b"535 authentication failed\r\n",
        b"235 2.7.0 Authentication successful\r\n",
        b"535 5.7.139 Authentication unsuccessful\r\n",
        b"250 2.1.0\r\n",
        b"250\r\n",
        b"250 \r\n",
        b"250 ok\n",
        b"250-a\r\n250-\r\n250 b\r\n",
        b"550-5.7.26 one\r\n550 5.7.26 two\r\n",
        b"250-a\r\n550 b\r\n",
        b"535 \xe9chec\r\n",
        b"334 VXNlcm5hbWU6\r\n",
    ] {
        assert!(compare(transcript), "{}", String::from_utf8_lossy(transcript));
    }
}

#[test]
fn both_find_the_same_offers() {
    let transcript =
        "250-mail.example.com\r\n250-SIZE 28311552\r\n250-STARTTLS\r\n250-AUTH LOGIN PLAIN\r\n250 8BITMIME\r\n";
    let ours = Ehlo::read(&read_one(transcript));
    let theirs = EhloResponse::parse(&mut transcript.as_bytes().iter()).unwrap();
    assert_eq!(ours.greeting, theirs.hostname);
    for (name, bit) in [("SIZE", EXT_SIZE), ("STARTTLS", EXT_START_TLS), ("AUTH", EXT_AUTH)] {
        assert!(ours.offers(name) && theirs.has_capability(bit), "{name}");
    }
    assert_eq!(ours.mechanisms(), ["LOGIN", "PLAIN"]);
    assert_eq!(theirs.auth_mechanisms, AUTH_LOGIN | AUTH_PLAIN);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn both_say_the_same_of_what_chance_puts_together(bytes in nearly_smtp()) {
        compare(&bytes);
    }

    #[test]
    fn both_say_the_same_of_replies(
        lines in prop::collection::vec("[25]50-([25]\\.[0-9]{1,3}\\.[0-9]{1,3} )?[ -~]{0,12}", 0..3),
        last in "[2-5][0-9][0-9]( ([245]\\.[0-9]{1,3}\\.[0-9]{1,3} )?[ -~]{0,12})?",
        end in "(\r\n|\n)",
    ) {
        let reply: Vec<_> = lines.iter().chain([&last]).flat_map(|line| [line.as_str(), end.as_str()]).collect();
        compare(reply.concat().as_bytes());
    }
}
