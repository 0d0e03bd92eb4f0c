//! Whether the network or the server takes the time, judged by the number of round trips.

use super::Step;
use crate::words::timing::{RoundTrips, Slow};

/// Shorter times are as short as the steps of the clock.
const LEAST_ROUND_TRIP_MS: u64 = 5;
const LEAST_MS: u64 = 100;

/// Returns in a sentence which part of a lane's time its round trips explain; `None` where the times are too short to
/// say.
pub(super) fn share(round_trip_ms: u64, steps: &[Step]) -> Option<String> {
    let waits: u64 = steps.iter().filter_map(|step| step.round_trips).map(u64::from).sum();
    let began = steps.iter().filter(|step| step.round_trips.is_some()).map(|step| step.started_ms).min()?;
    let whole = steps.iter().map(Step::ended_ms).max()?.saturating_sub(began);
    // The time that was spent waiting for a missing answer says nothing about either.
    let is_silent = steps.iter().any(|step| step.started_ms >= began && step.round_trips.is_none());
    if waits == 0 || whole == 0 || is_silent {
        return None;
    }
    let on_the_way = waits.saturating_mul(round_trip_ms).min(whole);
    let at_most = waits.saturating_mul(round_trip_ms.saturating_add(1));
    let trips = RoundTrips { number: waits, each_ms: round_trip_ms, on_the_way_ms: on_the_way, whole_ms: whole };
    let slow = if round_trip_ms >= LEAST_ROUND_TRIP_MS && on_the_way >= whole / 3 * 2 {
        Slow::Way
    } else if whole >= LEAST_MS && at_most <= whole / 3 {
        Slow::Server
    } else if round_trip_ms >= LEAST_ROUND_TRIP_MS {
        Slow::Both
    } else {
        return None;
    };
    Some(trips.words(&slow))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::StepOutcome;

    fn step(started_ms: u64, duration_ms: u64, round_trips: Option<u8>) -> Step {
        let outcome = StepOutcome::Answered;
        Step { what: String::new(), said: String::new(), outcome, started_ms, duration_ms, round_trips }
    }

    #[test]
    fn the_way_is_told_from_the_server() {
        let waits = |took: u64| (0..8).map(|nth| step(10 + nth * took, took, Some(1))).collect::<Vec<_>>();
        assert_eq!(
            share(40, &waits(47)).unwrap(),
            "8 round trips of about 40 ms each make 320 ms of the 376 ms: that is the way to the server, not the server."
        );
        assert!(share(1, &waits(47)).unwrap().contains("most of it went by at the server"));
        assert!(share(20, &waits(47)).unwrap().ends_with("make 160 ms of the 376 ms; the rest went by at the server."));
        assert_eq!(share(1, &waits(2)), None);
        assert_eq!(share(40, &[step(0, 40, Some(1)), step(40, 5000, None)]), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_numbers_are_judged_or_left_alone(
            round_trip_ms in any::<u64>(),
            steps in proptest::collection::vec((any::<u64>(), any::<u64>(), any::<Option<u8>>()), 0..20),
        ) {
            let steps: Vec<_> = steps.into_iter().map(|(at, took, trips)| step(at, took, trips)).collect();
            prop_assert_eq!(share(round_trip_ms, &[]), None);
            if let Some(sentence) = share(round_trip_ms, &steps) {
                prop_assert!(sentence.ends_with('.'));
            }
        }
    }
}
