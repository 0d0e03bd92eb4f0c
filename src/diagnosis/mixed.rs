//! Evidence for the tests of the diagnosis: what the recorded cases bring home, whole or with parts of one another.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use checks::evidence::Evidence;

use crate::rehearse;

/// What every recorded case brings home.
pub(super) fn recorded() -> &'static [(String, Evidence)] {
    rehearse::all()
}

/// What a recorded case brings home.
pub(super) fn of(name: &str) -> &'static Evidence {
    let found = recorded().iter().find(|(recorded, _)| recorded == name);
    &found.unwrap_or_else(|| panic!("there is no case {name}")).1
}

/// The parts of which evidence is made: the two servers need not have met the same world.
pub(super) const PARTS: [&str; 11] = [
    "settings",
    "dns.imap",
    "dns.smtp",
    "tcp.imap",
    "tcp.smtp",
    "tls.imap",
    "tls.smtp",
    "imap",
    "smtp",
    "apple-status",
    "second-look",
];

/// Puts one part of other evidence in the place of this one's.
pub(super) fn replace(part: &str, evidence: &mut Evidence, with: &Evidence) {
    match part {
        "settings" => evidence.settings = with.settings.clone(),
        "dns.imap" => evidence.dns.imap = with.dns.imap.clone(),
        "dns.smtp" => evidence.dns.smtp = with.dns.smtp.clone(),
        "tcp.imap" => evidence.tcp.imap = with.tcp.imap.clone(),
        "tcp.smtp" => evidence.tcp.smtp = with.tcp.smtp.clone(),
        "tls.imap" => evidence.tls.imap = with.tls.imap.clone(),
        "tls.smtp" => evidence.tls.smtp = with.tls.smtp.clone(),
        "imap" => evidence.imap = with.imap.clone(),
        "smtp" => evidence.smtp = with.smtp.clone(),
        "apple-status" => evidence.apple_status = with.apple_status.clone(),
        "second-look" => evidence.second_look = with.second_look.clone(),
        _ => panic!("evidence has no part {part}"),
    }
}
