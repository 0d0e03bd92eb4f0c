//! Is every message of the server in a copy on this computer? Or, with `archive pull`: brings the copy what it lacks. Asked
//! over the connection that signed in, and nothing on the server is changed.

mod compare;
pub mod digest;
mod folders;
mod pull;
mod session;
mod sha256;
#[cfg(test)]
mod tests;
mod verify;

use std::hash::{DefaultHasher, Hasher as _};
use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::Date;

use crate::network::Stream;
use crate::protocol::imap::Streamed;
use crate::tagged::ImapTalk;
use crate::talk::{NoAnswer, Talk};

pub use compare::Local;
use digest::Digest;
pub use pull::{Pulled, PulledFolder};
pub use verify::{Changed, Folder, Verified};

/// What is wanted.
#[derive(Clone)]
pub struct Wishes {
    /// Only messages that arrived before this day (UTC).
    pub before: Option<Date>,
    /// Only these folders; without any, all but Notes.
    pub folders: Vec<String>,
    /// What to do with them.
    pub task: Task,
    /// How far this run has got when it was begun, in days: each day another sample is compared.
    pub day: u64,
}

/// What to do with the messages.
#[derive(Clone)]
pub enum Task {
    /// Compare them with a copy.
    Verify(Rc<dyn Copied>, Hash),
    /// Bring the copy what it lacks.
    Pull {
        /// The copy.
        store: Rc<dyn Store>,
        /// The most messages in a second.
        pace: Option<u32>,
        /// After this long no more is asked for.
        budget: Option<Duration>,
    },
}

/// Which messages are compared byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// Some of each folder, the largest and those that look damaged among them.
    Sample,
    /// Every one.
    All,
    /// None.
    None,
}

/// A copy of a mailbox on this computer, whichever program made it.
pub trait Copied {
    /// The names of its folders, as [`plain`] writes them.
    fn folders(&self) -> &[String];
    /// Its messages.
    fn messages(&self) -> &[Local];
    /// Reads one of them; `None` where it cannot be read.
    fn digest(&self, message: usize) -> Option<Digest>;
}

/// A copy that messages are written to. An error is a sentence about this computer, after which nothing more is asked for.
pub trait Store {
    /// The messages of a folder that are there.
    fn kept(&self, folder: &str) -> Result<Vec<Kept>, String>;
    /// What identifies the messages of a folder with another UIDVALIDITY: its [`key`] for each.
    fn identities(&self, folder: &str, kept: &[Kept]) -> Result<Vec<u64>, String>;
    /// Gives a message its new number.
    fn renumber(&self, folder: &str, from: Kept, to: Kept) -> Result<(), String>;
    /// Takes bytes of the message that has begun.
    fn take(&self, bytes: &[u8]) -> Result<(), String>;
    /// The message is whole. It may be lost until [`Self::settle`] is called.
    fn keep(&self, folder: &str, message: Kept, flags: &str, unix: i64) -> Result<(), String>;
    /// Drops the message that has begun.
    fn forget(&self);
    /// Puts on the disk what was kept.
    fn settle(&self) -> Result<(), String>;
}

/// A message in a copy, by its numbers on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kept {
    /// Its UID.
    pub uid: u32,
    /// The UIDVALIDITY of its folder (RFC 3501 section 2.3.1.1).
    pub uidvalidity: u32,
    /// Its size in bytes.
    pub size: u64,
}

/// The result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
    /// Of a comparison.
    Verified(Verified),
    /// Of a pull.
    Pulled(Pulled),
}

/// Why not everything was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// The server refused, with this response code if it gave one.
    Refused(Option<String>),
    /// The server no longer answered, or closed the connection.
    Ended,
    /// The folder changed while it was read.
    Changed,
    /// None of the folders has a name that was given.
    NoSuchFolder,
    /// No command can carry the folder's name, or it cannot be opened.
    NotOpened,
    /// The time was over.
    OutOfTime,
    /// This computer could not go on, for this reason.
    Here(String),
}

/// A message on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    uid: u32,
    size: u32,
    key: u64,
    unix: i64,
}

/// What a Message-ID becomes: a number that is the same for the same one; 0 for none.
pub fn key(message_id: &[u8]) -> u64 {
    let id = message_id.trim_ascii();
    if id.is_empty() {
        return 0;
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(id);
    hasher.finish().max(1)
}

/// The name of a folder as it can be compared, whichever program wrote it: iCloud's `Sent Messages` is `Sent` elsewhere.
pub fn plain(name: &str) -> String {
    let name = name.to_lowercase();
    // Maildir++ has a dot before each part of a name.
    let name = match name.strip_prefix('.') {
        Some(rest) => rest.replace('.', "/"),
        None => name,
    };
    let name = name.replace(".sbd/", "/");
    match name.trim_matches('/') {
        "" => "inbox",
        "sent messages" | "sent items" => "sent",
        "deleted messages" | "deleted items" => "trash",
        other => other,
    }
    .to_owned()
}

/// Does what is wanted, and says goodbye. What is known is kept also where the server ends early.
pub(crate) async fn ask<S: Stream>(
    mut talk: ImapTalk<'_, S>,
    wishes: &Wishes,
    kept: &mut Option<Done>,
) -> Result<(), NoAnswer> {
    talk.keep_no_transcript(true);
    let mut talk: Talk<'_, S, Streamed> = talk.read_by();
    match &wishes.task {
        Task::Verify(copy, hash) => {
            let before = wishes.before.map(|date| date.to_string());
            let begun = Verified { before, is_cut_short: true, ..Verified::default() };
            let Done::Verified(verified) = kept.insert(Done::Verified(begun)) else {
                return Ok(());
            };
            let ended = verify::ask(&mut talk, wishes, (&**copy, *hash), verified).await;
            verified.is_cut_short = false;
            if ended.is_err() {
                verified.gap.get_or_insert(Gap::Ended);
            }
        }
        Task::Pull { store, pace, budget } => {
            let begun = Pulled { is_cut_short: true, ..Pulled::default() };
            let Done::Pulled(pulled) = kept.insert(Done::Pulled(begun)) else { return Ok(()) };
            let ended = pull::ask(&mut talk, wishes, (&**store, *pace, *budget), pulled).await;
            pulled.is_cut_short = false;
            store.forget();
            if let Err(why) = store.settle() {
                pulled.gap.get_or_insert(Gap::Here(why));
            }
            if ended.is_err() {
                pulled.gap.get_or_insert(Gap::Ended);
            }
        }
    }
    session::leave(&mut talk).await;
    Ok(())
}
