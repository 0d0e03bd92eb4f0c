//! The commands of IMAP that change a mailbox. What they remove is a message whose Message-ID was read a moment ago.

use super::command::of_folder;
use super::message::Described;
use crate::protocol::{Change, Line};

/// A message whose Message-ID was just read, and is the one that was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    uid: u32,
}

impl Own {
    /// The message that is described, if this is its Message-ID.
    pub fn read(described: Described<'_>, message_id: &str) -> Option<Self> {
        let uid = described.uid()?;
        (described.message_id()? == message_id).then_some(Self { uid })
    }
}

/// Opens a folder so that it can be changed (RFC 3501 section 6.3.1). `shown` stands for its name.
///
/// `None` if the name holds a CR, LF or NUL, which no quotes can carry.
pub fn select(tag: &str, folder: &str, shown: &str) -> Option<Change> {
    of_folder(tag, "SELECT", folder, shown, "").map(Change)
}

/// Marks a message as deleted (RFC 3501 section 6.4.6).
pub fn mark_deleted(tag: &str, message: Own) -> Change {
    tagged(tag, &format!("UID STORE {} +FLAGS.SILENT (\\Deleted)", message.uid))
}

/// Removes a message that is marked as deleted, and no other (RFC 4315 section 2.1).
pub fn expunge(tag: &str, message: Own) -> Change {
    tagged(tag, &format!("UID EXPUNGE {}", message.uid))
}

/// Puts a message of so many bytes into the inbox (RFC 3501 section 6.3.11): [`literal`] follows when the server says `+`.
pub fn append_to_inbox(tag: &str, length: usize) -> Change {
    tagged(tag, &format!("APPEND INBOX (\\Seen) {{{length}}}"))
}

/// The message, after [`append_to_inbox`].
pub fn literal(message: &str) -> Change {
    Change(Line::hiding(message.as_bytes().to_vec().into(), "[the message]"))
}

fn tagged(tag: &str, command: &str) -> Change {
    Change(Line::plain(format!("{tag} {command}")).tagged())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_of_one_message_and_of_no_other() {
        let own = Own { uid: 7 };
        for (change, expected) in [
            (mark_deleted("D1", own), "D1 UID STORE 7 +FLAGS.SILENT (\\Deleted)"),
            (expunge("D2", own), "D2 UID EXPUNGE 7"),
            (append_to_inbox("A5", 812), "A5 APPEND INBOX (\\Seen) {812}"),
        ] {
            assert_eq!((change.shown(), change.0.wire()), (expected, format!("{expected}\r\n").as_bytes()));
            assert!(change.0.is_tagged());
        }
        let change = select("D0", "Own", "[folder 3]").unwrap();
        assert_eq!((change.shown(), change.0.wire()), ("D0 SELECT [folder 3]", &b"D0 SELECT \"Own\"\r\n"[..]));
        let change = literal("To: you\r\n\r\nHi\r\n");
        assert_eq!((change.shown(), change.0.wire()), ("[the message]", &b"To: you\r\n\r\nHi\r\n\r\n"[..]));
    }
}
