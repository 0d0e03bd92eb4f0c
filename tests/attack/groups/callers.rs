//! Passwords that are typed in the wrong place, and servers that are not Apple's.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::certificates::Identity;
use crate::cloud::{Cloud, PASSWORD};
use crate::doctor::Doctor;
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::{Attack, Held, attack, holds};

/// An app-specific password, one without its dashes, and one that a person made up.
const PASSWORDS: [&str; 3] = [PASSWORD, "qkweruvzmbhyxgtn", "Sommer2024!x"];

/// Where one may be typed; `PW` is replaced by it.
const PLACES: [&[&str]; 36] = [
    &["PW"],
    &["check", "PW"],
    &["check", "ottilie.kranz@icloud.com", "PW"],
    &["ottilie.kranz@icloud.com", "PW"],
    &["check", "-PW"],
    &["check", "--PW"],
    &["check", "--PW=x"],
    &["check", "--only", "PW"],
    &["check", "--only", "dns,PW"],
    &["check", "--skip=PW"],
    &["check", "--imap-host", "PW x"],
    &["check", "--smtp-host", "PW x"],
    &["check", "--imap-port", "PW"],
    &["check", "--smtp-security", "PW"],
    &["check", "--from", "PW"],
    &["check", "--resolver", "PW"],
    &["check", "--second-resolver", "PW"],
    &["check", "--report", "PW=x"],
    &["check", "--report", "PW"],
    &["check", "--format", "PW"],
    &["check", "--timeout", "PW"],
    &["check", "--status-url", "PW"],
    &["check", "--client", "PW"],
    &["check", "--ca-file", "PW"],
    &["check", "--public-roots", "PW"],
    &["check", "--settings-from", "PW"],
    &["rehearse", "PW"],
    &["diagnose", "PW"],
    &["render", "PW"],
    &["explain", "PW"],
    &["explain", "--PW"],
    &["review", "PW"],
    &["setup", "PW"],
    &["setup", "mbsync", "PW"],
    &["completions", "PW"],
    &["check", "--output", "/nowhere/x", "--color", "PW"],
];

/// Password commands that fail and print the password; `PW` is replaced by it, `FILE` by a script that prints it.
const COMMANDS: [&str; 9] = [
    "PW",
    "[\"PW\"]",
    "/nowhere/PW",
    "echo PW >&2; exit 3",
    "echo wrong password: PW >&2; exit 3",
    "echo the password=PW is locked >&2; exit 3",
    "set -x; echo PW > /dev/null; exit 1",
    "echo PW; echo PW >&2; exit 1",
    "sh -x FILE",
];

/// Names that resemble Apple's.
const IMPOSTORS: [&str; 8] = [
    "imap.mail.me.co",
    "imap.mail.me.com.evil.example",
    "imap.icloud.com",
    "evil-imap.mail.me.com",
    "p-imap.mail.me.com",
    "mail.me.com",
    "\u{456}map.mail.me.com",
    "127.0.0.1",
];

pub(crate) fn all() -> Vec<Attack> {
    let mut attacks = Vec::new();
    for place in PLACES {
        for password in PASSWORDS {
            let name = place.join(" ");
            attacks.push(attack(format!("{password} in `{name}`"), move || misplaced(place, password)));
        }
    }
    for command in COMMANDS {
        for password in PASSWORDS {
            attacks.push(attack(format!("{password} in the password command `{command}`"), move || {
                complained(command, password)
            }));
        }
    }
    for host in IMPOSTORS {
        attacks.push(attack(format!("{host} is not given the password unasked"), move || unasked(host)));
    }
    attacks.extend([
        attack("a server that the settings file of somebody else names gets nothing", from_settings),
        attack("a server is trusted, and another is meant", || {
            asked_of_localhost(&["--trust-host", "localhost.example"], |code, heard| code == Some(2) && !heard)
        }),
        attack("one server is trusted, and the other one is not", || {
            asked_of_localhost(&["--smtp-host", "smtp.evil.example", "--trust-host", "localhost"], |code, heard| {
                code == Some(2) && !heard
            })
        }),
        attack("control: a server that is trusted is signed in to", || {
            asked_of_localhost(&["--trust-host", "LOCALHOST."], |_, heard| heard)
        }),
        attack("control: without a sign-in nobody has to be trusted", || {
            asked_of_localhost(&["--no-sign-in"], |code, heard| code != Some(2) && !heard)
        }),
    ]);
    attacks
}

fn misplaced(place: &[&str], password: &str) -> Held {
    let arguments: Vec<String> = place.iter().map(|word| word.replace("PW", password)).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let folder = tempfile::tempdir().unwrap();
    let ended = Doctor::new(&arguments).folder(folder.path()).run();
    ended.is_bounded()?;
    holds(ended.code != Some(0), || format!("it was taken: {}", ended.text()))?;
    ended.hides(&[password])
}

fn complained(command: &str, password: &str) -> Held {
    let cloud = Cloud::of(Imap::default(), Smtp::default());
    let script = cloud.path("print");
    fs::write(&script, format!("echo {password} | grep -q nothing")).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    let command = command.replace("PW", password).replace("FILE", &script.to_string_lossy());
    let ended = Doctor::new(&["check", "ottilie.kranz@icloud.com", "--password-command", &command]).run();
    ended.is_bounded()?;
    holds(ended.code == Some(2), || format!("exit {:?}: {}", ended.code, ended.text()))?;
    ended.hides(&[password])
}

fn unasked(host: &str) -> Held {
    let cloud = Cloud::of(Imap::default(), Smtp::default());
    let ended = cloud.check().args(&["--imap-host", host]).run();
    ended.is_bounded()?;
    holds(ended.code == Some(2), || format!("exit {:?}: {}", ended.code, ended.text()))?;
    holds(ended.text().contains("--trust-host") && ended.text().contains("--no-sign-in"), || ended.text())?;
    holds(cloud.all_heard().is_empty(), || format!("a server was spoken to: {}", cloud.all_heard()))
}

fn from_settings() -> Held {
    let cloud = Cloud::of(Imap::default(), Smtp::default());
    let settings = "IMAPAccount i\nHost imap.evil.example\nUser ottilie\nPassCmd \"echo x\"\nTLSType IMAPS\n";
    let path = cloud.path(".mbsyncrc");
    fs::write(&path, settings).unwrap();
    let ended = Doctor::new(&["check", "ottilie.kranz@icloud.com", "--password-stdin", "--settings-from"])
        .arg(&path)
        .input(format!("{PASSWORD}\n"))
        .run();
    holds(
        ended.code == Some(2) && ["imap.evil.example", "--trust-host"].iter().all(|named| ended.text().contains(named)),
        || ended.text(),
    )
}

/// A check of a server on this computer with a certificate that is good for its name, and whether it received the
/// password.
fn asked_of_localhost(more: &[&str], expected: impl Fn(Option<i32>, bool) -> bool) -> Held {
    let imap = Imap { tls: Identity::honest(&["localhost"]).config(), ..Imap::default() };
    let cloud = Cloud::of(imap, Smtp::default());
    let ended = cloud.check().args(&["--imap-host", "localhost", "--format", "json"]).args(more).run();
    ended.is_bounded()?;
    let was_heard = cloud.all_heard().contains("AUTHENTICATE PLAIN");
    holds(expected(ended.code, was_heard), || format!("exit {:?}, heard: {was_heard}: {}", ended.code, ended.text()))
}
