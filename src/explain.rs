//! `explain`: the guide's page for a cause, without asking anybody anything.

use crate::diagnosis::CAUSES;
use crate::{Misuse, guide, output};

/// Prints a page, or lists the causes.
pub(crate) fn run(cause: Option<&str>) -> Result<u8, Misuse> {
    let Some(cause) = cause else {
        let width = CAUSES.iter().map(|cause| cause.id.len()).max().unwrap_or(0);
        let lines: Vec<String> = CAUSES
            .iter()
            .map(|cause| format!("{:<width$}  {}", cause.id, guide::page(cause.id).unwrap_or_default().title))
            .collect();
        return output::print(lines.join("\n").as_bytes());
    };
    match guide::source(cause) {
        Some(page) => output::print(page.as_bytes()),
        None => Err(Misuse::new("there is no cause of that name", "`icloud-mail-doctor explain` lists them")),
    }
}
