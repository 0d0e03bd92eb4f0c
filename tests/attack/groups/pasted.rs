//! Error texts and logs that are bombs, or hold secrets.

use std::time::Duration;

use crate::doctor::Doctor;
use crate::{Attack, attack};

/// Lines that people paste, in which `{}` is the password.
const LINES: [(&str, &str); 12] = [
    ("fetchmail's settings", "fetchmail: Authorization failure poll imap.mail.me.com user ann pass {} no ssl"),
    (
        "fetchmail's settings, two accounts",
        "Authorization failure poll h user ann pass {} ssl user bob password \"{}\" ssl",
    ),
    ("fetchmail's settings, a password twice", "Authorization failure poll h user ann pass {} pass {} ssl"),
    ("a login in IMAP", "a1 LOGIN ann@icloud.com {}\na1 NO [AUTHENTICATIONFAILED] Authentication failed"),
    ("a URL", "imaps://ann:{}@imap.mail.me.com: Authentication failed"),
    ("an assignment", "SMTP_PASSWORD={}\n535 5.7.8 Error: authentication failed"),
    ("an assignment in quotes", "password = \"{}\" host = \"x\" 535 5.7.8 Error: authentication failed"),
    ("many assignments on a line", "pass=\"a\" pass=\"b\" pass=\"{}\" Authentication failed"),
    ("a key and a value in YAML", "Authentication failed\npassword:\n  {}\n"),
    ("an XML element", "<password>{}</password> Authentication failed"),
    ("an option", "curl --user ann@icloud.com:{} imaps://imap.mail.me.com Login denied"),
    ("a call", "imap.login(\"ann@icloud.com\", \"{}\") AUTHENTICATIONFAILED Authentication failed"),
];

const PASSWORDS: [&str; 4] = ["qkweruvzmbhyxgtn", "qkwe-ruvz-mbhy-xgtn", "Abcdefgh1", "Zwölfpäß"];

/// What is repeated without end, behind a line that says something.
const BOMBS: [(&str, &str); 12] = [
    ("assignments on one line", "pass=\"\" "),
    ("assignments that are open", "pass=\""),
    ("assignments without a value", "password= "),
    ("users and passwords", "user a pass b "),
    ("URLs", "://a:b@"),
    ("addresses", "a@b."),
    ("logins", "a1 LOGIN b c "),
    ("elements", "<pass>a"),
    ("base64", "AUTH PLAIN QWxhZGRpbjpvcGVuIHNlc2FtZQ== "),
    ("empty lines", "\n"),
    ("one letter", "a"),
    ("words that signs begin with", "connection authentication failed certificate "),
];

/// A program built for tests takes ten times as long as the released one.
const MOST: Duration = Duration::from_secs(15);

pub(crate) fn all() -> Vec<Attack> {
    let lines = LINES.iter().map(|(name, line)| {
        attack(*name, move || {
            for password in PASSWORDS {
                for format in ["text", "json"] {
                    let ended =
                        Doctor::new(&["explain", "--format", format, "-"]).input(line.replace("{}", password)).run();
                    ended.is_bounded()?;
                    ended.hides(&[password]).map_err(|why| format!("{format}: {why}"))?;
                }
            }
            Ok(())
        })
    });
    let bombs = BOMBS.iter().map(|(name, piece)| {
        attack(format!("endless {name}"), move || {
            let text = format!("Login failed {}", piece.repeat((5 << 20) / piece.len()));
            Doctor::new(&["explain", "-"]).input(text).within(MOST).run().is_bounded()
        })
    });
    lines.chain(bombs).collect()
}
