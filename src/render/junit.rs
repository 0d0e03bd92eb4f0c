//! The report as `JUnit` XML, for a CI job: a test case a check, and a failure carries the cause and its first step.

use std::io;

use askama::Template;

use super::Look;
use crate::report::{CheckOutcome, CheckRow, Finding, Report, Severity, Verdict, seconds};

pub(super) fn write(report: &Report, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    Suite { report }.write_into(out)?;
    writeln!(out)
}

/// The suite.
#[derive(Template)]
#[template(path = "junit.xml", config = "src/render/askama.toml")]
struct Suite<'r> {
    report: &'r Report,
}

impl Suite<'_> {
    /// The checks. A second look is a clue, which neither passes nor fails.
    fn cases(&self) -> impl Iterator<Item = &CheckRow> {
        self.report.checks.iter().filter(|row| !row.is_second_look())
    }

    fn clues(&self) -> impl Iterator<Item = &CheckRow> {
        self.report.checks.iter().filter(|row| row.is_second_look())
    }

    /// What is not trouble, and worth a word.
    fn remarks(&self) -> impl Iterator<Item = &Finding> {
        self.report.findings.iter().filter(|finding| finding.severity != Severity::Trouble)
    }

    fn is_failed(&self, row: &CheckRow) -> bool {
        row.outcome == CheckOutcome::Troubled || self.report.trouble_of(row).is_some()
    }

    fn is_skipped(&self, row: &CheckRow) -> bool {
        row.outcome == CheckOutcome::NotAsked && !self.is_failed(row)
    }

    fn failed(&self) -> usize {
        self.cases().filter(|row| self.is_failed(row)).count()
    }

    fn skipped(&self) -> usize {
        self.cases().filter(|row| self.is_skipped(row)).count()
    }

    /// One where nobody can tell whether the account is well: skipped checks alone would read as passed.
    fn errors(&self) -> usize {
        usize::from(self.report.verdict == Verdict::Unclear)
    }

    fn tests(&self) -> usize {
        self.cases().count() + self.errors()
    }
}
