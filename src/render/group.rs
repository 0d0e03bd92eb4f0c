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

#[cfg(test)]
mod tests {
    use snapbox::str;

    use crate::render::Format;
    use crate::render::made_up::{is, told_of_group};

    #[test]
    fn what_most_share_comes_first_and_once() {
        is(
            &told_of_group("text"),
            str![[r#"
Mail fails for 3 of 7 accounts, and 2 have no result.
The run was stopped. It was interrupted.

The same for many
  All 3 accounts with a problem have the same one.
  1. Use `another` network.

The accounts
✗ problem    clara
             The same problem as above.
✗ problem    <b>&amp;"'</b> ]]> | % \u{3a}:error::x
             ` \ \u{1b}[2J
             <b>&amp;"'</b> ]]> | % \u{3a}:error::x
             ` \ \u{1b}[2J
             likely, mailbox-full
             First step: Do `it`.
✗ problem    dora
             The same problem as above.
– not asked  emma
             Not asked, because of something.
! warning    berta
             Read the warning.
             likely, apple-outage
             First step: Do `it`.
✓ OK         anna

Checked by icloud-mail-doctor 1.2.3, 2026-11-24 02:23 UTC

"#]],
        );
    }

    #[test]
    fn what_was_written_may_be_replaced_by_the_next_run() {
        for format in ["text", "html", "junit", "openmetrics"] {
            let told = told_of_group(format);
            assert!(<Format>::named(format).is_some_and(|format| format.is_report(&told)), "{told}");
        }
    }
}
