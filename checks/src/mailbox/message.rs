//! Can a message be read? One is fetched in the two ways that iCloud answers differently, and none is marked as read by
//! it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::Stream;
use crate::protocol::imap::{Answer, Described, Message, Response, StatusKind, Watched, command};
use crate::tagged::{Beside, Heard, ImapTalk, ask_beside, each_until_tagged};
use crate::talk::NoAnswer;

/// A message, asked for in two ways. Its content is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageFacts {
    /// As `BODY.PEEK[]`, its first bytes only.
    pub peeked: Fetched,
    /// As `RFC822`, which iCloud answers with OK and no message (zammad/zammad#4589 and nine more).
    pub rfc822: Fetched,
}

/// The outcome of asking for a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Fetched {
    /// It came.
    Came,
    /// The server said OK and sent nothing.
    Empty,
    /// The server refused.
    Refused {
        /// Its line.
        answer: String,
    },
    /// It was not asked for.
    NotAsked {
        /// Why.
        because: NotAsked,
    },
}

/// Why a message was not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotAsked {
    /// The inbox has no message that is small enough.
    NoMessage,
    /// None of the newest messages is read, and this kind of fetch marks a message as read.
    NoneRead,
    /// The message was marked as unread while it was asked for.
    ReadNoMore,
    /// It did not come as `BODY.PEEK[]`, so there is nothing to compare with.
    NotPeeked,
}

/// The smallest of this many newest messages is chosen.
const NEWEST: u32 = 20;
/// A larger message is not fetched whole, in bytes.
const LARGEST: u64 = 512 * 1024;

/// Fetches a message in both ways: the smallest read one of the newest. If none is read, it fetches the smallest in the
/// way alone that leaves it unread.
///
/// EXAMINE does not protect it: iCloud answers it with READ-WRITE (nextcloud/mail#3401), and what is then fetched
/// without PEEK is marked as read (joeyates/imap-backup#118).
pub(super) async fn ask<S: Stream>(talk: &mut ImapTalk<'_, S>) -> Result<MessageFacts, NoAnswer> {
    talk.say(&[command::examine_inbox("M1")]).await?;
    let mut exists = None;
    let (tagged, _) = each_until_tagged(talk, "M1", |(number, name, _), _| {
        exists = number.filter(|_| name == "EXISTS").or(exists);
    })
    .await?;
    if let Some(peeked) = refusal(&tagged) {
        return Ok(MessageFacts { peeked, rfc822: not_asked(NotAsked::NotPeeked) });
    }
    let chosen = match newest(talk, exists.unwrap_or(0), Beside::new()).await?.0 {
        Ok(Newest { best: Some(chosen), .. }) => chosen,
        Ok(Newest { best: None, .. }) => return Ok(NO_MESSAGE),
        Err(peeked) => return Ok(MessageFacts { peeked, rfc822: not_asked(NotAsked::NotPeeked) }),
    };
    talk.say(&[command::fetch_first_bytes("M3", chosen.message)]).await?;
    let mut watched = Watched::new(chosen.message);
    let peeked = fetched(talk, "M3", chosen.message, "BODY[]<0>", |described| watched.hear(described)).await?;
    let rfc822 = match (&peeked, watched.seen()) {
        (Fetched::Came, Some(seen)) => {
            talk.say(&[command::fetch_rfc822("M4", &seen)]).await?;
            fetched(talk, "M4", chosen.message, "RFC822", |_| {}).await?
        }
        (Fetched::Came, None) if chosen.is_unread => not_asked(NotAsked::NoneRead),
        (Fetched::Came, None) => not_asked(NotAsked::ReadNoMore),
        _ => not_asked(NotAsked::NotPeeked),
    };
    Ok(MessageFacts { peeked, rfc822 })
}

/// Fetches the first bytes of the smallest of the newest messages, in the way that leaves it unread.
pub(super) async fn peek<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    newest: &Newest,
    beside: Beside,
) -> Result<(Fetched, Heard), NoAnswer> {
    let Some(Chosen { message, .. }) = newest.best else {
        return Ok((not_asked(NotAsked::NoMessage), Heard::default()));
    };
    let mut came = false;
    let command = ("M3", command::fetch_first_bytes("M3", message));
    let (tagged, heard) = ask_beside(talk, command, "FETCH", beside, |(number, name, values)| {
        came |= Described::of(*number, name, values).is_some_and(|described| brings(described, message, "BODY[]<0>"));
    })
    .await?;
    Ok((outcome(&tagged, came), heard))
}

/// The message that is asked for. The best one has the lowest order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Chosen {
    is_unread: bool,
    size: u64,
    message: Message,
}

/// The newest messages of the open inbox.
#[derive(Default)]
pub(crate) struct Newest {
    /// Their sizes in bytes, by their numbers, as far as the server gave them.
    pub(crate) sizes: BTreeMap<u32, u64>,
    /// The one that is asked for, if one of them is small enough.
    best: Option<Chosen>,
}

/// The numbers of the newest of so many messages, of which there is one at least.
pub(super) fn numbers(exists: u32) -> RangeInclusive<u32> {
    exists.saturating_sub(NEWEST - 1).max(1)..=exists
}

/// Asks for the flags and sizes of the newest of so many messages; the inner `Err` is the server's refusal.
pub(super) async fn newest<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    exists: u32,
    beside: Beside,
) -> Result<(Result<Newest, Fetched>, Heard), NoAnswer> {
    let Newest { mut sizes, mut best } = Newest::default();
    if exists == 0 {
        return Ok((Ok(Newest { sizes, best }), Heard::default()));
    }
    let numbers = numbers(exists);
    let command = ("M2", command::fetch_flags_and_sizes("M2", &numbers));
    let (tagged, heard) = ask_beside(talk, command, "FETCH", beside, |(number, name, values)| {
        let described = Described::of(*number, name, values).filter(|described| numbers.contains(&described.number()));
        sizes.extend(described.and_then(|described| Some((described.number(), described.size()?))));
        let candidate = described.and_then(|described| {
            Some(Chosen { is_unread: !described.is_seen()?, size: described.size()?, message: described.message()? })
        });
        let candidate = candidate.filter(|candidate| candidate.size <= LARGEST);
        best = best.take().into_iter().chain(candidate).min();
    })
    .await?;
    Ok((refusal(&tagged).map_or(Ok(Newest { sizes, best }), Err), heard))
}

/// The outcome of asking for the message, by the name of its item in the answer.
async fn fetched<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    tag: &str,
    message: Message,
    answered: &str,
    mut hear: impl FnMut(Described<'_>),
) -> Result<Fetched, NoAnswer> {
    let mut came = false;
    let (tagged, _) = each_until_tagged(talk, tag, |(number, name, values), _| {
        if let Some(described) = Described::of(number, &name, &values) {
            came |= brings(described, message, answered);
            hear(described);
        }
    })
    .await?;
    Ok(outcome(&tagged, came))
}

/// Whether this is the message, with what was asked of it.
fn brings(described: Described<'_>, message: Message, answered: &str) -> bool {
    described.is_of(message) && described.text(answered).is_some_and(|text| !text.is_empty())
}

fn outcome(tagged: &Answer, came: bool) -> Fetched {
    refusal(tagged).unwrap_or(if came { Fetched::Came } else { Fetched::Empty })
}

const NO_MESSAGE: MessageFacts =
    MessageFacts { peeked: not_asked(NotAsked::NoMessage), rfc822: not_asked(NotAsked::NoMessage) };

const fn not_asked(because: NotAsked) -> Fetched {
    Fetched::NotAsked { because }
}

fn refusal(tagged: &Answer) -> Option<Fetched> {
    let is_ok = matches!(tagged.response, Response::Status { kind: StatusKind::Ok, .. });
    (!is_ok).then(|| Fetched::Refused { answer: tagged.line.clone() })
}
