//! What a saved report reveals, for a user who is about to share it.

use crate::report::Report;

/// The sentences.
pub(crate) fn of(report: &Report) -> String {
    let account = match (&report.settings.email, report.is_masked) {
        (None, _) => "no account".to_owned(),
        (Some(email), true) => format!("the account as {email}"),
        (Some(email), false) => format!("the account's whole address, {email}"),
    };
    let numbers = if report.is_masked {
        "This computer's name and the numbers of its network are left out; stand-ins are in their place."
    } else {
        "This computer's name and the numbers of its network are in it as they are."
    };
    format!(
        "Before you share it: it tells {account}, which servers were asked and when, their certificates, what was said to \
         them and by them, and this computer's system. It tells neither the password nor any message. {numbers}"
    )
}
