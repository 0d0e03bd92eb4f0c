//! What every check of a run is given: the plan, the network, the stopwatch and the observer.

use crate::asked::Asked;
use crate::network::Network;
use crate::network::clock::Stopwatch;
use crate::plan::{Plan, Protocol};
use crate::questions::Question;
use crate::round_trip::Meeting;

/// An observer of the checks as they begin and end.
pub trait Watch {
    /// A check begins to ask a server, or Apple's page if there is none.
    fn began(&self, check: Question, of: Option<Protocol>);
    /// It has its answer.
    fn ended(&self, check: Question, of: Option<Protocol>, is_troubled: bool);
    /// All checks have their answers, there is a problem, and second looks follow.
    fn looks_again(&self);
}

/// No observer.
impl Watch for () {
    fn began(&self, _check: Question, _of: Option<Protocol>) {}
    fn ended(&self, _check: Question, _of: Option<Protocol>, _is_troubled: bool) {}
    fn looks_again(&self) {}
}

/// One run.
pub(crate) struct Run<'a, N> {
    pub(crate) plan: &'a Plan,
    pub(crate) net: &'a N,
    pub(crate) watch: &'a dyn Watch,
    pub(crate) began: Stopwatch,
    /// Where the two conversations of a round trip meet.
    pub(crate) meeting: Option<Meeting<'a>>,
}

impl<N: Network> Run<'_, N> {
    /// Adds the time to the facts of a question.
    pub(crate) async fn timed<T>(&self, question: impl Future<Output = T>) -> Asked<T> {
        let started_ms = self.began.milliseconds();
        let facts = question.await;
        Asked { started_ms, duration_ms: self.began.milliseconds() - started_ms, facts }
    }
}
