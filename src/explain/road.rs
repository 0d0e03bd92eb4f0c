//! The way that a message takes, step by step: where a server has answered, what comes before that step did its part,
//! and a sign-in that is accepted in the end takes an earlier refusal back.

use checks::questions::Question;
use regex::bytes::RegexBuilder;

use super::signatures::{Hit, Step};

/// The causes that keep a program from getting past a step, so that an answer from a later one rules them out.
const BEFORE: [(Step, &[&str]); 3] = [
    (
        Step::Connection,
        &[
            "offline",
            "captive-portal",
            "dns-filtered",
            "dns-resolver-unreachable",
            "dns-server-failure",
            "dns-wrong-address",
            "wrong-server-name",
            "wrong-port",
            "pop-not-offered",
            "port-blocked",
            "ipv6-broken",
        ],
    ),
    (
        Step::Encryption,
        &[
            "tls-on-starttls-port",
            "plaintext-on-tls-port",
            "starttls-stripped",
            "tls-cut",
            "tls-intercepted",
            "tls-too-old",
            "large-client-hello-dropped",
            "large-packets-lost",
            "certificate-chain-incomplete",
            "certificate-expired",
            "certificate-not-yet-valid",
            "certificate-wrong-name",
            "untrusted-issuer",
            "ca-store-missing",
            "clock-wrong",
        ],
    ),
    (Step::Greeting, &["no-greeting"]),
];

/// Returns the step that a cause keeps a program from getting past; `None` if it is seen later, or at any time.
fn stopped_at(cause: &str) -> Option<Step> {
    BEFORE.iter().find(|(_, causes)| causes.contains(&cause)).map(|(step, _)| *step)
}

/// Which server a line is about: a text may have an answer of one and the silence of the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Imap,
    Smtp,
    Unknown,
}

/// How far a text shows that each server was reached.
pub(super) struct Reached {
    imap: Option<Step>,
    smtp: Option<Step>,
    /// Whether the last sign-in to it was accepted, after one that was refused.
    is_accepted: [bool; 2],
}

/// A refused sign-in and an accepted one: RFC 9051, section 6.2; RFC 4954, section 6.
const IMAP_SIGN_IN: &str = r"AUTHENTICATIONFAILED\b|(?P<ok>\bOK\b[^\n]{0,80}\b(authenticated|logged in|(login|authenticat\w+) (completed|succe\w+)))";
const SMTP_SIGN_IN: &str = r"\b535[ -]|(?P<ok>\b235[ -])";

/// Meanings that an accepted sign-in takes back.
const REFUSED: [&str; 3] = ["sign-in-refused", "reading-sign-in-refused", "sending-sign-in-refused"];

/// Whether the last answer to a sign-in lets the account in.
fn is_accepted_at_last(text: &str, sign_in: &str) -> bool {
    let answers = RegexBuilder::new(sign_in).case_insensitive(true).unicode(false).build().ok();
    let last = answers.iter().flat_map(|answers| answers.captures_iter(text.as_bytes())).last();
    last.is_some_and(|answer| answer.name("ok").is_some())
}

impl Reached {
    pub(super) fn of(hits: &[Hit], text: &str) -> Self {
        let is_refused = hits.iter().any(|hit| REFUSED.contains(&hit.sign.means.as_str()));
        let is_accepted = [IMAP_SIGN_IN, SMTP_SIGN_IN].map(|of| is_refused && is_accepted_at_last(text, of));
        let mut reached = Self { imap: None, smtp: None, is_accepted };
        for hit in hits {
            let Some(step) = hit.sign.reached else { continue };
            let at = match way(text, hit) {
                Way::Imap => &mut reached.imap,
                Way::Smtp => &mut reached.smtp,
                Way::Unknown => continue,
            };
            *at = (*at).max(Some(step));
        }
        reached
    }

    /// Whether an answer of the server rules out a cause that a sign points to.
    pub(super) fn rules_out(&self, cause: &str, hit: &Hit, text: &str) -> bool {
        if REFUSED.contains(&hit.sign.means.as_str()) {
            let [imap, smtp] = self.is_accepted;
            return match hit.sign.means.as_str() {
                "reading-sign-in-refused" => imap,
                "sending-sign-in-refused" => smtp,
                _ => imap || smtp,
            };
        }
        let Some(step) = stopped_at(cause) else { return false };
        let is_past = |reached: Option<Step>| reached.is_some_and(|reached| step < reached);
        match way(text, hit) {
            Way::Imap => is_past(self.imap),
            Way::Smtp => is_past(self.smtp),
            Way::Unknown => is_past(self.imap) || is_past(self.smtp),
        }
    }
}

/// The server that a sign is about: by its check, or by what its line names.
fn way(text: &str, hit: &Hit) -> Way {
    match hit.check {
        Question::Imap => return Way::Imap,
        Question::Smtp => return Way::Smtp,
        _ => {}
    }
    let at = text.floor_char_boundary(hit.place.start);
    let (before, after) = (text[..at].rsplit('\n').next(), text[at..].split('\n').next());
    let line = [before, after].into_iter().flatten().collect::<String>().to_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| line.contains(word));
    match (names(&["imap", "993"]), names(&["smtp", "587"])) {
        (true, false) => Way::Imap,
        (false, true) => Way::Smtp,
        _ => Way::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::CAUSES;

    #[test]
    fn every_cause_of_a_step_is_one() {
        for cause in BEFORE.iter().flat_map(|(_, causes)| *causes) {
            assert!(CAUSES.iter().any(|known| known.id == *cause), "{cause}");
        }
        assert!(stopped_at("port-blocked") < stopped_at("tls-cut") && stopped_at("password-refused").is_none());
    }
}
