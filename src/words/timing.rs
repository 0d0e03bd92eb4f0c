//! What went on when, and how long it took.

use std::fmt::Display;

use checks::plan::Protocol;
use time::Duration;

pub(crate) use super::connection::attempted;

pub(crate) const STATUS_PAGE: &str = "Apple's status page";
pub(crate) const OTHER_CHECKS: &str = "Other checks";
pub(crate) const FOLLOW_UP_CHECKS: &str = "Follow-up checks";
pub(crate) const HANDSHAKE: &str = "TLS handshake";
pub(crate) const GREETING: &str = "Greeting";
pub(crate) const EXPECTED: &str = "What was expected";
pub(crate) const NO_ANSWER: &str = "no answer";

/// How far two clocks are apart, in days or hours.
pub(crate) fn length(off: Duration) -> String {
    match (off.whole_days(), off.whole_hours()) {
        (0, 1) => "an hour".to_owned(),
        (0, hours) => format!("{hours} hours"),
        (1, _) => "a day".to_owned(),
        (days, _) => format!("{days} days"),
    }
}

/// How long ago something was, in whole units that have passed.
pub(crate) fn ago(seconds: u64) -> String {
    let (unit, name) = unit(seconds);
    counted(seconds / unit, name)
}

/// How long to wait, in whole units that are enough.
pub(crate) fn wait(seconds: u64) -> String {
    let (unit, name) = unit(seconds);
    counted(seconds.div_ceil(unit), name)
}

/// A time of seconds, minutes or hours, in two units at most.
pub(crate) fn span(ms: u64) -> String {
    let seconds = ms.saturating_add(500) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, seconds) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

fn unit(seconds: u64) -> (u64, &'static str) {
    match seconds {
        0..120 => (1, "second"),
        120..7_200 => (60, "minute"),
        7_200..172_800 => (3_600, "hour"),
        _ => (86_400, "day"),
    }
}

fn counted(count: u64, name: &str) -> String {
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}

/// With whom a lane is.
pub(crate) fn lane(of: Protocol, host: &str, port: u16) -> String {
    format!("{}: {host}, port {port}", of.name())
}

pub(crate) fn lookup(kind: impl Display, name: &str) -> String {
    format!("{kind} record of {name}")
}

pub(crate) fn connection(to: impl Display) -> String {
    format!("Connection to {to}")
}

/// What a handshake came to.
pub(crate) fn handshake(facts: &checks::tls::Facts) -> String {
    super::certificate::handshake(facts).words()
}

/// Which part of a lane's time its round trips make.
pub(crate) struct RoundTrips {
    pub(crate) number: u64,
    pub(crate) each_ms: u64,
    pub(crate) on_the_way_ms: u64,
    pub(crate) whole_ms: u64,
}

/// Whose the time is.
pub(crate) enum Slow {
    /// The way's.
    Way,
    /// The server's, or of what answers in its place.
    Server,
    Both,
}

impl RoundTrips {
    pub(crate) fn words(&self, slow: &Slow) -> String {
        let trips = if self.number == 1 { "1 round trip" } else { &format!("{} round trips", self.number) };
        let each = if self.each_ms == 0 { "less than 1 ms" } else { &format!("about {}", duration(self.each_ms)) };
        let (way, whole) = (duration(self.on_the_way_ms), duration(self.whole_ms));
        match slow {
            Slow::Way => format!(
                "{trips} of {each} each make {way} of the {whole}: that is the way to the server, not the server."
            ),
            Slow::Server => format!(
                "{trips} of {each} each explain little of the {whole}: most of it went by at the server, or at what answers in \
                 its place."
            ),
            Slow::Both => {
                format!("{trips} of {each} each make {way} of the {whole}; the rest went by at the server.")
            }
        }
    }
}

/// A time as people say it.
pub(crate) fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..100_000 if ms % 1_000 >= 100 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} s", ms / 1_000),
    }
}
