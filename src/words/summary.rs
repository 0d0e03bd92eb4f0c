//! What each question learned, in one sentence.

use checks::asked::PerServer;
use checks::conversation::Conversation;
use checks::learned::Learned;
use checks::plan::Protocol;
use checks::{dns, imap, smtp, tcp, tls};

use super::said::{Said, joined};
use super::{certificate, connection, conversation, mailbox, names, round_trip, settings, survey, web};

/// The sentence; for a check that came to an answer, or a second look.
pub(crate) fn of(learned: &Learned) -> String {
    match learned {
        Learned::Settings(facts) => settings::sentence(facts),
        Learned::Dns(asked) => {
            joined(problems_first(asked, dns::Facts::is_troubled).into_iter().map(|(_, facts)| names::asked(facts)))
        }
        Learned::Tcp(asked) => {
            let each = problems_first(asked, tcp::Facts::is_troubled);
            joined(each.into_iter().map(|(of, facts)| connection::tried(of, facts)))
        }
        Learned::Tls(asked) => {
            let each = problems_first(asked, tls::Facts::is_troubled);
            joined(each.into_iter().map(|(_, facts)| certificate::handshake(facts)))
        }
        Learned::Imap(Some(asked)) => received(&asked.facts),
        Learned::Smtp(Some(asked)) => sent(&asked.facts),
        Learned::Mailbox(Some(asked)) => survey::sentence(&asked.facts),
        Learned::RoundTrip(Some(asked)) => round_trip::sentence(&asked.facts),
        Learned::AppleStatus(Some(asked)) => web::status(&asked.facts),
        Learned::Imap(None)
        | Learned::Mailbox(None)
        | Learned::Smtp(None)
        | Learned::RoundTrip(None)
        | Learned::AppleStatus(None)
        | Learned::Later { .. } => String::new(),
        Learned::AnotherResolver(asked) => joined(names::opinions(&asked.facts.opinions)),
        Learned::ByNumber(asked) => joined(asked.facts.attempts.iter().map(connection::attempt)),
        Learned::OtherFamily(asked) => joined(asked.facts.attempts.iter().map(connection::attempt)),
        Learned::OtherPort(asked) => connection::other_ports(&asked.facts.attempts),
        Learned::PlainPage(asked) => web::plain_page(&asked.facts.outcome),
        Learned::OtherHello(asked) => joined(asked.facts.tries.iter().flat_map(certificate::other_hellos)),
        Learned::ControlHost(asked) => match &asked.facts.tls {
            Some(tls) => certificate::handshake(tls).words(),
            None => format!("{} could not be reached", asked.facts.host),
        },
        Learned::OtherSignIn(asked) => {
            joined(asked.facts.tries.iter().map(|tried| {
                Said::whole(conversation::again(tried.protocol, tried.differs_by, tried.sign_in.as_ref()))
            }))
        }
    }
}

/// What was learned of each server, a problem before what is well: the beginning is what is read.
fn problems_first<T>(asked: &PerServer<T>, is_troubled: fn(&T) -> bool) -> Vec<(Protocol, &T)> {
    let mut each: Vec<(Protocol, &T)> = asked.each().map(|(of, asked)| (of, &asked.facts)).collect();
    each.sort_by_key(|(_, facts)| !is_troubled(facts));
    each
}

fn received(facts: &imap::Facts) -> String {
    let storage = facts.mailbox.storage.and_then(mailbox::fullness);
    let message = facts.mailbox.message.as_ref().map(mailbox::message);
    let sentences = [signed_in(Protocol::Imap, facts)].into_iter().chain(storage).chain(message);
    sentences.collect::<Vec<_>>().join("; ")
}

fn sent(facts: &smtp::Facts) -> String {
    let may_send = facts.from.as_ref().map(|from| match from.data {
        Some(_) => conversation::took_message(&from.address),
        None => conversation::may_send(&from.address),
    });
    [signed_in(Protocol::Smtp, facts)].into_iter().chain(may_send).collect::<Vec<_>>().join("; ")
}

fn signed_in(of: Protocol, spoken: &impl Conversation) -> String {
    match &spoken.shared().sign_in {
        Some(sign_in) => conversation::sign_in(of, sign_in),
        None => conversation::greeted(of),
    }
}
