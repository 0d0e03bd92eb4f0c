//! Does a message that the account sends to itself arrive? Asked with `round-trip` alone: the message is found again by
//! its Message-ID, without a search, and removed.

mod bounce;
mod cleaning;
mod finding;
mod hops;
mod meeting;
mod message;
mod watching;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::asked::Asked;
use crate::mailbox;
use crate::network::Stream;
use crate::plan::Plan;
use crate::protocol::imap::{StatusKind, change};
use crate::survey::Role;
use crate::tagged::{ImapTalk, until_challenged, until_tagged};
use crate::talk::NoAnswer;

pub use bounce::Returned;
pub use hops::Hop;
pub(crate) use meeting::Meeting;
use watching::Mailbox;

/// The facts about a message from the account to itself. Times are in milliseconds after the start of the run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RoundTripFacts")]
pub struct Facts {
    /// Its Message-ID.
    pub message_id: String,
    /// Whether it was put into the inbox by IMAP, and not sent.
    pub is_appended: bool,
    /// What became of it at the server that was to take it; `None` where the run ended before.
    pub handed: Option<Handed>,
    /// Where it was found.
    pub copies: Vec<Found>,
    /// Whether the server told of it while it was waited for (IDLE, RFC 2177).
    pub push: Push,
    /// What came back in its place.
    pub returned: Option<Returned>,
    /// The servers that it came by, the first one first.
    pub hops: Vec<Hop>,
    /// When it was waited for no longer.
    pub waited_until_ms: Option<u64>,
    /// Whether a signal ended the waiting.
    pub is_cut_short: bool,
    /// Whether there is a folder for sent messages, which was looked into when the message had arrived.
    pub is_sent_folder_known: bool,
    /// What became of the message after that.
    pub cleaning: Cleaning,
    /// The number of messages of earlier runs that were removed.
    pub remains_removed: usize,
    /// The line by which the server refused to go on.
    pub stopped_by: Option<String>,
}

/// What became of a message at the server that was to take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RoundTripHanded")]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Handed {
    /// The server took it.
    Taken {
        /// When it was sent.
        sent_ms: u64,
        /// When the server said so.
        taken_ms: u64,
    },
    /// The server refused it.
    Refused {
        /// Its line.
        answer: String,
    },
    /// It did not come to that.
    NotHanded,
}

/// A copy of the message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RoundTripCopy")]
pub struct Found {
    /// The place of its folder in the server's list, from 1.
    pub folder: usize,
    /// What the folder is for; `None` for one of the user's own.
    pub role: Option<Role>,
    /// The folder's name, where it is a usual one.
    pub name: Option<String>,
    /// Its number there.
    pub uid: u32,
    /// Whether it is what came back, and not the message itself.
    pub is_bounce: bool,
    /// When it was found.
    pub found_ms: u64,
    /// Whether it was removed.
    pub is_removed: bool,
}

/// Whether a server told of the message in the inbox while it was waited for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RoundTripPush")]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Push {
    /// It was not in the inbox, or the server said nothing for too short a time.
    #[default]
    Unknown,
    /// The server does not offer to tell.
    NotOffered,
    /// It told.
    Told {
        /// When.
        at_ms: u64,
    },
    /// It said nothing, for so long at least after the message had arrived.
    Silent {
        /// In milliseconds.
        for_ms: u64,
    },
}

/// What became of the message in the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RoundTripCleaning")]
#[serde(rename_all = "kebab-case")]
pub enum Cleaning {
    /// There was nothing to remove.
    #[default]
    Nothing,
    /// Every copy was removed.
    Removed,
    /// It was left, as was asked for.
    Kept,
    /// It was left, because the server cannot remove one message alone (UIDPLUS, RFC 4315).
    NoUidplus,
    /// Not every copy was removed.
    Incomplete,
}

impl Facts {
    /// When the server took the message.
    pub fn taken_ms(&self) -> Option<u64> {
        match self.handed {
            Some(Handed::Taken { taken_ms, .. }) => Some(taken_ms),
            _ => None,
        }
    }

    /// The copies that arrived, which are not those of what was sent, the first found first.
    pub fn arrived(&self) -> impl Iterator<Item = &Found> {
        let is_it = |copy: &&Found| !copy.is_bounce && (self.is_appended || copy.role != Some(Role::Sent));
        self.copies.iter().filter(is_it)
    }

    /// The copies in a folder for sent messages.
    pub fn sent_copies(&self) -> impl Iterator<Item = &Found> {
        let is_it = |copy: &&Found| !copy.is_bounce && !self.is_appended && copy.role == Some(Role::Sent);
        self.copies.iter().filter(is_it)
    }

    /// How long the message took from the server that took it until the server told of it or it was found, in
    /// milliseconds.
    pub fn delivery_ms(&self) -> Option<u64> {
        let first = self.arrived().next()?;
        let told_ms = match self.push {
            Push::Told { at_ms } if first.role == Some(Role::Inbox) => at_ms,
            _ => first.found_ms,
        };
        Some(told_ms.min(first.found_ms).saturating_sub(self.taken_ms()?))
    }

    /// How long the message was on its way by the clocks of the servers, in seconds.
    pub fn under_way_s(&self) -> Option<u64> {
        let (first, last) = (self.hops.first()?.unix()?, self.hops.last()?.unix()?);
        u64::try_from(last - first).ok()
    }

    /// Whether it was taken, and waited for as long as was wanted, and did not arrive.
    pub fn is_lost(&self) -> bool {
        let is_waited_for = self.waited_until_ms.is_some() && !self.is_cut_short;
        self.taken_ms().is_some() && is_waited_for && self.arrived().next().is_none() && self.returned.is_none()
    }

    /// Whether the message did not arrive, or the mailbox could not be watched.
    pub(crate) fn is_troubled(&self) -> bool {
        let is_refused = matches!(self.handed, Some(Handed::Refused { .. })) && self.is_appended;
        self.is_lost() || self.returned.is_some() || self.stopped_by.is_some() || is_refused
    }
}

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    // The IMAP and the SMTP server, over the connections that signed in.
    Vec::new()
}

/// Watches the mailbox for the message, removes it, and says goodbye. What is known is kept also where the server ends
/// early.
pub(crate) async fn ask<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    offered: &[String],
    meeting: &Meeting<'_>,
    kept: &mut Option<Asked<Facts>>,
) -> Result<(), NoAnswer> {
    let started_ms = meeting.began.milliseconds();
    let (message_id, is_appended) = (meeting.message.id.clone(), meeting.wishes.appends);
    let facts = Facts { message_id, is_appended, ..Facts::default() };
    let asked = kept.insert(Asked { started_ms, duration_ms: 0, facts });
    let ended = watch(talk, offered, meeting, &mut asked.facts).await;
    if ended.is_err() && asked.facts.copies.iter().any(|copy| !copy.is_removed) {
        asked.facts.cleaning = Cleaning::Incomplete;
    }
    asked.facts.handed = meeting.handed().or(asked.facts.handed.take());
    asked.duration_ms = meeting.began.milliseconds() - started_ms;
    ended
}

async fn watch<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    offered: &[String],
    meeting: &Meeting<'_>,
    facts: &mut Facts,
) -> Result<(), NoAnswer> {
    let offers = |name: &str| offered.iter().any(|offered| offered == name);
    if let Some(mut mailbox) = Mailbox::look(talk, facts).await? {
        if offers("UIDPLUS") && !meeting.wishes.keeps {
            facts.remains_removed = cleaning::remains(talk, &mailbox, meeting).await?;
        }
        if meeting.wishes.appends && !meeting.is_hurried() {
            append(talk, meeting).await?;
        }
        finding::wait(talk, &mut mailbox, meeting, offers("IDLE"), facts).await?;
        if meeting.wishes.keeps && !facts.copies.is_empty() {
            facts.cleaning = Cleaning::Kept;
        } else if offers("UIDPLUS") {
            cleaning::clean(talk, &mailbox, meeting, facts).await?;
        } else if !facts.copies.is_empty() {
            facts.cleaning = Cleaning::NoUidplus;
        }
    }
    mailbox::leave(talk).await
}

/// Puts the message into the inbox.
async fn append<S: Stream>(talk: &mut ImapTalk<'_, S>, meeting: &Meeting<'_>) -> Result<(), NoAnswer> {
    let (tag, text) = ("A5", &meeting.message.text);
    let sent_ms = meeting.began.milliseconds();
    talk.say(&[change::append_to_inbox(tag, text.len()).by(meeting)]).await?;
    let refused = until_challenged(talk, tag).await?;
    let reply = match refused {
        Some(reply) => reply,
        None => {
            talk.say(&[change::literal(text).by(meeting)]).await?;
            until_tagged(talk, tag).await?
        }
    };
    meeting.hand(match reply.tagged.is_of(StatusKind::Ok) {
        true => Handed::Taken { sent_ms, taken_ms: meeting.began.milliseconds() },
        false => Handed::Refused { answer: reply.tagged.line },
    });
    Ok(())
}
