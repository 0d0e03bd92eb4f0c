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
use account::{Account, Edit, Spoken};
use files::Found;
use rules::{Remark, Seen, remarks};

/// The exit codes where something would fail, and where a file could not be understood.
const TROUBLE: u8 = 1;
const UNCLEAR: u8 = 3;

/// So many programs may read one account by themselves before that is worth a word.
const FEW_PROGRAMS: usize = 2;

/// More than these nobody reads, and no settings of a person's call for.
const MOST_REMARKS: usize = 200;

/// A file, what it says, and what is to be said of that.
struct Reviewed {
    file: Found,
    accounts: Vec<Account>,
    remarks: Vec<Remark>,
}

/// Reads the settings, and tells what is wrong with them.
pub(crate) fn run(arguments: &ReviewArguments) -> Result<u8, Misuse> {
    let found = files::find(&arguments.paths)?;
    if found.is_empty() {
        return Err(nothing(arguments));
    }
    let (mut reviewed, mut not_understood) = (Vec::new(), Vec::new());
    for file in found {
        match review(file) {
            Ok(one) => reviewed.push(one),
            Err(misuse) => not_understood.push(misuse),
        }
    }
    if reviewed.is_empty() {
        // Every file was one that could not be understood.
        return not_understood.into_iter().next().map_or(Ok(0), Err);
    }
    for misuse in &not_understood {
        aside::say(misuse);
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
    let is_left = |remark: &Remark| remark.is_trouble() && !(arguments.fix && remark.is_mended());
    Ok(match reviewed.iter().flat_map(|one| &one.remarks).any(is_left) {
        true => TROUBLE,
        false if not_understood.is_empty() => 0,
        false => UNCLEAR,
    })
}

/// Each program that reads the account by itself takes connections of its own, and asks at times of its own.
fn count_programs(reviewed: &mut [Reviewed]) {
    let mut programs: Vec<&str> = Vec::new();
    for one in reviewed.iter_mut().filter(|one| one.file.program.reads_by_itself) {
        let reads = |account: &&Account| account.spoken == Spoken::Imap && rules::is_about_icloud(account);
        let Some(account) = one.accounts.iter().find(reads) else { continue };
        programs.push(one.file.program.title);
        if programs.len() > FEW_PROGRAMS {
            one.remarks.push(rules::too_many_programs(account, &programs));
        }
    }
}

/// Writes what is certain.
fn fix(one: &Reviewed) -> Result<(), Misuse> {
    // First of all: the copy has the permissions of what it is of.
    if one.remarks.iter().any(|remark| remark.closes_file) {
        write::close(&one.file.origin)?;
        aside::say(format!("{} can be read by its owner alone now", one.file.shown));
    }
    let edits = one.certain();
    if !edits.is_empty() {
        let copy = write::write(&one.file.origin, &one.file.text, &edits)?;
        aside::say(format!("{} is mended; as it was, it is kept as {}", one.file.shown, copy.display()));
    }
    Ok(())
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
    let accounts = accounts(&file)?;
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

fn accounts(file: &Found) -> Result<Vec<Account>, Misuse> {
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

fn review(file: Found) -> Result<Reviewed, Misuse> {
    let accounts = accounts(&file)?;
    let mut remarks: Vec<Remark> = accounts.iter().flat_map(|account| of(account, &file)).collect();
    remarks.sort_by_key(|remark| (remark.at, remark.severity));
    // What accounts have in common is told once.
    let mut told: Vec<Remark> = Vec::new();
    for remark in remarks {
        if !told.iter().rev().take_while(|other| other.at == remark.at).any(|other| *other == remark) {
            told.push(remark);
        }
    }
    told.truncate(MOST_REMARKS);
    Ok(Reviewed { accounts, file, remarks: told })
}

fn of(account: &Account, file: &Found) -> Vec<Remark> {
    let is_readable_by_others = file.is_readable_by_others;
    let mut remarks = remarks(&Seen { account, text: &file.text, is_readable_by_others, can_be_run: &can_be_run });
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
        self.remarks.iter().filter(|remark| remark.is_mended()).flat_map(|remark| remark.mends.clone()).collect()
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
