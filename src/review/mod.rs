//! `review`: finds settings of the mail programs on this computer that fail or are unsafe with iCloud.

mod account;
mod beside;
mod commands;
mod done;
mod doubts;
mod encoding;
mod files;
mod fix;
mod lines;
mod mechanism;
mod mend;
#[cfg(test)]
mod near_misses;
mod origin;
mod placeholder;
mod programs;
#[cfg(test)]
mod properties;
mod python;
mod remark;
mod reviewed;
mod rules;
mod secrets;
mod server;
mod servers;
mod source;
mod switch;
mod tell;
mod tree;
mod url;
mod write;
mod xml;

use std::path::Path;

use crate::cli::review::ReviewArguments;
use crate::misuse::Misuse;
use crate::programs::{Use, find};
use crate::render::MISUSED;
use crate::{aside, output};
use files::NotReviewed;
use fix::Fixed;
use programs::Program;
use reviewed::{Reviewed, Told, review};
pub(crate) use servers::servers;

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
struct Outcome {
    reviewed: Vec<Reviewed>,
    not_reviewed: Vec<NotReviewed>,
}

/// Reads the settings, and prints what is wrong with them.
pub(crate) fn run(arguments: &ReviewArguments) -> Result<u8, Misuse> {
    let mut outcome = read_all(arguments)?;
    if outcome.reviewed.is_empty() && outcome.not_reviewed.is_empty() {
        return Err(nothing(arguments));
    }
    for one in outcome.reviewed.iter().filter(|one| one.is_cut_short) {
        aside::say(format!(
            "{} has more accounts or problems than are shown of one file: fix these, and run again",
            one.shown
        ));
    }
    count_programs(&mut outcome.reviewed);
    say_once(&mut outcome.reviewed);
    output::print_colored(&tell::told(&outcome, arguments)?, arguments.screen.color_choice())?;
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
        outcome.reviewed.iter().flat_map(|one| &one.remarks).any(|told| told.remark.is_trouble())
    };
    Ok(match is_trouble {
        true => TROUBLE,
        false if outcome.is_complete() => 0,
        false => UNCLEAR,
    })
}

fn read_all(arguments: &ReviewArguments) -> Result<Outcome, Misuse> {
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
        bytes += file.text.len();
        match review(file, arguments.fix) {
            Ok(one) if one.accounts == 0 && one.doubts.is_empty() && place.is_in_project() => {}
            Ok(one) => {
                count += one.remarks.len();
                outcome.reviewed.push(one);
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
    /// Returns whether there is an account at iCloud, and everything about each was understood.
    fn is_complete(&self) -> bool {
        self.not_reviewed.is_empty()
            && self.reviewed.iter().all(|one| one.doubts.is_empty())
            && self.reviewed.iter().any(|one| one.accounts > 0)
    }
}

/// Another file of the same installation may complete this one: Postfix keeps passwords apart from the other settings.
fn say_once(reviewed: &mut [Reviewed]) {
    let folder = |one: &Reviewed| one.origin.real_path.parent().map(Path::to_owned);
    let is_complete = |one: &&Reviewed| one.program.is_in_parts && one.icloud_accounts > 0 && one.doubts.is_empty();
    let known: Vec<_> = reviewed.iter().filter(is_complete).map(|one| (one.program.id, folder(one))).collect();
    for one in reviewed.iter_mut().filter(|one| known.contains(&(one.program.id, folder(one)))) {
        one.doubts.retain(|(_, doubt)| doubt.why != doubts::Why::Silent);
    }
}

/// Each program that reads the account by itself opens its own connections, at its own times.
fn count_programs(reviewed: &mut [Reviewed]) {
    let mut programs: Vec<&str> = Vec::new();
    for one in reviewed.iter_mut().filter(|one| one.program.reads_by_itself) {
        let Some(at) = one.reads_icloud_at else { continue };
        programs.push(one.program.title());
        if programs.len() > FEW_PROGRAMS {
            let remark = rules::too_many_programs(at, &programs);
            let line = one.remarks.first().map_or(1, |told| told.line);
            one.remarks.push(Told { remark, line, differences: Vec::new() });
        }
    }
}

/// Whether a file is named like the settings of a mail program.
pub(crate) fn is_settings_file(path: &Path) -> bool {
    programs::of(path).is_some()
}

/// Whether a text has the shape of a mail program's settings.
pub(crate) fn is_settings_text(text: &str) -> bool {
    programs::signed(text).is_some()
}

/// Reads any text with every reader.
#[cfg(fuzzing)]
pub(crate) fn read_by_all(text: &str) {
    for program in &programs::PROGRAMS {
        if let Ok(settings) = (program.read)(text) {
            let accounts = settings.accounts.iter();
            let places = accounts.flat_map(|account| account.host.at.clone());
            let mut places = places.chain(settings.secrets.passwords.iter().cloned());
            assert!(places.all(|at| text.get(at).is_some()), "{}", program.id);
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
