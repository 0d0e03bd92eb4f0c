//! What a mail program finds after the sign-in: how full the mailbox is, its folders by their usual names, and can a
//! message be read? The goodbye is sent with these questions.

mod message;

use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::Stream;
use crate::protocol::imap::{Value, command};
use crate::tagged::{Beside, Heard, ImapTalk, until_tagged};
use crate::talk::NoAnswer;

pub(crate) use message::Newest;
pub use message::{Fetched, MessageFacts, NotAsked};

/// The facts after the sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxFacts")]
pub struct Facts {
    /// How the server names itself (RFC 2971), as pairs of field and value.
    pub id: Option<Vec<(String, String)>>,
    /// How full the mailbox is (RFC 9208), in kibibytes.
    pub storage: Option<Storage>,
    /// The folders for sent messages, by their usual names; `None` where that was not asked.
    #[serde(default)]
    pub folders: Option<Vec<Folder>>,
    /// The line by which the server refused to list folders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folders_refused: Option<String>,
    /// A message, asked for in two ways, where that was wanted.
    #[serde(default)]
    pub message: Option<MessageFacts>,
}

impl Facts {
    /// The line by which a server that let the account in refuses its messages.
    pub fn messages_refused(&self) -> Option<&str> {
        match &self.message.as_ref()?.peeked {
            Fetched::Refused { answer } => Some(answer),
            Fetched::Came | Fetched::Empty | Fetched::NotAsked { .. } => None,
        }
    }
}

/// The usual names of the folder for sent messages; iCloud's own is the first. No others are kept: the names of a
/// user's folders are private.
const SENT: [&str; 3] = ["Sent Messages", "Sent", "Sent Items"];

/// An existing folder with one of these names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Folder {
    /// Its name.
    pub name: String,
    /// Its attributes, for instance `\Sent` (RFC 6154).
    pub attributes: Vec<String>,
}

/// How full a mailbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Storage {
    /// Used, in kibibytes.
    pub used_kib: u64,
    /// Allowed, in kibibytes.
    pub limit_kib: u64,
}

impl Storage {
    /// How much is used, in whole percent, rounded down; `None` where nothing is allowed.
    pub fn percent(self) -> Option<u64> {
        self.used_kib.saturating_mul(100).checked_div(self.limit_kib)
    }
}

/// The folder that an untagged LIST response names (RFC 3501 section 7.2.2), where its name is a usual one.
fn folder(values: &[Value]) -> Option<Folder> {
    let [Value::List(attributes), _, name] = values else { return None };
    let name = SENT.into_iter().find(|usual| name.text() == Some(usual))?.to_owned();
    Some(Folder { name, attributes: attributes.iter().filter_map(Value::text).map(str::to_owned).collect() })
}

/// Asks for a message, and marks none as read.
pub(crate) async fn message<S: Stream>(talk: &mut ImapTalk<'_, S>) -> Result<MessageFacts, NoAnswer> {
    message::ask(talk).await
}

/// The numbers of the newest of so many messages.
pub(crate) fn newest_numbers(exists: u32) -> RangeInclusive<u32> {
    message::numbers(exists)
}

/// Asks for the sizes of the newest messages in the open inbox, which has so many; the inner `Err` is the server's refusal.
pub(crate) async fn newest<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    exists: u32,
    beside: Beside,
) -> Result<(Result<Newest, Fetched>, Heard), NoAnswer> {
    message::newest(talk, exists, beside).await
}

/// Asks for one small message of them, and marks none as read.
pub(crate) async fn peek<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    newest: &Newest,
    beside: Beside,
) -> Result<(Fetched, Heard), NoAnswer> {
    message::peek(talk, newest, beside).await
}

/// Sends all questions and the goodbye in one write, in one round trip: none of them waits for another.
pub(crate) async fn ask<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    offered: &[String],
    facts: &mut Facts,
) -> Result<(), NoAnswer> {
    let offers = |name: &str| offered.iter().any(|offered| offered == name);
    let mut lines = Vec::new();
    if offers("ID") {
        lines.push(command::id("C1"));
    }
    if offers("QUOTA") {
        lines.push(command::getquotaroot_inbox("C2"));
    }
    lines.push(command::list("C3", "Sent%"));
    lines.push(command::logout("Z9"));
    talk.say(&lines).await?;
    let reply = until_tagged(talk, "Z9").await?;
    let said = |wanted: &str| {
        let wanted = wanted.to_owned();
        reply.data.iter().filter(move |(_, name, _)| *name == wanted).map(|(_, _, values)| values)
    };
    facts.id = said("ID").map(|values| pairs(values)).next();
    facts.storage = said("QUOTA").find_map(|values| storage(values));
    facts.folders_refused = reply.refusal("C3").map(str::to_owned);
    if facts.folders_refused.is_none() {
        facts.folders = Some(said("LIST").filter_map(|values| folder(values)).collect());
    }
    Ok(())
}

/// Says goodbye.
pub(crate) async fn leave<S: Stream>(talk: &mut ImapTalk<'_, S>) -> Result<(), NoAnswer> {
    talk.say(&[command::logout("Z9")]).await?;
    until_tagged(talk, "Z9").await.map(drop)
}

/// The pairs of an ID response.
fn pairs(values: &[Value]) -> Vec<(String, String)> {
    let Some(Value::List(fields)) = values.first() else { return Vec::new() };
    fields.chunks_exact(2).filter_map(|pair| Some((pair[0].text()?.to_owned(), pair[1].text()?.to_owned()))).collect()
}

/// The STORAGE resource of a QUOTA response: `"" (STORAGE used limit)`.
pub(crate) fn storage(values: &[Value]) -> Option<Storage> {
    let Value::List(resources) = values.get(1)? else { return None };
    resources.chunks_exact(3).find_map(|resource| {
        match (resource[0].text()?, resource[1].text()?, resource[2].text()?) {
            (name, used, limit) if name.eq_ignore_ascii_case("STORAGE") => {
                Some(Storage { used_kib: used.parse().ok()?, limit_kib: limit.parse().ok()? })
            }
            _ => None,
        }
    })
}
