//! What a mail program meets after the sign-in: folders by their usual names, and can a message be read?

use serde::{Deserialize, Serialize};

use crate::imap::{ImapTalk, Reply, until_tagged};
use crate::network::Stream;
use crate::protocol::imap::{Response, StatusKind, Value, command};
use crate::talk::Silence;

/// The names that programs give to the folders for sent and deleted messages; iCloud's own are `Sent Messages` and
/// `Deleted Messages`. Only these are asked for: what else a person calls folders is nobody's business.
pub(crate) const USUAL_FOLDERS: [&str; 6] =
    ["Sent Messages", "Sent", "Sent Items", "Deleted Messages", "Trash", "Deleted Items"];

/// A folder of a usual name that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its name.
    pub name: String,
    /// What the server says of it, for instance `\Sent` (RFC 6154).
    pub attributes: Vec<String>,
}

/// A message, asked for in two ways. Nothing of what it says is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageFacts {
    /// As `BODY.PEEK[]`, its first bytes only.
    pub peeked: Fetched,
    /// As `RFC822`, which iCloud answers with OK and no message (zammad/zammad#4589 and nine more).
    pub rfc822: Option<Fetched>,
}

/// What came of asking for a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Among so many of the newest messages the smallest is chosen.
const NEWEST: u32 = 20;
/// A larger message is not fetched whole, in bytes.
const LARGEST: u64 = 512 * 1024;

/// The folder that an untagged LIST response names (RFC 3501 section 7.2.2), where its name is a usual one.
pub(crate) fn folder(values: &[Value]) -> Option<Folder> {
    let [Value::List(attributes), _, name] = values else { return None };
    let name = USUAL_FOLDERS.into_iter().find(|usual| name.text() == Some(usual))?.to_owned();
    Some(Folder { name, attributes: attributes.iter().filter_map(Value::text).map(str::to_owned).collect() })
}

/// Fetches the smallest of the newest messages in both ways, from a mailbox that is opened for reading only. `None`
/// where there is no message that is small enough.
pub(crate) async fn message<S: Stream>(talk: &mut ImapTalk<'_, S>) -> Result<Option<MessageFacts>, Silence> {
    talk.say(&[command::examine_inbox("M1")]).await?;
    let reply = until_tagged(talk, "M1").await?;
    if let Some(answer) = refusal(&reply) {
        return Ok(Some(MessageFacts { peeked: Fetched::Refused { answer }, rfc822: None }));
    }
    let exists = reply.data.iter().find_map(|(number, name, _)| number.filter(|_| name == "EXISTS"));
    let Some(newest) = exists.filter(|exists| *exists > 0) else { return Ok(None) };
    let oldest = newest.saturating_sub(NEWEST - 1).max(1);
    talk.say(&[command::fetch("M2", &format!("{oldest}:{newest}"), "RFC822.SIZE")]).await?;
    let reply = until_tagged(talk, "M2").await?;
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
    if let Some(answer) = refusal(&reply) {
        return Ok(Fetched::Refused { answer });
    }
    let came = reply.data.iter().any(|(_, _, values)| item(values, answered).is_some_and(|text| !text.is_empty()));
    Ok(if came { Fetched::Came } else { Fetched::Empty })
}

fn refusal(reply: &Reply) -> Option<String> {
    let is_ok = matches!(reply.tagged.response, Response::Status { kind: StatusKind::Ok, .. });
    (!is_ok).then(|| reply.tagged.line.clone())
}

/// One item of a FETCH response: `(UID 7 RFC822.SIZE 310)`.
fn item<'v>(values: &'v [Value], wanted: &str) -> Option<&'v str> {
    let Some(Value::List(items)) = values.first() else { return None };
    let named = |pair: &&[Value]| pair[0].text().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
    items.chunks_exact(2).find(named).and_then(|pair| pair[1].text())
}
