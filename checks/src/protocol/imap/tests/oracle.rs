//! Wherever imap-codec understands a response, this reader does too, and says the same.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imap_codec::decode::Decoder as _;
use imap_codec::encode::Encoder as _;
use imap_codec::imap_types::response::{
    Code, CommandContinuationRequest, Data, GreetingKind, Response as Theirs, Status, StatusKind as TheirKind,
};
use imap_codec::{GreetingCodec, ResponseCodec};
use proptest::prelude::*;

use super::bounds::nearly_imap;
use super::{Answer, Reader, Response, StatusKind, Value};
use crate::protocol::Reader as _;

/// What imap-codec puts where a server left the text out.
const LEFT_OUT: &str = "...";

/// Reads the first response with both, and says whether imap-codec took it.
fn compare(bytes: &[u8]) -> bool {
    let mut is_taken = false;
    if let Ok((rest, greeting)) = GreetingCodec::default().decode(bytes) {
        let kind = match greeting.kind {
            GreetingKind::Ok => StatusKind::Ok,
            GreetingKind::PreAuth => StatusKind::Preauth,
            GreetingKind::Bye => StatusKind::Bye,
        };
        let answer = first(bytes, rest);
        assert_status(&answer, None, kind, greeting.code.as_ref(), greeting.text.inner());
        is_taken = true;
    }
    if let Ok((rest, response)) = ResponseCodec::default().decode(bytes) {
        let answer = first(bytes, rest);
        match &response {
            Theirs::Status(status) => {
                let (tag, kind) = match status {
                    Status::Tagged(tagged) => (Some(tagged.tag.inner()), kind(tagged.body.kind)),
                    Status::Untagged(body) => (None, kind(body.kind)),
                    Status::Bye(_) => (None, StatusKind::Bye),
                };
                assert_status(&answer, tag, kind, status.code(), status.text().inner());
            }
            Theirs::Data(data) => assert_data(&answer, data),
            Theirs::CommandContinuationRequest(request) => {
                let Response::Continue { text } = &answer.response else { panic!("{answer:?}") };
                match request {
                    CommandContinuationRequest::Basic(basic) => {
                        let theirs = basic.text().inner();
                        assert!(text.ends_with(theirs) || theirs == LEFT_OUT, "{text:?} does not end in {theirs:?}");
                    }
                    CommandContinuationRequest::Base64(bytes) => {
                        assert_eq!(STANDARD.decode(text).unwrap(), bytes.as_ref());
                    }
                }
            }
        }
        is_taken = true;
    }
    is_taken
}

/// Our first answer, which must end where theirs does.
fn first(bytes: &[u8], their_rest: &[u8]) -> Answer {
    let mut reader = Reader::default();
    reader.take(bytes);
    let answer = reader.next();
    assert_eq!(reader.leftover(), their_rest, "{:?}", String::from_utf8_lossy(bytes));
    answer.expect("whole").unwrap()
}

fn assert_status(answer: &Answer, tag: Option<&str>, kind: StatusKind, code: Option<&Code>, text: &str) {
    let Response::Status { tag: our_tag, kind: our_kind, code: our_code, text: our_text } = &answer.response else {
        panic!("{answer:?}")
    };
    assert_eq!(our_tag.as_deref(), tag);
    assert_eq!(*our_kind, kind);
    assert_eq!(our_code.as_ref().map(|code| code.name.clone()), code.map(name));
    assert!(our_text == text || (our_text.is_empty() && text == LEFT_OUT), "{our_text:?} is not {text:?}");
}

fn assert_data(answer: &Answer, data: &Data) {
    let Response::Data { number, name, values } = &answer.response else { panic!("{answer:?}") };
    match data {
        Data::Capability(theirs) => {
            let theirs = theirs.as_ref().iter().map(|word| word.to_string().to_ascii_uppercase());
            // We do not read `NIL` as a word, and it is not a capability.
            let theirs = theirs.filter(|word| word != "NIL").collect();
            assert_eq!(answer.capabilities(), Some(theirs));
        }
        Data::Exists(theirs) => assert_eq!((*number, name.as_str()), (Some(*theirs), "EXISTS")),
        Data::Recent(theirs) => assert_eq!((*number, name.as_str()), (Some(*theirs), "RECENT")),
        Data::Expunge(theirs) => assert_eq!((*number, name.as_str()), (Some(theirs.get()), "EXPUNGE")),
        Data::Fetch { seq, .. } => {
            assert_eq!((*number, name.as_str()), (Some(seq.get()), "FETCH"));
            assert!(matches!(values.as_slice(), [Value::List(_)]));
        }
        Data::List { items, .. } => {
            assert_eq!((*number, name.as_str()), (None, "LIST"));
            let [Value::List(flags), _, _] = values.as_slice() else { panic!("{values:?}") };
            assert_eq!(flags.len(), items.len());
        }
        Data::Status { items, .. } => {
            assert_eq!((*number, name.as_str()), (None, "STATUS"));
            let [_, Value::List(pairs)] = values.as_slice() else { panic!("{values:?}") };
            assert_eq!(pairs.len(), 2 * items.len());
        }
        _ => assert_eq!(*number, None),
    }
}

fn kind(theirs: TheirKind) -> StatusKind {
    match theirs {
        TheirKind::Ok => StatusKind::Ok,
        TheirKind::No => StatusKind::No,
        TheirKind::Bad => StatusKind::Bad,
    }
}

/// The name of their code, as they write it.
fn name(code: &Code) -> String {
    let status = Status::ok(None, Some(code.clone()), "x").unwrap();
    let wire = ResponseCodec::default().encode(&Theirs::Status(status)).dump();
    let wire = String::from_utf8_lossy(&wire).into_owned();
    let code = wire.strip_prefix("* OK [").expect("a code");
    code.trim_start_matches(' ').split([' ', ']']).next().expect("a word").to_ascii_uppercase()
}

#[test]
fn both_say_the_same_of_real_lines() {
    let lines = "* OK [CAPABILITY XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN AUTH=PLAIN] (2109B29-d3afe4d5aba6) x\r\n\
        * PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n\
        * BYE Logging out\r\n\
        A1 NO [AUTHENTICATIONFAILED] Authentication Failed\r\n\
        A1 BAD unmatch quote\r\n\
        1 BAD [UNAVAILABLE] Service temporarily unavailable\r\n\
        1000 OK !!\r\n\
        * OK [PERMANENTFLAGS (\\Answered \\Seen \\*)] Flags permitted.\r\n\
        * OK [UIDVALIDITY 1] UIDs valid\r\n\
        * OK [UIDNEXT 4392] Predicted next UID\r\n\
        * OK [HIGHESTMODSEQ 715194045007] ok\r\n\
        A2 OK [READ-ONLY] EXAMINE completed\r\n\
        A3 OK [APPENDUID 38505 3955] APPEND completed\r\n\
        A3 NO [BADCHARSET (UTF-8)] no\r\n\
        A4 NO [X [y] z] text\r\n\
        * CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN\r\n\
        * LIST (\\Noinferiors) \"/\" \"INBOX\"\r\n\
        * LIST () NIL {5}\r\na (b]\r\n\
        * STATUS INBOX (MESSAGES 231 UIDNEXT 44292)\r\n\
        * SEARCH 2 84 882\r\n\
        * FLAGS (\\Answered \\Seen)\r\n\
        * QUOTAROOT INBOX \"\"\r\n\
        * QUOTA \"\" (STORAGE 10 512)\r\n\
        * 23 EXISTS\r\n\
        * 5 RECENT\r\n\
        * 44 EXPUNGE\r\n\
        * 12 FETCH (FLAGS (\\Seen) UID 4827313 RFC822.SIZE 44827 BODY[HEADER.FIELDS (SUBJECT)] {13}\r\nSubject: (]\r\n)\r\n\
        + \r\n\
        + AHRpbQB0YW5zdGFhZg==\r\n\
        + idling\r\n";
    // A line of the list that is not taken would prove nothing.
    let mut rest = lines.as_bytes();
    while !rest.is_empty() {
        assert!(compare(rest), "{}", String::from_utf8_lossy(rest));
        let mut reader = Reader::default();
        reader.take(rest);
        reader.next();
        rest = &rest[rest.len() - reader.leftover().len()..];
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn both_say_the_same_of_what_chance_puts_together(bytes in nearly_imap()) {
        compare(&bytes);
    }

    #[test]
    fn both_say_the_same_of_statuses(
        start in "(\\*|A1|[a-z0-9\\]]{1,4}) (OK|no|Bad|BYE|PREAUTH) ",
        code in "(|\\[[A-Za-z0-9 ()\\\\*:,-]{0,12}\\] ?|\\[(CAPABILITY|UIDNEXT|ALERT|READ-WRITE|PARSE)[ A-Z0-9]{0,6}\\] ?)",
        text in "[ -~]{0,12}",
    ) {
        compare(format!("{start}{code}{text}\r\n").as_bytes());
    }
}
