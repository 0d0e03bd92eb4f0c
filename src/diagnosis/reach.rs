//! Causes that keep this machine from reaching anything at all.

use std::collections::BTreeSet;
use std::net::IpAddr;

use checks::apple_status;
use checks::dns;
use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::network::{ConnectFailed, FetchFailed, QueryFailed};
use checks::questions::Question;
use checks::second_look::plain_page;
use checks::tcp::Attempt;

use super::saw::{Connection, Name, Web};
use super::{Fit, Seen, Sure, WouldDecide, saw};

/// Whether anything outside this machine answered in this run.
pub(super) fn anything_answered(evidence: &Evidence) -> bool {
    resolver_answered(evidence) || connection_answered(evidence) || web_answered(evidence).is_some()
}

fn resolver_answered(evidence: &Evidence) -> bool {
    let names = evidence.first.each(FirstLook::dns).map(|(_, names)| names);
    let second = evidence.second_look.another_resolver.iter();
    let opinions = second.flat_map(|asked| asked.facts.opinions.iter().filter_map(|opinion| opinion.says.as_ref()));
    names.chain(opinions).any(|names| {
        names.attempts.iter().any(|attempt| attempt.answer.is_some() || attempt.failed == Some(QueryFailed::Refused))
    })
}

fn connection_answered(evidence: &Evidence) -> bool {
    attempts(evidence)
        .any(|(_, attempt)| matches!(attempt.failed, None | Some(ConnectFailed::Refused | ConnectFailed::Reset)))
}

/// A resolver that answered over IPv4. One on this machine does not count: it is reached without a network.
pub(super) fn answered_over_ipv4(evidence: &Evidence) -> Option<Seen> {
    let answered = |names: &dns::Facts| {
        let attempts = names.attempts.iter().filter(|attempt| attempt.answer.is_some());
        attempts.map(|attempt| attempt.resolver.ip()).find(|ip| ip.is_ipv4() && !ip.is_loopback())
    };
    let own = evidence.first.each(FirstLook::dns).find_map(|(_, names)| answered(names));
    let opinions = evidence.second_look.another_resolver.iter().flat_map(|asked| &asked.facts.opinions);
    let other = || opinions.filter_map(|opinion| opinion.says.as_ref()).find_map(answered);
    own.map(|ip| Seen::new(Question::Dns, Connection::Ipv4Answers(ip)))
        .or_else(|| other().map(|ip| Seen::new(Question::AnotherResolver, Connection::Ipv4Answers(ip))))
}

/// Whether a resolver outside this network answered anything.
pub(super) fn outside_answers(evidence: &Evidence) -> bool {
    let opinions = evidence.second_look.another_resolver.iter().flat_map(|asked| &asked.facts.opinions);
    opinions
        .filter_map(|opinion| opinion.says.as_ref())
        .any(|names| names.attempts.iter().any(|attempt| attempt.answer.is_some()))
}

/// Names resolve, and everything else that was tried stays silent: the mail servers, the web ports of the same
/// machines,
/// and Apple's plain page.
fn nothing_but_names(evidence: &Evidence) -> Option<Fit> {
    let second = &evidence.second_look;
    let asked = (&second.other_port, &second.plain_page, &second.another_resolver);
    let (Some(other_port), Some(page), Some(another)) = asked else { return None };
    // Where a distant resolver answers, packets leave and come back: then something blocks connections.
    if another.facts.opinions.is_empty() || outside_answers(evidence) {
        return None;
    }
    let is_silence =
        |attempt: &Attempt| matches!(attempt.failed, Some(ConnectFailed::TimedOut | ConnectFailed::NoRoute));
    // Where only one of IPv4 and IPv6 was tried, the other may work.
    let was_tried = |six: bool| other_port.facts.attempts.iter().any(|(_, attempt)| attempt.to.is_ipv6() == six);
    if !attempts(evidence).all(|(_, attempt)| is_silence(attempt)) || !was_tried(false) {
        return None;
    }
    let troubled = super::troubled(evidence).into_iter().map(|(check, _, saw)| Seen::new(check, saw));
    Some(
        Fit::trouble(Sure::Likely)
            .because_all(troubled)
            .because(Question::OtherPort, Connection::WebPortsAreSilent)
            .because(Question::PlainPage, Web::PlainPageMissing(page.facts.outcome.clone()))
            .because(Question::AnotherResolver, Name::OutsideIsSilent)
            .against(Question::Dns, Name::Found)
            .decided_by(WouldDecide::Browser),
    )
}

/// Every resolver answers, and none of them knows any name, not even one that has nothing to do with mail. A filter
/// blocks the names on its list; a closed network has no names at all.
fn no_name_is_known(evidence: &Evidence) -> Option<Fit> {
    let is_unknown = |names: &dns::Facts| names.addresses.is_empty();
    let names = || evidence.first.each(FirstLook::dns).map(|(_, names)| names);
    let is_answered =
        |names: &dns::Facts| !matches!(names.outcome, dns::Outcome::Unanswered | dns::Outcome::NoResolver);
    let second = &evidence.second_look;
    let opinions = &second.another_resolver.as_ref()?.facts.opinions;
    let status = evidence.first.status().and_then(|status| status.dns.as_ref());
    let page = second.plain_page.as_ref().and_then(|asked| asked.facts.dns.as_ref());
    let controls = || status.into_iter().chain(page);
    let opened = attempts(evidence).any(|(_, attempt)| attempt.failed.is_none());
    let is_closed = !opened
        && names().all(|names| is_unknown(names) && is_answered(names))
        && controls().next().is_some()
        && controls().all(is_unknown)
        && !opinions.is_empty()
        && opinions.iter().filter_map(|opinion| opinion.says.as_ref()).all(is_unknown);
    if !is_closed {
        return None;
    }
    let mut fit = Fit::trouble(Sure::Likely);
    for names in names() {
        fit = fit.because(Question::Dns, saw::names(names));
    }
    fit = fit.because(Question::AnotherResolver, Name::NowhereElse(other_resolvers(evidence)));
    if let Some(page) = page {
        fit = fit.because(Question::PlainPage, Name::UnrelatedHasNone(page.name.clone()));
    } else if let Some(status) = status {
        fit = fit.because(Question::AppleStatus, Name::StatusPageHasNone(status.name.clone()));
    }
    for attempt in second.by_number.iter().flat_map(|asked| &asked.facts.attempts) {
        fit = fit.because(Question::ByNumber, Connection::ByNumber(attempt.clone()));
    }
    Some(fit.decided_by(WouldDecide::Browser))
}

/// The other resolvers that were asked, each once.
pub(super) fn other_resolvers(evidence: &Evidence) -> Vec<IpAddr> {
    let opinions = evidence.second_look.another_resolver.iter().flat_map(|asked| &asked.facts.opinions);
    opinions.map(|opinion| opinion.resolver.ip()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Which question the web answered, whether Apple's page did or a page in its place.
pub(super) fn web_answered(evidence: &Evidence) -> Option<Question> {
    let status = evidence.first.apple_status.as_ref().is_some_and(|asked| match &asked.facts.outcome {
        apple_status::Outcome::Read { .. } | apple_status::Outcome::NotTheFeed { .. } => true,
        apple_status::Outcome::NotFetched { why } => matches!(why, FetchFailed::NotTrusted(_)),
        apple_status::Outcome::NoAddress | apple_status::Outcome::Late => false,
    });
    let page = evidence.second_look.plain_page.as_ref().is_some_and(|asked| {
        matches!(asked.facts.outcome, plain_page::Outcome::Success | plain_page::Outcome::SomethingElse { .. })
    });
    status.then_some(Question::AppleStatus).or(page.then_some(Question::PlainPage))
}

/// Every connection attempt, with the question that made it.
pub(super) fn attempts(evidence: &Evidence) -> impl Iterator<Item = (Question, &Attempt)> {
    let second = &evidence.second_look;
    let first = evidence.first.each(FirstLook::tcp).flat_map(|(_, tcp)| &tcp.attempts);
    let other_port = second.other_port.iter().flat_map(|asked| asked.facts.attempts.iter().map(|(_, attempt)| attempt));
    let other_family = second.other_family.iter().flat_map(|asked| &asked.facts.attempts);
    let by_number = second.by_number.iter().flat_map(|asked| &asked.facts.attempts);
    let of = |by: Question| move |attempt| (by, attempt);
    first
        .map(of(Question::Tcp))
        .chain(other_port.map(of(Question::OtherPort)))
        .chain(other_family.map(of(Question::OtherFamily)))
        .chain(by_number.map(of(Question::ByNumber)))
}

/// Nothing outside this machine answers, or only the resolver does, which may be on the same network.
pub(super) fn offline(evidence: &Evidence) -> Option<Fit> {
    let asked_anybody = evidence.first.each(FirstLook::dns).next().is_some();
    if !asked_anybody || web_answered(evidence).is_some() {
        return None;
    }
    if let Some(fit) = no_name_is_known(evidence) {
        return Some(fit);
    }
    if connection_answered(evidence) {
        return None;
    }
    if resolver_answered(evidence) {
        return nothing_but_names(evidence);
    }
    let troubled: Vec<Seen> =
        super::troubled(evidence).into_iter().map(|(check, _, saw)| Seen::new(check, saw)).collect();
    if troubled.is_empty() {
        return None;
    }
    let names = || evidence.first.each(FirstLook::dns).flat_map(|(_, names)| &names.attempts);
    let no_route = names().any(|attempt| attempt.failed == Some(QueryFailed::NoRoute))
        || attempts(evidence).any(|(_, attempt)| attempt.failed == Some(ConnectFailed::NoRoute));
    let mut fit = Fit::trouble(if no_route { Sure::Certain } else { Sure::Likely }).because_all(troubled);
    if let Some(asked) = &evidence.second_look.plain_page {
        fit = fit.because(Question::PlainPage, Web::PlainPageMissing(asked.facts.outcome.clone()));
    }
    Some(fit)
}

/// A captive portal answers in the place of every server until the user signs in to it.
pub(super) fn captive_portal(evidence: &Evidence) -> Option<Fit> {
    let asked = evidence.second_look.plain_page.as_ref()?;
    let plain_page::Outcome::SomethingElse { status, location, .. } = &asked.facts.outcome else { return None };
    let portal = Web::Portal { url: asked.facts.url.clone(), status: *status, location: location.clone() };
    let mut fit = Fit::trouble(Sure::Likely).because(Question::PlainPage, portal);
    for (check, _, saw) in super::troubled(evidence) {
        fit = fit.because(check, saw);
    }
    Some(fit)
}
