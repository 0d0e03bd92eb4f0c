//! Causes that stand between this machine and an open connection.

use checks::apple_status;
use checks::evidence::Evidence;
use checks::network::{ConnectFailed, FetchFailed, QueryFailed};
use checks::plan::{Check, Protocol};
use checks::second_look::plain_page;
use checks::tcp::Attempt;

use super::{Fit, Seen, Sure};
use crate::saw;

/// Whether anybody outside this machine answered anything in this run.
pub(super) fn anything_answered(evidence: &Evidence) -> bool {
    resolver_answered(evidence) || connection_answered(evidence) || web_answered(evidence)
}

fn resolver_answered(evidence: &Evidence) -> bool {
    let names = evidence.dns.each().map(|(_, asked)| &asked.facts);
    let second = evidence.second_look.another_resolver.iter();
    let opinions = second.flat_map(|asked| asked.facts.opinions.iter().filter_map(|opinion| opinion.says.as_ref()));
    names.chain(opinions).any(|names| {
        names.attempts.iter().any(|attempt| attempt.answer.is_some() || attempt.failed == Some(QueryFailed::Refused))
    })
}

fn connection_answered(evidence: &Evidence) -> bool {
    attempts(evidence)
        .any(|attempt| matches!(attempt.failed, None | Some(ConnectFailed::Refused | ConnectFailed::Reset)))
}

/// Whether a resolver outside this network answered anything.
fn outside_answers(evidence: &Evidence) -> bool {
    let opinions = evidence.second_look.another_resolver.iter().flat_map(|asked| &asked.facts.opinions);
    opinions
        .filter_map(|opinion| opinion.says.as_ref())
        .any(|names| names.attempts.iter().any(|attempt| attempt.answer.is_some()))
}

/// Names are found, and whatever else was tried stays silent: the mail servers, the web's ports of the same machines,
/// and Apple's plain page.
fn nothing_but_names(evidence: &Evidence) -> Option<Fit> {
    let second = &evidence.second_look;
    let asked = (&second.other_port, &second.plain_page, &second.another_resolver);
    let (Some(other_port), Some(_), Some(another)) = asked else { return None };
    // Where a resolver far away answers, packets leave and come back: then connections are kept from opening.
    if another.facts.opinions.is_empty() || outside_answers(evidence) {
        return None;
    }
    let is_silence =
        |attempt: &Attempt| matches!(attempt.failed, Some(ConnectFailed::TimedOut | ConnectFailed::NoRoute));
    // Where only one family was tried, the other may be there.
    let was_tried = |six: bool| other_port.facts.attempts.iter().any(|(_, attempt)| attempt.to.is_ipv6() == six);
    if !attempts(evidence).all(is_silence) || !was_tried(false) {
        return None;
    }
    let troubled = super::troubled(evidence).into_iter().map(|(check, _, saw)| Seen { check, saw });
    Some(
        Fit::trouble(Sure::Likely)
            .because_all(troubled)
            .because(Check::Tcp, "the web's ports of the same machines stay silent too")
            .because(Check::AppleStatus, "a plain page of Apple's was not there either")
            .because(Check::Dns, "resolvers outside this network stay silent")
            .against(Check::Dns, "names are found: the resolver answers, from near by or from what it remembers")
            .decided_by("whether a web page opens in a browser on this machine"),
    )
}

/// Whether the web answered: Apple's page, or whoever stands in its place.
fn web_answered(evidence: &Evidence) -> bool {
    let status = evidence.apple_status.as_ref().is_some_and(|asked| match &asked.facts.outcome {
        apple_status::Outcome::Read { .. } | apple_status::Outcome::NotTheFeed { .. } => true,
        apple_status::Outcome::NotFetched { why } => matches!(why, FetchFailed::NotTrusted(_)),
        apple_status::Outcome::NoAddress | apple_status::Outcome::Late => false,
    });
    let page = evidence.second_look.plain_page.as_ref().is_some_and(|asked| {
        matches!(asked.facts.outcome, plain_page::Outcome::Success | plain_page::Outcome::SomethingElse { .. })
    });
    status || page
}

fn attempts(evidence: &Evidence) -> impl Iterator<Item = &Attempt> {
    let first = evidence.tcp.each().flat_map(|(_, asked)| &asked.facts.attempts);
    let other_port = evidence
        .second_look
        .other_port
        .iter()
        .flat_map(|asked| asked.facts.attempts.iter().map(|(_, attempt)| attempt));
    let other_family = evidence.second_look.other_family.iter().flat_map(|asked| &asked.facts.attempts);
    let by_number = evidence.second_look.by_number.iter().flat_map(|asked| &asked.facts.attempts);
    first.chain(other_port).chain(other_family).chain(by_number)
}

/// Nothing outside this machine answers anything, or nothing but the resolver, which may stand in the same house.
pub(super) fn offline(evidence: &Evidence) -> Option<Fit> {
    let asked_anybody = evidence.dns.each().next().is_some();
    if !asked_anybody || connection_answered(evidence) || web_answered(evidence) {
        return None;
    }
    if resolver_answered(evidence) {
        return nothing_but_names(evidence);
    }
    let troubled: Vec<Seen> =
        super::troubled(evidence).into_iter().map(|(check, _, saw)| Seen { check, saw }).collect();
    if troubled.is_empty() {
        return None;
    }
    let names = || evidence.dns.each().flat_map(|(_, asked)| &asked.facts.attempts);
    let no_route = names().any(|attempt| attempt.failed == Some(QueryFailed::NoRoute))
        || attempts(evidence).any(|attempt| attempt.failed == Some(ConnectFailed::NoRoute));
    let mut fit = Fit::trouble(if no_route { Sure::Certain } else { Sure::Likely }).because_all(troubled);
    if let Some(asked) = &evidence.second_look.plain_page {
        let why = match &asked.facts.outcome {
            plain_page::Outcome::NotFetched { why } => saw::not_fetched(why),
            _ => "its name has no address".to_owned(),
        };
        fit = fit.because(Check::AppleStatus, format!("a plain page of Apple's was not there either: {why}"));
    }
    Some(fit)
}

/// A portal answers in the place of everybody until somebody signs in to it.
pub(super) fn captive_portal(evidence: &Evidence) -> Option<Fit> {
    let asked = evidence.second_look.plain_page.as_ref()?;
    let plain_page::Outcome::SomethingElse { status, location, .. } = &asked.facts.outcome else { return None };
    let points = location.as_ref().map(|to| format!(" that points to {}", saw::shortened(to))).unwrap_or_default();
    let mut fit = Fit::trouble(Sure::Likely).because(
        Check::AppleStatus,
        format!("{} should say \"Success\"; something else answered (HTTP {status}){points}", asked.facts.url),
    );
    for (check, _, saw) in super::troubled(evidence) {
        fit = fit.because_all([Seen { check, saw }]);
    }
    Some(fit)
}

/// Something on the way, or on this machine, lets other connections pass and this port not.
pub(super) fn port_blocked(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let tcp = evidence.tcp.of(of).filter(|tcp| tcp.is_troubled())?;
    let names = evidence.dns.of(of)?;
    let blocks = |failed: &Option<ConnectFailed>| {
        matches!(
            failed,
            Some(
                ConnectFailed::TimedOut
                    | ConnectFailed::Refused
                    | ConnectFailed::Reset
                    | ConnectFailed::Unreachable
                    | ConnectFailed::Prohibited
                    | ConnectFailed::Other(_)
            )
        )
    };
    if names.is_troubled() || !tcp.attempts.iter().any(|attempt| blocks(&attempt.failed)) {
        return None;
    }
    let mut fit = Fit::trouble(Sure::Likely).because(Check::Tcp, saw::connection(tcp));
    if tcp.attempts.iter().any(|attempt| attempt.failed == Some(ConnectFailed::Prohibited)) {
        fit = Fit { sure: Sure::Certain, ..fit };
    }
    let answered: Vec<&Attempt> =
        evidence.second_look.other_port.iter().flat_map(|asked| asked.facts.answered(of)).collect();
    if let Some(attempt) = answered.first() {
        fit = Fit { sure: Sure::Certain, ..fit }.because(
            Check::Tcp,
            format!("the same machine does answer on port {}: {}", attempt.to.port(), saw::attempt(attempt)),
        );
        if answered.iter().all(|attempt| attempt.to.port() == 80) {
            fit = fit.because(
                Check::Tcp,
                "port 443 does not answer either: this network lets only the plain web through, as guest networks do",
            );
        }
    }
    for attempt in tcp.attempts.iter().filter(|attempt| is_refused_nearer(attempt, &answered)) {
        fit = fit.because(
            Check::Tcp,
            format!("{} ms is too quick for that machine: something nearer refuses in its name", attempt.duration_ms),
        );
    }
    for (whose, asked) in evidence.tcp.each().filter(|(whose, asked)| *whose != of && !asked.facts.is_troubled()) {
        fit = fit.because(Check::Tcp, format!("{} is reached: {}", whose.name(), saw::connection(&asked.facts)));
    }
    if web_answered(evidence) {
        fit = fit.because(Check::AppleStatus, "the web is reached: a page of Apple's answered");
    } else if outside_answers(evidence) {
        fit = fit.because(Check::Dns, "a resolver outside this network answers: packets leave and come back");
    }
    Some(fit.decided_by("the same check over another network, for instance a telephone's"))
}

/// Whether a refusal came in much less time than the refusing machine takes to answer at all.
fn is_refused_nearer(refused: &Attempt, answered: &[&Attempt]) -> bool {
    let same_machine = |attempt: &&&Attempt| attempt.to.ip() == refused.to.ip() && attempt.failed.is_none();
    let quickest = answered.iter().filter(same_machine).map(|attempt| attempt.duration_ms).min();
    // A few milliseconds say nothing on a short way.
    let is_refusal = matches!(refused.failed, Some(ConnectFailed::Refused | ConnectFailed::Reset));
    is_refusal && quickest.is_some_and(|quickest| refused.duration_ms.saturating_add(10) < quickest / 2)
}

/// Addresses of IPv6 are published and tried first, and packets to them vanish.
pub(super) fn ipv6_broken(evidence: &Evidence) -> Option<Fit> {
    let fails = |attempt: &&Attempt| {
        attempt.to.is_ipv6()
            && !matches!(
                attempt.failed,
                None | Some(ConnectFailed::NoRoute | ConnectFailed::Overtaken | ConnectFailed::NotRecorded)
            )
    };
    let four_opened = |(_, asked): &(Protocol, &checks::asked::Asked<checks::tcp::Facts>)| {
        asked.facts.open().is_some_and(|open| open.to.is_ipv4())
    };
    let first: Vec<&Attempt> =
        evidence.tcp.each().filter(four_opened).flat_map(|(_, asked)| &asked.facts.attempts).filter(fails).collect();
    let second: Vec<&Attempt> =
        evidence.second_look.other_family.iter().flat_map(|asked| &asked.facts.attempts).filter(fails).collect();
    let failed: Vec<&Attempt> = first.into_iter().chain(second).collect();
    if failed.is_empty() {
        return only_ipv6_fails(evidence);
    }
    let six_opened = attempts(evidence).find(|attempt| attempt.to.is_ipv6() && attempt.failed.is_none());
    let mut fit = Fit::trouble(if six_opened.is_some() { Sure::Possible } else { Sure::Likely });
    for attempt in failed {
        fit = fit.because(Check::Tcp, format!("IPv6: {}", saw::attempt(attempt)));
    }
    for (_, asked) in evidence.tcp.each().filter(four_opened) {
        fit = fit.because(Check::Tcp, format!("IPv4: {}", saw::connection(&asked.facts)));
    }
    if let Some(open) = six_opened {
        fit = fit.against(Check::Tcp, format!("IPv6 to another server: {}", saw::attempt(open)));
    }
    Some(fit)
}

/// Where only IPv6 was tried: none of it answers, whatever the address and port, and something else does.
fn only_ipv6_fails(evidence: &Evidence) -> Option<Fit> {
    let vanishes = |attempt: &Attempt| {
        let is_lost = matches!(
            attempt.failed,
            Some(ConnectFailed::TimedOut | ConnectFailed::Unreachable | ConnectFailed::NoRoute)
        );
        attempt.to.is_ipv6() && is_lost
    };
    let was_looked_at_again = evidence.second_look.other_port.is_some();
    if !was_looked_at_again || !attempts(evidence).all(vanishes) || !anything_answered(evidence) {
        return None;
    }
    Some(
        Fit::trouble(Sure::Likely)
            .because_all(
                attempts(evidence)
                    .map(|attempt| Seen { check: Check::Tcp, saw: format!("IPv6: {}", saw::attempt(attempt)) }),
            )
            .because(Check::Dns, "IPv4 is there: a resolver answered over it")
            .decided_by("the same check over IPv4"),
    )
}
