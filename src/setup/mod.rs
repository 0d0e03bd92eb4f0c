//! `setup`: the settings for a mail program, as a file that it reads or as steps to click.

#[cfg(feature = "real")]
mod command;
mod context;
mod fill;
#[cfg(feature = "real")]
mod outlook;
mod programs;
mod quote;
#[cfg(feature = "real")]
mod tell;

use crate::report::ProgramPage;
#[cfg(feature = "real")]
pub(crate) use command::run;
use fill::Values;

/// The address for a user who gave none.
const SOMEBODY: &str = "you@icloud.com";

/// Every program that has settings here, by its name and its title.
pub(crate) fn titles() -> impl Iterator<Item = (&'static str, String)> {
    programs::all().into_iter().map(|program| (program.id, program.title))
}

/// Returns the settings for a program on a system (`linux`, `macos` or `windows`), without an account.
pub(crate) fn page(id: &str, system: &str) -> Option<ProgramPage> {
    let program = programs::all().into_iter().find(|program| program.id == id)?;
    let values = Values::new(SOMEBODY, SOMEBODY, None, None, system);
    let depends_on_system = program.asks_for_password_command();
    let filled = fill::fill(&program, &values).ok()?;
    Some(ProgramPage {
        id: filled.id.to_owned(),
        title: filled.title,
        about: filled.about,
        file: filled.file.map(|file| (file.place, file.text)),
        steps: filled.steps,
        links: filled.links,
        depends_on_system,
    })
}
