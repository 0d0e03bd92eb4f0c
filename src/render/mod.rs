//! How a report looks: one file a format, each of which sees the report and nothing else.

mod explanation;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod nagios;
mod openmetrics;
mod pieces;
mod text;

use std::io;

use crate::report::{Finding, Report};
use crate::visible;

/// A format as the table lists it.
pub(crate) struct Listed {
    pub(crate) name: &'static str,
    /// Whom it is for, as the help says it.
    pub(crate) about: &'static str,
    write: fn(&Report, Look, &mut dyn io::Write) -> io::Result<()>,
    /// Whether text from outside stays as it came, because the format has its own way of writing such characters.
    keeps_text: bool,
    pub(crate) exit_code: fn(&Report) -> u8,
    /// Says on standard output, where its readers look there, that the program was called wrongly; and with which code to
    /// end.
    pub(crate) misused: fn(&str, &mut dyn io::Write) -> io::Result<u8>,
    /// Whether it may be coloured.
    pub(crate) has_styles: bool,
}

/// The exit code for having been called wrongly.
pub(crate) const MISUSED: u8 = 2;

/// What most formats are like.
const PLAIN: Listed = Listed {
    name: "",
    about: "",
    write: |_, _, _| Ok(()),
    keeps_text: false,
    exit_code: Report::exit_code,
    misused: |_, _| Ok(MISUSED),
    has_styles: false,
};

/// The formats: a row each, and a file of the same name.
static FORMATS: [Listed; 8] = [
    Listed { name: "text", about: "For a person at a terminal", write: text::write, has_styles: true, ..PLAIN },
    Listed { name: "json", about: "For programs: one JSON document", write: json::write, keeps_text: true, ..PLAIN },
    Listed { name: "html", about: "For a person: a page for any browser, in one file", write: html::write, ..PLAIN },
    Listed { name: "markdown", about: "For a support ticket: paste it", write: markdown::write, ..PLAIN },
    Listed { name: "junit", about: "For a CI job: a test case a check", write: junit::write, ..PLAIN },
    Listed {
        name: "nagios",
        about: "For Nagios, Icinga and the like: one line, with their exit codes",
        write: nagios::write,
        exit_code: nagios::exit_code,
        misused: nagios::misused,
        ..PLAIN
    },
    Listed {
        name: "github",
        about: "For a GitHub workflow: annotations",
        write: github::write,
        misused: github::misused,
        ..PLAIN
    },
    Listed {
        name: "openmetrics",
        about: "For Prometheus: one gauge a check, and when certificates end",
        write: openmetrics::write,
        ..PLAIN
    },
];

/// One of the formats.
#[derive(Clone, Copy)]
pub(crate) struct Format(&'static Listed);

impl Format {
    /// Every format, in the order of the table.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(Self)
    }

    /// The format of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::all().find(|format| format.name == name)
    }
}

impl std::ops::Deref for Format {
    type Target = Listed;

    fn deref(&self) -> &Listed {
        self.0
    }
}

impl std::fmt::Debug for Format {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
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
    if format.keeps_text {
        (format.write)(report, look, out)
    } else {
        (format.write)(&visible::all(report)?, look, out)
    }
}

/// Writes the causes that a pasted text points at, for a person.
pub(crate) fn explanation(findings: &[Finding], look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    explanation::write(&visible::all(&findings.to_vec())?, look, out)
}

/// Writes anything as one JSON document.
pub(crate) use github::annotation;
pub(crate) use json::document as json_document;
pub(crate) use text::Page;
