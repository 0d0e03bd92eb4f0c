//! The rows of the second looks that were taken.

use checks::asked::Asked;
use checks::network::ConnectFailed;
use checks::plan::{Look, Protocol};
use checks::second_look::{self, LOOKS};
use checks::tcp::Attempt;
use serde::Serialize;
use serde_json::Value;

use super::rows::{CheckOutcome, CheckRow};
use crate::saw;

/// A row a look, in the order of the table.
pub(super) fn rows(facts: &second_look::Facts) -> Result<Vec<CheckRow>, serde_json::Error> {
    let mut rows = Vec::new();
    for listed in &LOOKS {
        if let Some((span, summary, evidence)) = looked(listed.look, facts)? {
            rows.push(CheckRow {
                id: listed.id.to_owned(),
                question: listed.question.to_owned(),
                outcome: CheckOutcome::Asked,
                deserves_a_look: false,
                summary,
                started_ms: Some(span.0),
                duration_ms: Some(span.1),
                evidence,
            });
        }
    }
    Ok(rows)
}

type Looked = Option<((u64, u64), String, Value)>;

fn looked(look: Look, facts: &second_look::Facts) -> Result<Looked, serde_json::Error> {
    fn row<T: Serialize>(asked: Option<&Asked<T>>, say: impl Fn(&T) -> String) -> Result<Looked, serde_json::Error> {
        let Some(asked) = asked else { return Ok(None) };
        let span = (asked.started_ms, asked.duration_ms);
        Ok(Some((span, say(&asked.facts), serde_json::to_value(asked)?)))
    }
    match look {
        Look::AnotherResolver => row(facts.another_resolver.as_ref(), |facts| {
            let say = |opinion: &second_look::another_resolver::Opinion| match &opinion.says {
                // Some of these sentences name the resolver themselves.
                Some(names) => match (opinion.resolver.ip().to_string(), saw::names(names)) {
                    (resolver, said) if said.contains(&resolver) => said,
                    (resolver, said) => format!("{resolver}: {said}"),
                },
                None => format!("{}, asked for {}'s name: silent", opinion.resolver.ip(), opinion.protocol.name()),
            };
            joined(facts.opinions.iter().map(say))
        }),
        Look::ByNumber => row(facts.by_number.as_ref(), |facts| joined(facts.attempts.iter().map(saw::attempt))),
        Look::OtherFamily => row(facts.other_family.as_ref(), |facts| joined(facts.attempts.iter().map(saw::attempt))),
        Look::OtherPort => row(facts.other_port.as_ref(), |facts| other_ports(&facts.attempts)),
        Look::PlainPage => row(facts.plain_page.as_ref(), |facts| saw::plain_page(&facts.outcome)),
        Look::OtherHello => row(facts.other_hello.as_ref(), |facts| {
            joined(facts.tries.iter().flat_map(|tried| {
                let small = tried.small.as_ref().map(|tls| format!("a small first message: {}", saw::handshake(tls)));
                let old = tried.old.as_ref().map(|tls| format!("one of the old kind: {}", saw::handshake(tls)));
                small.into_iter().chain(old)
            }))
        }),
        Look::ControlHost => row(facts.control_host.as_ref(), |facts| match &facts.tls {
            Some(tls) => saw::handshake(tls),
            None => format!("{} is not reached", facts.host),
        }),
        Look::OtherSignIn => {
            row(facts.other_sign_in.as_ref(), |facts| joined(facts.tries.iter().map(saw::other_sign_in)))
        }
    }
}

fn joined(said: impl Iterator<Item = String>) -> String {
    said.collect::<Vec<_>>().join("; ")
}

/// What other ports say, those of one address that say the same told together.
fn other_ports(attempts: &[(Protocol, Attempt)]) -> String {
    if attempts.iter().all(|(_, attempt)| attempt.failed == Some(ConnectFailed::TimedOut)) {
        return "ports 443 and 80 of the same addresses stay silent too".to_owned();
    }
    let mut said: Vec<(Protocol, String, Vec<String>)> = Vec::new();
    for (of, attempt) in attempts {
        let (words, port) = (saw::attempt(attempt), attempt.to.port().to_string());
        match said.iter_mut().find(|(whose, known, _)| whose == of && *known == words) {
            Some((_, _, ports)) => ports.push(port),
            None => said.push((*of, words, vec![port])),
        }
    }
    joined(said.into_iter().map(|(of, words, ports)| {
        let word = if ports.len() == 1 { "port" } else { "ports" };
        format!("{} server, {word} {}: {words}", of.name(), ports.join(" and "))
    }))
}
