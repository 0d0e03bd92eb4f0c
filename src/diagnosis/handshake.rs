//! Causes that prevent an encrypted connection.

use checks::conversation::Starttls;
use checks::evidence::Evidence;
use checks::network::TlsFailed;
use checks::plan::Protocol;
use checks::questions::Question;
use checks::second_look::other_hello::Try;
use checks::settings::HostKind;
use checks::tls;

use super::saw::Handshake;
use super::{Fit, Sure, WouldDecide, saw, service};

/// The server does not offer STARTTLS, or the offer was removed on the way. Apple's servers always offer it.
pub(super) fn starttls_stripped(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let starttls = service::starttls(evidence, of)?;
    let is_apples = evidence.first.server(of).host_is == HostKind::Apples;
    match starttls {
        Starttls::NotOffered => {
            let host = evidence.first.server(of).server.host.clone();
            let sure = if is_apples { Sure::Certain } else { Sure::Likely };
            Some(Fit::trouble(sure).because(of.check(), Handshake::NotOffered { host }))
        }
        Starttls::Injected => Some(Fit::trouble(Sure::Likely).because(of.check(), Handshake::Injected)),
        Starttls::Ready | Starttls::Refused { .. } => None,
    }
}

/// The server supports only TLS 1.0, TLS 1.1 or SSL: it says so, or answers only an old kind of `ClientHello`.
pub(super) fn tls_too_old(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let is_old = |tls: &&tls::Facts| tls.failed == Some(TlsFailed::TooOld);
    let tls = evidence.first.tls(of)?;
    let fit = Fit::trouble(Sure::Certain).because(Question::Tls, saw::handshake(tls));
    if is_old(&tls) {
        return Some(fit);
    }
    let old = tried(evidence, of)?.old.as_ref().filter(is_old)?;
    Some(fit.because(Question::OtherHello, Handshake::OfOldKind(Box::new(old.clone()))))
}

/// What came of other forms of the `ClientHello`.
fn tried(evidence: &Evidence, of: Protocol) -> Option<&Try> {
    evidence.second_look.other_hello.as_ref()?.facts.of(of)
}

/// Something on the way drops the large `ClientHello` of current programs and lets a small one pass
/// (<https://tldr.fail>).
pub(super) fn large_client_hello_dropped(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let tls = evidence.first.tls(of)?;
    let small = tried(evidence, of)?.small.as_ref().filter(|small| small.failed.is_none())?;
    let sure = match tls.failed.as_ref()? {
        TlsFailed::TimedOut => Sure::Certain,
        TlsFailed::Closed | TlsFailed::Reset => Sure::Likely,
        _ => return None,
    };
    let fit = Fit::trouble(sure)
        .because(Question::Tls, saw::handshake(tls))
        .because(Question::OtherHello, Handshake::Small(Box::new(small.clone())))
        .decided_by(WouldDecide::OtherNetwork);
    // Whatever drops every large ClientHello would have dropped the one to the other server too.
    Some(match evidence.first.tls(of.other()).filter(|other| other.failed.is_none()) {
        Some(other) => Fit { sure: Sure::Likely, ..fit }
            .against(Question::Tls, Handshake::SameSizeElsewhere(Box::new(other.clone()))),
        None => fit,
    })
}

/// The connection ends in the middle of the handshake.
pub(super) fn tls_cut(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let tls = evidence.first.tls(of)?;
    match tls.failed.as_ref()? {
        TlsFailed::Closed | TlsFailed::Reset | TlsFailed::TimedOut => {
            let fit = Fit::trouble(Sure::Likely).because(Question::Tls, saw::handshake(tls));
            let small = tried(evidence, of).and_then(|tried| tried.small.as_ref());
            Some(match small.filter(|small| small.failed.is_some()) {
                Some(small) => fit.because(Question::OtherHello, Handshake::SmallToo(Box::new(small.clone()))),
                None => fit,
            })
        }
        _ => None,
    }
}
