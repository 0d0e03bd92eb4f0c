//! What is said of the ledger and of its lines.

use checks::attempts::Outcome;
use checks::attempts::line::Line;
use checks::network::ledger::Fault;

pub(super) const NO_PLACE: &str = "Sign-ins are not remembered, because there is no home folder: only the limits of a single run apply. \
                                   (--no-ledger says that this is meant.)";

/// A sentence that says what does not work, and what that means.
pub(super) fn warning(fault: &Fault) -> String {
    let why = reason(fault);
    match fault {
        Fault::BrokenLines(_) => format!("In the record of earlier sign-ins {why}; the others count."),
        Fault::NotNoted(_) => format!("This sign-in will not be remembered ({why}); the next run does not know of it."),
        _ => format!("Earlier sign-ins are not known ({why}): only the limits of a single run apply."),
    }
}

/// Why the ledger was not used, in half a sentence.
pub(super) fn reason(fault: &Fault) -> String {
    match fault {
        Fault::Unusable(why) | Fault::NotNoted(why) => {
            why.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
        Fault::Locked => "another program holds its lock".to_owned(),
        Fault::BrokenLines(1) => "one line cannot be read".to_owned(),
        Fault::BrokenLines(count) => format!("{count} lines cannot be read"),
        _ => "it cannot be used".to_owned(),
    }
}

/// What came of a sign-in.
pub(super) fn summary(line: &Line, password: usize) -> String {
    let Line { server, account, by, .. } = line;
    let what = match line.outcome {
        Outcome::Asked => "gave no answer to",
        Outcome::Accepted => "accepted",
        Outcome::Refused => "refused",
        Outcome::Throttled => "reported too many sign-ins for",
        Outcome::Other => "did not judge",
    };
    format!("{server} {what} password {password} of account {account} ({by})")
}
