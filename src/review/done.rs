//! What `--fix` changed in each file, and what is left.

use std::io;
use std::path::PathBuf;

use owo_colors::Style;

use super::reviewed::{Reviewed, Told};
use super::tell::lines;
use crate::cli::review::ReviewArguments;
use crate::diagnosis::cause;
use crate::render::{Detail, Printer, counted_by_severity, differences};
use crate::visible::text as visible;

/// The changes to a file.
#[derive(Default)]
pub(super) struct Done {
    /// Its permissions before, if it was closed to others.
    pub(super) was_open_as: Option<String>,
    /// Where the copy of the old text is, if the text was changed.
    pub(super) copy: Option<PathBuf>,
    /// The review of the file as it is now.
    pub(super) after: Option<Reviewed>,
}

/// Returns the problems that a file still has: a problem that was fixed may have hidden another one.
pub(super) fn left_in<'r>(one: &'r Reviewed, done: Option<&'r Done>) -> Vec<&'r Told> {
    let Some(done) = done else { return one.remarks.iter().collect() };
    let Some(after) = &done.after else {
        return one.remarks.iter().filter(|told| !told.remark.is_mended()).collect();
    };
    let is_found_again = |told: &Told| after.remarks.iter().any(|other| other.remark.why == told.remark.why);
    // A problem of several files together is not seen in one of them alone.
    let of_several =
        one.remarks.iter().filter(|told| told.remark.cause == cause!("too-many-connections") && !is_found_again(told));
    after.remarks.iter().chain(of_several).collect()
}

/// What was changed in each file, and what is left.
pub(super) fn page(files: &[(&Reviewed, Option<Done>)], arguments: &ReviewArguments) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_done(files, Printer { look: arguments.screen.look(Detail::Usual), out: &mut out });
    out
}

fn write_done(files: &[(&Reviewed, Option<Done>)], mut page: Printer) -> io::Result<()> {
    for (one, done) in files.iter().filter_map(|(one, done)| Some((one, done.as_ref()?))) {
        let file = visible(&one.shown);
        page.styled(&format!("{file}: changed"), Style::new().bold())?;
        for told in one.remarks.iter().filter(|told| told.remark.is_mended() && !told.differences.is_empty()) {
            writeln!(page.out, "  line {}:", told.line)?;
            differences(&lines(told), &mut page)?;
        }
        if let Some(before) = &done.was_open_as {
            let words = format!(
                "Its permissions were {before} and are 600 now: its owner alone can read it. If a program of another user \
                 reads it, give that user's group the right with chmod 640."
            );
            page.paragraph(&words, "  ", "  ")?;
        }
        if let Some(copy) = &done.copy {
            let words = format!(
                "{} is a copy of the old file, with any password that is in it: delete it when your mail works, and do not \
                 commit it.",
                visible(&copy.display().to_string())
            );
            page.paragraph(&words, "  ", "  ")?;
        }
        if let Some(next) = one.program.afterwards.filter(|_| done.copy.is_some()) {
            page.paragraph(next, "  ", "  ")?;
        }
        writeln!(page.out)?;
    }
    let is_written = |(_, done): &&(&Reviewed, Option<Done>)| done.is_some();
    let all = remarks(files.iter().map(|(one, _)| *one));
    let written = remarks(files.iter().filter(is_written).map(|(one, _)| *one));
    let fixed = written.iter().filter(|told| told.remark.is_mended()).count();
    if all.is_empty() {
        return Ok(());
    }
    let mut left = Vec::new();
    for (one, done) in files {
        let here = left_in(one, done.as_ref());
        left.extend(here.into_iter().map(|told| format!("{} ({}:{})", told.remark.cause.id(), one.shown, told.line)));
    }
    let rest = if left.is_empty() { ".".to_owned() } else { format!(": {}.", left.join(", ")) };
    // A fix may take another problem along, or show one that was hidden.
    let fixed = fixed.max(all.len().saturating_sub(left.len()));
    let new = match (fixed + left.len()).saturating_sub(all.len()) {
        0 => String::new(),
        new => format!(" ({new} of them could not be seen before)"),
    };
    let count = counted_by_severity(all.iter().map(|told| told.remark.severity));
    let text = format!("{count}; {fixed} fixed now, {} left{new}{rest}", left.len());
    page.paragraph(&visible(&text), "", "")
}

fn remarks<'r>(reviewed: impl IntoIterator<Item = &'r Reviewed>) -> Vec<&'r Told> {
    reviewed.into_iter().flat_map(|one| &one.remarks).collect()
}
