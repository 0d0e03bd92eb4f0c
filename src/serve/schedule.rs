//! When each account has its turn: once an interval, a little later each time by chance. It knows no clock and no network.

use std::collections::BTreeMap;
use std::time::Duration;

/// By how many percent an interval is lengthened by chance, at most: accounts that were begun together drift apart.
const JITTER: u64 = 10;

/// Whose turn it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Turn {
    /// This account's.
    Now(String),
    /// Nobody's before this time.
    At(u64),
    /// Nobody's until the list changes.
    Never,
}

/// The turns of all accounts. Every time is in milliseconds on one clock.
#[derive(Debug)]
pub(super) struct Schedule {
    interval: u64,
    turns: BTreeMap<String, Due>,
}

#[derive(Debug, Clone, Copy)]
struct Due {
    at: u64,
    /// It had its turn, and has not begun yet.
    is_taken: bool,
    /// Its place in the list, which decides among those that are due at the same time.
    place: usize,
}

impl Schedule {
    pub(super) fn new(interval: Duration) -> Self {
        Self { interval: u64::try_from(interval.as_millis()).unwrap_or(u64::MAX), turns: BTreeMap::new() }
    }

    /// Takes the accounts of a list, in its order. An account that is known keeps its turn; one that is not has it at
    /// the time that `first` returns.
    pub(super) fn take_list<'n>(&mut self, names: impl Iterator<Item = &'n str>, first: impl Fn(&str) -> u64) {
        let mut old = std::mem::take(&mut self.turns);
        for (place, name) in names.enumerate() {
            let due = old.remove(name).unwrap_or_else(|| Due { at: first(name), is_taken: false, place });
            self.turns.insert(name.to_owned(), Due { place, ..due });
        }
    }

    /// Whose turn it is; that account is taken until it begins.
    pub(super) fn turn(&mut self, now: u64) -> Turn {
        let waiting = self.turns.iter_mut().filter(|(_, due)| !due.is_taken);
        match waiting.min_by_key(|(_, due)| (due.at, due.place)) {
            None => Turn::Never,
            Some((_, due)) if due.at > now => Turn::At(due.at),
            Some((name, due)) => {
                due.is_taken = true;
                Turn::Now(name.clone())
            }
        }
    }

    /// An account begins, or is passed over this time: its next turn is an interval later, and a little by chance.
    pub(super) fn begun(&mut self, name: &str, now: u64, chance: u64) {
        if let Some(due) = self.turns.get_mut(name) {
            due.at = now + self.interval + chance % (self.interval * JITTER / 100 + 1);
            due.is_taken = false;
        }
    }

    /// Nobody has a turn before this time.
    pub(super) fn not_before(&mut self, at: u64) {
        for due in self.turns.values_mut() {
            due.at = due.at.max(at);
        }
    }

    /// When an account has its next turn; one whose turn is now, at once.
    pub(super) fn next(&self, name: &str) -> Option<u64> {
        self.turns.get(name).map(|due| due.at)
    }

    /// The latest that a turn may be from now on: one that was remembered is not later.
    pub(super) fn latest(&self, now: u64) -> u64 {
        now + self.interval + self.interval * JITTER / 100
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: u64 = 60_000;

    fn of(names: &[&str], first: impl Fn(&str) -> u64) -> Schedule {
        let mut schedule = Schedule::new(Duration::from_mins(15));
        schedule.take_list(names.iter().copied(), first);
        schedule
    }

    #[test]
    fn each_has_its_turn_in_the_order_of_the_list_and_then_an_interval_later() {
        let mut schedule = of(&["b", "a"], |_| 0);
        assert_eq!(schedule.turn(0), Turn::Now("b".to_owned()));
        assert_eq!(schedule.turn(0), Turn::Now("a".to_owned()));
        assert_eq!(schedule.turn(0), Turn::Never, "both are taken");
        schedule.begun("b", 2_000, 0);
        assert_eq!(schedule.turn(2_000), Turn::At(15 * MINUTE + 2_000));
        schedule.begun("a", 1_000, u64::MAX);
        assert!(schedule.next("a").is_some_and(|at| (15 * MINUTE + 1_000..=16 * MINUTE + 31_000).contains(&at)));
    }

    #[test]
    fn a_new_list_changes_no_turn_of_those_that_stay() {
        let mut schedule = of(&["a", "b"], |name| if name == "a" { 5 } else { 7 });
        schedule.take_list(["c", "b"].into_iter(), |_| 9);
        assert_eq!((schedule.next("a"), schedule.next("b"), schedule.next("c")), (None, Some(7), Some(9)));
        assert_eq!(schedule.turn(10), Turn::Now("b".to_owned()));
        schedule.begun("a", 10, 0);
        assert_eq!(schedule.next("a"), None, "it is not in the list any more");
    }

    #[test]
    fn a_pause_is_for_all_and_brings_nobody_nearer() {
        let mut schedule = of(&["a", "b"], |name| if name == "a" { 5 } else { 90 });
        schedule.not_before(60);
        assert_eq!((schedule.next("a"), schedule.next("b")), (Some(60), Some(90)));
        assert_eq!(schedule.turn(59), Turn::At(60));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_account_has_two_turns_within_an_interval(
            steps in prop::collection::vec((0..20 * MINUTE, any::<u64>(), 0..40_000_u64), 1..300),
        ) {
            let names = ["a", "b", "c", "d"];
            let mut schedule = of(&names, |_| 0);
            let mut now = 0;
            let mut begun: BTreeMap<String, u64> = BTreeMap::new();
            for (later, chance, delay) in steps {
                now += later;
                if let Turn::Now(name) = schedule.turn(now) {
                    now += delay;
                    if let Some(before) = begun.insert(name.clone(), now) {
                        prop_assert!(now - before >= 15 * MINUTE);
                    }
                    schedule.begun(&name, now, chance);
                    prop_assert!(schedule.next(&name).is_some_and(|at| at <= schedule.latest(now)));
                }
            }
        }
    }
}
