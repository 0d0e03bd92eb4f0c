//! A cause for a person: first what to do about it, then what was seen.

use std::io;

use owo_colors::{OwoColorize as _, Style};

use super::Printer;
use crate::report::{Finding, Severity};

fn style(severity: Severity) -> Style {
    match severity {
        Severity::Trouble => Style::new().red().bold(),
        Severity::Warning => Style::new().yellow().bold(),
        Severity::Note => Style::new().cyan(),
    }
}

impl Printer<'_> {
    /// One cause in full. `said` is the sentence above it, which may already be its title, and `seen` the heading for
    /// what supports it.
    pub(in crate::render) fn finding(
        &mut self,
        finding: &Finding,
        number: Option<usize>,
        said: Option<&str>,
        seen: &str,
    ) -> io::Result<()> {
        let is_said =
            number.is_none_or(|number| number == 1) && said.is_some_and(|said| said.contains(&finding.claim()));
        if !is_said {
            let number = number.map_or(String::new(), |number| format!("{number}. "));
            writeln!(self.out)?;
            self.styled(&format!("{number}{}", finding.title), style(finding.severity))?;
        }
        let words = (finding.severity.word(), finding.sure.word());
        self.styled(&format!("{}, {}: {}", words.0, words.1, finding.cause), Style::new().dimmed())?;
        let (short, more) = finding.meaning();
        writeln!(self.out)?;
        self.paragraph(&short.replace('\n', " "), "", "")?;
        self.heading("What to do")?;
        self.steps(&finding.steps)?;
        self.reasons(finding, seen)?;
        if !more.is_empty() {
            self.heading("More about it")?;
            self.paragraphs(more)?;
        }
        self.heading("How to see that it worked")?;
        self.paragraphs(&finding.worked)?;
        self.links(&finding.links)
    }

    /// What supports it, what contradicts it, and what would decide.
    fn reasons(&mut self, finding: &Finding, seen: &str) -> io::Result<()> {
        for (heading, reasons) in [(seen, &finding.because), ("What speaks against it", &finding.against)] {
            if !reasons.is_empty() {
                self.heading(heading)?;
            }
            reasons.iter().try_for_each(|reason| self.item(&reason.saw))?;
        }
        let Some(question) = &finding.would_decide else { return Ok(()) };
        self.heading("What would make it certain")?;
        self.paragraphs(question)
    }

    /// One cause among several: what to try first, and where to read the rest.
    pub(in crate::render) fn in_short(&mut self, finding: &Finding, number: usize) -> io::Result<()> {
        const INDENT: &str = "     ";
        for (at, line) in self.wrapped(&finding.title, &format!("{number:>3}. "), INDENT).iter().enumerate() {
            let (indent, title) =
                line.split_at(if at == 0 { number.to_string().len().max(3) + 2 } else { INDENT.len() });
            writeln!(self.out, "{indent}{}", title.style(style(finding.severity)))?;
        }
        let words = format!("{}, {}", finding.severity.word(), finding.sure.word());
        let step = finding.steps.first().map_or(String::new(), |step| format!(". First step: {step}"));
        self.paragraph(&format!("{words}{step}"), INDENT, INDENT)?;
        self.paragraph(&format!("The rest: `icloud-mail-doctor explain {}`", finding.cause), INDENT, INDENT)
    }

    /// A finding that is only good to know.
    pub(super) fn note(&mut self, note: &Finding) -> io::Result<()> {
        writeln!(self.out)?;
        self.paragraph(&format!("If something still fails, it may be because: {}.", note.claim()), "", "")?;
        self.paragraph(&note.meaning().0.replace('\n', " "), "  ", "  ")?;
        note.because.iter().try_for_each(|seen| self.item(&seen.saw))?;
        self.paragraph(&format!("The rest: `icloud-mail-doctor explain {}`", note.cause), "  ", "  ")
    }
}
