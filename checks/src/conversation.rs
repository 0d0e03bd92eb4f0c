//! What the conversations with both servers have in common: the change to TLS, the sign-in, and where they may end
//! early.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::archive;
use crate::attempts::gate::{Asked, Gate, Passed};
use crate::attempts::rules::{HeldBack, Which};
use crate::attempts::{Attempt, Earlier, telling};
use crate::network::{Network, Stream};
use crate::plan::Protocol;
use crate::protocol::Reader;
use crate::round_trip::Meeting;
use crate::run::Run;
use crate::sign_in::{Credentials, SignIn};
use crate::survey::Asking;
use crate::talk::{Answer, NoAnswer, Talk};
use crate::tls::Verified;

/// The facts that are collected from either server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ConversationFacts")]
pub struct Facts {
    /// What it answered to STARTTLS.
    pub starttls: Option<Starttls>,
    /// The sign-in.
    pub sign_in: Option<SignIn>,
    /// Why no sign-in was made, where earlier ones say to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_back: Option<HeldBack>,
    /// What this computer remembers of earlier sign-ins of the account at this server: the last of each kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_sign_ins: Vec<Earlier>,
    /// Where the conversation ended early.
    pub interrupted: Option<Interruption>,
}

impl Facts {
    /// Asks the ledger, and keeps what it knows; `None` where the sign-in has to wait.
    pub(crate) fn pass<'g>(&mut self, gate: Gate<'g>, attempt: Attempt<'g>) -> Option<Passed<'g>> {
        let Asked { earlier, passed } = gate.ask(attempt);
        self.earlier_sign_ins = telling(&earlier);
        passed.map_err(|held| self.held_back = Some(held)).ok()
    }

    /// Notes where the conversation ended early.
    pub(crate) fn interrupt(&mut self, awaiting: Awaiting, no_answer: NoAnswer) {
        self.interrupted = Some(Interruption { awaiting, no_answer });
    }

    /// Whether it did not reach its goal.
    pub(crate) fn is_troubled(&self) -> bool {
        self.interrupted.is_some()
            || self.sign_in.as_ref().is_some_and(|sign_in| !sign_in.is_accepted())
            || self.starttls.as_ref().is_some_and(|starttls| *starttls != Starttls::Ready)
    }
}

/// The facts of a conversation in either protocol.
pub trait Conversation {
    /// The facts that are collected from either server.
    fn shared(&self) -> &Facts;

    /// Whether the server greeted.
    fn greeted(&self) -> bool;

    /// The greeting that turned the connection away, if one did.
    fn turned_away(&self) -> Option<String>;

    /// Whether the conversation did not reach its goal.
    fn is_troubled(&self) -> bool;
}

/// A protocol, with the type of its facts.
pub(crate) trait Speaks: Conversation + Default {
    /// Which one it is.
    const OF: Protocol;

    /// How its answers are read.
    type Reader: Reader<Answer: Answer>;

    /// Asks for encryption on an unencrypted connection; the handshake follows.
    async fn starttls<S: Stream>(&mut self, talk: Talk<'_, S, Self::Reader>) -> Option<S>;

    /// Signs in, asks the questions that follow, and says goodbye.
    async fn converse<S: Stream>(&mut self, talk: Talk<'_, Verified<S>, Self::Reader>, wishes: Wishes<'_>);
}

/// The goals of a conversation.
#[derive(Default)]
pub(crate) struct Wishes<'p> {
    /// What to sign in with, if at all.
    pub(crate) credentials: Option<Credentials<'p>>,
    /// What the sign-in has to pass.
    pub(crate) gate: Gate<'p>,
    /// Whether to look into the mailbox too, by fetching one message.
    pub(crate) mailbox: bool,
    /// What else is asked of the mailbox.
    pub(crate) survey: Option<Asking<'p>>,
    /// What is done with the messages.
    pub(crate) archive: Option<&'p archive::Wishes>,
    /// The message that is sent and found again, if that is wanted.
    pub(crate) meeting: Option<&'p Meeting<'p>>,
    /// Sender and recipient, if that is asked.
    pub(crate) sender: Option<Sender<'p>>,
}

/// Sender and recipient.
#[derive(Clone, Copy)]
pub(crate) struct Sender<'p> {
    pub(crate) from: &'p str,
    /// The account's own address. No message is sent to it.
    pub(crate) account: &'p str,
}

impl<'p> Wishes<'p> {
    /// What a run asks of a server.
    pub(crate) fn of<N: Network>(run: &'p Run<'p, N>, protocol: Protocol) -> Self {
        let plan = run.plan;
        let meeting = run.meeting.as_ref();
        // A message that is sent answers that question too.
        let from = plan.from.as_deref().filter(|_| meeting.is_none());
        let sender = from.map(|from| Sender { from, account: plan.email.as_deref().unwrap_or(from) });
        let survey = plan.survey.as_ref().filter(|_| protocol == Protocol::Imap);
        let survey = survey.map(|wishes| Asking { wishes, now: run.net.now(), began: run.began });
        let archive = plan.archive.as_ref().filter(|_| protocol == Protocol::Imap);
        let which = if plan.again { Which::Again } else { Which::First };
        let gate = Gate { ledger: run.net.ledger(), which, is_round_trip: meeting.is_some() };
        Self { credentials: plan.credentials(protocol), gate, mailbox: plan.mailbox, survey, archive, meeting, sender }
    }
}

/// A server's answer to STARTTLS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Starttls {
    /// It is ready for the handshake.
    Ready,
    /// It does not offer it.
    NotOffered,
    /// It offers it and then refuses.
    Refused {
        /// Its line.
        answer: String,
    },
    /// More bytes came before the handshake, from the server or from a machine in between (RFC 3207 section 6).
    Injected,
}

/// Where a conversation ended early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Interruption {
    /// What the server was asked for.
    pub awaiting: Awaiting,
    /// What came instead.
    #[serde(flatten)]
    pub no_answer: NoAnswer,
}

/// What a server was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Awaiting {
    /// The first line.
    Greeting,
    /// What it offers.
    Capabilities,
    /// STARTTLS.
    Starttls,
    /// Anything after the sign-in.
    AfterSignIn,
}
