//! Causes that affect one port, or only IPv4 or IPv6.

use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::network::ConnectFailed;
use checks::plan::Protocol;
use checks::questions::Question;
use checks::tcp::Attempt;

use super::saw::{Connection, Name, Web};
use super::{Fit, Seen, Sure, WouldDecide, reach, saw};

/// Something on the way, or on this machine, blocks this port and lets other connections pass.
pub(super) fn port_blocked(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let tcp = evidence.first.tcp(of).filter(|tcp| tcp.is_troubled())?;
    let names = evidence.first.dns(of)?;
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
    let answered: Vec<&Attempt> =
        evidence.second_look.other_port.iter().flat_map(|asked| asked.facts.answered(of)).collect();
    let is_nearer: Vec<&Attempt> =
        tcp.attempts.iter().filter(|attempt| is_refused_nearer(attempt, &answered)).collect();
    // A machine whose service is down refuses exactly as a firewall does; but it neither stays silent nor forbids.
    let is_silent = tcp.attempts.iter().any(|attempt| attempt.failed == Some(ConnectFailed::TimedOut));
    let is_forbidden = tcp.attempts.iter().any(|attempt| attempt.failed == Some(ConnectFailed::Prohibited));
    let is_certain = is_forbidden || !is_nearer.is_empty() || (is_silent && !answered.is_empty());
    let mut fit = Fit::trouble(if is_certain { Sure::Certain } else { Sure::Likely })
        .because(Question::Tcp, saw::connection(of, tcp));
    if let Some(attempt) = answered.first() {
        fit = fit.because(Question::OtherPort, Connection::OtherPortAnswers((*attempt).clone()));
    }
    if !answered.is_empty() && answered.iter().all(|attempt| attempt.to.port() == 80) {
        fit = fit.because(Question::OtherPort, Connection::PlainWebAlone);
    }
    for attempt in is_nearer {
        fit = fit.because(Question::Tcp, Connection::RefusedTooQuickly(attempt.duration_ms));
    }
    for (whose, tcp) in evidence.first.each(FirstLook::tcp).filter(|(whose, tcp)| *whose != of && !tcp.is_troubled()) {
        fit = fit.because(Question::Tcp, Connection::Reached(whose, tcp.clone()));
    }
    if let Some(page) = reach::web_answered(evidence) {
        fit = fit.because(page, Web::Answers);
    } else if reach::outside_answers(evidence) {
        fit = fit.because(Question::AnotherResolver, Name::OutsideAnswers);
    }
    Some(fit.decided_by(WouldDecide::OtherNetwork))
}

/// Whether a refusal came much sooner than any answer of the refusing machine can.
fn is_refused_nearer(refused: &Attempt, answered: &[&Attempt]) -> bool {
    let same_machine = |attempt: &&&Attempt| attempt.to.ip() == refused.to.ip() && attempt.failed.is_none();
    let quickest = answered.iter().filter(same_machine).map(|attempt| attempt.duration_ms).min();
    // On a short way, a few milliseconds prove nothing.
    let is_refusal = matches!(refused.failed, Some(ConnectFailed::Refused | ConnectFailed::Reset));
    is_refusal && quickest.is_some_and(|quickest| refused.duration_ms.saturating_add(10) < quickest / 2)
}

/// IPv6 addresses are published and tried first, and packets to them are lost.
pub(super) fn ipv6_broken(evidence: &Evidence) -> Option<Fit> {
    let fails = |attempt: &&Attempt| {
        attempt.to.is_ipv6()
            && !matches!(
                attempt.failed,
                None | Some(ConnectFailed::NoRoute | ConnectFailed::Overtaken | ConnectFailed::NotRecorded)
            )
    };
    let four_opened = |(_, tcp): &(Protocol, &checks::tcp::Facts)| tcp.open().is_some_and(|open| open.to.is_ipv4());
    let first =
        evidence.first.each(FirstLook::tcp).filter(four_opened).flat_map(|(_, tcp)| &tcp.attempts).filter(fails);
    let second = evidence.second_look.other_family.iter().flat_map(|asked| &asked.facts.attempts).filter(fails);
    let failed: Vec<(Question, &Attempt)> = first
        .map(|attempt| (Question::Tcp, attempt))
        .chain(second.map(|attempt| (Question::OtherFamily, attempt)))
        .collect();
    if failed.is_empty() {
        return only_ipv6_fails(evidence);
    }
    let six_opened = reach::attempts(evidence).find(|(_, attempt)| attempt.to.is_ipv6() && attempt.failed.is_none());
    let mut fit = Fit::trouble(if six_opened.is_some() { Sure::Possible } else { Sure::Likely });
    for (by, attempt) in failed {
        fit = fit.because(by, Connection::OverIpv6(attempt.clone()));
    }
    for (of, tcp) in evidence.first.each(FirstLook::tcp).filter(four_opened) {
        fit = fit.because(Question::Tcp, Connection::OverIpv4(of, tcp.clone()));
    }
    if let Some((by, open)) = six_opened {
        fit = fit.against(by, Connection::OtherOverIpv6(open.clone()));
    }
    Some(fit)
}

/// Where only IPv6 was tried: nothing answers over it, at any address and port, and something else does.
fn only_ipv6_fails(evidence: &Evidence) -> Option<Fit> {
    let vanishes = |attempt: &Attempt| {
        let is_lost = matches!(
            attempt.failed,
            Some(ConnectFailed::TimedOut | ConnectFailed::Unreachable | ConnectFailed::NoRoute)
        );
        attempt.to.is_ipv6() && is_lost
    };
    let was_looked_at_again = evidence.second_look.other_port.is_some();
    if !was_looked_at_again
        || !reach::attempts(evidence).all(|(_, attempt)| vanishes(attempt))
        || !reach::anything_answered(evidence)
    {
        return None;
    }
    Some(
        Fit::trouble(Sure::Likely)
            .because_all(
                reach::attempts(evidence).map(|(by, attempt)| Seen::new(by, Connection::OverIpv6(attempt.clone()))),
            )
            .because_all(reach::answered_over_ipv4(evidence))
            .decided_by(WouldDecide::Ipv4),
    )
}
