//! What became of a message from the account to itself.

use checks::round_trip::{Cleaning, Facts, Found, Handed, Returned};
use checks::survey::Role;

use super::survey::{counted, use_of};
use super::timing::duration;
use super::{server, shortened};
use crate::diagnosis::saw::RoundTrip;
use crate::quoted;
use checks::plan::Protocol;

/// What the subject of the message is, by which a user finds it.
const SUBJECT: &str = "Test message of icloud-mail-doctor";

pub(super) fn said(saw: &RoundTrip) -> String {
    match saw {
        RoundTrip::NotArrived { waited_ms } => {
            format!(
                "{} took the message, and it was in no folder after {}",
                server(Protocol::Smtp),
                duration(*waited_ms)
            )
        }
        RoundTrip::Arrived { copy, after_ms } => {
            let after = after_ms.map(|after| format!(" {} after the server had taken it", duration(after)));
            format!("the message was found in {}{}", place(copy), after.unwrap_or_default())
        }
        RoundTrip::Returned(returned) => came_back(returned),
        RoundTrip::SentCopies(copies) => {
            format!("the server filed {copies} copies of the message among the sent ones")
        }
        RoundTrip::NoSentCopy => {
            "the message was sent and arrived, and there is no copy of it among the sent ones".to_owned()
        }
        RoundTrip::Silent { for_ms } => format!(
            "the message was in the inbox, and the server did not tell (IDLE) for {} at least",
            duration(*for_ms)
        ),
        RoundTrip::Refused(line) => format!("the server refused the message: {}", shortened(line)),
        RoundTrip::Stopped(line) => format!("the server refuses to look into the mailbox: {}", shortened(line)),
    }
}

fn came_back(Returned { status, reason }: &Returned) -> String {
    let status = status.as_deref().map(|status| format!(" with the status {}", shortened(status))).unwrap_or_default();
    let reason = reason.as_deref().map(|reason| format!(": {}", shortened(reason))).unwrap_or_default();
    format!("a mail server returned the message{status}{reason}")
}

/// What became of it, in one sentence.
pub(crate) fn sentence(facts: &Facts) -> String {
    if let Some(line) = &facts.stopped_by {
        return said(&RoundTrip::Stopped(line.clone()));
    }
    if let Some(returned) = &facts.returned {
        return came_back(returned);
    }
    match (&facts.handed, facts.arrived().next()) {
        (Some(Handed::Refused { answer }), _) => said(&RoundTrip::Refused(answer.clone())),
        (Some(Handed::Taken { .. }), Some(copy)) => {
            let told = RoundTrip::Arrived { copy: Box::new(copy.clone()), after_ms: facts.delivery_ms() };
            said(&told)
        }
        (Some(Handed::Taken { .. }), None) if facts.is_cut_short => {
            "the message was sent, and it was not found before the run was ended".to_owned()
        }
        (Some(Handed::Taken { .. }), None) => "the message was sent, and it was not found".to_owned(),
        (Some(Handed::NotHanded) | None, _) => "no message was sent".to_owned(),
    }
}

/// What the folder of a copy is called in a report.
pub(crate) fn place(copy: &Found) -> String {
    match (copy.role, &copy.name) {
        (Some(Role::Inbox), _) => "the inbox".to_owned(),
        (_, Some(name)) => format!("the folder {name}"),
        (Some(role), None) => format!("folder {} ({})", copy.folder, use_of(role)),
        (None, None) => format!("folder {}", copy.folder),
    }
}

/// What became of the message in the end, and what is left of it.
pub(crate) fn cleaning(facts: &Facts) -> String {
    let left: Vec<String> = facts.copies.iter().filter(|copy| !copy.is_removed).map(place).collect();
    let left = left.join(" and in ");
    let ended = match facts.cleaning {
        Cleaning::Nothing => "Nothing was left in the mailbox.".to_owned(),
        Cleaning::Removed if facts.arrived().next().is_none() => "What was found was removed again.".to_owned(),
        Cleaning::Removed => "The message was removed again.".to_owned(),
        Cleaning::Kept => format!("The message was left in {left}, as was asked for. Its subject is \"{SUBJECT}\"."),
        Cleaning::NoUidplus => format!(
            "The message was left in {left}, because the server cannot remove one message alone (UIDPLUS). Delete it: its \
             subject is \"{SUBJECT}\"."
        ),
        Cleaning::Incomplete => format!("The message could not be removed from {left}. Its subject is \"{SUBJECT}\"."),
    };
    let is_under_way = facts.taken_ms().is_some() && facts.arrived().next().is_none() && facts.returned.is_none();
    let later = is_under_way.then(|| {
        format!(" If the message arrives later, its subject is \"{SUBJECT}\"; the next round trip removes it.")
    });
    let remains = (facts.remains_removed > 0)
        .then(|| format!(" {} of earlier runs removed too.", were(facts.remains_removed as u64)));
    [Some(ended), later, remains].into_iter().flatten().collect()
}

fn were(count: u64) -> String {
    format!("{} {}", counted(count, "message"), if count == 1 { "was" } else { "were" })
}

/// The stations of the message, each with the time after it was sent, in milliseconds; that of a server on the way is by
/// its own clock, and is only exact to a second.
pub(crate) fn stations(facts: &Facts) -> Vec<(String, String, u64)> {
    let Some(Handed::Taken { sent_ms, taken_ms }) = facts.handed else { return Vec::new() };
    let after = |at: u64| at.saturating_sub(sent_ms);
    let at = |what: String, at: u64| (what, duration(after(at)), after(at));
    let taker = if facts.is_appended { Protocol::Imap } else { Protocol::Smtp };
    let mut stations = vec![at("Sent".to_owned(), sent_ms), at(format!("Taken by {}", server(taker)), taken_ms)];
    let first = facts.hops.first().and_then(checks::round_trip::Hop::unix);
    stations.extend(facts.hops.iter().filter_map(|hop| {
        let seconds = u64::try_from(hop.unix()? - first?).ok()?;
        let name = hop.by.as_deref().map_or_else(|| "a server".to_owned(), quoted::shortened);
        Some((format!("At {name}"), format!("+ {seconds} s"), after(taken_ms) + seconds * 1000))
    }));
    if let checks::round_trip::Push::Told { at_ms } = facts.push {
        stations.push(at("The server told (IDLE)".to_owned(), at_ms));
    }
    let found = |copy: &Found| match copy.is_bounce {
        true => at(format!("Its return found in {}", place(copy)), copy.found_ms),
        false => at(format!("Found in {}", place(copy)), copy.found_ms),
    };
    stations.extend(facts.copies.iter().map(found));
    stations
}
