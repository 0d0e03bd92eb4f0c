//! What is in the mailbox, and how fast does it answer? Asked with `mailbox` alone, over the connection that signed in,
//! and nothing in it is changed.

mod dates;
pub(crate) mod folders;
pub(crate) mod pipeline;
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
use crate::tagged::ImapTalk;
use crate::talk::NoAnswer;

pub use folders::{Folder, Role};
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
    /// How long a command without work takes.
    pub timing: Timing,
    /// The size and date of every message, where that was wanted.
    pub sweep: Option<Sweep>,
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

/// Looks at the mailbox, and says goodbye. What is known is kept also where the server ends early.
pub(crate) async fn ask<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    offered: &[String],
    asking: Asking<'_>,
    kept: &mut Option<Asked<Facts>>,
) -> Result<(), NoAnswer> {
    let started_ms = asking.began.milliseconds();
    let asked = kept.insert(Asked { started_ms, duration_ms: 0, facts: Facts::default() });
    let ended = look(talk, offered, (asking.wishes, asking.now), &mut asked.facts).await;
    asked.duration_ms = asking.began.milliseconds() - started_ms;
    ended
}

async fn look<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    offered: &[String],
    (wishes, now): (&Survey, OffsetDateTime),
    facts: &mut Facts,
) -> Result<(), NoAnswer> {
    let names = folders::list(talk, offered, wishes, facts).await?;
    let in_inbox = folders::status(talk, &names, facts).await?;
    facts.round_trips += 2;
    if let (Some(newest), None) = (in_inbox, &facts.stopped_by) {
        let peeked = mailbox::peek(talk, newest).await?;
        facts.round_trips += 2;
        if let Fetched::Refused { answer } = &peeked {
            facts.stopped_by = Some(answer.clone());
        }
        facts.peeked = Some(peeked);
    }
    if wishes.is_full && facts.stopped_by.is_none() {
        sweep::ask(talk, &names, (wishes, now), facts).await?;
    }
    timing::ask_and_leave(talk, facts).await
}
