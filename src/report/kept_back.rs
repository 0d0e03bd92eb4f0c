//! Which server was sent no password, from the evidence: a user who reads about a wrong certificate or a silent server
//! asks that first.

use checks::evidence::Evidence;
use checks::plan::Protocol;
use checks::questions::Question;

use super::Severity;
use crate::diagnosis::{By, Diagnosis};
use crate::words::kept_back::KeptBack;

/// The servers that got no password, for a cause at a server that was reached but not as far as the sign-in.
pub(super) fn kept_back(evidence: &Evidence, diagnosis: &Diagnosis) -> Option<KeptBack> {
    if !evidence.first.settings.sign_in || diagnosis.severity != Severity::Trouble {
        return None;
    }
    let is_signed_in = |of: Protocol| evidence.first.sign_in(of).is_some();
    let is_seen_at = |of: Protocol| {
        let at_tls = evidence.first.tls(of).is_some_and(checks::tls::Facts::is_troubled);
        let is_its_own = |by: &By| *by == of.check() || (at_tls && *by == Question::Tls);
        diagnosis.because.iter().any(|seen| is_its_own(&seen.by))
    };
    let is_reached = |of: Protocol| evidence.first.tcp(of).is_some_and(|tcp| tcp.open().is_some());
    let kept_from = |of: Protocol| is_reached(of) && is_seen_at(of) && !is_signed_in(of);
    let from = |of: Protocol| KeptBack::From { of, is_sent_to_other: is_signed_in(of.other()) };
    match (kept_from(Protocol::Imap), kept_from(Protocol::Smtp)) {
        (true, true) => Some(KeptBack::FromBoth),
        (true, false) => Some(from(Protocol::Imap)),
        (false, true) => Some(from(Protocol::Smtp)),
        (false, false) => None,
    }
}
