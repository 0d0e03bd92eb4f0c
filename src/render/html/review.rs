//! The review of a settings file, as a part of a page for a browser.

use std::io;

use askama::Template;

use super::mark::Mark;
use super::{mark, words};
use crate::render::pieces::SAFE;
use crate::render::review::{counted_by_severity, unsure};
use crate::report::Review;
use crate::visible;

/// The part of a page.
#[derive(Template)]
#[template(path = "review.html", config = "src/render/html/askama.toml")]
struct Part<'r> {
    review: &'r Review,
    mark: Mark,
    conclusion: String,
    /// Why it is no all-clear.
    unsure: Option<String>,
    /// How many changes the program would write.
    certain: usize,
}

/// Returns a review, for a page that holds the shapes and the style of a report.
pub(crate) fn review(review: &Review) -> io::Result<String> {
    let review = visible::all(review)?;
    let unsure = unsure(&review);
    let certain = review.findings().filter(|(_, found)| found.is_fixable).count();
    let (mark, conclusion) = (mark::review(&review), conclusion(&review));
    Part { review: &review, mark, conclusion, unsure, certain }.render().map_err(io::Error::other)
}

/// Half a sentence as a whole one.
fn sentence(half: &str) -> String {
    let mut letters = half.chars();
    let first = letters.next().map(char::to_uppercase);
    let end = if half.ends_with('.') { "" } else { "." };
    first.into_iter().flatten().chain(letters).chain(end.chars()).collect()
}

fn conclusion(review: &Review) -> String {
    let severities = || review.findings().map(|(_, found)| found.finding.severity);
    if !review.not_reviewed.is_empty() {
        return "These settings could not be read.".to_owned();
    }
    match severities().next() {
        Some(_) => format!("{} in these settings.", counted_by_severity(severities())),
        None if review.files.iter().all(|file| file.read.icloud_accounts == 0) => {
            "No account of iCloud Mail was found in these settings.".to_owned()
        }
        None if review.complete => "Nothing to fix for iCloud Mail in these settings.".to_owned(),
        None => "Nothing wrong was found, but not all of these settings were understood.".to_owned(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;
    use crate::report::review::{File, NotReviewed, NotUnderstood, Read};

    fn of(file: Option<File>, not_reviewed: Vec<NotReviewed>) -> String {
        let complete = file.as_ref().is_some_and(|file| file.read.icloud_accounts > 0);
        let files = file.into_iter().collect();
        let cannot_be_read = Vec::new();
        let told = Review { complete, is_usual: false, is_fixing: false, files, not_reviewed, cannot_be_read };
        review(&told).unwrap()
    }

    fn file(icloud_accounts: usize, not_understood: Vec<NotUnderstood>) -> File {
        File {
            read: Read {
                file: "x".to_owned(),
                program: "mbsync".to_owned(),
                accounts: 1,
                icloud_accounts,
                is_cut_short: false,
                not_understood,
            },
            title: "isync (mbsync)".to_owned(),
            caution: None,
            findings: Vec::new(),
        }
    }

    #[test]
    fn an_all_clear_is_said_of_an_account_that_was_understood_alone() {
        let is_clear = |html: &str| html.contains("Nothing to fix") && html.contains("class=\"good\"");
        assert!(is_clear(&of(Some(file(1, Vec::new())), Vec::new())));
        let doubt = NotUnderstood { line: 3, why: "the port is not a number".to_owned() };
        let html = of(Some(File { read: Read { ..file(0, vec![doubt]).read }, ..file(0, Vec::new()) }), Vec::new());
        assert!(!is_clear(&html) && html.contains("Line 3: ") && html.contains("The port is not a number."), "{html}");
        assert!(!is_clear(&of(Some(file(0, Vec::new())), Vec::new())));
    }

    #[test]
    fn what_cannot_be_read_is_a_text_too() {
        let (why, instead) = ("cannot be understood: <b>".to_owned(), "fix that first".to_owned());
        let html = of(None, vec![NotReviewed { file: "x".to_owned(), why, instead }]);
        assert!(html.contains("cannot be understood: &#60;b&#62;. Fix that first."), "{html}");
    }
}
