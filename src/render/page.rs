//! The guide's page for a cause, without a run.

use std::io;

use owo_colors::Style;

use super::Look;
use super::printer::Printer;
use crate::report::Page;

pub(super) const NOTHING_CHECKED: &str = "This page describes the cause; nothing was checked for it. `icloud-mail-doctor check \
                               you@icloud.com` finds out whether it is yours.";

/// Prints the page, with the words for the named mail program, or for every one.
pub(crate) fn page(
    cause: &str,
    page: &Page,
    program: Option<&str>,
    look: Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut printer = Printer { look, out };
    printer.styled(&page.title, Style::new().bold())?;
    printer.paragraph(cause, "", "")?;
    printer.heading("What it means")?;
    printer.paragraphs(&page.means)?;
    printer.heading("Why it happens")?;
    items_or_text(&mut printer, &page.why)?;
    printer.heading("What to do")?;
    printer.steps(&page.steps_for(program))?;
    // If a program was named, its words are in their step already.
    let programs = page.programs.iter().filter(|_| program.is_none());
    if program.is_none() && !page.programs.is_empty() {
        printer.heading("In your mail program")?;
    }
    for (name, words) in programs {
        printer.item(&format!("{name}: {words}"))?;
    }
    printer.heading("How to see that it worked")?;
    printer.paragraphs(&page.worked)?;
    printer.links(&page.links)?;
    writeln!(printer.out)?;
    printer.paragraph(NOTHING_CHECKED, "", "")
}

/// A list if the page has one, and a text if not.
fn items_or_text(printer: &mut Printer, text: &str) -> io::Result<()> {
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match line.strip_prefix("- ") {
            Some(item) => printer.item(item)?,
            None => printer.paragraph(line, "  ", "  ")?,
        }
    }
    Ok(())
}
