//! Causes that are found by looking at the whole mailbox: where its messages are, and how fast it answers.

use checks::evidence::Evidence;
use checks::meaning;
use checks::plan::Protocol;
use checks::questions::Question;
use checks::survey::{Facts, Folder, IdleEnd, Role, Timing};

use super::saw::{Conversation, Survey};
use super::{Fit, Saw, Seen, Sure, WouldDecide};

/// The inbox is called small where it has at most one message for so many in Archive.
const ARCHIVED_FOR_ONE: u64 = 20;
/// Fewer messages in Archive are no sign of mail that went there unseen.
const LARGE_ARCHIVE: u64 = 200;
/// From this time on a path is slow, in milliseconds: as long as a satellite or the other side of the earth takes.
const SLOW_PATH_MS: u64 = 250;
/// From this time on a server is slow that has nothing to do, in milliseconds.
const SLOW_SERVER_MS: u64 = 500;
/// Mail programs become slow with more messages in one folder (nextcloud/mail#8318, getmail6/getmail6#275).
const MANY_MESSAGES: u64 = 50_000;
/// So many messages may come or go while a mailbox is looked at.
const MEANWHILE: u64 = 10;

fn facts(evidence: &Evidence) -> Option<&Facts> {
    evidence.first.mailbox.as_ref().map(|asked| &asked.facts)
}

fn seen(saw: Survey) -> Seen {
    Seen::new(Question::Mailbox, saw)
}

/// The server refuses to look into the mailbox.
pub(super) fn refusal(evidence: &Evidence) -> Option<Saw> {
    Some(Conversation::MessagesRefused(facts(evidence)?.refusal()?.to_owned()).into())
}

/// The inbox is nearly empty, and Archive is not (lswith/imap-mcp#5).
pub(super) fn mail_in_archive(evidence: &Evidence) -> Option<Fit> {
    let messages = |role| facts(evidence)?.folder(role)?.messages;
    let (inbox, archive) = (messages(Role::Inbox)?, messages(Role::Archive)?);
    let is_there = archive >= LARGE_ARCHIVE && inbox.saturating_mul(ARCHIVED_FOR_ONE) <= archive;
    is_there.then(|| {
        Fit::note(Sure::Possible)
            .because_all([seen(Survey::InboxAndArchive { inbox, archive })])
            .decided_by(WouldDecide::Archive)
    })
}

/// The server lists a folder as one that can be opened, and refuses it (Cocoanetics/SwiftMail#30). A line about the
/// server or the account is not about the folder.
pub(super) fn folder_cannot_be_opened(evidence: &Evidence) -> Option<Fit> {
    let facts = facts(evidence).filter(|facts| facts.refusal().is_none())?;
    let is_its_own = |folder: &&Folder| folder.refused.as_deref().is_some_and(|line| meaning::of(line).is_none());
    let refused: Vec<Seen> = facts
        .folders
        .iter()
        .filter(is_its_own)
        .map(|folder| seen(Survey::FolderRefused(Box::new(folder.clone()))))
        .collect();
    (!refused.is_empty()).then(|| Fit::warning(Sure::Certain).because_all(refused))
}

/// How long it takes to the server and back, and how long the server takes, each measured in two ways.
struct Times {
    /// How long the connection took to open.
    connected: u64,
    /// The shortest time to an answer.
    answered: u64,
    /// The shortest time that the server says it worked, where it says so each time.
    worked: Option<u64>,
    /// The shortest time that is not the server's own.
    elsewhere: Option<u64>,
}

impl Times {
    fn of(evidence: &Evidence) -> Option<Self> {
        // A look at the mailbox connects to the IMAP server alone: a problem of the other one is not explained by this.
        if evidence.first.tcp(Protocol::Smtp).is_some() {
            return None;
        }
        let Timing { noops_ms, server_ms, .. } = &facts(evidence)?.timing;
        let says_each = noops_ms.len() == server_ms.len();
        let elsewhere = noops_ms.iter().zip(server_ms).map(|(answered, worked)| answered.saturating_sub(*worked));
        Some(Self {
            connected: evidence.first.tcp(Protocol::Imap)?.open()?.duration_ms,
            answered: noops_ms.iter().copied().min()?,
            worked: server_ms.iter().copied().min().filter(|_| says_each),
            elsewhere: elsewhere.min().filter(|_| says_each),
        })
    }

    /// Both the connection and every answer travel the path, and a lost packet delays only one of them.
    fn is_path_slow(&self) -> bool {
        self.connected.min(self.elsewhere.unwrap_or(self.answered)) >= SLOW_PATH_MS
    }

    /// What the server says of itself is believed; otherwise the path explains no more than it took to connect.
    fn is_server_slow(&self) -> bool {
        self.worked.unwrap_or(self.answered.saturating_sub(self.connected)) >= SLOW_SERVER_MS
    }

    fn seen(&self) -> [Seen; 2] {
        let answered = Survey::Answered { after: self.answered, worked: self.worked };
        [seen(answered), Seen::new(Question::Tcp, Survey::Connected(self.connected))]
    }
}

/// The way to the server takes long, whatever the server does.
pub(super) fn path_slow(evidence: &Evidence) -> Option<Fit> {
    let times = Times::of(evidence).filter(Times::is_path_slow)?;
    Some(Fit::warning(Sure::Likely).because_all(times.seen()).decided_by(WouldDecide::OtherNetwork))
}

/// The server takes long over a command without work.
pub(super) fn server_slow(evidence: &Evidence) -> Option<Fit> {
    let times = Times::of(evidence).filter(Times::is_server_slow)?;
    Some(Fit::warning(Sure::Likely).because_all(times.seen()).decided_by(WouldDecide::LaterLook))
}

/// A folder has more messages than mail programs keep up with.
pub(super) fn folder_very_large(evidence: &Evidence) -> Option<Fit> {
    let is_large = |folder: &&Folder| folder.messages.is_some_and(|messages| messages > MANY_MESSAGES);
    let large = facts(evidence)?.folders.iter().filter(is_large);
    let large: Vec<Seen> = large.map(|folder| seen(Survey::VeryLarge(Box::new(folder.clone())))).collect();
    (!large.is_empty()).then(|| Fit::note(Sure::Certain).because_all(large))
}

/// Some messages are so large that they take long to load and may not be taken elsewhere.
pub(super) fn large_messages(evidence: &Evidence) -> Option<Fit> {
    let large = facts(evidence)?.sweep.as_ref()?.large;
    (large.messages > 0).then(|| Fit::note(Sure::Certain).because_all([seen(Survey::LargeMessages(large))]))
}

/// Two ways to count the inbox, asked in one breath, differ by more than what may come or go (MailCore/mailcore2#1628).
pub(super) fn counts_disagree(evidence: &Evidence) -> Option<Fit> {
    let inbox = facts(evidence)?.folder(Role::Inbox)?;
    let (counted, opened) = (inbox.messages?, inbox.exists?);
    (counted.abs_diff(opened) > MEANWHILE).then(|| {
        Fit::note(Sure::Likely)
            .because_all([seen(Survey::Counts { counted, opened })])
            .decided_by(WouldDecide::LaterLook)
    })
}

/// EXAMINE opens the inbox for writing, so that a message that is fetched without PEEK is marked as read
/// (nextcloud/mail#3401, joeyates/imap-backup#118).
pub(super) fn examine_not_read_only(evidence: &Evidence) -> Option<Fit> {
    facts(evidence)?.is_examine_read_write.filter(|is_so| *is_so)?;
    Some(Fit::note(Sure::Possible).because_all([seen(Survey::OpenedForWriting)]).decided_by(WouldDecide::MarkedAsRead))
}

/// A search by size, which has one true answer, has another one (lswith/imap-mcp#6).
pub(super) fn search_unreliable(evidence: &Evidence) -> Option<Fit> {
    let search = facts(evidence)?.search.as_ref().filter(|search| search.is_wrong())?;
    Some(Fit::note(Sure::Certain).because_all([seen(Survey::SearchedWrongly(search.clone()))]))
}

/// The server offers to sort, and does not (himalaya, imap-icloud.md).
pub(super) fn sort_ignored(evidence: &Evidence) -> Option<Fit> {
    facts(evidence)?.search.as_ref()?.is_sorted.filter(|is_sorted| !is_sorted)?;
    Some(Fit::note(Sure::Certain).because_all([seen(Survey::NotSorted)]))
}

/// The connection on which a mail program waits for new mail is cut before the 29 minutes after which it asks again
/// (RFC 2177). Only the server can say a goodbye; anything on the way can do the rest.
pub(super) fn idle_cut_short(evidence: &Evidence) -> Option<Fit> {
    let idle = facts(evidence)?.idle.as_ref().filter(|idle| idle.is_cut())?;
    let decides = match idle.end {
        IdleEnd::Said { .. } => WouldDecide::LaterLook,
        _ => WouldDecide::OtherNetwork,
    };
    let seen = seen(Survey::IdleCut(Box::new(idle.clone())));
    Some(Fit::warning(Sure::Likely).because_all([seen]).decided_by(decides))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

    use checks::mailbox::Fetched;
    use checks::survey::{Amount, Sweep};

    use super::*;
    use crate::diagnosis::mixed;

    /// What is found in a mailbox without a fault that was changed in one way.
    fn finds(id: &str, change: impl FnOnce(&mut Facts)) -> bool {
        let mut evidence = mixed::of("mailbox/read-only").clone();
        change(&mut evidence.first.mailbox.as_mut().unwrap().facts);
        crate::diagnosis::diagnose(&evidence).iter().any(|found| found.cause == id)
    }

    fn folder(facts: &mut Facts, role: Role) -> &mut Folder {
        facts.folders.iter_mut().find(|folder| folder.role == Some(role)).unwrap()
    }

    #[test]
    fn messages_are_refused_where_neither_folders_nor_messages_are_given() {
        let refused = || Some(Fetched::Refused { answer: "M3 NO [NOPERM] no".to_owned() });
        let stopped = || Some("X1 NO [NOPERM] no".to_owned());
        assert!(finds("messages-refused", |facts| facts.peeked = refused()));
        assert!(finds("messages-refused", |facts| {
            (facts.peeked, facts.stopped_by) = (None, stopped());
            folder(facts, Role::Inbox).exists = None;
        }));
        assert!(finds("messages-refused", |facts| *facts = Facts { stopped_by: stopped(), ..Facts::default() }));
        // A message came, and only the sizes of all were refused.
        assert!(!finds("messages-refused", |facts| facts.stopped_by = stopped()));
        assert!(!finds("messages-refused", |facts| facts.peeked = Some(Fetched::Empty)));
        let line = "M3 NO Service temporarily unavailable".to_owned();
        assert!(!finds("messages-refused", |facts| facts.peeked = Some(Fetched::Refused { answer: line })));
    }

    #[test]
    fn messages_are_refused_in_a_check_as_in_a_look_at_the_mailbox() {
        let mut evidence = mixed::of("imap/messages-refused").clone();
        let message = &mut evidence.first.imap.spoken.as_mut().unwrap().facts.mailbox.message;
        message.as_mut().unwrap().peeked = Fetched::Refused { answer: "M2 NO [NOPERM] no".to_owned() };
        let found = crate::diagnosis::diagnose(&evidence);
        assert!(found[0].cause == "messages-refused" && found[0].because[0].by == Question::Imap);
    }

    /// Without `--mailbox` too, in the words that the server gives for it.
    #[test]
    fn folders_that_are_refused_are_no_healthy_mailbox() {
        for (line, cause) in [
            ("C3 NO [NOPERM] no", "messages-refused"),
            ("C3 BAD Parse Error", "messages-refused"),
            ("C3 NO [UNAVAILABLE] Service temporarily unavailable", "service-unavailable"),
            ("C3 NO [LIMIT] Too many requests, slow down", "sign-in-throttled"),
            ("C3 NO [OVERQUOTA] Mailbox is full", "mailbox-full"),
        ] {
            let mut evidence = mixed::of("imap/healthy-apple").clone();
            evidence.first.imap.spoken.as_mut().unwrap().facts.mailbox.folders_refused = Some(line.to_owned());
            let found = crate::diagnosis::diagnose(&evidence);
            assert!(found[0].cause == cause && found[0].because[0].by == Question::Imap, "{line}: {}", found[0].cause);
        }
    }

    #[test]
    fn an_inbox_is_small_beside_a_twentieth_of_a_large_archive() {
        for (inbox, archive, expected) in
            [(0, 199, false), (0, 200, true), (10, 200, true), (11, 200, false), (11, 220, true), (u64::MAX, 0, false)]
        {
            let found = finds("mail-in-archive", |facts| {
                folder(facts, Role::Inbox).messages = Some(inbox);
                folder(facts, Role::Archive).messages = Some(archive);
            });
            assert_eq!(found, expected, "{inbox} beside {archive}");
        }
    }

    #[test]
    fn a_path_is_never_called_a_server_nor_a_server_a_path() {
        for (connected, answered, worked, path, server) in [
            (20, [20; 3], Some([1; 3]), false, false),
            (250, [250; 3], None, true, false),
            (249, [250; 3], None, false, false),
            (310, [320; 3], Some([1; 3]), true, false),
            // A packet was lost once.
            (1040, [20; 3], Some([1; 3]), false, false),
            (310, [320, 20, 320], Some([1; 3]), false, false),
            (20, [600; 3], Some([570; 3]), false, true),
            (20, [520; 3], None, false, true),
            (20, [519; 3], None, false, false),
            (20, [600, 600, 30], Some([570, 570, 1]), false, false),
            // The server says that it did not work so long, and the path was quick: neither is known to be slow.
            (20, [900; 3], Some([2; 3]), false, false),
            (310, [1200; 3], Some([880; 3]), true, true),
        ] {
            let times = Times {
                connected,
                answered: answered.into_iter().min().unwrap(),
                worked: worked.and_then(|worked: [u64; 3]| worked.into_iter().min()),
                elsewhere: worked.and_then(|worked| answered.into_iter().zip(worked).map(|(a, w)| a - w).min()),
            };
            assert_eq!((times.is_path_slow(), times.is_server_slow()), (path, server), "{connected} {answered:?}");
        }
    }

    #[test]
    fn a_folder_is_refused_for_a_reason_of_its_own() {
        for (line, expected) in [
            (Some("S6 NO [NOPERM] Permission denied"), true),
            (Some("S6 NO Mailbox doesn't exist"), true),
            (Some("S6 NO [UNAVAILABLE] Service temporarily unavailable"), false),
            (None, false),
        ] {
            let found = finds("folder-cannot-be-opened", |facts| {
                folder(facts, Role::Notes).refused = line.map(str::to_owned);
            });
            assert_eq!(found, expected, "{line:?}");
        }
    }

    #[test]
    fn sizes_and_counts_have_a_limit() {
        for (messages, expected) in [(50_000, false), (50_001, true)] {
            let found = finds("folder-very-large", |facts| folder(facts, Role::Sent).messages = Some(messages));
            assert_eq!(found, expected, "{messages}");
        }
        for (difference, expected) in [(0, false), (10, false), (11, true)] {
            let found = finds("counts-disagree", |facts| {
                let inbox = folder(facts, Role::Inbox);
                inbox.exists = inbox.messages.map(|messages| messages + difference);
            });
            assert_eq!(found, expected, "{difference}");
        }
        for (large, expected) in [(0, false), (1, true)] {
            let found = finds("large-messages", |facts| {
                let large = Amount { messages: large, bytes: large * 30_000_000 };
                facts.sweep = Some(Sweep { large, ..Sweep::default() });
            });
            assert_eq!(found, expected, "{large}");
        }
    }

    #[test]
    fn only_what_is_opened_for_writing_is_not_read_only() {
        for (is_so, expected) in [(Some(true), true), (Some(false), false), (None, false)] {
            let found = finds("examine-not-read-only", |facts| facts.is_examine_read_write = is_so);
            assert_eq!(found, expected, "{is_so:?}");
        }
    }
}
