//! What was typed and is not understood, with what to type instead.
//!
//! No complaint repeats a value: what was typed in a wrong place may be the password.

use std::error::Error as _;
use std::ffi::OsString;

use checks::settings::distance;
use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Arguments;
use crate::misuse::Misuse;

/// In a long word so many slips of the finger are one mistake.
const SLIPS: usize = 2;

/// A word with fewer characters becomes another by two slips.
const SHORTEST_WITH_TWO_SLIPS: usize = 5;

/// The words that other programs take for a flag of ours.
const ALSO: [(&str, &str); 2] = [("help", "--help"), ("version", "--version")];

/// What is wrong with these words, of which clap says so.
pub(super) fn of(fault: &clap::Error, words: &[OsString]) -> Misuse {
    let argument = fault.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    let (flag, _) = argument.split_once([' ', '=']).unwrap_or((&argument, ""));
    let is_word = !argument.starts_with('-');
    let command = command(words);
    let help = help(command.as_deref());
    match fault.kind() {
        ErrorKind::UnknownArgument | ErrorKind::ArgumentConflict if ["--password", "--pass"].contains(&flag) => {
            Misuse::new(
                "a password is never an argument, because other programs on this computer can read it there, and the shell keeps it",
                "use --password-stdin, --password-command or the variable ICLOUD_APP_PASSWORD, or type it when it is asked for",
            )
        }
        // A text that begins with a dash looks like a flag, and may hold anything.
        ErrorKind::UnknownArgument if command.as_deref() == Some("explain") => Misuse::new(
            "a word that begins with a dash was taken for a flag, and there is no such flag",
            "write the text after `--` and in quotes, or pass it with `icloud-mail-doctor explain - < FILE`",
        ),
        // A password may begin with a dash.
        ErrorKind::UnknownArgument if !is_word => {
            Misuse::new("there is no such flag", or_meant(fault.get(ContextKind::SuggestedArg), help))
        }
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand | ErrorKind::ArgumentConflict if is_word => {
            match (command.as_deref(), words.get(1).and_then(|word| word.to_str())) {
                (None, Some(word)) if !word.contains('@') => unknown_command(word),
                (None | Some("check"), _) => Misuse::new(
                    "there is one word more than `check` takes, or the command is not the first word",
                    "write `icloud-mail-doctor check you@icloud.com`; the password is asked for, or comes by --password-stdin",
                ),
                (Some(command), _) => Misuse::new(format!("there is one word more than `{command}` takes"), help),
            }
        }
        ErrorKind::ValueValidation => {
            let why = fault.source().map(ToString::to_string).unwrap_or_default();
            Misuse::new(format!("what follows {flag} cannot be used: {}", without_values(why, words)), help)
        }
        _ => {
            let complaint = fault.render().to_string();
            let lines: Vec<&str> =
                complaint.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
            let complaint = lines.join(" ").trim_start_matches("error: ").to_owned();
            Misuse::new(without_values(complaint, words), or_meant(fault.get(ContextKind::SuggestedValue), help))
        }
    }
}

/// A single word that stands where an address belongs, and was very likely meant for a command.
pub(super) fn of_a_command(word: &str) -> Option<Misuse> {
    (!word.contains('@') && meant(word).is_some()).then(|| unknown_command(word))
}

fn unknown_command(word: &str) -> Misuse {
    if word == "keyring" {
        return Misuse::new(
            "this copy was built without the keyring",
            "use --password-command or ICLOUD_APP_PASSWORD, or build it with `--features keyring`",
        );
    }
    let next = match meant(word) {
        Some(meant) => {
            format!("did you mean `icloud-mail-doctor {meant}`? `icloud-mail-doctor --help` lists the commands")
        }
        None => "`icloud-mail-doctor --help` lists the commands".to_owned(),
    };
    Misuse::new("there is no command of that name", next)
}

/// The command that this word was probably meant to be.
fn meant(word: &str) -> Option<String> {
    if let Some((_, flag)) = ALSO.iter().find(|(also, _)| *also == word) {
        return Some((*flag).to_owned());
    }
    let names = names();
    let near = names.into_iter().map(|name| (distance(&name, word), name));
    let most = |name: &str| if name.len() < SHORTEST_WITH_TWO_SLIPS { 1 } else { SLIPS };
    near.filter(|(slips, name)| *slips <= most(name)).min().map(|(_, name)| name)
}

/// The command that was called, where it is one.
fn command(words: &[OsString]) -> Option<String> {
    let first = words.get(1)?.to_str()?;
    names().into_iter().find(|name| name == first)
}

fn names() -> Vec<String> {
    Arguments::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

/// What to do, with what was probably meant before it. Only our own words are suggested.
fn or_meant(meant: Option<&ContextValue>, next: String) -> String {
    match meant {
        Some(ContextValue::Strings(meant)) => format!("did you mean {}? {next}", meant.join(" or ")),
        Some(meant) => format!("did you mean {meant}? {next}"),
        None => next,
    }
}

fn help(command: Option<&str>) -> String {
    format!("`icloud-mail-doctor {} --help` shows what can be typed", command.unwrap_or("check"))
}

/// The complaint with every value that was typed left out of it.
fn without_values(complaint: String, words: &[OsString]) -> String {
    let typed = words.iter().skip(1).map(|word| word.to_string_lossy());
    let values = typed.filter_map(|word| match word.split_once('=') {
        Some((flag, value)) if flag.starts_with('-') => Some(value.to_owned()),
        _ if word.starts_with('-') => None,
        _ => Some(word.into_owned()),
    });
    values.fold(complaint, |complaint, value| complaint.replace(&format!("'{value}'"), "'…'"))
}
