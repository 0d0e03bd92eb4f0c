//! The way that a message takes, step by step: where a server has answered, what comes before that step did its part,
//! and a sign-in that is accepted in the end takes an earlier refusal back.

use checks::questions::Question;

use super::signatures::{Hit, Step};
use super::{coded, delivery};
use crate::pattern::compiled;

/// The causes that keep a program from getting past a step, so that an answer from a later one rules them out.
const BEFORE: [(Step, &[&str]); 5] = [
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
    (
        Step::SignIn,
        &[
            "apple-password-used",
            "password-refused",
            "password-mangled",
            "not-an-icloud-login",
            "imap-username-form",
            "imap-sign-in-refused",
            "smtp-username-form",
            "smtp-sign-in-refused",
            "sign-in-mechanism",
            "sign-in-throttled",
        ],
    ),
    // What only who has signed in gets to see.
    (
        Step::SignedIn,
        &[
            "sender-not-owned",
            "sending-limit",
            "message-vanished",
            "mail-in-archive",
            "mailbox-full",
            "message-not-described",
            "command-not-supported",
            "qresync-unreliable",
            "rfc822-fetch-empty",
        ],
    ),
];

/// A summary such as "could not authenticate" that is this near to the step that failed, in bytes, is about it.
const NEAR: usize = 1500;

/// A reason that is this near to the end of a connection, in bytes, is the reason for it: on the same line or the next.
const BESIDE: usize = 160;

/// Meanings that say how a conversation ended, and not why.
const MANNERS: [&str; 1] = ["dropped"];

/// Meanings of general words that programs put around a reply: beside a coded one, they count for little.
const PROSE: [&str; 4] = ["dropped", "unavailable", "timed-out", "no-connection"];

/// Causes that only a server's answer shows: where no connection was made, words of a program do not.
const ANSWERED: [&str; 2] = ["not-authenticated", "sender-not-owned"];

/// Causes that no reply without encryption leaves, where the program is to ask for it.
const ENCRYPTED: [&str; 2] = ["tls-on-starttls-port", "plaintext-on-tls-port"];

/// Meanings that say why.
const REASONS: [&str; 17] = [
    "sender-certain",
    "does-not-reach-icloud",
    "sign-in-refused",
    "reading-sign-in-refused",
    "sending-sign-in-refused",
    "wrong-kind-of-password",
    "password-withdrawn",
    "throttled",
    "many-connections",
    "unavailable",
    "mail-not-enabled",
    "mechanism",
    "full",
    "sender-refused",
    "too-much-sent",
    "too-large",
    "not-signed-in",
];

/// The meaning of what may pass by itself: a final answer after it shows that it did.
const TRANSIENT: &str = "unavailable";

/// The most that a manner weighs beside a reason.
const MANNER: u32 = 30;

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
    /// Where which server's conversation failed, and at which step.
    stopped: Vec<(Way, Step, usize)>,
    /// Where reasons are.
    reasons: Vec<usize>,
    /// Where the last final answer is.
    is_final_at: Option<usize>,
    /// Where whose coded replies are.
    coded: Vec<(Way, usize)>,
    /// Whether a server asks for encryption in a reply without it.
    wants_encryption: bool,
    /// Whether another server than Apple's answered.
    is_anothers: bool,
}

/// A refused sign-in and an accepted one: RFC 9051, section 6.2; RFC 4954, section 6.
const IMAP_SIGN_IN: &str = r"AUTHENTICATIONFAILED\b|(?P<ok>\bOK\b[^\n]{0,80}\b(authenticated|logged in|(login|authenticat\w+) (completed|succe\w+)))";
const SMTP_SIGN_IN: &str = r"\b535[ -]|(?P<ok>\b235[ -])";

/// The meanings of a greeting that is not the one of the server that was to be asked: what that one answers afterwards
/// says nothing of the way to the right one.
const ANOTHERS: [&str; 2] = ["another-server-answers", "other-protocols-server"];

/// Meanings that an accepted sign-in takes back.
const REFUSED: [&str; 3] = ["sign-in-refused", "reading-sign-in-refused", "sending-sign-in-refused"];

/// Whether the last answer to a sign-in lets the account in.
fn is_accepted_at_last(text: &str, sign_in: &str) -> bool {
    let answers = compiled(sign_in);
    let last = answers.captures_iter(text.as_bytes()).last();
    last.is_some_and(|answer| answer.name("ok").is_some())
}

impl Reached {
    pub(super) fn of(hits: &[Hit], text: &str) -> Self {
        let is_refused = hits.iter().any(|hit| REFUSED.contains(&hit.sign.means.as_str()));
        let is_accepted = [IMAP_SIGN_IN, SMTP_SIGN_IN].map(|of| is_refused && is_accepted_at_last(text, of));
        let stopped = hits.iter().filter_map(|hit| Some((way(text, hit), hit.stopped?, hit.place.start))).collect();
        let reasons = hits.iter().filter(|hit| REASONS.contains(&hit.sign.means.as_str()));
        let reasons: Vec<usize> = reasons.map(|hit| hit.place.start).collect();
        let is_final_at = reasons.iter().copied().filter(|place| delivery::is_final(text, *place)).max();
        let coded = hits.iter().filter(|hit| reasons.contains(&hit.place.start) && coded::is_at(text, hit.place.start));
        let coded = coded.map(|hit| (way(text, hit), hit.place.start)).collect();
        let wants_encryption = coded::wants_encryption(text);
        let is_anothers = hits.iter().any(|hit| ANOTHERS.contains(&hit.sign.means.as_str()));
        let (imap, smtp) = (None, None);
        let mut reached =
            Self { imap, smtp, is_accepted, stopped, reasons, is_final_at, coded, wants_encryption, is_anothers };
        for hit in hits.iter().filter(|_| !is_anothers) {
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
            return self.is_anothers
                || match hit.sign.means.as_str() {
                    "reading-sign-in-refused" => imap,
                    "sending-sign-in-refused" => smtp,
                    _ => imap || smtp,
                };
        }
        if self.wants_encryption && hit.is_general() && ENCRYPTED.contains(&cause) {
            return true;
        }
        let Some(step) = stopped_at(cause) else { return false };
        let is_past = |reached: Option<Step>| reached.is_some_and(|reached| step < reached);
        match way(text, hit) {
            Way::Imap => is_past(self.imap),
            Way::Smtp => is_past(self.smtp),
            Way::Unknown => is_past(self.imap) || is_past(self.smtp),
        }
    }

    /// Whether the conversation failed at another step than the one that a cause is about, beside the general words that
    /// point to it.
    pub(super) fn failed_elsewhere(&self, cause: &str, hit: &Hit, text: &str) -> bool {
        let Some(step) = stopped_at(cause) else { return false };
        // The general words for a refusal are of no server.
        let of = if hit.sign.means == "sign-in-refused" { named(text, hit) } else { way(text, hit) };
        let is_reached = |at: Step| match of {
            Way::Imap => self.imap >= Some(at),
            Way::Smtp => self.smtp >= Some(at),
            Way::Unknown => self.imap.max(self.smtp) >= Some(at),
        };
        let is_same = |way: Way| way == of || way == Way::Unknown || of == Way::Unknown;
        let is_before = |stopped: Step| step < stopped && hit.stopped.is_none();
        !is_reached(step)
            && self.stopped.iter().any(|(way, stopped, place)| {
                (*stopped < step || is_before(*stopped)) && is_same(*way) && place.abs_diff(hit.place.start) <= NEAR
            })
    }

    /// Whether words without a code point to what only an answer shows, and no connection was made.
    pub(super) fn is_unheard(&self, cause: &str, hit: &Hit, text: &str) -> bool {
        let is_near = |(_, step, place): &(Way, Step, usize)| {
            *step == Step::Connection && place.abs_diff(hit.place.start) <= NEAR
        };
        ANSWERED.contains(&cause)
            && self.imap.max(self.smtp).is_none()
            && self.stopped.iter().any(is_near)
            && !coded::is_at(text, hit.place.start)
    }

    /// The weight of a sign: how a connection ended counts for little beside a reason, and so does what was tried before
    /// a final answer.
    pub(super) fn weight(&self, weight: u32, hit: &Hit, text: &str) -> u32 {
        let is_manner = MANNERS.contains(&hit.sign.means.as_str());
        let is_beside = |reason: &usize| reason.abs_diff(hit.place.start) <= BESIDE;
        let is_over = hit.sign.means == TRANSIENT && self.is_final_at > Some(hit.place.start);
        let is_little = is_manner && self.reasons.iter().any(is_beside) || is_over || self.is_prose(hit, text);
        if is_little { weight.min(MANNER) } else { weight }
    }

    /// Whether general words stand beside a coded reply of the same server, which says why.
    fn is_prose(&self, hit: &Hit, text: &str) -> bool {
        let of = named(text, hit);
        let is_same = |way: Way| way == of || way == Way::Unknown || of == Way::Unknown;
        let is_near = |(way, place): &(Way, usize)| is_same(*way) && place.abs_diff(hit.place.start) <= NEAR;
        PROSE.contains(&hit.sign.means.as_str())
            && !coded::is_at(text, hit.place.start)
            && self.coded.iter().any(is_near)
    }
}

/// The server that a sign is about: by its check, or by what its line names.
fn way(text: &str, hit: &Hit) -> Way {
    match hit.check {
        Question::Imap => Way::Imap,
        Question::Smtp => Way::Smtp,
        _ => named(text, hit),
    }
}

/// The server that the line of a sign names.
fn named(text: &str, hit: &Hit) -> Way {
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
        assert!(stopped_at("port-blocked") < stopped_at("tls-cut") && stopped_at("folder-name").is_none());
    }
}
