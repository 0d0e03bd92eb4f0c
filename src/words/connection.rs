//! Connections: whether they open, over which addresses and ports, and what keeps them from opening.

use checks::network::ConnectFailed;
use checks::plan::Protocol;
use checks::tcp::{self, Attempt};

use super::said::{Said, joined};
use super::server;
use crate::diagnosis::saw::Connection;

pub(super) fn said(saw: &Connection) -> Said {
    match saw {
        Connection::Tried(of, facts) => tried(*of, facts),
        Connection::Reached(of, facts) => match facts.open() {
            Some(open) => {
                let (port, at) = (facts.port, at(open));
                Said::whole(format!("{} can be reached: it answers on port {port} ({at})", server(*of)))
            }
            None => tried(*of, facts),
        },
        Connection::OverIpv6(try_) => attempt(try_).behind("IPv6: "),
        Connection::OtherOverIpv6(try_) => attempt(try_).behind("another server did answer over IPv6: "),
        Connection::OverIpv4(of, facts) => tried(*of, facts).behind("IPv4: "),
        Connection::Ipv4Answers(ip) => Said::whole(format!(
            "IPv4 gets at least as far as the name server (DNS resolver) {ip}, which answered over it"
        )),
        Connection::ByNumber(try_) => attempt(try_).behind("without asking for a name: "),
        Connection::OtherPortAnswers(try_) => {
            let (port, at) = (try_.to.port(), at(try_));
            Said::whole(match try_.failed {
                Some(ConnectFailed::Refused | ConnectFailed::Reset) => {
                    format!(
                        "the same server can be reached: its port {port} answered at once, if only with a no ({at})"
                    )
                }
                _ => format!("the same server can be reached: it answers on port {port} ({at})"),
            })
        }
        Connection::PlainWebAlone => Said::whole(
            "port 443 does not answer either: this network lets only unencrypted web pages through, as guest networks do",
        ),
        Connection::WebPortsAreSilent => Said::whole("ports 443 and 80 of the same servers do not answer either"),
        Connection::RefusedTooQuickly(ms) => Said::whole(format!(
            "the refusal came after {ms} ms, too fast for that server: something nearer refuses in its place"
        )),
    }
}

/// "ADDRESS, after 3 ms".
fn at(attempt: &Attempt) -> String {
    format!("{}, after {} ms", attempt.to.ip(), attempt.duration_ms)
}

/// What came of connecting to a server.
pub(super) fn tried(of: Protocol, facts: &tcp::Facts) -> Said {
    let (server, port) = (server(of), facts.port);
    if let Some(open) = facts.open() {
        return Said::whole(format!("{server} answers on port {port} ({})", at(open)));
    }
    let whom = Said::of(format!("{server} (port {port})"), ": ").or().behind("no connection to ");
    match facts.attempts.as_slice() {
        [] => Said::of(format!("{server} (port {port})"), "").or().behind("no connection to "),
        [first, others @ ..] if others.iter().all(|other| is_alike(first, other)) => {
            let addresses = facts.attempts.iter().map(|attempt| attempt.to.ip().to_string());
            match &first.failed {
                Some(ConnectFailed::TimedOut) => whom.also(addresses, &no_answer_within(first)),
                Some(ConnectFailed::Refused) => whom.also(addresses, REFUSED),
                _ => whom.then(&joined(facts.attempts.iter().map(attempt))),
            }
        }
        _ => whom.then(&joined(facts.attempts.iter().map(attempt))),
    }
}

/// Whether two attempts came to the same.
fn is_alike(one: &Attempt, other: &Attempt) -> bool {
    let is_named = |attempt: &Attempt| attempt.stopped_by().is_some();
    let took = |attempt: &Attempt| (attempt.failed == Some(ConnectFailed::TimedOut)).then(|| no_answer_within(attempt));
    one.failed == other.failed && took(one) == took(other) && !is_named(one) && !is_named(other)
}

const REFUSED: &str = " refused the connection";

fn no_answer_within(attempt: &Attempt) -> String {
    let seconds = f64::from(u32::try_from(attempt.duration_ms).unwrap_or(u32::MAX)) / 1000.0;
    format!(" did not answer within {seconds:.1} s")
}

/// What came of one attempt to connect.
pub(super) fn attempt(attempt: &Attempt) -> Said {
    let to = attempt.to.ip().to_string();
    if let Some(by) = attempt.stopped_by() {
        return match attempt.failed {
            Some(ConnectFailed::Unreachable) => {
                Said::of(to, " cannot be reached").behind(&format!("{by}, which is on the way, says that "))
            }
            _ => Said::of(to, "").or().behind(&format!("{by}, which is on the way, blocks the connection to ")),
        };
    }
    match &attempt.failed {
        None => Said::of(to, format!(" answered after {} ms", attempt.duration_ms)),
        Some(ConnectFailed::TimedOut) => Said::of(to, no_answer_within(attempt)),
        Some(ConnectFailed::Refused) => Said::of(to, REFUSED),
        Some(ConnectFailed::Reset) => Said::of(to, "").behind("something reset the connection to "),
        Some(ConnectFailed::NoRoute) => Said::of(to, "").or().behind("this computer has no way to reach "),
        Some(ConnectFailed::Unreachable) => Said::of(to, " cannot be reached").behind("a router says that "),
        Some(ConnectFailed::Prohibited) => Said::of(to, "").or().behind("a firewall forbids the connection to "),
        Some(ConnectFailed::Overtaken) => {
            let why = "given up, because another address was faster";
            Said::of_one_or_many(to, format!(" was {why}"), format!(" were {why}"))
        }
        Some(ConnectFailed::Other(words)) => Said::of(to, format!(" failed ({words})")).behind("connecting to "),
        Some(ConnectFailed::NotRecorded) => Said::of(to, "").or().behind("the recorded case has no connection to "),
    }
}

/// What came of one attempt, in a sentence.
pub(crate) fn attempted(try_: &Attempt) -> String {
    attempt(try_).words()
}

/// What other ports of the servers say, those that say the same told together.
pub(super) fn other_ports(attempts: &[(Protocol, Attempt)]) -> String {
    if attempts.iter().all(|(_, attempt)| attempt.failed == Some(ConnectFailed::TimedOut)) {
        return said(&Connection::WebPortsAreSilent).words();
    }
    let mut told: Vec<(Protocol, u16, Vec<Said>)> = Vec::new();
    for (of, try_) in attempts {
        let port = try_.to.port();
        match told.iter_mut().find(|(whose, known, _)| whose == of && *known == port) {
            Some((_, _, said)) => said.push(attempt(try_)),
            None => told.push((*of, port, vec![attempt(try_)])),
        }
    }
    let mut by_server: Vec<(Protocol, String, Vec<String>)> = Vec::new();
    for (of, port, said) in told {
        let words = joined(said);
        match by_server.iter_mut().find(|(whose, known, _)| *whose == of && *known == words) {
            Some((_, _, ports)) => ports.push(port.to_string()),
            None => by_server.push((of, words, vec![port.to_string()])),
        }
    }
    joined(by_server.into_iter().map(|(of, words, ports)| {
        let word = if ports.len() == 1 { "port" } else { "ports" };
        let ports = super::said::list(&ports, "and");
        Said::whole(format!("{word} {ports} of {}: {words}", server(of)))
    }))
}
