//! A report whose sentences still show what they quote: it is masked, or taken as it is, before anybody reads it.

use serde::Deserialize as _;
use serde_json::Value;

use super::{CheckRow, Report};
use crate::quoted::finished;
use crate::report::Speaker;

/// A report that is not finished.
pub(crate) struct Draft(pub(super) Report);

impl Draft {
    /// The report with everything in it.
    pub(crate) fn unmasked(self) -> Report {
        let Self(mut report) = self;
        let seen =
            report.findings.iter_mut().flat_map(|finding| finding.because.iter_mut().chain(&mut finding.against));
        let steps = report.timeline.iter_mut().flat_map(|lane| &mut lane.steps);
        let sentences = report.checks.iter_mut().map(|row| &mut row.summary).chain(seen.map(|seen| &mut seen.saw));
        for sentence in sentences.chain(steps.flat_map(|step| [&mut step.what, &mut step.said])) {
            *sentence = finished(sentence);
        }
        report
    }

    /// Every line that a server said, in the order of the connections.
    pub(crate) fn said_by_servers(&mut self) -> Vec<&mut String> {
        let lines = self.0.transcripts.iter_mut().flat_map(|transcript| &mut transcript.lines);
        lines.filter(|said| said.from == Speaker::Server).map(|said| &mut said.text).collect()
    }

    /// Its JSON form.
    pub(crate) fn to_value(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(&self.0)
    }

    /// Reads the JSON form again.
    pub(crate) fn read(value: Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(value).map(Self)
    }

    /// Whether the JSON form can be read, and the evidence in it. The first does not imply the second: a row of which the
    /// evidence does not fit its form is read as one of a later version, and nothing can be diagnosed from it.
    pub(crate) fn can_be_read(value: &Value) -> bool {
        Report::deserialize(value).is_ok_and(|report| !report.checks.iter().any(CheckRow::is_unreadable))
    }
}
