//! Many accounts as one page: what most of them share, and a table that can be sorted without a script.

use std::collections::HashMap;
use std::io;

use askama::Template;

use super::words;
use crate::render::Look;
use crate::report::group::{Group, Row};
use crate::report::{Verdict, duration};

pub(in crate::render) fn write(group: &Group, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let rows = group.sorted();
    let mut names: Vec<&str> = rows.iter().map(|row| row.account.as_str()).collect();
    names.sort_unstable();
    let by_name: HashMap<&str, usize> = names.into_iter().zip(0..).collect();
    let mut times: Vec<usize> = (0..rows.len()).collect();
    times.sort_by_key(|at| std::cmp::Reverse(rows[*at].duration_ms));
    let mut by_time = vec![0; rows.len()];
    for (place, at) in times.into_iter().enumerate() {
        by_time[at] = place;
    }
    let place = |(row, by_time): (&'_ Row, usize)| by_name.get(row.account.as_str()).map(|at| (*at, by_time));
    let places = rows.iter().copied().zip(by_time).filter_map(place).collect();
    Page { group, rows, places }.write_into(out)?;
    writeln!(out)
}

/// The page.
#[derive(Template)]
#[template(path = "group.html", config = "src/render/html/askama.toml")]
struct Page<'g> {
    group: &'g Group,
    /// Those that need somebody first.
    rows: Vec<&'g Row>,
    /// The place of each row by name and by time.
    places: Vec<(usize, usize)>,
}

impl Page<'_> {
    fn shape(&self) -> &'static str {
        match self.group.summary.exit_code() {
            0 => "good",
            1 => "bad",
            _ => "unclear",
        }
    }

    fn counts(&self) -> [(&'static str, &'static str, usize); 5] {
        let summary = &self.group.summary;
        [
            ("bad", "with a problem", summary.trouble),
            ("unclear", "without a result", summary.unclear),
            ("none", "not asked", summary.not_asked),
            ("none", "not reached", summary.left),
            ("good", "healthy", summary.healthy),
        ]
    }
}

/// The class and the word of an account's result.
fn outcome(row: &Row) -> (&'static str, &'static str) {
    match row.verdict {
        Some(Verdict::Healthy) if !row.causes.is_empty() => ("warning", "warning"),
        Some(Verdict::Healthy) => ("good", "OK"),
        Some(Verdict::Trouble) => ("bad", "problem"),
        Some(Verdict::Unclear) => ("unclear", "no result"),
        None => ("none", "not asked"),
    }
}

#[cfg(test)]
mod tests {
    use crate::render::made_up::told_of_group;

    #[test]
    fn a_page_can_be_sorted_without_a_script_and_obeys_no_name() {
        let page = told_of_group("html");
        assert_eq!(page.matches("class=\"row\"").count(), 6);
        assert!(!page.contains("<b>&amp") && !page.contains("<script") && !page.contains("</b>&"), "{page}");
        // Those that need somebody first; and by name `anna` is the first of six.
        let anna = page.split("class=\"row\"").find(|row| row.contains(">anna<")).unwrap_or_default();
        assert!(anna.contains("--result:6;--name:2;"), "{anna}");
        assert!(page.contains("by-name") && page.contains("The same problem as above."), "{page}");
    }
}
