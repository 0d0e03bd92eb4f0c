//! The complaint about words that were not understood, with what to type instead.
//!
//! A complaint never repeats a value: it may be a password that was typed in the wrong place.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, CommandFactory as _};

use super::{Arguments, serve};
use crate::meant::{meant, shown};
use crate::misuse::Misuse;

/// Words the complaint for a fault that clap found in these words.
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
        ErrorKind::UnknownArgument if !is_word => unknown_flag(flag, command.as_deref(), &help),
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand | ErrorKind::ArgumentConflict if is_word => {
            match (command.as_deref(), words.get(1).and_then(|word| word.to_str())) {
                (None, Some(word)) if !word.contains('@') && !word.starts_with('-') => unknown_command(word),
                (None, Some(_)) if later_command(words).is_some() => {
                    let command = later_command(words).unwrap_or_default();
                    let next = format!("write `icloud-mail-doctor {command}` and the rest after it; {help}");
                    Misuse::new(format!("the command, `{command}`, is not the first word"), next)
                }
                (None | Some("check"), _) => Misuse::new(
                    "there is one word more than `check` takes",
                    "write `icloud-mail-doctor check you@icloud.com`; the password is asked for, or comes by --password-stdin",
                ),
                (Some(command), _) => Misuse::new(format!("there is one word more than `{command}` takes"), help),
            }
        }
        ErrorKind::ValueValidation => {
            if let Some(misuse) = fault.source().and_then(|why| why.downcast_ref::<Misuse>()) {
                return misuse.clone();
            }
            let why = without_values(fault.source().map(ToString::to_string).unwrap_or_default(), words);
            Misuse::new(format!("what follows {flag} cannot be used"), format!("{why}; {help}"))
        }
        ErrorKind::InvalidValue => invalid_value(fault, flag, &help),
        ErrorKind::MissingRequiredArgument if argument.starts_with("--") => {
            let missing = argument.replace(['<', '>'], "");
            let what = match command.as_deref() {
                Some("check") | None => format!("{missing} is missing, and another flag that was given is only for it"),
                Some(command) => format!("`{command}` needs {missing}"),
            };
            Misuse::new(what, help)
        }
        _ => {
            let complaint = fault.render().to_string();
            let lines: Vec<&str> =
                complaint.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
            let complaint = lines.join(" ").trim_start_matches("error: ").to_owned();
            Misuse::new(without_values(complaint, words), help)
        }
    }
}

/// Words the complaint for a single word that is in the place of an address and was very likely meant as a command.
pub(super) fn of_a_command(word: &str) -> Option<Misuse> {
    (!word.contains('@') && (word == "keyring" || meant_command(word).is_some())).then(|| unknown_command(word))
}

fn unknown_command(word: &str) -> Misuse {
    if word == "keyring" {
        return Misuse::new(
            "this copy was built without the keyring",
            "use --password-command or ICLOUD_APP_PASSWORD, or build it with `--features keyring`",
        );
    }
    let list = "`icloud-mail-doctor --help` lists the commands";
    match meant_command(word) {
        Some(meant) => Misuse::new(
            format!("{} is not a command", shown(word, [meant.as_str()], "the first word")),
            format!("did you mean `icloud-mail-doctor {meant}`? {list}"),
        ),
        None => Misuse::new("the first word is not a command", list),
    }
}

/// A flag that this command does not have. A password may begin with a dash, so only what is similar to a flag is
/// repeated.
fn unknown_flag(flag: &str, command: Option<&str>, help: &str) -> Misuse {
    let own = flags(command.unwrap_or("check"));
    let takers: Vec<String> = names()
        .into_iter()
        .filter(|name| flags(name).iter().any(|known| known == flag) && !serve::refuses(name, flag))
        .collect();
    let here = command.map_or_else(|| "the program".to_owned(), |command| format!("`{command}`"));
    if let Some(meant) = meant(flag, own.iter().map(String::as_str)) {
        let flag = shown(flag, [meant], "what was typed");
        return Misuse::new(format!("{flag} is not a flag of {here}"), format!("did you mean {meant}? {help}"));
    }
    if !takers.is_empty() {
        let takers = takers.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let verb = if takers.len() == 1 { "does" } else { "do" };
        return Misuse::new(format!("{here} does not take {flag}"), format!("{} {verb}; {help}", takers.join(", ")));
    }
    if command == Some("explain") {
        return Misuse::new(
            "a word that begins with a dash was taken for a flag, and there is no such flag",
            "write the text after `--` and in quotes, or pass it with `icloud-mail-doctor explain - < FILE`",
        );
    }
    Misuse::new(format!("there is no such flag of {here}"), help)
}

/// A value that is not allowed, or that is missing.
fn invalid_value(fault: &clap::Error, flag: &str, help: &str) -> Misuse {
    let known: &[String] = match fault.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(known)) => known,
        _ => &[],
    };
    let (place, list) = (flag.trim_matches(['<', '>', '[', ']']), known.join(", "));
    let given = fault.get(ContextKind::InvalidValue).map(ToString::to_string).unwrap_or_default();
    if given.is_empty() {
        let next = if known.is_empty() { help.to_owned() } else { format!("it takes {list}; {help}") };
        return Misuse::new(format!("{place} needs a value"), next);
    }
    let names = || known.iter().map(String::as_str);
    let what = format!("{} is not one of the values of {place}", shown(&given, names(), "what was given"));
    match meant(&given, names()) {
        Some(meant) => Misuse::new(what, format!("did you mean {meant}? It takes {list}; {help}")),
        None => Misuse::new(what, format!("it takes {list}; {help}")),
    }
}

fn meant_command(word: &str) -> Option<String> {
    let mut names = names();
    names.extend(["help", "version"].map(str::to_owned));
    meant(word, names.iter().map(String::as_str)).map(str::to_owned)
}

/// The command that was called, if the first word is one.
fn command(words: &[OsString]) -> Option<String> {
    let first = words.get(1)?.to_str()?;
    names().into_iter().find(|name| name == first)
}

/// A command that came after other words.
fn later_command(words: &[OsString]) -> Option<String> {
    let names = names();
    words.iter().skip(2).find_map(|word| names.iter().find(|name| word == name.as_str()).cloned())
}

fn names() -> Vec<String> {
    Arguments::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

/// The long flags of a command.
fn flags(command: &str) -> Vec<String> {
    let all = Arguments::command();
    let flags = |command: &clap::Command| {
        command.get_arguments().filter_map(Arg::get_long).map(|long| format!("--{long}")).collect::<Vec<_>>()
    };
    all.get_subcommands().find(|known| known.get_name() == command).map(flags).unwrap_or_default()
}

/// Rewrites `help`, `help COMMAND` and `version`, which other programs accept, as our flags.
pub(super) fn as_flags(mut words: Vec<OsString>) -> Vec<OsString> {
    match words.get(1).and_then(|word| word.to_str()) {
        Some("help") => {
            words.remove(1);
            words.truncate(2);
            let word = words.get(1).and_then(|word| word.to_str()).unwrap_or_default();
            // A word that is similar to a command but is not one gets a complaint.
            let is_command = names().iter().any(|name| name == word);
            if is_command || meant_command(word).is_none() {
                words.truncate(if is_command { 2 } else { 1 });
                words.push("--help".into());
            }
        }
        Some("version") if words.len() == 2 => words[1] = "--version".into(),
        _ => {}
    }
    words
}

fn help(command: Option<&str>) -> String {
    match command {
        Some(command) => format!("`icloud-mail-doctor {command} --help` shows what can be typed"),
        None => "`icloud-mail-doctor --help` shows what can be typed".to_owned(),
    }
}

/// The complaint without any value that was typed.
fn without_values(complaint: String, words: &[OsString]) -> String {
    let typed = words.iter().skip(1).map(|word| word.to_string_lossy());
    let values = typed.filter_map(|word| match word.split_once('=') {
        Some((flag, value)) if flag.starts_with('-') => Some(value.to_owned()),
        _ if word.starts_with('-') => None,
        _ => Some(word.into_owned()),
    });
    values.fold(complaint, |complaint, value| complaint.replace(&format!("'{value}'"), "'…'"))
}
