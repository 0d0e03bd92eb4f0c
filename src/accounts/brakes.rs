//! What stops a run: passwords that are refused one after the other, and servers that say to come later.

use std::time::Duration;

use crate::words::accounts as words;

/// How many refused passwords in a row stop a run.
const IN_A_ROW: usize = 5;
/// Of how many accounts how many may be refused at the beginning: a fifth.
const FIRST: usize = 50;
const REFUSED_OF_THE_FIRST: usize = FIRST / 5;

/// How many throttles in a row make a run wait, and for how long each time.
const THROTTLES: usize = 3;
const PAUSES: [Duration; 3] = [Duration::from_mins(5), Duration::from_mins(10), Duration::from_mins(20)];

/// What the servers said to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One of them accepted the password.
    Accepted,
    /// They refused it.
    Refused,
    /// One of them said to come later.
    Throttled,
    /// Anything else: it says nothing about the list.
    Other,
}

/// How the run goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Go {
    On,
    /// No sign-in for so long, and then one account alone.
    Pause(Duration),
    /// No sign-in any more, for this reason.
    Stop(String),
}

/// What was seen so far.
#[derive(Debug, Default)]
pub(crate) struct Brakes {
    goes_on: bool,
    done: usize,
    refused: usize,
    refused_in_a_row: usize,
    throttled_in_a_row: usize,
    pauses: usize,
    /// How many pauses there were, which tells what was begun before the last one.
    stretch: usize,
}

impl Brakes {
    /// `goes_on` is whether refused passwords do not stop the run.
    pub(crate) fn new(goes_on: bool) -> Self {
        Self { goes_on, ..Self::default() }
    }

    /// The stretch of the run, between two pauses, in which an account begins.
    pub(super) fn stretch(&self) -> usize {
        self.stretch
    }

    /// How many accounts may be under way, so that no more are refused than a brake allows where all of them are: `at_once`
    /// as long as the last one was not refused.
    pub(super) fn places(&self, at_once: usize) -> usize {
        let left_in_a_row = IN_A_ROW.saturating_sub(self.refused_in_a_row);
        let left_of_the_first = REFUSED_OF_THE_FIRST.saturating_sub(self.refused);
        let left = match () {
            () if self.goes_on => at_once,
            () if self.refused > 0 && self.done < FIRST => left_in_a_row.min(left_of_the_first),
            () if self.refused_in_a_row > 0 => left_in_a_row,
            () => at_once,
        };
        left.clamp(1, at_once.max(1))
    }

    /// The run waits instead of stopping.
    pub(super) fn paused(&mut self) {
        self.stretch += 1;
    }

    /// Hears what came of an account that was begun in this stretch.
    pub(super) fn heard(&mut self, kind: Kind, stretch: usize) -> Go {
        self.done += 1;
        match kind {
            Kind::Accepted => (self.refused_in_a_row, self.throttled_in_a_row, self.pauses) = (0, 0, 0),
            Kind::Refused => {
                self.refused += 1;
                self.refused_in_a_row += 1;
                self.throttled_in_a_row = 0;
            }
            // It was under way when the pause began, and says nothing of the time after it.
            Kind::Throttled if stretch < self.stretch => return Go::On,
            Kind::Throttled => self.throttled_in_a_row += 1,
            Kind::Other => return Go::On,
        }
        match kind {
            Kind::Refused if self.goes_on => Go::On,
            Kind::Refused if self.refused_in_a_row >= IN_A_ROW => {
                Go::Stop(words::refused_in_a_row(self.refused_in_a_row))
            }
            Kind::Refused if self.done <= FIRST && self.refused >= REFUSED_OF_THE_FIRST => {
                Go::Stop(words::refused_of_the_first(self.refused, self.done))
            }
            // After a pause the first throttle is one too many.
            Kind::Throttled if self.throttled_in_a_row >= THROTTLES => match PAUSES.get(self.pauses) {
                Some(pause) => {
                    self.pauses += 1;
                    self.stretch += 1;
                    Go::Pause(*pause)
                }
                None => Go::Stop(words::THROTTLED.to_owned()),
            },
            _ => Go::On,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hears `a`ccepted, `r`efused, `t`hrottled and `o`ther accounts one after the other; the answer to the last.
    fn heard(brakes: &mut Brakes, kinds: &str) -> Vec<Go> {
        let kind = |letter| match letter {
            'a' => Kind::Accepted,
            'r' => Kind::Refused,
            't' => Kind::Throttled,
            _ => Kind::Other,
        };
        kinds.chars().map(|letter| brakes.heard(kind(letter), brakes.stretch())).filter(|go| *go != Go::On).collect()
    }

    #[test]
    fn five_refused_passwords_in_a_row_stop_it() {
        assert_eq!(heard(&mut Brakes::new(false), "rrrrarrrr"), []);
        assert!(matches!(&heard(&mut Brakes::new(false), "arrrrr")[..], [Go::Stop(_)]));
        assert!(
            matches!(&heard(&mut Brakes::new(false), "rrorror")[..], [Go::Stop(_)]),
            "a failure between says nothing"
        );
        assert_eq!(heard(&mut Brakes::new(true), &"r".repeat(500)), [], "--go-on");
    }

    #[test]
    fn fewer_are_under_way_the_nearer_a_brake_is() {
        let after = |kinds: &str, at_once| {
            let mut brakes = Brakes::new(false);
            heard(&mut brakes, kinds);
            brakes.places(at_once)
        };
        assert_eq!(["", "a", "r", "rr", "rrrr", "rrrra"].map(|kinds| after(kinds, 4)), [4, 4, 4, 3, 1, 4]);
        assert_eq!(["", "a", "r", "rrra"].map(|kinds| after(kinds, 64)), [64, 64, 4, 5]);
        assert_eq!(after(&format!("{}a", "ar".repeat(9)), 4), 1, "the tenth of the first fifty stops it");
        assert_eq!(after(&format!("{}ra", "a".repeat(50)), 64), 64, "after the first fifty, one that works is enough");
        let mut goes_on = Brakes::new(true);
        heard(&mut goes_on, "rrrrrrrr");
        assert_eq!(goes_on.places(64), 64);
    }

    #[test]
    fn a_fifth_of_the_first_fifty_stops_it() {
        assert!(matches!(&heard(&mut Brakes::new(false), &"ar".repeat(10))[..], [Go::Stop(_)]));
        assert_eq!(heard(&mut Brakes::new(false), &"ar".repeat(9)), []);
        let later = format!("{}{}", "a".repeat(50), "ar".repeat(100));
        assert_eq!(heard(&mut Brakes::new(false), &later), [], "after fifty good ones the list is right");
    }

    #[test]
    fn throttles_in_a_row_make_it_wait_longer_each_time_and_then_stop() {
        let minutes = |minutes| Go::Pause(Duration::from_mins(minutes));
        let mut brakes = Brakes::new(true);
        assert_eq!(heard(&mut brakes, "tattt"), [minutes(5)]);
        assert_eq!(heard(&mut brakes, "t"), [minutes(10)]);
        assert_eq!(heard(&mut brakes, "t"), [minutes(20)]);
        assert_eq!(heard(&mut brakes, "t"), [Go::Stop(words::THROTTLED.to_owned())]);
        let mut brakes = Brakes::new(false);
        assert_eq!(heard(&mut brakes, "ttt"), [minutes(5)]);
        assert_eq!(heard(&mut brakes, "atttatt"), [minutes(5)], "an accepted one begins anew");
    }

    #[test]
    fn what_was_under_way_when_a_pause_began_does_not_lengthen_it() {
        let mut brakes = Brakes::new(false);
        assert_eq!(heard(&mut brakes, "ttt"), [Go::Pause(Duration::from_mins(5))]);
        assert_eq!(brakes.heard(Kind::Throttled, 0), Go::On);
        assert_eq!(brakes.heard(Kind::Throttled, 0), Go::On);
        assert_eq!(brakes.heard(Kind::Throttled, 1), Go::Pause(Duration::from_mins(10)));
    }
}
