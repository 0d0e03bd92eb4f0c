//! The result of `archive` for a person: a line for each folder, what is worth knowing, and one sentence at the end.

use std::io;

use owo_colors::Style;

use super::printer::Printer;
use super::{Look, list};
use crate::report::archived::Archived;

pub(super) fn write(archived: &Archived, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    if !archived.folders.is_empty() {
        let rows: Vec<_> = archived.folders.iter().map(|row| (row.name.clone(), row.summary.clone())).collect();
        writeln!(out, "{}\n", list(&rows, look.width, 0))?;
    }
    let mut printer = Printer { look, out };
    for note in &archived.notes {
        printer.item(note)?;
    }
    for cause in &archived.causes {
        printer.item(&format!("What to do: `icloud-mail-doctor explain {cause}`"))?;
    }
    if !archived.notes.is_empty() || !archived.causes.is_empty() {
        writeln!(printer.out)?;
    }
    printer.styled(&archived.conclusion, Style::new().bold())
}
