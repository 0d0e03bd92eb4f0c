//! A mailbox as iCloud keeps it, for the servers that tests script: what commands see of it, and what they change in it.

/// What is kept: the folders, and in them the messages with their flags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Store(Vec<Folder>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Folder {
    name: &'static str,
    attributes: &'static str,
    messages: Vec<Message>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Message {
    uid: u32,
    flags: Vec<String>,
    header: String,
    body: String,
}

/// How a mailbox differs from iCloud's.
#[derive(Clone, Copy, Default)]
pub(crate) struct Ways {
    /// FETCH of RFC822 brings the message, as on every server but Apple's.
    pub(crate) fetches_rfc822: bool,
    /// Every FETCH is answered by NO.
    pub(crate) fetch_unavailable: bool,
}

/// A mailbox and the one client that looks into it.
pub(crate) struct Mailbox {
    pub(crate) store: Store,
    ways: Ways,
    opened: Option<usize>,
}

/// What a command is answered: the untagged lines, and the end of the tagged one.
type Answer = (Vec<String>, String);

/// Name and attributes. SPECIAL-USE is never offered and the attributes are there all the same.
const FOLDERS: [(&str, &str); 7] = [
    ("INBOX", "\\Noinferiors"),
    ("Archive", ""),
    ("Deleted Messages", "\\Trash"),
    ("Drafts", ""),
    ("Junk", ""),
    ("Notes", ""),
    ("Sent Messages", "\\Sent"),
];

impl Store {
    /// iCloud's folders and those, all empty.
    pub(crate) fn with(more: &[&'static str]) -> Self {
        let all = FOLDERS.into_iter().chain(more.iter().map(|name| (*name, "")));
        Self(all.map(|(name, attributes)| Folder { name, attributes, messages: vec![] }).collect())
    }

    /// The same with one more message in the inbox. UIDs have gaps, as in a mailbox from which messages were deleted.
    pub(crate) fn and(mut self, flags: &[&str], header: &str, body: &str) -> Self {
        let inbox = &mut self.0[0].messages;
        let uid = inbox.last().map_or(1, |last| last.uid + 3);
        let flags = flags.iter().map(ToString::to_string).collect();
        inbox.push(Message { uid, flags, header: header.to_owned(), body: body.to_owned() });
        self
    }
}

impl Store {
    /// The first difference, for people.
    pub(crate) fn differs_from(&self, other: &Self) -> String {
        let pairs = self.0.iter().zip(&other.0);
        let folder = pairs.into_iter().find(|(one, other)| one != other);
        folder.map_or_else(
            || "folders".to_owned(),
            |(is, was)| format!("{}: {:?}, was {:?}", is.name, is.messages, was.messages),
        )
    }
}

impl Mailbox {
    pub(crate) fn of(store: Store, ways: Ways) -> Self {
        Self { store, ways, opened: None }
    }

    /// What a command upon the mailbox is answered, or None for a command that is none.
    pub(crate) fn reply(&mut self, verb: &str, rest: &str) -> Option<Answer> {
        let completed = |took: u32| format!("OK {verb} completed (took {took} ms)");
        let arguments = words(rest);
        let argument = |place: usize| arguments.get(place).map_or("", String::as_str);
        Some(match verb {
            "LIST" | "XLIST" | "LSUB" => (self.list(verb, &(argument(0).to_owned() + argument(1))), completed(0)),
            "SELECT" | "EXAMINE" | "STATUS" => match self.place(argument(0)) {
                None => (vec![], "NO [NONEXISTENT] Mailbox does not exist (took 1 ms)".to_owned()),
                Some(at) if verb == "STATUS" => (vec![self.status(at, rest)], completed(1)),
                Some(at) => {
                    self.opened = Some(at);
                    // EXAMINE too (nextcloud/mail#3401).
                    (self.describe(at), format!("OK [READ-WRITE] {verb} completed (took 2 ms)"))
                }
            },
            "FETCH" => self.fetch(rest, false),
            "UID" => {
                let (verb, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                match verb.to_ascii_uppercase().as_str() {
                    "FETCH" => self.fetch(rest, true),
                    "SEARCH" => (vec![self.search(|_, message| message.uid)], completed(0)),
                    _ => return None,
                }
            }
            "SEARCH" => (vec![self.search(|number, _| number)], completed(0)),
            // What is marked deleted goes with it, without a word (RFC 3501 section 6.4.2).
            "CLOSE" => {
                if let Some(at) = self.opened.take() {
                    self.store.0[at].messages.retain(|message| !message.has("\\Deleted"));
                }
                (vec![], completed(0))
            }
            "UNSELECT" => {
                self.opened = None;
                (vec![], completed(0))
            }
            "CHECK" => (vec![], completed(0)),
            _ => return None,
        })
    }

    fn place(&self, name: &str) -> Option<usize> {
        let is_it = |folder: &Folder| folder.name == name || is_inbox(folder.name) && is_inbox(name);
        self.store.0.iter().position(is_it)
    }

    fn list(&self, verb: &str, pattern: &str) -> Vec<String> {
        if pattern.is_empty() {
            return vec![format!("* {verb} (\\Noselect) \"/\" \"\"")];
        }
        let listed = self.store.0.iter().filter(|folder| is_like(folder.name, pattern));
        listed.map(|Folder { name, attributes, .. }| format!("* {verb} ({attributes}) \"/\" \"{name}\"")).collect()
    }

    fn describe(&self, at: usize) -> Vec<String> {
        let folder = &self.store.0[at];
        let flags = "\\Answered \\Flagged \\Draft \\Deleted \\Seen $Forwarded";
        vec![
            format!("* FLAGS ({flags})"),
            format!("* {} EXISTS", folder.messages.len()),
            "* 0 RECENT".to_owned(),
            "* OK [UIDVALIDITY 1396305000] ".to_owned(),
            format!("* OK [UIDNEXT {}] ", folder.next()),
            format!("* OK [PERMANENTFLAGS ({flags})] Limited"),
        ]
    }

    fn status(&self, at: usize, rest: &str) -> String {
        let folder = &self.store.0[at];
        let asked = rest.rsplit_once('(').map_or("", |(_, asked)| asked.trim_end_matches(')'));
        let told = asked.split_whitespace().map(|item| {
            let number = match item.to_ascii_uppercase().as_str() {
                "MESSAGES" => u32::try_from(folder.messages.len()).unwrap_or(u32::MAX),
                "UNSEEN" => {
                    let unseen = folder.messages.iter().filter(|message| !message.has("\\Seen"));
                    u32::try_from(unseen.count()).unwrap_or(u32::MAX)
                }
                "UIDNEXT" => folder.next(),
                "UIDVALIDITY" => 1_396_305_000,
                _ => 0,
            };
            format!("{item} {number}")
        });
        format!("* STATUS \"{}\" ({})", folder.name, told.collect::<Vec<_>>().join(" "))
    }

    /// Any search finds everything: iCloud's own criteria are not reliable either.
    fn search(&self, called: impl Fn(u32, &Message) -> u32) -> String {
        let messages = self.opened.map(|at| &self.store.0[at].messages);
        let found = messages.into_iter().flatten().zip(1..).map(|(message, number)| called(number, message));
        found.fold("* SEARCH".to_owned(), |line, number| format!("{line} {number}"))
    }

    fn fetch(&mut self, rest: &str, by_uid: bool) -> Answer {
        let Some(at) = self.opened else { return (vec![], "BAD No mailbox is selected".to_owned()) };
        if self.ways.fetch_unavailable {
            return (vec![], "NO Service temporarily unavailable".to_owned());
        }
        let (set, items) = rest.split_once(' ').unwrap_or((rest, ""));
        let items = items.strip_prefix('(').and_then(|items| items.strip_suffix(')')).unwrap_or(items);
        let items = items.to_ascii_uppercase();
        let messages = &mut self.store.0[at].messages;
        let last = match by_uid {
            true => messages.last().map_or(0, |last| last.uid),
            false => u32::try_from(messages.len()).unwrap_or(u32::MAX),
        };
        let mut told = Vec::new();
        for (message, number) in messages.iter_mut().zip(1..) {
            if is_in(set, if by_uid { message.uid } else { number }, last) {
                let is_marked = items.split_whitespace().any(marks_as_seen) && !message.has("\\Seen");
                if is_marked {
                    message.flags.push("\\Seen".to_owned());
                }
                let mut items: Vec<&str> = items.split_whitespace().collect();
                if by_uid && !items.contains(&"UID") {
                    items.insert(0, "UID");
                }
                // A flag that changes is told (RFC 3501 section 6.4.5).
                if is_marked && !items.contains(&"FLAGS") {
                    items.push("FLAGS");
                }
                told.push(format!("* {number} FETCH ({})", message.told(&items, self.ways)));
            }
        }
        (told, "OK FETCH completed (took 3 ms)".to_owned())
    }
}

impl Folder {
    fn next(&self) -> u32 {
        self.messages.last().map_or(1, |last| last.uid + 1)
    }
}

impl Message {
    fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|has| has == flag)
    }

    /// The items that are asked for, each with its answer; RFC822 has none (zammad/zammad#4589).
    fn told(&self, items: &[&str], ways: Ways) -> String {
        let whole = format!("{}{}", self.header, self.body);
        let literal = |item: &str, text: &str| format!("{item} {{{}}}\r\n{text}", text.len());
        let mut told = Vec::new();
        for item in items {
            let item = item.replace(".PEEK", "");
            let partial = item.strip_prefix("BODY[]<0.").and_then(|rest| rest.trim_end_matches('>').parse().ok());
            told.push(match item.as_str() {
                "UID" => format!("UID {}", self.uid),
                "FLAGS" => format!("FLAGS ({})", self.flags.join(" ")),
                "INTERNALDATE" => "INTERNALDATE \"01-Oct-2026 09:00:01 +0000\"".to_owned(),
                "RFC822.SIZE" => format!("RFC822.SIZE {}", whole.len()),
                "RFC822.HEADER" | "BODY[HEADER]" => literal(&item, &self.header),
                "BODY[TEXT]" => literal(&item, &self.body),
                "BODY[]" => literal(&item, &whole),
                "RFC822" if ways.fetches_rfc822 => literal(&item, &whole),
                _ => match partial {
                    Some(length) => literal("BODY[]<0>", &whole[..whole.len().min(length)]),
                    None => continue,
                },
            });
        }
        told.join(" ")
    }
}

/// Whether a fetch of this marks the message as read, on iCloud after EXAMINE too (joeyates/imap-backup#118).
fn marks_as_seen(item: &str) -> bool {
    item.starts_with("BODY[") || ["RFC822", "RFC822.TEXT"].contains(&item)
}

/// Whether a number is in a set such as `1,4:7,9:*` (RFC 3501 section 9, `sequence-set`).
fn is_in(set: &str, number: u32, last: u32) -> bool {
    let value = |text: &str| if text == "*" { Some(last) } else { text.parse().ok() };
    set.split(',').any(|range| {
        let (from, to) = range.split_once(':').unwrap_or((range, range));
        let (Some(from), Some(to)) = (value(from), value(to)) else { return false };
        (from.min(to)..=from.max(to)).contains(&number)
    })
}

fn is_inbox(name: &str) -> bool {
    name.eq_ignore_ascii_case("INBOX")
}

/// `*` matches anything, `%` anything without a `/` (RFC 9051 section 6.3.9); INBOX in upper or lower case.
fn is_like(name: &str, pattern: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return name.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    if first != '*' && first != '%' {
        let same = |have: char| have == first || (name.len() <= 5 && have.eq_ignore_ascii_case(&first));
        return name.chars().next().is_some_and(same) && is_like(&name[first.len_utf8()..], rest);
    }
    let ends = name.char_indices().map(|(end, _)| end).chain([name.len()]);
    ends.take_while(|end| first == '*' || !name[..*end].contains('/')).any(|end| is_like(&name[end..], rest))
}

/// Atoms and quoted strings, as far as the client writes them in one line.
fn words(rest: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = rest.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(' ').unwrap_or((rest, "")),
        };
        words.push(word.to_string());
        rest = after.trim_start();
    }
    words
}
