//! A report whose sentences still mark what they quote: it is masked or completed before it is shown.

use serde::Deserialize as _;
use serde_json::Value;

use checks::plan::Protocol;

use super::{CheckRow, Report, facts, saved};
use crate::guide;
use crate::quoted::finished;
use crate::report::Speaker;

/// A report that is not complete. Its findings have no page yet: a page is filled with the facts that its readers may
/// see.
pub(crate) struct Draft {
    pub(super) report: Report,
    /// The servers that each finding is about.
    pub(super) about: Vec<Vec<Protocol>>,
}

impl Draft {
    /// Returns the complete report without masking.
    pub(crate) fn unmasked(self) -> Report {
        let Self { mut report, about } = self;
        let seen =
            report.findings.iter_mut().flat_map(|finding| finding.because.iter_mut().chain(&mut finding.against));
        let steps = report.timeline.iter_mut().flat_map(|lane| &mut lane.steps);
        let sentences = report.checks.iter_mut().map(|row| &mut row.summary).chain(seen.map(|seen| &mut seen.saw));
        for sentence in sentences.chain(steps.flat_map(|step| [&mut step.what, &mut step.said])) {
            *sentence = finished(sentence);
        }
        fill(&mut report, &about);
        report
    }

    /// Returns every line that a server said, in the order of the connections.
    pub(crate) fn said_by_servers(&mut self) -> Vec<&mut String> {
        let lines = self.report.transcripts.iter_mut().flat_map(|transcript| &mut transcript.lines);
        lines.filter(|said| said.from == Speaker::Server).map(|said| &mut said.text).collect()
    }

    /// Its JSON form.
    pub(crate) fn to_value(&self) -> Result<Value, serde_json::Error> {
        serde_json::to_value(&self.report)
    }

    /// Returns the draft with another JSON form.
    pub(crate) fn changed(&self, value: Value) -> Result<Self, serde_json::Error> {
        Ok(Self { report: serde_json::from_value(value)?, about: self.about.clone() })
    }

    /// Whether the JSON form can be read, and the evidence in it too: a row whose evidence does not have the right form
    /// would be read as one of a later version, and could not be diagnosed.
    pub(crate) fn can_be_read(value: &Value) -> bool {
        Report::deserialize(value).is_ok_and(|report| !report.checks.iter().any(CheckRow::is_unreadable))
    }
}

/// Gives each finding its page, filled with the evidence in the report.
fn fill(report: &mut Report, about: &[Vec<Protocol>]) {
    if report.findings.is_empty() {
        return;
    }
    // Evidence that can no longer be read fills in nothing.
    let evidence = saved::in_rows(report).ok();
    let program = report.settings.client.as_deref();
    for (finding, about) in report.findings.iter_mut().zip(about) {
        let facts = evidence.as_ref().map(|evidence| facts::of(evidence, about, program, &report.machine));
        // A test checks that every cause has a page.
        let page = guide::page(&finding.cause, &facts.unwrap_or_default()).unwrap_or_default();
        finding.give(page, program);
    }
}
