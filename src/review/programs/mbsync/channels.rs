//! mbsync's channels: which of them delete in their copy what was deleted on the server.

use std::ops::Range;

use crate::review::account::{Loss, Stated};
use crate::review::lines::Word;

/// The sections that are not accounts, as far as they are needed here.
#[derive(Default)]
pub(super) struct Channels {
    /// The names of `IMAPStore`s, each with the name of its account.
    stores: Vec<(String, String)>,
    /// The names of `MaildirStore`s, each with its path.
    copies: Vec<(String, String)>,
    all: Vec<Channel>,
    /// What is set before any section holds for every channel (mbsync(1), "Sync, Create, Remove, Expunge …").
    global: Set,
    open: Open,
}

#[derive(Default)]
enum Open {
    #[default]
    Nothing,
    Store,
    Copy,
    Channel,
    Other,
}

#[derive(Default)]
struct Channel {
    name: String,
    far: String,
    near: String,
    patterns: String,
    set: Set,
}

/// What decides about deletions, each with its place.
#[derive(Default, Clone)]
struct Set {
    sync: Option<String>,
    expunge: Option<(String, Range<usize>)>,
    remove: Option<(String, Range<usize>)>,
}

impl Channels {
    /// A section has ended.
    pub(super) fn end(&mut self) {
        self.open = Open::Nothing;
    }

    /// Takes a line: its key and its values, of which there is at least one.
    pub(super) fn take(&mut self, key: &str, values: &[Word]) {
        let Some(value) = values.first() else { return };
        let text = value.text.to_owned();
        let all = || values.iter().map(|value| value.text).collect::<Vec<_>>().join(" ");
        match key.to_lowercase().as_str() {
            "imapstore" => {
                self.stores.push((text.clone(), text));
                self.open = Open::Store;
            }
            "maildirstore" => {
                self.copies.push((text, String::new()));
                self.open = Open::Copy;
            }
            "channel" => {
                self.all.push(Channel { name: text, ..Channel::default() });
                self.open = Open::Channel;
            }
            "imapaccount" | "group" => self.open = Open::Other,
            key => match (&self.open, key) {
                (Open::Store, "account") => self.stores.last_mut().into_iter().for_each(|(_, of)| of.clone_from(&text)),
                (Open::Copy, "path") => self.copies.last_mut().into_iter().for_each(|(_, path)| path.clone_from(&text)),
                (Open::Channel, _) => {
                    let Some(channel) = self.all.last_mut() else { return };
                    match key {
                        "far" | "master" => channel.far = text,
                        "near" | "slave" => channel.near = text,
                        "pattern" | "patterns" => channel.patterns.push_str(&all()),
                        _ => channel.set.take(key, &all(), value),
                    }
                }
                (Open::Nothing, _) => self.global.take(key, &all(), value),
                _ => {}
            },
        }
    }

    /// How archives of this account can lose mail.
    pub(super) fn losses_of(&self, account: &str) -> Vec<Stated<Loss>> {
        let is_of = |channel: &&Channel| {
            let store = store(&channel.far);
            self.stores.iter().any(|(name, of)| name == store && of == account)
        };
        self.all.iter().filter(is_of).filter_map(|channel| self.loss(channel)).collect()
    }

    fn loss(&self, channel: &Channel) -> Option<Stated<Loss>> {
        let set = channel.set.over(&self.global);
        let sync = set.sync.as_deref().unwrap_or("all").to_lowercase();
        let deletes = if is_on_near(set.expunge.as_ref()) && follows_deletions(&sync) {
            set.expunge
        } else {
            set.remove.filter(|remove| is_on_near(Some(remove)))
        };
        let (_, at) = deletes?;
        let copy = self.copies.iter().find(|(name, _)| name == store(&channel.near));
        // A channel for iCloud's own folder Archive is named after that folder.
        let of_folder = [&channel.far, &channel.near, &channel.patterns].map(|text| folder(text));
        let is_of_folder = of_folder.iter().any(|folder| Loss::is_archive(folder));
        let named = [Some(&channel.name), copy.map(|(name, _)| name), copy.map(|(_, path)| path)];
        let is_named = !is_of_folder && named.into_iter().flatten().any(|name| Loss::is_archive(name));
        let only_receives = sync.contains("pull") && !sync.contains("push");
        let loss = match (is_named, only_receives) {
            (true, _) => Loss::Mirrors,
            (false, true) => Loss::FollowsDeletions,
            (false, false) => return None,
        };
        Some(Stated::at(loss, at).rightly("None"))
    }
}

impl Set {
    fn take(&mut self, key: &str, all: &str, value: &Word) {
        match key {
            "sync" => self.sync = Some(all.to_owned()),
            "expunge" => self.expunge = Some((all.to_owned(), value.at())),
            "remove" => self.remove = Some((all.to_owned(), value.at())),
            _ => {}
        }
    }

    fn over(&self, global: &Self) -> Self {
        Self {
            sync: self.sync.clone().or_else(|| global.sync.clone()),
            expunge: self.expunge.clone().or_else(|| global.expunge.clone()),
            remove: self.remove.clone().or_else(|| global.remove.clone()),
        }
    }
}

/// The store in `:store:folder`.
fn store(place: &str) -> &str {
    place.strip_prefix(':').and_then(|rest| rest.split(':').next()).unwrap_or_default()
}

/// The folder in `:store:folder`, or the patterns as they are.
fn folder(place: &str) -> &str {
    place.strip_prefix(':').map_or(place, |rest| rest.split_once(':').map_or("", |(_, folder)| folder))
}

fn is_on_near(value: Option<&(String, Range<usize>)>) -> bool {
    value.is_some_and(|(text, _)| ["near", "slave", "both"].contains(&text.to_lowercase().as_str()))
}

/// Whether deletions come from the server: as such, or as the flag Deleted (mbsync(1), "Sync"). A direction without types
/// has all of them.
fn follows_deletions(sync: &str) -> bool {
    let words: Vec<&str> = sync.split_whitespace().collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let has_types = has(&["new", "renew", "upgrade", "delete", "gone", "flags"]);
    let comes = has(&["pull"]) || !has(&["push"]);
    has(&["all", "full", "pulldelete", "pullgone", "pullflags"])
        || comes && has(&["delete", "gone", "flags"])
        || has(&["pull"]) && !has_types
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::lines::{bare, words};

    fn losses(text: &str) -> Vec<Loss> {
        let mut channels = Channels::default();
        for (start, line) in bare(text) {
            match words(line, start).as_slice() {
                [key, values @ ..] if !values.is_empty() => channels.take(key.text, values),
                _ => channels.end(),
            }
        }
        channels.losses_of("a").into_iter().map(|loss| loss.is).collect()
    }

    const STORES: &str = "IMAPStore far\nAccount a\n\nMaildirStore near\nPath ~/Mail/\n\n";

    #[test]
    fn a_mirror_is_none_and_what_is_called_an_archive_must_not_be_one() {
        let channel = |name: &str, rest: &str| format!("{STORES}Channel {name}\nFar :far:\nNear :near:\n{rest}\n");
        for (name, rest, expected) in [
            ("icloud", "Expunge Both", vec![]),
            ("icloud-archive", "Expunge Both", vec![Loss::Mirrors]),
            ("icloud-archive", "Sync PullNew\nExpunge None\nRemove None", vec![]),
            ("icloud-archive", "Sync PullNew\nExpunge Near", vec![]),
            ("icloud-archive", "Sync PullNew PullFlags\nExpunge Near", vec![Loss::Mirrors]),
            ("icloud-backup", "Sync Pull\nExpunge near", vec![Loss::Mirrors]),
            ("icloud-backup", "Sync PullNew\nRemove Near", vec![Loss::Mirrors]),
            ("icloud", "Sync Pull\nExpunge Near", vec![Loss::FollowsDeletions]),
            ("icloud", "Sync Pull New\nExpunge Near", vec![]),
            ("icloud-archive", "Sync Push\nExpunge Near", vec![]),
            ("icloud-archive", "Expunge Far", vec![]),
        ] {
            assert_eq!(losses(&channel(name, rest)), expected, "{name}: {rest}");
        }
    }

    #[test]
    fn a_channel_of_the_folder_archive_is_no_archive() {
        let folder = format!("{STORES}Channel archive\nFar :far:Archive\nNear :near:Archive\nExpunge Both\n");
        assert_eq!(losses(&folder), []);
        let global =
            format!("Expunge Both\n\n{STORES}Channel x\nFar :far:\nNear :near:\n").replace("~/Mail", "~/backup");
        assert_eq!(losses(&global), [Loss::Mirrors]);
        assert_eq!(losses(&global.replace("Account a", "Account b")), []);
    }
}
