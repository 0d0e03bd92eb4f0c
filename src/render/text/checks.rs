//! What was asked, one line for each check; on demand also all that it learned, and the whole conversation.

use std::io;

use owo_colors::{OwoColorize, Style};
use textwrap::core::display_width;

use super::{Detail, Printer};
use crate::report::{CheckOutcome, CheckRow, Report, mark};
use crate::visible;

/// A check's outcome as a symbol and a colour beside its word, so that each of them can be understood without the
/// others.
fn outcome(row: &CheckRow) -> (&'static str, Style) {
    match row.outcome {
        CheckOutcome::Clean if row.deserves_a_look => ("!", Style::new().yellow().bold()),
        CheckOutcome::Clean => ("✓", Style::new().green()),
        CheckOutcome::Troubled => ("✗", Style::new().red().bold()),
        CheckOutcome::NotAsked => ("–", Style::new().dimmed()),
        CheckOutcome::Asked => ("?", Style::new().cyan()),
    }
}

impl Printer<'_> {
    /// The checks, with the explanations that are needed to read them.
    pub(super) fn checks(&mut self, report: &Report) -> io::Result<()> {
        let rows = &report.checks;
        if rows.is_empty() {
            return Ok(());
        }
        self.heading("The checks")?;
        let id = rows.iter().map(|row| row.id().len()).max().unwrap_or(0);
        let word = rows.iter().map(|row| display_width(row.word())).max().unwrap_or(0);
        let mut is_cut = false;
        for row in rows {
            is_cut |= match self.look.is_plain {
                true => self.check(("", Style::new()), &format!("{}: ", row.id()), &row.told())?,
                false => {
                    let (symbol, style) = outcome(row);
                    let mark = format!("{symbol} {:<word$}", row.word());
                    self.check((&mark, style), &format!("  {:<id$}  ", row.id()), row.beside_word())?
                }
            };
        }
        if is_cut {
            self.styled("-v shows these lines whole, and the evidence.", Style::new().dimmed())?;
        }
        self.stand_ins(report)?;
        self.left_out(&report.left_out)
    }

    /// One check after its symbol and its name; returns whether it was shortened.
    fn check(&mut self, (mark, style): (&str, Style), name: &str, summary: &str) -> io::Result<bool> {
        let name = visible::text(name);
        let width = display_width(mark) + display_width(&name);
        if self.look.detail >= Detail::Evidence {
            let indent = if self.look.is_plain { "  ".to_owned() } else { " ".repeat(width) };
            let lines = self.wrapped(summary, &" ".repeat(width), &indent);
            let mut lines = lines.iter();
            let first = lines.next().map_or("", |line| line.trim_start());
            writeln!(self.out, "{}{name}{first}", mark.style(style))?;
            lines.try_for_each(|line| writeln!(self.out, "{line}"))?;
            return Ok(false);
        }
        let (summary, is_whole) = Self::cut(summary, self.look.width.saturating_sub(width));
        writeln!(self.out, "{}{name}{summary}", mark.style(style))?;
        Ok(!is_whole)
    }

    /// Explains stand-in addresses if any of them is printed here.
    fn stand_ins(&mut self, report: &Report) -> io::Result<()> {
        let rows = report.checks.iter().map(CheckRow::told);
        let seen = report.findings.iter().flat_map(|finding| finding.because.iter().chain(&finding.against));
        let told: Vec<String> = rows.chain(seen.map(|seen| seen.saw.clone())).collect();
        let about = match self.look.detail {
            Detail::Evidence | Detail::Conversation => report.about_stand_ins(),
            Detail::Verdict | Detail::Short | Detail::Usual => report.about_stand_ins_in(&told.join("\n")),
        };
        let Some(about) = about else { return Ok(()) };
        writeln!(self.out)?;
        self.paragraph(&about, "", "")
    }

    fn left_out(&mut self, places: &[String]) -> io::Result<()> {
        if !places.is_empty() {
            self.heading("What was left out, because it is too long to read")?;
        }
        places.iter().try_for_each(|place| self.item(place))
    }

    pub(super) fn evidence(&mut self, rows: &[CheckRow]) -> io::Result<()> {
        self.heading("The evidence")?;
        for row in rows.iter().filter(|row| row.outcome != CheckOutcome::NotAsked) {
            let time = match (row.started_ms, row.duration_ms) {
                (Some(started), Some(duration)) => format!(" (from {started} ms, for {duration} ms)"),
                _ => String::new(),
            };
            writeln!(self.out, "\n{}{time}", row.id().bold())?;
            let evidence = serde_json::to_string_pretty(&row.evidence()?)?;
            for line in evidence.lines().filter(|line| !line.trim().trim_matches(['{', '}', '[', ']', ',']).is_empty())
            {
                let text = line.trim_end_matches(',');
                let indent = " ".repeat(text.len() - text.trim_start().len());
                self.paragraph(text.trim_start(), &indent, &format!("{indent}  "))?;
            }
        }
        Ok(())
    }

    pub(super) fn conversation(&mut self, report: &Report) -> io::Result<()> {
        for transcript in &report.transcripts {
            self.heading(&format!("Conversation with {}", transcript.server))?;
            for said in &transcript.lines {
                self.paragraph(&said.text, &format!("{:>6} ms {} ", said.at_ms, mark(said.from)), "             ")?;
            }
        }
        Ok(())
    }
}
