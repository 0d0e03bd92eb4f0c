//! What was given to `explain`: nothing, a cause, words, a file, or standard input.

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::time::Duration;

use checks::network::case::Case;
use checks::network::plain_file::{self, NotRead};

use super::kinds;
use super::log::{self, Log};
use super::names::{Named, named};
use super::piped::Piped;
use crate::files::{descriptor, open_given};
use crate::misuse::{Misuse, file_name};
use crate::render::Format;
use crate::report::saved;
use crate::{aside, limits, review};

/// What standard input is called.
const STANDARD_INPUT: &str = "standard input";

/// How long the first piece of it may take to come.
const PATIENCE: Duration = Duration::from_secs(3);

/// What it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Given {
    Nothing,
    Cause(&'static str),
    /// A page that is about no cause: its text.
    Topic(&'static str),
    /// The words that were typed.
    Words(String),
    /// The text that was read.
    Log(Log),
}

/// Reads it. A complaint never repeats what was typed: it may be a password.
pub(super) fn read(words: &[OsString]) -> Result<Given, Misuse> {
    if words.is_empty() {
        return piped();
    }
    let [word] = words else {
        return Ok(Given::Words(words.join(OsStr::new(" ")).to_string_lossy().into_owned()));
    };
    match word.to_str().and_then(named) {
        Some(Named::Cause(cause)) => return Ok(Given::Cause(cause)),
        Some(Named::Topic(text)) => return Ok(Given::Topic(text)),
        None => {}
    }
    let path = Path::new(word);
    if word == "-" || descriptor(path).is_some() {
        let is_typed = word == "-" && io::stdin().is_terminal();
        let read = || {
            // A person may think for longer than any program.
            if word == "-" && !is_typed {
                return log::of_stream(Piped::begin(io::stdin()));
            }
            open_given(path).map_err(|why| why.to_string()).and_then(log::of_stream)
        };
        if is_typed {
            aside::say("Paste the text, then end it with Ctrl-D (on Windows Ctrl-Z and Return).");
        }
        let log = if is_typed { limits::unhurried(read) } else { read() };
        return log.map_err(|why| unreadable(STANDARD_INPUT, &why)).and_then(|log| known(STANDARD_INPUT, log));
    }
    if path.exists() {
        return file(path);
    }
    let text = word.to_string_lossy().into_owned();
    match kinds::is_called_like_a_file(&text) {
        true => Err(Misuse::new("there is no such file", "look at its name and folder, or paste the text itself")),
        false => Ok(Given::Words(text)),
    }
}

/// Reads what another program writes to standard input, or a file there. Where nothing comes, nothing was meant: a
/// service or a shell may leave its own input open.
fn piped() -> Result<Given, Misuse> {
    if io::stdin().is_terminal() {
        return Ok(Given::Nothing);
    }
    let mut input = Piped::begin(io::stdin());
    if !input.comes_within(PATIENCE).unwrap_or_default() {
        aside::say(format!(
            "icloud-mail-doctor: nothing came on standard input within {} s; `icloud-mail-doctor explain -` waits for it.",
            PATIENCE.as_secs()
        ));
        return Ok(Given::Nothing);
    }
    let log = log::of_stream(input);
    log.map_err(|why| unreadable(STANDARD_INPUT, &why)).and_then(|log| match log.text.trim().is_empty() {
        true => Ok(Given::Nothing),
        false => known(STANDARD_INPUT, log),
    })
}

fn file(path: &Path) -> Result<Given, Misuse> {
    let name = file_name(path);
    if review::is_settings_file(path) {
        return Err(settings(&name));
    }
    let log = plain_file::open(path).and_then(|file| log::of_file(file).map_err(NotRead::Failed));
    let log = log.map_err(|why| match why {
        NotRead::Folder => Misuse::new(format!("{name} is a folder"), "name a file in it"),
        why => unreadable(&name, &why),
    })?;
    known(&name, log)
}

fn settings(name: &str) -> Misuse {
    Misuse::new(
        format!("{name} is a mail program's settings"),
        "`icloud-mail-doctor review FILE` looks for what is wrong in them",
    )
}

/// Returns the log, unless it is something that another command reads.
fn known(name: &str, log: Log) -> Result<Given, Misuse> {
    if let Some((kind, instead)) = log.kind {
        return Err(Misuse::new(format!("{name} is {kind}"), instead));
    }
    if log.text.trim().is_empty() {
        return Err(Misuse::new(format!("there is no text in {name}"), "give it the message of the mail program"));
    }
    if kinds::is_of_setup(&log.text) || review::is_settings_text(&log.text) {
        return Err(settings(name));
    }
    if saved::is_report(&log.text) {
        let next = "`icloud-mail-doctor render FILE` prints it, and `diagnose FILE` explains it again";
        return Err(Misuse::new(format!("{name} is a report of this program"), next));
    }
    if Format::all().any(|format| format.is_report(&log.text)) {
        let next = "its first lines are why, and the steps below them are what to do";
        return Err(Misuse::new(format!("{name} is a report of this program"), next));
    }
    if Case::read(&log.text).is_ok() {
        return Err(Misuse::new(
            format!("{name} is a recorded case"),
            "play it with `icloud-mail-doctor rehearse FILE`",
        ));
    }
    if let Some(gap) = &log.gap {
        aside::say(format!("icloud-mail-doctor: {name} is long: {gap}."));
    }
    Ok(Given::Log(log))
}

fn unreadable(name: &str, why: &dyn std::fmt::Display) -> Misuse {
    Misuse::new(format!("{name} cannot be read: {why}"), "paste the text itself, or name another file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_words_are_one_text() {
        let words = ["connection", "refused"].map(OsString::from);
        assert_eq!(read(&words).unwrap(), Given::Words("connection refused".to_owned()));
        assert_eq!(read(&["port-blocked".into()]).unwrap(), Given::Cause("port-blocked"));
        assert!(matches!(read(&["archiving".into()]).unwrap(), Given::Topic(_)));
    }
}
