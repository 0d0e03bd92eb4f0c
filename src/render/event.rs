//! What a watch tells: a line for each change, and the last report at its end.

use std::io;

use super::printer::Printer;
use super::{Look, text};
use crate::report::event::Event;

pub(super) fn write(event: &Event, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Printer { look, out };
    page.paragraph(&event.line(), "", "              ")?;
    match &event.report {
        Some(report) => {
            writeln!(page.out)?;
            text::write(report, look, page.out)
        }
        None => Ok(()),
    }
}
