//! Where the password comes from: the first source that is given.

mod command;
mod complaint;
mod line;
pub(crate) mod prompt;

use std::path::Path;
use std::time::Duration;

use checks::network::clock::within;
use checks::network::plain_file;
use checks::password::Password;
use checks::plan::Plan;
use checks::secret::Secret;
use checks::trust::TrustedHost;

use super::check::CheckArguments;
use super::question::{self, Unanswered, from_descriptor};
use crate::aside;
use crate::misuse::Misuse;
use line::FirstLine;

/// The environment variable that a CI job or a monitor sets.
pub(crate) const VARIABLE: &str = "ICLOUD_APP_PASSWORD";

/// Puts the password into the plan, with the hosts that the user chose to trust. The plan stays without a password
/// where the user refuses to send it to one of its hosts.
pub(crate) async fn complete(plan: &mut Plan, arguments: &CheckArguments, email: &str) -> Result<(), Unanswered> {
    let untrusted: Vec<String> = plan.untrusted().into_iter().map(str::to_owned).collect();
    for host in untrusted {
        if !is_asked_to_trust(&host, arguments.may_ask()).await? {
            aside::say(
                "No password will be sent to any server; all other checks run. To test the sign-in, run again with Apple's server names.",
            );
            plan.mailbox = false;
            return Ok(());
        }
        plan.trusted.push(TrustedHost::by_choice(&host));
    }
    plan.password = find(arguments, email).await?;
    if plan.password.is_none() {
        aside::say("No sign-in is tried; everything else is checked.");
        plan.mailbox = false;
    }
    Ok(())
}

/// The complaint about a host that is not trusted.
pub(crate) fn not_trusted(host: &str) -> Misuse {
    Misuse::new(
        format!("{} is not an Apple mail server, so it does not get the password", named(host)),
        "correct the name (Apple's are imap.mail.me.com and smtp.mail.me.com), or add --no-sign-in to check it without a \
         password; only if you trust it, name it with --trust-host",
    )
}

/// The host, unless its name may be a password that was typed in the wrong place.
fn named(host: &str) -> &str {
    if host.contains(['.', ':']) { host } else { "the server that was named" }
}

/// Asks the user whether a server that is not Apple's may get the password.
async fn is_asked_to_trust(host: &str, may_ask: bool) -> Result<bool, Unanswered> {
    if !may_ask {
        return Err(not_trusted(host).into());
    }
    let question = format!(
        "{host} is not an Apple mail server. Its owner could read your mail with this password. Send it the password? \
         [y/N]"
    );
    // No answer means no consent.
    let answer = question::line(&question).await?.unwrap_or_default().to_lowercase();
    Ok(["y", "yes"].contains(&answer.as_str()))
}

/// The password from the first source that is given; `None` where the user was asked for it and continues without.
async fn find(arguments: &CheckArguments, email: &str) -> Result<Option<Password>, Unanswered> {
    let found = if arguments.password_stdin {
        from_standard_input(arguments.deadline).await?
    } else if let Some(line) = &arguments.password_command {
        command::ask(line, arguments.deadline).await?
    } else if let Some(secret) = from_environment()? {
        secret
    } else if let Some(secret) = from_keyring(email) {
        secret
    } else if arguments.may_ask() && arguments.ask {
        return prompt::ask_or_go_on(email).await;
    } else if arguments.may_ask() {
        return prompt::ask(email).await.map(Some);
    } else {
        return Err(Misuse::new(
            "there is no password to sign in with",
            format!("set {VARIABLE}, use --password-stdin or --password-command"),
        )
        .into());
    };
    let password = Password::new(found);
    if password.is_empty() {
        return Err(Misuse::new("the password is empty", "give the app-specific password").into());
    }
    Ok(Some(password))
}

/// Reads the first line of standard input.
pub(crate) async fn from_standard_input(limit: Duration) -> Result<Secret, Misuse> {
    let read = within(limit, from_descriptor(FirstLine::of)).await.ok_or_else(|| {
        let what = format!("no line came on standard input within {} s", limit.as_secs_f32());
        Misuse::new(what, "pipe the password into it, and end the line or the pipe")
    })?;
    read.map_err(|fault| Misuse::new(format!("standard input cannot be read: {fault}"), "pipe the password into it"))?
        .secret("what came on standard input")
}

/// Returns the first line that a command prints.
pub(crate) async fn from_command(line: &str, limit: Duration) -> Result<Secret, Misuse> {
    command::ask(line, limit).await
}

/// Reads the first line of a file.
pub(crate) fn from_file(path: &Path) -> Result<Secret, Misuse> {
    let unread = |why: String| Misuse::new(format!("the file with it cannot be read ({why})"), "correct the list");
    let mut file = plain_file::open(path).map_err(|why| unread(why.to_string()))?;
    FirstLine::of(&mut file).map_err(|why| unread(why.to_string()))?.secret("what is in the file with it")
}

fn from_environment() -> Result<Option<Secret>, Misuse> {
    match std::env::var(VARIABLE) {
        Ok(value) => Ok(Some(Secret::new(value))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Misuse::new(format!("{VARIABLE} is not valid text (UTF-8)"), "set it to the app-specific password"))
        }
    }
}

#[cfg(feature = "keyring")]
fn from_keyring(email: &str) -> Option<Secret> {
    // Many machines have no keyring: then the next source is used.
    checks::network::keyring::get(email).ok().flatten()
}

#[cfg(not(feature = "keyring"))]
fn from_keyring(_email: &str) -> Option<Secret> {
    None
}
