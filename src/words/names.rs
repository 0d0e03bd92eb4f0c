//! Names: what the name servers said of them.

use std::net::{IpAddr, SocketAddr};

use checks::dns::{self, Outcome, Source};
use checks::network::QueryFailed;
use checks::second_look::another_resolver::Opinion;

use super::said::{Said, list};
use super::server;
use crate::diagnosis::saw::Name;

/// More addresses of a name than these are counted.
const MOST_SHOWN: usize = 2;

pub(super) fn said(saw: &Name) -> Said {
    match saw {
        Name::Asked(facts) => asked(facts),
        Name::AskedElsewhere(facts) => told_by(facts, &whom(&asked_last(facts).into_iter().collect::<Vec<_>>())),
        Name::NotInApplesNetworks(facts) => asked(facts).then(match facts.addresses.len() {
            1 => ", which is not in Apple's networks",
            _ => ", none of which is in Apple's networks",
        }),
        Name::OfNobody => Said::whole("no computer on the internet has such an address, so it cannot be Apple's"),
        Name::Found => Said::whole(
            "the servers' names were found: a name server (DNS resolver) answers, from near by or from what it remembers",
        ),
        Name::NowhereElse(resolvers) => {
            let resolvers = list(&resolvers.iter().map(ToString::to_string).collect::<Vec<_>>(), "and");
            Said::whole(format!("no other name server that was asked has an address for them ({resolvers})"))
        }
        Name::OthersAreSilent(resolvers) => {
            let resolvers = list(&resolvers.iter().map(ToString::to_string).collect::<Vec<_>>(), "and");
            Said::whole(format!("no other name server that was asked did answer ({resolvers})"))
        }
        Name::OutsideIsSilent => Said::whole("name servers outside this network did not answer"),
        Name::OutsideAnswers => {
            Said::whole("a name server outside this network answers, so this network does reach the internet")
        }
        Name::UnrelatedHasNone(name) => Said::of(name, ", which has nothing to do with mail, was not found either"),
        Name::StatusPageHasNone(name) => Said::of(name, ", where Apple's status page is, was not found either"),
    }
}

/// What came of asking for a name.
pub(super) fn asked(facts: &dns::Facts) -> Said {
    let name = &facts.name;
    match (facts.source, facts.outcome.clone()) {
        (Source::Literal, Outcome::Found) => {
            Said::of_one_or_many(name, " is an address already", " are addresses already")
        }
        (Source::HostsFile, Outcome::Found) => {
            Said::whole(format!("{} (from this computer's hosts file)", addresses(facts)))
        }
        (Source::System, Outcome::Found) => {
            Said::whole(format!("{} (from the system itself; {})", addresses(facts), not_read(facts)))
        }
        (_, Outcome::Found) => Said::whole(addresses(facts)),
        (Source::HostsFile, _) => {
            told_by(facts, &Whom { text: "this computer's hosts file".to_owned(), is_many: false })
        }
        _ => told_by(facts, &whom(&asked_last(facts).into_iter().collect::<Vec<_>>())),
    }
}

/// The same with who answered.
fn told_by(facts: &dns::Facts, whom: &Whom) -> Said {
    let (name, text) = (&facts.name, &whom.text);
    match facts.outcome {
        Outcome::Found => Said::of(addresses(facts), "").apart().behind(&format!("according to {text}: ")),
        Outcome::NoSuchName => {
            let says = whom.verb("says", "say");
            Said::of_one_or_many(name, " does not exist (NXDOMAIN)", " do not exist (NXDOMAIN)")
                .behind(&format!("{text} {says} that "))
        }
        Outcome::NoAddress => {
            Said::of(name, "").or().behind(&format!("{text} {} no address for ", whom.verb("has", "have")))
        }
        Outcome::ServerFailure => {
            Said::of(name, format!(" ({})", code(facts))).or().behind(&format!("{text} could not look up "))
        }
        Outcome::Refused => {
            Said::of(name, " (REFUSED)").or().behind(&format!("{text} {} to look up ", whom.verb("refuses", "refuse")))
        }
        Outcome::Unanswered => {
            let last = facts.attempts.last();
            let why = last.map_or_else(
                || "no name server (DNS resolver) was asked".to_owned(),
                |last| match &last.failed {
                    None | Some(QueryFailed::TimedOut) => format!("{text} did not answer"),
                    Some(failed) => no_answer(last.resolver, failed),
                },
            );
            Said::of(name, ")").behind(&format!("{why} (asked for "))
        }
        Outcome::NoResolver if facts.resolvers_unreadable.is_some() => {
            Said::of(name, format!(" ({})", not_read(facts))).or().behind("the system itself has no address for ")
        }
        Outcome::NoResolver => Said::whole("no name server (DNS resolver) is set on this computer"),
    }
}

/// Why no name server was asked.
fn not_read(facts: &dns::Facts) -> String {
    let why = facts.resolvers_unreadable.as_deref().unwrap_or_default();
    format!("which name servers it asks could not be read: {why}")
}

/// "NAME has the addresses A and B".
fn addresses(facts: &dns::Facts) -> String {
    let mut shown: Vec<String> =
        facts.addresses.iter().take(MOST_SHOWN).map(|found| found.address.to_string()).collect();
    if facts.addresses.len() > MOST_SHOWN {
        shown.push(format!("{} more", facts.addresses.len() - MOST_SHOWN));
    }
    let word = if facts.addresses.len() == 1 { "address" } else { "addresses" };
    format!("{} has the {word} {}", facts.name, list(&shown, "and"))
}

fn asked_last(facts: &dns::Facts) -> Option<SocketAddr> {
    facts.attempts.last().map(|last| last.resolver)
}

fn code(facts: &dns::Facts) -> String {
    let mut answers = facts.attempts.iter().rev().filter_map(|attempt| attempt.answer.as_ref());
    answers.next().map_or_else(String::new, |answer| answer.code.clone())
}

/// Who answered, or did not.
struct Whom {
    text: String,
    is_many: bool,
}

impl Whom {
    fn verb(&self, one: &'static str, many: &'static str) -> &'static str {
        if self.is_many { many } else { one }
    }
}

/// "the name server (DNS resolver) A", or several of them.
fn whom(resolvers: &[SocketAddr]) -> Whom {
    let shown: Vec<String> = resolvers.iter().map(|resolver| address(*resolver)).collect();
    match shown.as_slice() {
        [] => Whom { text: "the name server (DNS resolver)".to_owned(), is_many: false },
        [one] => Whom { text: format!("the name server (DNS resolver) {one}"), is_many: false },
        many => Whom { text: format!("the name servers (DNS resolvers) {}", list(many, "and")), is_many: true },
    }
}

/// The address, with the port where it is not the usual one.
fn address(resolver: SocketAddr) -> String {
    const USUAL: u16 = 53;
    match resolver {
        // A link-local address without its interface cannot be asked.
        SocketAddr::V6(six) if six.port() == USUAL && six.scope_id() != 0 => {
            format!("{}%{}", six.ip(), six.scope_id())
        }
        other if other.port() == USUAL => other.ip().to_string(),
        other => other.to_string(),
    }
}

/// Why a name server gave no answer.
pub(crate) fn no_answer(resolver: SocketAddr, failed: &QueryFailed) -> String {
    let server = whom(&[resolver]).text;
    match failed {
        QueryFailed::TimedOut => format!("{server} did not answer"),
        QueryFailed::Refused => format!("no name server (DNS resolver) runs at {}", address(resolver)),
        QueryFailed::NoRoute => format!("this computer has no way to reach {server}"),
        QueryFailed::Unreachable => format!("a router says that {server} cannot be reached"),
        QueryFailed::Prohibited => format!("a firewall forbids asking {server}"),
        QueryFailed::Unreadable => format!("{server} sends something that is not a DNS answer"),
        QueryFailed::Other(words) => format!("asking {server} failed ({words})"),
        QueryFailed::NotRecorded => format!("the recorded case has no answer from {server}"),
    }
}

/// A query that was not waited for to its end.
pub(crate) const GIVEN_UP: &str = "not waited for any longer";

/// What one query brought.
pub(crate) fn records(code: &str, records: usize) -> String {
    match records {
        1 => format!("{code}, 1 record"),
        more => format!("{code}, {more} records"),
    }
}

/// What other name servers say, those that say the same told together.
pub(super) fn opinions(opinions: &[Opinion]) -> Vec<Said> {
    let is_the_same = |one: &Opinion, other: &Opinion| match (&one.says, &other.says) {
        (Some(one), Some(other)) => says(one) == says(other),
        (None, None) => one.protocol == other.protocol,
        _ => false,
    };
    let mut told: Vec<(&Opinion, Vec<SocketAddr>)> = Vec::new();
    for opinion in opinions {
        match told.iter_mut().find(|(known, _)| is_the_same(known, opinion)) {
            Some((_, resolvers)) if resolvers.contains(&opinion.resolver) => {}
            Some((_, resolvers)) => resolvers.push(opinion.resolver),
            None => told.push((opinion, vec![opinion.resolver])),
        }
    }
    let said = told.into_iter().map(|(opinion, resolvers)| match &opinion.says {
        Some(names) => told_by(names, &whom(&resolvers)),
        None => Said::of(server(opinion.protocol), ")")
            .behind(&format!("{} did not answer (asked for the addresses of ", whom(&resolvers).text)),
    });
    said.collect()
}

/// What a name server says of a name, whoever it is.
fn says(facts: &dns::Facts) -> (&str, &Outcome, Vec<IpAddr>, Option<&QueryFailed>) {
    let mut addresses: Vec<IpAddr> = facts.addresses.iter().map(|found| found.address).collect();
    addresses.sort_unstable();
    let failed = facts.attempts.last().and_then(|last| last.failed.as_ref());
    (&facts.name, &facts.outcome, addresses, failed)
}
