//! The command `review`: reads the settings files on this computer, prints what is wrong in them, and fixes it.

use std::path::Path;

use super::files::Found;
use super::fix::Fixed;
use super::given::NotReviewed;
use super::here::HERE;
use super::origin::Origin;
use super::programs::closed::CLOSED;
use super::programs::{self, Program};
use super::reviewed::{Reviewed, Told, review};
use super::{doubts, files, fix, rules, tell};
use crate::cli::review::ReviewArguments;
use crate::misuse::Misuse;
use crate::programs::{Use, find};
use crate::render::{Detail, MISUSED, render};
use crate::report::Review;
use crate::report::review::Closed;
use crate::{aside, output};

/// The exit codes for a setting that fails, and for one that could not be understood.
const TROUBLE: u8 = 1;
const UNCLEAR: u8 = 3;

/// More programs than this that read one account by themselves get a remark.
const FEW_PROGRAMS: usize = 2;

/// No real settings have more problems than this, and more would be too many to read.
const MOST_IN_ALL: usize = 2000;
/// The most that is read of a project, in bytes.
const MOST_BYTES: usize = 16 << 20;

/// The result of a run.
pub(super) struct Outcome {
    pub(super) reviewed: Vec<OnDisk>,
    pub(super) not_reviewed: Vec<NotReviewed>,
}

/// A reviewed file, and where it was read.
pub(super) struct OnDisk {
    pub(super) one: Reviewed,
    pub(super) origin: Origin,
}

/// Reads the settings, and prints what is wrong with them.
pub(crate) fn run(arguments: &ReviewArguments) -> Result<u8, Misuse> {
    let mut outcome = read_all(arguments)?;
    if outcome.reviewed.is_empty() && outcome.not_reviewed.is_empty() {
        return Err(nothing(arguments));
    }
    for one in outcome.all().filter(|one| one.is_cut_short) {
        aside::say(format!(
            "{} has more accounts or problems than are shown of one file: fix these, and run again",
            one.shown
        ));
    }
    count_programs(&mut outcome.reviewed);
    say_once(&mut outcome.reviewed);
    output::print_colored(&told(&outcome, arguments)?, arguments.screen.color_choice())?;
    if !arguments.format.has_styles {
        // The format for people contains this itself.
        for not in &outcome.not_reviewed {
            aside::say(not.misuse());
        }
    }
    let is_trouble = if arguments.fix {
        match fix::all(&outcome, arguments)? {
            Fixed::InPart => return Ok(MISUSED),
            Fixed::All { is_trouble_left } => is_trouble_left,
        }
    } else {
        outcome.all().flat_map(|one| &one.remarks).any(|told| told.remark.is_trouble())
    };
    Ok(match is_trouble {
        true => TROUBLE,
        false if tell::is_complete(outcome.all(), &outcome.not_reviewed) => 0,
        false => UNCLEAR,
    })
}

pub(super) fn read_all(arguments: &ReviewArguments) -> Result<Outcome, Misuse> {
    let forced = arguments.program.as_deref().map(program_called).transpose()?;
    if forced.is_some() && arguments.paths.iter().any(|path| path.is_dir()) {
        return Err(Misuse::new("--as is for files, and a folder was named", "name the settings file itself"));
    }
    let mut outcome = Outcome { reviewed: Vec::new(), not_reviewed: Vec::new() };
    let (mut count, mut bytes) = (0, 0);
    for place in files::find(&arguments.paths) {
        if count > MOST_IN_ALL || bytes > MOST_BYTES {
            aside::say("Too many files: reading stopped here. Name the files or folders that you want reviewed.");
            break;
        }
        let file = match place.open(forced) {
            Ok(Some(file)) => file,
            Ok(None) => continue,
            Err(not) if place.is_named() && not.is_unreadable => return Err(not.misuse()),
            Err(not) => {
                outcome.not_reviewed.push(not);
                continue;
            }
        };
        let Found { given, origin } = file;
        bytes += given.text.len();
        match review(given, &HERE, arguments.fix) {
            Ok(one) if one.accounts == 0 && one.doubts.is_empty() && place.is_in_project() => {}
            Ok(one) => {
                count += one.remarks.len();
                outcome.reviewed.push(OnDisk { one, origin });
            }
            Err(not) => outcome.not_reviewed.push(not),
        }
    }
    Ok(outcome)
}

fn program_called(name: &str) -> Result<&'static Program, Misuse> {
    let named = find(name, Use::Review)?;
    // A test checks that each of these programs has a reader.
    programs::called(named.id).ok_or_else(|| Misuse::fault(format!("{} has no reader", named.title), "leave --as out"))
}

impl Outcome {
    pub(super) fn all(&self) -> impl Iterator<Item = &Reviewed> + Clone {
        self.reviewed.iter().map(|on_disk| &on_disk.one)
    }
}

/// Returns the whole text in the format that was asked for.
pub(super) fn told(outcome: &Outcome, arguments: &ReviewArguments) -> Result<Vec<u8>, Misuse> {
    let mut out = Vec::new();
    render(arguments.format, arguments.screen.look(Detail::Usual), &composed(outcome, arguments), &mut out).map_err(
        |fault| Misuse::fault(format!("the review cannot be put together ({fault})"), "choose another format"),
    )?;
    Ok(out)
}

fn composed(outcome: &Outcome, arguments: &ReviewArguments) -> Review {
    let is_usual = arguments.paths.is_empty();
    let closed = CLOSED.iter().filter(|_| is_usual).map(|program| Closed {
        program: program.id.to_owned(),
        title: program.title.to_owned(),
        is_used_here: program.is_here(),
    });
    Review {
        is_usual,
        is_fixing: arguments.fix,
        cannot_be_read: closed.collect(),
        ..tell::composed(outcome.all(), &outcome.not_reviewed)
    }
}

/// Another file of the same installation may complete this one: Postfix keeps passwords apart from the other settings.
fn say_once(reviewed: &mut [OnDisk]) {
    let whose = |file: &OnDisk| (file.one.program.id, file.origin.real_path.parent().map(Path::to_owned));
    let is_complete =
        |OnDisk { one, .. }: &&OnDisk| one.program.is_in_parts && one.icloud_accounts > 0 && one.doubts.is_empty();
    let known: Vec<_> = reviewed.iter().filter(is_complete).map(whose).collect();
    for file in reviewed.iter_mut().filter(|file| known.contains(&whose(file))) {
        file.one.doubts.retain(|(_, doubt)| doubt.why != doubts::Why::Silent);
    }
}

/// Each program that reads the account by itself opens its own connections, at its own times.
fn count_programs(reviewed: &mut [OnDisk]) {
    let mut programs: Vec<&str> = Vec::new();
    for one in reviewed.iter_mut().map(|file| &mut file.one).filter(|one| one.program.reads_by_itself) {
        let Some(at) = one.reads_icloud_at else { continue };
        programs.push(one.program.title());
        if programs.len() > FEW_PROGRAMS {
            let remark = rules::too_many_programs(at, &programs);
            let line = one.remarks.first().map_or(1, |told| told.line);
            one.remarks.push(Told { remark, line, differences: Vec::new() });
        }
    }
}

fn nothing(arguments: &ReviewArguments) -> Misuse {
    match arguments.paths.is_empty() {
        true => Misuse::new(
            "no settings of a mail program that is known here were found in their usual places",
            "name the file, for instance `icloud-mail-doctor review ~/.mbsyncrc`",
        ),
        false => Misuse::new("no file there names a server of iCloud Mail", "name the settings file itself"),
    }
}
