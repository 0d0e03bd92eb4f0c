//! Asks, before a sign-in is used up, whether this is the address that was meant.

use super::address::domain::{Domain, named};
use super::address::{address, pasted};
use super::check::CheckArguments;
use super::question::{self, Unanswered};
use crate::aside;
use crate::misuse::Misuse;

/// How a script confirms what it means.
const INSIST: &str = "name the login names themselves with --imap-username and --smtp-username";

/// After this many answers that are neither yes nor no, the user is not just making typing errors.
const MOST_ANSWERS: usize = 3;

/// Compares the address with iCloud's domains. Asks the user about an address that was probably not meant; without a
/// terminal that is an error. A caller that gives both login names has said what is meant, and no question comes twice.
pub(crate) async fn confirm(arguments: &mut CheckArguments) -> Result<(), Unanswered> {
    let is_said = arguments.imap_username.is_some() && arguments.smtp_username.is_some();
    if is_said || arguments.is_address_meant || !arguments.wants_sign_in() {
        return Ok(());
    }
    let may_ask = arguments.may_ask();
    let Some(email) = &mut arguments.email else { return Ok(()) };
    while let Some(meant) = instead_of(email, may_ask).await? {
        *email = meant;
    }
    arguments.is_address_meant = true;
    Ok(())
}

/// The address that was meant instead, if the user confirms it.
async fn instead_of(email: &str, may_ask: bool) -> Result<Option<String>, Unanswered> {
    let domain = named(email);
    match (Domain::of(email), may_ask) {
        (Domain::Icloud, _) | (Domain::Other, false) => Ok(None),
        (Domain::Other, true) => {
            aside::say(format!(
                "{domain} is not one of iCloud's own domains. If it is yours and its mail is at iCloud, the login name is \
                 usually the account's other address, at icloud.com, me.com or mac.com."
            ));
            Ok(None)
        }
        (Domain::SlipOf(own), true) => {
            let meant = format!("{}{own}", email.strip_suffix(domain).unwrap_or_default());
            Ok(is_meant(&meant).await?.then_some(meant))
        }
        (Domain::SlipOf(own), false) => Err(Misuse::new(
            format!("the address is at {domain}, which is very like {own}, and was not tried"),
            format!("correct it, or, if {domain} is really meant, {INSIST}"),
        )
        .into()),
        (Domain::OtherProvider, true) => another(email, domain).await,
        (Domain::OtherProvider, false) => Err(Misuse::new(
            format!("{domain} is not a domain of iCloud Mail, and the address was not tried"),
            format!(
                "give the account's address at icloud.com, me.com or mac.com (an Apple Account under another address has \
                 one too, if it has iCloud Mail); to try this one all the same, {INSIST}"
            ),
        )
        .into()),
    }
}

async fn is_meant(meant: &str) -> Result<bool, Unanswered> {
    for _ in 0..MOST_ANSWERS {
        let answer = question::line(&format!("Did you mean {meant}? [Y/n]")).await?;
        match answer.as_deref().map(str::to_lowercase).as_deref() {
            Some("" | "y" | "yes") => return Ok(true),
            Some("n" | "no") => return Ok(false),
            Some(_) => aside::say("Please answer y (yes) or n (no)."),
            None => break,
        }
    }
    Err(unanswered().into())
}

/// The iCloud address of a user who gave an address at another provider.
async fn another(email: &str, domain: &str) -> Result<Option<String>, Unanswered> {
    aside::say(format!(
        "{domain} is not a domain of iCloud Mail. Its servers know an account by its address at icloud.com, me.com or \
         mac.com, even where the Apple Account itself is {email}. That address is shown on an iPhone under Settings → \
         your name → iCloud → Mail."
    ));
    let question = format!("Your iCloud Mail address (press Enter alone to try {email} all the same):");
    for _ in 0..MOST_ANSWERS {
        let Some(mut typed) = question::line(&question).await? else { break };
        if typed.is_empty() {
            return Ok(None);
        }
        pasted::tidy(&mut typed, "the address");
        match address(&typed, "what you typed") {
            Ok(()) => return Ok(Some(typed)),
            Err(why) => aside::say(why),
        }
    }
    Err(unanswered().into())
}

fn unanswered() -> Misuse {
    Misuse::new("the question about the address was not answered", "run the same again with the address as you mean it")
}
