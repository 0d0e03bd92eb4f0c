//! Causes in the resolution of a name to its address.

use checks::dns::{self, Outcome, Reach, Source};
use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::network::QueryFailed;
use checks::plan::Protocol;
use checks::questions::Question;
use checks::settings::HostKind;

use super::saw::{Name, Saw};
use super::{Fit, Seen, Sure, WouldDecide, reach, saw};

/// What another resolver answers for a name, or that none was asked.
enum SecondOpinion {
    /// Another resolver knows an address that can be Apple's.
    Knows(Saw),
    /// Other resolvers answer, and do not know one either.
    KnowsNot(Saw),
    /// No other resolver was asked, or none answered.
    Nothing,
}

fn second_opinion(evidence: &Evidence, of: Protocol) -> SecondOpinion {
    let Some(asked) = &evidence.second_look.another_resolver else { return SecondOpinion::Nothing };
    let knows = asked.facts.of(of).find(|names| !names.is_troubled());
    let answered = asked.facts.of(of).find(|names| names.outcome != Outcome::Unanswered);
    match (knows, answered) {
        (Some(names), _) => SecondOpinion::Knows(saw::names_elsewhere(names)),
        (None, Some(names)) => SecondOpinion::KnowsNot(saw::names_elsewhere(names)),
        (None, None) => SecondOpinion::Nothing,
    }
}

/// Whether the same resolvers know the other names of this run: then they work, and this answer is deliberate.
fn other_names_resolve(evidence: &Evidence, of: Protocol) -> bool {
    let is_known = |names: &dns::Facts| {
        names.source == Source::Resolver && names.outcome == Outcome::Found && !names.is_troubled()
    };
    let other_server = evidence.first.each(FirstLook::dns).any(|(whose, names)| whose != of && is_known(names));
    let status = evidence.first.status().and_then(|status| status.dns.as_ref()).is_some_and(is_known);
    let plain =
        evidence.second_look.plain_page.as_ref().and_then(|asked| asked.facts.dns.as_ref()).is_some_and(is_known);
    other_server || status || plain
}

/// A filter on this network or at the provider hides Apple's mail servers.
pub(super) fn dns_filtered(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let names = evidence.first.dns(of)?;
    let is_proved = evidence.first.tls(of).is_some_and(checks::tls::Facts::is_verified);
    let is_apples_name = evidence.first.server(of).host_is == HostKind::Apples && names.source != Source::Literal;
    if !is_apples_name || !names.is_troubled() || is_proved {
        return None;
    }
    let is_sinkhole = !names.addresses.is_empty() && names.addresses.iter().all(|found| found.reach == Reach::Sinkhole);
    let denies = is_sinkhole || matches!(names.outcome, Outcome::NoSuchName | Outcome::NoAddress);
    // No answer or a refusal for this name alone is also the work of a filter; for every name it is a broken resolver.
    let is_singled_out =
        matches!(names.outcome, Outcome::Refused | Outcome::Unanswered) && other_names_resolve(evidence, of);
    if !denies && !is_singled_out {
        return None;
    }
    let fit = Fit::trouble(Sure::Likely).because(Question::Dns, saw::names(names));
    let fit = if is_sinkhole {
        // Everything else that fails with such an address fails because of it.
        let after =
            super::troubled(evidence).into_iter().filter(|(check, whose, _)| *whose == of && *check != Question::Dns);
        fit.because(Question::Dns, Name::OfNobody).because_all(after.map(|(check, _, saw)| Seen::new(check, saw)))
    } else {
        fit
    };
    Some(match second_opinion(evidence, of) {
        SecondOpinion::Knows(saw) => Fit { sure: Sure::Certain, ..fit }.because(Question::AnotherResolver, saw),
        SecondOpinion::KnowsNot(saw) if !is_sinkhole => {
            Fit { sure: Sure::Possible, ..fit }.against(Question::AnotherResolver, saw)
        }
        SecondOpinion::KnowsNot(_) | SecondOpinion::Nothing if is_sinkhole => Fit { sure: Sure::Certain, ..fit },
        _ => fit.decided_by(WouldDecide::OutsideResolver),
    })
}

/// No resolver answers.
pub(super) fn dns_resolver_unreachable(evidence: &Evidence) -> Option<Fit> {
    let unanswered: Vec<(Protocol, &dns::Facts)> = evidence
        .first
        .each(FirstLook::dns)
        .filter(|(_, names)| matches!(names.outcome, Outcome::Unanswered | Outcome::NoResolver))
        // What could not be read was not asked either.
        .filter(|(_, names)| !names.attempts.is_empty() || names.resolvers_unreadable.is_none())
        // Where other names are answered, the resolver works.
        .filter(|(of, _)| !other_names_resolve(evidence, *of))
        .collect();
    let (first, names) = unanswered.first()?;
    let mut fit = Fit::trouble(Sure::Likely);
    for (_, names) in &unanswered {
        fit = fit.because(Question::Dns, saw::names(names));
    }
    let is_closed = names.attempts.iter().any(|attempt| attempt.failed == Some(QueryFailed::Refused));
    let is_unset = names.outcome == Outcome::NoResolver;
    let opinion = second_opinion(evidence, *first);
    let is_silence = matches!(opinion, SecondOpinion::Nothing);
    match opinion {
        SecondOpinion::Knows(saw) | SecondOpinion::KnowsNot(saw) => {
            fit = Fit { sure: Sure::Certain, ..fit }.because(Question::AnotherResolver, saw);
        }
        SecondOpinion::Nothing if is_closed || is_unset || reach::anything_answered(evidence) => {
            fit = Fit { sure: Sure::Certain, ..fit };
        }
        SecondOpinion::Nothing => fit = fit.decided_by(WouldDecide::AnyAddress),
    }
    // A resolver that was not asked may answer.
    if unanswered.iter().any(|(_, names)| names.resolvers_unreadable.is_some()) {
        fit = Fit { sure: Sure::Possible, ..fit };
    }
    let others = reach::other_resolvers(evidence);
    if is_silence && !others.is_empty() {
        fit = fit.because(Question::AnotherResolver, Name::OthersAreSilent(others));
    }
    Some(fit)
}

/// The resolver answers that it failed, or that it refuses.
pub(super) fn dns_server_failure(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let names = evidence.first.dns(of)?;
    if !matches!(names.outcome, Outcome::ServerFailure | Outcome::Refused) {
        return None;
    }
    let fit = Fit::trouble(Sure::Likely).because(Question::Dns, saw::names(names));
    Some(match second_opinion(evidence, of) {
        SecondOpinion::Knows(saw) => Fit { sure: Sure::Certain, ..fit }.because(Question::AnotherResolver, saw),
        SecondOpinion::KnowsNot(saw) => fit.against(Question::AnotherResolver, saw),
        SecondOpinion::Nothing => fit.decided_by(WouldDecide::OtherResolver),
    })
}

/// The name resolves to the address of a machine that is not Apple's.
pub(super) fn dns_wrong_address(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let names = evidence.first.dns(of)?;
    if evidence.first.server(of).host_is != HostKind::Apples || names.outcome != Outcome::Found || names.is_troubled() {
        return None;
    }
    let is_strange = names.addresses.iter().all(|found| !found.is_apples);
    let fails = evidence.first.tls(of).is_some_and(|tls| !tls.is_verified())
        || evidence.first.tcp(of).is_some_and(checks::tcp::Facts::is_troubled);
    if !is_strange || !fails {
        return None;
    }
    let others: Vec<_> = evidence
        .second_look
        .another_resolver
        .iter()
        .flat_map(|asked| asked.facts.of(of))
        .filter(|other| !other.addresses.is_empty())
        .collect();
    let agree = others.iter().any(|other| {
        other.addresses.iter().any(|found| names.addresses.iter().any(|ours| ours.address == found.address))
    });
    let from_hosts_file = names.source == Source::HostsFile;
    if agree || (others.is_empty() && !from_hosts_file) {
        return None;
    }
    let mut fit = Fit::trouble(Sure::Likely).because(Question::Dns, Name::NotInApplesNetworks(Box::new(names.clone())));
    if let Some(other) = others.first() {
        fit = fit.because(Question::AnotherResolver, saw::names_elsewhere(other));
    }
    if let Some(tls) = evidence.first.tls(of) {
        fit = fit.because(Question::Tls, saw::handshake(tls));
    }
    if let Some(tcp) = evidence.first.tcp(of).filter(|tcp| tcp.is_troubled()) {
        fit = fit.because(Question::Tcp, saw::connection(of, tcp));
    }
    Some(fit)
}
