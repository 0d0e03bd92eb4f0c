//! Where the password comes from: the first source that is given.

use std::io::{self, IsTerminal, Read};
use std::process::Stdio;
use std::time::Duration;

use checks::conceal::Concealer;
use checks::network::clock::within;
use checks::password::Password;
use checks::secret::Secret;
use tokio::process::Command;
use zeroize::Zeroizing;

use super::check::CheckArguments;
use crate::Misuse;

/// The variable that a CI job or a monitor sets.
const VARIABLE: &str = "ICLOUD_APP_PASSWORD";

/// How long a password command may take: long enough for a person to unlock a password store.
const COMMAND_LIMIT: Duration = Duration::from_mins(1);

/// More than this is no password but a wrong file.
const LONGEST: u64 = 4096;

/// The password, from the first source that is given.
pub(crate) async fn find(arguments: &CheckArguments, email: &str) -> Result<Password, Misuse> {
    let found = if arguments.password_stdin {
        from_standard_input()?
    } else if let Some(command) = &arguments.password_command {
        from_command(command).await?
    } else if let Some(secret) = from_environment()? {
        secret
    } else if let Some(secret) = from_keyring(email) {
        secret
    } else if io::stdin().is_terminal() && io::stderr().is_terminal() {
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

pub(crate) fn from_standard_input() -> Result<Secret, Misuse> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(8 * 1024));
    io::stdin()
        .take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|fault| Misuse::new(format!("standard input cannot be read: {fault}"), "pipe the password into it"))?;
    text(&bytes, "what came on standard input")
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

/// Asks the person at the terminal, without showing what is typed.
pub(crate) async fn from_prompt(email: &str) -> Result<Secret, Misuse> {
    // Ctrl-C raises a signal that would end the program before the terminal is told to show again what is typed. Asked
    // for once, the signal no longer does.
    tokio::select! {
        biased;
        _ = tokio::signal::ctrl_c() => {}
        () = std::future::ready(()) => {}
    }
    rpassword::prompt_password(format!("App-specific password for {email}: ")).map(Secret::new).map_err(|fault| {
        match fault.kind() {
            io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof => {
                Misuse::new("no password was typed", "type the app-specific password, or use --password-stdin")
            }
            _ => Misuse::new(format!("the terminal cannot be asked: {fault}"), "use --password-stdin"),
        }
    })
}

async fn from_command(line: &str) -> Result<Secret, Misuse> {
    let mut command = match serde_json::from_str::<Vec<String>>(line) {
        Ok(words) => {
            let mut words = words.into_iter();
            let Some(program) = words.next() else {
                return Err(Misuse::new(
                    "the list after --password-command is empty",
                    "for instance '[\"pass\",\"show\",\"icloud\"]'",
                ));
            };
            let mut command = Command::new(program);
            command.args(words);
            command
        }
        Err(_) if cfg!(windows) => {
            let mut command = Command::new("cmd");
            command.args(["/C", line]);
            command
        }
        Err(_) => {
            let mut command = Command::new("sh");
            command.args(["-c", line]);
            command
        }
    };
    // The command may ask the person at the terminal, so its standard input stays.
    let running =
        command.stdin(Stdio::inherit()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).output();
    let Some(ended) = within(COMMAND_LIMIT, running).await else {
        let limit = COMMAND_LIMIT.as_secs();
        return Err(Misuse::new(
            format!("the password command did not end within {limit} s"),
            "run it by itself to see why",
        ));
    };
    let ended = ended.map_err(|fault| {
        Misuse::new(format!("the password command cannot be started: {fault}"), "run it by itself to see why")
    })?;
    let printed = Zeroizing::new(ended.stdout);
    if ended.status.success() {
        return text(&printed, "what the password command printed");
    }
    // What it printed before it failed may be the password, and may stand in its complaint too.
    let concealer = match text(&printed, "") {
        Ok(secret) => Concealer::default().password(&Password::new(secret)),
        Err(_) => Concealer::default(),
    };
    let complaint = concealer.text(String::from_utf8_lossy(&ended.stderr).trim());
    let complaint: String = complaint.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let said = if complaint.is_empty() { "it said nothing".to_owned() } else { format!("it said: {complaint}") };
    Err(Misuse::new(format!("the password command failed ({}); {said}", ended.status), "run it by itself to see why"))
}

/// The bytes as a password: one line end is the shell's or the file's, and not worth a word.
fn text(bytes: &[u8], what: &str) -> Result<Secret, Misuse> {
    if bytes.len() as u64 > LONGEST {
        return Err(Misuse::new(format!("{what} is too long for a password"), "give the app-specific password alone"));
    }
    let bytes = bytes.strip_suffix(b"\n").map_or(bytes, |bytes| bytes.strip_suffix(b"\r").unwrap_or(bytes));
    std::str::from_utf8(bytes)
        .map(|text| Secret::new(text.to_owned()))
        .map_err(|_| Misuse::new(format!("{what} is not valid text (UTF-8)"), "give the app-specific password alone"))
}
