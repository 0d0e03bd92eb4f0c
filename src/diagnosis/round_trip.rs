//! Causes that a message from the account to itself shows: where it went, how long it took, and whether the server told.

use checks::evidence::Evidence;
use checks::plan::Protocol;
use checks::questions::Question;
use checks::round_trip::{Facts, Found, Handed, Push};
use checks::survey::Role;

use super::saw::RoundTrip;
use super::{Fit, Saw, Seen, Sure, WouldDecide};

/// A message that takes longer is late, in milliseconds.
const LATE_MS: u64 = 60_000;

fn facts(evidence: &Evidence) -> Option<&Facts> {
    evidence.first.round_trip.as_ref().map(|asked| &asked.facts)
}

fn seen(saw: RoundTrip) -> Seen {
    Seen::new(Question::RoundTrip, saw)
}

fn arrived(facts: &Facts, copy: &Found) -> Seen {
    seen(RoundTrip::Arrived { copy: Box::new(copy.clone()), after_ms: facts.delivery_ms() })
}

/// The server where something went wrong, and what.
pub(super) fn trouble(evidence: &Evidence) -> Option<(Protocol, Saw)> {
    let facts = facts(evidence)?;
    let sending = if facts.is_appended { Protocol::Imap } else { Protocol::Smtp };
    if let Some(line) = &facts.stopped_by {
        return Some((Protocol::Imap, RoundTrip::Stopped(line.clone()).into()));
    }
    if let Some(returned) = &facts.returned {
        return Some((sending, RoundTrip::Returned(returned.clone()).into()));
    }
    match &facts.handed {
        Some(Handed::Refused { answer }) if facts.is_appended => {
            Some((sending, RoundTrip::Refused(answer.clone()).into()))
        }
        _ => Some((sending, lost(facts)?.into())),
    }
}

fn lost(facts: &Facts) -> Option<RoundTrip> {
    let waited_ms = facts.waited_until_ms?.saturating_sub(facts.taken_ms()?);
    facts.is_lost().then_some(RoundTrip::NotArrived { waited_ms })
}

/// The server took the message, and it is nowhere.
pub(super) fn message_not_arrived(evidence: &Evidence) -> Option<Fit> {
    let lost = lost(facts(evidence)?)?;
    Some(Fit::trouble(Sure::Likely).because_all([seen(lost)]).decided_by(WouldDecide::LaterLook))
}

/// A mail server returned the message.
pub(super) fn message_returned(evidence: &Evidence) -> Option<Fit> {
    let returned = facts(evidence)?.returned.clone()?;
    Some(Fit::trouble(Sure::Certain).because_all([seen(RoundTrip::Returned(returned))]))
}

/// The first copy that arrived, where none is in the inbox and this one is in a folder that fits.
fn elsewhere(evidence: &Evidence, fits: impl Fn(Option<Role>) -> bool) -> Option<Seen> {
    let facts = facts(evidence)?;
    let first = facts.arrived().next().filter(|copy| fits(copy.role))?;
    let is_in_inbox = facts.arrived().any(|copy| copy.role == Some(Role::Inbox));
    (!is_in_inbox).then(|| arrived(facts, first))
}

/// A filter took the account's own message for advertising.
pub(super) fn message_in_junk(evidence: &Evidence) -> Option<Fit> {
    let seen = elsewhere(evidence, |role| role == Some(Role::Junk))?;
    Some(Fit::warning(Sure::Certain).because_all([seen]))
}

/// The message arrived in a folder that no server would choose by itself. The rules themselves are not seen over IMAP.
pub(super) fn moved_by_a_rule(evidence: &Evidence) -> Option<Fit> {
    let seen = elsewhere(evidence, |role| !matches!(role, Some(Role::Inbox | Role::Junk)))?;
    Some(Fit::warning(Sure::Likely).because_all([seen]).decided_by(WouldDecide::Rules))
}

/// The message took more than a minute.
pub(super) fn message_late(evidence: &Evidence) -> Option<Fit> {
    let facts = facts(evidence)?;
    let first = facts.arrived().next()?;
    let is_late = facts.delivery_ms().is_some_and(|delivery_ms| delivery_ms > LATE_MS);
    is_late.then(|| Fit::warning(Sure::Certain).because_all([arrived(facts, first)]))
}

/// The server told nothing of a message in the inbox.
pub(super) fn idle_silent(evidence: &Evidence) -> Option<Fit> {
    let Push::Silent { for_ms } = facts(evidence)?.push else { return None };
    Some(
        Fit::warning(Sure::Likely).because_all([seen(RoundTrip::Silent { for_ms })]).decided_by(WouldDecide::LaterLook),
    )
}

/// The server files more than one copy of what is sent.
pub(super) fn sent_copy_twice(evidence: &Evidence) -> Option<Fit> {
    let copies = facts(evidence)?.sent_copies().count();
    (copies > 1).then(|| Fit::warning(Sure::Certain).because_all([seen(RoundTrip::SentCopies(copies))]))
}

/// The server files no copy of what is sent, so that a mail program has to.
pub(super) fn sent_copy_missing(evidence: &Evidence) -> Option<Fit> {
    let facts = facts(evidence).filter(|facts| facts.is_sent_folder_known && !facts.is_appended)?;
    let has_arrived = facts.arrived().next().is_some();
    let is_missing = has_arrived && facts.sent_copies().next().is_none();
    is_missing.then(|| {
        Fit::note(Sure::Possible).because_all([seen(RoundTrip::NoSentCopy)]).decided_by(WouldDecide::SentFolders)
    })
}
