//! A page of the guide that is about no cause: its sections as they are written.

use std::io;

use owo_colors::Style;

use super::Look;
use super::printer::Printer;
use crate::report::Part;

/// Prints the page.
pub(crate) fn topic(
    title: &str,
    parts: impl Iterator<Item = Part>,
    look: Look,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut printer = Printer { look, out };
    printer.styled(title, Style::new().bold())?;
    let mut links = Vec::new();
    for part in parts {
        match part {
            Part::Heading(text) => printer.heading(&text)?,
            Part::Paragraph(text) => printer.paragraph(&text, "  ", "  ")?,
            Part::Item(text) => printer.item(&text)?,
            Part::Step(step) => printer.paragraph(&step.text, &format!("{:>3}. ", step.number), "     ")?,
            Part::Link(link) => links.push(link),
        }
    }
    printer.links(&links)
}
