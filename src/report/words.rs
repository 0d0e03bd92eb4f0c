//! The words for the parts of a report, the same in every format.

use time::UtcOffset;
use time::macros::format_description;

use super::{CheckOutcome, CheckRow, Finding, Report, Server, Severity, Speaker};
use crate::words::{outcome, settings};

/// The mark for the speaker of a line.
pub(crate) fn mark(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Client => "C:",
        Speaker::Server => "S:",
        Speaker::Us => "--",
    }
}

/// A duration in seconds, for programs.
pub(crate) fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

/// The encryption of a server, as mail programs call it.
pub(crate) fn security(server: &Server) -> &'static str {
    settings::security(server.security)
}

impl CheckRow {
    /// The word for the outcome.
    pub(crate) fn word(&self) -> &'static str {
        match self.outcome {
            CheckOutcome::Clean if self.deserves_a_look => outcome::LOOK_HERE,
            CheckOutcome::Clean => outcome::OK,
            CheckOutcome::Troubled => outcome::PROBLEM,
            CheckOutcome::NotAsked => outcome::NOT_CHECKED,
            CheckOutcome::Asked => outcome::FOLLOW_UP,
        }
    }

    /// The word and the summary as one text.
    pub(crate) fn told(&self) -> String {
        match self.outcome {
            CheckOutcome::NotAsked => self.summary.clone(),
            _ => format!("{}: {}", self.word(), self.summary),
        }
    }

    /// The summary as it reads after the word.
    pub(crate) fn beside_word(&self) -> &str {
        outcome::beside_word(&self.summary)
    }
}

impl Finding {
    /// What fits into a log: the cause, what was seen, the first step, and where the other steps are.
    pub(crate) fn in_short(&self) -> String {
        let mut lines = vec![format!("{}, {}: {}", self.severity.word(), self.sure.word(), self.cause)];
        lines.extend(self.because.iter().map(|seen| format!("Saw: {}", seen.saw)));
        lines.extend(self.steps.first().map(|step| format!("First step: {step}")));
        lines.push(format!("All steps: icloud-mail-doctor explain {}", self.cause));
        lines.join("\n")
    }
}

impl Report {
    /// The findings with this severity.
    pub(crate) fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> + Clone {
        self.findings.iter().filter(move |finding| finding.severity == severity)
    }

    pub(crate) fn is_warned(&self) -> bool {
        self.of(Severity::Warning).next().is_some()
    }

    /// When the run was made.
    pub(crate) fn when(&self) -> String {
        let started_at = self.started_at.checked_to_offset(UtcOffset::UTC).unwrap_or(self.started_at);
        started_at.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).unwrap_or_default()
    }

    /// The same for programs that ignore time zones.
    pub(crate) fn timestamp(&self) -> String {
        let started_at = self.started_at.checked_to_offset(UtcOffset::UTC).unwrap_or(self.started_at);
        started_at.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]")).unwrap_or_default()
    }
}
