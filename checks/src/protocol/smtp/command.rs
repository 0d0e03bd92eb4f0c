//! The commands of SMTP that this program sends; user input cannot add a command or a parameter to them.

use crate::protocol::{Change, Line, SecretLine, sasl, wiped};
use crate::secret::{HIDDEN, Secret};

/// Says hello and asks what the server offers (RFC 5321 section 4.1.1.1).
///
/// `None` if the name is empty or contains a space or a control character.
pub fn ehlo(name: &str) -> Option<Line> {
    is_one_word(name).then(|| Line::plain(format!("EHLO {name}")))
}

/// Asks for TLS on this connection (RFC 3207 section 4).
pub fn starttls() -> Line {
    Line::plain("STARTTLS")
}

/// Signs in with SASL PLAIN in one line (RFC 4954 section 4, RFC 4616).
///
/// `None` if the login or the password holds a NUL, which PLAIN cannot carry.
pub fn auth_plain(login: &str, secret: &Secret) -> Option<SecretLine> {
    let wire = wiped::join(&[b"AUTH PLAIN ", &sasl::plain(login, secret)?]);
    Some(SecretLine(Line::hiding(wire, format!("AUTH PLAIN {HIDDEN}"))))
}

/// Starts to sign in with LOGIN, which is no standard but what many programs use: the server asks for the name with
/// 334, then for the password with 334.
pub fn auth_login() -> Line {
    Line::plain("AUTH LOGIN")
}

/// The name that [`auth_login`] is asked for. It is shown in plain text, so that masking finds it.
pub fn auth_login_name(login: &str) -> SecretLine {
    SecretLine(Line::hiding(wiped::base64(login.as_bytes()), format!("[base64 of {login}]")))
}

/// The password that [`auth_login`] is asked for.
pub fn auth_login_password(secret: &Secret) -> SecretLine {
    SecretLine(Line::hiding(wiped::base64(secret.expose().as_bytes()), HIDDEN))
}

/// Asks to send from this address (RFC 5321 section 4.1.1.2).
///
/// `None` if it is empty, which would mean a bounce, or contains a space, a control character or an angle bracket.
pub fn mail_from(address: &str) -> Option<Line> {
    is_bare_address(address).then(|| Line::plain(format!("MAIL FROM:<{address}>")))
}

/// Asks to send to this address (RFC 5321 section 4.1.1.3).
///
/// `None` if it is empty or contains a space, a control character or an angle bracket.
pub fn rcpt_to(address: &str) -> Option<Line> {
    is_bare_address(address).then(|| Line::plain(format!("RCPT TO:<{address}>")))
}

/// Asks to send the message itself (RFC 5321 section 4.1.1.4): [`message`] follows when the server says 354.
pub fn data() -> Change {
    Change(Line::plain("DATA"))
}

/// The message, after [`data`], and the line that ends it. A dot at the beginning of a line is doubled (RFC 5321 section
/// 4.5.2).
pub fn message(text: &str) -> Change {
    let lines = text.lines().map(|line| format!("{}{line}\r\n", if line.starts_with('.') { "." } else { "" }));
    let wire: String = lines.chain([".".to_owned()]).collect();
    Change(Line::hiding(wire.into_bytes().into(), "[the message]"))
}

/// Forgets the message begun (RFC 5321 section 4.1.1.5).
pub fn rset() -> Line {
    Line::plain("RSET")
}

/// Ends the session in order (RFC 5321 section 4.1.1.10).
pub fn quit() -> Line {
    Line::plain("QUIT").farewell()
}

fn is_one_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|character: char| character.is_whitespace() || character.is_control())
}

fn is_bare_address(text: &str) -> bool {
    is_one_word(text) && !text.contains(['<', '>'])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use smtp_proto::{AUTH_PLAIN, Request};

    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    fn wire(line: &Line) -> String {
        String::from_utf8(line.wire().to_vec()).unwrap()
    }

    #[test]
    fn commands_without_a_secret_are_shown_as_they_are_sent() {
        for (line, expected) in [
            (ehlo("[192.0.2.7]").unwrap(), "EHLO [192.0.2.7]"),
            (starttls(), "STARTTLS"),
            (auth_login(), "AUTH LOGIN"),
            (mail_from("tim@icloud.com").unwrap(), "MAIL FROM:<tim@icloud.com>"),
            (rcpt_to("tim@icloud.com").unwrap(), "RCPT TO:<tim@icloud.com>"),
            (rset(), "RSET"),
            (quit(), "QUIT"),
        ] {
            assert_eq!(line.shown(), expected);
            assert_eq!(wire(&line), format!("{expected}\r\n"));
            assert!(!line.is_tagged() && line.is_farewell() == (expected == "QUIT"), "{expected}");
        }
    }

    #[test]
    fn sign_ins_are_sent_in_base64_and_shown_without_the_password() {
        let plain = auth_plain("tim", &secret("tanstaaftanstaaf")).unwrap().0;
        assert_eq!(wire(&plain), "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
        assert_eq!(plain.shown(), "AUTH PLAIN [hidden]");

        let name = auth_login_name("tim@icloud.com").0;
        assert_eq!(wire(&name), "dGltQGljbG91ZC5jb20=\r\n");
        assert_eq!(name.shown(), "[base64 of tim@icloud.com]");

        let password = auth_login_password(&secret("tanstaaftanstaaf")).0;
        assert_eq!(wire(&password), "dGFuc3RhYWZ0YW5zdGFhZg==\r\n");
        assert_eq!(password.shown(), "[hidden]");
    }

    #[test]
    fn no_line_of_a_message_ends_it() {
        let change = message("To: you\r\n\r\n.\r\n.hidden\r\nend\r\n");
        assert_eq!(change.0.wire(), &b"To: you\r\n\r\n..\r\n..hidden\r\nend\r\n.\r\n"[..]);
        assert_eq!((change.shown(), data().shown()), ("[the message]", "DATA"));
    }

    #[test]
    fn nothing_can_be_smuggled_into_a_command() {
        for bad in ["", "a\r\nDATA", "a\nb", "a\0b", "a b", "a> SIZE=1 <b", "a>b", "<a", "a\u{85}b", "a\u{2028}b"] {
            assert!(mail_from(bad).is_none(), "{bad:?}");
            assert!(rcpt_to(bad).is_none(), "{bad:?}");
        }
        for bad in ["", "a b", "a\r\nQUIT", "a\0"] {
            assert!(ehlo(bad).is_none(), "{bad:?}");
        }
        assert!(auth_plain("t\0m", &secret("x")).is_none());
        assert!(auth_plain("tim", &secret("x\0")).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_server_understands_auth_plain_as_it_was_meant(login in "[ -~é]{1,40}", password in "[ -~é]{1,40}") {
            let line = auth_plain(&login, &secret(&password)).unwrap().0;
            let request = Request::parse(&mut line.wire().iter()).unwrap();
            let Request::Auth { mechanism, initial_response } = request else { panic!("{request:?}") };
            prop_assert_eq!(mechanism, AUTH_PLAIN);
            let message = STANDARD.decode(initial_response.as_ref()).unwrap();
            prop_assert_eq!(message, format!("\0{login}\0{password}").into_bytes());
        }

        #[test]
        fn a_command_is_one_line_and_shows_no_password(text in any::<String>(), password in "[a-z]{4}-[a-z]{4}") {
            let secret = secret(&password);
            let lines = [
                ehlo(&text),
                mail_from(&text),
                rcpt_to(&text),
                auth_plain(&text, &secret).map(|line| line.0),
                Some(auth_login_name(&text).0),
                Some(auth_login_password(&secret).0),
            ];
            for line in lines.into_iter().flatten() {
                prop_assert_eq!(line.wire().iter().position(|&byte| byte == b'\n'), Some(line.wire().len() - 1));
                prop_assert!(text.contains(&password) || !line.shown().contains(&password));
            }
        }
    }
}
