//! `review`: what in the settings of the mail programs on this computer would fail or endanger on iCloud.

mod account;
mod encoding;
mod files;
mod lines;
mod mend;
mod origin;
mod programs;
#[cfg(test)]
mod properties;
mod python;
mod rules;
mod secrets;
mod source;
mod switch;
mod tell;
mod url;
mod write;

use std::path::{Path, PathBuf};

use checks::plan::Server;

use crate::cli::review::ReviewArguments;
use crate::diagnosis::{Severity, Sure};
use crate::render::MISUSED;
use crate::{Misuse, aside, output};
use account::{Account, Edit, Settings, Spoken};
use files::Found;
use origin::Origin;
use programs::Program;
use rules::{Remark, Seen, remarks};
use source::{Blanked, Difference, Source};

/// The exit codes where something would fail, and where a file could not be understood.
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
    accounts: usize,
    /// It says more than is told of one file.
    is_cut_short: bool,
    /// Where the first account is that the program reads from iCloud.
    reads_icloud_at: Option<usize>,
    remarks: Vec<Told>,
    /// The text, where something in it is to be changed.
    source: Option<Source>,
}

/// A remark, with what of the file is shown beside it.
struct Told {
    remark: Remark,
    line: usize,
    differences: Vec<Difference>,
}

/// Reads the settings, and tells what is wrong with them.
pub(crate) fn run(arguments: &ReviewArguments) -> Result<u8, Misuse> {
    let (mut reviewed, mut not_understood) = (Vec::<Reviewed>::new(), Vec::new());
    let (mut count, mut bytes) = (0, 0);
    for place in files::find(&arguments.paths) {
        if count > MOST_IN_ALL || bytes > MOST_BYTES {
            aside::say("Too many files: reading stopped here. Name the files or folders that you want reviewed.");
            break;
        }
        let file = match place.open() {
            Ok(Some(file)) => file,
            Ok(None) => continue,
            Err(misuse) if place.is_named() => return Err(misuse),
            Err(misuse) => {
                not_understood.push(misuse);
                continue;
            }
        };
        bytes += file.text.len();
        match review(file, arguments.fix) {
            Ok(one) if one.accounts == 0 && place.is_in_project() => {}
            Ok(one) => {
                count += one.remarks.len();
                reviewed.push(one);
            }
            Err(misuse) => not_understood.push(misuse),
        }
    }
    if reviewed.is_empty() {
        // Every file was one that could not be understood.
        return Err(not_understood.into_iter().next().unwrap_or_else(|| nothing(arguments)));
    }
    for misuse in &not_understood {
        aside::say(misuse);
    }
    for one in reviewed.iter().filter(|one| one.is_cut_short) {
        aside::say(format!(
            "{} has more accounts or problems than are shown of one file: fix these, and run again",
            one.shown
        ));
    }
    count_programs(&mut reviewed);
    let text = tell::told(&reviewed, arguments);
    output::print_colored(&text, arguments.screen.color_choice())?;
    if arguments.fix {
        // Each file says for itself what became of it.
        let failures: Vec<Misuse> = reviewed.iter().filter_map(|one| fix(one).err()).collect();
        for misuse in &failures {
            aside::say(format!("icloud-mail-doctor: {misuse}"));
        }
        if !failures.is_empty() {
            return Ok(MISUSED);
        }
    }
    let is_left = |told: &Told| told.remark.is_trouble() && !(arguments.fix && told.remark.is_mended());
    Ok(match reviewed.iter().flat_map(|one| &one.remarks).any(is_left) {
        true => TROUBLE,
        false if not_understood.is_empty() => 0,
        false => UNCLEAR,
    })
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

/// Writes what is certain.
fn fix(one: &Reviewed) -> Result<(), Misuse> {
    // First of all: the copy has the permissions of what it is of.
    if one.remarks.iter().any(|told| told.remark.closes_file) {
        write::close(&one.origin)?;
        aside::say(format!("{} can be read by its owner alone now", one.shown));
    }
    if let Some(source) = &one.source {
        let copy = write::write(&one.origin, source.unblanked(), &one.certain())?;
        aside::say(format!(
            "{} is fixed. {} is a copy of the old file, with any password that is in it: delete it when your mail works, and \
             do not commit it.",
            one.shown,
            copy.display()
        ));
    }
    Ok(())
}

/// Whether a file is called as a mail program calls its settings.
pub(crate) fn is_settings_file(path: &Path) -> bool {
    programs::of(path).is_some()
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
    let file = files::named(path)?;
    let accounts = settings(&file)?.accounts;
    let of = |spoken: Spoken| {
        let own = || accounts.iter().filter(move |account| account.spoken == spoken);
        own().find(|account| rules::is_about_icloud(account)).or_else(|| own().next())
    };
    let server = |spoken: Spoken| of(spoken).map(Account::server);
    let servers = Servers { program: file.program.id, imap: server(Spoken::Imap), smtp: server(Spoken::Smtp) };
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

fn settings(file: &Found) -> Result<Settings, Misuse> {
    (file.program.read)(&file.text).map_err(|why| {
        Misuse::new(format!("{} cannot be understood: {why}", file.shown), "mend that first, then review it again")
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
fn review(mut file: Found, is_fixing: bool) -> Result<Reviewed, Misuse> {
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
    let reads = |account: &&Account| account.spoken == Spoken::Imap && rules::is_about_icloud(account);
    let reads_icloud_at = known.iter().find(reads).map(|account| account.host.at.as_ref().map_or(0, |at| at.start));
    let remarks = told.into_iter().map(|remark| Told::of(remark, &source)).collect();
    let (origin, shown, program) = (file.origin, file.shown, file.program);
    let accounts = known.len();
    let mut one = Reviewed { origin, shown, program, accounts, is_cut_short, reads_icloud_at, remarks, source: None };
    one.source = Some(source).filter(|_| is_fixing && !one.certain().is_empty());
    Ok(one)
}

fn of(account: &Account, source: &Source, file: &Found) -> Vec<Remark> {
    let is_readable_by_others = file.is_readable_by_others;
    let mut remarks = remarks(&Seen { account, source, is_readable_by_others, can_be_run: &can_be_run });
    for remark in &mut remarks {
        remark.closes_file &= !is_for_everybody(&file.path);
    }
    remarks
}

/// Whether it is kept for the whole computer: closed, it would stop everybody's programs, as Postfix's sendmail(1).
fn is_for_everybody(path: &Path) -> bool {
    let path = std::path::absolute(path).unwrap_or_default();
    ["/etc", "/usr/local/etc", "/opt/homebrew/etc"].iter().any(|folder| path.starts_with(folder))
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
        Self { line: source.line(remark.at), differences: source.differences(&remark.mends), remark }
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
        self.sure == Sure::Certain && (self.closes_file || !self.mends.is_empty())
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
