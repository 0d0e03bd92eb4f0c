//! How long is a connection kept on which a mail program waits for new mail with IDLE (RFC 2177)?

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Facts;
use crate::network::Stream;
use crate::network::clock::{Stopwatch, within};
use crate::protocol::imap::{Response, StatusKind, command};
use crate::tagged::{ImapTalk, until_challenged, until_tagged};
use crate::talk::NoAnswer;

/// A wait for new mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxIdle")]
pub struct Idle {
    /// When it began, in milliseconds after the start of the run.
    pub started_ms: u64,
    /// How long it was to be held, in milliseconds.
    pub wanted_ms: u64,
    /// How long it was held, in milliseconds; where it was found dead at its end, nobody saw when it was cut.
    pub held_ms: u64,
    /// When the server was last heard of, in milliseconds after it began.
    pub last_heard_ms: u64,
    /// How it ended.
    #[serde(flatten)]
    pub end: IdleEnd,
}

/// How a wait for new mail ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxIdleEnd")]
#[serde(rename_all = "kebab-case", tag = "end")]
pub enum IdleEnd {
    /// The run was over before.
    Unfinished,
    /// The server does not offer it.
    NotOffered,
    /// The server offers it and refuses it.
    Refused {
        /// Its line.
        answer: String,
    },
    /// We ended it (DONE), and the server answered.
    Held,
    /// The server ended it, and said so (BYE).
    Said {
        /// Its line.
        answer: String,
    },
    /// The connection was closed (FIN).
    Closed,
    /// The connection was reset (RST).
    Reset,
    /// Nobody said that it was cut, and what ended it (DONE) was not answered.
    Silent,
    /// It broke in another way.
    Broken,
}

impl IdleEnd {
    fn of(no_answer: &NoAnswer) -> Self {
        match no_answer {
            NoAnswer::TimedOut => Self::Silent,
            NoAnswer::Closed => Self::Closed,
            NoAnswer::Reset => Self::Reset,
            NoAnswer::Broken { .. } | NoAnswer::Unreadable { .. } | NoAnswer::TooLong => Self::Broken,
        }
    }
}

impl Idle {
    /// Whether it was cut before its time.
    pub fn is_cut(&self) -> bool {
        match self.end {
            IdleEnd::Said { .. } | IdleEnd::Closed | IdleEnd::Reset | IdleEnd::Silent | IdleEnd::Broken => true,
            IdleEnd::Unfinished | IdleEnd::NotOffered | IdleEnd::Refused { .. } | IdleEnd::Held => false,
        }
    }
}

/// Waits over the connection that is there: a second one would be one sign-in more, and every sign-in counts. Returns
/// whether the connection is still open. The facts are kept while it waits.
pub(super) async fn ask<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    offered: &[String],
    (wanted, run): (Duration, Stopwatch),
    facts: &mut Facts,
) -> bool {
    let idle = facts.idle.insert(Idle {
        started_ms: run.milliseconds(),
        wanted_ms: u64::try_from(wanted.as_millis()).unwrap_or(u64::MAX),
        held_ms: 0,
        last_heard_ms: 0,
        end: IdleEnd::Unfinished,
    });
    if !offered.iter().any(|offered| offered == "IDLE") {
        idle.end = IdleEnd::NotOffered;
        return true;
    }
    facts.round_trips += 1;
    let began = Stopwatch::start();
    idle.end = match hold(talk, began, idle).await {
        Err(no_answer) => IdleEnd::of(&no_answer),
        Ok(IdleEnd::Held) => {
            facts.round_trips += 1;
            match end(talk).await {
                Ok(()) => IdleEnd::Held,
                Err(_) => IdleEnd::Silent,
            }
        }
        Ok(end) => end,
    };
    !idle.is_cut()
}

/// Waits until the time is over, the server ends it or the connection breaks.
async fn hold<S: Stream>(talk: &mut ImapTalk<'_, S>, began: Stopwatch, idle: &mut Idle) -> Result<IdleEnd, NoAnswer> {
    // Mail programs wait for what arrives in the inbox.
    talk.say(&[command::examine_inbox("I1"), command::idle("I2")]).await?;
    if let Some(refusal) = until_challenged(talk, "I2").await? {
        return Ok(IdleEnd::Refused { answer: refusal.tagged.line });
    }
    talk.begin_part();
    // Longer than we wait: silence is no fault here.
    let of_a_step = talk.be_patient(Duration::from_millis(idle.wanted_ms) * 2);
    let ended = listen(talk, began, idle).await;
    talk.be_patient(of_a_step);
    idle.held_ms = began.milliseconds();
    ended
}

async fn listen<S: Stream>(talk: &mut ImapTalk<'_, S>, began: Stopwatch, idle: &mut Idle) -> Result<IdleEnd, NoAnswer> {
    loop {
        let left = Duration::from_millis(idle.wanted_ms.saturating_sub(began.milliseconds()));
        let Some(answer) = within(left, talk.hear()).await else { return Ok(IdleEnd::Held) };
        let answer = answer?;
        idle.last_heard_ms = began.milliseconds();
        match &answer.response {
            Response::Status { tag: None, kind: StatusKind::Bye, .. } | Response::Status { tag: Some(_), .. } => {
                return Ok(IdleEnd::Said { answer: answer.line });
            }
            _ => {}
        }
    }
}

async fn end<S: Stream>(talk: &mut ImapTalk<'_, S>) -> Result<(), NoAnswer> {
    talk.say(&[command::done()]).await?;
    until_tagged(talk, "I2").await.map(drop)
}
