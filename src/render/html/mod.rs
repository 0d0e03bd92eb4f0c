//! The report as one page for a browser, which loads nothing and runs nothing: for a person, and for whoever gets a ticket.

mod mark;
mod tree;
mod waterfall;
mod words;

use std::borrow::Cow;
use std::io;

use askama::Template;
use time::OffsetDateTime;
use time::macros::format_description;

use super::Look;
use super::pieces::SAFE;
use crate::report::{
    Chain, CheckOutcome, CheckRow, Report, Server, Severity, Speaker, StepOutcome, Verdict, duration, security,
};
use mark::Mark;
use tree::Branch;
use waterfall::Waterfall;

pub(super) fn write(report: &Report, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let page = Page {
        report,
        mark: mark::verdict(report),
        asked: tree::asked(&report.checks)?,
        again: tree::again(&report.checks)?,
        waterfall: waterfall::draw(&report.timeline),
    };
    page.write_into(out)
}

/// The page.
#[derive(Template)]
#[template(path = "page.html", config = "src/render/html/askama.toml")]
struct Page<'r> {
    report: &'r Report,
    mark: Mark,
    asked: Vec<Branch<'r>>,
    again: Vec<Branch<'r>>,
    waterfall: Waterfall<'r>,
}

impl Page<'_> {
    fn servers(&self) -> [(&'static str, &Server); 2] {
        [("Reading (IMAP)", &self.report.settings.imap), ("Sending (SMTP)", &self.report.settings.smtp)]
    }

    fn not_asked(&self) -> impl Iterator<Item = &CheckRow> {
        self.report.checks.iter().filter(|row| row.outcome == CheckOutcome::NotAsked)
    }

    fn has_gaps(&self) -> bool {
        self.not_asked().next().is_some()
            || !self.report.settings.sign_in
            || self.again.is_empty()
            || !self.report.left_out.is_empty()
    }

    fn exit_code_means(&self) -> &'static str {
        match self.report.verdict {
            Verdict::Healthy => "no trouble was found",
            Verdict::Trouble => "trouble was found",
            Verdict::Unclear => "no result",
        }
    }
}

fn day(at: &OffsetDateTime) -> String {
    at.format(format_description!("[day padding:none] [month repr:short] [year]")).unwrap_or_default()
}

/// A text with at most so many characters.
fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// Whether every certificate is signed by the next and without a fault, and every store trusts them.
fn is_sound(chain: &Chain) -> bool {
    chain.certificates.iter().all(|link| link.fault.is_none() && link.is_signed_by_next != Some(false))
        && chain.stores.iter().all(|store| store.is_trusting)
}

fn shape(is_good: bool) -> &'static str {
    if is_good { "good" } else { "bad" }
}

/// Who says a line of a conversation, and the class of its row.
fn who(speaker: Speaker) -> (&'static str, &'static str) {
    match speaker {
        Speaker::Client => ("we", "this program"),
        Speaker::Server => ("they", "the server"),
        Speaker::Us => ("remark", "remark"),
    }
}

/// The class of a step that led nowhere.
fn class(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Answered => "",
        StepOutcome::Failed => " failed",
        StepOutcome::GivenUp => " given-up",
    }
}
