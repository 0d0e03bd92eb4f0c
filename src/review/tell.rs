//! The result of a review, as data for every format.

use checks::questions::Question;

use super::programs::closed::CLOSED;
use super::reviewed::{Reviewed, Told};
use super::{Outcome, files};
use crate::cli::review::ReviewArguments;
use crate::diagnosis::{Diagnosis, Saw, Seen};
use crate::guide::Facts;
use crate::misuse::Misuse;
use crate::render::{Detail, render};
use crate::report;
use crate::report::Review;
use crate::report::review::{Closed, Difference, File, FileFinding, NotReviewed, NotUnderstood, Read};

/// Returns the whole text in the format that was asked for.
pub(super) fn told(outcome: &Outcome, arguments: &ReviewArguments) -> Result<Vec<u8>, Misuse> {
    let mut out = Vec::new();
    render(arguments.format, arguments.screen.look(Detail::Usual), &composed(outcome, arguments), &mut out).map_err(
        |fault| Misuse::fault(format!("the review cannot be put together ({fault})"), "choose another format"),
    )?;
    Ok(out)
}

fn composed(outcome: &Outcome, arguments: &ReviewArguments) -> Review {
    let is_usual = arguments.paths.is_empty();
    let closed = CLOSED.iter().filter(|_| is_usual).map(|program| Closed {
        program: program.id.to_owned(),
        title: program.title.to_owned(),
        is_used_here: program.is_here(),
    });
    Review {
        complete: outcome.is_complete(),
        is_usual,
        is_fixing: arguments.fix,
        files: outcome.reviewed.iter().map(file).collect(),
        not_reviewed: outcome.not_reviewed.iter().map(not_reviewed).collect(),
        cannot_be_read: closed.collect(),
    }
}

fn file(one: &Reviewed) -> File {
    let doubts = one.doubts.iter();
    File {
        read: Read {
            file: one.shown.clone(),
            program: one.program.id.to_owned(),
            accounts: one.accounts,
            icloud_accounts: one.icloud_accounts,
            is_cut_short: one.is_cut_short,
            not_understood: doubts
                .map(|(line, doubt)| NotUnderstood { line: *line, why: doubt.words().to_owned() })
                .collect(),
        },
        title: one.program.title().to_owned(),
        caution: one.program.caution.map(str::to_owned),
        findings: one.remarks.iter().map(finding).collect(),
    }
}

fn not_reviewed(not: &files::NotReviewed) -> NotReviewed {
    NotReviewed { file: not.shown.clone(), why: not.why.clone(), instead: not.instead.clone() }
}

/// Words the finding like one of `check` for its own settings.
fn finding(told: &Told) -> FileFinding {
    let remark = &told.remark;
    let why = remark.why.as_str();
    let diagnosis = Diagnosis {
        cause: remark.cause.id(),
        about: Vec::new(),
        severity: remark.severity,
        sure: remark.sure,
        because: vec![Seen::new(Question::Settings, Saw::InFile(why.to_owned()))],
        against: Vec::new(),
        would_decide: None,
    };
    FileFinding {
        finding: report::finding(diagnosis, &Facts::default(), None),
        line: told.line,
        why: why.to_owned(),
        corrected: told.differences.iter().map(|changed| changed.after.as_str().to_owned()).collect(),
        differences: lines(told),
        is_fixable: remark.is_mended(),
    }
}

/// Returns the lines before and after, without the spaces around them.
pub(super) fn lines(told: &Told) -> Vec<Difference> {
    let lines = told.differences.iter().map(|changed| Difference {
        before: changed.before.as_ref().map(|before| before.as_str().trim().to_owned()),
        after: changed.after.as_str().trim().to_owned(),
    });
    lines.collect()
}
