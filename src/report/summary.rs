//! What each question learned, in one sentence.

use checks::asked::PerServer;
use checks::conversation::Conversation;
use checks::learned::Learned;
use checks::mailbox::Storage;
use checks::network::ConnectFailed;
use checks::plan::Protocol;
use checks::second_look::another_resolver::Opinion;
use checks::second_look::other_hello::Try;
use checks::tcp::Attempt;
use checks::{apple_status, imap, smtp};

use super::settings;
use crate::saw;

/// The sentence; for a check that came to an answer, or a second look.
pub(super) fn of(learned: &Learned) -> String {
    match learned {
        Learned::Settings(facts) => settings::sentence(facts),
        Learned::Dns(asked) => each(asked, saw::names),
        Learned::Tcp(asked) => each(asked, saw::connection),
        Learned::Tls(asked) => each(asked, saw::handshake),
        Learned::Imap(Some(asked)) => received(&asked.facts),
        Learned::Smtp(Some(asked)) => sent(&asked.facts),
        Learned::AppleStatus(Some(asked)) => status(&asked.facts),
        Learned::Imap(None) | Learned::Smtp(None) | Learned::AppleStatus(None) | Learned::Later { .. } => String::new(),
        Learned::AnotherResolver(asked) => joined(asked.facts.opinions.iter().map(opinion)),
        Learned::ByNumber(asked) => joined(asked.facts.attempts.iter().map(saw::attempt)),
        Learned::OtherFamily(asked) => joined(asked.facts.attempts.iter().map(saw::attempt)),
        Learned::OtherPort(asked) => other_ports(&asked.facts.attempts),
        Learned::PlainPage(asked) => saw::plain_page(&asked.facts.outcome),
        Learned::OtherHello(asked) => joined(asked.facts.tries.iter().flat_map(other_hellos)),
        Learned::ControlHost(asked) => match &asked.facts.tls {
            Some(tls) => saw::handshake(tls),
            None => format!("{} is not reached", asked.facts.host),
        },
        Learned::OtherSignIn(asked) => joined(asked.facts.tries.iter().map(saw::other_sign_in)),
    }
}

fn each<T>(asked: &PerServer<T>, saw: impl Fn(&T) -> String) -> String {
    joined(asked.each().map(|(_, asked)| saw(&asked.facts)))
}

fn joined(said: impl Iterator<Item = String>) -> String {
    said.collect::<Vec<_>>().join("; ")
}

fn opinion(opinion: &Opinion) -> String {
    match &opinion.says {
        // Some of these sentences name the resolver themselves.
        Some(names) => match (opinion.resolver.ip().to_string(), saw::names(names)) {
            (resolver, said) if said.contains(&resolver) => said,
            (resolver, said) => format!("{resolver}: {said}"),
        },
        None => format!("{}, asked for {}'s name: silent", opinion.resolver.ip(), opinion.protocol.name()),
    }
}

fn other_hellos(tried: &Try) -> impl Iterator<Item = String> {
    let small = tried.small.as_ref().map(|tls| format!("a small first message: {}", saw::handshake(tls)));
    let old = tried.old.as_ref().map(|tls| format!("one of the old kind: {}", saw::handshake(tls)));
    small.into_iter().chain(old)
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

fn received(facts: &imap::Facts) -> String {
    let storage = facts.mailbox.storage.and_then(fullness);
    let message = facts.mailbox.message.as_ref().map(saw::message);
    joined([signed_in(Protocol::Imap, facts)].into_iter().chain(storage).chain(message))
}

fn sent(facts: &smtp::Facts) -> String {
    let may_send = |from: &smtp::FromFacts| {
        format!("{} may send, as far as the server tells before a message is sent", from.address)
    };
    joined([signed_in(Protocol::Smtp, facts)].into_iter().chain(facts.from.as_ref().map(may_send)))
}

fn signed_in(of: Protocol, spoken: &impl Conversation) -> String {
    match &spoken.shared().sign_in {
        Some(sign_in) => saw::sign_in(of, sign_in),
        None => format!("{} greeted; no sign-in was asked for", of.name()),
    }
}

fn fullness(storage: Storage) -> Option<String> {
    let percent = storage.used_kib.saturating_mul(100).checked_div(storage.limit_kib)?;
    Some(format!("the mailbox is {percent} % full"))
}

fn status(facts: &apple_status::Facts) -> String {
    match &facts.outcome {
        apple_status::Outcome::Read { .. } => match facts.ongoing().first() {
            Some((service, event)) => {
                format!("Apple reports \"{}\" for {service} now", event.kind.as_deref().unwrap_or("an event"))
            }
            None => "Apple reports no trouble with mail now (its page can be an hour late)".to_owned(),
        },
        apple_status::Outcome::NotTheFeed { status, .. } => {
            format!("what came is not Apple's feed (HTTP {status}), so it is not known what Apple reports")
        }
        apple_status::Outcome::NotFetched { why } => {
            format!("Apple's status page could not be read: {}", saw::not_fetched(why))
        }
        apple_status::Outcome::NoAddress => "Apple's status page could not be read: its name was not found".to_owned(),
        apple_status::Outcome::Late => "not waited for: the mail servers had answered, and all was well".to_owned(),
    }
}
