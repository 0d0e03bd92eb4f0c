//! What a sign-in has to pass: the ledger is asked before the password is sent, and told what came of it.

use super::rules::{HeldBack, Which, held_back, longest, many_round_trips};
use super::{Attempt, Earlier, Entry, Forgetful, Ledger, Outcome};

/// The way to one server's sign-ins.
#[derive(Clone, Copy)]
pub(crate) struct Gate<'g> {
    pub(crate) ledger: &'g dyn Ledger,
    pub(crate) which: Which,
    /// Whether a message is to be sent after it.
    pub(crate) is_round_trip: bool,
}

impl Default for Gate<'_> {
    fn default() -> Self {
        Self { ledger: &Forgetful, which: Which::First, is_round_trip: false }
    }
}

/// What the ledger knows, and whether the sign-in may be made.
pub(crate) struct Asked<'g> {
    pub(crate) earlier: Vec<Earlier>,
    pub(crate) passed: Result<Passed<'g>, HeldBack>,
}

/// A sign-in that may be made. If it is dropped, its answer stays unknown.
pub(crate) struct Passed<'g> {
    ledger: &'g dyn Ledger,
    attempt: Attempt<'g>,
    entry: Entry,
}

impl<'g> Gate<'g> {
    pub(crate) fn ask(self, attempt: Attempt<'g>) -> Asked<'g> {
        let Self { ledger, which, is_round_trip } = self;
        let held = |earlier: &[Earlier]| {
            let sent = (is_round_trip && which != Which::Again).then(|| many_round_trips(earlier)).flatten();
            longest(held_back(earlier, which).into_iter().chain(sent))
        };
        let (earlier, entry) = ledger.turn(&attempt, &|earlier| held(earlier).is_none());
        let held = held(&earlier);
        let passed = match (entry, held) {
            (None, Some(held)) => Err(held),
            (entry, _) => Ok(Passed { ledger, attempt, entry: entry.unwrap_or(Entry(0)) }),
        };
        Asked { earlier, passed }
    }
}

impl Passed<'_> {
    /// Notes how the sign-in ended.
    pub(crate) fn ended(self, outcome: Outcome) {
        self.ledger.note(&self.attempt, self.entry, outcome);
    }
}
