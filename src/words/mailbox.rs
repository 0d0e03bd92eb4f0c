//! The mailbox: how full it is, which folders it has, and how its messages come.

use checks::mailbox::{Fetched, Folder, MessageFacts, NotAsked, Storage};

use super::said::list;
use super::shortened;
use crate::diagnosis::saw::Mailbox;

pub(super) fn said(saw: &Mailbox) -> String {
    match saw {
        Mailbox::Used(storage) => used(*storage),
        Mailbox::UsedInPercent(storage, percent) => format!("{}, which is {percent} %", used(*storage)),
        Mailbox::SentFolders(folders) => {
            let names = list(&folders.iter().map(named).collect::<Vec<_>>(), "and");
            format!("the mailbox has the folders {names}: most likely a mail program made one of them")
        }
        Mailbox::CameByPeek => "the server sent a message that was asked for as BODY.PEEK[]".to_owned(),
        Mailbox::CameNotByRfc822 => {
            "when the same message was asked for as RFC822, it answered OK and sent nothing".to_owned()
        }
        Mailbox::OffersQresync => {
            "the server offers QRESYNC, with which mail programs have lost messages at iCloud".to_owned()
        }
    }
}

fn named(folder: &Folder) -> String {
    // RFC 6154 section 2.
    let is_marked = folder.attributes.iter().any(|attribute| attribute == "\\Sent");
    let mark = if is_marked { " (which the server marks \\Sent)" } else { "" };
    format!("\"{}\"{mark}", folder.name)
}

/// How much of the storage is used.
fn used(storage: Storage) -> String {
    format!("{} of {} of the mailbox are used", size(storage.used_kib), size(storage.limit_kib))
}

/// The same in percent.
pub(super) fn fullness(storage: Storage) -> Option<String> {
    storage.percent().map(|percent| format!("the mailbox is {percent} % full"))
}

/// An amount of storage in the unit that people know it by, as Apple counts.
pub(super) fn size(kib: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "TB"), (1 << 20, "GB"), (1 << 10, "MB")];
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| kib >= *unit).unwrap_or((1, "KB"));
    // Rounded down, so that what is nearly full does not read as full.
    match (kib / unit, kib % unit * 10 / unit) {
        (whole, 0) => format!("{whole} {name}"),
        (whole, tenth) => format!("{whole}.{tenth} {name}"),
    }
}

/// What came of asking for a message, and why it was not asked for in a way.
pub(super) fn message(message: &MessageFacts) -> String {
    let peeked = match &message.peeked {
        Fetched::Came => "a message came as BODY.PEEK[]",
        Fetched::Empty => return "a message was asked for as BODY.PEEK[], and nothing came".to_owned(),
        Fetched::Refused { answer } => return format!("messages are refused: {}", shortened(answer)),
        Fetched::NotAsked { .. } => {
            return "no message was asked for, because the inbox has none that is small enough".to_owned();
        }
    };
    let why_not = match &message.rfc822 {
        Fetched::Came => return format!("{peeked} and as RFC822"),
        Fetched::Empty => return format!("{peeked} but not as RFC822"),
        Fetched::Refused { answer } => return format!("{peeked} and was refused as RFC822: {}", shortened(answer)),
        Fetched::NotAsked { because: NotAsked::ReadNoMore } => "the message was marked as unread meanwhile",
        Fetched::NotAsked { because: NotAsked::NoneRead | NotAsked::NoMessage | NotAsked::NotPeeked } => {
            "none of the newest messages is read"
        }
    };
    format!("{peeked}; RFC822 was not asked for, because {why_not} and asking would mark one as read")
}
