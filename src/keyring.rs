//! `keyring`: keeps the app-specific password in the system's keyring, or forgets it.

use std::io::IsTerminal as _;
use std::time::Duration;

use checks::network::keyring::{self, Unavailable};
use checks::password::Password;

use crate::cli::KeyringAction;
use crate::cli::address::address;
use crate::cli::address::pasted::tidy;
use crate::cli::password::{from_standard_input, prompt};
use crate::misuse::Misuse;
use crate::output;
use crate::runtime::wait_for;

/// How long standard input may take to give a line.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keeps or forgets a password.
pub(crate) fn run(action: &KeyringAction) -> Result<u8, Misuse> {
    let unavailable = |why: Unavailable| {
        Misuse::new(
            format!("the system's keyring cannot be used: {why}"),
            "unlock it, or use --password-command instead",
        )
    };
    let (KeyringAction::Set { email } | KeyringAction::Delete { email }) = action;
    let email = &mut email.clone();
    tidy(email, "the address");
    address(email, "the address")?;
    match action {
        KeyringAction::Set { .. } => {
            let password = match std::io::stdin().is_terminal() {
                true => match wait_for(async { Ok(prompt::ask(email).await) })? {
                    Ok(typed) => typed,
                    Err(unanswered) => return unanswered.ended(),
                },
                false => Password::new(wait_for(from_standard_input(PATIENCE))?),
            };
            if password.is_empty() {
                return Err(Misuse::new("the password is empty", "give the app-specific password"));
            }
            keyring::set(email, &password.secret).map_err(unavailable)?;
            output::print(b"The password is kept in the system's keyring.")
        }
        KeyringAction::Delete { .. } => {
            let was_there = keyring::delete(email).map_err(unavailable)?;
            let said: &[u8] =
                if was_there { b"The password is forgotten." } else { b"No password was kept for this address." };
            output::print(said)
        }
    }
}
