//! The message: what it says, and the Message-ID by which it is known again.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use crate::plan::Plan;

/// What the Message-ID of every such message begins with.
const PREFIX: &str = "icloud-mail-doctor.";

/// How old a message of an earlier run has to be so that no run still waits for it, in seconds. No run waits longer, and
/// on one computer no second one begins sooner.
const ABANDONED: i64 = 600;

/// A message to the account itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) from: String,
    pub(crate) to: String,
    /// With its angle brackets.
    pub(crate) id: String,
    pub(crate) text: String,
}

impl Message {
    /// The message of a plan; `None` where it has no address.
    pub(crate) fn of(plan: &Plan, now: OffsetDateTime, chance: u64) -> Option<Self> {
        let to = plan.email.clone()?;
        let from = plan.from.clone().unwrap_or_else(|| to.clone());
        let domain = from.rsplit_once('@')?.1;
        let id = format!("<{PREFIX}{}.{chance:016x}@{domain}>", now.unix_timestamp());
        let date = now.format(&Rfc2822).ok()?;
        // iCloud dropped messages whose sender has an empty display name (MailCore/mailcore2#1815).
        let text = format!(
            "Message-ID: {id}\r\n\
             Date: {date}\r\n\
             From: \"icloud-mail-doctor\" <{from}>\r\n\
             To: <{to}>\r\n\
             Subject: Test message of icloud-mail-doctor\r\n\
             Auto-Submitted: auto-generated\r\n\
             MIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=us-ascii\r\n\
             \r\n\
             This is a test message. The owner of this account asked icloud-mail-doctor\r\n\
             to send it, to see whether mail arrives and how long it takes.\r\n\
             \r\n\
             It is removed when it has been found. If it is still here, you can delete it.\r\n"
        );
        Some(Self { from, to, id, text })
    }

    /// What no other message has in it.
    pub(crate) fn mark(&self) -> &str {
        let id = self.id.trim_matches(['<', '>']);
        id.split_once('@').map_or(id, |(mark, _)| mark)
    }
}

/// Whether this is the Message-ID of a message that an earlier run left behind.
pub(super) fn is_abandoned(id: &str, now: OffsetDateTime) -> bool {
    let sent = id.strip_prefix('<').and_then(|id| id.strip_prefix(PREFIX)).and_then(|rest| rest.split('.').next());
    sent.and_then(|sent| sent.parse::<i64>().ok()).is_some_and(|sent| now.unix_timestamp() - sent >= ABANDONED)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-29 12:00 UTC);

    #[test]
    fn it_says_what_it_is_and_who_made_it() {
        let mut plan = Plan::icloud("you@icloud.com");
        let message = Message::of(&plan, NOW, 0x2a).unwrap();
        assert_eq!(message.id, "<icloud-mail-doctor.1795953600.000000000000002a@icloud.com>");
        assert_eq!(message.mark(), "icloud-mail-doctor.1795953600.000000000000002a");
        let text = message.text;
        assert!(text.is_ascii() && text.len() < 2_000 && text.lines().all(|line| line.len() < 78));
        for line in [
            "Date: Sun, 29 Nov 2026 12:00:00 +0000",
            "From: \"icloud-mail-doctor\" <you@icloud.com>",
            "Auto-Submitted: auto-generated",
        ] {
            assert!(text.lines().any(|other| other == line), "{text}");
        }
        plan.from = Some("anna@quokka.example".to_owned());
        let message = Message::of(&plan, NOW, 1).unwrap();
        assert!(message.id.ends_with("@quokka.example>") && message.text.contains("To: <you@icloud.com>\r\n"));
    }

    #[test]
    fn only_an_old_message_of_this_program_is_abandoned() {
        for (id, expected) in [
            ("<icloud-mail-doctor.1795953000.000000000000002a@icloud.com>", true),
            ("<icloud-mail-doctor.1795953001.000000000000002a@icloud.com>", false),
            ("<icloud-mail-doctor.1795999999.000000000000002a@icloud.com>", false),
            ("<icloud-mail-doctor.later.000000000000002a@icloud.com>", false),
            ("<x.icloud-mail-doctor.1.2@icloud.com>", false),
            ("<1@quokka.example>", false),
            ("", false),
        ] {
            assert_eq!(is_abandoned(id, NOW), expected, "{id}");
        }
    }
}
