//! What a watch tells as it goes on: one line for each change, and the last report at its end.

use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use super::{Report, Severity, Verdict};
use crate::words::watch as words;

/// One change, or the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Event {
    /// When it was seen.
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) ts: OffsetDateTime,
    #[serde(rename = "event")]
    pub(crate) kind: Kind,
    /// What it is, in a few sentences.
    pub(crate) sentence: String,
    pub(crate) verdict: Verdict,
    /// The causes that are problems, the most likely first.
    pub(crate) causes: Vec<String>,
    /// When the trouble was first seen.
    #[serde(with = "time::serde::rfc3339::option")]
    pub(crate) onset: Option<OffsetDateTime>,
    /// When there was last no trouble.
    #[serde(with = "time::serde::rfc3339::option")]
    pub(crate) last_good: Option<OffsetDateTime>,
    /// The last report, at the end alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<Report>,
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// Trouble, where there was none before, or at the beginning.
    Onset,
    /// Another trouble.
    Change,
    /// Nothing that can be seen without a sign-in stands in the way any more.
    Clear,
    /// The sign-in fails, with nothing in the way.
    SignInFails,
    /// The sign-in has to wait.
    HeldBack,
    /// All is well, and always was.
    Healthy,
    /// All is well again.
    Recovery,
    /// The watch is over.
    End,
}

impl Event {
    /// A change that a report shows.
    pub(crate) fn of(
        kind: Kind,
        ts: OffsetDateTime,
        report: &Report,
        [onset, last_good]: [Option<OffsetDateTime>; 2],
    ) -> Self {
        let causes = report.of(Severity::Trouble).map(|finding| finding.cause.clone()).collect();
        let sentence = match kind {
            Kind::Onset => words::onset(&report.conclusion, last_good.map(time_of_day)),
            Kind::Clear => words::CLEAR.to_owned(),
            Kind::SignInFails => words::sign_in_fails(&report.conclusion),
            Kind::Recovery => {
                words::recovery(&report.conclusion, onset.map(|onset| (ts - onset).whole_seconds().unsigned_abs()))
            }
            Kind::Change | Kind::HeldBack | Kind::Healthy | Kind::End => report.conclusion.clone(),
        };
        Self { ts, kind, sentence, verdict: report.verdict, causes, onset, last_good, report: None }
    }

    /// The end, with the last report.
    pub(crate) fn end(ts: OffsetDateTime, sentence: &str, report: &Report) -> Self {
        let sentence = sentence.to_owned();
        Self { sentence, report: Some(report.clone()), ..Self::of(Kind::End, ts, report, [None, None]) }
    }

    /// It as a line for a person.
    pub(crate) fn line(&self) -> String {
        format!("{}  {}", time_of_day(self.ts), self.sentence)
    }
}

fn time_of_day(at: OffsetDateTime) -> String {
    let at = at.checked_to_offset(UtcOffset::UTC).unwrap_or(at);
    at.format(format_description!("[hour]:[minute]:[second] UTC")).unwrap_or_default()
}
