//! What a user has to know and do, in addition to a file or instead of one.

use std::io;

use owo_colors::Style;

use super::programs::Program;
use crate::cli::setup::SetupArguments;
use crate::render::{Detail, Printer};

/// The words, wrapped to the width of the terminal, after a note that comes first.
pub(super) fn words(program: &Program, arguments: &SetupArguments, note: Option<&str>) -> Vec<u8> {
    let mut out = Vec::new();
    let page = Printer { look: arguments.screen.look(Detail::Usual), out: &mut out };
    // Writing to memory cannot fail.
    let _ = write(page, program, arguments, note);
    out
}

fn write(mut page: Printer, program: &Program, arguments: &SetupArguments, note: Option<&str>) -> io::Result<()> {
    if let Some(note) = note {
        page.paragraph(note, "", "")?;
    }
    page.styled(&format!("iCloud Mail in {}", program.title), Style::new().bold())?;
    page.paragraph(&program.about, "", "")?;
    if let Some(file) = &program.file {
        page.heading("The file")?;
        let place = match &arguments.output {
            Some(path) => format!("{} is written. Its place: {}", path.display(), file.place),
            None => format!("It goes to standard output. Its place: {}", file.place),
        };
        page.paragraph(&place, "  ", "  ")?;
    }
    page.heading("What to do")?;
    page.steps(&program.steps)?;
    page.links(&program.links)
}
