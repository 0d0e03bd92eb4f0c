//! Causes that are met after the sign-in, in the mailbox itself.

use checks::evidence::Evidence;
use checks::imap;
use checks::mailbox::{Fetched, Folder};
use checks::plan::Check;

use super::{Fit, Sure};

fn facts(evidence: &Evidence) -> Option<&imap::Facts> {
    evidence.imap.as_ref().map(|asked| &asked.facts)
}

/// The storage is used up.
pub(super) fn mailbox_full(evidence: &Evidence) -> Option<Fit> {
    let storage = facts(evidence)?.mailbox.storage?;
    (storage.limit_kib > 0 && storage.used_kib >= storage.limit_kib).then(|| {
        Fit::trouble(Sure::Certain)
            .because(Check::Imap, format!("{} of {} KiB are used", storage.used_kib, storage.limit_kib))
    })
}

/// There are two folders for sent messages: a mail program made one of its own name (hkdb/aerion#98).
pub(super) fn folder_name(evidence: &Evidence) -> Option<Fit> {
    let sent = facts(evidence)?.mailbox.folders.as_ref().filter(|folders| folders.len() > 1)?;
    let names = sent.iter().map(named).collect::<Vec<_>>().join(" and ");
    Some(
        Fit::warning(Sure::Likely)
            .because(
                Check::Imap,
                format!("{names} stand side by side in the mailbox: a mail program made one of them, most likely"),
            )
            .decided_by("a look at each mail program: which folder is it set to for sent messages?"),
    )
}

fn named(folder: &Folder) -> String {
    // RFC 6154 section 2.
    let mark = if folder.attributes.iter().any(|attribute| attribute == "\\Sent") {
        " (which the server marks \\Sent)"
    } else {
        ""
    };
    format!("\"{}\"{mark}", folder.name)
}

/// RFC822 is answered without the message that BODY.PEEK[] brings.
pub(super) fn rfc822_fetch_empty(evidence: &Evidence) -> Option<Fit> {
    let message = facts(evidence)?.mailbox.message.as_ref()?;
    (message.peeked == Fetched::Came && message.rfc822 == Some(Fetched::Empty)).then(|| {
        Fit::warning(Sure::Certain)
            .because(Check::Imap, "a message that was asked for as BODY.PEEK[] came")
            .because(Check::Imap, "the same message asked for as RFC822 did not: the server says OK and sends nothing")
    })
}

/// QRESYNC is offered, and iCloud's answers to it are malformed (Foundry376/Mailspring-Sync#91, Wino-Mail#43). Said
/// only to somebody who asks for the mailbox.
pub(super) fn qresync_unreliable(evidence: &Evidence) -> Option<Fit> {
    let facts = facts(evidence)?;
    let offers = |capabilities: &Option<Vec<String>>, name: &str| capabilities.iter().flatten().any(|one| one == name);
    // No other mark of Apple's server is as old and as steady.
    let is_apples = offers(&facts.capabilities, "XAPPLEPUSHSERVICE");
    let applies = facts.mailbox.message.is_some() && is_apples && offers(&facts.capabilities_after, "QRESYNC");
    applies.then(|| {
        Fit::note(Sure::Possible)
            .because(
                Check::Imap,
                "the server offers QRESYNC, which mail programs were seen to lose messages by at iCloud",
            )
            .decided_by("whether messages that the mail program misses are there at icloud.com/mail")
    })
}
