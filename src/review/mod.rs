//! `review`: what in the settings of the mail programs on this computer would fail or endanger on iCloud.

mod account;
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
mod rules;
mod secrets;
mod server;
mod source;
mod switch;
mod tell;
mod url;
mod write;

use std::path::{Path, PathBuf};

use checks::plan::Server;

use crate::cli::review::{ReviewArguments, ReviewFormat};
use crate::diagnosis::{Severity, Sure};
use crate::misuse::Misuse;
use crate::render::MISUSED;
use crate::{aside, output};
use account::{Account, Edit, Settings, Spoken};
use doubts::Doubt;
use files::{Found, NotReviewed};
use fix::Fixed;
use origin::Origin;
use programs::Program;
use rules::{Remark, Seen, remarks};
use source::{Blanked, Difference, Source};

/// The exit codes where something would fail, and where something could not be understood.
const TROUBLE: u8 = 1;
const UNCLEAR: u8 = 3;

/// So many programs may read one account by themselves before that is worth a word.
const FEW_PROGRAMS: usize = 2;

/// More than these nobody reads, and no settings of a person's call for: in a file, and in all.
const MOST_REMARKS: usize = 200;
const MOST_IN_ALL: usize = 2000;
/// More bytes of a project than these are not read.
const MOST_BYTES: usize = 16 << 20;
/// So many are looked at before those that accounts have in common are told once.
const MOST_READ: usize = 5000;

/// A file, and what is to be said of it.
struct Reviewed {
    origin: Origin,
    /// The path as it is shown.
    shown: String,
    program: &'static Program,
    is_readable_by_others: bool,
    accounts: usize,
    /// So many of the accounts are at iCloud.
    icloud_accounts: usize,
    /// It says more than is told of one file.
    is_cut_short: bool,
    /// Where the first account is that the program reads from iCloud.
    reads_icloud_at: Option<usize>,
    remarks: Vec<Told>,
    /// What was not understood, each with its line.
    doubts: Vec<(usize, Doubt)>,
    /// The text, where the file is to be changed.
    source: Option<Source>,
}

/// A remark, with what of the file is shown beside it.
struct Told {
    remark: Remark,
    line: usize,
    differences: Vec<Difference>,
}

/// What came of a run.
struct Outcome {
    reviewed: Vec<Reviewed>,
    not_reviewed: Vec<NotReviewed>,
}

/// Reads the settings, and tells what is wrong with them.
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
    output::print_colored(&tell::told(&outcome, arguments), arguments.screen.color_choice())?;
    if arguments.format != ReviewFormat::Text {
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
    programs::called(name).ok_or_else(|| {
        let known: Vec<&str> = programs::PROGRAMS.iter().map(|program| program.id).collect();
        Misuse::new(
            "`review` reads no files of a program of that name",
            format!("--as takes one of {}", known.join(", ")),
        )
    })
}

impl Outcome {
    /// Returns whether there is an account at iCloud, and everything about each was understood.
    fn is_complete(&self) -> bool {
        self.not_reviewed.is_empty()
            && self.reviewed.iter().all(|one| one.doubts.is_empty())
            && self.reviewed.iter().any(|one| one.accounts > 0)
    }
}

/// What one file of an installation leaves open, another beside it may say: Postfix keeps the passwords apart from the rest.
fn say_once(reviewed: &mut [Reviewed]) {
    let folder = |one: &Reviewed| one.origin.real_path.parent().map(Path::to_owned);
    let is_complete = |one: &&Reviewed| one.program.is_in_parts && one.icloud_accounts > 0 && one.doubts.is_empty();
    let known: Vec<_> = reviewed.iter().filter(is_complete).map(|one| (one.program.id, folder(one))).collect();
    for one in reviewed.iter_mut().filter(|one| known.contains(&(one.program.id, folder(one)))) {
        one.doubts.retain(|(_, doubt)| doubt.why != doubts::Why::Silent);
    }
}

/// Each program that reads the account by itself takes connections of its own, and asks at times of its own.
fn count_programs(reviewed: &mut [Reviewed]) {
    let mut programs: Vec<&str> = Vec::new();
    for one in reviewed.iter_mut().filter(|one| one.program.reads_by_itself) {
        let Some(at) = one.reads_icloud_at else { continue };
        programs.push(one.program.title);
        if programs.len() > FEW_PROGRAMS {
            let remark = rules::too_many_programs(at, &programs);
            let line = one.remarks.first().map_or(1, |told| told.line);
            one.remarks.push(Told { remark, line, differences: Vec::new() });
        }
    }
}

/// Whether a file is called as a mail program calls its settings.
pub(crate) fn is_settings_file(path: &Path) -> bool {
    programs::of(path).is_some()
}

/// Whether a text has the shape of a mail program's settings.
pub(crate) fn is_settings_text(text: &str) -> bool {
    programs::signed(text).is_some()
}

/// The servers that a settings file names.
pub(crate) struct Servers {
    /// Which program's file it is.
    pub(crate) program: &'static str,
    pub(crate) imap: Option<Server>,
    pub(crate) smtp: Option<Server>,
}

/// Reads the servers that a settings file names: iCloud's where there are several.
pub(crate) fn servers(path: &Path) -> Result<Servers, Misuse> {
    let file = files::named(path, None).map_err(|not| not.misuse())?;
    let accounts = settings(&file).map_err(|not| not.misuse())?.accounts;
    let accounts: Vec<Account> =
        accounts.into_iter().filter(|account| doubts::of_values(account, &file.text).is_empty()).collect();
    let of = |spoken: Spoken| {
        let own = || accounts.iter().filter(move |account| account.spoken == spoken);
        own().find(|account| server::is_about_icloud(account)).or_else(|| own().next())
    };
    let named = |spoken: Spoken| of(spoken).map(Account::server);
    let servers = Servers { program: file.program.id, imap: named(Spoken::Imap), smtp: named(Spoken::Smtp) };
    if servers.imap.is_none() && servers.smtp.is_none() {
        let next = "name the file in which the mail program keeps its account";
        return Err(Misuse::new(format!("{} names no server for reading or sending", file.shown), next));
    }
    Ok(servers)
}

/// Lets every reader read a text, whatever it is.
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

fn settings(file: &Found) -> Result<Settings, NotReviewed> {
    (file.program.read)(&file.text).map_err(|why| NotReviewed {
        shown: file.shown.clone(),
        why: format!("cannot be understood: {why}"),
        instead: "fix that first, then review it again".to_owned(),
        is_unreadable: false,
    })
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

/// What is to be said of a file.
fn review(mut file: Found, is_fixing: bool) -> Result<Reviewed, NotReviewed> {
    let Settings { accounts, mut secrets } = settings(&file)?;
    secrets.note_comments(&file.text, file.program.comments);
    let source = Source::new(std::mem::take(&mut file.text), secrets);
    let known = &accounts[..accounts.len().min(Settings::MOST_ACCOUNTS)];
    let mut remarks: Vec<Remark> =
        known.iter().flat_map(|account| of(account, &source, &file)).take(MOST_READ).collect();
    remarks.sort_by_key(|remark| (remark.at, remark.severity));
    // What accounts have in common is told once.
    let mut told: Vec<Remark> = Vec::new();
    for remark in remarks {
        if !told.iter().rev().take_while(|other| other.at == remark.at).any(|other| *other == remark) {
            told.push(remark);
        }
    }
    let is_cut_short = known.len() < accounts.len() || told.len() > MOST_REMARKS;
    told.truncate(MOST_REMARKS);
    let at_icloud = || known.iter().filter(|account| server::is_about_icloud(account));
    let mut doubts: Vec<Doubt> = at_icloud().flat_map(|account| doubts::of(account, source.unblanked())).collect();
    doubts.extend(doubts::mentions(&source, known, file.program));
    doubts.sort_by_key(|doubt| doubt.at);
    doubts.dedup();
    doubts.truncate(MOST_REMARKS);
    let doubts = doubts.into_iter().map(|doubt| (source.line(doubt.at), doubt)).collect();
    let icloud_accounts = at_icloud().count();
    let reads = |account: &&Account| {
        let is_icloud = server::is_about_icloud(account) && !server::whose(account).is_other();
        account.spoken == Spoken::Imap && is_icloud
    };
    let reads_icloud_at = known.iter().find(reads).map(|account| account.host.at.as_ref().map_or(0, |at| at.start));
    let remarks = told.into_iter().map(|remark| Told::of(remark, &source)).collect();
    let Found { origin, shown, program, is_readable_by_others, .. } = file;
    let accounts = known.len();
    Ok(Reviewed {
        origin,
        shown,
        program,
        is_readable_by_others,
        accounts,
        icloud_accounts,
        is_cut_short,
        reads_icloud_at,
        remarks,
        doubts,
        source: Some(source).filter(|_| is_fixing),
    })
}

fn of(account: &Account, source: &Source, file: &Found) -> Vec<Remark> {
    let mut remarks = remarks(&Seen::new(account, source, file.is_readable_by_others, &can_be_run));
    for remark in remarks.iter_mut().filter(|remark| remark.closes_file) {
        if is_for_everybody(&file.path) {
            remark.closes_file = false;
        } else if is_shared(&file.path) {
            rules::leave_open(remark);
        }
    }
    remarks
}

/// Whether it is kept for the whole computer: closed, it would stop everybody's programs, as Postfix's sendmail(1).
fn is_for_everybody(path: &Path) -> bool {
    let path = std::path::absolute(path).unwrap_or_default();
    let is_kept_apart = path.ends_with("sasl_passwd");
    !is_kept_apart && ["/etc", "/usr/local/etc", "/opt/homebrew/etc"].iter().any(|folder| path.starts_with(folder))
}

/// Whether such a file is meant to be read by others: it goes into a repository, and other users' programs read it.
fn is_shared(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml")
}

/// What a shell knows by itself.
const BUILT_IN: [&str; 8] = ["echo", "printf", "cat", "read", "exec", "command", "eval", "."];

/// Whether there is such a program: at this path, or in one of the folders that are searched.
fn can_be_run(program: &str) -> bool {
    let home = || std::env::home_dir().unwrap_or_default();
    if let Some(rest) = program.strip_prefix("~/") {
        return home().join(rest).is_file();
    }
    if program.contains('/') {
        return PathBuf::from(program).is_file();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    BUILT_IN.contains(&program) || std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

impl Reviewed {
    /// The changes that are certain.
    fn certain(&self) -> Vec<Edit> {
        let certain = self.remarks.iter().map(|told| &told.remark).filter(|remark| remark.is_mended());
        certain.flat_map(|remark| remark.mends.clone()).collect()
    }
}

impl Told {
    fn of(remark: Remark, source: &Source) -> Self {
        let mut differences = source.differences(&remark.mends);
        // Names of persons are not shown whole, so that a change of one may not be seen.
        let is_seen = |of: &Difference| of.before.as_ref().is_none_or(|before| before.as_str() != of.after.as_str());
        differences.retain(is_seen);
        Self { line: source.line(remark.at), differences, remark }
    }

    fn why(&self) -> &Blanked {
        &self.remark.why
    }
}

impl Remark {
    fn is_trouble(&self) -> bool {
        self.severity == Severity::Trouble
    }

    /// Whether --fix writes it.
    fn is_mended(&self) -> bool {
        self.sure == Sure::Certain && !self.is_shown_alone && (self.closes_file || !self.mends.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_whole_computer_reads_is_not_closed() {
        assert!(is_for_everybody(Path::new("/etc/postfix/main.cf")));
        assert!(!is_for_everybody(Path::new("/home/jane/etc/postfix/main.cf")));
    }
}
