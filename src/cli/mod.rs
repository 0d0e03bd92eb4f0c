//! What can be typed: the commands and their flags, as the help shows them.

pub(crate) mod address;
pub(crate) mod check;
mod complaint;
pub(crate) mod guard;
pub(crate) mod password;
pub(crate) mod paste;
pub(crate) mod question;
pub(crate) mod review;
pub(crate) mod setup;
mod terminal;

use std::ffi::OsString;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Parser, Subcommand, ValueEnum};

use crate::meant::{meant, shown};
use crate::misuse::Misuse;
use crate::programs::{self, Use};
use crate::render::{Detail, Format, Look, Shown};
use crate::report::{Explanation, Report, schema};
use check::CheckArguments;
use review::ReviewArguments;
use setup::SetupArguments;

/// Finds out why iCloud Mail will not sign in, send or sync, and says how to mend it.
#[derive(Debug, Parser)]
#[command(name = "icloud-mail-doctor", version, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) check: CheckArguments,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the checks and report (also what happens without a command)
    Check(Box<CheckArguments>),
    /// Tell again what a saved JSON report's evidence means, with today's rules and no network
    Diagnose(DiagnoseArguments),
    /// Tell a saved JSON report in another format, as it was found then, with no network
    Render(RenderArguments),
    /// Play a recorded case through the real checks, with no network and no account
    Rehearse(RehearseArguments),
    /// Say what a cause is, or what a pasted error or log points at
    Explain(ExplainArguments),
    /// Print the settings for a mail program: a file that it reads, or the steps to click
    Setup(SetupArguments),
    /// Read the settings that mail programs already have, and say what is wrong in them
    Review(ReviewArguments),
    /// Keep the app-specific password in the system's keyring
    #[cfg(feature = "keyring")]
    Keyring {
        /// What to do
        #[command(subcommand)]
        action: KeyringAction,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
    /// Print the JSON Schema of the report, or of what `review` writes
    Schema {
        /// Whose
        #[arg(value_name = "OF", default_value = "report")]
        of: SchemaOf,
    },
}

/// What there is a JSON Schema of.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SchemaOf {
    Report,
    Review,
}

impl SchemaOf {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Report => schema::of_report(),
            Self::Review => schema::of_review(),
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
    /// Whether it does nothing but understand files or texts, which may come from a stranger.
    pub(crate) fn reads_files(&self) -> bool {
        matches!(self, Self::Diagnose(_) | Self::Render(_) | Self::Rehearse(_) | Self::Explain(_) | Self::Review(_))
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct DiagnoseArguments {
    /// A file that `check --report json=FILE` wrote, or - for standard input
    pub(crate) file: std::path::PathBuf,
    /// Word the fixes for this mail program, for instance thunderbird
    #[arg(long, value_name = "NAME", value_parser = client, help_heading = "Report")]
    pub(crate) client: Option<String>,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RenderArguments {
    /// A file that `check --report json=FILE` wrote, or - for standard input
    pub(crate) file: std::path::PathBuf,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RehearseArguments {
    /// A case's name, or a file that `check --record` wrote; without one, the cases are listed
    pub(crate) case: Option<String>,
    #[command(flatten)]
    pub(crate) telling: TellingArguments,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArguments {
    /// A cause, an error text, the file of a log, or - for standard input; without any, the causes are listed
    #[arg(value_name = "CAUSE|TEXT|FILE|-", allow_negative_numbers = true)]
    pub(crate) given: Vec<OsString>,
    /// For a person, or one JSON document for programs
    #[arg(long, value_name = "F", default_value = "text", value_parser = formats::<Explanation>())]
    pub(crate) format: Format<Explanation>,
    /// Word the fixes for this mail program, for instance thunderbird
    #[arg(long, value_name = "NAME", value_parser = client)]
    pub(crate) client: Option<String>,
    #[command(flatten)]
    pub(crate) screen: ScreenArguments,
}

/// What a run that was just made is told with.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TellingArguments {
    #[command(flatten)]
    pub(crate) output: OutputArguments,
    /// Show addresses, names and local numbers as they are; without this they are masked
    ///
    /// Of an address the first letter and the domain are told. Local numbers get stand-ins that nobody has, such as
    /// 192.0.2.1, the same one each time; on your own terminal they stay, because you may need them.
    #[arg(long, help_heading = "Report")]
    pub(crate) show_address: bool,
    /// Word the fixes for this mail program, for instance thunderbird
    #[arg(long, value_name = "NAME", value_parser = client, help_heading = "Report")]
    pub(crate) client: Option<String>,
}

/// Where the report goes and what it looks like.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OutputArguments {
    /// The report's format; without it, what the ending of --output says (html, json, md, xml, prom), and text otherwise
    #[arg(long, value_name = "F", value_parser = formats::<Report>(), help_heading = "Report")]
    format: Option<Format>,
    /// Write the report to a file; one that is there is replaced only where it is an older report in that format
    ///
    /// An empty file is free, and - is standard output. An ending that says another format than --format is an error.
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(crate) output: Option<std::path::PathBuf>,
    /// Write the report to a file in another format too, as F=FILE; may be given several times
    #[arg(long, value_name = "F=FILE", value_parser = report_file, help_heading = "Report")]
    pub(crate) report: Vec<(Format, std::path::PathBuf)>,
    /// Replace any file that is there; never the one that is read
    #[arg(long, help_heading = "Report")]
    pub(crate) force: bool,
    /// Tell more: -v the evidence, -vv the conversation too
    #[arg(short, action = clap::ArgAction::Count, help_heading = "Report")]
    pub(crate) verbose: u8,
    /// Print the verdict alone; files get the whole report
    #[arg(short, long, help_heading = "Report")]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) screen: ScreenArguments,
}

/// What somebody's terminal can show.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ScreenArguments {
    /// Do without symbols, columns and animation
    #[arg(long, help_heading = "Report")]
    pub(crate) plain: bool,
    /// When to use colour; `NO_COLOR` and `CLICOLOR_FORCE` are honoured
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Report")]
    pub(crate) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

/// A person reads longer lines no better, and nobody's terminal is narrower than this for long.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=100;

impl OutputArguments {
    /// The format that was asked for, in so many words or by the ending of the file. No file gets another format than
    /// its ending says.
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

    /// How the text shall look.
    pub(crate) fn look(&self) -> Look {
        let detail = match (self.quiet, self.verbose) {
            (true, _) => Detail::Verdict,
            (false, 0) => Detail::Usual,
            (false, 1) => Detail::Evidence,
            (false, _) => Detail::Conversation,
        };
        self.screen.look(detail)
    }
}

impl ScreenArguments {
    /// How a text with so much in it shall look.
    pub(crate) fn look(&self, detail: Detail) -> Look {
        Look { width: terminal_width(), is_plain: self.plain, detail }
    }

    /// What anstream shall do with colours.
    pub(crate) fn color_choice(&self) -> anstream::ColorChoice {
        match self.color {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }
}

/// How many columns a text may take.
fn terminal_width() -> usize {
    let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    width.clamp(*WIDTHS.start(), *WIDTHS.end())
}

fn client(text: &str) -> Result<String, Misuse> {
    programs::find(text, Use::Words).map(|program| program.id.to_owned())
}

/// Reads the name of a format, with what each is for in the help.
fn formats<T: Shown>() -> impl TypedValueParser<Value = Format<T>> {
    let listed = Format::<T>::all().map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(listed).try_map(|name| Format::named(&name).ok_or("there is no such format"))
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

/// Reads the command line. Help and the version are printed here, and end the program.
pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Arguments, Misuse> {
    let words = complaint::as_flags(words.into_iter().collect());
    let fault = match Arguments::try_parse_from(&words) {
        Ok(arguments) => {
            let word = arguments.check.email.as_deref().filter(|_| arguments.command.is_none());
            return word.and_then(complaint::of_a_command).map_or(Ok(arguments), Err);
        }
        Err(fault) => fault,
    };
    match fault.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => fault.exit(),
        _ => Err(complaint::of(&fault, &words)),
    }
}

/// The format that was asked for, as far as words tell that were not understood.
pub(crate) fn wanted_format(words: impl IntoIterator<Item = OsString>) -> Option<Format> {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let at = words.iter().position(|word| word == "--format").and_then(|at| words.get(at + 1));
    let joined = words.iter().find_map(|word| word.strip_prefix("--format="));
    at.map(String::as_str).or(joined).and_then(Format::named)
}
