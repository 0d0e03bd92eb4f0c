//! `examine` keeps its promise: whatever a server, a resolver or a web page says, the password is not in the evidence.
//!
//! Every recorded case of the program is played again with servers that put the password into all that they say.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use checks::evidence::Evidence;
use checks::examine;
use checks::network::case::Case;
use checks::network::replayed::Replayed;
use checks::password::Password;
use checks::plan::{APPLE_IMAP, APPLE_PORTAL, APPLE_SMTP, APPLE_STATUS, Family, Plan, Security, Server};
use checks::secret::{HIDDEN, Secret};
use serde_json::Value;

const PASSWORD: &str = "qzvx-wkjh-ybfp-lmdt";
/// Six letters of it in a row are as much as may never be left.
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
    let server = |(host, port): (&str, u16), security, login: &str| Server {
        host: host.to_owned(),
        port,
        security,
        login: Some(login.to_owned()),
    };
    Plan {
        email: Some("you@icloud.com".to_owned()),
        imap: server(APPLE_IMAP, Security::Tls, "you"),
        smtp: server(APPLE_SMTP, Security::Starttls, "you@icloud.com"),
        password: Some(Password::new(Secret::new(PASSWORD.to_owned()))),
        trusted: Vec::new(),
        from: None,
        mailbox: false,
        left_out: BTreeSet::new(),
        second_look: true,
        resolver: None,
        second_resolvers: vec!["1.1.1.1:53".parse().unwrap(), "9.9.9.9:53".parse().unwrap()],
        family: Family::Both,
        timeout: Duration::from_secs(5),
        status_url: APPLE_STATUS.to_owned(),
        portal_url: APPLE_PORTAL.to_owned(),
    }
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

/// Everything that a run learnt, by the question that learnt it.
fn parts(evidence: &Evidence) -> BTreeMap<String, String> {
    let Value::Object(fields) = serde_json::to_value(evidence).unwrap() else { panic!() };
    let (looks, rest): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(name, _)| name == "second_look");
    let looks = looks.into_iter().flat_map(|(_, looks)| looks.as_object().unwrap().clone());
    rest.into_iter().chain(looks).map(|(name, part)| (name, part.to_string())).collect()
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
    // Where nothing had to be hidden, nothing was shown.
    for part in
        ["tls", "imap", "smtp", "imap_transcript", "smtp_transcript", "other_hello", "control_host", "other_sign_in"]
    {
        assert!(hidden.contains(part), "no server echoed the password where {part} reads: {hidden:?}");
    }
}
