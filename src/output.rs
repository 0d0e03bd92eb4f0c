//! Where reports go: standard output and files, opened before anything is asked so that nothing is lost at the end.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use checks::network::case::Case;

use crate::cli::OutputArguments;
use crate::privacy::notice;
use crate::render::{Format, render};
use crate::report::Report;
use crate::{Misuse, limits};

/// Where the reports of one run go.
pub(crate) struct Destinations<'a> {
    arguments: &'a OutputArguments,
    output: Option<(PathBuf, File)>,
    reports: Vec<(Format, PathBuf, File)>,
    case: Option<(PathBuf, File)>,
}

impl<'a> Destinations<'a> {
    /// Opens every file that was named.
    pub(crate) fn open(arguments: &'a OutputArguments, case: Option<&Path>) -> Result<Self, Misuse> {
        let named = |path: &Path| open(path).map(|file| (path.to_owned(), file));
        Ok(Self {
            arguments,
            output: arguments.output.as_deref().map(named).transpose()?,
            reports: arguments
                .report
                .iter()
                .map(|(format, path)| open(path).map(|file| (*format, path.clone(), file)))
                .collect::<Result<_, _>>()?,
            case: case.map(named).transpose()?,
        })
    }

    /// Whether a case was asked for.
    pub(crate) fn wants_case(&self) -> bool {
        self.case.is_some()
    }

    /// Writes the report wherever it was asked for, and says with which code to end. A file or a pipe may be handed on,
    /// so it gets the report that others may read; only the person's own terminal gets the other.
    pub(crate) fn write(&self, for_others: &Report, for_oneself: &Report) -> Result<u8, Misuse> {
        let look = self.arguments.look();
        let rendered = |format: Format, report: &Report| {
            let mut text = Vec::new();
            render(format, look, report, &mut text).map(|()| text).map_err(|fault| {
                Misuse::new(format!("the report cannot be written as {}: {fault}", format.name), "please report this")
            })
        };
        let into_file = |format: Format, path: &Path, file: &File| {
            write(file, path, &anstream::adapter::strip_bytes(&rendered(format, for_others)?).into_vec())
        };
        for (format, path, file) in &self.reports {
            into_file(*format, path, file)?;
        }
        let format = self.arguments.format;
        match &self.output {
            Some((path, file)) => into_file(format, path, file)?,
            None => {
                let report = if io::stdout().is_terminal() { for_oneself } else { for_others };
                let choice = if format.has_styles { self.arguments.screen.color_choice() } else { ColorChoice::Never };
                print_colored(&rendered(format, report)?, choice)?;
            }
        }
        self.tell_what_is_saved(for_others);
        Ok((format.exit_code)(for_others))
    }

    /// Says on the terminal what the saved reports hold, before they are shared.
    fn tell_what_is_saved(&self, report: &Report) {
        let saved: Vec<String> = self
            .output
            .iter()
            .map(|(path, _)| path)
            .chain(self.reports.iter().map(|(_, path, _)| path))
            .map(|path| path.display().to_string())
            .collect();
        if saved.is_empty() || self.arguments.quiet || !io::stderr().is_terminal() {
            return;
        }
        let told = format!("Saved: {}. {}", saved.join(", "), notice::of(report));
        let lines = textwrap::wrap(&told, self.arguments.look().width).join("\n");
        // What cannot be said here stands in the README too.
        let _ = writeln!(io::stderr(), "\n{lines}");
    }

    /// Writes the case.
    pub(crate) fn write_case(&self, case: &Case) -> Result<(), Misuse> {
        let Some((path, file)) = &self.case else { return Ok(()) };
        let text = case.write().map_err(|fault| unwritten(path, &fault))?;
        write(file, path, text.as_bytes())
    }
}

/// Opens a file for writing, and leaves what is in it until there is something to put in its place.
fn open(path: &Path) -> Result<File, Misuse> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|fault| Misuse::new(format!("{} cannot be written: {fault}", path.display()), "name another file"))
}

fn write(mut file: &File, path: &Path, bytes: &[u8]) -> Result<(), Misuse> {
    limits::lift();
    // A pipe or a device has no length to take away.
    let emptied = if file.metadata().is_ok_and(|about| about.is_file()) { file.set_len(0) } else { Ok(()) };
    emptied.and_then(|()| file.write_all(bytes)).map_err(|fault| unwritten(path, &fault))
}

fn unwritten(path: &Path, fault: &dyn std::fmt::Display) -> Misuse {
    Misuse::new(format!("{} could not be written: {fault}", path.display()), "name another file")
}

/// Says something beside the output. Who cannot read it there can still use that.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Writes plain bytes to standard output.
pub(crate) fn print(bytes: &[u8]) -> Result<u8, Misuse> {
    print_colored(bytes, ColorChoice::Never)
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no fault.
pub(crate) fn print_colored(bytes: &[u8], choice: ColorChoice) -> Result<u8, Misuse> {
    limits::lift();
    let mut out = AutoStream::new(io::stdout(), choice);
    let newline: &[u8] = if bytes.ends_with(b"\n") { b"" } else { b"\n" };
    let written = out.write_all(bytes).and_then(|()| out.write_all(newline)).and_then(|()| out.flush());
    match written {
        Err(fault) if fault.kind() != io::ErrorKind::BrokenPipe => {
            Err(Misuse::new(format!("standard output cannot be written: {fault}"), "use --output FILE"))
        }
        _ => Ok(0),
    }
}
