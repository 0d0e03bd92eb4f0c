//! Lists of accounts with faults, and the truth about each: which cause must be named.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::cloud::Cloud;
use crate::doctor::Doctor;
use crate::fleet::{Manners, Noted, Says, serving};
use crate::{Held, holds};

/// A fault of an account: its name, how the servers treat it, and the cause that must be named; none where the account
/// cannot be asked.
pub(crate) type Fault = (&'static str, Manners, Option<&'static str>);

const YES: Manners = Manners { imap: Says::Yes, smtp: Says::Yes, quota: None, mail: None, rcpt: None };
const REFUSED: Says = Says::Words("NO [AUTHENTICATIONFAILED] Authentication Failed");
const REFUSED_BY_SMTP: Says = Says::Words("535 5.7.8 Error: authentication failed:");
const BOTH_REFUSE: Manners = Manners { imap: REFUSED, smtp: REFUSED_BY_SMTP, ..YES };

const fn answering(imap: &'static str, smtp: &'static str) -> Manners {
    Manners { imap: Says::Words(imap), smtp: Says::Words(smtp), ..YES }
}

const fn at_mail(answer: &'static str) -> Manners {
    Manners { mail: Some(answer), ..YES }
}

/// The faults, with the truth about each.
pub(crate) const FAULTS: [Fault; 36] = [
    ("refused", BOTH_REFUSE, Some("password-refused")),
    (
        "revoked",
        answering("NO [EXPIRED] The password has expired", "535 5.7.8 The app-specific password was revoked"),
        Some("password-refused"),
    ),
    ("own-password", BOTH_REFUSE, Some("apple-password-used")),
    (
        "locked",
        answering(
            "NO [AUTHENTICATIONFAILED] This account has been locked for security reasons",
            "525 5.7.13 User account disabled",
        ),
        Some("sign-in-throttled"),
    ),
    (
        "throttled",
        answering("NO [LIMIT] Sign-in rate exceeded", "454 4.7.0 Too many login attempts, please try again later"),
        Some("sign-in-throttled"),
    ),
    (
        "throttled-imap",
        Manners { imap: Says::Words("NO [UNAVAILABLE] Too many login attempts"), ..YES },
        Some("sign-in-throttled"),
    ),
    (
        "throttled-smtp",
        Manners { smtp: Says::Words("421 4.7.0 Rate limited, slow down"), ..YES },
        Some("sign-in-throttled"),
    ),
    (
        "unavailable",
        answering(
            "BAD [UNAVAILABLE] Service temporarily unavailable",
            "454 4.7.0 Temporary authentication failure: Connection lost to authentication server",
        ),
        Some("service-unavailable"),
    ),
    (
        "unavailable-imap",
        Manners { imap: Says::Words("NO [UNAVAILABLE] Temporary authentication failure."), ..YES },
        Some("service-unavailable"),
    ),
    (
        "unavailable-smtp",
        Manners { smtp: Says::Words("454 4.7.0 Temporary authentication failure"), ..YES },
        Some("service-unavailable"),
    ),
    (
        "switched-off",
        Manners { imap: Says::Words("NO [AUTHORIZATIONFAILED] IMAP access is disabled for this account"), ..YES },
        Some("imap-disabled"),
    ),
    (
        "not-provisioned",
        answering(
            "NO [UNAVAILABLE] mail service is not enabled for this account",
            "535 5.7.8 Error: authentication failed: mail service is not enabled for this account",
        ),
        Some("imap-disabled"),
    ),
    ("imap-refuses", Manners { imap: REFUSED, ..YES }, Some("imap-sign-in-refused")),
    ("smtp-refuses", Manners { smtp: REFUSED_BY_SMTP, ..YES }, Some("smtp-sign-in-refused")),
    ("imap-closes", Manners { imap: Says::Closes, ..YES }, Some("connection-dropped")),
    ("smtp-closes", Manners { smtp: Says::Closes, ..YES }, Some("connection-dropped")),
    ("both-close", Manners { imap: Says::Closes, smtp: Says::Closes, ..YES }, Some("connection-dropped")),
    ("imap-is-silent", Manners { imap: Says::Nothing, ..YES }, Some("unexplained")),
    ("smtp-is-silent", Manners { smtp: Says::Nothing, ..YES }, Some("unexplained")),
    ("closes-after-it", Manners { imap: Says::YesAndCloses, ..YES }, Some("connection-dropped")),
    ("full", Manners { quota: Some("(STORAGE 5242880 5242880)"), ..YES }, Some("mailbox-full")),
    ("nearly-full", Manners { quota: Some("(STORAGE 5142880 5242880)"), ..YES }, Some("mailbox-nearly-full")),
    ("not-its-sender", at_mail("550 5.7.0 From address is not one of your addresses"), Some("sender-not-owned")),
    (
        "not-its-sender-in-other-words",
        at_mail("553 5.7.1 <x@icloud.com>: Sender address rejected: not owned by user x"),
        Some("sender-not-owned"),
    ),
    (
        "sent-too-much",
        at_mail("550 5.7.1 You have exceeded your daily sending limit. Please try again later."),
        Some("sending-limit"),
    ),
    ("full-at-mail", at_mail("552 5.2.2 user is over quota"), Some("mailbox-full")),
    ("not-signed-in", at_mail("530 5.7.0 Authentication required"), Some("not-authenticated")),
    ("full-at-recipient", Manners { rcpt: Some("552 5.2.2 user is over quota"), ..YES }, Some("mailbox-full")),
    (
        "many-connections",
        Manners { imap: Says::Words("NO [LIMIT] Too many simultaneous connections"), ..YES },
        Some("too-many-connections"),
    ),
    (
        "other-mechanism",
        Manners { smtp: Says::Words("504 5.5.4 Unrecognized authentication type"), ..YES },
        Some("sign-in-mechanism"),
    ),
    ("pasted-with-spaces", YES, Some("password-mangled")),
    ("in-capitals", BOTH_REFUSE, Some("password-refused")),
    ("custom-domain", BOTH_REFUSE, Some("not-an-icloud-login")),
    ("no-file", YES, None),
    ("empty-file", YES, None),
    ("broken-command", YES, None),
];

/// Those in which a server says to come later.
const COME_LATER: [&str; 8] = [
    "locked",
    "throttled",
    "throttled-imap",
    "throttled-smtp",
    "unavailable",
    "unavailable-imap",
    "unavailable-smtp",
    "many-connections",
];

/// A list of accounts, and the servers that know them.
pub(crate) struct Fleet {
    pub(crate) cloud: Cloud,
    pub(crate) noted: Arc<Noted>,
    pub(crate) names: Vec<(String, Option<&'static Fault>)>,
    pub(crate) passwords: Vec<String>,
    pub(crate) list: std::path::PathBuf,
}

/// A password of the kind that Apple makes, and no other account's.
fn password(number: usize) -> String {
    let letters: Vec<char> = (0..16)
        .map(|at| {
            let mixed = (number * 7_919 + 104_729) * (at * 31 + 17) + number / (at + 1);
            char::from(b'a' + u8::try_from((mixed / 13 + at * number) % 26).unwrap())
        })
        .collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

impl Fleet {
    /// So many accounts, of which every third has a fault. Those that servers call too many sign-ins are far apart: three
    /// in a row would make the run wait.
    pub(crate) fn mixed(count: usize) -> Self {
        let (later, others): (Vec<_>, Vec<_>) = FAULTS.iter().partition(|fault| COME_LATER.contains(&fault.0));
        let (mut later, mut others) = (later.into_iter(), others.into_iter());
        let turns = (0..FAULTS.len()).map(|turn| if turn % 4 == 0 { &mut later } else { &mut others }.next());
        let mut order: Vec<&Fault> = turns.flatten().collect();
        order.extend(later.chain(others));
        Self::of(count, |number| (number % 3 == 1).then(|| order[number / 3 % order.len()]))
    }

    pub(crate) fn of(count: usize, fault_of: impl Fn(usize) -> Option<&'static Fault>) -> Self {
        let mut known = HashMap::new();
        let (mut names, mut passwords) = (Vec::new(), Vec::new());
        let mut rows = Vec::new();
        for number in 0..count {
            let fault = fault_of(number);
            let kind = fault.map_or("well", |(kind, ..)| kind);
            let name = format!("{kind}-{number}");
            let sent = match kind {
                "own-password" => format!("Summer-{number}!"),
                "in-capitals" => password(number).to_uppercase(),
                _ => password(number),
            };
            let written = if kind == "pasted-with-spaces" { sent.replace('-', " - ") } else { sent.clone() };
            let email = if kind == "custom-domain" {
                format!("u{number}@quokka.example")
            } else {
                format!("u{number}@icloud.com")
            };
            known.insert(sent.clone(), fault.map_or(YES, |(_, manners, _)| *manners));
            passwords.push(written.clone());
            rows.push((name.clone(), email, written, kind));
            names.push((name, fault));
        }
        let (cloud, noted) = serving(known);
        let mut list = "name,email,from,password_file,password_command\n".to_owned();
        for (name, email, password, kind) in rows {
            let file = format!("{name}.secret");
            match kind {
                "no-file" => {}
                "empty-file" => std::fs::write(cloud.path(&file), "\n").unwrap(),
                _ => std::fs::write(cloud.path(&file), format!("{password}\n")).unwrap(),
            }
            let (file, command) = if kind == "broken-command" { (String::new(), "exit 7") } else { (file, "") };
            writeln!(list, "{name},{email},{email},{file},{command}").unwrap();
        }
        let path = cloud.path("accounts.csv");
        std::fs::write(&path, list).unwrap();
        Self { cloud, noted, names, passwords, list: path }
    }

    pub(crate) fn check(&self, flags: &[&str]) -> Doctor {
        self.cloud.check_many(&self.list).args(flags).args(&["--timeout", "1"]).within(Duration::from_mins(10))
    }

    /// Nothing of a password is in a text, in the forms in which it is sent either.
    pub(crate) fn shows_no_password(&self, told: &str) -> Held {
        let forms = self.passwords.iter().enumerate().flat_map(|(number, password)| {
            [
                password.clone(),
                password.replace('-', ""),
                STANDARD.encode(format!("\0u{number}\0{password}")),
                STANDARD.encode(format!("\0u{number}@icloud.com\0{password}")),
                STANDARD.encode(password),
            ]
        });
        let any = forms.map(|form| regex::escape(&form)).collect::<Vec<_>>().join("|");
        let shown = regex::RegexBuilder::new(&any).size_limit(1 << 28).build().unwrap().find(told);
        holds(shown.is_none(), || format!("a password is in the output: {shown:?}"))
    }
}
