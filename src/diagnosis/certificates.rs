//! Causes in a certificate, in the store that checks it, or in the clock that its dates are compared with.

use checks::apple_status;
use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::network::certificate::Certificate;
use checks::network::{FetchFailed, JudgedBy, Judgement, Trust};
use checks::plan::Protocol;
use checks::questions::Question;
use checks::tls;
use time::{Duration, OffsetDateTime};

use super::saw::{self, Web};
use super::{Fit, Sure, WouldDecide, heard};

/// More than the delay of any network, and less than any wrong clock that matters here.
pub(crate) const WRONG_CLOCK: Duration = Duration::HOUR;

/// A server that presented certificates, with the result for each set of roots.
fn judged(evidence: &Evidence, of: Protocol) -> Option<(&tls::Facts, &Certificate, &Trust)> {
    let tls = evidence.first.tls(of)?;
    Some((tls, tls.chain.first()?, tls.trust.as_ref()?))
}

fn each_judged(evidence: &Evidence) -> impl Iterator<Item = (&tls::Facts, &Certificate, &Trust)> {
    Protocol::BOTH.into_iter().filter_map(|of| judged(evidence, of))
}

fn is_date(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Expired | Judgement::NotYetValid)
}

/// The time of a web server, and the question that it answered: the plain page, or Apple's status page.
fn time_elsewhere(evidence: &Evidence, here: OffsetDateTime) -> Option<(Question, OffsetDateTime)> {
    let (by, ahead) = evidence.clock_ahead_s()?;
    Some((by, here.checked_sub(Duration::seconds(ahead))?))
}

/// This machine's clock is wrong, so that good certificates look expired or not valid yet.
pub(super) fn clock_wrong(evidence: &Evidence) -> Option<Fit> {
    let by_date: Vec<_> = each_judged(evidence).filter(|(_, _, trust)| is_date(&trust.system.now)).collect();
    // An authority's certificate lasts for years: if it is out of date above a good server certificate, the clock is
    // not why.
    let own = || by_date.iter().filter(|(tls, first, _)| !first.is_in_date(tls.seen_at));
    let (tls, _, trust) = by_date.first()?;
    let mut fit = Fit::trouble(Sure::Likely);
    for (tls, _, _) in &by_date {
        fit = fit.because(Question::Tls, saw::handshake(tls));
    }
    let page_by_date = evidence.first.apple_status.as_ref().and_then(|asked| match &asked.facts.outcome {
        apple_status::Outcome::NotFetched { why: why @ FetchFailed::NotTrusted(judgement) } if is_date(judgement) => {
            Some(Web::StatusNotFetched(why.clone()))
        }
        _ => None,
    });
    match time_elsewhere(evidence, tls.seen_at) {
        Some((by, there)) => {
            let off = tls.seen_at - there;
            let is_valid_there = tls.chain.iter().all(|certificate| certificate.is_in_date(there));
            if off.abs() < WRONG_CLOCK || !is_valid_there {
                return None;
            }
            fit = Fit { sure: Sure::Certain, ..fit }.because(by, saw::Certificate::ClockIsOff { ahead: off });
        }
        None if own().next().is_none() => return None,
        None if trust.system.now == Judgement::NotYetValid || page_by_date.is_some() || own().count() > 1 => {
            fit = fit.decided_by(WouldDecide::OtherClock);
        }
        None => return None,
    }
    Some(match page_by_date {
        Some(saw) => fit.because(Question::AppleStatus, saw),
        None => fit,
    })
}

/// A certificate that is out of date by this computer's clock, as sure as another clock makes it.
fn by_another_clock(evidence: &Evidence, tls: &tls::Facts, agrees: impl Fn(OffsetDateTime) -> bool) -> Fit {
    let fit = Fit::trouble(Sure::Likely).because(Question::Tls, saw::handshake(tls));
    match time_elsewhere(evidence, tls.seen_at) {
        Some((by, there)) if agrees(there) => {
            Fit { sure: Sure::Certain, ..fit }.because(by, saw::Certificate::ClockAgrees)
        }
        Some(_) => Fit { sure: Sure::Possible, ..fit },
        None => fit.decided_by(WouldDecide::OtherClock),
    }
}

/// The server's certificate has expired.
pub(super) fn certificate_expired(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let (tls, first, trust) = judged(evidence, of)?;
    if trust.system.now != Judgement::Expired {
        return None;
    }
    let expired = tls.out_of_date().unwrap_or(first);
    Some(by_another_clock(evidence, tls, |there| there > expired.not_after))
}

/// The server's certificate is valid only from a day that is still to come.
pub(super) fn certificate_not_yet_valid(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let (tls, first, trust) = judged(evidence, of)?;
    if trust.system.now != Judgement::NotYetValid {
        return None;
    }
    let early = tls.out_of_date().unwrap_or(first);
    Some(by_another_clock(evidence, tls, |there| there < early.not_before))
}

/// The certificate is valid, but for another name.
pub(super) fn certificate_wrong_name(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let (tls, first, trust) = judged(evidence, of)?;
    let is_trusted = trust.system.apart_from_dates == Judgement::Trusted;
    (!trust.name_matches && is_trusted).then(|| {
        let (covered, name) = (first.names.clone(), tls.name.clone());
        Fit::trouble(Sure::Certain).because(Question::Tls, saw::Certificate::IsForOthers { covered, name })
    })
}

/// Whether the public list knows an issuer that this machine's store does not know.
fn is_known_elsewhere(trust: &Trust) -> bool {
    trust.system.apart_from_dates == Judgement::UnknownIssuer && trust.public.apart_from_dates == Judgement::Trusted
}

/// The system's store holds no roots at all, or is older than the root that the public list has (an image with the
/// ca-certificates of 2021: imapsync/imapsync#547).
pub(super) fn ca_store_missing(evidence: &Evidence) -> Option<Fit> {
    let (tls, _, trust) = each_judged(evidence).find(|(_, _, trust)| is_known_elsewhere(trust))?;
    let roots = trust.system_roots;
    let fit = match trust.system_by {
        JudgedBy::Store => {
            Fit::trouble(Sure::Certain).because(Question::Tls, saw::Certificate::StoreLacksRoot { roots })
        }
        JudgedBy::System => Fit::trouble(Sure::Certain).because(Question::Tls, saw::Certificate::SystemLacksRoot),
        // Windows fetches a root when it first needs it (dart-lang/sdk#52266): what it lists today proves nothing.
        JudgedBy::List => Fit::trouble(Sure::Possible)
            .because(Question::Tls, saw::Certificate::ListLacksRoot { roots })
            .decided_by(WouldDecide::SystemsVerdict),
    };
    Some(fit.because(Question::Tls, saw::Certificate::IsKnownElsewhere(Box::new(tls.clone()))))
}

/// Something between this machine and the server decrypts the connection.
pub(super) fn tls_intercepted(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let (tls, _, trust) = judged(evidence, of)?;
    let issuer = &tls.chain.last()?.issuer;
    let product = heard::INTERCEPTORS.iter().find(|name| issuer.to_lowercase().contains(*name));
    let is_unknown = trust.system.apart_from_dates == Judgement::UnknownIssuer && !is_known_elsewhere(trust);
    let control = evidence.second_look.control_host.as_ref().and_then(|asked| asked.facts.tls.as_ref());
    let is_the_same = control.is_some_and(|control| {
        let is_public = control.trust.as_ref().is_some_and(|trust| trust.public.apart_from_dates == Judgement::Trusted);
        !is_public && control.chain.last().is_some_and(|last| last.issuer == *issuer)
    });
    let fit = if tls.is_trusted_by_system_only() || (is_unknown && is_the_same) {
        Fit::trouble(Sure::Certain)
    } else if is_unknown && product.is_some() {
        Fit::trouble(Sure::Likely)
    } else {
        return None;
    };
    let mut fit = fit.because(Question::Tls, saw::handshake(tls));
    if let Some(control) = control {
        let host = control.name.clone();
        let shown =
            if is_the_same { saw::Certificate::OfSameIssuer { host } } else { saw::Certificate::OwnElsewhere { host } };
        fit = fit.because(Question::ControlHost, shown);
    }
    Some(match product {
        Some(_) => fit.because(Question::Tls, saw::Certificate::OfProduct { issuer: issuer.clone() }),
        None if tls.is_trusted_by_system_only() => fit.because(Question::Tls, saw::Certificate::IssuerWasAdded),
        None => fit.because(Question::Tls, saw::Certificate::IssuerIsUnknown),
    })
}

/// The server did not send an intermediate certificate.
pub(super) fn certificate_chain_incomplete(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let (tls, _, trust) = judged(evidence, of)?;
    let last = tls.chain.last()?;
    let is_unknown = trust.system.apart_from_dates == Judgement::UnknownIssuer && !is_known_elsewhere(trust);
    if !is_unknown || last.is_self_signed() {
        return None;
    }
    let elsewhere = evidence
        .first
        .each(FirstLook::tls)
        .filter(|(whose, _)| *whose != of)
        .any(|(_, tls)| tls.is_verified() && tls.chain.iter().any(|other| last.is_signed_by(other)));
    let is_apples = last.issuer.contains(heard::APPLES_ORGANISATION);
    let hints = [
        (elsewhere, saw::Certificate::OtherServerSendsIt),
        (trust.issuer_organisation_is_public == Some(true), saw::Certificate::OrganisationIsPublic),
        (is_apples, saw::Certificate::CallsItselfApples),
        (last.says_where_issuer_is, saw::Certificate::SaysWhereIssuerIs),
    ];
    let seen: Vec<saw::Certificate> = hints.into_iter().filter(|(holds, _)| *holds).map(|(_, saw)| saw).collect();
    if seen.is_empty() {
        return None;
    }
    let mut fit = Fit::trouble(if elsewhere { Sure::Certain } else { Sure::Likely })
        .because(Question::Tls, saw::Certificate::ChainEndsAt { issuer: last.issuer.clone() });
    for saw in seen {
        fit = fit.because(Question::Tls, saw);
    }
    Some(fit.decided_by(WouldDecide::MissingCertificate))
}

/// No known authority signed the certificate.
pub(super) fn untrusted_issuer(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let (tls, first, trust) = judged(evidence, of)?;
    let refused = &trust.system.apart_from_dates;
    if !matches!(refused, Judgement::UnknownIssuer | Judgement::Other(_)) || is_known_elsewhere(trust) {
        return None;
    }
    let mut fit = Fit::trouble(Sure::Likely).because(Question::Tls, saw::handshake(tls));
    if let Some(address) = evidence.first.dns(of).and_then(|names| names.addresses.iter().find(|found| found.is_apples))
    {
        fit = fit.because(Question::Dns, saw::Certificate::AddressIsApples(address.address));
    }
    if first.is_self_signed() {
        fit = Fit { sure: Sure::Certain, ..fit }.because(Question::Tls, saw::Certificate::SignedItself);
    } else if tls.chain.last().is_some_and(Certificate::is_self_signed) {
        fit = Fit { sure: Sure::Certain, ..fit }.because(Question::Tls, saw::Certificate::RootIsNotInStore);
    }
    Some(fit)
}
