//! What is in the mailbox, and how fast does it answer? Asked with `mailbox` alone, over the connection that signed in,
//! and nothing in it is changed.

pub(crate) mod folders;
mod idle;
pub(crate) mod pipeline;
mod polling;
mod search;
mod sweep;
#[cfg(test)]
mod tests;
mod timing;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::asked::Asked;
use crate::mailbox::{self, Fetched, Storage};
use crate::network::Stream;
use crate::network::clock::Stopwatch;
use crate::plan::{Plan, Survey};
use crate::tagged::{ImapTalk, until_tagged};
use crate::talk::{NoAnswer, Spent};

pub use folders::{Folder, Role};
pub use idle::{Idle, IdleEnd};
pub use polling::{Interval, Polling};
pub use search::Search;
pub use sweep::{Amount, Days, LARGE, Large, Part, Sweep};
pub use timing::Timing;

/// The facts about a mailbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxSurveyFacts")]
pub struct Facts {
    /// How full it is (RFC 9208), in kibibytes.
    pub storage: Option<Storage>,
    /// Its folders, in the server's order.
    pub folders: Vec<Folder>,
    /// The number of folders beyond those that are looked at.
    pub folders_left_out: usize,
    /// Whether the inbox was opened for writing although only reading was asked for (nextcloud/mail#3401).
    pub is_examine_read_write: Option<bool>,
    /// One small message, asked for without marking it as read.
    pub peeked: Option<Fetched>,
    /// What came of searching and sorting the newest messages of the inbox, where it has any.
    #[serde(default)]
    pub search: Option<Search>,
    /// How long a command without work takes.
    pub timing: Timing,
    /// What it costs to look for new mail.
    #[serde(default)]
    pub polling: Option<Polling>,
    /// The size and date of every message, where that was wanted.
    pub sweep: Option<Sweep>,
    /// A wait for new mail over the same connection, where that was wanted.
    #[serde(default)]
    pub idle: Option<Idle>,
    /// How many round trips it took after the sign-in.
    pub round_trips: u32,
    /// The line by which the server refused to go on; nothing was asked again.
    pub stopped_by: Option<String>,
}

impl Facts {
    /// Whether none of the folders is the only one that was wanted.
    pub fn is_without_folder(&self) -> bool {
        self.folders.is_empty() && self.folders_left_out > 0
    }

    /// Adds what only the end of the run shows: how long a wait was held that it cut short, and the round trips before
    /// the conversation.
    pub(crate) fn complete(&mut self, before: u32, ended_ms: u64) {
        if let Some(idle) = self.idle.as_mut().filter(|idle| idle.end == IdleEnd::Unfinished) {
            idle.held_ms = ended_ms.saturating_sub(idle.started_ms);
        }
        if let Some(polling) = &mut self.polling {
            polling.comes_after(before);
        }
    }

    /// The folder with a role.
    pub fn folder(&self, role: Role) -> Option<&Folder> {
        self.folders.iter().find(|folder| folder.role == Some(role))
    }

    /// The line by which a server that let the account in refuses its folders or its messages.
    pub fn refusal(&self) -> Option<&str> {
        if let Some(Fetched::Refused { answer }) = &self.peeked {
            return Some(answer);
        }
        let is_inbox_open = self.folder(Role::Inbox).is_none_or(|inbox| inbox.exists.is_some());
        let is_refused = self.folders.is_empty() && self.folders_left_out == 0 || !is_inbox_open;
        self.stopped_by.as_deref().filter(|_| is_refused)
    }
}

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    // The IMAP server, over the connection that signed in.
    Vec::new()
}

/// What is asked, when it is, and the start of the run.
#[derive(Clone, Copy)]
pub(crate) struct Asking<'p> {
    pub(crate) wishes: &'p Survey,
    pub(crate) now: OffsetDateTime,
    pub(crate) began: Stopwatch,
}

/// Looks at the mailbox, and says goodbye; returns whether the server said it too. What is known is kept also where the
/// server ends early.
pub(crate) async fn ask<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    offered: &[String],
    asking: Asking<'_>,
    kept: &mut Option<Asked<Facts>>,
) -> Result<bool, NoAnswer> {
    let started_ms = asking.began.milliseconds();
    let asked = kept.insert(Asked { started_ms, duration_ms: 0, facts: Facts::default() });
    let ended = look(talk, offered, asking, &mut asked.facts).await;
    asked.duration_ms = asking.began.milliseconds() - started_ms;
    ended
}

async fn look<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    offered: &[String],
    Asking { wishes, now, began }: Asking<'_>,
    facts: &mut Facts,
) -> Result<bool, NoAnswer> {
    let signed_in = talk.spent();
    let names = folders::list(talk, offered, wishes, facts).await?;
    if facts.is_without_folder() {
        facts.round_trips += 1;
        return mailbox::leave(talk).await.map(|()| true);
    }
    let in_inbox = folders::status(talk, &names, facts).await?;
    facts.round_trips += 2;
    if let (Some(exists), None) = (in_inbox, &facts.stopped_by) {
        facts.round_trips += 2;
        let questions = search::Questions::of(exists, offered);
        let (newest, first) = mailbox::newest(talk, exists, questions.first()).await?;
        let peeked = match newest {
            Ok(newest) => {
                let (peeked, second) = mailbox::peek(talk, &newest, questions.second(&newest.sizes)).await?;
                facts.search = questions.answered(&newest.sizes, &first, &second);
                peeked
            }
            Err(refused) => refused,
        };
        if let Fetched::Refused { answer } = &peeked {
            facts.stopped_by = Some(answer.clone());
        }
        facts.peeked = Some(peeked);
    }
    if wishes.is_full && facts.stopped_by.is_none() {
        sweep::ask(talk, &names, (wishes, now), facts).await?;
    }
    let idle = wishes.idle.filter(|_| facts.stopped_by.is_none());
    timing::ask(talk, idle.is_none(), facts).await?;
    let look = signed_in.and(Spent { writes: 1, bytes: facts.timing.bytes });
    let offers_idle = offered.iter().any(|offered| offered == "IDLE");
    facts.polling = facts.timing.round_trip_ms().map(|answered| Polling::of(offers_idle, look, answered));
    match idle {
        None => until_tagged(talk, "Z9").await.map(|_| true),
        Some(idle) => match idle::ask(talk, offered, (idle, began), facts).await {
            true => mailbox::leave(talk).await.map(|()| true),
            false => Ok(false),
        },
    }
}
