//! Removes secrets and addresses from pasted text before any of it is shown.
//!
//! The program cannot know what the secrets are, so it hides everything where a secret usually is: better too much than
//! too little. The number of lines stays the same, because an excerpt is found by its line number.

mod calls;
mod encoded;
mod keywords;
mod said;
mod settings;
mod sign_ins;

use std::sync::OnceLock;

use checks::secret::HIDDEN;
use regex::bytes::{Captures, Regex};

use crate::pattern::compiled;
use calls::Calls;
use keywords::{FOREIGN, Keywords};
pub(crate) use settings::redacted_settings;
use sign_ins::SignIns;

/// The same lines without their secrets.
pub(crate) fn redacted(text: &str) -> String {
    static RULES: OnceLock<Rules> = OnceLock::new();
    let rules = RULES.get_or_init(Rules::new);
    let mut state = State::default();
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        out.push_str(&rules.line(body, &mut state));
        out.push_str(&line[body.len()..]);
    }
    out
}

/// What earlier lines have announced.
#[derive(Default)]
struct State {
    /// The next line is a secret as a whole.
    is_secret_next: bool,
    sign_in: sign_ins::State,
}

/// The first group of a match is kept; the rest is hidden.
struct Rules {
    keywords: Keywords,
    calls: Calls,
    sign_ins: SignIns,
    address: Regex,
    sparse: Regex,
    names_password: Regex,
}

impl Rules {
    fn new() -> Self {
        Self {
            keywords: Keywords::new(),
            calls: Calls::new(),
            sign_ins: SignIns::new(),
            address: compiled(r#"([^\s<>"'(),:;@\[\]=/\\|`{}]+)(@|%40)([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)"#),
            sparse: compiled(r"\b[a-z]{4}(?:[\s_]+[a-z]{4}){3}\b|\b[a-z]{16}\b"),
            names_password: compiled(&format!("pass|login|secret|\\bpw|app-specific|kennwort|{FOREIGN}")),
        }
    }

    fn line(&self, line: &str, state: &mut State) -> String {
        // The beginning of a CDATA section is not its content yet.
        let is_begun = line.trim().eq_ignore_ascii_case("<![CDATA[");
        if !is_begun && std::mem::take(&mut state.is_secret_next) && !line.trim().is_empty() {
            return HIDDEN.to_owned();
        }
        if self.sign_ins.is_literal(line, &mut state.sign_in) {
            return HIDDEN.to_owned();
        }
        state.is_secret_next |= self.keywords.awaits_value(line);
        let mut kept = self.keywords.hidden(line);
        kept = self.sign_ins.hidden(kept, &mut state.sign_in);
        kept = self.calls.hidden(kept);
        kept = self.sign_ins.without_encoded(kept, &mut state.sign_in);
        if self.names_password.is_match(&kept) {
            kept = self.sparse.replace_all(&kept, hidden_unless_words).into_owned();
        }
        kept = self.keywords.after_user(kept);
        kept = self.address.replace_all(&kept, masked).into_owned();
        String::from_utf8_lossy(&kept).into_owned()
    }
}

/// English words of four letters, as sentences have them in a row.
const SHORT_WORDS: &str = "also been code does each else even find from have help here into just kept know last less like \
                           line list made mail make many more most must name need next none only open over part read \
                           said same save send sent show some such sure take text than that them then there they this \
                           time type used user very want were what when will with work your";

/// Hides four groups of four letters, unless two of them are such words: an app-specific password has no words.
fn hidden_unless_words(found: &Captures) -> Vec<u8> {
    let is_word =
        |group: &&[u8]| SHORT_WORDS.split_whitespace().any(|word| word.as_bytes().eq_ignore_ascii_case(group));
    let groups = found[0].split(|byte| byte.is_ascii_whitespace() || *byte == b'_');
    if groups.filter(is_word).count() > 1 { found[0].to_vec() } else { HIDDEN.as_bytes().to_vec() }
}

fn hidden_after(kept: &[u8]) -> Vec<u8> {
    [kept, HIDDEN.as_bytes()].concat()
}

/// An address with only the first letter of its name.
fn masked(found: &Captures) -> Vec<u8> {
    let name = String::from_utf8_lossy(&found[1]);
    let first: String = name.chars().take(1).collect();
    [format!("{first}…").as_bytes(), &found[2], &found[3]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "zkqj-vwxb-nmpl-rtyd";

    #[test]
    fn a_secret_is_hidden_in_every_dress() {
        for dress in include_str!("../../tests/explain/dresses.txt").split("\n----\n") {
            let shown = redacted(dress);
            for part in ["zkqj", "ZKQJ", "emtxa", "rtyd", "S3cr3t"] {
                assert!(!shown.contains(part), "{part} of\n{dress}\nis left:\n{shown}");
            }
            assert_eq!(shown.lines().count(), dress.lines().count(), "{dress}\nbecame\n{shown}");
        }
    }

    #[test]
    fn fetchmails_words_after_pass_are_hidden_wherever_a_user_is_before_them() {
        for (line, shown) in [
            ("poll h user ann pass qkweruvzmbhyxgtn no ssl", "poll h user ann pass [hidden] no ssl"),
            (
                "user a pass b pass c user d password \"e f\" ssl",
                "user a pass [hidden] pass [hidden] user d password [hidden] ssl",
            ),
            ("the user ann: password incorrect", "the user ann: password incorrect"),
        ] {
            assert_eq!(redacted(line), shown);
        }
    }

    #[test]
    fn secrets_without_number_on_one_line_are_hidden_in_a_moment() {
        let shown = redacted(&r#"pass="" "#.repeat(50_000));
        assert_eq!(shown.matches(HIDDEN).count(), 50_000);
        for piece in [
            "pass is ",
            "密码是",
            "define('pass', ",
            "TAG LOGIN ",
            "auth",
            "auth(",
            "auth(\"",
            "a@b:",
            "--pass ",
            "<pass><![CDATA[",
            "pass «",
            "pass 1",
            "[a]:1 b:c ",
            "given: ",
            "pass[",
            "login (a, ",
            "-",
            "b@",
            "a.",
            "convertto-securestring -a ",
            "pass ",
            "user a pass b ",
            "pass='",
            "x@a.",
            "://a:b@",
            "<pass>",
            "pass\\\"",
            "login ",
            "\"",
            "aaaa-",
        ] {
            redacted(&piece.repeat(500_000 / piece.len()));
        }
    }

    #[test]
    fn an_address_keeps_its_first_letter_and_domain() {
        assert_eq!(redacted("for <jane.doe@icloud.com>: no"), "for <j…@icloud.com>: no");
        assert_eq!(redacted("imap://jane%40icloud.com/INBOX"), "imap://j…%40icloud.com/INBOX");
    }

    #[test]
    fn what_servers_and_programs_say_stays() {
        for line in [
            "535 5.7.8 Error: authentication failed: authentication failure",
            "a1 NO [AUTHENTICATIONFAILED] Authentication failed",
            "250-AUTH LOGIN PLAIN ATOKEN WSTOKEN WETOKEN",
            "javax.mail.AuthenticationFailedException: failed to connect",
            "2 login attempts failed",
            "A1 NO LOGIN failed.",
            "Password incorrect",
            "the password was refused",
            "Your password is too short",
            "wrong password or user name",
            "Wrong username or password(s)",
            "password authentication failed",
            "Das Passwort ist falsch",
            "a1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)",
            "imaplib.IMAP4.error(\"authentication failed\")",
            "warning: SASL LOGIN authentication failed: no",
            "mechanisms: PLAIN LOGIN XOAUTH2 and others",
            "it contains secrets and therefore must have no more than user read/write permissions",
            "    raise SMTPServerDisconnected(\"Connection unexpectedly closed\")",
            "certificate verify failed at /var/www/nextcloud/3rdparty/swiftmailer/Swift/Transport/StreamBuffer.php#95",
            "Authentication error - Check your username and password (IMAP)View Log",
            "the server smtp.mail.me.com[17.57.155.9]:587 said: 535 5.7.8 no",
            "connecting to imap.mail.me.com:993: refused",
            "error:0A00010B:SSL routines:ssl3_get_record:wrong version number",
            "* OK [CAPABILITY XAPPLEPUSHSERVICE IMAP4 SASL-IR AUTH=ATOKEN AUTH=PLAIN] (2428B47-26126cfe23cd)",
        ] {
            assert_eq!(redacted(line), line);
        }
        assert!(!redacted(&format!("the password {CANARY} is refused")).contains("zkqj"));
    }
}
