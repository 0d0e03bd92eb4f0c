//! Several reports as a table: the result of each, and what to do first.

use serde::{Deserialize, Serialize};

use super::{Report, Severity, Sure, Verdict};

/// The reports, in the order in which they were named.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Overview {
    pub(crate) rows: Vec<Row>,
}

/// One of them. What is unknown is null.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Row {
    /// The file.
    pub(crate) file: String,
    /// When the run was.
    pub(crate) when: Option<String>,
    pub(crate) verdict: Option<Verdict>,
    /// The verdict in one sentence.
    pub(crate) conclusion: Option<String>,
    /// The likeliest cause.
    pub(crate) cause: Option<String>,
    pub(crate) severity: Option<Severity>,
    pub(crate) sure: Option<Sure>,
    /// The first step for it, or what to do next where there is no cause.
    pub(crate) first_step: Option<String>,
    /// Why the file cannot be read.
    pub(crate) unreadable: Option<String>,
}

impl Row {
    pub(crate) fn of(file: String, report: &Report) -> Self {
        let cause = report.causes().next();
        let next = || report.next.first().map(|step| step.text.clone());
        Self {
            file,
            when: Some(report.when()),
            verdict: Some(report.verdict),
            conclusion: Some(report.conclusion.clone()),
            cause: cause.map(|cause| cause.cause.clone()),
            severity: cause.map(|cause| cause.severity),
            sure: cause.map(|cause| cause.sure),
            first_step: cause.map_or_else(next, |cause| cause.steps.first().cloned()),
            unreadable: None,
        }
    }

    pub(crate) fn unreadable(file: String, why: String) -> Self {
        Self { file, unreadable: Some(why), ..Self::default() }
    }
}

impl Overview {
    /// The exit code for all of them: one problem is a problem, and one report without a result is not an all-clear.
    pub(crate) fn exit_code(&self) -> u8 {
        let is = |verdict| self.rows.iter().any(|row| row.verdict == verdict);
        match (is(Some(Verdict::Trouble)), is(Some(Verdict::Unclear)) || is(None)) {
            (true, _) => 1,
            (false, true) => 3,
            (false, false) => 0,
        }
    }
}
