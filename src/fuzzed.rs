//! The parsers of text from outside, as the fuzz targets in `tests/fuzz` call them.

use crate::{explain, redact, report, review, visible};

/// The settings files of mail programs.
pub fn settings(text: &str) {
    review::read_by_all(text);
}

/// Error texts and logs.
pub fn pasted(text: &str) {
    explain::weighed(text);
    let shown = visible::text(&redact::redacted(text));
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}

/// A saved report, and the diagnosis of its evidence.
pub fn saved_report(text: &str) {
    if let Ok(saved) = report::saved::read(text)
        && let Ok(evidence) = report::saved::evidence(&saved)
    {
        let _ = report::compose(&evidence, None);
    }
}
