//! An outcome as a shape, a word and a colour, so that each of them can be understood without the others.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::report::{CheckOutcome, CheckRow, Report, Review, Severity, StepOutcome, Sure, Verdict};

/// A shape (by its name in the page's list of shapes) and a word; the shape decides the colour.
#[derive(Template, Clone, Copy)]
#[template(
    source = r##"<b class="{{ shape }}"><svg aria-hidden="true"><use href="#{{ shape }}"/></svg> {{ word }}</b>"##,
    ext = "html"
)]
pub(super) struct Mark {
    pub(super) shape: &'static str,
    pub(super) word: &'static str,
}

/// Both of its texts are our own.
impl HtmlSafe for Mark {}

const fn mark(shape: &'static str, word: &'static str) -> Mark {
    Mark { shape, word }
}

pub(super) fn verdict(report: &Report) -> Mark {
    match report.verdict {
        Verdict::Healthy if report.is_warned() => mark("warning", "Healthy, with a warning"),
        Verdict::Healthy => mark("good", "Healthy"),
        Verdict::Trouble => mark("bad", "Trouble"),
        Verdict::Unclear => mark("unclear", "Unclear"),
    }
}

pub(super) fn review(review: &Review) -> Mark {
    match review.findings().map(|(_, found)| found.finding.severity).min() {
        Some(Severity::Trouble) => mark("bad", "Problem"),
        Some(_) => mark("warning", "Warning"),
        None if review.complete => mark("good", "No problem found"),
        None => mark("unclear", "Unclear"),
    }
}

/// For a setting.
pub(super) fn not_understood() -> Mark {
    mark("unclear", "not understood")
}

pub(super) fn check(row: &CheckRow) -> Mark {
    let shape = match row.outcome {
        CheckOutcome::Clean if row.deserves_a_look => "warning",
        CheckOutcome::Clean => "good",
        CheckOutcome::Troubled => "bad",
        CheckOutcome::NotAsked => "none",
        CheckOutcome::Asked => "unclear",
    };
    mark(shape, row.word())
}

/// For a question without a row.
pub(super) fn not_asked() -> Mark {
    mark("none", "not checked")
}

pub(super) fn severity(severity: Severity) -> Mark {
    let shape = match severity {
        Severity::Trouble => "bad",
        Severity::Warning => "warning",
        Severity::Note => "unclear",
    };
    mark(shape, severity.word())
}

/// How sure, as one to three filled dots.
pub(super) fn dots(sure: Sure) -> &'static str {
    match sure {
        Sure::Certain => "●●●",
        Sure::Likely => "●●○",
        Sure::Possible => "●○○",
    }
}

/// What the word for how sure means.
pub(super) fn sure_means(sure: Sure) -> &'static str {
    match sure {
        Sure::Certain => "what was seen leaves no other known cause",
        Sure::Likely => "another cause would be a surprise",
        Sure::Possible => "other causes fit too",
    }
}

pub(super) fn step(outcome: StepOutcome) -> Mark {
    match outcome {
        StepOutcome::Answered => mark("good", "answered"),
        StepOutcome::Failed => mark("bad", "failed"),
        StepOutcome::GivenUp => mark("none", "given up"),
    }
}

pub(super) fn chain(is_sound: bool) -> Mark {
    if is_sound { mark("good", "sound") } else { mark("bad", "broken") }
}
