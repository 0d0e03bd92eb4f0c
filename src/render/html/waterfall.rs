//! Where each step of a run is in the diagram of it: times become positions, in tenths of a percent of the width.

use std::fmt;

use crate::report::{Lane, Step, duration};

/// More steps are too many to read, and no real run has them.
const MOST_STEPS: usize = 200;
/// The longest run; a later time in a report is drawn at the edge.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1000;
/// A step that took no time is still visible.
const NARROWEST: u16 = 6;
/// How many intervals between marks fit on a phone.
const MOST_TICKS: u64 = 4;

/// The diagram.
pub(super) struct Waterfall<'r> {
    pub(super) ticks: Vec<Tick>,
    pub(super) lanes: Vec<Drawn<'r>>,
    /// How many steps there was no room for.
    pub(super) left_out: usize,
}

/// A lane with its positions.
pub(super) struct Drawn<'r> {
    pub(super) lane: &'r Lane,
    pub(super) steps: Vec<(Bar, &'r Step)>,
}

/// Where a step begins, how wide it is, and where it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) from: Share,
    pub(super) width: Share,
    pub(super) to: Share,
}

/// A mark on the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tick {
    pub(super) at: Share,
    pub(super) time: String,
}

/// A part of the width, in tenths of a percent; written as percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Share(u16);

impl Share {
    const WHOLE: u16 = 1000;

    fn of(part: u64, whole: u64) -> Self {
        let tenths = u128::from(part) * u128::from(Self::WHOLE) / u128::from(whole.max(1));
        Self(u16::try_from(tenths).unwrap_or(Self::WHOLE).min(Self::WHOLE))
    }

    /// Whether a text centred here would leave the diagram.
    pub(super) fn is_at_the_end(self) -> bool {
        self.0 > 900
    }

    pub(super) fn is_at_the_beginning(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 10, self.0 % 10) {
            (percent, 0) => write!(out, "{percent}"),
            (percent, tenths) => write!(out, "{percent}.{tenths}"),
        }
    }
}

/// Draws the lanes to one scale.
pub(super) fn draw(lanes: &[Lane]) -> Waterfall<'_> {
    let longest = lanes.iter().flat_map(|lane| &lane.steps).map(Step::ended_ms).max().unwrap_or(0);
    let whole = longest.clamp(1, LONGEST_MS);
    let mut room = MOST_STEPS;
    let mut drawn = Vec::new();
    for lane in lanes {
        let steps: Vec<_> = lane.steps.iter().take(room).map(|step| (bar(step, whole), step)).collect();
        room -= steps.len();
        if !steps.is_empty() {
            drawn.push(Drawn { lane, steps });
        }
    }
    let all: usize = lanes.iter().map(|lane| lane.steps.len()).sum();
    Waterfall { ticks: ticks(whole), lanes: drawn, left_out: all - (MOST_STEPS - room) }
}

fn bar(step: &Step, whole: u64) -> Bar {
    let latest = Share::WHOLE - NARROWEST;
    let from = Share::of(step.started_ms, whole).0.min(latest);
    let to = Share::of(step.ended_ms(), whole).0.max(from + NARROWEST);
    Bar { from: Share(from), width: Share(to - from), to: Share(to) }
}

/// Marks at round numbers: one, two or five of a power of ten.
fn ticks(whole: u64) -> Vec<Tick> {
    let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(10));
    let mut distances = powers.flat_map(|power| [1, 2, 5].map(|times| power.saturating_mul(times)));
    let distance = distances.find(|distance| whole / distance <= MOST_TICKS).unwrap_or(whole).max(1);
    (0..=whole / distance)
        .map(|times| times.saturating_mul(distance))
        .map(|at| Tick { at: Share::of(at, whole), time: duration(at) })
        .collect()
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

    fn lane(steps: Vec<Step>) -> Lane {
        Lane { with: String::new(), round_trip_ms: None, way: None, steps }
    }

    fn marks(whole: u64) -> Vec<String> {
        ticks(whole).into_iter().map(|tick| format!("{}% {}", tick.at, tick.time)).collect()
    }

    #[test]
    fn marks_stand_at_round_times() {
        assert_eq!(marks(1), ["0% 0 ms", "100% 1 ms"]);
        assert_eq!(marks(378), ["0% 0 ms", "26.4% 100 ms", "52.9% 200 ms", "79.3% 300 ms"]);
        assert_eq!(marks(5254), ["0% 0 ms", "38% 2 s", "76.1% 4 s"]);
    }

    #[test]
    fn what_nobody_can_read_is_counted() {
        let lanes = [lane(vec![step(0, 1, None); 150]), lane(vec![step(0, 1, None); 100])];
        let drawn = draw(&lanes);
        assert_eq!(drawn.left_out, 50);
        assert_eq!(drawn.lanes.iter().map(|lane| lane.steps.len()).sum::<usize>(), MOST_STEPS);
    }

    fn number() -> impl Strategy<Value = u64> {
        prop_oneof![any::<u64>(), 0..20_000_u64, Just(0), Just(u64::MAX)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_step_is_seen_inside_the_picture(
            steps in proptest::collection::vec((number(), number(), any::<Option<u8>>()), 0..20),
        ) {
            let lanes = [lane(steps.into_iter().map(|(at, took, trips)| step(at, took, trips)).collect())];
            let drawn = draw(&lanes);
            prop_assert!(drawn.ticks.len() <= 1 + usize::try_from(MOST_TICKS).unwrap());
            for (bar, _) in drawn.lanes.iter().flat_map(|lane| &lane.steps) {
                prop_assert!(bar.width.0 >= NARROWEST && bar.to.0 <= Share::WHOLE);
                prop_assert_eq!(bar.from.0 + bar.width.0, bar.to.0);
            }
        }
    }
}
