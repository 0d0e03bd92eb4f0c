//! The three questions; Enter skips each of them.

use crate::aside;
use crate::cli::address::{address as checked, pasted};
use crate::cli::paste;
use crate::cli::question::{self, Unanswered};
use crate::programs::{Program, meant_by, named};

/// After this many answers that cannot be used, the user is not just making typing errors.
const MOST_ANSWERS: usize = 3;

/// The programs that most people use, in the order in which they are listed.
const COMMON: [&str; 9] =
    ["outlook", "outlook-classic", "apple-mail", "apple-devices", "thunderbird", "k9", "gmail", "samsung", "spark"];

/// The address, where one is given.
pub(super) async fn address() -> Result<Option<String>, Unanswered> {
    aside::say("");
    for _ in 0..MOST_ANSWERS {
        let question = "1. Your iCloud Mail address (Enter alone: go on without one):";
        let Some(mut typed) = question::line(question).await?.filter(|typed| !typed.is_empty()) else {
            return Ok(None);
        };
        pasted::tidy(&mut typed, "the address");
        match checked(&typed, "what you typed") {
            Ok(()) => return Ok(Some(typed)),
            Err(why) => aside::say(why),
        }
    }
    Ok(None)
}

/// The mail program, if it is known here.
pub(super) async fn program() -> Result<Option<&'static Program>, Unanswered> {
    let common: Vec<&Program> = COMMON.iter().filter_map(|id| named(id)).collect();
    aside::say("");
    aside::say("2. Which mail program is it?");
    for (at, program) in common.iter().enumerate() {
        let sign = if program.id == "outlook-classic" { ": it has a File menu" } else { "" };
        aside::say(format!("   {}  {}{sign}", at + 1, program.title));
    }
    for _ in 0..MOST_ANSWERS {
        let typed = question::line("   A number or a name (Enter alone: I do not know, or another):").await?;
        let Some(typed) = typed.filter(|typed| !typed.is_empty()) else { return Ok(None) };
        let by_number = typed.parse::<usize>().ok().and_then(|number| common.get(number.checked_sub(1)?).copied());
        if let Some(program) = by_number.or_else(|| named(&typed)) {
            return Ok(Some(program));
        }
        match meant_by(&typed) {
            Some(program) => aside::say(format!("   Did you mean {}? Then type {}.", program.title, program.id)),
            None => {
                aside::say("   That program is not known here, so the steps are for any program.");
                return Ok(None);
            }
        }
    }
    Ok(None)
}

/// The error message; empty if none is given.
pub(super) async fn text() -> Result<String, Unanswered> {
    aside::say("");
    paste::text(
        "3. What does it say, or what happens? Type or paste it, without your password, and end with an empty line (Enter \
         alone: nothing):",
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_program_is_known_and_can_be_set_up() {
        for id in COMMON {
            assert!(named(id).is_some_and(|program| program.id == id && program.is_set_up), "{id}");
        }
    }
}
