//! What Apple's server, Postfix and others were seen to send, and what it says.

use super::super::Ehlo;
use super::{enhanced, not_smtp, read, read_one, refusal};

#[test]
fn refusals_are_read_with_their_enhanced_code() {
    for (line, code, enhanced, text) in [
        (
            "550 5.7.0 From address is not one of your addresses",
            550,
            Some(enhanced(5, 7, 0)),
            "From address is not one of your addresses",
        ),
        ("535 5.7.8 Error: authentication failed:", 535, Some(enhanced(5, 7, 8)), "Error: authentication failed:"),
        ("535 authentication failed", 535, None, "authentication failed"),
        (
            "554 5.7.1 <unknown[192.0.2.7]>: Client host rejected: Access denied",
            554,
            Some(enhanced(5, 7, 1)),
            "<unknown[192.0.2.7]>: Client host rejected: Access denied",
        ),
        (
            "550 5.7.1 <tim@icloud.com>: You have exceeded your daily sending limit. Please try again later.",
            550,
            Some(enhanced(5, 7, 1)),
            "<tim@icloud.com>: You have exceeded your daily sending limit. Please try again later.",
        ),
        (
            "554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
            554,
            Some(enhanced(5, 7, 1)),
            "[CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
        ),
        (
            "450 4.7.1 <host>: Helo command rejected: Host not found",
            450,
            Some(enhanced(4, 7, 1)),
            "<host>: Helo command rejected: Host not found",
        ),
        (
            "220 iCloud iscream SMTP proxy - p00-iscream-smtp-d759469dd-ss5bd 3.5.0 (2403B23-529c1e05a5df)",
            220,
            None,
            "iCloud iscream SMTP proxy - p00-iscream-smtp-d759469dd-ss5bd 3.5.0 (2403B23-529c1e05a5df)",
        ),
        ("535 5.7.139 Authentication unsuccessful", 535, Some(enhanced(5, 7, 139)), "Authentication unsuccessful"),
        ("235 2.7.0 Authentication successful", 235, Some(enhanced(2, 7, 0)), "Authentication successful"),
        ("334 VXNlcm5hbWU6", 334, None, "VXNlcm5hbWU6"),
        ("334 ", 334, None, ""),
        ("250 2.1.0", 250, Some(enhanced(2, 1, 0)), ""),
    ] {
        let reply = read_one(format!("{line}\r\n"));
        assert_eq!((reply.code, reply.enhanced, reply.text().as_str()), (code, enhanced, text), "{line}");
        assert_eq!(reply.shown, [line]);
    }
}

#[test]
fn what_only_looks_like_an_enhanced_code_is_text() {
    for line in [
        "550 4.7.1 other class",
        "354 3.7.1 no such class",
        "550 1.2.3 no such class",
        "550 5.7 too short",
        "550 5.7.1.2 too long",
        "550 5.7.1234 too many digits",
        "550 5.7.1: a colon",
        "550 5..1 empty",
        "550 05.7.1.",
        "550 \u{665}.7.1 not a digit of theirs",
    ] {
        let reply = read_one(format!("{line}\r\n"));
        assert_eq!(reply.enhanced, None, "{line}");
        assert_eq!(reply.text(), line[4..], "{line}");
    }
}

#[test]
fn an_enhanced_code_is_shown_as_it_is_written() {
    assert_eq!(enhanced(5, 7, 139).to_string(), "5.7.139");
}

#[test]
fn the_kind_of_a_reply_is_its_first_digit() {
    let kinds = |line: &str| {
        let reply = read_one(format!("{line}\r\n"));
        [reply.is_positive(), reply.is_intermediate(), reply.is_refusal()]
    };
    assert_eq!(kinds("250 ok"), [true, false, false]);
    assert_eq!(kinds("334 go on"), [false, true, false]);
    assert_eq!(kinds("454 later"), [false, false, true]);
    assert_eq!(kinds("535 no"), [false, false, true]);
}

#[test]
fn a_session_with_postfix_is_read_and_what_it_offers() {
    let transcript = "220 mail.example.com ESMTP Postfix\r\n\
        250-mail.example.com\r\n250-PIPELINING\r\n250-SIZE 28311552\r\n250-STARTTLS\r\n250-ENHANCEDSTATUSCODES\r\n\
        250-8BITMIME\r\n250 SMTPUTF8\r\n\
        220 2.0.0 Ready to start TLS\r\n\
        250-mail.example.com\r\n250-AUTH LOGIN PLAIN ATOKEN WSTOKEN WETOKEN\r\n250-AUTH=LOGIN plain XAPPLE\r\n250 dsn\r\n\
        235 2.7.0 Authentication successful\r\n\
        221 2.0.0 Bye\r\n";
    let replies = read(transcript);
    assert_eq!(replies.len(), 6);

    let before = Ehlo::read(&replies[1]);
    assert_eq!(before.greeting, "mail.example.com");
    assert!(before.offers("starttls") && !before.offers("AUTH"));
    assert_eq!(before.keywords[1].name, "SIZE");
    assert_eq!(before.keywords[1].parameters, ["28311552"]);
    assert!(before.mechanisms().is_empty());

    let after = Ehlo::read(&replies[3]);
    assert!(after.offers("AUTH") && after.offers("DSN") && !after.offers("STARTTLS"));
    assert_eq!(after.mechanisms(), ["LOGIN", "PLAIN", "ATOKEN", "WSTOKEN", "WETOKEN", "XAPPLE"]);
}

#[test]
fn careless_answers_to_ehlo_are_read() {
    let reply = read_one("250-\r\n250-\r\n250- AUTH=  PLAIN\r\n250-auth=login\r\n250-SIZE=35882577\r\n250\r\n");
    let ehlo = Ehlo::read(&reply);
    assert_eq!(ehlo.greeting, "");
    assert_eq!(ehlo.keywords.iter().map(|keyword| keyword.name.as_str()).collect::<Vec<_>>(), ["AUTH", "AUTH", "SIZE"]);
    assert_eq!(ehlo.mechanisms(), ["PLAIN", "LOGIN"]);
    assert_eq!(ehlo.keywords[2].parameters, ["35882577"]);
}

#[test]
fn a_reply_of_several_lines_keeps_each() {
    let reply =
        read_one("550-5.7.26 Unauthenticated email is not accepted\r\n550-5.7.26 see below\r\n550 5.7.26 the end\r\n");
    assert_eq!((reply.code, reply.enhanced), (550, Some(enhanced(5, 7, 26))));
    assert_eq!(reply.lines, ["Unauthenticated email is not accepted", "see below", "the end"]);
    assert_eq!(reply.text(), "Unauthenticated email is not accepted see below the end");
    assert_eq!(reply.shown[2], "550 5.7.26 the end");
}

#[test]
fn odd_replies_are_read() {
    for (transcript, code, lines) in [
        (&b"250\r\n"[..], 250, &[""][..]),
        (b"250 ok\n", 250, &["ok"]),
        (b"250-a\r\n250\n", 250, &["a", ""]),
        (b"250-a\r\n550 5.7.1 b\r\n", 250, &["a", "5.7.1 b"]),
        (b"535 5.7.8 \xe9chec\r\n", 535, &["\u{fffd}chec"]),
        ("535 5.7.8 échec\r\n".as_bytes(), 535, &["échec"]),
        (b"220 \x1b[31mred\r\n", 220, &["\u{1b}[31mred"]),
        (b"220 ok\r\r\n", 220, &["ok"]),
        (b"220 a\tb \r\n", 220, &["a\tb "]),
    ] {
        let reply = read_one(transcript);
        let shown = String::from_utf8_lossy(transcript);
        assert_eq!(reply.code, code, "{shown}");
        assert_eq!(reply.lines, lines, "{shown}");
    }
}

#[test]
fn what_is_not_smtp_is_said_to_be_so() {
    for line in [
        "* OK [CAPABILITY IMAP4rev1] ready",
        "HTTP/1.1 400 Bad Request",
        "SSH-2.0-OpenSSH_9.9",
        "+OK POP3 ready",
        "",
        "25",
        "2500 x",
        "250x",
        "250\tok",
        "150 no such class",
        "999 no such class",
        "000 no such class",
        " 250 ok",
        "\u{16}\u{3}\u{1}",
    ] {
        assert_eq!(refusal(format!("{line}\r\n")), not_smtp(line), "{line:?}");
    }
    assert_eq!(refusal("250-mail.example.com\r\nSTARTTLS\r\n250 ok\r\n"), not_smtp("STARTTLS"));
}

#[test]
fn reading_goes_on_after_a_line_that_is_not_smtp_and_a_reply_half_come_is_left_over() {
    let (replies, leftover) =
        crate::protocol::cuts::read_however_cut::<super::Reader>(b"rubbish\r\n220 ready\r\n250-half\r\n250-ha");
    assert_eq!(replies.len(), 2);
    assert_eq!(replies[0], Err(not_smtp("rubbish")));
    assert_eq!(replies[1].as_ref().unwrap().code, 220);
    assert_eq!(leftover, b"250-half\r\n250-ha");
}

#[test]
fn what_is_slipped_in_before_tls_is_left_over() {
    let mut reader = super::Reader::default();
    crate::protocol::Reader::take(&mut reader, b"220 2.0.0 Ready to start TLS\r\n250 injected\r\n");
    assert!(crate::protocol::Reader::next(&mut reader).is_some());
    assert_eq!(crate::protocol::Reader::leftover(&reader), b"250 injected\r\n");
}
