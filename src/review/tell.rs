//! The result of a review, as data for every format.

use checks::questions::Question;

use super::given;
use super::reviewed::{Reviewed, Told};
use crate::diagnosis::{Diagnosis, Saw, Seen};
use crate::guide::Facts;
use crate::report;
use crate::report::Review;
use crate::report::review::{Difference, File, FileFinding, NotReviewed, NotUnderstood, Read};

/// Returns the result of some files that the user named.
pub(super) fn composed<'r>(reviewed: impl Iterator<Item = &'r Reviewed> + Clone, not: &[given::NotReviewed]) -> Review {
    Review {
        complete: is_complete(reviewed.clone(), not),
        is_usual: false,
        is_fixing: false,
        files: reviewed.map(file).collect(),
        not_reviewed: not.iter().map(not_reviewed).collect(),
        cannot_be_read: Vec::new(),
    }
}

/// Returns whether there is an account at iCloud, and everything about each was understood.
pub(super) fn is_complete<'r>(
    mut reviewed: impl Iterator<Item = &'r Reviewed> + Clone,
    not: &[given::NotReviewed],
) -> bool {
    not.is_empty() && reviewed.clone().all(|one| one.doubts.is_empty()) && reviewed.any(|one| one.accounts > 0)
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

fn not_reviewed(not: &given::NotReviewed) -> NotReviewed {
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
