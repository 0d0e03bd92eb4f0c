//! The causes that one run has and the other has not.

use super::Way;
use crate::diagnosis::{Diagnosis, Severity};

/// The causes of one run that the other lacks.
pub(super) fn missing(from: &[Diagnosis], of: &[Diagnosis]) -> Vec<Diagnosis> {
    let lacks = |found: &&Diagnosis| from.iter().all(|other| other.cause != found.cause);
    of.iter().filter(lacks).cloned().collect()
}

/// Whether a cause can be the reason why the runs ended differently at one of these servers.
pub(super) fn is_behind<'w>(cause: &Diagnosis, mut ways: impl Iterator<Item = &'w Way>) -> bool {
    let is_about = |way: &Way| cause.about.is_empty() || cause.about.contains(&way.of);
    cause.severity == Severity::Trouble && ways.any(is_about)
}
