//! What can be typed at each place of the command line, for every shell.

use checks::network::case::Case;
use checks::questions::Question;
use clap::{Arg, Command, ValueHint};

use crate::diagnosis::CAUSES;
use crate::guide;
use crate::programs::{PROGRAMS, Use};
use crate::rehearse;

/// A command with its flags and values. The program without a command has an empty name.
pub(super) struct Offered {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) flags: Vec<Flag>,
    /// The possible values of each word that is not a flag, in order.
    pub(super) places: Vec<Values>,
    /// Whether the last place may be repeated.
    pub(super) goes_on: bool,
}

pub(super) struct Flag {
    /// With their dashes.
    pub(super) names: Vec<String>,
    pub(super) about: String,
    /// The values that it takes; `None` for a switch.
    pub(super) values: Option<Values>,
}

/// A word, and its description.
pub(super) type Word = (String, String);

/// What a value can be.
#[derive(Clone)]
pub(super) enum Values {
    /// Any text.
    Anything,
    OneOf(Vec<Word>),
    /// Several of these, separated by commas.
    List(Vec<Word>),
    File,
    OneOfOrFile(Vec<Word>),
    /// One of these, `=`, and a file.
    WithFile(Vec<Word>),
}

/// The commands as words, each with its description.
pub(super) fn commands(offered: &[Offered]) -> Values {
    let commands = offered.iter().skip(1).map(|command| (command.name.clone(), command.about.clone()));
    Values::OneOf(commands.collect())
}

/// The program and its commands; the program is the first.
pub(super) fn of(program: &Command) -> Vec<Offered> {
    let mut program = program.clone();
    program.build();
    let commands = program.get_subcommands().map(|command| command_of(command, command.get_name()));
    std::iter::once(command_of(&program, "")).chain(commands).collect()
}

fn command_of(command: &Command, name: &str) -> Offered {
    let places: Vec<&Arg> = command.get_positionals().collect();
    let flags = command.get_arguments().filter(|argument| !argument.is_positional() && !argument.is_hide_set());
    let actions: Vec<Word> = command.get_subcommands().map(about).collect();
    let mut offered: Vec<Values> = places.iter().map(|argument| values(name, argument)).collect();
    if !actions.is_empty() && !name.is_empty() {
        offered.insert(0, Values::OneOf(actions));
    }
    Offered {
        name: name.to_owned(),
        about: about(command).1,
        flags: flags.map(|argument| flag(name, argument)).collect(),
        goes_on: places.last().is_some_and(|last| last.get_num_args().is_some_and(|count| count.max_values() > 1)),
        places: offered,
    }
}

fn about(command: &Command) -> Word {
    (command.get_name().to_owned(), command.get_about().map(ToString::to_string).unwrap_or_default())
}

fn flag(command: &str, argument: &Arg) -> Flag {
    let long = argument.get_long().map(|long| format!("--{long}"));
    let takes_value = argument.get_num_args().is_some_and(|count| count.takes_values());
    Flag {
        names: argument.get_short().map(|short| format!("-{short}")).into_iter().chain(long).collect(),
        about: argument.get_help().map(ToString::to_string).unwrap_or_default(),
        values: takes_value.then(|| values(command, argument)),
    }
}

fn values(command: &str, argument: &Arg) -> Values {
    match (command, argument.get_id().as_str()) {
        ("explain", "given") => Values::OneOfOrFile(causes()),
        ("rehearse", "case") => Values::OneOfOrFile(cases()),
        ("setup", "client") => Values::OneOf(programs(Use::Setup)),
        ("review", "program") => Values::OneOf(programs(Use::Review)),
        (_, "client") => Values::OneOf(programs(Use::Words)),
        (_, "only" | "skip") => Values::List(
            Question::all()
                .filter(|one| !one.has_own_command())
                .map(|one| (one.id().to_owned(), one.listed().asks.to_owned()))
                .collect(),
        ),
        (_, "imap_security" | "smtp_security") => Values::OneOf(["tls", "starttls"].map(alone).into()),
        (_, "report") => Values::WithFile(formats()),
        _ => match argument.get_possible_values() {
            none if none.is_empty() => match argument.get_value_hint() {
                ValueHint::FilePath | ValueHint::AnyPath | ValueHint::DirPath => Values::File,
                _ => Values::Anything,
            },
            known => Values::OneOf(known.iter().map(possible).collect()),
        },
    }
}

fn possible(value: &clap::builder::PossibleValue) -> Word {
    (value.get_name().to_owned(), value.get_help().map(ToString::to_string).unwrap_or_default())
}

fn alone(word: impl Into<String>) -> Word {
    (word.into(), String::new())
}

/// The mail programs that have this.
fn programs(wanted: Use) -> Vec<Word> {
    let programs = PROGRAMS.iter().filter(|program| wanted.is_there_for(program));
    programs.map(|program| (program.id.to_owned(), program.title.to_owned())).collect()
}

fn formats() -> Vec<Word> {
    crate::render::Format::<crate::report::Report>::all()
        .map(|format| (format.name.to_owned(), format.about.to_owned()))
        .collect()
}

fn causes() -> Vec<Word> {
    CAUSES.iter().map(|cause| (cause.id.to_owned(), guide::title(cause.id))).collect()
}

/// Each case by its full name, and by the last part of its name where that is unique.
fn cases() -> Vec<Word> {
    let title = |text: &str| Case::read(text).map_or_else(|_| String::new(), |case| case.title);
    let last = |name: &str| name.split_once('/').map_or(name, |(_, last)| last).to_owned();
    let all = rehearse::CASES.all();
    let is_alone = |name: &str| all.iter().filter(|(other, _)| last(other) == last(name)).count() == 1;
    let whole = all.iter().map(|(name, text)| (name.clone(), title(text)));
    let short = all.iter().filter(|(name, _)| is_alone(name)).map(|(name, text)| (last(name), title(text)));
    whole.chain(short).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn words(values: &Values) -> &[Word] {
        match values {
            Values::Anything | Values::File => &[],
            Values::OneOf(words) | Values::List(words) | Values::OneOfOrFile(words) | Values::WithFile(words) => words,
        }
    }

    /// The scripts put these words between quotation marks.
    #[test]
    fn no_word_that_is_offered_means_something_to_a_shell() {
        let offered = of(&crate::cli::command());
        let values = offered.iter().flat_map(|command| {
            command.places.iter().chain(command.flags.iter().filter_map(|flag| flag.values.as_ref()))
        });
        let offered: Vec<&Word> = values.flat_map(words).collect();
        assert!(offered.len() > 100);
        for (word, about) in offered {
            let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/-_.".contains(letter);
            assert!(!word.is_empty() && word.chars().all(is_plain), "{word}");
            assert!(!about.contains('\n'), "{about}");
        }
    }

    /// A shell has to know which words are values before it knows the command.
    #[test]
    fn a_flag_takes_a_value_in_every_command_or_in_none() {
        let mut takes: BTreeMap<String, bool> = BTreeMap::new();
        for flag in of(&crate::cli::command()).into_iter().flat_map(|command| command.flags) {
            for name in flag.names {
                let first = *takes.entry(name.clone()).or_insert(flag.values.is_some());
                assert_eq!(first, flag.values.is_some(), "{name}");
            }
        }
    }
}
