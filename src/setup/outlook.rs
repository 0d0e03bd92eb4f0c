//! Asks which Outlook is meant: two mail programs have this name, and their settings are in different places.

use crate::aside;
use crate::cli::question::{self, Unanswered, is_somebody_there};
use crate::programs::Program;
use crate::runtime::wait_for;

/// The new Outlook, which the name alone means.
const NEW: &str = "outlook";

/// The classic Outlook, which also goes by that name.
const CLASSIC: &str = "outlook-classic";

const QUESTION: &str = "Does your Outlook have a File menu in its upper left corner? [y/N]";

/// What is printed first where no user can be asked.
pub(super) const IF_CLASSIC: &str =
    "This is for the new Outlook. If yours has a File menu: `icloud-mail-doctor setup outlook-classic`.";

/// After this many answers that are neither yes nor no, the user is not just making typing errors.
const MOST_ANSWERS: usize = 3;

/// Which program to set up, as far as it is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant {
    /// The program of this id.
    Program(&'static str),
    /// The new Outlook, or perhaps the classic one.
    PerhapsClassic,
}

/// The program that a name means. Asks if the name can mean two.
pub(super) fn meant(name: &str, program: &Program, may_ask: bool) -> Result<Meant, Unanswered> {
    if !name.trim().eq_ignore_ascii_case(NEW) {
        return Ok(Meant::Program(program.id));
    }
    if !may_ask || !is_somebody_there() {
        return Ok(Meant::PerhapsClassic);
    }
    wait_for(async { Ok(asked().await) })?
}

async fn asked() -> Result<Meant, Unanswered> {
    for _ in 0..MOST_ANSWERS {
        match question::line(QUESTION).await?.unwrap_or_default().to_lowercase().as_str() {
            "y" | "yes" => return Ok(Meant::Program(CLASSIC)),
            "" | "n" | "no" => return Ok(Meant::Program(NEW)),
            _ => aside::say("Please answer y (yes) or n (no)."),
        }
    }
    Ok(Meant::PerhapsClassic)
}
