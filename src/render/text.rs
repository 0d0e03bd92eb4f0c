//! The report for a person at a terminal: what was asked, what is wrong, what to do, and the verdict last, where the
//! eye is when everything has scrolled by.

use std::io;

use owo_colors::{OwoColorize, Style};
use textwrap::{Options, WordSplitter};

use super::{Detail, Look};
use crate::report::{CheckOutcome, CheckRow, Finding, Link, NextStep, Report, Severity, Verdict, mark};
use crate::visible;

pub(super) fn write(report: &Report, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Printer { look, out };
    if look.detail > Detail::Verdict {
        page.header(report)?;
        page.checks(&report.checks)?;
        page.stand_ins(report)?;
        for (at, finding) in report.findings.iter().enumerate() {
            page.finding(at + 1, report.findings.len(), finding, "What we saw")?;
        }
        page.left_out(&report.left_out)?;
    }
    if look.detail >= Detail::Evidence {
        page.evidence(&report.checks)?;
    }
    if look.detail >= Detail::Conversation {
        page.conversation(report)?;
    }
    if look.detail > Detail::Verdict {
        page.next(&report.next)?;
    }
    page.verdict(report)
}

/// A check's outcome as a symbol and a colour beside its word, so that none of them is needed to understand the others.
fn outcome(row: &CheckRow) -> (&'static str, Style) {
    match row.outcome {
        CheckOutcome::Clean if row.deserves_a_look => ("!", Style::new().yellow().bold()),
        CheckOutcome::Clean => ("✓", Style::new().green()),
        CheckOutcome::Troubled => ("✗", Style::new().red().bold()),
        CheckOutcome::NotAsked => ("–", Style::new().dimmed()),
        CheckOutcome::Asked => ("?", Style::new().cyan()),
    }
}

fn severity(severity: Severity) -> Style {
    match severity {
        Severity::Trouble => Style::new().red().bold(),
        Severity::Warning => Style::new().yellow().bold(),
        Severity::Note => Style::new().cyan(),
    }
}

/// Prints a text line by line, within the width of a terminal.
pub(crate) struct Printer<'o> {
    pub(crate) look: Look,
    pub(crate) out: &'o mut dyn io::Write,
}

impl Printer<'_> {
    fn header(&mut self, report: &Report) -> io::Result<()> {
        let of = report.settings.email.as_deref().unwrap_or("no address given, so nobody signs in");
        let line = format!("{} {}: {of}, {}", report.tool.name, report.tool.version, report.when());
        self.styled(&line, Style::new().dimmed())?;
        writeln!(self.out)
    }

    fn checks(&mut self, rows: &[CheckRow]) -> io::Result<()> {
        let width = rows.iter().map(|row| row.id().len()).max().unwrap_or(0);
        for row in rows {
            let (symbol, style) = outcome(row);
            if self.look.is_plain {
                self.paragraph(&format!("{}: {}", row.id(), row.told()), "", "  ")?;
                continue;
            }
            let label = format!("{symbol} {:<9}  {:<width$}  ", row.word(), row.id());
            let indent = " ".repeat(label.chars().count());
            let mut lines = self.wrapped(row.beside_word(), &indent, &indent).into_iter();
            let first = lines.next().unwrap_or_default();
            let (mark, id) = label.split_at(symbol.len() + 10);
            writeln!(self.out, "{}{id}{}", mark.style(style), first.trim_start())?;
            for line in lines {
                writeln!(self.out, "{line}")?;
            }
        }
        Ok(())
    }

    /// One finding; `seen` is the heading of what speaks for it.
    pub(super) fn finding(&mut self, number: usize, of: usize, finding: &Finding, seen: &str) -> io::Result<()> {
        let style = severity(finding.severity);
        // What is only good to know takes three lines, and its page the rest.
        if finding.severity == Severity::Note {
            let seen: Vec<String> = finding.because.iter().map(|seen| seen.saw.clone()).collect();
            writeln!(self.out)?;
            let if_so = format!("If something still fails, it may be because: {}.", finding.claim());
            self.paragraph(&if_so, "", "")?;
            self.paragraph(&seen.join("; "), "  ", "  ")?;
            return self.paragraph(&format!("icloud-mail-doctor explain {}", finding.cause), "  ", "  ");
        }
        let number = if of > 1 { format!("{number}. ") } else { String::new() };
        writeln!(self.out)?;
        self.styled(&format!("{number}{}", finding.title), style)?;
        let words = (finding.severity.word(), finding.sure.word());
        self.paragraph(&format!("{}, {}: {}", words.0, words.1, finding.cause), "", "")?;
        self.section("What it means", &finding.means)?;
        self.heading(seen)?;
        for seen in &finding.because {
            self.item(&seen.saw)?;
        }
        if !finding.against.is_empty() {
            self.heading("What speaks against it")?;
            for seen in &finding.against {
                self.item(&seen.saw)?;
            }
        }
        if let Some(question) = &finding.would_decide {
            self.section("What would make it certain", question)?;
        }
        self.heading("What to do")?;
        self.steps(&finding.steps)?;
        self.section("How to see that it worked", &finding.worked)?;
        self.links(&finding.links)
    }

    pub(crate) fn steps(&mut self, steps: &[String]) -> io::Result<()> {
        for (at, step) in steps.iter().enumerate() {
            self.paragraph(step, &format!("{:>3}. ", at + 1), "     ")?;
        }
        Ok(())
    }

    pub(crate) fn links(&mut self, links: &[Link]) -> io::Result<()> {
        self.heading("Read on")?;
        for link in links {
            // An address must stay whole, so that it can be clicked and copied.
            self.paragraph(&link.title, "  ", "  ")?;
            writeln!(self.out, "    {}", link.url.underline())?;
        }
        Ok(())
    }

    /// Says that addresses are not the real ones, where any of them is told here.
    fn stand_ins(&mut self, report: &Report) -> io::Result<()> {
        let rows = report.checks.iter().map(CheckRow::told);
        let seen = report.findings.iter().flat_map(|finding| finding.because.iter().chain(&finding.against));
        let told: Vec<String> = rows.chain(seen.map(|seen| seen.saw.clone())).collect();
        let about = match self.look.detail {
            Detail::Verdict | Detail::Usual => report.about_stand_ins_in(&told.join("\n")),
            Detail::Evidence | Detail::Conversation => report.about_stand_ins(),
        };
        let Some(about) = about else { return Ok(()) };
        writeln!(self.out)?;
        self.paragraph(&about, "", "")
    }

    fn next(&mut self, steps: &[NextStep]) -> io::Result<()> {
        if steps.is_empty() {
            return Ok(());
        }
        self.heading("What to do next")?;
        self.steps(&steps.iter().map(|step| step.text.clone()).collect::<Vec<_>>())
    }

    fn left_out(&mut self, places: &[String]) -> io::Result<()> {
        if !places.is_empty() {
            self.heading("What was cut, because it is longer than anybody reads")?;
        }
        places.iter().try_for_each(|place| self.item(place))
    }

    fn evidence(&mut self, rows: &[CheckRow]) -> io::Result<()> {
        writeln!(self.out)?;
        self.styled("Evidence", Style::new().bold())?;
        for row in rows.iter().filter(|row| row.outcome != CheckOutcome::NotAsked) {
            let time = match (row.started_ms, row.duration_ms) {
                (Some(started), Some(duration)) => format!(" (from {started} ms, for {duration} ms)"),
                _ => String::new(),
            };
            writeln!(self.out, "\n{}{time}", row.id().bold())?;
            let evidence = serde_json::to_string_pretty(&row.evidence()?)?;
            for line in evidence.lines().filter(|line| !line.trim().trim_matches(['{', '}', '[', ']', ',']).is_empty())
            {
                let text = line.trim_end_matches(',');
                let indent = " ".repeat(text.len() - text.trim_start().len());
                self.paragraph(text.trim_start(), &indent, &format!("{indent}  "))?;
            }
        }
        Ok(())
    }

    fn conversation(&mut self, report: &Report) -> io::Result<()> {
        for transcript in &report.transcripts {
            writeln!(self.out)?;
            self.styled(&format!("Conversation with {}", transcript.server), Style::new().bold())?;
            for said in &transcript.lines {
                self.paragraph(&said.text, &format!("{:>6} ms {} ", said.at_ms, mark(said.from)), "             ")?;
            }
        }
        Ok(())
    }

    fn verdict(&mut self, report: &Report) -> io::Result<()> {
        let style = match report.verdict {
            Verdict::Healthy if !report.is_warned() => Style::new().green().bold(),
            Verdict::Healthy | Verdict::Unclear => Style::new().yellow().bold(),
            Verdict::Trouble => Style::new().red().bold(),
        };
        if self.look.detail > Detail::Verdict {
            writeln!(self.out)?;
        }
        self.styled(&report.conclusion, style)
    }

    pub(crate) fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "\n{}", text.bold())
    }

    fn section(&mut self, heading: &str, text: &str) -> io::Result<()> {
        self.heading(heading)?;
        for paragraph in text.split("\n\n") {
            self.paragraph(&paragraph.replace('\n', " "), "  ", "  ")?;
        }
        Ok(())
    }

    pub(crate) fn item(&mut self, text: &str) -> io::Result<()> {
        let bullet = if self.look.is_plain { "  " } else { "  · " };
        self.paragraph(text, bullet, "    ")
    }

    pub(crate) fn styled(&mut self, text: &str, style: Style) -> io::Result<()> {
        for line in self.wrapped(text, "", "") {
            writeln!(self.out, "{}", line.style(style))?;
        }
        Ok(())
    }

    pub(crate) fn paragraph(&mut self, text: &str, first: &str, others: &str) -> io::Result<()> {
        for line in self.wrapped(text, first, others) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    /// A line of its own, however long it is.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", visible::text(text))
    }

    fn wrapped(&self, text: &str, first: &str, others: &str) -> Vec<String> {
        let room = self.look.width.saturating_sub(others.len());
        let options = Options::new(self.look.width)
            .initial_indent(first)
            .subsequent_indent(others)
            .break_words(false)
            // A name or a flag that is broken at its hyphens cannot be copied.
            .word_splitter(WordSplitter::NoHyphenation);
        // Whoever sets a page may forget that a text comes from outside; here none is forgotten.
        textwrap::wrap(&with_whole_commands(&with_whole_measures(&visible::text(text)), room), options)
            .into_iter()
            .map(|line| line.replace(NO_BREAK, " "))
            .collect()
    }
}

/// A blank at which no line is broken.
const NO_BREAK: char = '\u{a0}';

/// What is to be typed stays on one line where it fits into one: two halves would be two commands.
fn with_whole_commands(text: &str, room: usize) -> String {
    let piece = |(at, piece): (usize, &str)| match at % 2 == 1 && piece.chars().count() + 2 <= room {
        true => piece.replace(' ', &NO_BREAK.to_string()),
        false => piece.to_owned(),
    };
    text.split('`').enumerate().map(piece).collect::<Vec<_>>().join("`")
}

/// A number and its unit stay on one line.
fn with_whole_measures(text: &str) -> String {
    let mut words = text.split(' ').peekable();
    let mut joined = String::with_capacity(text.len());
    while let Some(word) = words.next() {
        joined.push_str(word);
        if let Some(next) = words.peek() {
            let is_unit = ["s", "ms", "%"].contains(&next.trim_end_matches([';', ',', '.', ')']));
            joined.push(if is_unit && word.ends_with(|last: char| last.is_ascii_digit()) { NO_BREAK } else { ' ' });
        }
    }
    joined
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use snapbox::str;

    use crate::render::made_up::{cut_short, hostile, is, told, told_so};
    use crate::render::{Detail, Look};

    #[test]
    fn what_a_server_says_is_shown_and_not_obeyed() {
        is(
            &told("text", &hostile()),
            str![[r#"
icloud-mail-doctor 1.2.3: y…@icloud.com, 2026-11-24 02:23 UTC

✗ problem    imap              <b>&amp;"'</b> ]]> | % \u{3a}:error::x
                               ` \ \u{1b}[2J
? follow-up  another-resolver  <b>&amp;"'</b> ]]> | % \u{3a}:error::x
                               ` \ \u{1b}[2J

1. The trouble is here
problem, likely: password-refused

What it means
  One.
  Two.

What we saw
  · <b>&amp;"'</b> ]]> | % \u{3a}:error::x ` \ \u{1b}[2J

What to do
  1. Open https://account.apple.com, then run `check`.
  2. In thunderbird: paste it.

How to see that it worked
  It works.

Read on
  Apple
    https://support.apple.com

2. The warning is here
warning, likely: apple-outage

What it means
  One.
  Two.

What we saw
  · <b>&amp;"'</b> ]]> | % \u{3a}:error::x ` \ \u{1b}[2J

What to do
  1. Wait.

How to see that it worked
  It works.

Read on
  Apple
    https://support.apple.com

If something still fails, it may be because: the note is here.
  <b>&amp;"'</b> ]]> | % \u{3a}:error::x ` \ \u{1b}[2J
  icloud-mail-doctor explain unexplained

It fails because: the server says no.

"#]],
        );
    }

    #[test]
    fn what_was_cut_is_told() {
        is(
            &told("text", &cut_short()),
            str![[r#"
icloud-mail-doctor 1.2.3: no address given, so nobody signs in, 2026-11-24 02:23
UTC

✓ OK         dns  imap.mail.me.com is 192.0.2.7
– not checked  tcp  because the run was cut short

What was cut, because it is longer than anybody reads
  · /dns/imap/attempts: 10 of 11

No result: too little was checked, or the run was cut short.

"#]],
        );
    }

    #[test]
    fn who_wants_the_verdict_alone_gets_one_line() {
        let look = Look { width: 80, is_plain: false, detail: Detail::Verdict };
        is(
            &told_so("text", look, &hostile()),
            str![[r#"
It fails because: the server says no.

"#]],
        );
    }

    #[test]
    fn the_conversation_comes_only_where_it_is_wanted() {
        let look = Look { width: 80, is_plain: true, detail: Detail::Conversation };
        let told = told_so("text", look, &hostile());
        let (_, told) = told.split_once("Conversation with").unwrap();
        is(
            told,
            str![[r#"
 imap.mail.me.com:993
     5 ms S: <b>&amp;"'</b> ]]> | % \u{3a}:error::x ` \ \u{1b}[2J

It fails because: the server says no.

"#]],
        );
    }
}
