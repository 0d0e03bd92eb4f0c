//! Where the password comes from: the first source that is given.

mod command;
mod complaint;
mod line;
mod terminal;

use std::fs::File;
use std::io::{self, IsTerminal, Read as _};
use std::time::Duration;

use checks::network::clock::within;
use checks::password::Password;
use checks::plan::Plan;
use checks::secret::Secret;
use checks::trust::TrustedHost;

use super::check::CheckArguments;
use crate::{Misuse, aside, visible};
use line::FirstLine;
use terminal::Terminal;

/// The variable that a CI job or a monitor sets.
const VARIABLE: &str = "ICLOUD_APP_PASSWORD";

/// The password, where the hosts of the plan may be given it: it and the hosts that the user chose to trust go into the
/// plan. Where the user refuses one, the plan stays without.
pub(crate) async fn complete(plan: &mut Plan, arguments: &CheckArguments, email: &str) -> Result<(), Misuse> {
    let untrusted: Vec<String> = plan.untrusted().into_iter().map(str::to_owned).collect();
    for host in untrusted {
        if !is_asked_to_trust(&host).await? {
            aside::say(
                "No password will be sent to any server; all other checks run. To test the sign-in, run again with Apple's server names.",
            );
            plan.mailbox = false;
            return Ok(());
        }
        plan.trusted.push(TrustedHost::by_choice(&host));
    }
    plan.password = Some(find(arguments, email).await?);
    Ok(())
}

/// The host, where its name cannot be a password that was typed in the wrong place.
fn named(host: &str) -> &str {
    if host.contains(['.', ':']) { host } else { "the server that was named" }
}

/// Asks the person at the terminal whether a server that is not Apple's may have the password.
async fn is_asked_to_trust(host: &str) -> Result<bool, Misuse> {
    if !is_somebody_there() {
        return Err(Misuse::new(
            format!("{} is not an Apple mail server, so it does not get the password", named(host)),
            "correct the name (Apple's are imap.mail.me.com and smtp.mail.me.com), or add --no-sign-in to check it without \
             a password; only if you trust it, name it with --trust-host",
        ));
    }
    aside::ask(format!(
        "{host} is not an Apple mail server. Whoever runs it could read your mail with this password. Send it the password? \
         [y/N]"
    ));
    let answer = from_descriptor(|terminal| {
        // A terminal gives one line at a time.
        let mut bytes = [0; 4096];
        let count = terminal.read(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes[..count]).trim().to_lowercase())
    });
    // Who cannot answer has not agreed.
    Ok(["y", "yes"].contains(&answer.await.unwrap_or_default().as_str()))
}

fn is_somebody_there() -> bool {
    io::stdin().is_terminal() && aside::is_seen()
}

/// The password, from the first source that is given.
async fn find(arguments: &CheckArguments, email: &str) -> Result<Password, Misuse> {
    let found = if arguments.password_stdin {
        from_standard_input(arguments.deadline).await?
    } else if let Some(line) = &arguments.password_command {
        command::ask(line, arguments.deadline).await?
    } else if let Some(secret) = from_environment()? {
        secret
    } else if let Some(secret) = from_keyring(email) {
        secret
    } else if is_somebody_there() {
        from_prompt(email).await?
    } else {
        return Err(Misuse::new(
            "there is no password to sign in with",
            format!("set {VARIABLE}, use --password-stdin or --password-command, or --no-sign-in to do without"),
        ));
    };
    let password = Password::new(found);
    if password.is_empty() {
        return Err(Misuse::new(
            "the password is empty",
            "give the app-specific password, or --no-sign-in to do without",
        ));
    }
    Ok(password)
}

/// Takes the first line of standard input.
pub(crate) async fn from_standard_input(limit: Duration) -> Result<Secret, Misuse> {
    let read = within(limit, from_descriptor(FirstLine::of)).await.ok_or_else(|| {
        let what = format!("no line came on standard input within {} s", limit.as_secs_f32());
        Misuse::new(what, "pipe the password into it, and end the line or the pipe")
    })?;
    read.map_err(|fault| Misuse::new(format!("standard input cannot be read: {fault}"), "pipe the password into it"))?
        .secret("what came on standard input")
}

/// Reads from the descriptor of standard input itself, past the buffer of the standard library, which would keep a copy.
/// On a thread of its own, which nobody has to wait for.
async fn from_descriptor<T: Send + 'static>(read: fn(&mut File) -> io::Result<T>) -> io::Result<T> {
    let read = tokio::task::spawn_blocking(move || {
        #[cfg(unix)]
        let descriptor = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned()?;
        #[cfg(windows)]
        let descriptor = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned()?;
        read(&mut File::from(descriptor))
    });
    read.await.map_err(io::Error::other)?
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
    // A machine without a keyring is nothing unusual; the next source is asked.
    checks::network::keyring::get(email).ok().flatten()
}

#[cfg(not(feature = "keyring"))]
fn from_keyring(_email: &str) -> Option<Secret> {
    None
}

/// Asks the person at the terminal, without showing what is typed, and on a thread of its own, so that a signal is heard
/// meanwhile.
pub(crate) async fn from_prompt(email: &str) -> Result<Secret, Misuse> {
    let _terminal = Terminal::as_it_is();
    let prompt = format!("App-specific password for {}: ", visible::text(email));
    let typed = tokio::task::spawn_blocking(|| rpassword::prompt_password(prompt)).await.map_err(io::Error::other);
    typed.flatten().map(Secret::new).map_err(|fault| match fault.kind() {
        io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof => {
            Misuse::new("no password was typed", "type the app-specific password, or use --password-stdin")
        }
        _ => Misuse::new(format!("the terminal cannot be asked: {fault}"), "use --password-stdin"),
    })
}
