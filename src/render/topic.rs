//! A page of the guide that is about no cause: its sections as they are written.

use std::io;

use owo_colors::Style;

use super::Look;
use super::printer::Printer;
use crate::guide::{link, step, title_of};
use crate::report::Link;

/// Prints the page.
pub(crate) fn topic(text: &str, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut printer = Printer { look, out };
    printer.styled(title_of(text), Style::new().bold())?;
    for line in text.lines().filter(|line| !line.is_empty() && link(line).is_none()) {
        if let Some(heading) = line.strip_prefix("## ").filter(|heading| *heading != "Links") {
            printer.heading(heading)?;
        } else if let Some(item) = line.strip_prefix("- ") {
            printer.item(item)?;
        } else if let Some(step) = step(line) {
            printer.paragraph(&step.text, &format!("{:>3}. ", step.number), "     ")?;
        } else if !line.starts_with('#') {
            printer.paragraph(line, "  ", "  ")?;
        }
    }
    printer.links(&text.lines().filter_map(link).collect::<Vec<Link>>())
}
