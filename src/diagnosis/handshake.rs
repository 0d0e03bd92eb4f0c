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
use super::{Fit, Seen, Sure, WouldDecide, saw, service};

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

/// A handshake that came to its end.
fn answered(tls: Option<&tls::Facts>) -> Option<&tls::Facts> {
    tls.filter(|tls| tls.failed.is_none())
}

/// One that did not.
fn failed(tls: Option<&tls::Facts>) -> Option<&tls::Facts> {
    tls.filter(|tls| tls.failed.is_some())
}

/// One without any answer.
fn silent(tls: Option<&tls::Facts>) -> Option<&tls::Facts> {
    tls.filter(|tls| tls.failed == Some(TlsFailed::TimedOut))
}

/// What came of another form of the `ClientHello`, as a reason.
fn seen(kind: fn(Box<tls::Facts>) -> Handshake, facts: Option<&tls::Facts>) -> Option<Seen> {
    facts.map(|facts| Seen::new(Question::OtherHello, kind(Box::new(facts.clone()))))
}

/// The path loses packets of the usual size and reports it to nobody, as tunnels with filtered ICMP do (RFC 2923 section
/// 2.1). The same handshake in small segments comes to its end.
pub(super) fn large_packets_lost(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let tls = silent(evidence.first.tls(of))?;
    let tried = tried(evidence, of)?;
    let (small, again) = (tried.small.as_ref(), tried.again.as_ref());
    let segments = seen(Handshake::SmallSegments, answered(tried.small_segments.as_ref()))?;
    let (sure, of_small) = match (silent(small), answered(small)) {
        // The server's certificate is lost on its way here.
        (Some(_), _) => (Sure::Certain, seen(Handshake::SmallToo, small)),
        // The usual message is lost on its way there, unless what lost it has passed.
        (_, Some(_)) if silent(again).is_some() => (Sure::Certain, seen(Handshake::Small, small)),
        (_, Some(_)) if again.is_none() => (Sure::Likely, seen(Handshake::Small, small)),
        _ => return None,
    };
    let fit = Fit::trouble(sure)
        .because(Question::Tls, saw::handshake(tls))
        .because_all(of_small)
        .because_all([segments])
        .because_all(seen(Handshake::Again, again))
        .decided_by(WouldDecide::OtherNetwork);
    // Both handshakes have packets of the same size, but the other server may be on another path.
    Some(match answered(evidence.first.tls(of.other())) {
        Some(other) => Fit { sure: Sure::Likely, ..fit }
            .against(Question::Tls, Handshake::SamePacketsElsewhere(Box::new(other.clone()))),
        None => fit,
    })
}

/// Something on the way drops the large `ClientHello` of current programs and lets a small one pass
/// (<https://tldr.fail>).
pub(super) fn large_client_hello_dropped(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let tls = evidence.first.tls(of)?;
    let tried = tried(evidence, of)?;
    let again = tried.again.as_ref();
    let small = seen(Handshake::Small, answered(tried.small.as_ref()))?;
    let segments = seen(Handshake::SmallSegmentsToo, failed(tried.small_segments.as_ref()));
    let sure = match (tls.failed.as_ref()?, &segments) {
        _ if answered(again).is_some() => return None,
        (TlsFailed::TimedOut, Some(_)) => Sure::Certain,
        // Without small segments the loss of large packets looks the same.
        (TlsFailed::TimedOut, None) | (TlsFailed::Closed | TlsFailed::Reset, _) => Sure::Likely,
        _ => return None,
    };
    let fit = Fit::trouble(sure)
        .because(Question::Tls, saw::handshake(tls))
        .because_all([small])
        .because_all(segments)
        .because_all(seen(Handshake::Again, again))
        .decided_by(WouldDecide::OtherNetwork);
    // Whatever drops every large ClientHello would have dropped the one to the other server too.
    Some(match answered(evidence.first.tls(of.other())) {
        Some(other) => Fit { sure: Sure::Likely, ..fit }
            .against(Question::Tls, Handshake::SameSizeElsewhere(Box::new(other.clone()))),
        None => fit,
    })
}

/// The connection ends in the middle of the handshake.
pub(super) fn tls_cut(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let tls = evidence.first.tls(of)?;
    if !matches!(tls.failed.as_ref()?, TlsFailed::Closed | TlsFailed::Reset | TlsFailed::TimedOut) {
        return None;
    }
    let tried = tried(evidence, of);
    let form = |of: fn(&Try) -> &Option<tls::Facts>| tried.and_then(|tried| of(tried).as_ref());
    Some(
        Fit::trouble(Sure::Likely)
            .because(Question::Tls, saw::handshake(tls))
            .because_all(seen(Handshake::SmallToo, failed(form(|tried| &tried.small))))
            .because_all(seen(Handshake::SmallSegmentsToo, failed(form(|tried| &tried.small_segments))))
            .because_all(seen(Handshake::Again, answered(form(|tried| &tried.again)))),
    )
}
