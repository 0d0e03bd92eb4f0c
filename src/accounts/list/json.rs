//! A list in JSON lines: one object a line.

use super::Mistake;
use super::entry::{Entry, Fields};

/// Reads the entries.
pub(super) fn read(text: &str) -> (Vec<Entry>, Vec<Mistake>) {
    let (mut entries, mut mistakes) = (Vec::new(), Vec::new());
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        match serde_json::from_str::<Fields>(text) {
            Ok(fields) => entries.push(Entry { line, fields }),
            // What serde says may repeat a value.
            Err(_) => mistakes.push((line, "it is not one JSON object with texts as its values".to_owned())),
        }
    }
    (entries, mistakes)
}
