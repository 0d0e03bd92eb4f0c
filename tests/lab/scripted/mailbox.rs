//! The laboratory's one message in a mailbox that iCloud keeps, as the manners have it.

use super::icloud_mailbox::{Mailbox, Store, Ways};
use super::manners::{Manner, Manners};
use crate::fault::{BODY, HEADER};

/// The mailbox of one connection.
pub(super) fn of(manners: &Manners) -> Mailbox {
    let more: &[_] = if manners.has(Manner::TwoSentFolders) { &["Sent", "Trash"] } else { &[] };
    let flags: &[_] = if manners.has(Manner::Unread) { &[] } else { &["\\Seen"] };
    let ways = Ways {
        fetches_rfc822: manners.has(Manner::FetchesRfc822),
        fetch_unavailable: manners.has(Manner::FetchUnavailable),
        ..Ways::default()
    };
    Mailbox::of(Store::with(more).and(flags, HEADER, BODY), ways)
}
