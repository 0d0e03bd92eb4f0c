//! The folders, and the number that the next message in each will get: where it has moved, there is something new.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Facts, Found};
use crate::network::Stream;
use crate::plan::Survey;
use crate::protocol::imap::{Answer, Described, command};
use crate::survey::folders::{self, Name};
use crate::survey::pipeline::{self, Command, Heard};
use crate::survey::{self, Folder, Role};
use crate::tagged::ImapTalk;
use crate::talk::NoAnswer;

/// No more of the messages that are new in a folder are looked at.
const MOST_NEW: u64 = 500;

/// The account's mailbox while a message is waited for.
pub(super) struct Mailbox {
    pub(super) names: Vec<Name>,
    survey: survey::Facts,
    /// The first number of each folder that was not looked at, by the number of the folder.
    next: BTreeMap<usize, u64>,
}

/// A message whose Message-ID was read.
pub(super) struct Read {
    pub(super) uid: u32,
    pub(super) id: String,
}

impl Mailbox {
    /// Asks for the folders and their numbers, and opens the inbox for reading. `None` where the server refuses.
    pub(super) async fn look<S: Stream>(
        talk: &mut ImapTalk<'_, S>,
        facts: &mut Facts,
    ) -> Result<Option<Self>, NoAnswer> {
        let mut survey = survey::Facts::default();
        let names = folders::list(talk, &[], &THE_FOLDERS, &mut survey).await?;
        folders::status(talk, &names, &mut survey).await?;
        facts.stopped_by.clone_from(&survey.stopped_by);
        facts.is_sent_folder_known = survey.folder(Role::Sent).is_some_and(|sent| sent.uidnext.is_some());
        let next = survey.folders.iter().filter_map(|folder| Some((folder.number, folder.uidnext?))).collect();
        Ok(survey.stopped_by.is_none().then_some(Self { names, survey, next }))
    }

    /// The folders with messages in them, and the number that the next one in each will get.
    pub(super) fn filled(&self) -> impl Iterator<Item = (&Name, u64)> {
        self.names.iter().filter_map(|name| {
            let folder = self.folder(name.number).filter(|folder| folder.messages.is_some_and(|count| count > 0))?;
            Some((name, folder.uidnext?))
        })
    }

    /// Asks for the numbers again, and opens the inbox. Returns the folders in which there is something new, each with the
    /// first number of it, once.
    pub(super) async fn news<S: Stream>(&mut self, talk: &mut ImapTalk<'_, S>) -> Result<Vec<(usize, u32)>, NoAnswer> {
        folders::status(talk, &self.names, &mut self.survey).await?;
        let mut news = Vec::new();
        for folder in &self.survey.folders {
            let (Some(next), Some(known)) = (folder.uidnext, self.next.get_mut(&folder.number)) else { continue };
            if next > *known {
                let from = (*known).max(next.saturating_sub(MOST_NEW));
                news.extend(u32::try_from(from).ok().map(|from| (folder.number, from)));
                *known = next;
            }
        }
        Ok(news)
    }

    /// The folder with a number.
    pub(super) fn folder(&self, number: usize) -> Option<&Folder> {
        self.survey.folders.iter().find(|folder| folder.number == number)
    }

    /// The name of the folder with a number.
    pub(super) fn name(&self, number: usize) -> Option<&Name> {
        self.names.iter().find(|name| name.number == number)
    }

    /// A message that was found.
    pub(super) fn found(&self, number: usize, uid: u32, is_bounce: bool, found_ms: u64) -> Found {
        let folder = self.folder(number);
        let (role, name) = (folder.and_then(|folder| folder.role), folder.and_then(|folder| folder.name.clone()));
        Found { folder: number, role, name, uid, is_bounce, found_ms, is_removed: false }
    }
}

/// All folders, by their numbers alone.
const THE_FOLDERS: Survey = Survey {
    is_full: false,
    largest: 0,
    older_than: Vec::new(),
    folder: None,
    shows_names: false,
    budget: Duration::ZERO,
};

/// Opens a folder for reading, and reads the Message-IDs from a number on.
pub(super) async fn read_ids<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    name: &Name,
    from: u32,
) -> Result<Vec<Read>, NoAnswer> {
    let open = name.examine("F1").map(|line| Command { tag: "F1".to_owned(), line, about: () });
    let fetch = Command { tag: "F2".to_owned(), line: command::fetch_message_ids_from("F2", from), about: () };
    let mut read: Vec<Read> = Vec::new();
    talk.keep_no_transcript(true);
    let ended = pipeline::run(talk, open.into_iter().chain([fetch]), None, |(), heard| match heard {
        Heard::Data((number, name, values)) => {
            if let Some(described) = Described::of(number, &name, &values)
                && let (Some(uid), Some(id)) = (described.uid(), described.message_id())
                && uid >= from
            {
                read.push(Read { uid, id: id.to_owned() });
            }
            true
        }
        Heard::Done(answer) => !answer.is_refusal(),
    })
    .await;
    talk.keep_no_transcript(false);
    ended.map(|()| read)
}

/// Sends one command for messages, and passes on what is said of each.
pub(super) async fn fetch<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    tag: &str,
    line: crate::protocol::Line,
    mut heard: impl FnMut(Described<'_>),
) -> Result<Answer, NoAnswer> {
    talk.say(&[line]).await?;
    talk.begin_part();
    let (tagged, _) = crate::tagged::each_until_tagged(talk, tag, |(number, name, values), _| {
        if let Some(described) = Described::of(number, &name, &values) {
            heard(described);
        }
    })
    .await?;
    Ok(tagged)
}
