//! What no grammar allows and servers send all the same, and what is not IMAP at all.

use super::StatusKind::{Bad, Bye, No, Ok};
use super::{Response, Value, atom, data, list, not_imap, quoted, read, read_line, refusal, status};

#[test]
fn odd_statuses_are_read() {
    for (line, expected) in [
        (&b"* OK\r\n"[..], status("*", Ok, None, "")),
        (b"* OK \r\n", status("*", Ok, None, "")),
        (b"* BYE\r\n", status("*", Bye, None, "")),
        (b"* BYE\r\r\n", status("*", Bye, None, "")),
        (b"A1 OK\n", status("A1", Ok, None, "")),
        (b"* OK ready\n", status("*", Ok, None, "ready")),
        (b"* OK ready \r\n", status("*", Ok, None, "ready ")),
        (b"*  OK  ready\r\n", status("*", Ok, None, " ready")),
        (b"A1 NO [AUTHENTICATIONFAILED]\r\n", status("A1", No, Some(("AUTHENTICATIONFAILED", "")), "")),
        (b"A1 NO [alert]now\r\n", status("A1", No, Some(("ALERT", "")), "now")),
        (b"A1 NO [] now\r\n", status("A1", No, Some(("", "")), "now")),
        (b"A1 NO [ALERT now\r\n", status("A1", No, None, "[ALERT now")),
        (b"A1 NO see [ALERT] now\r\n", status("A1", No, None, "see [ALERT] now")),
        (
            "A1 NO [AUTHENTICATIONFAILED] Échec de l’authentification\r\n".as_bytes(),
            status("A1", No, Some(("AUTHENTICATIONFAILED", "")), "Échec de l’authentification"),
        ),
        (
            b"A1 NO [AUTHENTICATIONFAILED] \xc9chec\r\n",
            status("A1", No, Some(("AUTHENTICATIONFAILED", "")), "\u{fffd}chec"),
        ),
        (b"A1 BAD \x1b[31mred\r\n", status("A1", Bad, None, "\u{1b}[31mred")),
        (b"A1 BAD a\tb\r\n", status("A1", Bad, None, "a\tb")),
        (b"+\r\n", Response::Continue { text: String::new() }),
        (b"+ \r\n", Response::Continue { text: String::new() }),
        (b"+ go ahead\n", Response::Continue { text: "go ahead".into() }),
    ] {
        let answers = read(line);
        let shown = String::from_utf8_lossy(line);
        assert_eq!(answers.len(), 1, "{shown}");
        assert_eq!(answers[0].response, expected, "{shown}");
        assert_eq!(answers[0].line, shown.trim_end_matches(['\r', '\n']));
    }
}

#[test]
fn unknown_and_careless_data_is_read() {
    for (line, expected) in [
        (
            "* XAPPLEPUSHSERVICE aps-version \"2\" aps-topic \"com.apple.mail\"",
            data("XAPPLEPUSHSERVICE", [atom("aps-version"), quoted("2"), atom("aps-topic"), quoted("com.apple.mail")]),
        ),
        (
            "* XLIST (\\HasNoChildren \\Inbox) \"/\" Bo\u{ee}te",
            data("XLIST", [list([atom("\\HasNoChildren"), atom("\\Inbox")]), quoted("/"), atom("Bo\u{ee}te")]),
        ),
        ("* STATUS  a[b  ( MESSAGES  1 )", data("STATUS", [atom("a[b"), list([atom("MESSAGES"), atom("1")])])),
        ("* LIST () NIL [Gmail]/All", data("LIST", [list([]), Value::Nil, atom("[Gmail]/All")])),
        ("* LIST () \"/\" a{3}", data("LIST", [list([]), quoted("/"), atom("a{3}")])),
        (r#"* LIST () "\\" "a\"b\\c\d""#, data("LIST", [list([]), quoted("\\"), quoted(r#"a"b\c\d"#)])),
        ("* ID NIL", data("ID", [Value::Nil])),
        ("* id (\"name\" nil", data("ID", [list([quoted("name"), Value::Nil])])),
        ("* LIST ) \"open", data("LIST", [atom(")"), quoted("open")])),
        ("* SEARCH", data("SEARCH", [])),
        ("* 99999999999 EXISTS", data("99999999999", [atom("EXISTS")])),
    ] {
        assert_eq!(read_line(line).response, expected, "{line}");
    }
}

#[test]
fn braces_at_the_end_of_a_text_announce_nothing() {
    let answers = read("* OK see {5}\r\nA1 NO [X] {5}\r\n+ {5}\r\n");
    assert_eq!(answers[0].response, status("*", Ok, None, "see {5}"));
    assert_eq!(answers[1].response, status("A1", No, Some(("X", "")), "{5}"));
    assert_eq!(answers[2].response, Response::Continue { text: "{5}".into() });
}

#[test]
fn what_is_not_imap_is_said_to_be_so() {
    for line in [
        "220 mail.example.com ESMTP Postfix",
        "220-mail.example.com ESMTP",
        "HTTP/1.1 400 Bad Request",
        "SSH-2.0-OpenSSH_9.9",
        "+OK POP3 ready",
        "-ERR unknown command",
        "<html>",
        "*",
        "* ",
        "* 5",
        "* (rubbish)",
        "*OK",
        "+ok OK",
        "* OK\tready",
        "OK",
        "A1",
        " OK ready",
        "A1 BYE",
        "A1 PREAUTH x",
        "a(b OK x",
        "",
        "\u{16}\u{3}\u{1} OK",
    ] {
        assert_eq!(refusal(format!("{line}\r\n")), not_imap(line), "{line:?}");
    }
    assert_eq!(refusal(b"\xff\xfe OK\n"), not_imap("\u{fffd}\u{fffd} OK"));
}

#[test]
fn reading_goes_on_after_a_line_that_is_not_imap() {
    let (answers, leftover) =
        crate::protocol::cuts::read_however_cut::<super::Reader>(b"HTTP/1.1 400 Bad Request\r\n* OK ready\r\n* OK");
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0], Err(not_imap("HTTP/1.1 400 Bad Request")));
    assert_eq!(answers[1].as_ref().unwrap().response, status("*", Ok, None, "ready"));
    assert_eq!(leftover, b"* OK");
}
