//! What a mail program meets after the sign-in: how full the mailbox is, its folders by their usual names, and can a
//! message be read? With the goodbye, which goes along.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::Stream;
use crate::protocol::imap::{Response, StatusKind, Value, command};
use crate::tagged::{ImapTalk, Reply, until_tagged};
use crate::talk::Silence;

/// What was learnt after the sign-in.
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
    /// A message, asked for in two ways, where that was wanted.
    #[serde(default)]
    pub message: Option<MessageFacts>,
}

impl Facts {
    /// The line by which a server that let the account in refuses its messages.
    pub fn messages_refused(&self) -> Option<&str> {
        match &self.message.as_ref()?.peeked {
            Fetched::Refused { answer } => Some(answer),
            Fetched::Came | Fetched::Empty => None,
        }
    }
}

/// The names that programs give to the folder for sent messages; iCloud's own is the first. No others are kept: what a
/// person calls folders is nobody's business.
const SENT: [&str; 3] = ["Sent Messages", "Sent", "Sent Items"];

/// A folder of such a name that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Folder {
    /// Its name.
    pub name: String,
    /// What the server says of it, for instance `\Sent` (RFC 6154).
    pub attributes: Vec<String>,
}

/// A message, asked for in two ways. Nothing of what it says is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageFacts {
    /// As `BODY.PEEK[]`, its first bytes only.
    pub peeked: Fetched,
    /// As `RFC822`, which iCloud answers with OK and no message (zammad/zammad#4589 and nine more).
    pub rfc822: Option<Fetched>,
}

/// What came of asking for a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Fetched {
    /// It came.
    Came,
    /// The server said OK and sent nothing.
    Empty,
    /// The server said no.
    Refused {
        /// Its line.
        answer: String,
    },
}

/// How full a mailbox is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Storage {
    /// Used, in kibibytes.
    pub used_kib: u64,
    /// Allowed, in kibibytes.
    pub limit_kib: u64,
}

/// Among so many of the newest messages the smallest is chosen.
const NEWEST: u32 = 20;
/// A larger message is not fetched whole, in bytes.
const LARGEST: u64 = 512 * 1024;

/// The folder that an untagged LIST response names (RFC 3501 section 7.2.2), where its name is a usual one.
fn folder(values: &[Value]) -> Option<Folder> {
    let [Value::List(attributes), _, name] = values else { return None };
    let name = SENT.into_iter().find(|usual| name.text() == Some(usual))?.to_owned();
    Some(Folder { name, attributes: attributes.iter().filter_map(Value::text).map(str::to_owned).collect() })
}

/// Fetches the smallest of the newest messages in both ways, from a mailbox that is opened for reading only. `None`
/// where there is no message that is small enough.
pub(crate) async fn message<S: Stream>(talk: &mut ImapTalk<'_, S>) -> Result<Option<MessageFacts>, Silence> {
    talk.say(&[command::examine_inbox("M1")]).await?;
    let reply = until_tagged(talk, "M1").await?;
    if let Some(peeked) = refusal(&reply) {
        return Ok(Some(MessageFacts { peeked, rfc822: None }));
    }
    let exists = reply.data.iter().find_map(|(number, name, _)| number.filter(|_| name == "EXISTS"));
    let Some(newest) = exists.filter(|exists| *exists > 0) else { return Ok(None) };
    let oldest = newest.saturating_sub(NEWEST - 1).max(1);
    talk.say(&[command::fetch("M2", &format!("{oldest}:{newest}"), "RFC822.SIZE")]).await?;
    let reply = until_tagged(talk, "M2").await?;
    if let Some(peeked) = refusal(&reply) {
        return Ok(Some(MessageFacts { peeked, rfc822: None }));
    }
    let sizes = reply
        .data
        .iter()
        .filter_map(|(number, _, values)| Some((item(values, "RFC822.SIZE")?.parse().ok()?, (*number)?)));
    let Some((_, chosen)) = sizes.filter(|(size, _): &(u64, u32)| *size <= LARGEST).min() else { return Ok(None) };
    let chosen = chosen.to_string();
    let peeked = fetched(talk, "M3", &chosen, "BODY.PEEK[]<0.16>", "BODY[]<0>").await?;
    let rfc822 = match peeked {
        Fetched::Came => Some(fetched(talk, "M4", &chosen, "RFC822", "RFC822").await?),
        _ => None,
    };
    Ok(Some(MessageFacts { peeked, rfc822 }))
}

async fn fetched<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    tag: &str,
    message: &str,
    asked: &str,
    answered: &str,
) -> Result<Fetched, Silence> {
    talk.say(&[command::fetch(tag, message, asked)]).await?;
    let reply = until_tagged(talk, tag).await?;
    if let Some(refused) = refusal(&reply) {
        return Ok(refused);
    }
    let came = reply.data.iter().any(|(_, _, values)| item(values, answered).is_some_and(|text| !text.is_empty()));
    Ok(if came { Fetched::Came } else { Fetched::Empty })
}

fn refusal(reply: &Reply) -> Option<Fetched> {
    let is_ok = matches!(reply.tagged.response, Response::Status { kind: StatusKind::Ok, .. });
    (!is_ok).then(|| Fetched::Refused { answer: reply.tagged.line.clone() })
}

/// One item of a FETCH response: `(UID 7 RFC822.SIZE 310)`.
fn item<'v>(values: &'v [Value], wanted: &str) -> Option<&'v str> {
    let Some(Value::List(items)) = values.first() else { return None };
    let named = |pair: &&[Value]| pair[0].text().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
    items.chunks_exact(2).find(named).and_then(|pair| pair[1].text())
}

/// Asks what costs one round trip in all, and says goodbye, in one write: none of it waits for another.
pub(crate) async fn ask<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    offered: &[String],
    facts: &mut Facts,
) -> Result<(), Silence> {
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
    facts.folders = Some(said("LIST").filter_map(|values| folder(values)).collect());
    Ok(())
}

/// Says goodbye.
pub(crate) async fn leave<S: Stream>(talk: &mut ImapTalk<'_, S>) -> Result<(), Silence> {
    talk.say(&[command::logout("Z9")]).await?;
    until_tagged(talk, "Z9").await.map(drop)
}

/// The pairs of an ID response.
fn pairs(values: &[Value]) -> Vec<(String, String)> {
    let Some(Value::List(fields)) = values.first() else { return Vec::new() };
    fields.chunks_exact(2).filter_map(|pair| Some((pair[0].text()?.to_owned(), pair[1].text()?.to_owned()))).collect()
}

/// The STORAGE resource of a QUOTA response: `"" (STORAGE used limit)`.
fn storage(values: &[Value]) -> Option<Storage> {
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
