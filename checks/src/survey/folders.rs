//! The folders of a mailbox: what each is for, and how many messages it has.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Facts;
use super::pipeline::{self, Command, Heard};
use super::timing::own_time;
use crate::mailbox;
use crate::network::Stream;
use crate::network::clock::Stopwatch;
use crate::plan::Survey;
use crate::protocol::imap::{Answer, Code, Response, Value, change, command};
use crate::tagged::ImapTalk;
use crate::talk::NoAnswer;

/// The most folders that are looked at.
const MOST_FOLDERS: usize = 500;

/// A folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxFolder")]
pub struct Folder {
    /// Its place in the server's list, from 1.
    pub number: usize,
    /// What it is for; `None` for one of the user's own.
    pub role: Option<Role>,
    /// Its name, where it is a usual one or was asked for.
    pub name: Option<String>,
    /// Whether it can be opened at all: some only hold other folders (RFC 3501 section 7.2.2).
    pub is_selectable: bool,
    /// The number of its messages.
    pub messages: Option<u64>,
    /// The number of those that are not read.
    pub unseen: Option<u64>,
    /// The number that its next message gets.
    pub uidnext: Option<u64>,
    /// The number that changes when all others lose their meaning (RFC 3501 section 2.3.1.1).
    pub uidvalidity: Option<u64>,
    /// How long its answer took after the one before it, in milliseconds.
    pub status_ms: Option<u64>,
    /// How long the server says that it worked on it, in milliseconds.
    pub server_ms: Option<u64>,
    /// The line by which the server refused it.
    pub refused: Option<String>,
    /// The number of messages that it reported when it was opened.
    pub exists: Option<u64>,
    /// The number of messages whose size was read.
    pub swept: Option<u64>,
    /// Their sizes together, in bytes.
    pub bytes: Option<u64>,
    /// When the oldest of them arrived, by day.
    pub oldest: Option<String>,
    /// When the newest of them arrived, by day.
    pub newest: Option<String>,
}

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxFolderRole")]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Where new messages arrive.
    Inbox,
    /// What was kept out of the inbox.
    Archive,
    /// What was sent.
    Sent,
    /// What is being written.
    Drafts,
    /// What a filter took out.
    Junk,
    /// What was deleted.
    Trash,
    /// Notes, which are not mail.
    Notes,
}

/// The attributes (RFC 6154 section 2) and the usual names of each: iCloud's own come first (icloud-facts: LIST marks
/// only some of them).
const ROLES: [(Role, &str, &[&str]); 6] = [
    (Role::Archive, "\\Archive", &["Archive"]),
    (Role::Sent, "\\Sent", &["Sent Messages", "Sent", "Sent Items"]),
    (Role::Drafts, "\\Drafts", &["Drafts"]),
    (Role::Junk, "\\Junk", &["Junk", "Junk E-mail", "Spam"]),
    (Role::Trash, "\\Trash", &["Deleted Messages", "Trash", "Deleted Items"]),
    (Role::Notes, "\\Notes", &["Notes"]),
];

/// A shorter name is found in any line.
const SHORTEST: usize = 3;

/// The tag of the command for the folders.
const LIST: &str = "L2";

/// A name as the server gave it, which is said back to the server and, unless wanted, to nobody else.
pub(crate) struct Name {
    pub(crate) number: usize,
    text: String,
    shown: String,
}

impl Name {
    /// Whether the user made the folder.
    fn is_own(&self) -> bool {
        self.shown.starts_with('[')
    }

    /// Opens the folder for reading; `None` where no command can carry its name.
    pub(crate) fn examine(&self, tag: &str) -> Option<crate::protocol::Line> {
        command::examine(tag, &self.text, &self.shown)
    }

    /// Opens the folder so that it can be changed; `None` where no command can carry its name.
    pub(crate) fn select(&self, tag: &str) -> Option<crate::protocol::Change> {
        change::select(tag, &self.text, &self.shown)
    }

    /// The line of a server that may name the folder, with what is shown in the place of a name that is not a usual one.
    fn hidden_in(&self, line: &str) -> String {
        if self.is_own() { line.replace(&self.text, &self.shown) } else { line.to_owned() }
    }
}

fn role(name: &str, attributes: &[&str]) -> Option<Role> {
    if name.eq_ignore_ascii_case("INBOX") {
        return Some(Role::Inbox);
    }
    let has = |wanted: &str| attributes.iter().any(|attribute| attribute.eq_ignore_ascii_case(wanted));
    let marked = ROLES.iter().find(|(_, attribute, _)| has(attribute));
    let named = || ROLES.iter().find(|(.., names)| names.contains(&name));
    marked.or_else(named).map(|(role, ..)| *role)
}

/// Asks for the folders and for how full the mailbox is, in one round trip. Returns the names.
pub(crate) async fn list<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    offered: &[String],
    wishes: &Survey,
    facts: &mut Facts,
) -> Result<Vec<Name>, NoAnswer> {
    let quota = offered.iter().any(|offered| offered == "QUOTA").then(|| command::getquotaroot_inbox("L1"));
    let commands = quota.map(|line| ("L1", line)).into_iter().chain([(LIST, command::list(LIST, "*"))]);
    let commands = commands.map(|(tag, line)| Command { tag: tag.to_owned(), line, about: tag == LIST });
    let mut names = Vec::new();
    pipeline::run(talk, commands, None, |is_list, heard| {
        match heard {
            Heard::Data((_, name, values)) if name == "QUOTA" => {
                facts.storage = mailbox::storage(&values).or(facts.storage);
            }
            Heard::Data((_, name, values)) if name == "LIST" => listed(&values, wishes, facts, &mut names),
            // Without the quota there is still a mailbox to look at.
            Heard::Done(answer) if *is_list && answer.is_refusal() => facts.stopped_by = Some(answer.line.clone()),
            _ => {}
        }
        true
    })
    .await?;
    if !wishes.shows_names {
        talk.keep_out(
            names
                .iter()
                .filter(|name: &&Name| name.is_own() && name.text.len() >= SHORTEST)
                .map(|name| name.text.clone())
                .collect(),
        );
    }
    Ok(names)
}

/// Whether a folder is meant by a name, or by the number that a report gives it.
fn is_meant(wanted: &str, name: &str, number: usize) -> bool {
    let wanted = wanted.trim();
    wanted.eq_ignore_ascii_case(name) || wanted.eq_ignore_ascii_case(&format!("folder {number}"))
}

fn listed(values: &[Value], wishes: &Survey, facts: &mut Facts, names: &mut Vec<Name>) {
    let [Value::List(attributes), _, name] = values else { return };
    let (Some(text), number) = (name.text(), facts.folders.len() + facts.folders_left_out + 1) else { return };
    if facts.folders.len() == MOST_FOLDERS
        || wishes.folder.as_ref().is_some_and(|wanted| !is_meant(wanted, text, number))
    {
        facts.folders_left_out += 1;
        return;
    }
    let attributes: Vec<&str> = attributes.iter().filter_map(Value::text).collect();
    let has = |wanted: &str| attributes.iter().any(|attribute| attribute.eq_ignore_ascii_case(wanted));
    let is_usual = text.eq_ignore_ascii_case("INBOX") || ROLES.iter().any(|(.., names)| names.contains(&text));
    let name = (is_usual || wishes.shows_names).then(|| text.to_owned());
    let shown = name.as_ref().map_or_else(|| format!("[folder {number}]"), |name| format!("\"{name}\""));
    let is_selectable = !has("\\Noselect") && !has("\\NonExistent");
    facts.folders.push(Folder { number, role: role(text, &attributes), name, is_selectable, ..Folder::default() });
    if is_selectable {
        names.push(Name { number, text: text.to_owned(), shown });
    }
}

/// What one of the commands is about.
enum About {
    Folder(usize),
    Inbox,
}

/// Asks how many messages each folder has, and opens the inbox for reading, all in one round trip. Returns how many
/// messages the inbox has.
pub(crate) async fn status<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    names: &[Name],
    facts: &mut Facts,
) -> Result<Option<u32>, NoAnswer> {
    let each = names.iter().filter_map(|name| {
        let tag = format!("S{}", name.number);
        let line = command::status(&tag, &name.text, &name.shown)?;
        Some(Command { tag, line, about: About::Folder(name.number) })
    });
    let inbox = Command { tag: "M1".to_owned(), line: command::examine_inbox("M1"), about: About::Inbox };
    let (mut exists, mut last) = (None, Stopwatch::start());
    let all = names.len() + 1;
    pipeline::run(talk, each.chain([inbox]), Some(all), |about, heard| {
        match (about, heard) {
            (About::Folder(number), Heard::Data((_, name, values))) if name == "STATUS" => {
                if let Some(folder) = of(facts, *number) {
                    counts(folder, &values);
                }
            }
            (About::Folder(number), Heard::Done(answer)) => {
                let status_ms = last.milliseconds();
                last = Stopwatch::start();
                if let Some(folder) = of(facts, *number) {
                    folder.status_ms = Some(status_ms);
                    folder.server_ms = own_time(&answer.line);
                    let name = names.iter().find(|name| name.number == *number).filter(|_| answer.is_refusal());
                    folder.refused = name.map(|name| name.hidden_in(&answer.line));
                }
            }
            (About::Inbox, Heard::Data((number, name, _))) if name == "EXISTS" => exists = number,
            (About::Inbox, Heard::Done(answer)) => {
                facts.is_examine_read_write = read_write(answer);
                if answer.is_refusal() {
                    (exists, facts.stopped_by) = (None, Some(answer.line.clone()));
                }
            }
            _ => {}
        }
        true
    })
    .await?;
    if let Some(inbox) = facts.folders.iter_mut().find(|folder| folder.role == Some(Role::Inbox)) {
        inbox.exists = exists.map(u64::from);
    }
    Ok(exists)
}

/// The folder with a number.
pub(super) fn of(facts: &mut Facts, number: usize) -> Option<&mut Folder> {
    facts.folders.iter_mut().find(|folder| folder.number == number)
}

/// Whether a folder was opened for writing (RFC 3501 section 6.3.2 wants READ-ONLY); `None` where nothing is said.
fn read_write(answer: &Answer) -> Option<bool> {
    let Response::Status { code: Some(Code { name, .. }), .. } = &answer.response else { return None };
    match name.as_str() {
        "READ-WRITE" => Some(true),
        "READ-ONLY" => Some(false),
        _ => None,
    }
}

/// The counts of a STATUS response (RFC 3501 section 7.2.4).
fn counts(folder: &mut Folder, values: &[Value]) {
    let Some(Value::List(items)) = values.last() else { return };
    for pair in items.chunks_exact(2) {
        let (Some(name), Some(count)) = (pair[0].text(), pair[1].text().and_then(|text| text.parse().ok())) else {
            continue;
        };
        match name.to_ascii_uppercase().as_str() {
            "MESSAGES" => folder.messages = Some(count),
            "UNSEEN" => folder.unseen = Some(count),
            "UIDNEXT" => folder.uidnext = Some(count),
            "UIDVALIDITY" => folder.uidvalidity = Some(count),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_does_not_give_away_the_name_of_a_folder() {
        let name = |text: &str, shown: &str| Name { number: 3, text: text.to_owned(), shown: shown.to_owned() };
        for (name, hidden) in [
            (name("Divorce", "[folder 3]"), "S3 NO Mailbox [folder 3] does not exist"),
            (name("Archive", "\"Archive\""), "S3 NO Mailbox Divorce does not exist"),
        ] {
            assert_eq!(name.hidden_in("S3 NO Mailbox Divorce does not exist"), hidden);
        }
    }

    #[test]
    fn a_role_is_told_by_the_mark_before_the_name() {
        for (name, attributes, expected) in [
            ("inbox", &[][..], Some(Role::Inbox)),
            ("Archive", &["\\HasNoChildren"], Some(Role::Archive)),
            ("Sent", &["\\Trash"], Some(Role::Trash)),
            ("Gesendet", &["\\sent"], Some(Role::Sent)),
            ("Deleted Messages", &[], Some(Role::Trash)),
            ("Divorce", &["\\HasChildren"], None),
        ] {
            assert_eq!(role(name, attributes), expected, "{name}");
        }
    }
}
