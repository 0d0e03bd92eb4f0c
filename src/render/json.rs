//! One JSON document: the format for other programs.

use std::io;

use serde::Serialize;

use super::Look;
use crate::report::archived::Archived;
use crate::report::comparison::Comparison;
use crate::report::event::Event;
use crate::report::line::Line;
use crate::report::overview::Overview;
use crate::report::remembered::Remembered;
use crate::report::{Explanation, Report, Review};
use crate::visible;

pub(super) fn write(report: &Report, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    document(report, out)
}

pub(super) fn explanation(explained: &Explanation, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    document(&explained.document(), out)
}

pub(super) fn review(review: &Review, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    document(&review.document(), out)
}

pub(super) fn overview(overview: &Overview, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    document(overview, out)
}

pub(super) fn archived(archived: &Archived, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    document(&archived.document(), out)
}

pub(super) fn remembered(remembered: &Remembered, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    document(&remembered.document(), out)
}

pub(super) fn comparison(comparison: &Comparison, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    document(comparison, out)
}

/// A line, so that each can be read as it comes (NDJSON).
pub(super) fn event(event: &Event, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    escaped(&serde_json::to_string(event)?, out)
}

/// A line of many (JSON Lines).
pub(super) fn line(line: &Line, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    escaped(&serde_json::to_string(line)?, out)
}

/// Writes any data as one JSON document. Characters that would control a terminal are written as escapes, so that the
/// data stay the same and can be printed.
pub(super) fn document(data: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    escaped(&serde_json::to_string_pretty(data)?, out)
}

fn escaped(document: &str, out: &mut dyn io::Write) -> io::Result<()> {
    // No line of a document begins with text from outside, so this is the only workflow command that could be executed.
    let document = document.replace(visible::BRACKETS, "\\u0023#[");
    // Within a text, a line break is escaped already.
    let is_escaped = |character| character != '\n' && visible::is_unseen(character);
    let mut written = 0;
    for (at, character) in document.match_indices(is_escaped) {
        out.write_all(&document.as_bytes()[written..at])?;
        for unit in character.encode_utf16() {
            write!(out, "\\u{unit:04x}")?;
        }
        written = at + character.len();
    }
    out.write_all(&document.as_bytes()[written..])?;
    writeln!(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use snapbox::str;

    use crate::render::made_up::{empty, hostile, is, told};
    use crate::report::Report;

    #[test]
    fn what_a_terminal_would_obey_is_an_escape_and_the_same_data() {
        let told = told("json", &hostile());
        let line = told.lines().find(|line| line.contains("\"summary\"")).unwrap();
        is(line, str![[r#"      "summary": "<b>&amp;\"'</b> ]]> | % ::error::x ` \\ \u001b[2J","#]]);
        assert_eq!(serde_json::from_str::<Report>(&told).unwrap(), hostile());
    }

    #[test]
    fn what_is_empty_is_there() {
        let told = told("json", &empty());
        let lists: Vec<&str> = told.lines().filter(|line| line.contains("[]")).collect();
        is(
            &lists.join("\n"),
            str![[r#"
  "stand_ins": [],
  "checks": [],
  "findings": [],
  "next": [],
  "timeline": [],
  "chains": [],
  "transcripts": [],
  "left_out": []
"#]],
        );
    }
}
