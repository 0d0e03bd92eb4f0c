//! What FETCH responses say about messages (RFC 3501 section 7.4.2), and which message is certain to be read.

use super::response::Value;

/// What one FETCH response says about a message.
#[derive(Debug, Clone, Copy)]
pub struct Described<'a> {
    number: u32,
    items: &'a [Value],
}

/// A message, by its number and by its UID: a server may use either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message {
    number: u32,
    uid: u32,
}

/// A message that the server reports as read: no fetch can mark it so.
#[derive(Debug)]
pub struct Seen(Message);

/// Follows what a server reports about one message's flags, asked and unasked.
#[derive(Debug)]
pub struct Watched {
    message: Message,
    /// Whether all reports about its flags said that it is read; `None` until there was one.
    is_seen: Option<bool>,
}

impl<'a> Described<'a> {
    /// What untagged data say about a message; `None` if they are about something else.
    pub fn of(number: Option<u32>, name: &str, values: &'a [Value]) -> Option<Self> {
        match (number, name, values) {
            (Some(number), "FETCH", [Value::List(items), ..]) => Some(Self { number, items }),
            _ => None,
        }
    }

    /// The message, where both of its names are given.
    pub fn message(&self) -> Option<Message> {
        Some(Message { number: self.number, uid: self.uid()? })
    }

    /// Its number.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// How long it is, in bytes.
    pub fn size(&self) -> Option<u64> {
        self.text("RFC822.SIZE")?.parse().ok()
    }

    /// Whether it is marked as read; `None` where its flags are not given.
    pub fn is_seen(&self) -> Option<bool> {
        let Some(Value::List(flags)) = self.item("FLAGS") else { return None };
        Some(flags.iter().filter_map(Value::text).any(|flag| flag.eq_ignore_ascii_case("\\Seen")))
    }

    /// Whether it is about this message: by the UID if it gives one, else by the number.
    pub fn is_of(&self, message: Message) -> bool {
        self.uid().map_or(self.number == message.number, |uid| uid == message.uid)
    }

    /// The text of an item, such as `BODY[]<0>`.
    pub fn text(&self, wanted: &str) -> Option<&'a str> {
        self.item(wanted).and_then(Value::text)
    }

    /// Its UID, where it is given.
    pub fn uid(&self) -> Option<u32> {
        self.text("UID")?.parse().ok()
    }

    /// The lines of its header that were asked for; a server may write their names as it likes.
    pub fn header(&self) -> Option<&'a str> {
        let is_it = |pair: &&[Value]| {
            let name = pair[0].text().map(str::to_ascii_uppercase);
            name.is_some_and(|name| name.starts_with("BODY[HEADER.FIELDS"))
        };
        self.items.chunks_exact(2).find(is_it).and_then(|pair| pair[1].text())
    }

    /// Its Message-ID, where that line was asked for; a long one may be on the line after the name.
    pub fn message_id(&self) -> Option<&'a str> {
        let (name, rest) = self.header()?.split_once(':')?;
        name.trim().eq_ignore_ascii_case("message-id").then(|| rest.trim())
    }

    /// The value of an item, such as `BODYSTRUCTURE`.
    pub fn item(&self, wanted: &str) -> Option<&'a Value> {
        let is_it = |pair: &&[Value]| pair[0].text().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
        self.items.chunks_exact(2).find(is_it).map(|pair| &pair[1])
    }
}

impl Message {
    /// Its UID.
    pub fn uid(self) -> u32 {
        self.uid
    }
}

impl Seen {
    /// Its UID.
    pub fn uid(&self) -> u32 {
        self.0.uid
    }
}

impl Watched {
    /// Watches a message with unknown flags.
    pub fn new(message: Message) -> Self {
        Self { message, is_seen: None }
    }

    /// Notes what is reported about the message; reports about others are ignored.
    pub fn hear(&mut self, described: Described<'_>) {
        if described.is_of(self.message)
            && let Some(is_seen) = described.is_seen()
        {
            self.is_seen = Some(is_seen && self.is_seen != Some(false));
        }
    }

    /// The message as one that is read, if nothing speaks against it: another program may have marked it as unread.
    pub fn seen(&self) -> Option<Seen> {
        (self.is_seen == Some(true)).then_some(Seen(self.message))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

    use super::*;
    use crate::protocol::Reader as _;
    use crate::protocol::imap::{Reader, Response};

    /// Whether message 2 with UID 7 is taken for read when these lines were heard.
    fn is_seen_after(lines: &[&str]) -> bool {
        let mut watched = Watched::new(Message { number: 2, uid: 7 });
        let mut reader = Reader::default();
        for line in lines {
            reader.take(format!("{line}\r\n").as_bytes());
        }
        while let Some(answer) = reader.next() {
            let Response::Data { number, name, values } = answer.unwrap().response else { continue };
            if let Some(described) = Described::of(number, &name, &values) {
                watched.hear(described);
            }
        }
        watched.seen().is_some()
    }

    #[test]
    fn a_message_is_read_when_every_word_on_it_says_so() {
        for lines in [
            &["* 2 FETCH (UID 7 FLAGS (\\Seen))"][..],
            &["* 2 FETCH (FLAGS (\\Answered \\sEEN))"],
            &["* 9 FETCH (FLAGS (\\Seen) UID 7)"],
            &["* 2 FETCH (FLAGS (\\Seen))", "* 3 FETCH (UID 8 FLAGS ())", "* 2 FETCH (UID 8 FLAGS ())", "* 5 EXISTS"],
        ] {
            assert!(is_seen_after(lines), "{lines:?}");
        }
    }

    #[test]
    fn a_message_is_not_read_where_nothing_or_anything_else_is_said() {
        for lines in [
            &[][..],
            &["* 2 FETCH (UID 7 RFC822.SIZE 310)"],
            &["* 2 FETCH (UID 7 FLAGS ())"],
            &["* 2 FETCH (UID 7 FLAGS \\Seen)"],
            &["* 2 FETCH (UID 7 FLAGS NIL)"],
            &["* 2 FETCH (UID 7 FLAGS (Seen $Seen \\Seenish))"],
            &["* 2 FETCH (UID 8 FLAGS (\\Seen))", "* 7 FETCH (FLAGS (\\Seen))", "* FLAGS (\\Seen)"],
            &["* 2 FETCH (FLAGS (\\Seen))", "* 2 FETCH (FLAGS ())"],
            &["* 2 FETCH (FLAGS ())", "* 2 FETCH (FLAGS (\\Seen))"],
            &["* 2 EXPUNGE (FLAGS (\\Seen))", "* SEARCH 2"],
        ] {
            assert!(!is_seen_after(lines), "{lines:?}");
        }
    }
}
