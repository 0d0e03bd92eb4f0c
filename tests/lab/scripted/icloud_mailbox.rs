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

/// How a mailbox differs from iCloud's on a good day: what iCloud does well or does not do at all times, and what any
/// other server does as it is asked.
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is a way that a test switches")]
pub(crate) struct Ways {
    /// FETCH of RFC822 brings the message, as on every server but Apple's.
    pub(crate) fetches_rfc822: bool,
    /// Every FETCH is answered by NO.
    pub(crate) fetch_unavailable: bool,
    /// EXAMINE opens a folder for reading alone.
    pub(crate) examines_only: bool,
    /// SEARCH by size finds what it should; iCloud's finds everything larger and nothing smaller (lswith/imap-mcp#6).
    pub(crate) searches: bool,
    /// SORT sorts; iCloud's gives the order of the numbers (himalaya, imap-icloud.md).
    pub(crate) sorts: bool,
    /// The folder for notes is listed and cannot be opened (Cocoanetics/SwiftMail#30).
    pub(crate) notes_are_closed: bool,
    /// STATUS counts eleven messages more than there are (MailCore/mailcore2#1628).
    pub(crate) miscounts: bool,
    /// IDLE ends at once, with a goodbye.
    #[allow(dead_code, reason = "not every test that has this mailbox knows IDLE")]
    pub(crate) idle_ends: bool,
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

    /// The same with so many messages in Archive, which were all read.
    #[allow(dead_code, reason = "not every test that has this mailbox needs it")]
    pub(crate) fn archived(mut self, count: u32) -> Self {
        let message =
            |uid| Message { uid, flags: vec!["\\Seen".to_owned()], header: String::new(), body: "a".to_owned() };
        self.0[1].messages = (1..=count).map(message).collect();
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
                Some(at) if self.ways.notes_are_closed && self.store.0[at].name == "Notes" => {
                    (vec![], "NO [NOPERM] Mailbox cannot be opened (took 1 ms)".to_owned())
                }
                Some(at) if verb == "STATUS" => (vec![self.status(at, rest)], completed(1)),
                Some(at) => {
                    self.opened = Some(at);
                    // EXAMINE too (nextcloud/mail#3401).
                    let code = if verb == "EXAMINE" && self.ways.examines_only { "READ-ONLY" } else { "READ-WRITE" };
                    (self.describe(at), format!("OK [{code}] {verb} completed (took 2 ms)"))
                }
            },
            "FETCH" => self.fetch(rest, false),
            "UID" => {
                let (verb, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                match verb.to_ascii_uppercase().as_str() {
                    "FETCH" => self.fetch(rest, true),
                    "SEARCH" => (vec![self.search(rest, |_, message| message.uid)], completed(0)),
                    _ => return None,
                }
            }
            "SEARCH" => (vec![self.search(rest, |number, _| number)], completed(0)),
            "SORT" => (vec![self.sort(rest)], completed(0)),
            "NOOP" => (vec![], completed(1)),
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
                "MESSAGES" => {
                    let more = if self.ways.miscounts { 11 } else { 0 };
                    u32::try_from(folder.messages.len() + more).unwrap_or(u32::MAX)
                }
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

    /// A search by size finds what the ways say; any other one finds everything: iCloud's own criteria are not reliable
    /// either.
    fn search(&self, rest: &str, called: impl Fn(u32, &Message) -> u32) -> String {
        let (set, criterion) = rest.split_once(' ').unwrap_or((rest, ""));
        let by_size = criterion.split_once(' ').and_then(|(key, size)| Some((key, size.parse::<usize>().ok()?)));
        let fits = |message: &Message| match by_size {
            Some(("LARGER", size)) => !self.ways.searches || message.size() > size,
            Some(("SMALLER", size)) => self.ways.searches && message.size() < size,
            _ => true,
        };
        let found = self.numbered(by_size.map_or("1:*", |_| set)).into_iter().filter(|(_, message)| fits(message));
        found.fold("* SEARCH".to_owned(), |line, (number, message)| format!("{line} {}", called(number, message)))
    }

    /// By the largest first, which is what the doctor asks for, or by the numbers.
    fn sort(&self, rest: &str) -> String {
        let mut found = self.numbered(rest.rsplit_once(' ').map_or("1:*", |(_, set)| set));
        if self.ways.sorts {
            found.sort_by_key(|(_, message)| std::cmp::Reverse(message.size()));
        }
        found.iter().fold("* SORT".to_owned(), |line, (number, _)| format!("{line} {number}"))
    }

    /// The messages of a set, with their numbers.
    fn numbered(&self, set: &str) -> Vec<(u32, &Message)> {
        let messages = self.opened.map_or(&[][..], |at| &self.store.0[at].messages);
        let last = u32::try_from(messages.len()).unwrap_or(u32::MAX);
        (1..).zip(messages).filter(|(number, _)| is_in(set, *number, last)).collect()
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
                let marks = items.split_whitespace().any(marks_as_seen) && !self.ways.examines_only;
                let is_marked = marks && !message.has("\\Seen");
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

    fn size(&self) -> usize {
        self.header.len() + self.body.len()
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
