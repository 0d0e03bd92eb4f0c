//! The checks as a tree: each below the check that it depends on.

use askama::Template;
use askama::filters::HtmlSafe;

use super::mark::{self, Mark};
use crate::report::{CheckOutcome, CheckRow, duration};

/// A check, and the checks that depend on it.
#[derive(Template)]
#[template(path = "check.html", config = "src/render/html/askama.toml")]
pub(super) struct Branch<'r> {
    row: &'r CheckRow,
    mark: Mark,
    /// The summary, without what the word beside the mark says already.
    summary: &'r str,
    time: Option<String>,
    evidence: Option<String>,
    resting: Vec<Branch<'r>>,
}

/// Its own template escapes what is in it.
impl HtmlSafe for Branch<'_> {}

/// The checks of the first look.
pub(super) fn asked(rows: &[CheckRow]) -> Result<Vec<Branch<'_>>, serde_json::Error> {
    let rows: Vec<&CheckRow> = rows.iter().filter(|row| !row.is_second_look()).collect();
    let has_ground = |row: &CheckRow| rows.iter().any(|other| row.depends_on(other));
    rows.iter().filter(|row| !has_ground(row)).map(|row| branch(row, &rows)).collect()
}

/// The second looks, which depend on nothing.
pub(super) fn again(rows: &[CheckRow]) -> Result<Vec<Branch<'_>>, serde_json::Error> {
    rows.iter().filter(|row| row.is_second_look()).map(|row| branch(row, &[])).collect()
}

fn branch<'r>(row: &'r CheckRow, rows: &[&'r CheckRow]) -> Result<Branch<'r>, serde_json::Error> {
    // A report that was changed by hand may contain a check twice; what depends on it is shown once.
    let is_first = rows.iter().find(|other| other.asks_the_same_as(row)).is_some_and(|first| std::ptr::eq(*first, row));
    let resting = rows.iter().filter(|other| is_first && other.depends_on(row));
    let evidence = row.evidence()?;
    let is_asked = row.outcome != CheckOutcome::NotAsked;
    Ok(Branch {
        row,
        mark: mark::check(row),
        summary: row.beside_word(),
        time: row.duration_ms.filter(|_| is_asked).map(duration),
        evidence: if evidence.is_null() { None } else { Some(serde_json::to_string_pretty(&evidence)?) },
        resting: resting.map(|other| branch(other, rows)).collect::<Result<_, _>>()?,
    })
}
