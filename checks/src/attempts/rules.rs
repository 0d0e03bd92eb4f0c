//! When a sign-in has to wait, from what earlier ones came to. Apple does not say how many are too many: the numbers
//! are ours.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Earlier, Outcome};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How long a refused password is not sent again, in seconds.
pub const REFUSED_FOR: u64 = DAY;
/// How many sign-ins may be refused within how many seconds.
pub const MOST_REFUSED: [(usize, u64); 2] = [(4, 10 * MINUTE), (10, DAY)];
/// How long to wait after the first of several throttles, in seconds; it doubles with each.
pub const FIRST_PAUSE: u64 = 5 * MINUTE;
/// How long to wait after a throttle at most, in seconds.
pub const LONGEST_PAUSE: u64 = HOUR;
/// How many seconds lie between two sign-ins that are accepted.
pub const APART: u64 = MINUTE;

/// How many messages the account may send to itself within how many seconds.
pub const MOST_ROUND_TRIPS: [(usize, u64); 2] = [(1, 10 * MINUTE), (20, DAY)];

/// Which sign-in of a run it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// The one that the user asked for.
    #[default]
    First,
    /// The same, and the user said to make it although earlier ones say to wait.
    Again,
    /// The one that tells two causes apart, after the first was refused in the same run.
    Second,
}

/// A sign-in that was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HeldBack {
    /// What earlier sign-ins came to.
    #[serde(flatten)]
    pub why: Why,
    /// How many seconds ago that was; of several, the last.
    pub ago_s: u64,
    /// In how many seconds it may be made.
    pub wait_s: u64,
}

/// Why a sign-in has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Why {
    /// The server refused this same password.
    PasswordRefused,
    /// The server refused this account too often.
    ManyRefusals {
        /// How many times.
        refused: u64,
        /// Within how many seconds.
        within_s: u64,
    },
    /// The server reported too many sign-ins or connections.
    Throttled,
    /// The server has just accepted this same password.
    JustAccepted,
    /// The account has sent itself a message too often.
    RoundTrips {
        /// How many times.
        made: u64,
        /// Within how many seconds.
        within_s: u64,
    },
    /// This same password was sent, and the answer is not known: another run waits for it, or it never came.
    Unanswered,
}

/// Returns why a sign-in has to wait, if it has to; of several reasons the one that lasts longest. The latest of the
/// earlier ones comes first.
pub fn held_back(earlier: &[Earlier], which: Which) -> Option<HeldBack> {
    let many = MOST_REFUSED.into_iter().filter_map(|(most, within_s)| many_refusals(earlier, most, within_s));
    let mut reasons: Vec<HeldBack> = match which {
        Which::Again => return None,
        Which::First => [refused(earlier), just_accepted(earlier), unanswered(earlier)].into_iter().flatten().collect(),
        Which::Second => Vec::new(),
    };
    reasons.extend(many.chain(throttled(earlier)));
    longest(reasons)
}

/// Returns why a message that the account sends to itself has to wait, if it has to.
pub fn many_round_trips(earlier: &[Earlier]) -> Option<HeldBack> {
    let is_one = |one: &&Earlier| one.by_round_trip && one.outcome == Outcome::Accepted;
    let agos: Vec<u64> = earlier.iter().filter(is_one).map(|one| one.ago_s).collect();
    longest(MOST_ROUND_TRIPS.into_iter().filter_map(|(most, within_s)| {
        let recent: Vec<u64> = agos.iter().copied().filter(|ago_s| *ago_s < within_s).collect();
        let leaving = *recent.get(most.checked_sub(1)?)?;
        let why = Why::RoundTrips { made: recent.len() as u64, within_s };
        Some(HeldBack { ago_s: *recent.first()?, ..until(within_s, leaving, why)? })
    }))
}

/// The reason that lasts longest.
pub(crate) fn longest(reasons: impl IntoIterator<Item = HeldBack>) -> Option<HeldBack> {
    reasons.into_iter().reduce(|longest, other| if other.wait_s > longest.wait_s { other } else { longest })
}

/// A reason that lasts until so many seconds have passed since then.
fn until(limit_s: u64, ago_s: u64, why: Why) -> Option<HeldBack> {
    let wait_s = limit_s.checked_sub(ago_s).filter(|wait_s| *wait_s > 0)?;
    Some(HeldBack { why, ago_s, wait_s })
}

/// The last judgement of this password was a refusal.
fn refused(earlier: &[Earlier]) -> Option<HeldBack> {
    let is_judged = |one: &&Earlier| matches!(one.outcome, Outcome::Accepted | Outcome::Refused);
    let last = earlier.iter().filter(|one| one.same_password).find(is_judged)?;
    if last.outcome == Outcome::Accepted {
        return None;
    }
    until(REFUSED_FOR, last.ago_s, Why::PasswordRefused)
}

/// One whose answer is not known may have been refused too.
fn many_refusals(earlier: &[Earlier], most: usize, within_s: u64) -> Option<HeldBack> {
    let may_be_refused = |one: &&Earlier| matches!(one.outcome, Outcome::Refused | Outcome::Asked);
    let recent: Vec<u64> =
        earlier.iter().filter(may_be_refused).map(|one| one.ago_s).filter(|ago_s| *ago_s < within_s).collect();
    // The next may be made when so few are left that it is one of `most`.
    let leaving = *recent.get(most.checked_sub(1)?)?;
    let why = Why::ManyRefusals { refused: recent.len() as u64, within_s };
    Some(HeldBack { why, ago_s: *recent.first()?, wait_s: until(within_s, leaving, why)?.wait_s })
}

/// The last judgement of the account was a throttle; how often in a row makes the pause longer.
fn throttled(earlier: &[Earlier]) -> Option<HeldBack> {
    let is_judged = |one: &&Earlier| !matches!(one.outcome, Outcome::Asked | Outcome::Other);
    let in_a_row = earlier.iter().filter(is_judged).take_while(|one| one.outcome == Outcome::Throttled);
    // One that is older than a day belongs to another time.
    let mut in_a_row = in_a_row.take_while(|one| one.ago_s < DAY);
    let last = in_a_row.next()?;
    let doubled = u32::try_from(in_a_row.count()).unwrap_or(u32::MAX);
    let pause_s = FIRST_PAUSE.checked_shl(doubled.min(8)).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
    until(pause_s, last.ago_s, Why::Throttled)
}

fn just_accepted(earlier: &[Earlier]) -> Option<HeldBack> {
    let last = earlier.iter().find(|one| one.same_password && one.outcome == Outcome::Accepted)?;
    until(APART, last.ago_s, Why::JustAccepted)
}

fn unanswered(earlier: &[Earlier]) -> Option<HeldBack> {
    let last = earlier.iter().find(|one| one.same_password && one.outcome == Outcome::Asked)?;
    until(APART, last.ago_s, Why::Unanswered)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(ago_s: u64, outcome: Outcome, same_password: bool) -> Earlier {
        Earlier { ago_s, outcome, same_password, by_round_trip: false }
    }

    fn why(earlier: &[Earlier]) -> Option<(Why, u64)> {
        held_back(earlier, Which::First).map(|held| (held.why, held.wait_s))
    }

    #[test]
    fn a_refused_password_waits_a_day_unless_it_was_accepted_since() {
        use Outcome::{Accepted, Refused};
        assert_eq!(why(&[]), None);
        assert_eq!(why(&[one(600, Refused, true)]), Some((Why::PasswordRefused, DAY - 600)));
        assert_eq!(why(&[one(600, Refused, false)]), None, "another password may be tried");
        assert_eq!(why(&[one(DAY, Refused, true)]), None);
        assert_eq!(why(&[one(120, Accepted, true), one(600, Refused, true)]), None);
        assert_eq!(why(&[one(120, Accepted, false), one(600, Refused, true)]).map(|(_, wait)| wait), Some(DAY - 600));
    }

    #[test]
    fn four_refusals_in_ten_minutes_and_ten_a_day_are_the_most() {
        let refused = |agos: &[u64]| agos.iter().map(|ago| one(*ago, Outcome::Refused, false)).collect::<Vec<_>>();
        assert_eq!(why(&refused(&[1, 2, 3])), None);
        let many = |refused, within_s| Why::ManyRefusals { refused, within_s };
        assert_eq!(why(&refused(&[1, 100, 200, 300])), Some((many(4, 600), 300)));
        assert_eq!(why(&refused(&[1, 100, 200, 300, 400])), Some((many(5, 600), 300)));
        assert_eq!(why(&refused(&[1, 100, 200, 600])), None);
        let hours: Vec<u64> = (1..=10).map(|hour| hour * HOUR).collect();
        assert_eq!(why(&refused(&hours)), Some((many(10, DAY), 14 * HOUR)));
        assert_eq!(why(&refused(&hours[1..])), None);
        let unknown: Vec<Earlier> = [90, 91, 92, 93].map(|ago| one(ago, Outcome::Asked, true)).into();
        assert_eq!(why(&unknown), Some((many(4, 600), 507)), "an unknown answer may have been a refusal");
    }

    #[test]
    fn the_pause_after_a_throttle_doubles_up_to_an_hour() {
        let throttled = |count: usize| vec![one(60, Outcome::Throttled, true); count];
        let waits = [1, 2, 3, 4, 5, 100].map(|count| why(&throttled(count)).map(|(_, wait)| wait / MINUTE));
        assert_eq!(waits, [4, 9, 19, 39, 59, 59].map(Some));
        let mut over = throttled(3);
        over.insert(0, one(61, Outcome::Accepted, false));
        assert_eq!(why(&over), None, "what was accepted since ends the pause");
        assert_eq!(why(&[one(60, Outcome::Throttled, true), one(2 * DAY, Outcome::Throttled, true)]).unwrap().1, 240);
    }

    #[test]
    fn accepted_sign_ins_are_a_minute_apart() {
        assert_eq!(why(&[one(12, Outcome::Accepted, true)]), Some((Why::JustAccepted, 48)));
        assert_eq!(why(&[one(60, Outcome::Accepted, true)]), None);
        assert_eq!(why(&[one(12, Outcome::Accepted, false)]), None, "a new password is another question");
        assert_eq!(why(&[one(12, Outcome::Asked, true)]), Some((Why::Unanswered, 48)));
    }

    #[test]
    fn a_message_is_sent_once_in_ten_minutes_and_twenty_times_a_day() {
        let trip = |ago_s| Earlier { by_round_trip: true, ..one(ago_s, Outcome::Accepted, true) };
        let why = |earlier: &[Earlier]| many_round_trips(earlier).map(|held| (held.why, held.wait_s));
        assert_eq!(why(&[one(1, Outcome::Accepted, true)]), None, "a check sends nothing");
        assert_eq!(why(&[trip(100)]), Some((Why::RoundTrips { made: 1, within_s: 600 }, 500)));
        assert_eq!(why(&[trip(600)]), None);
        assert_eq!(why(&[Earlier { outcome: Outcome::Refused, ..trip(1) }]), None, "nothing was sent");
        let many: Vec<Earlier> = (1..=20).map(|hour| trip(hour * HOUR)).collect();
        assert_eq!(why(&many), Some((Why::RoundTrips { made: 20, within_s: DAY }, 4 * HOUR)));
        assert_eq!(why(&many[1..]), None);
    }

    #[test]
    fn the_user_may_insist_and_the_second_sign_in_of_a_run_keeps_to_the_numbers() {
        let refused = vec![one(1, Outcome::Refused, true); 4];
        assert_eq!(held_back(&refused, Which::Again), None);
        assert_eq!(held_back(&refused[..3], Which::Second), None);
        assert!(held_back(&refused, Which::Second).is_some());
    }

    /// A server that judges by a fixed rule, and a clock that a test moves.
    fn costs(steps: &[(u64, u64)], answer: impl Fn(u64) -> Outcome) -> Vec<(u64, Outcome)> {
        let (mut now, mut made): (u64, Vec<(u64, u64, Outcome)>) = (0, Vec::new());
        for (later, password) in steps {
            now += later;
            for which in [Which::First, Which::Second] {
                let remembered = made.iter().rev();
                let earlier: Vec<Earlier> =
                    remembered.map(|(at, with, outcome)| one(now - at, *outcome, with == password)).collect();
                if held_back(&earlier, which).is_some() {
                    break;
                }
                let outcome = answer(*password);
                made.push((now, *password, outcome));
                if outcome != Outcome::Refused {
                    break;
                }
            }
        }
        made.into_iter().map(|(at, _, outcome)| (at, outcome)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn in_no_window_are_there_more_refusals_than_the_rules_allow(
            steps in prop::collection::vec((0..4000_u64, 0..9_u64), 0..400),
        ) {
            let made = costs(&steps, |_| Outcome::Refused);
            for (at, _) in &made {
                for (most, within_s) in MOST_REFUSED {
                    let inside = made.iter().filter(|(other, _)| (*at..at + within_s).contains(other)).count();
                    prop_assert!(inside <= most, "{inside} in {within_s} s");
                }
            }
        }

        #[test]
        fn accepted_ones_and_throttled_ones_keep_their_distance(
            steps in prop::collection::vec((0..200_u64, Just(0_u64)), 0..400),
            is_throttled in any::<bool>(),
        ) {
            let (outcome, least) = match is_throttled {
                true => (Outcome::Throttled, FIRST_PAUSE),
                false => (Outcome::Accepted, APART),
            };
            let made = costs(&steps, |_| outcome);
            prop_assert!(made.windows(2).all(|pair| pair[1].0 - pair[0].0 >= least));
        }

        #[test]
        fn nothing_holds_back_for_ever(
            earlier in prop::collection::vec((any::<u64>(), 0..5_usize, any::<bool>()), 0..50),
        ) {
            let earlier: Vec<Earlier> =
                earlier.into_iter().map(|(ago_s, kind, same)| one(ago_s, Outcome::ALL[kind], same)).collect();
            let held = held_back(&earlier, Which::First);
            prop_assert!(held.is_none_or(|held| (1..=DAY).contains(&held.wait_s)));
            let later: Vec<Earlier> =
                earlier.into_iter().map(|one| Earlier { ago_s: one.ago_s.saturating_add(DAY), ..one }).collect();
            prop_assert_eq!(held_back(&later, Which::First), None);
        }
    }
}
