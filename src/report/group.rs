//! Many accounts at once: what most of them share is told once, and after it the result of each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use super::line::Labels;
use super::{Finding, Report, Severity, Sure, Tool, Verdict};
use crate::words::accounts as words;

/// All of a run over many accounts that is kept: not the reports, which are written as they come.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) summary: Summary,
    pub(crate) rows: Vec<Row>,
}

/// What came of a run over many accounts.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Summary {
    /// The version of this form.
    #[schemars(extend("const" = super::SCHEMA_VERSION))]
    pub(crate) schema_version: u32,
    /// What wrote it.
    pub(crate) tool: Tool,
    /// This machine's clock when the run began.
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) started_at: OffsetDateTime,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: u64,
    /// How many accounts the list has, or this share of it.
    pub(crate) accounts: usize,
    /// How many of them have a result from an earlier run.
    pub(crate) earlier: usize,
    /// How many are healthy.
    pub(crate) healthy: usize,
    /// How many have a problem.
    pub(crate) trouble: usize,
    /// How many were asked without a result.
    pub(crate) unclear: usize,
    /// How many were not asked, each with its reason.
    pub(crate) not_asked: usize,
    /// How many the run did not come to, because it was stopped.
    pub(crate) left: usize,
    /// Why it was stopped; `None` where it was not.
    pub(crate) stopped: Option<String>,
    /// The result in one sentence.
    pub(crate) conclusion: String,
    /// What most accounts with a problem share, the most frequent first.
    pub(crate) shared: Vec<Shared>,
}

/// A cause that most accounts with a problem share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Shared {
    /// Its id, as `explain` lists it.
    pub(crate) cause: String,
    /// The claim of it.
    pub(crate) title: String,
    /// How many accounts have it.
    pub(crate) accounts: usize,
    /// How many accounts have a problem.
    pub(crate) of: usize,
    /// What that says, in one sentence.
    pub(crate) sentence: String,
    /// What to do, step by step, in Markdown.
    pub(crate) steps: Vec<String>,
}

/// The result of one account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) account: String,
    pub(crate) labels: Labels,
    /// The name of the file with its page, beside this one; `None` where there is none.
    pub(crate) page: Option<String>,
    /// `None` where it was not asked.
    pub(crate) verdict: Option<Verdict>,
    /// The verdict in one sentence, or why it was not asked.
    pub(crate) sentence: String,
    pub(crate) duration_ms: u64,
    /// The causes that are problems or warnings, the most likely first.
    pub(crate) causes: Vec<Cause>,
    /// The first step for the first of them.
    pub(crate) first_step: Option<String>,
}

/// A cause in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cause {
    pub(crate) id: String,
    pub(crate) severity: Severity,
    pub(crate) sure: Sure,
}

impl Cause {
    /// That of a finding.
    pub(crate) fn of(finding: &Finding) -> Self {
        Self { id: finding.cause.clone(), severity: finding.severity, sure: finding.sure }
    }
}

impl Row {
    /// The row of a report.
    pub(crate) fn of(account: &str, labels: &Labels, report: &Report) -> Self {
        let next = || report.next.first().map(|step| step.text.as_str());
        let step = report.causes().next().map_or_else(next, |cause| cause.steps.first().map(String::as_str));
        Self {
            account: account.to_owned(),
            labels: labels.clone(),
            page: None,
            verdict: Some(report.verdict),
            sentence: report.conclusion.clone(),
            duration_ms: report.duration_ms,
            causes: report.causes().map(Cause::of).collect(),
            first_step: step.map(Into::into),
        }
    }

    /// The row of an account that was not asked.
    pub(crate) fn not_asked(account: &str, labels: &Labels, why: &str) -> Self {
        Self {
            account: account.to_owned(),
            labels: labels.clone(),
            page: None,
            verdict: None,
            sentence: why.into(),
            duration_ms: 0,
            causes: Vec::new(),
            first_step: None,
        }
    }
}

impl Group {
    /// The rows, those that need somebody first; within each kind as they came.
    pub(crate) fn sorted(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by_key(|row| match row.verdict {
            Some(Verdict::Trouble) => 0,
            Some(Verdict::Unclear) => 1,
            None => 2,
            Some(Verdict::Healthy) if !row.causes.is_empty() => 3,
            Some(Verdict::Healthy) => 4,
        });
        rows
    }

    /// The causes of a row that are its own.
    pub(crate) fn own<'g>(&'g self, row: &'g Row) -> impl Iterator<Item = &'g Cause> {
        row.causes.iter().filter(|cause| !self.summary.shares(&cause.id))
    }

    /// The result of a row in one sentence; where all of its causes are told above, that it is one of those.
    pub(crate) fn sentence<'g>(&'g self, row: &'g Row) -> &'g str {
        let is_told = row.verdict == Some(Verdict::Trouble) && self.own(row).next().is_none();
        if is_told && !row.causes.is_empty() { words::AS_ABOVE } else { &row.sentence }
    }
}

impl Summary {
    /// When the run began, for a person.
    pub(crate) fn when(&self) -> String {
        let at = self.started_at.checked_to_offset(UtcOffset::UTC).unwrap_or(self.started_at);
        at.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).unwrap_or_default()
    }

    /// Whether this cause is told for all accounts together.
    pub(crate) fn shares(&self, cause: &str) -> bool {
        self.shared.iter().any(|shared| shared.cause == cause)
    }

    /// The exit code: one problem is a problem, and an account without a result is not an all-clear. A run that was
    /// stopped has no result.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self { stopped: Some(_), .. } => 3,
            Self { trouble: 1.., .. } => 1,
            Self { unclear: 0, not_asked: 0, left: 0, .. } => 0,
            _ => 3,
        }
    }
}
