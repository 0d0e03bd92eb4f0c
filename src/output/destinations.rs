//! Where the reports of one run go. Each destination is tested before the run, and reports its own failures.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anstream::ColorChoice;
use anstream::adapter::strip_bytes;
use checks::network::case::Case;
use time::OffsetDateTime;

use super::replaceable::Kind;
use super::target::{self, Target};
use super::{browser, print_colored};
use crate::cli::OutputArguments;
use crate::files::Place;
use crate::misuse::{Misuse, file_name};
use crate::privacy::notice;
use crate::render::{Detail, Format, Look, MISUSED, Shown, render};
use crate::report::Report;
use crate::report::event::Event;
use crate::report::group::Group;
use crate::report::overview::Overview;
use crate::{aside, limits, visible};

/// Where the reports of one run go.
pub(crate) struct Destinations<'a> {
    arguments: &'a OutputArguments,
    /// The format of the output on standard output, or in the one file in its place.
    format: Format,
    output: Option<Destination>,
    reports: Vec<(Format, Destination)>,
    case: Option<Destination>,
    /// Whether the report is written here at all, and not line by line elsewhere.
    is_whole: bool,
}

struct Destination {
    path: PathBuf,
    target: Target,
    kind: Kind,
    /// Whether existing files are replaced whatever they are.
    is_forced: bool,
}

impl<'a> Destinations<'a> {
    /// Checks that every file can be written, that no two are the same, that none of them is an input, and that nothing
    /// is lost.
    pub(crate) fn open(arguments: &'a OutputArguments, case: Option<&Path>, inputs: &[&Path]) -> Result<Self, Misuse> {
        let format = arguments.format()?;
        let open = |path: &PathBuf, kind| Destination::open(path, kind, arguments.force);
        let report = |(format, path): &(Format, PathBuf)| Ok((*format, open(path, Kind::Report(*format))?));
        let opened = Self {
            arguments,
            format,
            output: arguments.output.as_ref().map(|path| open(path, Kind::Report(format))).transpose()?,
            reports: arguments.report.iter().map(report).collect::<Result<_, _>>()?,
            case: case.map(|path| open(&path.to_owned(), Kind::Case)).transpose()?,
            is_whole: true,
        };
        opened.are_apart(inputs)?;
        opened.all().try_for_each(Destination::loses_nothing)?;
        Ok(opened)
    }

    fn are_apart(&self, inputs: &[&Path]) -> Result<(), Misuse> {
        let own = if self.output.is_none() { target::standard_output() } else { None };
        let mut taken: Vec<_> = own.into_iter().collect();
        let inputs: Vec<_> =
            inputs.iter().filter_map(|path| target::input(path)).chain(target::standard_input()).collect();
        for destination in self.all() {
            let Some(identity) = destination.target.identity() else { continue };
            let name = destination.path.display();
            if inputs.contains(&identity) {
                return Err(Misuse::new(format!("{name} is the file that is read"), "name another file to write to"));
            }
            if taken.contains(&identity) {
                return Err(Misuse::new(
                    format!("two outputs would go to one file, {name}"),
                    "name a file of its own for each",
                ));
            }
            taken.push(identity);
        }
        Ok(())
    }

    fn all(&self) -> impl Iterator<Item = &Destination> {
        self.output.iter().chain(self.reports.iter().map(|(_, report)| report)).chain(&self.case)
    }

    /// Whether a case was asked for.
    pub(crate) fn wants_case(&self) -> bool {
        self.case.is_some()
    }

    /// Writes the report to every destination, and returns the exit code. A file or a pipe may be passed on, so it gets
    /// the report for others; only the user's own terminal gets the report for the user.
    pub(crate) fn write(&self, for_others: &Report, for_oneself: &Report) -> u8 {
        let on_screen = if io::stdout().is_terminal() { for_oneself } else { for_others };
        let text = |format: Format, look, is_for_screen: bool| {
            rendered(format, look, if is_for_screen { on_screen } else { for_others })
        };
        self.write_as(&text, for_others)
    }

    fn write_as(&self, text: &Rendered, for_others: &Report) -> u8 {
        let (saved, code) = self.deliver(text, (self.format.exit_code)(for_others));
        self.tell_what_is_saved(&saved, for_others);
        if self.arguments.open {
            self.open_page(for_others);
        }
        code
    }

    /// Prints a change that a watch saw: on standard output if the format has lines for it, or else beside it.
    pub(crate) fn tell(&self, event: &Event) -> Result<(), Misuse> {
        match self.format.for_events().filter(|_| self.output.is_none()) {
            Some(format) => {
                let choice = if format.has_styles { self.arguments.screen.color_choice() } else { ColorChoice::Never };
                print_colored(&rendered(format, self.arguments.look(), event)?, choice).map(drop)
            }
            None => {
                aside::say(event.line());
                Ok(())
            }
        }
    }

    /// Ends a watch: prints the last report as its lines are printed, writes it to every other destination, and returns
    /// the exit code.
    pub(crate) fn end(&self, sentence: &str, ts: OffsetDateTime, for_others: &Report, for_oneself: &Report) -> u8 {
        let on_screen = if io::stdout().is_terminal() { for_oneself } else { for_others };
        let text = |format: Format, look, is_for_screen: bool| match format.for_events().filter(|_| is_for_screen) {
            Some(format) => rendered(format, look, &Event::end(ts, sentence, on_screen)),
            None => rendered(format, look, for_others),
        };
        self.write_as(&text, for_others)
    }

    /// The same for many accounts. What is written line by line has no destination here.
    pub(crate) fn for_group(
        arguments: &'a OutputArguments,
        format: Format,
        is_whole: bool,
        inputs: &[&Path],
    ) -> Result<Self, Misuse> {
        let open = |path: &PathBuf, kind| Destination::open(path, kind, arguments.force);
        let report = |(format, path): &(Format, PathBuf)| Ok((*format, open(path, Kind::Report(*format))?));
        let main = arguments.output.as_ref().filter(|_| is_whole);
        let opened = Self {
            arguments,
            format,
            output: main.map(|path| open(path, Kind::Report(format))).transpose()?,
            reports: arguments.report.iter().map(report).collect::<Result<_, _>>()?,
            case: None,
            is_whole,
        };
        let pages = arguments.report.iter().map(|(format, _)| format).chain(is_whole.then_some(&format));
        for format in pages {
            if format.for_group().is_none() {
                let can = Format::<Group>::all().map(|format| format.name).collect::<Vec<_>>().join(", ");
                let what = format!("{} does not show many accounts in one file", format.name);
                return Err(Misuse::new(
                    what,
                    format!("choose one of {can}; JSON lines go to --output or standard output"),
                ));
            }
        }
        opened.are_apart(inputs)?;
        opened.all().try_for_each(Destination::loses_nothing)?;
        Ok(opened)
    }

    /// Whether a table or a page of all accounts is written.
    pub(crate) fn want_group(&self) -> bool {
        self.is_whole || !self.reports.is_empty()
    }

    /// Writes the results of many accounts, and returns the exit code.
    pub(crate) fn write_group(&self, group: &Group) -> u8 {
        let text = |format: Format, look, _| match format.for_group() {
            Some(format) => rendered(format, look, group),
            None => Ok(Vec::new()),
        };
        self.deliver(&text, group.summary.exit_code()).1
    }

    /// Writes an overview of several reports to every destination, and returns the exit code.
    pub(crate) fn write_overview(&self, overview: &Overview) -> Result<u8, Misuse> {
        let formats = std::iter::once(self.format).chain(self.reports.iter().map(|(format, _)| *format));
        let page = self.arguments.open.then(Format::page).flatten();
        if let Some(format) = formats.chain(page).find(|format| format.for_several().is_none()) {
            let can = Format::<Overview>::all().map(|format| format.name).collect::<Vec<_>>().join(", ");
            let what = format!("{} shows one report, and several were named", format.name);
            return Err(Misuse::new(what, format!("name one file, or choose one of {can}")));
        }
        let text = |format: Format, look, _| match format.for_several() {
            Some(format) => rendered(format, look, overview),
            None => Ok(Vec::new()),
        };
        Ok(self.deliver(&text, overview.exit_code()).1)
    }

    /// Writes what `text` returns for each format; returns the paths that were written, and the exit code.
    fn deliver(&self, text: &Rendered, code: u8) -> (Vec<String>, u8) {
        let format = self.format;
        let (mut saved, mut failures, mut main_failed) = (Vec::new(), Vec::new(), false);
        if self.output.is_none() && self.is_whole {
            failures.extend(self.print(text).err());
        }
        let main = self.output.iter().map(|output| (format, output, true));
        let reports = main.chain(self.reports.iter().map(|(format, report)| (*format, report, false)));
        // The reader of a pipe may be slow, so files are written first.
        let (files, streams): (Vec<_>, Vec<_>) = reports.partition(|(_, to, _)| to.target.is_file());
        for (format, to, is_main) in files.into_iter().chain(streams) {
            match text(format, self.look_in(to), false).and_then(|text| to.write(&strip_bytes(&text).into_vec())) {
                Ok(()) => saved.push(to.path.display().to_string()),
                Err(misuse) => {
                    failures.push(misuse);
                    main_failed |= is_main;
                }
            }
        }
        if main_failed {
            // The result is still printed.
            failures.extend(self.print(text).err());
        }
        (saved, failures.iter().fold(code, |_, misuse| self.failed(misuse)))
    }

    fn print(&self, text: &Rendered) -> Result<(), Misuse> {
        let format = self.format;
        let choice = if format.has_styles { self.arguments.screen.color_choice() } else { ColorChoice::Never };
        print_colored(&text(format, self.arguments.look(), true)?, choice).map(drop)
    }

    /// Opens the page that was written, or a temporary one, and prints its path. A failure does not change the exit
    /// code: the report has been printed already.
    fn open_page(&self, report: &Report) {
        let Some(format) = Format::page() else { return };
        let main = self.output.iter().map(|output| (self.format, output));
        let mut named = main.chain(self.reports.iter().map(|(format, report)| (*format, report)));
        let written = named.find(|(format, to)| format.is_page && to.target.is_file() && to.path.exists());
        let made = || {
            let page = rendered(format, self.arguments.look(), report)?;
            browser::keep(&page).map_err(|fault| {
                let next = "add `--report html=report.html` and open that file in the browser";
                Misuse::new(format!("no page could be opened: {fault}"), next)
            })
        };
        let is_temporary = written.is_none();
        let path = match written.map_or_else(made, |(_, to)| Ok(to.path.clone())) {
            Ok(path) => path,
            Err(misuse) => return aside::say(format!("icloud-mail-doctor: {misuse}")),
        };
        let shown = match browser::show(&path) {
            true => "The browser opens",
            false => "No browser could be started. Open this file in one:",
        };
        let whose = match is_temporary {
            true => {
                ". Only you can read this file; delete it when you are done. A browser that cannot open it, as one that is \
                 a snap cannot, can open one in your own folder: `--report html=report.html`"
            }
            false => "",
        };
        aside::say(format!("{shown} {}{whose}.", path.display()));
    }

    /// Reports that something could not be written, and returns the exit code for that. Standard output is not touched:
    /// another program reads it.
    pub(crate) fn failed(&self, misuse: &Misuse) -> u8 {
        aside::say(format!("icloud-mail-doctor: {misuse}"));
        misuse.code((self.format.misused)("", &mut io::sink()).unwrap_or(MISUSED))
    }

    /// A file gets the whole report, even if little is printed on the screen.
    fn look_in(&self, to: &Destination) -> Look {
        let look = self.arguments.look();
        Look {
            lines: None,
            detail: if to.target.is_file() { look.detail.max(Detail::Usual) } else { look.detail },
            ..look
        }
    }

    /// Prints on the terminal what the saved reports contain, before the user shares them.
    fn tell_what_is_saved(&self, saved: &[String], report: &Report) {
        if saved.is_empty() || self.arguments.detail.quiet || !aside::is_seen() {
            return;
        }
        let told = visible::text(&format!("Saved: {}. {}", saved.join(", "), notice::of(report)));
        aside::say("");
        for line in textwrap::wrap(&told, self.arguments.look().width) {
            aside::say(line);
        }
    }

    /// Writes the case.
    pub(crate) fn write_case(&self, case: &Case) -> Result<(), Misuse> {
        let Some(destination) = &self.case else { return Ok(()) };
        let text = case.write().map_err(|fault| unwritten(&destination.path, &fault))?;
        destination.write(text.as_bytes())?;
        self.tell_what_is_recorded(destination);
        Ok(())
    }

    /// Prints on the terminal how to replay the recorded run.
    fn tell_what_is_recorded(&self, case: &Destination) {
        if self.arguments.detail.quiet || !aside::is_seen() || !case.target.is_file() {
            return;
        }
        let name = case.path.display();
        aside::say("");
        aside::say(format!(
            "Recorded: {name}. `icloud-mail-doctor rehearse {name}` plays it again. The password and the address are \
             hidden in it; look through it before you share it."
        ));
    }
}

impl Destination {
    fn open(path: &Path, kind: Kind, is_forced: bool) -> Result<Self, Misuse> {
        let target = Target::open(path).map_err(|fault| {
            Misuse::new(format!("{} cannot be written: {fault}", file_name(path)), "name another file")
        })?;
        Ok(Self { path: path.to_owned(), target, kind, is_forced })
    }

    /// Checks that the existing files may be replaced.
    fn loses_nothing(&self) -> Result<(), Misuse> {
        let Target::File(place) = &self.target else { return Ok(()) };
        match self.may_replace(place) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Misuse::new(
                format!(
                    "{} is there already and is not just one of this program's {}",
                    file_name(&self.path),
                    self.kind.name()
                ),
                "name another file, or replace it with --force",
            )),
            Err(fault) => Err(unwritten(&self.path, &fault)),
        }
    }

    fn may_replace(&self, place: &Place) -> io::Result<bool> {
        if self.is_forced { Ok(true) } else { self.kind.may_replace(place) }
    }

    fn write(&self, bytes: &[u8]) -> Result<(), Misuse> {
        limits::lift();
        let may_be_replaced = |place: &Place| match self.may_replace(place)? {
            true => Ok(()),
            false => Err(io::Error::other("another file has taken that name meanwhile")),
        };
        self.target.write(bytes, may_be_replaced).map_err(|fault| unwritten(&self.path, &fault))
    }
}

fn unwritten(path: &Path, fault: &dyn std::fmt::Display) -> Misuse {
    Misuse::new(format!("{} could not be written: {fault}", file_name(path)), "name another file")
}

/// A text in a format; the last argument says whether it is for the screen.
type Rendered<'a> = dyn Fn(Format, Look, bool) -> Result<Vec<u8>, Misuse> + 'a;

fn rendered<T: Shown>(format: Format<T>, look: Look, told: &T) -> Result<Vec<u8>, Misuse> {
    let mut text = Vec::new();
    render(format, look, told, &mut text).map(|()| text).map_err(|fault| {
        Misuse::fault(format!("the report cannot be written as {} ({fault})", format.name), "choose another format")
    })
}

/// Makes sure that a file can be written into a folder.
pub(crate) fn can_write_in(
    folder: &Path,
    name: &str,
    format: Format,
    arguments: &OutputArguments,
) -> Result<(), Misuse> {
    Destination::open(&folder.join(name), Kind::Report(format), arguments.force)?.loses_nothing()
}

/// Writes one file into a folder. A file of that name is replaced as any destination is.
pub(crate) fn write_in<T: Shown>(
    folder: &Path,
    name: &str,
    format: Format,
    how: Format<T>,
    told: &T,
    arguments: &OutputArguments,
) -> Result<(), Misuse> {
    let destination = Destination::open(&folder.join(name), Kind::Report(format), arguments.force)?;
    destination.loses_nothing()?;
    let look = Look { lines: None, ..arguments.look() };
    destination.write(&strip_bytes(&rendered(how, look, told)?).into_vec())
}
