//! Guides a user who has just started the program: at most three questions, and then the check that fits.

mod questions;
mod window;

use std::io::{self, IsTerminal as _};

use crate::cli::check::CheckArguments;
use crate::cli::guard;
use crate::cli::question::{self, Unanswered, is_somebody_there};
use crate::diagnosis::SeenIn;
use crate::explain::{self, InShort};
use crate::misuse::Misuse;
use crate::programs::{Program, Use};
use crate::runtime::wait_for;
use crate::signals::HeldBack;
use crate::{aside, check};

/// What the program is and what it will do, one line each.
const GREETING: [&str; 2] = [
    "icloud-mail-doctor finds out why iCloud Mail will not sign in, send or sync, and says what to do.",
    "It asks you three questions and then tests Apple's mail servers. It changes nothing, and Ctrl-C ends it.",
];

/// Exit codes from here on mean that a signal ended the program.
const BY_SIGNAL: u8 = 128;

/// What was answered, beside what goes into the call.
struct Answers {
    program: Option<&'static Program>,
    said: Option<InShort>,
}

impl Answers {
    /// The mail program, if the guide has words for it.
    fn client(&self) -> Option<&'static str> {
        self.program.filter(|program| Use::Words.is_there_for(program)).map(|program| program.id)
    }
}

/// Whether this call should ask: the program without arguments at a terminal, or `--ask`.
pub(crate) fn is_wanted(arguments: &CheckArguments, is_bare: bool) -> bool {
    arguments.ask || is_bare && is_at_a_terminal()
}

fn is_at_a_terminal() -> bool {
    is_somebody_there() && io::stdout().is_terminal()
}

/// Asks, runs the check, and prints what to do next. `refuse` prints why the program cannot continue, and returns the
/// code.
pub(crate) fn run(arguments: &CheckArguments, held: HeldBack, refuse: fn(&Misuse) -> u8) -> u8 {
    // Each question handles signals itself.
    drop(held);
    let code = guided(arguments).unwrap_or_else(|misuse| refuse(&misuse));
    if code < BY_SIGNAL && window::vanishes() {
        // The answer does not matter: the program ends.
        let _ = wait_for(async { Ok(question::line("Press Enter to close this window.").await.is_ok()) });
    }
    code
}

fn guided(arguments: &CheckArguments) -> Result<u8, Misuse> {
    if !is_at_a_terminal() {
        return Err(Misuse::new(
            "--ask needs a terminal to ask at",
            "leave it out, and give what is known as arguments",
        ));
    }
    let mut call = arguments.tidied();
    // What cannot be used is refused before three questions are answered; a look into the mailbox waits for the address.
    CheckArguments { mailbox: false, ..call.clone() }.plan(None)?;
    call.ask = true;
    GREETING.iter().for_each(aside::say);
    let answers = match wait_for(async { Ok(asked(&mut call).await) })? {
        Ok(answers) => answers,
        Err(unanswered) => return unanswered.ended(),
    };
    if call.email.is_none() {
        aside::say("Without an address no sign-in is tried; everything else is checked.");
    }
    aside::say("");
    let code = check::run(&call, Some(HeldBack::begin()))?;
    // A signal that ended the questions about the password left no report.
    if code < BY_SIGNAL {
        aside::say("");
        next(code, &answers).into_iter().for_each(aside::say);
    }
    Ok(code)
}

/// Asks for what the call does not have yet, and puts it there.
async fn asked(call: &mut CheckArguments) -> Result<Answers, Unanswered> {
    if call.email.is_none() {
        call.email = questions::address().await?;
    }
    guard::confirm(call).await?;
    let program = match &call.telling.client {
        Some(name) => crate::programs::named(name),
        None => questions::program().await?,
    };
    let text = questions::text().await?;
    // A user who does not know the program's name may have pasted it.
    let is_worded = |program: &&Program| Use::Words.is_there_for(program);
    let program = program.filter(is_worded).or_else(|| crate::programs::mentioned(&text)).or(program);
    let (said, flags) = explain::in_short(&text).unzip();
    if let Some(said) = &said {
        aside::say(first_words(said));
    }
    if flags.is_some_and(|flags| call.take_servers(&flags)) {
        aside::say("The check asks with the server, the port and the encryption that the text names.");
    }
    let answers = Answers { program, said };
    call.telling.client = answers.client().map(str::to_owned).or(call.telling.client.take());
    Ok(answers)
}

/// What is said about the text before anything is checked. Nothing of the text is repeated: it may contain a password.
fn first_words(said: &InShort) -> String {
    match said {
        InShort::Cause { title, sure, unchecked, cause } => {
            let next = match unchecked {
                Some(SeenIn::Settings) => format!(
                    "The check cannot see this, because it is in the mail program's settings: `icloud-mail-doctor explain \
                     {cause}` says what to do."
                ),
                Some(SeenIn::Text) => format!(
                    "The check cannot see this, because it does not ask what failed there: `icloud-mail-doctor explain \
                     {cause}` says what to do."
                ),
                None => "The check that follows can find out whether it is so.".to_owned(),
            };
            format!("That text points at this cause ({}): {title}. {next}", sure.word())
        }
        InShort::Elsewhere => {
            "That text is about the servers of another provider, not about iCloud Mail. The check asks iCloud's."
                .to_owned()
        }
        InShort::Unknown => {
            "Nothing in that text is known here. The check that follows needs no text: it asks the servers.".to_owned()
        }
    }
}

/// What to do after the report.
fn next(code: u8, answers: &Answers) -> Vec<String> {
    let client = answers.client().map(|id| format!(" --client {id}")).unwrap_or_default();
    let found = match code {
        TROUBLE => {
            return vec!["Next: do the steps above, from the first one on. Then start this program again.".to_owned()];
        }
        0 => "The check found no trouble",
        _ => "The check could not find out what is wrong",
    };
    if let Some(InShort::Cause { title, cause, .. }) = &answers.said {
        return vec![
            format!("{found}. The text that you pasted points at this cause: {title}."),
            format!("Next: `icloud-mail-doctor explain {cause}{client}` says what to do."),
        ];
    }
    if code != 0 {
        return vec!["Next: do what the report above says at its end.".to_owned()];
    }
    let set_up = answers.program.filter(|program| Use::Setup.is_there_for(program));
    let (id, title) = set_up.map_or(("other", "your mail program"), |program| (program.id, program.title));
    vec![format!("{found}. Next: `icloud-mail-doctor setup {id}` has the right settings for {title}, to compare them.")]
}

/// The exit code of a check that found a problem.
const TROUBLE: u8 = 1;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Sure;
    use crate::programs::named;

    #[test]
    fn the_end_says_what_the_text_pointed_at_unless_trouble_was_found() {
        let said = InShort::Cause {
            cause: "password-refused",
            title: "The password is refused".to_owned(),
            sure: Sure::Likely,
            unchecked: None,
        };
        let answers = Answers { program: named("outlook-classic"), said: Some(said) };
        for code in [0, 3] {
            let words = next(code, &answers).join(" ");
            assert!(words.contains("points at this cause: The password is refused."), "{words}");
            assert!(words.contains("explain password-refused --client outlook-classic"), "{words}");
        }
        assert!(!next(TROUBLE, &answers).join(" ").contains("points at"));
    }

    #[test]
    fn every_end_has_a_next_step() {
        for program in [None, named("spark"), named("ruby"), named("thunderbird")] {
            for said in [None, Some(InShort::Unknown), Some(InShort::Elsewhere)] {
                let answers = Answers { program, said };
                for code in [0, TROUBLE, 3] {
                    assert!(next(code, &answers).join(" ").contains("Next: "));
                }
            }
        }
    }
}
