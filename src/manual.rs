//! `man`: the manual page of the program and of each command, from the same description as the help.

use std::io;
use std::path::Path;

use clap::{Arg, Command};
use roff::{Inline, Roff, bold, italic, roman};

use crate::cli::notes::{self, Notes};
use crate::cli::{self, ManArguments};
use crate::files::{self, Place};
use crate::misuse::Misuse;
use crate::output;

/// When the text of the manual last changed. With the date of the build, no build could be reproduced.
const DATE: &str = "2026-11-29";

/// Prints a page, or writes all of them.
pub(crate) fn run(arguments: &ManArguments) -> Result<u8, Misuse> {
    match &arguments.dir {
        Some(folder) => write(folder),
        None => output::print(page(arguments.command.as_deref().unwrap_or_default()).as_bytes()),
    }
}

fn write(folder: &Path) -> Result<u8, Misuse> {
    let unwritten = |fault: io::Error| {
        Misuse::new(format!("the pages cannot be written: {fault}"), "name a folder that you may write to")
    };
    std::fs::create_dir_all(folder).map_err(unwritten)?;
    for notes in notes::NOTES {
        let place = Place::of(&folder.join(format!("{}.1", name(notes.command)))).map_err(unwritten)?;
        files::replace(&place, page(notes.command).as_bytes(), || Ok(())).map_err(unwritten)?;
    }
    Ok(0)
}

/// The name of a page in `man`.
fn name(command: &str) -> String {
    if command.is_empty() { env!("CARGO_PKG_NAME").to_owned() } else { format!("{}-{command}", env!("CARGO_PKG_NAME")) }
}

fn page(command: &str) -> String {
    let mut program = cli::command();
    program.build();
    let described = if command.is_empty() { Some(&program) } else { program.find_subcommand(command) };
    let (Some(described), Some(notes)) = (described, notes::of(command)) else { return String::new() };
    let mut described = described.clone();
    let source = format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    let mut page = Roff::new();
    page.control("TH", [name(command).to_uppercase().as_str(), "1", DATE, &source, "User Commands"]);
    let about = described.get_about().map(ToString::to_string).unwrap_or_default();
    page.control("SH", ["NAME"]).text([roman(format!("{} - {about}", name(command)))]);
    page.control("SH", ["SYNOPSIS"]);
    let usage = described.render_usage().to_string();
    for (at, line) in usage.trim_start_matches("Usage:").lines().enumerate() {
        if at > 0 {
            page.control("br", []);
        }
        page.text([bold(line.trim())]);
    }
    page.control("SH", ["DESCRIPTION"]);
    let long = described.get_long_about().map_or_else(|| format!("{about}."), ToString::to_string);
    paragraphs(&mut page, &long);
    match command.is_empty() {
        true => commands(&mut page, &described),
        false => arguments(&mut page, &described),
    }
    beside(&mut page, notes);
    in_ascii(&page.render())
}

fn commands(page: &mut Roff, program: &Command) {
    page.control("PP", []).text(words("Without a command it does what `check` does, with the same flags."));
    page.control("SH", ["COMMANDS"]);
    for command in program.get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        page.control("TP", []).text([bold(format!("{}(1)", name(command.get_name())))]).text(words(&about));
    }
}

/// What can be typed, under the same headings as in the help.
fn arguments(page: &mut Roff, command: &Command) {
    for action in command.get_subcommands() {
        let about = action.get_about().map(ToString::to_string).unwrap_or_default();
        page.control("TP", []).text([bold(action.get_name())]).text(words(&about));
    }
    let heading = |argument: &Arg| match argument.get_help_heading() {
        Some(heading) => heading.to_uppercase(),
        None if argument.is_positional() => "ARGUMENTS".to_owned(),
        None => "OPTIONS".to_owned(),
    };
    let shown: Vec<&Arg> = command.get_arguments().filter(|argument| !argument.is_hide_set()).collect();
    let mut headings: Vec<String> = Vec::new();
    for heading in shown.iter().map(|argument| heading(argument)) {
        if !headings.contains(&heading) {
            headings.push(heading);
        }
    }
    for wanted in headings {
        page.control("SH", [wanted.as_str()]);
        for argument in shown.iter().filter(|argument| heading(argument) == wanted) {
            page.control("TP", []).text(called(argument));
            let help = argument.get_long_help().or_else(|| argument.get_help()).map(ToString::to_string);
            paragraphs(page, &help.unwrap_or_default());
            values(page, argument);
        }
    }
}

/// The names of an argument, with its value and its default.
fn called(argument: &Arg) -> Vec<Inline> {
    let value = || argument.get_value_names().map(|names| names.join(" ")).unwrap_or_default();
    if argument.is_positional() {
        return vec![italic(value())];
    }
    let short = argument.get_short().map(|short| format!("-{short}"));
    let long = argument.get_long().map(|long| format!("--{long}"));
    let mut line = vec![bold(short.into_iter().chain(long).collect::<Vec<_>>().join(", "))];
    if argument.get_num_args().is_some_and(|count| count.takes_values()) {
        line.extend([roman(" "), italic(value())]);
        let usual = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect::<Vec<_>>();
        if !usual.is_empty() {
            line.push(roman(format!(" (default: {})", usual.join(","))));
        }
    }
    line
}

fn values(page: &mut Roff, argument: &Arg) {
    let known = argument.get_possible_values();
    if !argument.get_num_args().is_some_and(|count| count.takes_values()) || known.is_empty() {
        return;
    }
    if known.iter().all(|value| value.get_help().is_none()) {
        let names: Vec<&str> = known.iter().map(clap::builder::PossibleValue::get_name).collect();
        page.control("br", []).text([roman(format!("One of {}.", names.join(", ")))]);
        return;
    }
    page.control("RS", []);
    for value in known {
        page.control("TP", []).text([bold(value.get_name())]);
        page.text(words(&value.get_help().map(ToString::to_string).unwrap_or_default()));
    }
    page.control("RE", []);
}

fn beside(page: &mut Roff, notes: &Notes) {
    for (heading, items) in
        [("EXAMPLES", notes.examples), ("EXIT STATUS", notes.exit_codes), ("ENVIRONMENT", notes.environment)]
    {
        if !items.is_empty() {
            page.control("SH", [heading]);
        }
        for (item, text) in items {
            page.control("TP", []).text([bold(*item)]).text(words(text));
        }
    }
    let others = notes::NOTES.iter().filter(|other| other.command != notes.command);
    let others: Vec<String> = others.map(|other| format!("{}(1)", name(other.command))).collect();
    page.control("SH", ["SEE ALSO"]).text([roman(others.join(", "))]);
}

fn paragraphs(page: &mut Roff, text: &str) {
    for (at, paragraph) in text.split("\n\n").enumerate() {
        if at > 0 {
            page.control("sp", []);
        }
        page.text(words(&paragraph.replace('\n', " ")));
    }
}

/// A text in which words to type are bold.
fn words(text: &str) -> Vec<Inline> {
    let piece = |(at, piece): (usize, &str)| if at % 2 == 1 { bold(piece) } else { roman(piece) };
    text.split('`').enumerate().filter(|(_, piece)| !piece.is_empty()).map(piece).collect()
}

/// Not every `man` reads UTF-8, but every one knows characters by their numbers.
fn in_ascii(page: &str) -> String {
    let character = |character: char| match character.is_ascii() {
        true => character.to_string(),
        false => format!("\\[u{:04X}]", u32::from(character)),
    };
    page.chars().map(character).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_its_sections_and_names_only_pages_that_exist() {
        for notes in notes::NOTES {
            let page = page(notes.command);
            for heading in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "\"EXIT STATUS\"", "\"SEE ALSO\""] {
                assert!(page.contains(&format!(".SH {heading}")), "{}: {heading}", notes.command);
            }
            assert_eq!(page.contains(".SH ENVIRONMENT"), !notes.environment.is_empty(), "{}", notes.command);
            let known: Vec<String> = notes::NOTES.iter().map(|other| name(other.command)).collect();
            for named in page.replace("\\-", "-").split("(1)").filter(|before| before.contains("icloud-mail-doctor")) {
                let word =
                    named.rsplit(|letter: char| letter.is_whitespace() || letter == 'B').next().unwrap_or_default();
                assert!(word.is_empty() || known.iter().any(|known| known == word), "{}: {word}", notes.command);
            }
        }
    }

    #[test]
    fn a_page_is_read_by_a_man_that_knows_no_unicode() {
        assert!(notes::NOTES.iter().all(|notes| page(notes.command).is_ascii()));
    }
}
