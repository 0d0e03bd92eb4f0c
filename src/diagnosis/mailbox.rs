//! Causes that are found after the sign-in, in the mailbox itself.

use checks::evidence::Evidence;
use checks::imap;
use checks::mailbox::{Fetched, Storage};
use checks::meaning::Meaning;
use checks::plan::Protocol;
use checks::questions::Question;

use super::saw::Mailbox;
use super::{Fit, Seen, Sure, WouldDecide, service};

fn facts(evidence: &Evidence) -> Option<&imap::Facts> {
    evidence.first.imap.spoken.as_ref().map(|asked| &asked.facts)
}

/// How full the mailbox is, and which check asked.
fn storage(evidence: &Evidence) -> Option<(Question, Storage)> {
    let by_check = facts(evidence).and_then(|facts| facts.mailbox.storage).map(|storage| (Question::Imap, storage));
    by_check.or_else(|| Some((Question::Mailbox, evidence.first.mailbox.as_ref()?.facts.storage?)))
}

/// The storage is used up, or a server says so.
pub(super) fn mailbox_full(evidence: &Evidence) -> Option<Fit> {
    if let Some((by, storage)) = storage(evidence).filter(|(_, storage)| is_full(*storage)) {
        return Some(Fit::trouble(Sure::Certain).because(by, Mailbox::Used(storage)));
    }
    let says_so = |of: &Protocol| service::is_sure_of(evidence, *of, &[Meaning::MailboxFull]).is_some();
    let said: Vec<Seen> = Protocol::BOTH.into_iter().filter(says_so).map(|of| service::ended(evidence, of)).collect();
    (!said.is_empty()).then(|| Fit::trouble(Sure::Likely).because_all(said))
}

/// The storage is nearly full: mail still arrives, but soon no longer.
pub(super) fn mailbox_nearly_full(evidence: &Evidence) -> Option<Fit> {
    let (by, storage) = storage(evidence)?;
    let percent = nearly_full(storage)?;
    Some(Fit::warning(Sure::Certain).because(by, Mailbox::UsedInPercent(storage, percent)))
}

/// From this percentage on, the storage counts as nearly full.
const NEARLY_FULL: u64 = 95;

fn is_full(storage: Storage) -> bool {
    storage.limit_kib > 0 && storage.used_kib >= storage.limit_kib
}

/// The percentage that is used, where the storage is nearly full but not full.
fn nearly_full(storage: Storage) -> Option<u64> {
    let percent = storage.percent()?;
    (percent >= NEARLY_FULL && !is_full(storage)).then_some(percent)
}

/// There are two folders for sent messages: a mail program created one with its own name (hkdb/aerion#98).
pub(super) fn folder_name(evidence: &Evidence) -> Option<Fit> {
    let sent = facts(evidence)?.mailbox.folders.as_ref().filter(|folders| folders.len() > 1)?;
    Some(
        Fit::warning(Sure::Likely)
            .because(Question::Imap, Mailbox::SentFolders(sent.clone()))
            .decided_by(WouldDecide::SentFolders),
    )
}

/// RFC822 is answered without the message that BODY.PEEK[] returns. iCloud does this for every account, and the check
/// sees no mail program: it matters only to a user whose program fetches messages in this way.
pub(super) fn rfc822_fetch_empty(evidence: &Evidence) -> Option<Fit> {
    let message = facts(evidence)?.mailbox.message.as_ref()?;
    (message.peeked == Fetched::Came && message.rfc822 == Fetched::Empty).then(|| {
        Fit::note(Sure::Possible)
            .because(Question::Imap, Mailbox::CameByPeek)
            .because(Question::Imap, Mailbox::CameNotByRfc822)
            .decided_by(WouldDecide::EmptyMessages)
    })
}

/// QRESYNC is offered, and iCloud's answers to it are malformed (Foundry376/Mailspring-Sync#91, Wino-Mail#43). Reported
/// only where the user asked for the mailbox.
pub(super) fn qresync_unreliable(evidence: &Evidence) -> Option<Fit> {
    let facts = facts(evidence)?;
    let offers = |capabilities: &Option<Vec<String>>, name: &str| capabilities.iter().flatten().any(|one| one == name);
    // No other sign of Apple's server has been there for as long.
    let is_apples = offers(&facts.capabilities, "XAPPLEPUSHSERVICE");
    let applies = facts.mailbox.message.is_some() && is_apples && offers(&facts.capabilities_after, "QRESYNC");
    applies.then(|| {
        Fit::note(Sure::Possible)
            .because(Question::Imap, Mailbox::OffersQresync)
            .decided_by(WouldDecide::MissingMessages)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_nearly_full_from_95_percent_on_until_it_is_full() {
        for (used, limit, expected) in [
            (0, 0, [false, false]),
            (5, 0, [false, false]),
            (0, 100, [false, false]),
            (94, 100, [false, false]),
            (94_999, 100_000, [false, false]),
            (95, 100, [true, false]),
            (99_999, 100_000, [true, false]),
            (100, 100, [false, true]),
            (120, 100, [false, true]),
        ] {
            let storage = Storage { used_kib: used, limit_kib: limit };
            assert_eq!([nearly_full(storage).is_some(), is_full(storage)], expected, "{used} of {limit}");
        }
    }
}
