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
