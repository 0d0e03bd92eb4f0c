//! Explains a pasted text: the likeliest cause in full, the others in short, and how to learn more at the end.

use std::io;

use owo_colors::Style;

use super::Look;
use super::printer::Printer;
use crate::report::{Explanation, Finding, Log, OpenQuestion, Seen, Sure};

/// What lines with the name mx01.mail.icloud.com are about.
const DELIVERY: &str = "These lines are about mail that others send to iCloud, not about this account's settings.";

/// What is before a cause that only may be the one.
const OPEN: &str = "This text alone does not say why it fails. This may be the reason.";

/// The cause of what iCloud answers to others.
const REFUSED_BY_ICLOUD: &str = "refused-by-icloud";

/// How many servers a sentence names.
const MOST_NAMED: usize = 3;

pub(super) fn write(explained: &Explanation, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Printer { look, out };
    let Some((first, others)) = explained.findings.split_first() else {
        return if explained.is_elsewhere { elsewhere(explained, &mut page) } else { nothing(explained, &mut page) };
    };
    match &explained.question {
        Some(question) => open(question, explained, &mut page)?,
        None => {
            if first.sure == Sure::Possible {
                page.styled(OPEN, Style::new().bold())?;
            }
            let number = (!others.is_empty()).then_some(1);
            page.finding(first, number, None, "What the text says")?;
            fitting(others, first, 2, &mut page)?;
        }
    }
    writeln!(page.out)?;
    if first.cause == REFUSED_BY_ICLOUD {
        // The report is about the sending server's mail, and a check asks other servers.
        return page.paragraph("This is read from the text alone: nothing was checked.", "", "");
    }
    left_aside(explained, &mut page)?;
    let with_settings = if explained.flags.is_empty() { "" } else { " with the settings in the text" };
    let command = [&["icloud-mail-doctor check you@icloud.com".to_owned()], &explained.flags[..]].concat().join(" ");
    let next = format!(
        "This is read from the text alone: nothing was checked. `{command}` asks the servers themselves{with_settings}."
    );
    page.paragraph(&next, "", "")
}

/// A text that fits several causes: what decides between them, instead of the steps of one.
fn open(question: &OpenQuestion, explained: &Explanation, page: &mut Printer) -> io::Result<()> {
    let Some((first, others)) = explained.findings.split_first() else { return Ok(()) };
    let client = explained.client.as_ref().map(|client| format!(" --client {client}")).unwrap_or_default();
    page.styled("This text alone does not say why it fails. One of these answers may.", Style::new().bold())?;
    writeln!(page.out)?;
    page.styled(&question.asks, Style::new().bold())?;
    for (at, answer) in question.answers.iter().enumerate() {
        let indent = "     ";
        page.paragraph(&answer.says, &format!("{:>3}. ", at + 1), indent)?;
        page.paragraph(&format!("That points to: {}", answer.title), indent, indent)?;
        let finding = explained.findings.iter().find(|finding| finding.cause == answer.cause);
        if let Some(step) = finding.and_then(|finding| finding.steps.first()) {
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
    fitting(others, first, none + 1, page)
}

/// The causes that fit too, each in short, with what speaks for it unless that stands above already.
fn fitting<'f>(
    others: impl IntoIterator<Item = &'f Finding>,
    first: &Finding,
    from: usize,
    page: &mut Printer,
) -> io::Result<()> {
    let is_said = |seen: &Seen| first.because.iter().any(|said| said.saw == seen.saw);
    for (at, finding) in others.into_iter().enumerate() {
        if at == 0 {
            page.heading("What else fits")?;
        }
        let indent = "     ";
        page.paragraph(&finding.title, &format!("{:>3}. ", at + from), indent)?;
        let read_on = format!("{}; read on: icloud-mail-doctor explain {}", finding.sure.word(), finding.cause);
        page.paragraph(&read_on, indent, indent)?;
        for seen in finding.because.iter().take(1).filter(|seen| !is_said(seen)) {
            page.paragraph(&seen.saw, indent, indent)?;
        }
    }
    Ok(())
}

fn nothing(explained: &Explanation, page: &mut Printer) -> io::Result<()> {
    if explained.has_delivery {
        page.styled(DELIVERY, Style::new().bold())?;
    } else if let Some(known) = &explained.not_a_cause {
        page.paragraph(known, "", "")?;
    } else {
        page.styled(
            "Nothing in this text is known here, so it alone does not tell why it fails.",
            Style::new().bold(),
        )?;
    }
    left_aside(explained, page)?;
    page.heading("What helps")?;
    if explained.log == Some(Log::InPart) {
        page.item("Only the beginning and the end of this log were read. Give the lines about iCloud alone: grep mail.me.com FILE | icloud-mail-doctor explain -")?;
    }
    page.item("If there is more of the message, paste it whole, with any code in it (such as 0x800CCC0E, 535 5.7.8 or -1200) and the lines around it.")?;
    page.item("Say what fails, receiving or sending, and add the server, the port and the security that are set. Leave the password out.")?;
    if explained.log.is_none() {
        page.item("A log of the mail program says more than its window: icloud-mail-doctor explain - < FILE")?;
    }
    page.item(
        "icloud-mail-doctor check you@icloud.com needs no text: it asks the servers itself and reports what it saw. If it finds nothing wrong, the fault is in the program that wrote this text: ask its makers, with the text.",
    )
}

fn elsewhere(explained: &Explanation, page: &mut Printer) -> io::Result<()> {
    let about = format!("These lines are about {}, not about iCloud Mail.", named(&explained.others));
    page.styled(&about, Style::new().bold())?;
    page.heading("What helps")?;
    page.item("Ask the provider of that server, or its administrator: nothing here says what iCloud Mail does.")?;
    page.item(
        "If iCloud Mail fails too, paste the lines that name its servers, imap.mail.me.com or smtp.mail.me.com.",
    )?;
    page.item("If the account is one of iCloud's, the mail program is set to the wrong server: icloud-mail-doctor explain wrong-server-name")
}

/// Says which lines were not counted.
fn left_aside(explained: &Explanation, page: &mut Printer) -> io::Result<()> {
    if explained.has_delivery && !explained.findings.is_empty() {
        page.paragraph("Lines about mail that others send to iCloud were left aside.", "", "")?;
    }
    if explained.others.is_empty() {
        return Ok(());
    }
    let about = format!("Lines about {} were left aside: they are not about iCloud Mail.", named(&explained.others));
    page.paragraph(&about, "", "")
}

fn named(servers: &[String]) -> String {
    match servers {
        [rest @ .., last] if !rest.is_empty() && servers.len() <= MOST_NAMED => {
            format!("{} and {last}", rest.join(", "))
        }
        [first] => first.clone(),
        many => format!("{} and {} other servers", many[..MOST_NAMED - 1].join(", "), many.len() + 1 - MOST_NAMED),
    }
}
