//! How a report, an explanation or a review looks: one file for each format, which sees nothing else.

#![cfg_attr(test, allow(clippy::needless_raw_string_hashes, reason = "snapbox writes them"))]

mod archived;
mod comparison;
mod event;
mod explanation;
mod github;
mod group;
mod html;
mod json;
mod junit;
mod list;
#[cfg(test)]
mod made_up;
mod markdown;
mod nagios;
mod openmetrics;
mod overview;
mod page;
mod pieces;
mod printer;
mod remembered;
mod review;
mod sarif;
mod text;
mod topic;

use std::io;
use std::path::Path;

use regex::Regex;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::report::archived::Archived;
use crate::report::comparison::Comparison;
use crate::report::event::Event;
use crate::report::group::Group;
use crate::report::line::Line;
use crate::report::overview::Overview;
use crate::report::remembered::Remembered;
use crate::report::{Explanation, Report, Review};
use crate::visible;

/// A format as the table lists it.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// The readers that it is for, as the help shows them.
    pub(crate) about: &'static str,
    /// How it shows a report, an explanation and so on; `None` where it cannot.
    report: Option<Write<Report>>,
    explanation: Option<Write<Explanation>>,
    review: Option<Write<Review>>,
    overview: Option<Write<Overview>>,
    remembered: Option<Write<Remembered>>,
    archived: Option<Write<Archived>>,
    comparison: Option<Write<Comparison>>,
    event: Option<Write<Event>>,
    group: Option<Write<Group>>,
    line: Option<Write<Line>>,
    /// Whether text from outside stays unchanged, because the format has its own escapes for control characters.
    keeps_text: bool,
    pub(crate) exit_code: fn(&Report) -> u8,
    /// Reports a usage error on standard output, if readers of this format look there, and returns the exit code.
    pub(crate) misused: fn(&str, &mut dyn io::Write) -> io::Result<u8>,
    /// Whether a browser can show it.
    pub(crate) is_page: bool,
    /// Whether it may have colours.
    pub(crate) has_styles: bool,
    /// A regular expression for every report in this format, from its first to its last character: a report may replace
    /// an older one, but not anything that was written around one.
    shape: &'static str,
    /// How one of its lines begins: where a second line begins like this, the file contains several reports.
    opening: &'static str,
    /// The file name extensions besides its own name. Those that many kinds of files share (`txt`) are not listed.
    endings: &'static [&'static str],
}

/// The exit code for a usage error.
pub(crate) const MISUSED: u8 = 2;

/// The usual values.
const PLAIN: Row = Row {
    name: "",
    about: "",
    report: None,
    explanation: None,
    review: None,
    overview: None,
    remembered: None,
    archived: None,
    comparison: None,
    event: None,
    group: None,
    line: None,
    keeps_text: false,
    exit_code: Report::exit_code,
    misused: |_, _| Ok(MISUSED),
    is_page: false,
    has_styles: false,
    shape: "",
    opening: "",
    endings: &[],
};

/// The formats: one row each, and a file with the same name.
static FORMATS: [Row; 9] = [
    Row {
        name: "text",
        about: "For a person at a terminal",
        report: Some(text::write),
        explanation: Some(explanation::write),
        review: Some(review::write),
        overview: Some(overview::write),
        remembered: Some(remembered::write),
        archived: Some(archived::write),
        comparison: Some(comparison::write),
        event: Some(event::write),
        group: Some(group::write),
        has_styles: true,
        // It begins with the conclusion, and ends with the program's version and the time.
        shape: r"(?:All |Mail |Receiving |Sending |Something |Both |It |No )[\s\S]*\nChecked by icloud-mail-doctor \d+\.\d+[\s\S]{0,200}UTC\s*",
        opening: "Checked by icloud-mail-doctor ",
        ..PLAIN
    },
    Row {
        name: "json",
        about: "For programs: one JSON document",
        report: Some(json::write),
        explanation: Some(json::explanation),
        review: Some(json::review),
        overview: Some(json::overview),
        remembered: Some(json::remembered),
        archived: Some(json::archived),
        comparison: Some(json::comparison),
        event: Some(json::event),
        line: Some(json::line),
        keeps_text: true,
        shape: r#"\s*\{\s*"schema_version":[\s\S]*?"name":\s*"icloud-mail-doctor"[\s\S]*\}\s*"#,
        opening: "{",
        ..PLAIN
    },
    Row {
        name: "html",
        about: "For a person: a page for any browser, in one file",
        report: Some(html::write),
        group: Some(html::group),
        is_page: true,
        shape: r#"<!doctype html>[\s\S]*?<meta name="generator" content="icloud-mail-doctor[\s\S]*</html>\s*"#,
        opening: "<!doctype html>",
        endings: &["htm"],
        ..PLAIN
    },
    Row {
        name: "markdown",
        about: "For a support ticket: paste it",
        report: Some(markdown::write),
        overview: Some(overview::markdown),
        comparison: Some(comparison::markdown),
        shape: r"# [\s\S]*?seen by icloud-mail-doctor \d[\s\S]*(?:</details>|It did not come to words\.)\s*",
        opening: "# ",
        endings: &["md"],
        ..PLAIN
    },
    Row {
        name: "junit",
        about: "For a CI job: a test case a check",
        report: Some(junit::write),
        group: Some(junit::group),
        shape: r#"<\?xml [^>]*>\s*<testsuites name="icloud-mail-doctor"[\s\S]*</testsuites>\s*"#,
        opening: "<?xml ",
        endings: &["xml"],
        ..PLAIN
    },
    Row {
        name: "nagios",
        about: "For Nagios, Icinga and the like: one line, with their exit codes",
        report: Some(nagios::write),
        exit_code: nagios::exit_code,
        misused: nagios::misused,
        shape: r"ICLOUD MAIL (?:OK|WARNING|CRITICAL|UNKNOWN) - [^\n]*\s*",
        ..PLAIN
    },
    Row {
        name: "github",
        about: "For a GitHub workflow: annotations",
        report: Some(github::write),
        review: Some(github::review),
        misused: github::misused,
        shape: r"(?:::(?:error|warning|notice) title=iCloud Mail[^\n]*\n*)+",
        ..PLAIN
    },
    Row {
        name: "openmetrics",
        about: "For Prometheus: one gauge a check, and when certificates end",
        report: Some(openmetrics::write),
        group: Some(openmetrics::group),
        shape: r"# HELP icloud_mail_verdict [\s\S]*# EOF\s*",
        opening: "# HELP icloud_mail_verdict ",
        endings: &["prom"],
        ..PLAIN
    },
    Row {
        name: "sarif",
        about: "For a code review: SARIF 2.1.0",
        review: Some(sarif::write),
        keeps_text: true,
        ..PLAIN
    },
];

/// Writes something in a format.
type Write<T> = fn(&T, Look, &mut dyn io::Write) -> io::Result<()>;

/// What a format can show: a report, several reports, two of them compared, an explanation or a review.
pub(crate) trait Shown: Serialize + DeserializeOwned + 'static {
    /// Returns how a format shows it; `None` where it does not.
    fn by(format: &Row) -> Option<Write<Self>>;
}

impl Shown for Report {
    fn by(format: &Row) -> Option<Write<Self>> {
        format.report
    }
}

impl Shown for Overview {
    fn by(format: &Row) -> Option<Write<Self>> {
        format.overview
    }
}

impl Shown for Explanation {
    fn by(format: &Row) -> Option<Write<Self>> {
        format.explanation
    }
}

impl Shown for Archived {
    fn by(format: &Row) -> Option<Write<Self>> {
        format.archived
    }
}

impl Shown for Remembered {
    fn by(format: &Row) -> Option<Write<Self>> {
        format.remembered
    }
}

impl Shown for Comparison {
    fn by(format: &Row) -> Option<Write<Self>> {
        format.comparison
    }
}

impl Shown for Event {
    fn by(format: &Row) -> Option<Write<Self>> {
        format.event
    }
}

impl Shown for Group {
    fn by(format: &Row) -> Option<Write<Self>> {
        format.group
    }
}

impl Shown for Line {
    fn by(format: &Row) -> Option<Write<Self>> {
        format.line
    }
}

impl Shown for Review {
    fn by(format: &Row) -> Option<Write<Self>> {
        format.review
    }
}

/// One of the formats that can show this.
pub(crate) struct Format<T = Report> {
    listed: &'static Row,
    write: Write<T>,
}

impl<T> Clone for Format<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Format<T> {}

impl<T: Shown> Format<T> {
    /// Every format that can show this, in the order of the table.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().filter_map(|listed| Some(Self { listed, write: T::by(listed)? }))
    }

    /// The format with that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::all().find(|format| format.name == name)
    }
}

impl Format {
    /// The format for a browser.
    pub(crate) fn page() -> Option<Self> {
        Self::all().find(|format| format.is_page)
    }

    /// The same format for an overview of several reports, if it has one.
    pub(crate) fn for_several(self) -> Option<Format<Overview>> {
        Format::named(self.name)
    }

    /// The same format for what a watch tells, if it has lines for that.
    pub(crate) fn for_events(self) -> Option<Format<Event>> {
        Format::named(self.name)
    }

    /// The same format for many accounts at once, if it has a page for them.
    pub(crate) fn for_group(self) -> Option<Format<Group>> {
        Format::named(self.name)
    }

    /// The same format for one account after another, if it has lines for them.
    pub(crate) fn for_lines(self) -> Option<Format<Line>> {
        Format::named(self.name)
    }

    /// The default format for many accounts, and for their evidence.
    pub(crate) fn of_lines() -> Self {
        Self::all().find(|format| format.for_lines().is_some()).unwrap_or(Self::usual())
    }

    /// The default format.
    pub(crate) fn usual() -> Self {
        Self { listed: &FORMATS[0], write: text::write }
    }

    /// The format that a file name extension means, if any.
    pub(crate) fn of_ending(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        Self::all().find(|format| format.name == ending || format.endings.contains(&ending.as_str()))
    }

    /// Whether a text is exactly one report in this format.
    pub(crate) fn is_report(self, text: &str) -> bool {
        // A test checks that every shape is a regular expression; otherwise nothing would be recognised.
        // Most texts are none, which is seen without a regular expression.
        text.contains(self.opening) && self.is_alone_in(text) && self.whole().is_ok_and(|shape| shape.is_match(text))
    }

    /// Whether only one line begins a report.
    fn is_alone_in(self, text: &str) -> bool {
        self.opening.is_empty() || text.lines().filter(|line| line.starts_with(self.opening)).count() < 2
    }

    /// Matches a text that is one report from its first to its last character.
    fn whole(self) -> Result<Regex, regex::Error> {
        Regex::new(&format!(r"\A(?:{})\z", self.shape))
    }
}

impl<T> std::ops::Deref for Format<T> {
    type Target = Row;

    fn deref(&self) -> &Row {
        self.listed
    }
}

impl<T> std::fmt::Debug for Format<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
}

/// How the user wants the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// The width in columns.
    pub(crate) width: usize,
    /// The number of lines of the screen; `None` where the text goes elsewhere.
    pub(crate) lines: Option<usize>,
    /// Whether to avoid symbols and columns.
    pub(crate) is_plain: bool,
    pub(crate) detail: Detail,
}

/// How much of the report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Detail {
    /// Only the verdict.
    Verdict,
    /// The verdict, and what to do first.
    Short,
    /// The causes, what to do about the first one, and a line for each check.
    Usual,
    /// Every cause in full, and the evidence.
    Evidence,
    /// Also the conversations with the servers.
    Conversation,
}

/// Writes a report, an explanation or a review in a format. Colours are always written; the caller passes an `out` that
/// removes them where they are not wanted.
pub(crate) fn render<T: Shown>(format: Format<T>, look: Look, told: &T, out: &mut dyn io::Write) -> io::Result<()> {
    if format.keeps_text { (format.write)(told, look, out) } else { (format.write)(&visible::all(told)?, look, out) }
}

pub(crate) use html::{
    cause as cause_part, explanation as explanation_part, report as report_part, review as review_part,
    setup as setup_part, topic as topic_part,
};
pub(crate) use list::{list, wrapped};
#[cfg(test)]
pub(crate) use made_up::without_colours;
pub(crate) use openmetrics::{Dialect, monitored};
pub(crate) use page::page;
pub(crate) use printer::Printer;
pub(crate) use review::{counted_by_severity, differences};
pub(crate) use topic::topic;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;
    use crate::{rehearse, report};

    #[test]
    fn a_report_is_recognised_in_its_own_format_and_in_no_other() {
        // Each expression is compiled only once.
        let shapes: Vec<(Format, Regex)> = <Format>::all().map(|format| (format, format.whole().unwrap())).collect();
        let is = |(format, shape): &(Format, Regex), text: &str| format.is_alone_in(text) && shape.is_match(text);
        for (at, (name, evidence)) in rehearse::all().iter().enumerate() {
            let report = report::compose(evidence, None);
            for own @ (format, _) in &shapes {
                let mut out = Vec::new();
                let look = Look { width: 40 + at, lines: None, is_plain: false, detail: Detail::Usual };
                render(*format, look, &report, &mut out).unwrap();
                let text = String::from_utf8(made_up::without_colours(&out)).unwrap();
                assert!(is(own, &text), "{name} as {format:?}");
                for noted in [format!("{text}\nDear customer, try this\n"), format!("Mine:\n{text}"), text.repeat(2)] {
                    // Annotations are independent lines, so two reports in a row look like one.
                    let is_alike = format.name == "github" && noted == text.repeat(2);
                    assert!(is_alike || !is(own, &noted), "{name} as {format:?}: {noted}");
                }
                for other in shapes.iter().filter(|(other, _)| at % 10 == 0 && other.name != format.name) {
                    assert!(!is(other, &text), "{name} as {format:?}: {:?}", other.0);
                }
            }
        }
    }

    #[test]
    fn what_others_write_is_not_recognised() {
        for text in [
            "",
            "icloud-mail-doctor is what I tried first",
            "icloud-mail-doctor: there is no password",
            "# My notes\n\nicloud-mail-doctor helped.",
            "{\"name\": \"icloud-mail-doctor\"}",
            "{\"schema_version\": 1, \"tool\": {\"name\": \"another\"}}",
            "<!doctype html><title>icloud-mail-doctor</title>",
            "<?xml version=\"1.0\"?><testsuites name=\"mine\">",
            "# HELP node_cpu_seconds_total x",
        ] {
            assert!(<Format>::all().all(|format| !format.is_report(text)), "{text}");
        }
    }

    #[test]
    fn an_ending_tells_one_format_or_none() {
        for (name, format) in [
            ("r.html", Some("html")),
            ("R.HTM", Some("html")),
            ("a.b.json", Some("json")),
            ("ticket.md", Some("markdown")),
            ("results.junit.xml", Some("junit")),
            ("icloud.prom", Some("openmetrics")),
            ("report.nagios", Some("nagios")),
            ("r.txt", None),
            ("r.log", None),
            ("html", None),
            (".json", None),
            ("/dev/stdout", None),
        ] {
            assert_eq!(Format::of_ending(Path::new(name)).map(|format| format.name), format, "{name}");
        }
    }
}
