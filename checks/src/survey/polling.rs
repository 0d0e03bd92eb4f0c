//! What does it cost to look for new mail? Counted from what this run itself waited for, sent and received.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::talk::Spent;

/// How often mail programs look for new mail, in minutes.
const INTERVALS: [u32; 3] = [1, 5, 15];
/// The minutes of a day.
const DAY: u32 = 24 * 60;

/// What a mail program pays that signs in each time to look for new mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxPolling")]
pub struct Polling {
    /// Whether the server offers IDLE: a program that waits with it looks no more (RFC 2177).
    pub offers_idle: bool,
    /// The round trips of one look, from opening the connection to the answer whether there is new mail.
    pub round_trips: u32,
    /// The time of one round trip, in milliseconds.
    pub round_trip_ms: u64,
    /// The bytes of IMAP in both directions of one look; those of the encryption come on top.
    pub bytes: u64,
    /// What that makes in a day.
    pub intervals: Vec<Interval>,
}

/// What looking at an interval costs in a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxPollingInterval")]
pub struct Interval {
    /// The minutes from one look to the next.
    pub minutes: u32,
    /// The sign-ins of a day.
    pub sign_ins: u32,
    /// The time of a day that is spent waiting, in milliseconds.
    pub waited_ms: u64,
    /// The bytes of IMAP of a day.
    pub bytes: u64,
}

impl Polling {
    /// Of a conversation whose way to the sign-in and one question took this.
    pub(super) fn of(offers_idle: bool, look: Spent, round_trip_ms: u64) -> Self {
        let mut polling = Self { offers_idle, round_trips: 0, round_trip_ms, bytes: look.bytes, intervals: Vec::new() };
        polling.comes_after(look.writes);
        polling
    }

    /// Adds round trips that come before it.
    pub(super) fn comes_after(&mut self, before: u32) {
        self.round_trips = self.round_trips.saturating_add(before);
        let each_ms = u64::from(self.round_trips).saturating_mul(self.round_trip_ms);
        let interval = |minutes: u32| {
            let looks = DAY / minutes;
            let times = |one: u64| u64::from(looks).saturating_mul(one);
            Interval { minutes, sign_ins: looks, waited_ms: times(each_ms), bytes: times(self.bytes) }
        };
        self.intervals = INTERVALS.map(interval).into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_as_many_looks_as_fit_into_it() {
        let mut polling = Polling::of(true, Spent { writes: 3, bytes: 1_000 }, 40);
        polling.comes_after(3);
        assert_eq!((polling.round_trips, polling.round_trip_ms, polling.bytes), (6, 40, 1_000));
        let each: Vec<_> =
            polling.intervals.iter().map(|of| (of.minutes, of.sign_ins, of.waited_ms, of.bytes)).collect();
        assert_eq!(each, [(1, 1_440, 345_600, 1_440_000), (5, 288, 69_120, 288_000), (15, 96, 23_040, 96_000)]);
    }
}
