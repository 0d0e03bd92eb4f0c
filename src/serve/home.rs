//! The page with links: what is known of each account in a line.

use std::fmt::Write as _;

use askama::Template;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::report::Verdict;
use crate::report::measures::Monitored;
use crate::visible;
use crate::words::serve as words;

/// The page.
#[derive(Template)]
#[template(path = "home.html", config = "src/serve/askama.toml")]
struct Home {
    summary: String,
    rows: Vec<Row>,
}

/// The line of an account.
pub(super) struct Row {
    is_well: bool,
    account: String,
    /// Its name as a query has it.
    target: String,
    result: String,
    last_run: String,
    next_run: String,
}

impl Row {
    pub(super) fn of(known: &Monitored) -> Self {
        let result = known.measures.as_ref().map_or(words::NOT_RUN, |measures| &measures.sentence);
        Self {
            is_well: known.measures.as_ref().is_some_and(|measures| measures.verdict == Some(Verdict::Healthy)),
            account: visible::text(&known.account),
            target: escaped(&known.account),
            result: visible::text(result),
            last_run: known.last_run.as_ref().map(minute).unwrap_or_default(),
            next_run: minute(&known.next_run),
        }
    }
}

/// The page with these lines; `None` where it cannot be put together.
pub(super) fn page(rows: Vec<Row>) -> Option<String> {
    let well = rows.iter().filter(|row| row.is_well).count();
    Home { summary: words::summary(well, rows.len()), rows }.render().ok()
}

fn minute(at: &OffsetDateTime) -> String {
    at.format(format_description!("[year]-[month]-[day] [hour]:[minute]")).unwrap_or_default()
}

/// A text as it stands in a query (RFC 3986, section 2.3).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => drop(write!(escaped, "%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_the_list_is_a_text_and_a_part_of_a_query() {
        let known = Monitored {
            account: "<b>&\"ä".to_owned(),
            tag: None,
            labels: crate::report::line::Labels::new(),
            measures: None,
            last_run: None,
            next_run: OffsetDateTime::UNIX_EPOCH,
            is_held_back: false,
        };
        let page = page(vec![Row::of(&known)]).unwrap();
        assert!(!page.contains("<b>") && page.contains("report?target=%3Cb%3E%26%22%C3%A4\""), "{page}");
        assert!(page.contains("1970-01-01 00:00"), "{page}");
    }
}
