//! Removing the message: only what has the Message-ID that it is known by, read again just before.

use std::collections::BTreeMap;

use super::watching::{Mailbox, fetch, read_ids};
use super::{Cleaning, Facts, Meeting, message};
use crate::network::Stream;
use crate::protocol::imap::change::{self, Own};
use crate::protocol::imap::{StatusKind, command};
use crate::survey::folders::Name;
use crate::tagged::{ImapTalk, until_tagged};
use crate::talk::NoAnswer;

/// The messages of earlier runs are looked for among so many newest ones of a folder.
const NEWEST: u64 = 50;
/// And in so many folders at most.
const MOST_FOLDERS: usize = 40;

/// Removes every copy that was found.
pub(super) async fn clean<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    mailbox: &Mailbox,
    meeting: &Meeting<'_>,
    facts: &mut Facts,
) -> Result<(), NoAnswer> {
    if facts.copies.is_empty() {
        return Ok(());
    }
    // So it stays where the server or the time ends this early.
    facts.cleaning = Cleaning::Incomplete;
    let mut by_folder: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, copy) in facts.copies.iter().enumerate() {
        by_folder.entry(copy.folder).or_default().push(at);
    }
    for (number, copies) in by_folder {
        let Some(name) = mailbox.name(number) else { continue };
        if !open(talk, name, meeting).await? {
            continue;
        }
        for at in copies {
            let copy = &mut facts.copies[at];
            let wanted = match copy.is_bounce {
                true => bounce_id(talk, copy.uid, meeting).await?,
                false => Some(meeting.message.id.clone()),
            };
            let Some(wanted) = wanted else { continue };
            copy.is_removed = remove(talk, copy.uid, &wanted, meeting).await?;
        }
    }
    if facts.copies.iter().all(|copy| copy.is_removed) {
        facts.cleaning = Cleaning::Removed;
    }
    Ok(())
}

/// Removes what earlier runs left behind, which did not come to their end. Returns how many messages.
pub(super) async fn remains<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    mailbox: &Mailbox,
    meeting: &Meeting<'_>,
) -> Result<usize, NoAnswer> {
    let mut removed = 0;
    let mut is_elsewhere = false;
    for (name, next) in mailbox.filled().take(MOST_FOLDERS) {
        let from = u32::try_from(next.saturating_sub(NEWEST).max(1)).unwrap_or(u32::MAX);
        let mut left = read_ids(talk, name, from).await?;
        is_elsewhere = true;
        left.retain(|read| message::is_abandoned(&read.id, meeting.now));
        if left.is_empty() || meeting.is_hurried() || !open(talk, name, meeting).await? {
            continue;
        }
        for read in left {
            removed += usize::from(remove(talk, read.uid, &read.id, meeting).await?);
        }
    }
    if is_elsewhere {
        talk.say(&[command::examine_inbox("M1")]).await?;
        until_tagged(talk, "M1").await?;
    }
    Ok(removed)
}

/// Opens a folder for writing.
async fn open<S: Stream>(talk: &mut ImapTalk<'_, S>, name: &Name, meeting: &Meeting<'_>) -> Result<bool, NoAnswer> {
    let Some(select) = name.select("D0") else { return Ok(false) };
    talk.say(&[select.by(meeting)]).await?;
    Ok(until_tagged(talk, "D0").await?.tagged.is_of(StatusKind::Ok))
}

/// Reads the Message-ID of a message again, and removes it if it is the right one.
async fn remove<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    uid: u32,
    wanted: &str,
    meeting: &Meeting<'_>,
) -> Result<bool, NoAnswer> {
    let mut own = None;
    fetch(talk, "D1", command::fetch_message_id("D1", uid), |described| {
        own = own.or(Own::read(described, wanted).filter(|_| described.uid() == Some(uid)));
    })
    .await?;
    let Some(own) = own else { return Ok(false) };
    talk.say(&[change::mark_deleted("D2", own).by(meeting)]).await?;
    if !until_tagged(talk, "D2").await?.tagged.is_of(StatusKind::Ok) {
        return Ok(false);
    }
    talk.say(&[change::expunge("D3", own).by(meeting)]).await?;
    Ok(until_tagged(talk, "D3").await?.tagged.is_of(StatusKind::Ok))
}

/// The Message-ID of a bounce that names our message, which is read again.
async fn bounce_id<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    uid: u32,
    meeting: &Meeting<'_>,
) -> Result<Option<String>, NoAnswer> {
    let mut names_it = false;
    fetch(talk, "D4", command::fetch_beginning("D4", uid), |described| {
        let text = described.text("BODY[]<0>").filter(|_| described.uid() == Some(uid));
        names_it |= text.is_some_and(|text| text.contains(meeting.message.mark()));
    })
    .await?;
    let mut id = None;
    if names_it {
        fetch(talk, "D1", command::fetch_message_id("D1", uid), |described| {
            id = described.message_id().filter(|_| described.uid() == Some(uid)).map(str::to_owned).or(id.take());
        })
        .await?;
    }
    Ok(id)
}
