//! What differs between two recorded runs of one account is what their faults are, and nothing else: every pair of the
//! kept reports is compared, and held against the expectations and against what was recorded.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;

use checks::evidence::Evidence;
use checks::network::case::{Case, RecordedConnection};
use checks::plan::Protocol;

use super::{Differences, Run, What};
use crate::expected::{Expectation, recorded};
use crate::rehearse::{at_once, plan};
use crate::report::saved;

/// What was recorded that each kind of fact can come from.
type Sources = Vec<((What, Option<Protocol>), BTreeSet<String>)>;

/// A kept report, with what its case recorded and what is expected of it.
struct Kept {
    name: String,
    email: Option<String>,
    evidence: Evidence,
    found: BTreeSet<String>,
    recorded: Sources,
}

/// Every kept report, read once.
fn kept() -> &'static [Kept] {
    static KEPT: OnceLock<Vec<Kept>> = OnceLock::new();
    let read = |(name, folder): &(String, std::path::PathBuf)| {
        let text = |file| fs::read_to_string(folder.join(file)).unwrap();
        let report = saved::read(&text("report.json")).unwrap();
        Kept {
            name: name.clone(),
            email: report.settings.email.clone(),
            evidence: saved::evidence(&report).unwrap(),
            found: Expectation::of(folder).found.into_iter().collect(),
            recorded: sources(name, &Case::read(&text("case.toml")).unwrap()),
        }
    };
    KEPT.get_or_init(|| at_once(&recorded(), read))
}

/// What each kind of fact can come from, read from the recording and not from the evidence.
fn sources(name: &str, case: &Case) -> Sources {
    let plan = plan(name);
    let called: BTreeSet<String> =
        case.run.arguments.iter().cloned().chain([format!("{:?}", case.run.password)]).collect();
    let mut sources = vec![((What::Questions, None), called.clone()), ((What::Settings, None), called.clone())];
    for of in Protocol::BOTH {
        let server = plan.server(of);
        let connections: Vec<&RecordedConnection> =
            case.connections.iter().filter(|connection| connection.to.port() == server.port).collect();
        let said = |wanted: &[&str]| -> BTreeSet<String> {
            let lines = connections.iter().flat_map(|connection| connection.talk.lines());
            let wanted = lines.filter(|line| wanted.iter().any(|word| line.contains(word)));
            // The time before a line, and the tag.
            wanted.map(|line| line.splitn(3, ' ').last().unwrap_or_default().to_owned()).collect()
        };
        let queries = case.queries.iter().filter(|asked| asked.query.name == server.host);
        let addresses = queries.flat_map(|asked| asked.answer.iter().flat_map(|answer| &answer.records));
        let addresses = addresses.map(|record| format!("{:?}", record.value));
        let hosts = case.machine.hosts.get(&server.host).into_iter().flatten().map(ToString::to_string);
        let handshakes = || connections.iter().filter_map(|connection| connection.handshake.as_ref());
        let issuers = handshakes().filter_map(|made| Some(made.chain.first()?.issuer.clone()));
        let versions = handshakes().filter_map(|made| Some(made.negotiated.as_ref()?.version.clone()));
        let all = [
            (What::Settings, called.clone()),
            (What::Addresses, addresses.chain(hosts).collect()),
            (What::Issuer, issuers.collect()),
            (What::TlsVersion, versions.collect()),
            (What::Greeting, said(&["* OK", "220"])),
            (What::Capabilities, said(&["CAPABILITY"])),
            (What::Ehlo, said(&["250"])),
            (What::Limits, said(&["250", "CAPABILITY"])),
            (What::Quota, said(&["QUOTA"])),
            (What::Folders, said(&["LIST"])),
            (What::Uidvalidity, said(&["UIDVALIDITY"])),
        ];
        sources.extend(all.map(|(what, recorded)| ((what, Some(of)), recorded)));
    }
    sources
}

/// What is wrong with the difference of two runs, a sentence each.
fn errors((a, run_a): &(&Kept, Run<'_>), (b, run_b): &(&Kept, Run<'_>)) -> Vec<String> {
    let found = Differences::between(run_a, run_b);
    let named = |causes: &[crate::diagnosis::Diagnosis]| {
        causes.iter().map(|cause| cause.cause.to_owned()).collect::<BTreeSet<_>>()
    };
    let only = |one: &Kept, other: &Kept| one.found.difference(&other.found).cloned().collect::<BTreeSet<_>>();
    let mut errors = Vec::new();
    for (which, found, expected) in [("came", named(&found.came), only(b, a)), ("went", named(&found.went), only(a, b))]
    {
        errors.extend(expected.difference(&found).map(|cause| format!("missing: {cause} {which}")));
        errors.extend(found.difference(&expected).map(|cause| format!("unfounded: {cause} {which}")));
    }
    for change in &found.facts {
        let source =
            |kept: &Kept| kept.recorded.iter().find(|(key, _)| *key == (change.what, change.of)).unwrap().1.clone();
        if source(a) == source(b) {
            errors.push(format!("unfounded: {change:?}"));
        }
    }
    errors.into_iter().map(|error| format!("{} and {}: {error}", a.name, b.name)).collect()
}

#[test]
fn a_report_differs_in_nothing_from_itself() {
    let all = kept();
    assert!(all.len() > 100);
    for Kept { name, evidence, .. } in all {
        let found = Differences::between(&Run::of(evidence), &Run::of(evidence));
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

#[test]
fn any_two_runs_of_one_account_differ_in_their_faults_and_in_nothing_else() {
    let all = kept();
    let runs = at_once(&all.iter().collect::<Vec<_>>(), |kept: &&'static Kept| (*kept, Run::of(&kept.evidence)));
    let of_one_account = |one: &Kept, other: &Kept| one.email.is_some() && one.email == other.email;
    let pairs: Vec<_> = runs
        .iter()
        .flat_map(|a| runs.iter().map(move |b| (a, b)))
        .filter(|(a, b)| a.0.name != b.0.name && of_one_account(a.0, b.0))
        .collect();
    assert!(pairs.len() >= 2_000, "{} pairs", pairs.len());
    let errors = at_once(&pairs, |(a, b)| errors(a, b)).concat();
    let (missing, unfounded): (Vec<_>, Vec<_>) = errors.iter().partition(|error| error.contains(": missing: "));
    let first = errors.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert_eq!((missing.len(), unfounded.len()), (0, 0), "of {} pairs\n{first}", pairs.len());
}

/// The first sentence names the server of the fault where only one is concerned.
#[test]
fn what_is_healthy_beside_a_fault_of_one_server_is_not_named() {
    let all = kept();
    let of = |name: &str| all.iter().find(|kept| kept.name == name).unwrap();
    for (a, b, expected) in [
        (
            "imap/healthy",
            "tcp/port-blocked",
            "Sending differs: port 587 of smtp.mail.me.com can be reached in A and not in B. All else is equal.",
        ),
        (
            "tcp/port-blocked",
            "imap/healthy",
            "Sending differs: port 587 of smtp.mail.me.com can be reached in B and not in A. All else is equal.",
        ),
        (
            "imap/healthy-apple",
            "imap/imap-disabled",
            "Receiving differs: imap.mail.me.com accepts the sign-in in A and not in B. All else is equal.",
        ),
        (
            "imap/healthy-apple",
            "tls/tls-intercepted",
            "Receiving and sending differ: both servers have the right encryption and certificate in A and not in B. \
             These differ too: the issuer of the certificate (IMAP) and the issuer of the certificate (SMTP).",
        ),
        ("imap/healthy", "imap/healthy", "Receiving and sending work in A and in B. Nothing differs."),
        (
            "imap/healthy-apple",
            "tls/healthy-older-tls",
            "Receiving and sending work in A and in B. These differ: the version of TLS (IMAP) and the version of TLS (SMTP).",
        ),
        (
            "imap/password-refused",
            "imap/healthy",
            "Receiving and sending differ: both servers accept the sign-in in B and not in A. All else is equal.",
        ),
        (
            "imap/sign-ins-held-back-just-accepted",
            "imap/healthy",
            "Receiving and sending differ: in A no sign-in was made, because earlier ones say to wait, and in B it works. \
             These differ too: sign-ins-held-back.",
        ),
    ] {
        let found = Differences::between(&Run::of(&of(a).evidence), &Run::of(&of(b).evidence));
        assert_eq!(crate::words::compare::conclusion(&found), expected, "{a} and {b}");
    }
}
