//! The facts that both runs learned and that are not the same. What one of them did not learn is not compared.

use std::net::IpAddr;

use checks::evidence::Evidence;
use checks::imap::GreetingKind;
use checks::login::LoginForm;
use checks::mailbox::Storage;
use checks::password::Kind;
use checks::plan::{Protocol, Server};
use checks::questions::Question;
use checks::survey::{Folder, Role};
use checks::{dns, survey, tls};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact that is not the same in both runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) what: What,
    /// The server that it is about; `None` where it is about the run.
    pub(crate) of: Option<Protocol>,
    /// What only A has.
    pub(crate) a: Vec<Value>,
    /// What only B has.
    pub(crate) b: Vec<Value>,
}

/// The kind of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub(crate) enum What {
    /// What was asked.
    #[serde(rename = "questions-changed")]
    Questions,
    /// The host, the port, the encryption or the form of the login name; or the kind of the password.
    #[serde(rename = "settings-changed")]
    Settings,
    /// The addresses of a server: they have none in common.
    #[serde(rename = "addresses-changed")]
    Addresses,
    /// The issuer of a server's certificate.
    #[serde(rename = "issuer-changed")]
    Issuer,
    /// The version of TLS.
    #[serde(rename = "tls-version-changed")]
    TlsVersion,
    /// The build in a server's greeting, or the name of its software.
    #[serde(rename = "greeting-changed")]
    Greeting,
    /// What the IMAP server offers.
    #[serde(rename = "capabilities-changed")]
    Capabilities,
    /// What the SMTP server offers.
    #[serde(rename = "ehlo-changed")]
    Ehlo,
    /// The largest message that a server takes.
    #[serde(rename = "limits-changed")]
    Limits,
    /// The storage that the mailbox is allowed, or how full it is.
    #[serde(rename = "quota-changed")]
    Quota,
    /// The folders with a use, such as the one for sent messages.
    #[serde(rename = "folders-changed")]
    Folders,
    /// The numbers that tell mail programs whether their copy of a folder is still of use.
    #[serde(rename = "uidvalidity-changed")]
    Uidvalidity,
}

/// What a run has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Question(Question),
    SignIn,
    Server(Server),
    Login(LoginForm),
    Password(Kind),
    Address(IpAddr),
    /// A name, a version or a keyword, as it was learned.
    Text(String),
    /// In bytes.
    Size(u64),
    /// How full the mailbox is.
    Percent(u64),
    Folder(Role, Option<String>),
    /// A folder's number by which copies of it are known to be of use.
    Uidvalidity(Role, Option<String>, u64),
}

/// Less is what comes and goes in a day, in percent of the storage.
const FULLER_BY: u64 = 5;

/// The facts that changed, in the order of the steps to a server.
pub(super) fn changed(a: &Evidence, b: &Evidence) -> Vec<Change> {
    let servers = Protocol::BOTH.into_iter().flat_map(|of| of_server(a, b, of));
    let run = [
        Change::of_lists(What::Questions, None, &asked(a), &asked(b)),
        Change::of_lists(What::Settings, None, &password(a), &password(b)),
    ];
    let mut changed: Vec<Change> = run.into_iter().flatten().chain(servers).chain(of_mailbox(a, b)).collect();
    changed.sort_by_key(|change| change.what);
    changed
}

impl Change {
    /// The change where two lists are not the same, whatever their order; `None` where they are.
    fn of_lists(what: What, of: Option<Protocol>, a: &[Value], b: &[Value]) -> Option<Self> {
        let missing = |from: &[Value], of: &[Value]| of.iter().filter(|one| !from.contains(one)).cloned().collect();
        let (only_a, only_b): (Vec<Value>, Vec<Value>) = (missing(b, a), missing(a, b));
        (!only_a.is_empty() || !only_b.is_empty()).then_some(Self { what, of, a: only_a, b: only_b })
    }

    /// The change of something that both runs know.
    fn of_both(what: What, of: Protocol, a: Option<Vec<Value>>, b: Option<Vec<Value>>) -> Option<Self> {
        Self::of_lists(what, Some(of), &a?, &b?)
    }
}

/// What was asked. A run whose sign-in was left out leaves all out that follows it.
fn asked(evidence: &Evidence) -> Vec<Value> {
    let settings = &evidence.first.settings;
    let checks = Question::CHECKS.iter().filter(|check| match check {
        Question::Mailbox => evidence.first.mailbox.is_some(),
        check => !settings.left_out.contains(check),
    });
    checks.copied().map(Value::Question).chain(settings.sign_in.then_some(Value::SignIn)).collect()
}

fn password(evidence: &Evidence) -> Vec<Value> {
    evidence.first.settings.password.iter().map(|shape| Value::Password(shape.kind)).collect()
}

fn of_server(a: &Evidence, b: &Evidence, of: Protocol) -> Vec<Change> {
    let settings = Change::of_lists(What::Settings, Some(of), &server(a, of), &server(b, of));
    // What is learned of another server is another thing, and not a change.
    let is_same = a.first.server(of).server.host == b.first.server(of).server.host;
    let both =
        |what, get: fn(&Evidence, Protocol) -> Option<Vec<Value>>| Change::of_both(what, of, get(a, of), get(b, of));
    let learned = || {
        let offers = if of == Protocol::Imap { What::Capabilities } else { What::Ehlo };
        [
            addresses(a, b, of),
            both(What::Issuer, issuer),
            both(What::TlsVersion, tls_version),
            both(What::Greeting, greeting),
            offered(offers, (a, b), of, keywords),
            offered(What::Limits, (a, b), of, limits),
        ]
    };
    settings.into_iter().chain(is_same.then(learned).into_iter().flatten().flatten()).collect()
}

fn server(evidence: &Evidence, of: Protocol) -> Vec<Value> {
    let facts = evidence.first.server(of);
    let server = Server { login: None, ..facts.server.clone() };
    [Value::Server(server)].into_iter().chain(facts.login_form.map(Value::Login)).collect()
}

/// A name with many addresses is answered with some of them, so one in common is enough.
fn addresses(a: &Evidence, b: &Evidence, of: Protocol) -> Option<Change> {
    let known = |evidence: &Evidence| -> Option<Vec<Value>> {
        let names = evidence.first.dns(of).filter(|names| names.outcome == dns::Outcome::Found)?;
        Some(names.addresses.iter().map(|address| Value::Address(address.address)).collect())
    };
    let (a, b) = (known(a)?, known(b)?);
    if a.iter().any(|address| b.contains(address)) {
        return None;
    }
    Change::of_lists(What::Addresses, Some(of), &a, &b)
}

fn issuer(evidence: &Evidence, of: Protocol) -> Option<Vec<Value>> {
    let own = evidence.first.tls(of)?.chain.first()?;
    Some(vec![Value::Text(own.issuer.clone())])
}

fn tls_version(evidence: &Evidence, of: Protocol) -> Option<Vec<Value>> {
    let tls: &tls::Facts = evidence.first.tls(of)?;
    Some(vec![Value::Text(tls.negotiated.as_ref()?.version.clone())])
}

/// The build that a server greets with, or the words of its greeting that are not names of a machine or a session.
fn greeting(evidence: &Evidence, of: Protocol) -> Option<Vec<Value>> {
    let text = match of {
        Protocol::Imap => {
            let greeting = evidence.first.imap.spoken.as_ref()?.facts.greeting.as_ref()?;
            (greeting.kind != GreetingKind::Bye).then_some(greeting.text.as_str())
        }
        Protocol::Smtp => {
            let greeting = evidence.first.smtp.spoken.as_ref()?.facts.greeting.as_ref()?;
            // The first word is the name of the machine (RFC 5321 section 4.2).
            (greeting.code == 220).then(|| greeting.text.split_once(' ').map_or("", |(_, rest)| rest))
        }
    }?;
    let words = || text.split_whitespace().filter(|word| !word.contains(|c: char| c.is_ascii_digit()));
    let greeted = build(text).map_or_else(|| words().collect::<Vec<_>>().join(" "), str::to_owned);
    Some(vec![Value::Text(greeted)])
}

/// The build of Apple's server: `2606B15` in `(2606B15-0579518368c0) p00-iscream-55668b59f7-6f7mg`, where the rest is of
/// the machine (greetings of ten years: MailKit#295, nextcloud/mail#3401, MailKit#1871).
fn build(text: &str) -> Option<&str> {
    let inside = text.split('(').skip(1).filter_map(|part| part.split([')', '-', ':']).next());
    inside.into_iter().find(|word| {
        let mut parts = word.splitn(2, |c: char| c.is_ascii_uppercase());
        let is_number = |part: Option<&str>| part.is_some_and(|part| part.parse::<u32>().is_ok());
        is_number(parts.next()) && is_number(parts.next())
    })
}

/// What a server offers in one run alone, of what both runs heard: at first, or later.
fn offered(
    what: What,
    (a, b): (&Evidence, &Evidence),
    of: Protocol,
    picked: fn(&[String]) -> Vec<Value>,
) -> Option<Change> {
    let stages = offers(a, of).into_iter().zip(offers(b, of));
    let changes = stages.filter_map(|(a, b)| Change::of_lists(what, Some(of), &picked(a?), &picked(b?)));
    changes.reduce(|first, later| Change { a: united(first.a, later.a), b: united(first.b, later.b), ..first })
}

fn united(mut first: Vec<Value>, later: Vec<Value>) -> Vec<Value> {
    for one in later {
        if !first.contains(&one) {
            first.push(one);
        }
    }
    first
}

/// What a server offers at first, and after the sign-in or the encryption.
fn offers(evidence: &Evidence, of: Protocol) -> [Option<&Vec<String>>; 2] {
    let first = &evidence.first;
    match of {
        Protocol::Imap => {
            let spoken = first.imap.spoken.as_ref().map(|asked| &asked.facts);
            [
                spoken.and_then(|facts| facts.capabilities.as_ref()),
                spoken.and_then(|facts| facts.capabilities_after.as_ref()),
            ]
        }
        Protocol::Smtp => {
            let spoken = first.smtp.spoken.as_ref().map(|asked| &asked.facts);
            [spoken.and_then(|facts| facts.offers_in_plain.as_ref()), spoken.and_then(|facts| facts.offers.as_ref())]
        }
    }
}

/// The name of the keyword for the largest message: in EHLO (RFC 1870), and among IMAP's capabilities (RFC 7889).
const SIZES: [&str; 2] = ["SIZE ", "APPENDLIMIT="];

/// What is offered, each mechanism of `AUTH` by itself, and without the limits, which are a fact of their own.
fn keywords(offers: &[String]) -> Vec<Value> {
    let offers = offers.iter().filter(|offer| !SIZES.iter().any(|size| offer.starts_with(size)));
    let each = offers.flat_map(|offer| match offer.strip_prefix("AUTH ") {
        Some(mechanisms) => mechanisms.split(' ').map(|mechanism| format!("AUTH {mechanism}")).collect(),
        None => vec![offer.clone()],
    });
    each.map(Value::Text).collect()
}

fn limits(offers: &[String]) -> Vec<Value> {
    let sizes = offers.iter().filter_map(|offer| SIZES.iter().find_map(|size| offer.strip_prefix(size)));
    sizes.filter_map(|size| size.parse().ok()).map(Value::Size).collect()
}

fn of_mailbox(a: &Evidence, b: &Evidence) -> Vec<Change> {
    let imap = Some(Protocol::Imap);
    let quota = storage(a).zip(storage(b)).and_then(|(a, b)| {
        let is_fuller = a.percent()?.abs_diff(b.percent()?) >= FULLER_BY;
        Change::of_lists(What::Quota, imap, &quota(a, is_fuller), &quota(b, is_fuller))
    });
    let sent = Change::of_both(What::Folders, Protocol::Imap, sent_folders(a), sent_folders(b));
    let surveyed = whole_survey(a).zip(whole_survey(b));
    let folders = surveyed.and_then(|(a, b)| Change::of_lists(What::Folders, imap, &used(a), &used(b)));
    let numbers = surveyed.and_then(|(a, b)| {
        // A folder that one run alone knows is another fact.
        let (only_a, only_b) = (numbers(a, b), numbers(b, a));
        Change::of_lists(What::Uidvalidity, imap, &only_a, &only_b)
    });
    [quota, sent, folders, numbers].into_iter().flatten().collect()
}

fn storage(evidence: &Evidence) -> Option<Storage> {
    let survey = evidence.first.mailbox.as_ref().and_then(|asked| asked.facts.storage);
    survey.or_else(|| evidence.first.imap.spoken.as_ref()?.facts.mailbox.storage)
}

fn quota(storage: Storage, is_fuller: bool) -> Vec<Value> {
    let percent = storage.percent().filter(|_| is_fuller).map(Value::Percent);
    [Value::Size(storage.limit_kib.saturating_mul(1024))].into_iter().chain(percent).collect()
}

/// The folders for sent messages, which every run asks for.
fn sent_folders(evidence: &Evidence) -> Option<Vec<Value>> {
    let folders = evidence.first.imap.spoken.as_ref()?.facts.mailbox.folders.as_ref()?;
    Some(folders.iter().map(|folder| Value::Folder(Role::Sent, Some(folder.name.clone()))).collect())
}

/// A look at the mailbox that left no folder out.
fn whole_survey(evidence: &Evidence) -> Option<&survey::Facts> {
    evidence.first.mailbox.as_ref().map(|asked| &asked.facts).filter(|facts| facts.folders_left_out == 0)
}

fn used(survey: &survey::Facts) -> Vec<Value> {
    survey.folders.iter().filter_map(|folder| Some(Value::Folder(folder.role?, folder.name.clone()))).collect()
}

/// The numbers of the folders with a use that the other run knows too.
fn numbers(survey: &survey::Facts, other: &survey::Facts) -> Vec<Value> {
    let is_same = |one: &Folder, other: &Folder| (one.role, &one.name) == (other.role, &other.name);
    let is_known =
        |folder: &&Folder| other.folders.iter().any(|other| other.uidvalidity.is_some() && is_same(folder, other));
    let number = |folder: &Folder| Some(Value::Uidvalidity(folder.role?, folder.name.clone(), folder.uidvalidity?));
    survey.folders.iter().filter(is_known).filter_map(number).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use checks::survey;

    use super::super::{Differences, Run};
    use super::*;
    use crate::rehearse;

    type Edit = fn(&mut Evidence);

    fn recorded(name: &str) -> Evidence {
        rehearse::all().iter().find(|(known, _)| known == name).unwrap().1.clone()
    }

    /// A healthy run with a look at the mailbox too.
    fn healthy() -> Evidence {
        let mut healthy = recorded("imap/healthy-apple");
        healthy.first.mailbox = recorded("mailbox/looked-at").first.mailbox;
        healthy
    }

    fn imap(evidence: &mut Evidence) -> &mut checks::imap::Facts {
        &mut evidence.first.imap.spoken.as_mut().unwrap().facts
    }

    fn smtp(evidence: &mut Evidence) -> &mut checks::smtp::Facts {
        &mut evidence.first.smtp.spoken.as_mut().unwrap().facts
    }

    fn look(evidence: &mut Evidence) -> &mut survey::Facts {
        &mut evidence.first.mailbox.as_mut().unwrap().facts
    }

    #[test]
    fn one_fact_that_changes_is_one_change() {
        const EDITS: [(What, Edit); 13] = [
            (What::Questions, |run| run.first.settings.sign_in = false),
            (What::Settings, |run| run.first.settings.smtp.server.port = 25),
            (What::Settings, |run| run.first.settings.password.as_mut().unwrap().kind = Kind::Other),
            (What::Addresses, |run| {
                let addresses = &mut run.first.imap.dns.as_mut().unwrap().facts.addresses;
                addresses.truncate(1);
                addresses[0].address = "17.1.2.3".parse().unwrap();
            }),
            (What::Issuer, |run| run.first.smtp.tls.as_mut().unwrap().facts.chain[0].issuer = "CN=Other".to_owned()),
            (What::TlsVersion, |run| {
                let tls = &mut run.first.imap.tls.as_mut().unwrap().facts;
                tls.negotiated.as_mut().unwrap().version = "TLS 1.2".to_owned();
            }),
            (What::Greeting, |run| {
                imap(run).greeting.as_mut().unwrap().text = "(2607B1-0579518368c0) p00-iscream".to_owned();
            }),
            (What::Capabilities, |run| imap(run).capabilities.as_mut().unwrap().push("MOVE".to_owned())),
            (What::Ehlo, |run| {
                smtp(run).offers.as_mut().unwrap().retain(|offer| offer != "DSN");
            }),
            (What::Limits, |run| {
                let size =
                    |offer: &String| if offer.starts_with("SIZE ") { "SIZE 5".to_owned() } else { offer.clone() };
                let offers = smtp(run).offers.as_mut().unwrap();
                *offers = offers.iter().map(size).collect();
            }),
            (What::Quota, |run| look(run).storage.as_mut().unwrap().limit_kib *= 2),
            (What::Folders, |run| {
                let sent = look(run).folders.iter_mut().find(|folder| folder.role == Some(Role::Sent));
                sent.unwrap().name = Some("Sent".to_owned());
            }),
            (What::Uidvalidity, |run| *look(run).folders[0].uidvalidity.as_mut().unwrap() += 1),
        ];
        let before = healthy();
        for (at, (what, edit)) in EDITS.into_iter().enumerate() {
            let mut after = before.clone();
            edit(&mut after);
            let found: Vec<What> = changed(&before, &after).iter().map(|change| change.what).collect();
            assert_eq!(found, [what], "edit {at}");
            let back: Vec<What> = changed(&after, &before).iter().map(|change| change.what).collect();
            assert_eq!(back, [what], "edit {at}, backwards");
        }
    }

    #[test]
    fn what_differs_in_any_two_runs_is_not_told() {
        const EDITS: [Edit; 9] = [
            |run| run.started_at += time::Duration::DAY,
            |run| run.duration_ms += 150,
            |run| run.first.imap.tls.as_mut().unwrap().facts.seen_at += time::Duration::DAY,
            |run| run.first.imap.dns.as_mut().unwrap().facts.addresses.reverse(),
            |run| run.first.imap.dns.as_mut().unwrap().facts.addresses.truncate(1),
            |run| {
                imap(run).greeting.as_mut().unwrap().text =
                    "(2606B15-57a8acf4b2d1) p00-iscream-7dfc5877dc-kmwkw".to_owned();
            },
            |run| smtp(run).greeting.as_mut().unwrap().text = "p42-icloudmta-asmtp-eu-1 ESMTP Postfix".to_owned(),
            |run| imap(run).capabilities.as_mut().unwrap().reverse(),
            |run| {
                let storage = look(run).storage.as_mut().unwrap();
                storage.used_kib += storage.limit_kib / 50;
            },
        ];
        let before = healthy();
        for (at, edit) in EDITS.into_iter().enumerate() {
            let mut after = before.clone();
            edit(&mut after);
            assert_ne!(before, after, "edit {at}");
            let found = Differences::between(&Run::of(&before), &Run::of(&after));
            assert!(found.is_empty(), "edit {at}: {found:?}");
        }
    }

    #[test]
    fn a_build_is_found_in_the_greetings_of_ten_years() {
        for (greeting, expected) in [
            (
                "iSCREAM ready to rumble (15E201-d02dd996912b:24762) mr11p00im-iscream004 [31:1461:18:16:40:81]",
                Some("15E201"),
            ),
            ("(2109B29-d3afe4d5aba6) pv33p00im-iscream021.me.com", Some("2109B29")),
            ("(2606B15-0579518368c0) p00-iscream-55668b59f7-6f7mg", Some("2606B15")),
            (
                "iCloud iscream SMTP proxy - p00-iscream-smtp-d759469dd-ss5bd 3.5.0 (2403B23-529c1e05a5df)",
                Some("2403B23"),
            ),
            ("Dovecot (Debian) ready.", None),
            ("ready (", None),
        ] {
            assert_eq!(build(greeting), expected, "{greeting}");
        }
    }
}
