//! Explains a pasted text: the likeliest cause in full, the others in short, and how to learn more at the end.

use std::io;

use owo_colors::Style;

use super::Look;
use super::printer::Printer;
use crate::report::{Explanation, Finding, Log, OpenQuestion, Seen};

pub(super) fn write(explained: &Explanation, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Printer { look, out };
    let Some((first, others)) = explained.findings.split_first() else {
        return if explained.is_elsewhere { elsewhere(explained, &mut page) } else { nothing(explained, &mut page) };
    };
    match &explained.question {
        Some(question) => open(question, explained, &mut page)?,
        None => {
            states(explained, &mut page)?;
            let number = (!others.is_empty()).then_some(1);
            page.finding(first, number, None, "What the text says")?;
            fitting(others, first, Some(2), &mut page)?;
        }
    }
    writeln!(page.out)?;
    left_aside(explained, &mut page)?;
    page.paragraph(&explained.nothing_checked(), "", "")
}

/// A text that fits several causes: what decides between them, instead of the steps of one.
fn open(question: &OpenQuestion, explained: &Explanation, page: &mut Printer) -> io::Result<()> {
    let Some((first, others)) = explained.findings.split_first() else { return Ok(()) };
    let client = explained.client.as_ref().map(|client| format!(" --client {client}")).unwrap_or_default();
    states(explained, page)?;
    writeln!(page.out)?;
    page.styled(&question.asks, Style::new().bold())?;
    for (at, answer) in question.answers.iter().enumerate() {
        let indent = "     ";
        page.paragraph(&answer.says, &format!("{:>3}. ", at + 1), indent)?;
        page.paragraph(&format!("That points to: {}", answer.title), indent, indent)?;
        let finding = explained.findings.iter().find(|finding| finding.cause == answer.cause);
        if let Some(step) = finding.and_then(|finding| answer.first_step(&question.asks, finding)) {
            page.paragraph(&format!("First step: {step}"), indent, indent)?;
        }
        page.paragraph(&format!("All steps: `icloud-mail-doctor explain {}{client}`", answer.cause), indent, indent)?;
    }
    let none = question.answers.len() + 1;
    page.paragraph("None of these", &format!("{none:>3}. "), "     ")?;
    let next = "Paste the whole message, with the lines before it, or let the servers be asked, as below.";
    page.paragraph(next, "     ", "     ")?;
    page.heading("What the text says")?;
    first.because.iter().try_for_each(|seen| page.item(&seen.saw))?;
    let is_asked = |finding: &&Finding| question.answers.iter().any(|answer| answer.cause == finding.cause);
    let others: Vec<&Finding> = others.iter().filter(|other| !is_asked(other)).collect();
    // The numbers are for the answers.
    fitting(others, first, None, page)
}

/// The causes that fit too, each in short, with what speaks for it unless that stands above already.
fn fitting<'f>(
    others: impl IntoIterator<Item = &'f Finding>,
    first: &Finding,
    from: Option<usize>,
    page: &mut Printer,
) -> io::Result<()> {
    let is_said = |seen: &Seen| first.because.iter().any(|said| said.saw == seen.saw);
    for (at, finding) in others.into_iter().enumerate() {
        if at == 0 {
            page.heading("What else fits")?;
        }
        let indent = "     ";
        let dot = if page.look.is_plain { "     " } else { "  ·  " };
        let mark = from.map_or_else(|| dot.to_owned(), |from| format!("{:>3}. ", at + from));
        page.paragraph(&finding.title, &mark, indent)?;
        let read_on = format!("{}; read on: icloud-mail-doctor explain {}", finding.sure.word(), finding.cause);
        page.paragraph(&read_on, indent, indent)?;
        for seen in finding.because.iter().take(1).filter(|seen| !is_said(seen)) {
            page.paragraph(&seen.saw, indent, indent)?;
        }
    }
    Ok(())
}

fn nothing(explained: &Explanation, page: &mut Printer) -> io::Result<()> {
    states(explained, page)?;
    left_aside(explained, page)?;
    page.heading("What helps")?;
    if explained.log == Some(Log::InPart) {
        page.item("Only the beginning and the end of this log were read. Give the lines about iCloud alone: grep mail.me.com FILE | icloud-mail-doctor explain -")?;
    }
    explained.helps().into_iter().try_for_each(|helps| page.item(helps))?;
    if explained.log.is_none() {
        page.item("A log of the mail program says more than its window: icloud-mail-doctor explain - < FILE")?;
    }
    page.item(
        "icloud-mail-doctor check you@icloud.com needs no text: it asks the servers itself and reports what it saw. If it finds nothing wrong, the fault is in the mail program or its settings, and who makes it can tell what its message means.",
    )
}

fn elsewhere(explained: &Explanation, page: &mut Printer) -> io::Result<()> {
    states(explained, page)?;
    page.heading("What helps")?;
    explained.helps().into_iter().try_for_each(|helps| page.item(helps))?;
    page.item("If the account is one of iCloud's, the mail program is set to the wrong server: icloud-mail-doctor explain wrong-server-name")
}

fn states(explained: &Explanation, page: &mut Printer) -> io::Result<()> {
    explained.states().map_or(Ok(()), |states| page.styled(&states, Style::new().bold()))
}

fn left_aside(explained: &Explanation, page: &mut Printer) -> io::Result<()> {
    explained.left_aside().iter().try_for_each(|aside| page.paragraph(aside, "", ""))
}
