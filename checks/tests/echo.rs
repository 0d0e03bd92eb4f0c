//! `examine` keeps its promise: in no text of a server, a resolver or a web page does the password reach the evidence.
//!
//! Every recorded case of the program is replayed with servers that put the password into every text.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use checks::evidence::Evidence;
use checks::examine;
use checks::learned::Learned;
use checks::network::case::Case;
use checks::network::replayed::Replayed;
use checks::password::Password;
use checks::plan::{Plan, Protocol};
use checks::questions::Question;
use checks::secret::{HIDDEN, Secret};

const PASSWORD: &str = "qzvx-wkjh-ybfp-lmdt";
/// Six characters of it in a row must never be left.
const PART: usize = 6;

/// The cases that were called with nothing but an address, so that one plan fits them all.
fn cases() -> Vec<(String, Case)> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    let below = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
    };
    let folders = below(&tests).into_iter().flat_map(|check| below(&check));
    let read = folders
        .filter_map(|folder| Some((folder.display().to_string(), fs::read_to_string(folder.join("case.toml")).ok()?)));
    let all = read.map(|(name, text)| (name, Case::read(&text).unwrap()));
    all.filter(|(_, case)| case.run.arguments == ["check", "you@icloud.com"]).collect()
}

fn plan() -> Plan {
    let mut plan = Plan::icloud("you@icloud.com");
    plan.password = Some(Password::new(Secret::new(PASSWORD.to_owned())));
    plan
}

/// Puts the password into every text that comes from outside.
fn echoing(mut case: Case) -> Case {
    let echo = |text: &str| format!("{text} {PASSWORD}");
    for connection in &mut case.connections {
        let lines: Vec<String> = connection
            .talk
            .lines()
            .map(|line| if line.starts_with("S ") { echo(line) } else { line.to_owned() })
            .collect();
        connection.talk = lines.join("\n");
        if let Some(handshake) = &mut connection.handshake {
            if !handshake.first_bytes.is_empty() {
                handshake.first_bytes = echo(&handshake.first_bytes);
            }
            for certificate in &mut handshake.chain {
                certificate.subject = echo(&certificate.subject);
                certificate.issuer = echo(&certificate.issuer);
                certificate.names.iter_mut().for_each(|name| *name = format!("{PASSWORD}.{name}"));
            }
        }
    }
    for answer in case.queries.iter_mut().filter_map(|query| query.answer.as_mut()) {
        for record in &mut answer.records {
            let said = String::from(record.clone()).replace("akadns.net", &format!("{PASSWORD}.akadns.net"));
            *record = said.try_into().unwrap();
        }
    }
    for page in case.pages.iter_mut().filter_map(|page| page.page.as_mut()) {
        page.body = page
            .body
            .replace("<TITLE>", &format!("<TITLE>{PASSWORD}"))
            .replace("\"userFacingStatus\":\"", &format!("\"userFacingStatus\":\"{PASSWORD}"));
        page.content_type = page.content_type.as_deref().map(echo);
        page.location = page.location.as_deref().map(|to| format!("{to}/{PASSWORD}"));
    }
    case
}

/// All facts of a run, by question, and the transcripts.
fn parts(evidence: &Evidence) -> BTreeMap<String, String> {
    let learned = Question::all().filter_map(|question| Learned::of(question, evidence));
    let transcript = |of| serde_json::to_string(evidence.first.transcript(of)).unwrap();
    learned
        .map(|learned| (learned.id().to_owned(), serde_json::to_string(&learned).unwrap()))
        .chain(Protocol::BOTH.map(|of| (format!("what was said to the {} server", of.name()), transcript(of))))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn no_evidence_holds_a_password_that_is_echoed() {
    let letters: String = PASSWORD.replace('-', "");
    let mut hidden = BTreeSet::new();
    for (name, case) in cases() {
        let net = Replayed::new(echoing(case));
        let evidence = examine(&plan(), &net, &(), Duration::from_secs(30), std::future::pending()).await;
        for (part, text) in parts(&evidence) {
            let said: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
            for at in 0..=letters.len() - PART {
                assert!(!said.contains(&letters[at..at + PART]), "{name}: {part}: {text}");
            }
            if text.contains(HIDDEN) {
                hidden.insert(part);
            }
        }
    }
    // If nothing had to be hidden, nothing was shown.
    for part in [
        "tls",
        "imap",
        "smtp",
        "what was said to the IMAP server",
        "what was said to the SMTP server",
        "other-hello",
        "control-host",
        "other-sign-in",
    ] {
        assert!(hidden.contains(part), "no server echoed the password where {part} reads: {hidden:?}");
    }
}
