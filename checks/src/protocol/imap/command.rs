//! The commands of IMAP that this program sends, and no others: a [`Line`] or [`SecretLine`] is made in `protocol` alone.
//! None of them changes a mailbox: those that do are in `change`. A tag is a word of the caller's own making, such as `A1`.

use std::ops::RangeInclusive;

use zeroize::Zeroizing;

use super::message::{Message, Seen};
use crate::protocol::{Line, SecretLine, sasl, wiped};
use crate::secret::{HIDDEN, Secret};

/// Asks what the server can do (RFC 3501 section 6.1.1).
pub fn capability(tag: &str) -> Line {
    tagged(tag, "CAPABILITY")
}

/// Asks for TLS on this connection (RFC 3501 section 6.2.1).
pub fn starttls(tag: &str) -> Line {
    tagged(tag, "STARTTLS")
}

/// Signs in with SASL PLAIN (RFC 4616): at once if the server has `SASL-IR` (RFC 4959), else [`plain_response`] follows
/// when the server says `+`.
///
/// `None` if the login or the password holds a NUL, which PLAIN cannot carry.
pub fn authenticate_plain(tag: &str, login: &str, secret: &Secret, initial_response: bool) -> Option<SecretLine> {
    let command = format!("{tag} AUTHENTICATE PLAIN");
    let message = sasl::plain(login, secret)?;
    Some(if initial_response {
        let wire = wiped::join(&[command.as_bytes(), b" ", &message]);
        SecretLine(Line::hiding(wire, format!("{command} {HIDDEN}")).tagged())
    } else {
        SecretLine(Line::plain(command).tagged())
    })
}

/// The login and the password, after [`authenticate_plain`] without an initial response.
///
/// `None` if either holds a NUL, which PLAIN cannot carry.
pub fn plain_response(login: &str, secret: &Secret) -> Option<SecretLine> {
    Some(SecretLine(Line::hiding(sasl::plain(login, secret)?, HIDDEN)))
}

/// Signs in with the LOGIN command (RFC 3501 section 6.2.3), both arguments quoted.
///
/// `None` if the login or the password holds a CR, LF or NUL, which no quotes can carry. Letters beyond ASCII go out as
/// UTF-8: RFC 3501 does not allow them in quotes but RFC 9051 does, and a literal would need a round trip more.
pub fn login(tag: &str, login: &str, secret: &Secret) -> Option<SecretLine> {
    let wire = wiped::join(&[tag.as_bytes(), b" LOGIN ", &quoted(login)?, b" ", &quoted(secret.expose())?]);
    Some(SecretLine(Line::hiding(wire, format!("{tag} LOGIN {login} {HIDDEN}")).tagged()))
}

/// Sends the program's name, and asks for the server's (RFC 2971).
pub fn id(tag: &str) -> Line {
    tagged(tag, r#"ID ("name" "icloud-mail-doctor")"#)
}

/// Asks how full the mailbox is (RFC 9208 section 4.1.3).
pub fn getquotaroot_inbox(tag: &str) -> Line {
    tagged(tag, "GETQUOTAROOT INBOX")
}

/// Asks for the folders whose name is of this pattern (RFC 3501 section 6.3.8), which holds no quote.
pub fn list(tag: &str, pattern: &str) -> Line {
    tagged(tag, &format!(r#"LIST "" "{pattern}""#))
}

/// Opens the inbox for reading only (RFC 3501 section 6.3.2). Not every server keeps to that: what follows must not
/// change anything by itself.
pub fn examine_inbox(tag: &str) -> Line {
    tagged(tag, "EXAMINE INBOX")
}

/// Opens a folder in the same way. `shown` stands for its name, which is private.
///
/// `None` if the name holds a CR, LF or NUL, which no quotes can carry.
pub fn examine(tag: &str, folder: &str, shown: &str) -> Option<Line> {
    of_folder(tag, "EXAMINE", folder, shown, "")
}

/// Asks how many messages a folder has, and for its numbers (RFC 3501 section 6.3.10). `shown` stands for its name.
///
/// `None` if the name holds a CR, LF or NUL, which no quotes can carry.
pub fn status(tag: &str, folder: &str, shown: &str) -> Option<Line> {
    of_folder(tag, "STATUS", folder, shown, " (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)")
}

/// Asks for UIDs, sizes and dates of messages, by their numbers.
pub fn fetch_sizes_and_dates(tag: &str, numbers: &RangeInclusive<u32>) -> Line {
    tagged(tag, &format!("FETCH {}:{} (UID RFC822.SIZE INTERNALDATE)", numbers.start(), numbers.end()))
}

/// Asks for the kinds and sizes of the parts of messages, by their UIDs (RFC 3501 section 7.4.2).
pub fn fetch_structures(tag: &str, uids: &[u32]) -> Line {
    let uids = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    tagged(tag, &format!("UID FETCH {uids} (UID BODYSTRUCTURE)"))
}

/// Asks for nothing (RFC 3501 section 6.1.2).
pub fn noop(tag: &str) -> Line {
    tagged(tag, "NOOP")
}

/// Asks for UIDs, flags and sizes of messages, by their numbers (RFC 3501 section 6.4.5).
pub fn fetch_flags_and_sizes(tag: &str, numbers: &RangeInclusive<u32>) -> Line {
    tagged(tag, &format!("FETCH {}:{} (UID FLAGS RFC822.SIZE)", numbers.start(), numbers.end()))
}

/// Asks for a message's flags and its first bytes, and leaves it unread.
pub fn fetch_first_bytes(tag: &str, message: Message) -> Line {
    tagged(tag, &format!("UID FETCH {} (FLAGS BODY.PEEK[]<0.16>)", message.uid()))
}

/// Asks for a message in the old way, which marks it as read: so it has to be read already.
pub fn fetch_rfc822(tag: &str, message: &Seen) -> Line {
    tagged(tag, &format!("UID FETCH {} RFC822", message.uid()))
}

/// Asks for the Message-IDs of all messages from this UID on, and leaves them unread. A server adds the last message
/// where all of them have lower ones (RFC 3501 section 6.4.8).
pub fn fetch_message_ids_from(tag: &str, uid: u32) -> Line {
    tagged(tag, &format!("UID FETCH {uid}:* (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"))
}

/// Asks for the Message-ID of one message, and leaves it unread.
pub fn fetch_message_id(tag: &str, uid: u32) -> Line {
    tagged(tag, &format!("UID FETCH {uid} (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"))
}

/// Asks for the lines of messages that say what kind of message they are, and leaves them unread.
pub fn fetch_kinds(tag: &str, uids: &[u32]) -> Line {
    let uids = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    tagged(tag, &format!("UID FETCH {uids} (UID BODY.PEEK[HEADER.FIELDS (CONTENT-TYPE RETURN-PATH)])"))
}

/// Asks for the lines of a message that say by which servers it came, and leaves it unread.
pub fn fetch_hops(tag: &str, uid: u32) -> Line {
    tagged(tag, &format!("UID FETCH {uid} (UID BODY.PEEK[HEADER.FIELDS (RECEIVED)])"))
}

/// Asks for the beginning of a message, as much as holds a report on a message that came back, and leaves it unread.
pub fn fetch_beginning(tag: &str, uid: u32) -> Line {
    tagged(tag, &format!("UID FETCH {uid} (UID BODY.PEEK[]<0.32768>)"))
}

/// Waits for what happens in the open folder (RFC 2177), until [`done`].
pub fn idle(tag: &str) -> Line {
    tagged(tag, "IDLE")
}

/// Ends [`idle`].
pub fn done() -> Line {
    Line::plain("DONE")
}

/// Ends the session in order (RFC 3501 section 6.1.3).
pub fn logout(tag: &str) -> Line {
    tagged(tag, "LOGOUT").farewell()
}

pub(super) fn of_folder(tag: &str, command: &str, folder: &str, shown: &str, after: &str) -> Option<Line> {
    let begin = format!("{tag} {command} ");
    let wire = wiped::join(&[begin.as_bytes(), &quoted(folder)?, after.as_bytes()]);
    Some(Line::hiding(wire, format!("{begin}{shown}{after}")).tagged())
}

fn tagged(tag: &str, command: &str) -> Line {
    Line::plain(format!("{tag} {command}")).tagged()
}

/// RFC 3501 section 9, `quoted`.
fn quoted(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    if text.contains(['\r', '\n', '\0']) {
        return None;
    }
    let mut quoted = Zeroizing::new(Vec::with_capacity(2 * text.len() + 2));
    quoted.push(b'"');
    for byte in text.bytes() {
        if matches!(byte, b'"' | b'\\') {
            quoted.push(b'\\');
        }
        quoted.push(byte);
    }
    quoted.push(b'"');
    Some(quoted)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use imap_codec::CommandCodec;
    use imap_codec::decode::Decoder as _;
    use imap_codec::imap_types::command::CommandBody;
    use proptest::prelude::*;

    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    fn wire(line: &Line) -> String {
        String::from_utf8(line.wire().to_vec()).unwrap()
    }

    /// The line as it is once it may be said.
    fn said(line: Option<SecretLine>) -> Line {
        line.unwrap().0
    }

    #[test]
    fn commands_without_a_secret_are_shown_as_they_are_sent() {
        for (line, expected) in [
            (capability("A1"), "A1 CAPABILITY"),
            (starttls("A1"), "A1 STARTTLS"),
            (id("A2"), r#"A2 ID ("name" "icloud-mail-doctor")"#),
            (getquotaroot_inbox("A3"), "A3 GETQUOTAROOT INBOX"),
            (logout("A4"), "A4 LOGOUT"),
            (list("A6", "Sent%"), r#"A6 LIST "" "Sent%""#),
            (examine_inbox("A7"), "A7 EXAMINE INBOX"),
            (fetch_flags_and_sizes("A8", &(3..=7)), "A8 FETCH 3:7 (UID FLAGS RFC822.SIZE)"),
            (fetch_sizes_and_dates("A9", &(1..=5000)), "A9 FETCH 1:5000 (UID RFC822.SIZE INTERNALDATE)"),
            (fetch_structures("B1", &[7, 9]), "B1 UID FETCH 7,9 (UID BODYSTRUCTURE)"),
            (noop("B2"), "B2 NOOP"),
            (idle("B3"), "B3 IDLE"),
            (fetch_message_ids_from("B4", 7), "B4 UID FETCH 7:* (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"),
            (fetch_kinds("B5", &[7, 9]), "B5 UID FETCH 7,9 (UID BODY.PEEK[HEADER.FIELDS (CONTENT-TYPE RETURN-PATH)])"),
            (said(authenticate_plain("A5", "tim", &secret("tanstaaftanstaaf"), false)), "A5 AUTHENTICATE PLAIN"),
        ] {
            assert_eq!(line.shown(), expected);
            assert_eq!(wire(&line), format!("{expected}\r\n"));
            assert!(line.is_tagged() && line.is_farewell() == expected.ends_with("LOGOUT"), "{expected}");
        }
    }

    #[test]
    fn plain_is_sent_as_in_rfc_2595_and_shown_without_the_password() {
        let at_once = said(authenticate_plain("A1", "tim", &secret("tanstaaftanstaaf"), true));
        assert_eq!(wire(&at_once), "A1 AUTHENTICATE PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
        assert_eq!(at_once.shown(), "A1 AUTHENTICATE PLAIN [hidden]");

        let when_asked = said(plain_response("tim", &secret("tanstaaftanstaaf")));
        assert_eq!(wire(&when_asked), "AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
        assert_eq!(when_asked.shown(), "[hidden]");
        assert!(at_once.is_tagged() && !when_asked.is_tagged());
    }

    #[test]
    fn login_quotes_what_needs_a_backslash() {
        let line = said(login("A1", "tim", &secret(r#"a"b\c d"#)));
        assert_eq!(wire(&line), "A1 LOGIN \"tim\" \"a\\\"b\\\\c d\"\r\n");
        assert_eq!(line.shown(), "A1 LOGIN tim [hidden]");
    }

    #[test]
    fn the_name_of_a_folder_is_sent_and_not_shown() {
        let line = status("S3", "My \"own\" \\ 1", "[folder 3]").unwrap();
        assert_eq!(wire(&line), "S3 STATUS \"My \\\"own\\\" \\\\ 1\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\r\n");
        assert_eq!(line.shown(), "S3 STATUS [folder 3] (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)");
        let line = examine("F3", "Own", "[folder 3]").unwrap();
        assert_eq!((wire(&line).as_str(), line.shown()), ("F3 EXAMINE \"Own\"\r\n", "F3 EXAMINE [folder 3]"));
        assert!(examine("F3", "a\r\nF4 DELETE INBOX", "x").is_none() && status("S3", "a\0", "x").is_none());
    }

    #[test]
    fn what_a_command_cannot_carry_makes_no_command() {
        for bad in ["a\rb", "a\nb", "a\0b", "\r\nA2 DELETE INBOX"] {
            assert!(login("A1", bad, &secret("x")).is_none());
            assert!(login("A1", "tim", &secret(bad)).is_none());
        }
        for initial_response in [true, false] {
            assert!(authenticate_plain("A1", "t\0m", &secret("x"), initial_response).is_none());
            assert!(authenticate_plain("A1", "tim", &secret("\0"), initial_response).is_none());
        }
        assert!(plain_response("tim", &secret("x\0")).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_server_understands_login_as_it_was_meant(name in "[ -~]{1,20}", password in "[ -~]{1,20}") {
            let line = said(login("A1", &name, &secret(&password)));
            let (rest, command) = CommandCodec::default().decode(line.wire()).unwrap();
            prop_assert!(rest.is_empty());
            let CommandBody::Login { username, password: sent } = command.body else { panic!("{command:?}") };
            prop_assert_eq!(username.as_ref(), name.as_bytes());
            prop_assert_eq!(sent.declassify().as_ref(), password.as_bytes());
        }

        #[test]
        fn a_command_is_one_line_and_shows_no_password(name in any::<String>(), password in "[a-z]{4}-[a-z]{4}") {
            let secret = secret(&password);
            let lines = [
                login("A1", &name, &secret),
                authenticate_plain("A1", &name, &secret, true),
                authenticate_plain("A1", &name, &secret, false),
                plain_response(&name, &secret),
            ];
            for line in lines.into_iter().filter(Option::is_some).map(said) {
                prop_assert_eq!(line.wire().iter().position(|&byte| byte == b'\n'), Some(line.wire().len() - 1));
                prop_assert!(name.contains(&password) || !line.shown().contains(&password));
            }
        }
    }
}
