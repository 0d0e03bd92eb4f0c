//! The command line: the commands and their flags, as the help shows them.

pub(crate) mod accounts;
pub(crate) mod address;
pub(crate) mod archive;
pub(crate) mod attempts;
pub(crate) mod check;
pub(crate) mod compare;
mod complaint;
pub(crate) mod guard;
pub(crate) mod length;
pub(crate) mod mailbox;
pub(crate) mod notes;
mod others;
pub(crate) mod password;
pub(crate) mod paste;
pub(crate) mod question;
pub(crate) mod review;
pub(crate) mod round_trip;
pub(crate) mod serve;
pub(crate) mod setup;
mod terminal;

use std::ffi::OsString;
use std::io::IsTerminal as _;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::meant::{meant, shown};
use crate::misuse::Misuse;
use crate::programs::{self, Use};
use crate::render::{Detail, Format, Look, Shown};
use crate::report::{Explanation, Report, schema};
use accounts::CheckCommand;
use archive::ArchiveArguments;
use attempts::AttemptsArguments;
use compare::CompareArguments;
use mailbox::MailboxArguments;
use review::ReviewArguments;
use round_trip::RoundTripArguments;
use serve::ServeArguments;
use setup::SetupArguments;

/// The version, and what else distinguishes one build from another.
const LONG_VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    "\ntarget: ",
    env!("TARGET"),
    "\nkeyring: ",
    env!("WITH_KEYRING"),
    "\ncommit: ",
    env!("COMMIT"),
);

/// Finds out why iCloud Mail will not sign in, send or sync, and says how to fix it.
#[derive(Debug, Parser)]
#[command(name = "icloud-mail-doctor", version, long_version = LONG_VERSION, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) check: CheckCommand,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check the account and print what is wrong and how to fix it
    Check(Box<CheckCommand>),
    /// Look at the mailbox: folders, sizes, dates, speed and the largest messages; nothing in it is changed
    Mailbox(Box<MailboxArguments>),
    /// Prove that a copy on your disk has every message, or fetch what it lacks; nothing on iCloud is changed
    Archive(Box<ArchiveArguments>),
    /// Send a message to yourself, see how it travels, and remove it again
    RoundTrip(Box<RoundTripArguments>),
    /// Check the accounts of a list again and again, and answer Prometheus and browsers from the last results
    Serve(Box<ServeArguments>),
    /// Diagnose a saved JSON report again with the rules of this version, without a network
    Diagnose(DiagnoseArguments),
    /// Print a saved JSON report in any format, without a network
    Render(RenderArguments),
    /// Print what differs between two saved JSON reports: two networks, or two days
    Compare(CompareArguments),
    /// Play a recorded case, without a network and an account
    Rehearse(RehearseArguments),
    /// Explain a cause, an error message or a log
    Explain(ExplainArguments),
    /// Print the settings for a mail program: a file, or the steps to click
    Setup(SetupArguments),
    /// Find mistakes in the settings that mail programs have on this computer
    Review(ReviewArguments),
    /// List the sign-ins that this computer remembers, or forget them
    Attempts(AttemptsArguments),
    /// Keep the app-specific password in the system's keyring
    #[cfg(feature = "keyring")]
    Keyring {
        /// What to do
        #[command(subcommand)]
        action: KeyringAction,
    },
    /// Print the script that lets Tab complete in a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print a manual page, or write all of them
    Man(ManArguments),
    /// Print the JSON Schema of the report
    Schema {
        /// The document that the schema describes
        #[arg(value_name = "OF", default_value = "report")]
        of: SchemaOf,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct ManArguments {
    /// The command whose page is printed; without one, the program's
    #[arg(value_parser = PossibleValuesParser::new(notes::commands()))]
    pub(crate) command: Option<String>,
    /// Write all pages into this folder, as icloud-mail-doctor.1, icloud-mail-doctor-check.1 and so on
    #[arg(long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath, conflicts_with = "command")]
    pub(crate) dir: Option<std::path::PathBuf>,
}

/// The documents that have a JSON Schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SchemaOf {
    Report,
    Review,
    Comparison,
    Accounts,
}

impl SchemaOf {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Report => schema::of_report(),
            Self::Review => schema::of_review(),
            Self::Comparison => schema::of_comparison(),
            Self::Accounts => schema::of_accounts(),
        }
    }
}

#[cfg(feature = "keyring")]
#[derive(Debug, Subcommand)]
pub(crate) enum KeyringAction {
    /// Ask for the password and keep it
    Set {
        /// The iCloud Mail address
        email: String,
    },
    /// Forget the password
    Delete {
        /// The iCloud Mail address
        email: String,
    },
}

impl Command {
    /// Whether it only reads files or texts, which may come from a stranger.
    pub(crate) fn reads_files(&self) -> bool {
        matches!(
            self,
            Self::Diagnose(_)
                | Self::Render(_)
                | Self::Compare(_)
                | Self::Rehearse(_)
                | Self::Explain(_)
                | Self::Review(_)
        )
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct DiagnoseArguments {
    /// A file that `check --report json=FILE` wrote, or - for standard input; several files make one table
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<std::path::PathBuf>,
    /// Word the steps for this program, such as thunderbird
    #[arg(long, value_name = "NAME", value_parser = client, help_heading = "Report")]
    pub(crate) client: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RenderArguments {
    /// A file that `check --report json=FILE` wrote, or - for standard input; several files make one table
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<std::path::PathBuf>,
    /// Word the steps for this program, such as thunderbird
    #[arg(long, value_name = "NAME", value_parser = client, help_heading = "Report")]
    pub(crate) client: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RehearseArguments {
    /// A case's name, or a file that `check --record` wrote; without either, the cases are listed
    pub(crate) case: Option<String>,
    #[command(flatten)]
    pub(crate) telling: TellingArguments,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArguments {
    /// A cause, an error message, a log file, or - for standard input; without any, the causes are listed
    #[arg(value_name = "WHAT", allow_negative_numbers = true)]
    pub(crate) given: Vec<OsString>,
    /// The format: for a person, or for programs
    #[arg(long, value_name = "F", default_value = "text", value_parser = formats::<Explanation>())]
    pub(crate) format: Format<Explanation>,
    /// Word the steps for this program, such as thunderbird
    #[arg(long, value_name = "NAME", value_parser = client)]
    pub(crate) client: Option<String>,
    /// Then ask the servers too, with the settings that the text names
    ///
    /// What `check` does; with the address, the sign-ins are tried as well. Put it after the text.
    #[arg(long, value_name = "EMAIL", num_args = 0..=1)]
    pub(crate) then_check: Option<Vec<String>>,
    #[command(flatten)]
    pub(crate) screen: ScreenArguments,
}

/// How the report of a run that was just made is worded.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TellingArguments {
    #[command(flatten)]
    pub(crate) output: OutputArguments,
    /// Show addresses, names and local numbers unmasked
    ///
    /// Otherwise an address is printed as its first letter and its domain, and the numbers of your own network as
    /// stand-ins such as 192.0.2.1, the same one each time. On your own terminal the numbers stay: you may need them.
    #[arg(long, help_heading = "Report")]
    pub(crate) show_address: bool,
    /// Word the steps for this program, such as thunderbird
    #[arg(long, value_name = "NAME", value_parser = client, help_heading = "Report")]
    pub(crate) client: Option<String>,
}

/// Where the report goes and what it looks like.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OutputArguments {
    /// The report's format
    ///
    /// Without it, the ending of --output decides (.html, .json, .md, .xml, .prom); any other ending means text.
    #[arg(long, value_name = "F", value_parser = formats::<Report>(), help_heading = "Report")]
    format: Option<Format>,
    /// Write the report to a file
    ///
    /// A file that exists is replaced only if it is empty or an older report in the same format; --force replaces any.
    /// `-` is standard output. An ending that belongs to another format than --format is an error.
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(crate) output: Option<std::path::PathBuf>,
    /// Write it to a file too, for instance html=report.html
    ///
    /// It may be repeated.
    #[arg(long, value_name = "F=FILE", value_parser = report_file, help_heading = "Report")]
    pub(crate) report: Vec<(Format, std::path::PathBuf)>,
    /// Replace the file if it exists; never the one that is read
    #[arg(long, hide_short_help = true, help_heading = "Report")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) detail: DetailArguments,
    /// Open the report as a page in the browser
    ///
    /// This is the HTML file that is written, or else a temporary file. Only you can read the temporary file, and it
    /// stays until you or the system delete it. The page is masked like any file.
    #[arg(long, help_heading = "Report")]
    pub(crate) open: bool,
    #[command(flatten)]
    pub(crate) screen: ScreenArguments,
}

/// How much is printed.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct DetailArguments {
    /// Print more: -v every cause in full and the evidence, -vv the conversation too
    #[arg(short, action = clap::ArgAction::Count, help_heading = "Report")]
    verbose: u8,
    /// Print the verdict and the first three steps; files get the whole report
    #[arg(long, help_heading = "Report")]
    short: bool,
    /// Print only the verdict; files get the whole report
    #[arg(short, long, help_heading = "Report")]
    pub(crate) quiet: bool,
}

/// What the terminal can show.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ScreenArguments {
    /// No symbols, columns or animation, for instance for a screen reader
    #[arg(long, hide_short_help = true, help_heading = "Report")]
    pub(crate) plain: bool,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_short_help = true, help_heading = "Report")]
    pub(crate) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

/// Longer lines are hard to read, and terminals are hardly ever narrower than this.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=100;

/// The width in columns where there is no terminal.
const USUAL_WIDTH: usize = 80;

impl OutputArguments {
    /// The format that was asked for by name or by the ending of the file. An ending that belongs to another format is
    /// an error.
    pub(crate) fn format(&self) -> Result<Format, Misuse> {
        let by_ending = self.output.as_deref().and_then(Format::of_ending);
        let format = self.format.or(by_ending).unwrap_or(Format::usual());
        let main = self.output.iter().map(|path| (format, path));
        for (format, path) in main.chain(self.report.iter().map(|(format, path)| (*format, path))) {
            if let Some(other) = Format::of_ending(path).filter(|other| other.name != format.name) {
                return Err(Misuse::new(
                    format!(
                        "the name of a file ends as {} does, and it would be written as {}",
                        other.name, format.name
                    ),
                    "name it otherwise, or ask for the other format",
                ));
            }
        }
        Ok(format)
    }

    /// The format for many accounts: the usual one is for programs, a line for each account.
    pub(crate) fn format_of_many(&self) -> Result<Format, Misuse> {
        let ends_with = |path: &std::path::Path, wanted: &str| path.extension().is_some_and(|ending| ending == wanted);
        let is_for_lines = |path: &std::path::Path| {
            ends_with(path, JSON.1) || (Format::of_ending(path).is_none() && !ends_with(path, "txt"))
        };
        let usual = self.format.is_none() && self.output.as_deref().is_none_or(is_for_lines);
        if usual { Ok(Format::of_lines()) } else { self.format() }
    }

    /// How the text should look.
    pub(crate) fn look(&self) -> Look {
        let detail = match (self.detail.quiet, self.detail.short, self.detail.verbose) {
            (true, _, _) => Detail::Verdict,
            (false, true, _) => Detail::Short,
            (false, false, 0) => Detail::Usual,
            (false, false, 1) => Detail::Evidence,
            (false, false, _) => Detail::Conversation,
        };
        self.screen.look(detail)
    }
}

/// The width of the terminal in columns.
fn terminal_width() -> usize {
    let width = terminal_size::terminal_size().map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0));
    width.clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// Whether symbols can be seen: the fonts of Windows' own console lack them. Windows Terminal sets `WT_SESSION`, and
/// editors set `TERM_PROGRAM`.
fn has_symbols() -> bool {
    let is_set = |name| std::env::var_os(name).is_some();
    !cfg!(windows) || !std::io::stdout().is_terminal() || is_set("WT_SESSION") || is_set("TERM_PROGRAM")
}

impl ScreenArguments {
    /// How a text with this much detail should look.
    pub(crate) fn look(&self, detail: Detail) -> Look {
        let rows = terminal_size::terminal_size().map(|(_, rows)| usize::from(rows.0));
        let lines = rows.filter(|_| std::io::stdout().is_terminal());
        Look { width: terminal_width(), lines, is_plain: self.plain || !has_symbols(), detail }
    }

    /// When anstream should use colours.
    pub(crate) fn color_choice(&self) -> anstream::ColorChoice {
        match self.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }
}

fn client(text: &str) -> Result<String, Misuse> {
    programs::find(text, Use::Words).map(|program| program.id.to_owned())
}

/// With many accounts a JSON document is a line, which has a name of its own elsewhere.
const JSON: (&str, &str) = ("json", "jsonl");

/// Parses the name of a format; the help shows what each is for.
fn formats<T: Shown>() -> impl TypedValueParser<Value = Format<T>> {
    let listed = Format::<T>::all().map(|format| {
        let value = PossibleValue::new(format.name).help(format.about);
        if format.name == JSON.0 { value.alias(JSON.1) } else { value }
    });
    PossibleValuesParser::new(listed).try_map(|name| {
        let name = if name == JSON.1 { JSON.0 } else { &name };
        Format::named(name).ok_or("there is no such format")
    })
}

fn report_file(text: &str) -> Result<(Format, std::path::PathBuf), Misuse> {
    let (format, file) = text.split_once('=').ok_or_else(|| {
        Misuse::new("what follows --report has no =", "write the format and the file, for instance json=report.json")
    })?;
    let known = || <Format>::all().map(|format| format.name).collect::<Vec<_>>().join(", ");
    let format = Format::named(format).ok_or_else(|| {
        let names = || <Format>::all().map(|format| format.name);
        let what = format!("{} is not a format", shown(format, names(), "what comes before the ="));
        let meant = meant(format, names()).map(|meant| format!("did you mean {meant}? ")).unwrap_or_default();
        Misuse::new(what, format!("{meant}The formats are {}", known()))
    })?;
    Ok((format, file.into()))
}

/// The whole command line, with its help.
pub(crate) fn command() -> clap::Command {
    // The flags of `check` work without the command too; the help says so in one line instead of listing them twice.
    let program = Arguments::command()
        .term_width(terminal_width())
        .mut_args(|argument| argument.hide_short_help(true).hide_long_help(true));
    let program = program.mut_subcommand("mailbox", mailbox::without_other_flags);
    let program = program.mut_subcommand("archive", archive::without_other_flags);
    let program = program.mut_subcommand("round-trip", round_trip::without_other_flags);
    let program = program.mut_subcommand("serve", serve::without_other_flags);
    notes::NOTES.iter().fold(program, |program, notes| match notes.command {
        "" => notes::added_to(program, notes),
        name => program.mut_subcommand(name, |command| notes::added_to(command, notes)),
    })
}

/// Parses the command line. Help and the version are printed here, and end the program.
pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Arguments, Misuse> {
    let words = complaint::as_flags(words.into_iter().collect());
    let read = command()
        .try_get_matches_from(&words)
        .and_then(|matches| Ok((Arguments::from_arg_matches(&matches)?, other_flag(&matches))));
    let fault = match read {
        Ok((_, Some(misuse))) => return Err(misuse),
        Ok((arguments, None)) => {
            let word = arguments.check.check.email.as_deref().filter(|_| arguments.command.is_none());
            return word.and_then(complaint::of_a_command).map_or(Ok(arguments), Err);
        }
        Err(fault) => fault,
    };
    match fault.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => fault.exit(),
        _ => Err(complaint::of(&fault, &words)),
    }
}

/// The complaint about a flag that a command borrows and does not take.
fn other_flag(matches: &clap::ArgMatches) -> Option<Misuse> {
    mailbox::other_flag(matches).or_else(|| serve::other_flag(matches))
}

/// The format that was asked for, as far as it can be found in words that were not understood.
pub(crate) fn wanted_format(words: impl IntoIterator<Item = OsString>) -> Option<Format> {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let at = words.iter().position(|word| word == "--format").and_then(|at| words.get(at + 1));
    let joined = words.iter().find_map(|word| word.strip_prefix("--format="));
    at.map(String::as_str).or(joined).and_then(Format::named)
}
