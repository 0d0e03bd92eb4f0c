//! Several reports as a table, for a person and for a ticket: one row for each report.

use std::io;

use askama::Template;
use owo_colors::{OwoColorize as _, Style};

use super::Look;
use super::printer::Printer;
use crate::report::Verdict;
use crate::report::overview::{Overview, Row};

/// The result of a report as a symbol, a colour and a word.
fn outcome(row: &Row) -> (&'static str, Style, &'static str) {
    match row.verdict {
        Some(Verdict::Healthy) if row.severity.is_some() => ("!", Style::new().yellow().bold(), "warning"),
        Some(Verdict::Healthy) => ("✓", Style::new().green(), "OK"),
        Some(Verdict::Trouble) => ("✗", Style::new().red().bold(), "problem"),
        Some(Verdict::Unclear) => ("?", Style::new().yellow().bold(), "no result"),
        None => ("–", Style::new().dimmed(), "not read"),
    }
}

/// The cause, and how sure it is.
fn cause(row: &Row) -> Option<String> {
    Some(format!("{}, {}", row.sure?.word(), row.cause.as_ref()?))
}

pub(super) fn write(overview: &Overview, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    const WORD: usize = "no result".len();
    let page = Printer { look, out };
    let indent = if look.is_plain { "  ".to_owned() } else { " ".repeat(WORD + 4) };
    for row in &overview.rows {
        let (symbol, style, word) = outcome(row);
        let mark = if look.is_plain { format!("{word}:") } else { format!("{symbol} {word:<WORD$} ") };
        let when = row.when.as_ref().map_or(String::new(), |when| format!(", {when}"));
        let mut lines = page.wrapped(&format!("{}{when}", row.file), &indent, &indent).into_iter();
        let first = lines.next().unwrap_or_default();
        writeln!(page.out, "{} {}", mark.style(style), first.trim_start().bold())?;
        let sentence = row.conclusion.as_ref().or(row.unreadable.as_ref()).cloned();
        let step = row.first_step.as_ref().map(|step| format!("First step: {step}"));
        for text in [sentence, cause(row), step].into_iter().flatten() {
            lines = lines.chain(page.wrapped(&text, &indent, &indent)).collect::<Vec<_>>().into_iter();
        }
        lines.try_for_each(|line| writeln!(page.out, "{line}"))?;
    }
    Ok(())
}

/// The table.
#[derive(Template)]
#[template(path = "markdown/overview.md", config = "src/render/askama.toml")]
struct Table<'r> {
    overview: &'r Overview,
}

pub(super) fn markdown(overview: &Overview, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    Table { overview }.write_into(out)?;
    writeln!(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use snapbox::str;

    use super::*;
    use crate::render::made_up::{empty, hostile, is, without_colours};
    use crate::render::{Detail, Format, render};

    fn told(format: &str) -> String {
        let rows = vec![
            Row::of("a.json".to_owned(), &hostile()),
            Row::of("b|c.json".to_owned(), &empty()),
            Row::unreadable("d.json".to_owned(), "d.json cannot be read: it is not JSON.".to_owned()),
        ];
        let look = Look { width: 60, lines: None, is_plain: false, detail: Detail::Usual };
        let mut out = Vec::new();
        render(Format::<Overview>::named(format).unwrap(), look, &Overview { rows }, &mut out).unwrap();
        String::from_utf8(without_colours(&out)).unwrap()
    }

    #[test]
    fn each_report_has_its_verdict_its_cause_and_its_first_step() {
        is(
            &told("text"),
            str![[r#"
✗ problem    a.json, 2026-11-24 02:23 UTC
             It fails because: the server says no.
             likely, password-refused
             First step: Open https://account.apple.com,
             then run `check`.
✓ OK         b|c.json, 2026-11-24 02:23 UTC
             No problem found in what was checked.
– not read   d.json
             d.json cannot be read: it is not JSON.

"#]],
        );
    }

    #[test]
    fn a_ticket_has_a_row_for_each_report() {
        is(
            &told("markdown"),
            str![[r#"
| report | when | verdict | cause | sure | first step |
| --- | --- | --- | --- | --- | --- |
| a.json | 2026-11-24 02:23 UTC | problem | password-refused | likely | Open https\://account.apple.com, then run \`check\`. |
| b\|c.json | 2026-11-24 02:23 UTC | OK |  |  |  |
| d.json |  | not read |  |  | d.json cannot be read: it is not JSON. |

"#]],
        );
    }

    #[test]
    fn a_program_reads_a_list() {
        is(
            &told("json"),
            str![[r#"
[
  {
    "file": "a.json",
    "when": "2026-11-24 02:23 UTC",
    "verdict": "trouble",
    "conclusion": "It fails because: the server says no.",
    "cause": "password-refused",
    "severity": "trouble",
    "sure": "likely",
    "first_step": "Open https://account.apple.com, then run `check`.",
    "unreadable": null
  },
  {
    "file": "b|c.json",
    "when": "2026-11-24 02:23 UTC",
    "verdict": "healthy",
    "conclusion": "No problem found in what was checked.",
    "cause": null,
    "severity": null,
    "sure": null,
    "first_step": null,
    "unreadable": null
  },
  {
    "file": "d.json",
    "when": null,
    "verdict": null,
    "conclusion": null,
    "cause": null,
    "severity": null,
    "sure": null,
    "first_step": null,
    "unreadable": "d.json cannot be read: it is not JSON."
  }
]

"#]],
        );
    }
}
