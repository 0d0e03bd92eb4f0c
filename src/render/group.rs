//! Many accounts for a person at a terminal: what most of them share, and then a line or two for each.

use std::io;

use owo_colors::{OwoColorize as _, Style};

use super::printer::Printer;
use super::{Detail, Look};
use crate::report::Verdict;
use crate::report::group::{Group, Row};

/// The result of an account as a symbol, a colour and a word.
fn outcome(row: &Row) -> (&'static str, Style, &'static str) {
    match row.verdict {
        Some(Verdict::Healthy) if !row.causes.is_empty() => ("!", Style::new().yellow().bold(), "warning"),
        Some(Verdict::Healthy) => ("✓", Style::new().green(), "OK"),
        Some(Verdict::Trouble) => ("✗", Style::new().red().bold(), "problem"),
        Some(Verdict::Unclear) => ("?", Style::new().yellow().bold(), "no result"),
        None => ("–", Style::new().dimmed(), "not asked"),
    }
}

pub(super) fn write(group: &Group, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Printer { look, out };
    let summary = &group.summary;
    page.styled(&summary.conclusion, Style::new().bold())?;
    if let Some(stopped) = &summary.stopped {
        page.paragraph(&format!("The run was stopped. {stopped}"), "", "")?;
    }
    if look.detail == Detail::Verdict {
        return Ok(());
    }
    for shared in &summary.shared {
        page.heading("The same for many")?;
        page.paragraph(&shared.sentence, "  ", "  ")?;
        page.steps(&shared.steps)?;
    }
    if !group.rows.is_empty() {
        page.heading("The accounts")?;
    }
    for row in group.sorted() {
        of(row, group, &mut page)?;
    }
    writeln!(page.out)?;
    let tool = &summary.tool;
    page.paragraph(&format!("Checked by {} {}, {}", tool.name, tool.version, summary.when()), "", "")
}

fn of(row: &Row, group: &Group, page: &mut Printer<'_>) -> io::Result<()> {
    const WORD: usize = "no result".len();
    let (symbol, style, word) = outcome(row);
    let is_plain = page.look.is_plain;
    let indent = if is_plain { "  ".to_owned() } else { " ".repeat(WORD + 4) };
    let mark = if is_plain { format!("{word}:") } else { format!("{symbol} {word:<WORD$} ") };
    let mut name = page.wrapped(&row.account, &indent, &indent).into_iter();
    let first = name.next().unwrap_or_default();
    writeln!(page.out, "{} {}", mark.style(style), first.trim_start().bold())?;
    for line in name {
        writeln!(page.out, "{line}")?;
    }
    let is_well = row.verdict == Some(Verdict::Healthy) && row.causes.is_empty();
    if is_well && page.look.detail <= Detail::Usual {
        return Ok(());
    }
    page.paragraph(group.sentence(row), &indent, &indent)?;
    for cause in group.own(row) {
        page.paragraph(&format!("{}, {}", cause.sure.word(), cause.id), &indent, &indent)?;
    }
    match &row.first_step {
        Some(step) if group.own(row).next().is_some() && page.look.detail > Detail::Short => {
            page.paragraph(&format!("First step: {step}"), &indent, &indent)
        }
        _ => Ok(()),
    }
}
