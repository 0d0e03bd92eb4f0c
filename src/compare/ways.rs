//! How two runs ended at each server.

use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::plan::{Protocol, Server};
use checks::questions::Question;

use super::Run;
use crate::diagnosis::troubled;

/// How two runs ended at one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) of: Protocol,
    /// The server; `None` where the runs asked different ones.
    pub(crate) server: Option<Server>,
    pub(crate) a: End,
    pub(crate) b: End,
}

/// How a run ended at a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// All that was asked succeeded.
    Works,
    /// A step failed.
    FailsAt(Step),
    /// No sign-in was made, because earlier ones say to wait.
    HeldBack,
    /// The server was not asked.
    NotAsked,
    /// The run was cut short.
    CutShort,
}

/// A step on the way to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Name,
    Connection,
    Encryption,
    SignIn,
    /// What is said before the sign-in or after it.
    Conversation,
    Mailbox,
}

/// How both runs ended at each server.
pub(super) fn ways(a: &Run<'_>, b: &Run<'_>) -> Vec<Way> {
    let ends = Protocol::BOTH.into_iter().zip(a.ends.into_iter().zip(b.ends));
    ends.map(|(of, (at_a, at_b))| Way { of, server: same_server(a.evidence, b.evidence, of), a: at_a, b: at_b })
        .collect()
}

/// The server that both runs asked, if it is one.
fn same_server(a: &Evidence, b: &Evidence, of: Protocol) -> Option<Server> {
    let (a, b) = (&a.first.server(of).server, &b.first.server(of).server);
    let is_same = (&a.host, a.port, a.security) == (&b.host, b.port, b.security);
    is_same.then(|| a.clone())
}

/// How a run ended at a server.
pub(super) fn end(evidence: &Evidence, of: Protocol) -> End {
    let first = &evidence.first;
    if let Some((check, ..)) = troubled(evidence).into_iter().find(|(_, server, _)| *server == of) {
        return End::FailsAt(step(check, first, of));
    }
    if first.dns(of).is_none() {
        return if evidence.complete { End::NotAsked } else { End::CutShort };
    }
    if first.held_back(of).is_some() {
        return End::HeldBack;
    }
    // What a run leaves out, it leaves out from the end.
    let is_asked = |check: &Question| !first.settings.left_out.contains(check);
    let is_answered = |check| match check {
        Question::Tcp => first.tcp(of).is_some(),
        Question::Tls => first.tls(of).is_some(),
        _ => first.conversation(of).is_some(),
    };
    let asked = [Question::Tcp, Question::Tls, of.check()].into_iter().rfind(is_asked);
    if evidence.complete || asked.is_none_or(is_answered) { End::Works } else { End::CutShort }
}

fn step(check: Question, first: &FirstLook, of: Protocol) -> Step {
    match check {
        Question::Dns => Step::Name,
        Question::Tcp => Step::Connection,
        Question::Tls => Step::Encryption,
        Question::Mailbox => Step::Mailbox,
        _ if first.sign_in(of).is_some_and(|sign_in| !sign_in.is_accepted()) => Step::SignIn,
        _ => Step::Conversation,
    }
}
