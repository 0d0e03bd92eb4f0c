//! How a report looks: one file a format, each of which sees the report and nothing else.

mod explanation;
mod json;
mod text;

use std::io;

use clap::ValueEnum;

use crate::report::{Finding, Report};

/// The formats, and how each is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person at a terminal
    Text,
    /// For programs: one JSON document
    Json,
}

/// What a person wants of the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Columns.
    pub(crate) width: usize,
    /// Whether to do without symbols and columns.
    pub(crate) is_plain: bool,
    pub(crate) detail: Detail,
}

/// How much the text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Detail {
    /// The verdict alone.
    Verdict,
    /// The checks, the causes and what to do.
    Usual,
    /// The evidence too.
    Evidence,
    /// What was said to the servers and by them too.
    Conversation,
}

/// Writes a report in a format. Colours are always written; who hands in `out` takes them off where they are unwanted.
pub(crate) fn render(format: Format, look: Look, report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Text => text::write(report, look, out),
        Format::Json => json::write(report, out),
    }
}

/// Writes the causes that a pasted text points at, for a person.
pub(crate) fn explanation(findings: &[Finding], look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    explanation::write(findings, look, out)
}
