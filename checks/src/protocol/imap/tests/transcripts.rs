//! What Apple's server and others were seen to send, and what it says.

use super::StatusKind::{Bad, Bye, No, Ok, Preauth};
use super::{Response, Value, atom, data, list, literal, quoted, read, read_line, status};

/// Apple's after login in January 2025 (from the recordings of `MailKit`).
const SIGNED_IN_2025: &str = "* CAPABILITY XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 CONDSTORE ENABLE QRESYNC QUOTA \
    XAPPLELITERAL NAMESPACE UIDPLUS CHILDREN BINARY UNSELECT SORT CATENATE URLAUTH LANGUAGE ESEARCH ESORT \
    THREAD=ORDEREDSUBJECT THREAD=REFERENCES CONTEXT=SEARCH CONTEXT=SORT WITHIN SASL-IR SEARCHRES METADATA ID XMSEARCH \
    X-SUN-SORT ANNOTATE-EXPERIMENT-1 X-UNAUTHENTICATE X-SUN-IMAP XUM1 MULTISEARCH IDLE X-APPLE-REMOTE-LINKS LIST-STATUS";

#[test]
fn ten_years_of_apples_greetings_are_read() {
    let words = "XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN AUTH=PLAIN";
    let more = "XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN AUTH=PLAIN AUTH=ATOKEN2 AUTH=XOAUTH2";
    let first = format!("mr11p00im-iscream004 15E201 {words}");
    for (capabilities, text) in [
        (
            first.as_str(),
            "iSCREAM ready to rumble (15E201-d02dd996912b:24762) mr11p00im-iscream004 [31:1461:18:16:40:81]",
        ),
        (words, "(2109B29-d3afe4d5aba6) pv33p00im-iscream021.me.com"),
        (words, "(2313B20-3ff771b405ab) pv50p00im-tygg10010601.me.com"),
        (words, "(2409B40-f42d5d1bd981) mr36p00im-tygg11200301.me.com"),
        (more, "(2428B47-26126cfe23cd) p00-iscream-f9f7bf749-qjr87"),
        (more, "(2606B15-0579518368c0) p00-iscream-55668b59f7-6f7mg"),
    ] {
        let line = format!("* OK [CAPABILITY {capabilities}] {text}");
        let answer = read_line(&line);
        assert_eq!(answer.response, status("*", Ok, Some(("CAPABILITY", capabilities)), text));
        assert_eq!(answer.line, line);
        let offered = answer.capabilities().unwrap();
        assert!(offered.contains(&"AUTH=ATOKEN".to_owned()) && offered.contains(&"IMAP4REV1".to_owned()));
        assert_eq!(offered.len(), capabilities.split(' ').count());
    }
}

#[test]
fn apples_statuses_are_read() {
    let failed = Some(("AUTHENTICATIONFAILED", ""));
    for (line, expected) in [
        ("1 NO [AUTHENTICATIONFAILED] Authentication failed", status("1", No, failed, "Authentication failed")),
        ("A2 NO [AUTHENTICATIONFAILED] Authentication Failed", status("A2", No, failed, "Authentication Failed")),
        ("A2 BAD unmatch quote", status("A2", Bad, None, "unmatch quote")),
        (
            "1 BAD [UNAVAILABLE] Service temporarily unavailable",
            status("1", Bad, Some(("UNAVAILABLE", "")), "Service temporarily unavailable"),
        ),
        ("A3 BAD Parse Error (took 0 ms)", status("A3", Bad, None, "Parse Error (took 0 ms)")),
        ("1000 OK !!", status("1000", Ok, None, "!!")),
        ("c00003 OK Completed", status("c00003", Ok, None, "Completed")),
        ("1 OK user johnappleseed authenticated", status("1", Ok, None, "user johnappleseed authenticated")),
        ("A4 OK NAMESPACE completed (took 0 ms)", status("A4", Ok, None, "NAMESPACE completed (took 0 ms)")),
        (
            "A5 NO [NONEXISTENT] Mailbox does not exist (took 1 ms)",
            status("A5", No, Some(("NONEXISTENT", "")), "Mailbox does not exist (took 1 ms)"),
        ),
        ("A6 NO Unexpected exception (took 3548 ms)", status("A6", No, None, "Unexpected exception (took 3548 ms)")),
    ] {
        let answer = read_line(line);
        assert_eq!(answer.response, expected, "{line}");
    }
}

#[test]
fn apples_capabilities_are_found_in_data_and_in_the_answer_to_login() {
    let answer = read_line(SIGNED_IN_2025);
    let words: Vec<_> = SIGNED_IN_2025.split(' ').skip(2).map(str::to_ascii_uppercase).collect();
    assert_eq!(answer.capabilities(), Some(words));

    let login = read_line("A00000000 OK [CAPABILITY XAPPLEPUSHSERVICE IMAP4 IDLE] User johnappleseed logged in");
    assert_eq!(login.capabilities(), Some(vec!["XAPPLEPUSHSERVICE".into(), "IMAP4".into(), "IDLE".into()]));

    assert_eq!(read_line("* OK ready").capabilities(), None);
    assert_eq!(read_line("* ID NIL").capabilities(), None);
    assert_eq!(read_line("* 5 CAPABILITY IDLE").capabilities(), None);
}

#[test]
fn apples_folders_and_namespaces_are_read() {
    let transcript = "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n\
        A1 OK NAMESPACE completed (took 0 ms)\r\n\
        * LIST (\\Noinferiors) \"/\" \"INBOX\"\r\n\
        * LIST (\\HasNoChildren \\Sent) \"/\" \"Sent Messages\"\r\n\
        * LIST () \"/\" \"Notes\"\r\n\
        A2 OK LIST completed (took 0 ms)\r\n";
    let responses: Vec<_> = read(transcript).into_iter().map(|answer| answer.response).collect();
    let slash = || quoted("/");
    assert_eq!(
        responses,
        [
            data("NAMESPACE", [list([list([quoted(""), slash()])]), Value::Nil, Value::Nil]),
            status("A1", Ok, None, "NAMESPACE completed (took 0 ms)"),
            data("LIST", [list([atom("\\Noinferiors")]), slash(), quoted("INBOX")]),
            data("LIST", [list([atom("\\HasNoChildren"), atom("\\Sent")]), slash(), quoted("Sent Messages")]),
            data("LIST", [list([]), slash(), quoted("Notes")]),
            status("A2", Ok, None, "LIST completed (took 0 ms)"),
        ]
    );
}

#[test]
fn a_session_with_dovecot_is_read() {
    let transcript = "* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN] Dovecot ready.\r\n\
        + \r\n\
        A1 OK [CAPABILITY IMAP4rev1 QUOTA] Logged in\r\n\
        * ID (\"name\" \"Dovecot\" \"support-url\" NIL)\r\n\
        A2 OK ID completed (0.001 + 0.000 secs).\r\n\
        * QUOTAROOT INBOX \"User quota\"\r\n\
        * QUOTA \"User quota\" (STORAGE 232 512000)\r\n\
        A3 OK Getquotaroot completed (0.002 + 0.000 + 0.001 secs).\r\n\
        * BYE Logging out\r\n\
        A4 OK Logout completed (0.001 + 0.000 secs).\r\n";
    let answers = read(transcript);
    let responses: Vec<_> = answers.into_iter().map(|answer| answer.response).collect();
    assert_eq!(responses[1], Response::Continue { text: String::new() });
    let pairs = [quoted("name"), quoted("Dovecot"), quoted("support-url"), Value::Nil];
    assert_eq!(responses[3], data("ID", [list(pairs)]));
    assert_eq!(responses[5], data("QUOTAROOT", [atom("INBOX"), quoted("User quota")]));
    let storage = list([atom("STORAGE"), atom("232"), atom("512000")]);
    assert_eq!(responses[6], data("QUOTA", [quoted("User quota"), storage]));
    assert_eq!(responses[8], status("*", Bye, None, "Logging out"));
    assert_eq!(responses.len(), 10);
}

#[test]
fn greetings_that_say_something_else_than_ready_are_read() {
    for (line, expected) in [
        ("* PREAUTH welcome", status("*", Preauth, None, "welcome")),
        ("* BYE Too many connections", status("*", Bye, None, "Too many connections")),
        (
            "* BYE [UNAVAILABLE] Temporary authentication failure. [mx1:2026-10-01 10:00:00]",
            status("*", Bye, Some(("UNAVAILABLE", "")), "Temporary authentication failure. [mx1:2026-10-01 10:00:00]"),
        ),
        ("* NO not now", status("*", No, None, "not now")),
        ("* BAD what?", status("*", Bad, None, "what?")),
        ("* ok lower case", status("*", Ok, None, "lower case")),
    ] {
        assert_eq!(read_line(line).response, expected, "{line}");
    }
}

#[test]
fn a_message_is_read_across_its_literals() {
    let transcript = "* 12 FETCH (UID 7 BODY[HEADER.FIELDS (SUBJECT)] {16}\r\nSubject: a (b]\r\n BODY[]<0> {0}\r\n FLAGS (\\Seen))\r\n\
        * LIST () \"/\" {7+}\r\na\r\nb {3\r\n\
        * 3 FETCH (BINARY[1] ~{3}\r\n{1})\r\n";
    let responses: Vec<_> = read(transcript).into_iter().map(|answer| answer.response).collect();
    let parts = [
        atom("UID"),
        atom("7"),
        atom("BODY[HEADER.FIELDS (SUBJECT)]"),
        literal("Subject: a (b]\r\n"),
        atom("BODY[]<0>"),
        literal(""),
        atom("FLAGS"),
        list([atom("\\Seen")]),
    ];
    assert_eq!(
        responses,
        [
            Response::Data { number: Some(12), name: "FETCH".into(), values: vec![list(parts)] },
            data("LIST", [list([]), quoted("/"), literal("a\r\nb {3")]),
            Response::Data {
                number: Some(3),
                name: "FETCH".into(),
                values: vec![list([atom("BINARY[1]"), literal("{1}")])]
            },
        ]
    );
}
