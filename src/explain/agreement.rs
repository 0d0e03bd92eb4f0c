//! `check` and `explain` agree: each line of the table of servers' sentences is given to both, once as an answer that
//! was heard and once as a text that was pasted.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use checks::evidence::Evidence;
use checks::imap::{Greeting, GreetingKind};
use checks::mailbox::{Fetched, MessageFacts, NotAsked};
use checks::meaning::{self, Meaning, Sentence};
use checks::password::Kind;
use checks::sign_in::{Mechanism, Outcome, SignIn};
use checks::smtp::{FromFacts, ReplyFacts};

use super::weigh::weigh;
use crate::diagnosis::{Diagnosis, Sure, UNEXPLAINED, diagnose};
use crate::rehearse;

/// A sign-in that was answered with this line.
fn sign_in(line: &str, said: &Sentence<'_>) -> SignIn {
    let outcome = said.heard().and_then(|heard| heard.meaning.of_a_sign_in()).unwrap_or(Outcome::Refused);
    SignIn {
        mechanism: Some(Mechanism::Plain),
        login: "you".to_owned(),
        outcome,
        code: said.response.or(said.enhanced).map(str::to_owned),
        answer: Some(line.to_owned()),
    }
}

/// Evidence in which one server says the line where such a line is said, and the other was not asked.
fn heard(line: &str) -> Evidence {
    let healthy = rehearse::all().iter().find(|(name, _)| name == "smtp/healthy-may-send");
    let mut evidence = healthy.unwrap().1.clone();
    let said = meaning::sentence(line).unwrap();
    let is_of_the_password =
        said.heard().is_some_and(|heard| matches!(heard.meaning, Meaning::Refused | Meaning::WrongKind));
    evidence.first.settings.password.as_mut().unwrap().kind =
        if is_of_the_password { Kind::Other } else { Kind::AppSpecific };
    let Some(code) = said.reply else {
        evidence.first.smtp.spoken = None;
        let imap = &mut evidence.first.imap.spoken.as_mut().unwrap().facts;
        imap.mailbox.message = None;
        if line.starts_with("* BYE") {
            let (code, text) = (said.response.map(str::to_owned), said.words.trim().to_owned());
            imap.greeting = Some(Greeting { kind: GreetingKind::Bye, code, text });
            imap.shared.sign_in = None;
        } else if line.starts_with('M') {
            let rfc822 = Fetched::NotAsked { because: NotAsked::NotPeeked };
            imap.mailbox.message = Some(MessageFacts { peeked: Fetched::Refused { answer: line.to_owned() }, rfc822 });
        } else {
            imap.shared.sign_in = Some(sign_in(line, &said));
        }
        return evidence;
    };
    evidence.first.imap.spoken = None;
    let smtp = &mut evidence.first.smtp.spoken.as_mut().unwrap().facts;
    let (number, enhanced) = (code.parse().unwrap(), said.enhanced.map(str::to_owned));
    let reply = ReplyFacts { code: number, enhanced, text: said.words.trim().to_owned() };
    match number {
        454 | 504 | 525 | 534 | 535 => {
            smtp.shared.sign_in = Some(sign_in(line, &said));
            smtp.from = None;
        }
        _ => smtp.from = Some(FromFacts { address: "you@icloud.com".to_owned(), mail: reply, rcpt: None, data: None }),
    }
    evidence
}

fn first(found: &[Diagnosis]) -> Option<&'static str> {
    found.first().map(|found| found.cause).filter(|cause| *cause != UNEXPLAINED)
}

#[test]
fn check_and_explain_name_the_same_cause_of_a_servers_sentence() {
    let mut wrong = Vec::new();
    for (meant, line) in meaning::examples() {
        let (by_check, by_explain) = (diagnose(&heard(line)), weigh(line, None).causes);
        let is_certain = by_check.iter().chain(&by_explain).any(|found| found.sure == Sure::Certain);
        let is_doubtful = meaning::of(line).is_some_and(|heard| !heard.is_sure);
        // No page is about these yet: what matters is that neither takes them for another.
        let has_no_cause = matches!(meant, Meaning::Recipient | Meaning::Content | Meaning::Size | Meaning::Encryption);
        let (one, other) = (first(&by_check), first(&by_explain));
        let is_same = one == other && one.is_some();
        // That a connection must be encrypted is a setting, which is seen in a text alone.
        let is_setting = meant == Meaning::Encryption && other == Some("encryption-off");
        // What the receiving side of iCloud says to others reaches no check.
        let is_of_receiving_side = one.is_none() && other == Some("refused-by-icloud");
        let is_left = (has_no_cause && one.is_none() || is_setting) && !is_certain || is_of_receiving_side;
        if !(is_same || is_left) || is_doubtful && is_certain {
            wrong.push(format!("{line} ({meant:?}): check {one:?}, explain {other:?}, certain: {is_certain}"));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_code_that_the_words_contradict_decides_nothing() {
    for (line, cause) in [
        ("A3 NO [UNAVAILABLE] You have exceeded the number of allowed sign-in attempts", "sign-in-throttled"),
        ("A3 NO [CONTACTADMIN] User has no access to email", "imap-disabled"),
        ("* BYE [CONTACTADMIN] Session limit for this account exceeded", "too-many-connections"),
        ("A3 NO [UNAVAILABLE] Mailbox of this user is over quota", "mailbox-full"),
        ("A3 NO [UNAVAILABLE] Quokka seventeen", "service-unavailable"),
    ] {
        for found in [diagnose(&heard(line)), weigh(line, None).causes] {
            assert_eq!(first(&found), Some(cause), "{line}");
            assert!(found.iter().all(|found| found.sure != Sure::Certain), "{line}");
        }
    }
}
