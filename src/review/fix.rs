//! `--fix`: writes the certain changes, and prints for each file what was changed and what is left.

use super::done::{Done, left_in};
use std::path::PathBuf;

use super::command::{OnDisk, Outcome};
use super::given::Given;
use super::here::HERE;
use super::mend::applied;
use super::reviewed::{Reviewed, review};
use super::{done, write};
use crate::cli::review::ReviewArguments;
use crate::misuse::Misuse;
use crate::{aside, output};

/// The result for all files.
pub(super) enum Fixed {
    /// A file could not be written.
    InPart,
    All {
        is_trouble_left: bool,
    },
}

/// Writes the certain changes into each file.
pub(super) fn all(outcome: &Outcome, arguments: &ReviewArguments) -> Result<Fixed, Misuse> {
    let mut done = Vec::new();
    let mut has_failed = false;
    for file in &outcome.reviewed {
        let one = &file.one;
        match fix(file) {
            Ok(change) => done.push((one, change)),
            Err(misuse) => {
                has_failed = true;
                // A failure in one file does not stop the others.
                aside::say(format!("icloud-mail-doctor: {misuse}"));
                done.push((one, None));
            }
        }
    }
    let text = done::page(&done, arguments);
    if arguments.format.has_styles {
        output::print_colored(&text, arguments.screen.color_choice())?;
    } else {
        aside::page(&text, arguments.screen.color_choice());
    }
    let is_trouble_left =
        done.iter().flat_map(|(one, done)| left_in(one, done.as_ref())).any(|told| told.remark.is_trouble());
    Ok(if has_failed { Fixed::InPart } else { Fixed::All { is_trouble_left } })
}

/// Returns what was changed in the file; `None` where no change is certain.
fn fix(OnDisk { one, origin }: &OnDisk) -> Result<Option<Done>, Misuse> {
    let mut done = Done::default();
    // First of all, because the copy gets the permissions of the file.
    if one.remarks.iter().any(|told| told.remark.closes_file && told.remark.is_mended()) {
        done.was_open_as = Some(write::permissions(origin));
        write::close(origin)?;
    }
    let Some(source) = &one.source else { return Ok(None) };
    let certain = one.certain();
    if !certain.is_empty() {
        done.copy = Some(write::write(origin, source.unblanked(), &certain)?);
    }
    if done.was_open_as.is_none() && done.copy.is_none() {
        return Ok(None);
    }
    done.after = after(one, origin.path.clone(), applied(source.unblanked(), &certain), done.was_open_as.is_some());
    Ok(Some(done))
}

/// Reviews the changed text; `None` where it can no longer be understood.
fn after(one: &Reviewed, path: PathBuf, text: String, is_closed: bool) -> Option<Reviewed> {
    let (shown, program) = (one.shown.clone(), one.program);
    let is_readable_by_others = one.is_readable_by_others && !is_closed;
    review(Given { path, shown, program, text, is_readable_by_others }, &HERE, false).ok()
}
