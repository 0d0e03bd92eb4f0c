//! A mailbox on a server with iCloud's ways, where EXAMINE is read-write: no flag of `check` and `mailbox` may change
//! anything in it, and `mailbox` names each of these ways and no other.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::cloud::{Cloud, PASSWORD};
use crate::doctor::Doctor;
use crate::icloud_mailbox::{Mailbox, Store, Ways};
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::{Attack, Held, attack, holds};

/// All commands that a check may send to an IMAP server.
const SAID: [&str; 10] =
    ["CAPABILITY", "STARTTLS", "AUTHENTICATE", "LOGIN", "ID", "GETQUOTAROOT", "LIST", "EXAMINE", "FETCH", "LOGOUT"];

/// All commands that `mailbox` may send: what signs in and what only reads. Whatever is new here must only read too.
const LOOKED_WITH: [&str; 13] = [
    "CAPABILITY",
    "AUTHENTICATE",
    "ID",
    "GETQUOTAROOT",
    "LIST",
    "STATUS",
    "EXAMINE",
    "FETCH",
    "SEARCH",
    "SORT",
    "IDLE",
    "NOOP",
    "LOGOUT",
];

const HEADER: &str = "From: Quokka <hello@quokka.example>\r\nSubject: Zwetschgendatschi\r\n\r\n";
const SEEN: &[&str] = &["\\Seen"];
const UNREAD: &[&str] = &[];

/// Flags that take a value, with one; `FILE` stands for a name in the attack's folder. What every run here has is empty.
const VALUES: [(&str, &str); 38] = [
    ("--password-command", "echo qkwe-ruvz-mbhy-xgtn"),
    ("--settings-from", "FILE"),
    ("--imap-host", "imap.mail.me.com"),
    ("--imap-port", ""),
    ("--imap-security", "tls"),
    ("--imap-username", "ottilie"),
    ("--smtp-host", "smtp.mail.me.com"),
    ("--smtp-port", ""),
    ("--smtp-security", "starttls"),
    ("--smtp-username", "ottilie"),
    ("--trust-host", "imap.mail.me.com"),
    ("--from", "ottilie.kranz@icloud.com"),
    ("--only", "imap"),
    ("--skip", "smtp"),
    ("--ca-file", ""),
    ("--public-roots", ""),
    ("--resolver", ""),
    ("--second-resolver", ""),
    ("--status-url", ""),
    ("--portal-url", ""),
    ("--timeout", "5"),
    ("--deadline", "20"),
    ("--record", "FILE"),
    ("--format", "json"),
    ("--output", "FILE"),
    ("--report", "json=FILE"),
    ("--color", "never"),
    ("--client", "thunderbird"),
    ("--watch", "1"),
    ("--for", "3"),
    ("--accounts", "FILE"),
    ("--credentials-dir", "FILE"),
    ("--at-once", "2"),
    ("--pace", "0"),
    ("--jitter", "0"),
    ("--resume", "FILE"),
    ("--shard", "0/1"),
    ("--report-dir", "FILE"),
];

pub(crate) fn all() -> Vec<Attack> {
    flags()
        .into_iter()
        .map(of_flag)
        .chain(stores())
        .chain([every_flag_is_tried()])
        .chain(fooled())
        .chain(quirks())
        .collect()
}

/// An account whose mailbox is this; what a server may add to the answer to a command, by its tag.
struct Account {
    cloud: Cloud,
    mailbox: Arc<Mutex<Mailbox>>,
    before: Store,
}

type Adds = fn(&str) -> Vec<u8>;

/// A name, a mailbox, what its server adds, and what is then known of RFC822.
type Fooled = (&'static str, fn() -> Store, Adds, &'static str);

impl Account {
    fn of(store: Store, ways: Ways, adds: Adds) -> Self {
        let before = store.clone();
        let mailbox = Arc::new(Mutex::new(Mailbox::of(store, ways)));
        let kept = Arc::clone(&mailbox);
        let other = move |tag: &str, command: &str| {
            match command {
                "IDLE" if ways.idle_ends => return Some(b"+ idling\r\n* BYE Session expired\r\n".to_vec()),
                "IDLE" => return Some(b"+ idling\r\n".to_vec()),
                _ => {}
            }
            let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
            let (untagged, end) = kept.lock().unwrap().reply(&verb.to_ascii_uppercase(), rest)?;
            let mut said = adds(tag);
            for line in untagged.into_iter().chain([format!("{tag} {end}")]) {
                said.extend(format!("{line}\r\n").into_bytes());
            }
            Some(said)
        };
        let capabilities = "IMAP4rev1 SASL-IR AUTH=PLAIN ID QUOTA IDLE SORT".to_owned();
        let imap = Imap { other: Box::new(other), capabilities, ..Imap::default() };
        Self { cloud: Cloud::of(imap, Smtp::default()), mailbox, before }
    }

    /// The whole store, its names, flags and contents, is what it was; and nothing was said that could change it.
    fn is_untouched(&self) -> Held {
        let after = &self.mailbox.lock().unwrap().store;
        holds(*after == self.before, || format!("of the mailbox changed: {}", after.differs_from(&self.before)))?;
        let heard = self.cloud.all_heard();
        let said = heard.lines().filter_map(|line| {
            let (tag, command) = line.split_once(' ')?;
            let is_ours = tag.len() == 2 && tag.starts_with(|first: char| first.is_ascii_uppercase());
            is_ours.then(|| command.strip_prefix("UID ").unwrap_or(command))
        });
        let mut unheard_of = said.filter(|command| !SAID.contains(&command.split(' ').next().unwrap_or_default()));
        unheard_of.next().map_or(Ok(()), |command| Err(format!("{command} was said")))
    }

    /// The causes that a look at the mailbox names.
    fn looked_at(&self, flags: &[&str]) -> Result<Vec<String>, String> {
        let report = self.cloud.mailbox().args(flags).args(&["--format", "json"]).run().report()?;
        let after = &self.mailbox.lock().unwrap().store;
        holds(*after == self.before, || format!("of the mailbox changed: {}", after.differs_from(&self.before)))?;
        let heard = self.cloud.all_heard();
        let is_allowed = |line: &&str| {
            let command = line.split_once(' ').map_or(*line, |(_, command)| command);
            let command = command.strip_prefix("UID ").unwrap_or(command);
            *line == "DONE" || LOOKED_WITH.contains(&command.split(' ').next().unwrap_or_default())
        };
        let unheard_of = heard.lines().find(|line| !is_allowed(line));
        unheard_of.map_or(Ok(()), |line| Err(format!("\"{line}\" was said")))?;
        let findings = report["findings"].as_array().into_iter().flatten();
        Ok(findings.filter_map(|finding| finding["cause"].as_str().map(str::to_owned)).collect())
    }

    /// What is known of the message, in the report of a run with `--mailbox`.
    fn message(&self) -> Result<(Value, Vec<String>), String> {
        let report = self.cloud.check().args(&["--mailbox", "--format", "json"]).run().report()?;
        self.is_untouched()?;
        let checks = report["checks"].as_array().into_iter().flatten();
        let imap = checks.into_iter().find(|check| check["id"] == "imap").ok_or("no check of IMAP")?;
        let findings = report["findings"].as_array().into_iter().flatten();
        let causes = findings.filter_map(|finding| finding["cause"].as_str().map(str::to_owned)).collect();
        Ok((imap["evidence"]["message"].clone(), causes))
    }
}

/// The smallest message is unread, another is marked deleted.
fn mixed() -> Store {
    Store::with(&[])
        .and(SEEN, HEADER, "The one that was read.\r\n")
        .and(&["\\Seen", "\\Deleted"], HEADER, "The one that is marked deleted.\r\n")
        .and(UNREAD, HEADER, "Unread.\r\n")
}

fn no_more(_: &str) -> Vec<u8> {
    Vec::new()
}

/// Every flag of `check`, as its help lists them: the flag, and whether it takes a value.
fn flags() -> Vec<(String, bool)> {
    let help = String::from_utf8(Doctor::new(&["check", "--help"]).run().out).unwrap();
    let lines = help.lines().map(str::trim).filter(|line| line.starts_with('-'));
    lines
        .filter_map(|line| {
            let mut names = line.split([' ', ',']).filter(|word| word.starts_with('-'));
            let name = names.next_back()?.trim_end_matches('.').to_owned();
            Some((name, line.contains('<')))
        })
        .collect()
}

fn of_flag((flag, takes_value): (String, bool)) -> Attack {
    attack(format!("{flag} leaves the mailbox as it is"), move || {
        let account = Account::of(mixed(), Ways::default(), no_more);
        let file = account.cloud.path("file");
        let known = VALUES.iter().find(|(name, _)| *name == flag).map(|(_, value)| *value);
        holds(known.is_some() || !takes_value, || format!("{flag} needs a value here, in VALUES"))?;
        let value = known.unwrap_or_default().replace("FILE", &file.to_string_lossy());
        let is_in_every_run = takes_value && value.is_empty();
        for more in [&[][..], &["--mailbox"]] {
            let mut run = account.cloud.check().args(more);
            if !is_in_every_run && more != [flag.as_str()] {
                run = run.arg(&flag);
            }
            if !value.is_empty() {
                run = run.arg(&value);
            }
            run.input(PASSWORD).run().is_bounded()?;
            account.is_untouched()?;
        }
        Ok(())
    })
}

/// The attacks above prove something: the flags are found, and nearly all of the runs look into the mailbox.
fn every_flag_is_tried() -> Attack {
    attack("the flags are those of the help, and --mailbox looks into the mailbox", || {
        let found = flags();
        let has = |flag: &str| found.iter().any(|(name, _)| name == flag);
        holds(["--mailbox", "--from", "-v", "-4", "--quiet"].into_iter().all(has), || format!("found: {found:?}"))?;
        let gone = VALUES.iter().find(|(flag, _)| !has(flag));
        holds(gone.is_none(), || format!("{gone:?} is no flag"))?;
        let account = Account::of(mixed(), Ways::default(), no_more);
        account.message()?;
        let heard = account.cloud.all_heard();
        holds(heard.contains("EXAMINE") && heard.contains("RFC822\n"), || format!("it did not look: {heard}"))
    })
}

/// Mailboxes, and what comes of asking for RFC822 in them.
fn stores() -> Vec<Attack> {
    let empty = || Store::with(&[]);
    let stores: [(&str, Store, Ways, &str, &str); 6] = [
        ("no message", empty(), Ways::default(), "not-asked", "no-message"),
        ("one that nobody read", empty().and(UNREAD, HEADER, "a"), Ways::default(), "not-asked", "none-read"),
        ("one that was read", empty().and(SEEN, HEADER, "a"), Ways::default(), "empty", ""),
        ("one that was read, elsewhere", empty().and(SEEN, HEADER, "a"), fetching(), "came", ""),
        ("a smaller one that nobody read", mixed(), Ways::default(), "empty", ""),
        ("messages that are refused", mixed(), refusing(), "not-asked", "not-peeked"),
    ];
    stores
        .map(|(name, store, ways, result, because)| {
            attack(format!("a mailbox with {name}"), move || {
                let (message, _) = Account::of(store.clone(), ways, no_more).message()?;
                let rfc822 = &message["rfc822"];
                let is_so = rfc822["result"] == result && rfc822["because"].as_str().unwrap_or_default() == because;
                holds(is_so, || format!("it is told as {message}"))
            })
        })
        .into()
}

fn fetching() -> Ways {
    Ways { fetches_rfc822: true, ..Ways::default() }
}

fn refusing() -> Ways {
    Ways { fetch_unavailable: true, ..Ways::default() }
}

/// What a server reports unasked about messages does not lead to a fetch that marks one, or to a false cause.
fn fooled() -> Vec<Attack> {
    let unread: fn() -> Store = || Store::with(&[]).and(UNREAD, HEADER, "a").and(UNREAD, HEADER, "and more");
    let read: fn() -> Store = || Store::with(&[]).and(SEEN, HEADER, "a").and(SEEN, HEADER, "and more");
    let attacks: [Fooled; 8] = [
        (
            "a message that is not there is called read",
            unread,
            |_| b"* 9 FETCH (UID 99 FLAGS (\\Seen) RFC822.SIZE 1)\r\n".to_vec(),
            "none-read",
        ),
        (
            "an unread message is called read, without its size",
            unread,
            |_| b"* 1 FETCH (FLAGS (\\Seen))\r\n".to_vec(),
            "none-read",
        ),
        (
            "an unread message is called read, under another name",
            unread,
            |_| b"* 1 FETCH (UID 4 FLAGS (\\Seen))\r\n".to_vec(),
            "none-read",
        ),
        (
            "a flag that is only like \\Seen",
            unread,
            |_| b"* 1 FETCH (FLAGS (\\Seenish $Seen Seen) UID 1 RFC822.SIZE 1)\r\n".to_vec(),
            "none-read",
        ),
        (
            "the message is marked unread meanwhile",
            read,
            |tag| if tag == "M3" { b"* 1 FETCH (FLAGS ())\r\n".to_vec() } else { vec![] },
            "read-no-more",
        ),
        (
            "the message is marked unread meanwhile, by its UID",
            read,
            |tag| if tag == "M3" { b"* 7 FETCH (UID 1 FLAGS ())\r\n".to_vec() } else { vec![] },
            "read-no-more",
        ),
        (
            "three hundred messages are marked read meanwhile",
            read,
            |_| b"* 2 FETCH (FLAGS (\\Seen \\Flagged))\r\n".repeat(300),
            "",
        ),
        (
            "another message comes in place of the one",
            read,
            |tag| if tag == "M4" { b"* 2 FETCH (UID 4 RFC822 {1}\r\nx)\r\n".to_vec() } else { vec![] },
            "empty",
        ),
    ];
    attacks
        .into_iter()
        .map(|(name, store, adds, expected)| {
            attack(format!("unasked: {name}"), move || {
                let (message, causes) = Account::of(store(), fetching_unless(expected), adds).message()?;
                let rfc822 = &message["rfc822"];
                let told = rfc822["because"].as_str().or(rfc822["result"].as_str()).unwrap_or_default();
                let wanted = if expected.is_empty() { "came" } else { expected };
                holds(told == wanted, || format!("it is told as {message}"))?;
                let accuses = causes.iter().any(|cause| cause == "rfc822-fetch-empty");
                holds(accuses == (expected == "empty"), || format!("the causes are {causes:?}"))
            })
        })
        .collect()
}

fn fetching_unless(expected: &str) -> Ways {
    Ways { fetches_rfc822: expected != "empty", ..Ways::default() }
}

/// A server without any of iCloud's ways: nothing is named on it.
const PLAIN: Ways = Ways {
    fetches_rfc822: true,
    fetch_unavailable: false,
    examines_only: true,
    searches: true,
    sorts: true,
    notes_are_closed: false,
    miscounts: false,
    idle_ends: false,
};

/// A way of iCloud's, as a test switches it on, and the cause that names it.
type Quirk = (&'static str, fn() -> Store, Ways, &'static [&'static str]);

/// Each of iCloud's ways that a look at the mailbox can see is named where it is there, and nothing where it is not.
fn quirks() -> Vec<Attack> {
    // The largest is in the middle, so that no order of numbers is one of sizes.
    fn store() -> Store {
        let messages = ["Short.\r\n", "The longest of them all.\r\n", "Longer.\r\n"];
        messages.iter().fold(Store::with(&[]), |store, body| store.and(SEEN, HEADER, body))
    }
    fn archived() -> Store {
        store().archived(240)
    }
    let quirks: [Quirk; 9] = [
        ("no way of iCloud's", store, PLAIN, &[]),
        ("EXAMINE for writing", store, Ways { examines_only: false, ..PLAIN }, &["examine-not-read-only"]),
        ("SEARCH without measure", store, Ways { searches: false, ..PLAIN }, &["search-unreliable"]),
        ("SORT without order", store, Ways { sorts: false, ..PLAIN }, &["sort-ignored"]),
        ("Notes that are closed", store, Ways { notes_are_closed: true, ..PLAIN }, &["folder-cannot-be-opened"]),
        ("counts that disagree", store, Ways { miscounts: true, ..PLAIN }, &["counts-disagree"]),
        ("mail in Archive", archived, PLAIN, &["mail-in-archive"]),
        ("messages that are refused", store, Ways { fetch_unavailable: true, ..PLAIN }, &["service-unavailable"]),
        (
            "all that it does every day",
            store,
            Ways::default(),
            &["examine-not-read-only", "search-unreliable", "sort-ignored"],
        ),
    ];
    let named = |name: String, flags: &'static [&'static str], (_, store, ways, expected): Quirk| {
        attack(name, move || {
            let named = Account::of(store(), ways, no_more).looked_at(flags)?;
            let mut missing = expected.iter().filter(|cause| !named.iter().any(|named| named == *cause));
            holds(named.len() == expected.len() && missing.next().is_none(), || format!("named: {named:?}"))
        })
    };
    let each = quirks.into_iter().flat_map(|quirk| {
        let flags: [&'static [&'static str]; 2] = [&[], &["--full", "--show-names"]];
        flags.map(|flags| named(format!("looked at with {flags:?}: {}", quirk.0), flags, quirk))
    });
    let idle: Quirk = ("", store, Ways { idle_ends: true, ..PLAIN }, &["idle-cut-short"]);
    each.chain([named("looked at with IDLE that ends at once".to_owned(), &["--idle", "1"], idle)]).collect()
}
