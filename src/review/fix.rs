//! `--fix`: writes what is certain, and says of each file what was changed and what is left.

use std::path::PathBuf;

use super::tell;
use super::{Outcome, Reviewed, write};
use crate::cli::review::{ReviewArguments, ReviewFormat};
use crate::{Misuse, aside, output};

/// What was done to a file.
#[derive(Default)]
pub(super) struct Done {
    /// Its permissions before, where it was closed to others.
    pub(super) was_open_as: Option<String>,
    /// Where the copy of the old text is, where another was written.
    pub(super) copy: Option<PathBuf>,
}

/// Writes into each file what is certain, and returns whether one could not be written.
pub(super) fn all(outcome: &Outcome, arguments: &ReviewArguments) -> Result<bool, Misuse> {
    let mut done = Vec::new();
    let mut has_failed = false;
    for one in &outcome.reviewed {
        match fix(one) {
            Ok(change) => done.push((one, change)),
            Err(misuse) => {
                has_failed = true;
                // Each file says for itself what became of it.
                aside::say(format!("icloud-mail-doctor: {misuse}"));
                done.push((one, None));
            }
        }
    }
    let text = tell::done(&done, arguments);
    if arguments.format == ReviewFormat::Text {
        output::print_colored(&text, arguments.screen.color_choice())?;
    } else {
        aside::page(&text, arguments.screen.color_choice());
    }
    Ok(has_failed)
}

/// Returns what was done to the file; nothing where nothing is certain.
fn fix(one: &Reviewed) -> Result<Option<Done>, Misuse> {
    let mut done = Done::default();
    // First of all: the copy has the permissions of what it is of.
    if one.remarks.iter().any(|told| told.remark.closes_file) {
        done.was_open_as = Some(write::permissions(&one.origin));
        write::close(&one.origin)?;
    }
    if let Some(source) = &one.source {
        done.copy = Some(write::write(&one.origin, source.unblanked(), &one.certain())?);
    }
    Ok((done.was_open_as.is_some() || done.copy.is_some()).then_some(done))
}
