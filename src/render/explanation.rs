//! The causes that a pasted text points at: the likeliest in full, the others short, and how to learn more at the end.

use std::io;

use owo_colors::Style;

use super::Look;
use super::text::Page;
use crate::report::Finding;

pub(super) fn write(findings: &[Finding], look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page { look, out };
    let Some((first, others)) = findings.split_first() else {
        return nothing(&mut page);
    };
    page.finding(1, findings.len(), first)?;
    if !others.is_empty() {
        page.heading("What else fits")?;
        for (at, finding) in others.iter().enumerate() {
            let indent = "     ";
            page.paragraph(&finding.title, &format!("  {}. ", at + 2), indent)?;
            let read_on = format!("{}; read on: icloud-mail-doctor explain {}", finding.sure.word(), finding.cause);
            page.paragraph(&read_on, indent, indent)?;
            for seen in finding.because.iter().take(1) {
                page.paragraph(&seen.saw, indent, indent)?;
            }
        }
    }
    writeln!(page.out)?;
    page.paragraph(
        "This is read from the text alone. `icloud-mail-doctor check you@icloud.com` asks the servers themselves.",
        "",
        "",
    )
}

fn nothing(page: &mut Page) -> io::Result<()> {
    page.styled("Nothing in this text is known here, so it alone does not tell why it fails.", Style::new().bold())?;
    page.heading("What helps")?;
    page.item("Paste the whole message, with any code in it (such as 0x800CCC0E, 535 5.7.8 or -1200) and the lines around it.")?;
    page.item("Say what fails, receiving or sending, and add the server, the port and the security that are set. Leave the password out.")?;
    page.item("A log of the mail program says more than its window: icloud-mail-doctor explain - < FILE")?;
    page.item(
        "icloud-mail-doctor check you@icloud.com needs no text: it asks the servers itself and tells what it saw.",
    )
}
