//! What a monitor keeps of a report: numbers and names, and none of its sentences but the verdict's.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::group::{Cause, Row};
use super::line::Labels;
use super::{CheckOutcome, Protocol, Report, Verdict};

/// The numbers of one report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Measures {
    /// `None` where nothing could be asked.
    pub(crate) verdict: Option<Verdict>,
    /// The verdict in one sentence, or why nothing was asked.
    pub(crate) sentence: String,
    pub(crate) duration_ms: u64,
    /// The checks by name, each once.
    pub(crate) checks: Vec<Check>,
    /// The causes that are problems or warnings, each once.
    pub(crate) causes: Vec<Cause>,
    /// When the first certificate of each server expires, in seconds since 1970.
    pub(crate) certificates: Vec<(String, i64)>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Check {
    pub(crate) id: String,
    /// Whether it saw no trouble; `None` where it was not asked.
    pub(crate) is_clean: Option<bool>,
    pub(crate) duration_ms: Option<u64>,
}

impl Measures {
    /// Those of a report. A second look only adds a clue, and is not a measure.
    pub(crate) fn of(report: &Report) -> Self {
        let rows = report.checks.iter().filter(|row| !row.is_second_look());
        let checks = rows.map(|row| Check {
            id: row.id().to_owned(),
            is_clean: (row.outcome != CheckOutcome::NotAsked).then_some(row.outcome == CheckOutcome::Clean),
            duration_ms: row.duration_ms,
        });
        let ends = report.chains.iter().filter_map(|chain| Some((chain.name.clone(), chain.not_after()?)));
        let certificates = ends.map(|(name, end)| (name, end.unix_timestamp()));
        Self {
            verdict: Some(report.verdict),
            sentence: report.conclusion.clone(),
            duration_ms: report.duration_ms,
            checks: each_once(checks, |check| &check.id),
            causes: each_once(report.causes().map(Cause::of), |cause| &cause.id),
            certificates: each_once(certificates, |(name, _)| name),
        }
    }

    /// Those that the row of an account has.
    pub(crate) fn of_row(row: &Row) -> Self {
        Self {
            verdict: row.verdict,
            sentence: row.sentence.clone(),
            duration_ms: row.duration_ms,
            checks: Vec::new(),
            causes: row.causes.clone(),
            certificates: Vec::new(),
        }
    }

    /// An account that was not asked, for this reason.
    pub(crate) fn not_asked(why: &str) -> Self {
        Self {
            verdict: None,
            sentence: why.to_owned(),
            duration_ms: 0,
            checks: Vec::new(),
            causes: Vec::new(),
            certificates: Vec::new(),
        }
    }
}

/// Sorted by name, and without what a report that was changed by hand has twice.
fn each_once<T>(all: impl Iterator<Item = T>, name: impl Fn(&T) -> &String) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_by(|one, other| name(one).cmp(name(other)));
    // Of two the last one counts, as in a map.
    all.reverse();
    all.dedup_by(|one, other| name(one) == name(other));
    all.reverse();
    all
}

/// What a monitor knows of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Monitored {
    pub(crate) account: String,
    /// The tag of its address; `None` where an older version did not keep it.
    #[serde(default)]
    pub(crate) tag: Option<u16>,
    pub(crate) labels: Labels,
    /// What the last run came to that could judge the account; `None` before the first.
    pub(crate) measures: Option<Measures>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(crate) last_run: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) next_run: OffsetDateTime,
    /// Whether the last run did not sign in, because earlier sign-ins say to wait.
    pub(crate) is_held_back: bool,
}

/// How many sign-ins were made at each server since the monitor started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct SignIns([u64; 2]);

impl SignIns {
    /// Counts one at this server.
    pub(crate) fn add(&mut self, at: Protocol) {
        for (of, count) in Protocol::BOTH.into_iter().zip(&mut self.0) {
            *count += u64::from(of == at);
        }
    }

    /// Each server with its number.
    pub(crate) fn each(self) -> impl Iterator<Item = (&'static str, u64)> {
        Protocol::BOTH.into_iter().map(|of| of.check().id()).zip(self.0)
    }
}
