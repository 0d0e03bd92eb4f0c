//! Evidence for the tests of the diagnosis: from the recorded cases, whole or mixed with parts of one another.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use checks::evidence::Evidence;

use crate::rehearse;

/// The evidence of every recorded case.
pub(super) fn recorded() -> &'static [(String, Evidence)] {
    rehearse::all()
}

/// The evidence of a recorded case.
pub(super) fn of(name: &str) -> &'static Evidence {
    let found = recorded().iter().find(|(recorded, _)| recorded == name);
    &found.unwrap_or_else(|| panic!("there is no case {name}")).1
}

/// The parts of the evidence. Each may be replaced by itself: the two servers need not have met the same network.
pub(super) const PARTS: [&str; 13] = [
    "settings",
    "dns.imap",
    "dns.smtp",
    "tcp.imap",
    "tcp.smtp",
    "tls.imap",
    "tls.smtp",
    "imap",
    "smtp",
    "mailbox",
    "round-trip",
    "apple-status",
    "second-look",
];

/// Replaces one part of the evidence by the same part of other evidence.
pub(super) fn replace(part: &str, evidence: &mut Evidence, with: &Evidence) {
    match part {
        "settings" => evidence.first.settings = with.first.settings.clone(),
        "dns.imap" => evidence.first.imap.dns = with.first.imap.dns.clone(),
        "dns.smtp" => evidence.first.smtp.dns = with.first.smtp.dns.clone(),
        "tcp.imap" => evidence.first.imap.tcp = with.first.imap.tcp.clone(),
        "tcp.smtp" => evidence.first.smtp.tcp = with.first.smtp.tcp.clone(),
        "tls.imap" => evidence.first.imap.tls = with.first.imap.tls.clone(),
        "tls.smtp" => evidence.first.smtp.tls = with.first.smtp.tls.clone(),
        "imap" => evidence.first.imap.spoken = with.first.imap.spoken.clone(),
        "smtp" => evidence.first.smtp.spoken = with.first.smtp.spoken.clone(),
        "mailbox" => evidence.first.mailbox = with.first.mailbox.clone(),
        "round-trip" => evidence.first.round_trip = with.first.round_trip.clone(),
        "apple-status" => evidence.first.apple_status = with.first.apple_status.clone(),
        "second-look" => evidence.second_look = with.second_look.clone(),
        _ => panic!("evidence has no part {part}"),
    }
}
