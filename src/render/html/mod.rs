//! The report as one page for a browser, which loads and runs nothing: for a person, and for the reader of a ticket.

mod explanation;
mod group;
mod guidance;
mod mark;
mod review;
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
    Chain, CheckOutcome, CheckRow, Finding, Report, Server, Severity, Speaker, StepOutcome, Verdict, duration, security,
};
use crate::visible;
pub(crate) use explanation::explanation;
pub(super) use group::write as group;
pub(crate) use guidance::{cause, setup, topic};
use mark::Mark;
pub(crate) use review::review;
use tree::Branch;
use waterfall::Waterfall;

pub(super) fn write(report: &Report, _: Look, out: &mut dyn io::Write) -> io::Result<()> {
    page(report, true)?.write_into(out)?;
    writeln!(out)
}

/// Returns a report as a part of a page that holds the shapes and the style.
pub(crate) fn report(report: &Report) -> io::Result<String> {
    page(&visible::all(report)?, false)?.render().map_err(io::Error::other)
}

fn page(report: &Report, is_alone: bool) -> io::Result<Page<'_>> {
    Ok(Page {
        report,
        is_alone,
        mark: mark::verdict(report),
        asked: tree::asked(&report.checks)?,
        again: tree::again(&report.checks)?,
        waterfall: waterfall::draw(&report.timeline),
    })
}

/// The page.
#[derive(Template)]
#[template(path = "page.html", config = "src/render/html/askama.toml")]
struct Page<'r> {
    report: &'r Report,
    /// Whether it is a whole page, and not a part of one.
    is_alone: bool,
    mark: Mark,
    asked: Vec<Branch<'r>>,
    again: Vec<Branch<'r>>,
    waterfall: Waterfall<'r>,
}

impl Page<'_> {
    /// The findings that are only good to know.
    fn notes(&self) -> impl Iterator<Item = &Finding> {
        self.report.of(Severity::Note)
    }

    fn servers(&self) -> [(&'static str, &Server); 2] {
        [("Receiving (IMAP)", &self.report.settings.imap), ("Sending (SMTP)", &self.report.settings.smtp)]
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

/// A text, cut to this many characters.
fn cut(text: &str, longest: usize) -> Cow<'_, str> {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// Whether every certificate is signed by the next one and without a fault, and every store trusts the chain.
fn is_sound(chain: &Chain) -> bool {
    chain.certificates.iter().all(|link| link.fault.is_none() && link.is_signed_by_next != Some(false))
        && chain.stores.iter().all(|store| store.is_trusting)
}

fn shape(is_good: bool) -> &'static str {
    if is_good { "good" } else { "bad" }
}

/// The name for the speaker of a line, and the class of its row.
fn who(speaker: Speaker) -> (&'static str, &'static str) {
    match speaker {
        Speaker::Client => ("we", "this program"),
        Speaker::Server => ("they", "the server"),
        Speaker::Us => ("remark", "remark"),
    }
}

/// The class of a step that failed.
fn class(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Answered => "",
        StepOutcome::Failed => " failed",
        StepOutcome::GivenUp => " given-up",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use snapbox::str;

    use crate::render::made_up::{cut_short, empty, hostile, is, told};

    /// The lines of a page that contain a word.
    fn lines(page: &str, word: &str) -> String {
        let (_, body) = page.split_once("</style>").unwrap();
        body.lines().filter(|line| line.contains(word)).map(str::trim).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_a_server_says_is_a_text() {
        let page = told("html", &hostile());
        assert!(!page.contains("<b>&amp;") && !page.contains('\u{1b}'), "{page}");
        is(
            &lines(&page, "[2J"),
            str![[r##"
<ul><li><bdi>&#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J</bdi></li></ul>
<ul><li><bdi>&#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J</bdi></li></ul>
<ul><li><bdi>&#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J</bdi></li></ul>
<p><bdi>&#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J</bdi></p>
<p><bdi>&#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J</bdi></p>
<p><strong><bdi>&#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J</bdi></strong></p>
<ul><li class="bad"><svg aria-hidden="true"><use href="#bad"/></svg> <bdi>The public list of roots</bdi> <bdi>does not accept it (&#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J)</bdi></li></ul>
<tr class="they"><td>5<td>the server<td><bdi>&#60;b&#62;&#38;amp;&#34;&#39;&#60;/b&#62; ]]&#62; | % \u{3a}:error::x ` \ \u{1b}[2J</bdi>
"##]],
        );
    }

    #[test]
    fn an_address_is_a_link_and_a_command_is_code() {
        is(
            &lines(&told("html", &hostile()), "account.apple.com"),
            str![[
                r#"<ol><li>Open <a href="https://account.apple.com">https://account.apple.com</a>, then run <code>check</code>.</li><li>In thunderbird: paste it.</li></ol>"#
            ]],
        );
    }

    #[test]
    fn what_was_cut_and_what_was_not_asked_are_told() {
        let page = told("html", &cut_short());
        is(
            &lines(&page, "10 of 11"),
            str!["<li>left out, because it is too long to read: <bdi>/dns/imap/attempts: 10 of 11</bdi></li>"],
        );
        is(
            &lines(&page, "cut short"),
            str![[r##"
<h1><bdi>No result: too little was checked, or the run was cut short.</bdi></h1>
<p><bdi>because the run was cut short</bdi></p>
<li><b class="none"><svg aria-hidden="true"><use href="#none"/></svg> not checked</b> <code>tcp</code> <bdi>because the run was cut short</bdi></li>
<div><dt>Run</dt><dd>2026-11-24 02:23 UTC, for 1.2 s; cut short, so some answers are missing</dd></div>
"##]],
        );
    }

    #[test]
    fn a_report_of_nothing_is_a_page() {
        let page = told("html", &empty());
        assert!(
            page.trim_end().ends_with("</html>") && page.contains("No problem found in what was checked."),
            "{page}"
        );
    }
}
