//! The report for a person at a terminal: the verdict, the cause and the steps first, then what was seen, then the
//! checks.

mod checks;
mod finding;
mod table;

use std::io;

use owo_colors::Style;

use super::printer::Printer;
use super::{Detail, Look};
use crate::report::{NextStep, Report, Severity, Verdict};

/// How many lines a shell needs for its prompt.
const PROMPT: usize = 2;

pub(super) fn write(report: &Report, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut text = Vec::new();
    let mut page = Printer { look, out: &mut text };
    page.verdict(report)?;
    match look.detail {
        Detail::Verdict => {}
        Detail::Short => page.first_steps(report)?,
        Detail::Usual | Detail::Evidence | Detail::Conversation => page.everything(report)?,
    }
    let lines = text.split(|byte| *byte == b'\n').count() - 1;
    // The answer must not scroll out of sight above the prompt.
    if look.lines.is_some_and(|screen| lines + PROMPT > screen) && look.detail > Detail::Short {
        let mut page = Printer { look, out: &mut text };
        writeln!(page.out)?;
        page.verdict(report)?;
        page.styled("What to do is at the top; --short shows only that.", Style::new().dimmed())?;
    }
    out.write_all(&text)
}

impl Printer<'_> {
    fn verdict(&mut self, report: &Report) -> io::Result<()> {
        let style = match report.verdict {
            Verdict::Healthy if !report.is_warned() => Style::new().green().bold(),
            Verdict::Healthy | Verdict::Unclear => Style::new().yellow().bold(),
            Verdict::Trouble => Style::new().red().bold(),
        };
        self.styled(&report.conclusion, style)
    }

    fn everything(&mut self, report: &Report) -> io::Result<()> {
        self.findings(report)?;
        self.next(&report.next)?;
        report.tables().iter().try_for_each(|table| self.table(table))?;
        self.checks(report)?;
        if self.look.detail >= Detail::Evidence {
            self.evidence(&report.checks)?;
        }
        if self.look.detail >= Detail::Conversation {
            self.conversation(report)?;
        }
        self.signature(report)
    }

    /// The first cause in full and the others in short, or all of them in full if more is wanted; notes come last.
    fn findings(&mut self, report: &Report) -> io::Result<()> {
        let (notes, causes): (Vec<_>, Vec<_>) =
            report.findings.iter().partition(|finding| finding.severity == Severity::Note);
        let in_full = if self.look.detail >= Detail::Evidence { causes.len() } else { 1.min(causes.len()) };
        let (in_full, in_short) = causes.split_at(in_full);
        for (at, finding) in in_full.iter().enumerate() {
            let number = (in_full.len() > 1).then_some(at + 1);
            self.finding(finding, number, Some(&report.conclusion), "What was seen")?;
        }
        if !in_short.is_empty() {
            self.heading("What else was found")?;
        }
        for (at, finding) in in_short.iter().enumerate() {
            self.in_short(finding, in_full.len() + at + 1)?;
        }
        notes.into_iter().try_for_each(|note| self.note(note))
    }

    fn next(&mut self, steps: &[NextStep]) -> io::Result<()> {
        if steps.is_empty() {
            return Ok(());
        }
        self.heading("What to do next")?;
        self.steps(&steps.iter().map(|step| &step.text).collect::<Vec<_>>())
    }

    /// What to do first, and where to read the rest.
    fn first_steps(&mut self, report: &Report) -> io::Result<()> {
        const FIRST: usize = 3;
        let mut causes = report.causes();
        let cause = causes.next();
        let others: Vec<&str> = causes.map(|cause| cause.title.as_str()).collect();
        let next = report.next.iter().map(|step| &step.text);
        let steps: Vec<&String> = cause.map_or(next.collect(), |cause| cause.steps.iter().collect());
        writeln!(self.out)?;
        self.steps(&steps[..FIRST.min(steps.len())])?;
        if !others.is_empty() {
            writeln!(self.out)?;
            self.paragraph(&format!("What else was found: {}.", others.join("; ")), "", "")?;
        }
        let all = cause
            .filter(|_| steps.len() > FIRST)
            .map_or(String::new(), |cause| format!("All steps: `icloud-mail-doctor explain {}`. ", cause.cause));
        writeln!(self.out)?;
        self.paragraph(&format!("{all}What was seen: the same command without `--short`."), "", "")
    }

    /// The program's version, the time and the account, at the end of the text.
    fn signature(&mut self, report: &Report) -> io::Result<()> {
        let of = match &report.settings.email {
            Some(email) => format!("for {email}"),
            None => "without an address, so without a sign-in,".to_owned(),
        };
        writeln!(self.out)?;
        let line = format!("Checked by {} {} {of} on {}", report.tool.name, report.tool.version, report.when());
        self.styled(&line, Style::new().dimmed())
    }
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
It fails because: the server says no.

The trouble is here
problem, likely: password-refused

One.

What to do
  1. Open https://account.apple.com, then run `check`.
  2. In thunderbird: paste it.

What was seen
  · <b>&amp;"'</b> ]]> | % \u{3a}:error::x ` \ \u{1b}[2J

More about it
  Two.

How to see that it worked
  It works.

Read on
  Apple
    https://support.apple.com

What else was found
  2. The warning is here
     warning, likely. First step: Wait.
     The rest: `icloud-mail-doctor explain apple-outage`

If something still fails, it may be because: the note is here.
  One.
  · <b>&amp;"'</b> ]]> | % \u{3a}:error::x ` \ \u{1b}[2J
  The rest: `icloud-mail-doctor explain unexplained`

The checks
✗ problem    imap              <b>&amp;"'</b> ]]> | % \u{3a}:error::x ` \…
? follow-up  another-resolver  <b>&amp;"'</b> ]]> | % \u{3a}:error::x ` \…
-v shows these lines whole, and the evidence.

Checked by icloud-mail-doctor 1.2.3 for y…@icloud.com on 2026-11-24 02:23 UTC

"#]],
        );
    }

    #[test]
    fn what_was_cut_is_told() {
        is(
            &told("text", &cut_short()),
            str![[r#"
No result: too little was checked, or the run was cut short.

The checks
✓ OK           dns  imap.mail.me.com is 192.0.2.7
– not checked  tcp  because the run was cut short

What was left out, because it is too long to read
  · /dns/imap/attempts: 10 of 11

Checked by icloud-mail-doctor 1.2.3 without an address, so without a sign-in, on
2026-11-24 02:23 UTC

"#]],
        );
    }

    #[test]
    fn who_wants_the_verdict_alone_gets_one_line() {
        let look = Look { width: 80, lines: None, is_plain: false, detail: Detail::Verdict };
        is(
            &told_so("text", look, &hostile()),
            str![[r#"
It fails because: the server says no.

"#]],
        );
    }

    #[test]
    fn the_conversation_comes_only_where_it_is_wanted() {
        let look = Look { width: 80, lines: None, is_plain: true, detail: Detail::Conversation };
        let told = told_so("text", look, &hostile());
        let (_, told) = told.split_once("Conversation with").unwrap();
        is(
            told,
            str![[r#"
 imap.mail.me.com:993
     5 ms S: <b>&amp;"'</b> ]]> | % \u{3a}:error::x ` \ \u{1b}[2J

Checked by icloud-mail-doctor 1.2.3 for y…@icloud.com on 2026-11-24 02:23 UTC

"#]],
        );
    }
}
