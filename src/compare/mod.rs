//! What differs between two runs, from their evidence: how each ended at each server, the causes, the facts, the times.
//! What differs in any two runs is left out.

mod causes;
mod facts;
#[cfg(test)]
mod pairs;
mod times;
mod ways;

use checks::evidence::Evidence;
use checks::plan::Protocol;

use crate::diagnosis::{Diagnosis, diagnose};
pub(crate) use facts::{Change, Value, What};
pub(crate) use times::Time;
pub(crate) use ways::{End, Step, Way};

/// What differs between a run A and a run B.
#[derive(Debug)]
pub(crate) struct Differences {
    /// How both ended at each server; also where that is the same.
    pub(crate) ways: Vec<Way>,
    /// The causes that are found in B alone.
    pub(crate) came: Vec<Diagnosis>,
    /// The causes that are found in A alone.
    pub(crate) went: Vec<Diagnosis>,
    /// The facts that both learned and that are not the same.
    pub(crate) facts: Vec<Change>,
    /// The times that are far apart.
    pub(crate) times: Vec<Time>,
}

/// A run, diagnosed by the rules of this version.
pub(crate) struct Run<'e> {
    evidence: &'e Evidence,
    found: Vec<Diagnosis>,
    ends: [End; 2],
}

impl<'e> Run<'e> {
    /// Diagnoses a run.
    pub(crate) fn of(evidence: &'e Evidence) -> Self {
        Self { evidence, found: diagnose(evidence), ends: Protocol::BOTH.map(|of| ways::end(evidence, of)) }
    }
}

impl Differences {
    /// Compares two runs.
    pub(crate) fn between(a: &Run<'_>, b: &Run<'_>) -> Self {
        let ways = ways::ways(a, b);
        Self {
            came: causes::missing(&a.found, &b.found),
            went: causes::missing(&b.found, &a.found),
            facts: facts::changed(a.evidence, b.evidence),
            times: times::apart(a.evidence, b.evidence, &ways),
            ways,
        }
    }

    /// The servers at which the runs ended differently.
    pub(crate) fn differing_ways(&self) -> impl Iterator<Item = &Way> {
        self.ways.iter().filter(|way| way.a != way.b)
    }

    /// Whether nothing differs.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { came, went, facts, times, .. } = self;
        let is_empty = came.is_empty() && went.is_empty() && facts.is_empty() && times.is_empty();
        is_empty && self.differing_ways().next().is_none()
    }

    /// The causes that came or went and have nothing to do with the servers at which the runs ended differently.
    pub(crate) fn causes_apart(&self) -> impl Iterator<Item = &Diagnosis> {
        self.came.iter().chain(&self.went).filter(|cause| !causes::is_behind(cause, self.differing_ways()))
    }
}
