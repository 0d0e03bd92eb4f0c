//! The words for what a report holds, the same ones in every format.

use time::UtcOffset;
use time::macros::format_description;

use super::{CheckOutcome, CheckRow, Report, Severity, Speaker, Sure};

impl Severity {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Trouble => "trouble",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Sure {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}

/// Who says a line of a conversation.
pub(crate) fn mark(speaker: Speaker) -> &'static str {
    match speaker {
        Speaker::Client => "C:",
        Speaker::Server => "S:",
        Speaker::Us => "--",
    }
}

impl CheckRow {
    /// How it came out.
    pub(crate) fn word(&self) -> &'static str {
        match self.outcome {
            _ if self.is_second_look => "asked",
            CheckOutcome::Clean => "clean",
            CheckOutcome::Troubled => "trouble",
            CheckOutcome::NotAsked => "not asked",
        }
    }

    /// The summary as it reads beside the word.
    pub(crate) fn beside_word(&self) -> &str {
        self.summary.trim_start_matches("not asked, ")
    }
}

impl Report {
    /// When it was run.
    pub(crate) fn when(&self) -> String {
        let started_at = self.started_at.checked_to_offset(UtcOffset::UTC).unwrap_or(self.started_at);
        started_at.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).unwrap_or_default()
    }
}
