//! One settings file, and the result of its review.

use std::path::Path;

use super::account::{Account, Edit, Settings, Spoken};
use super::computer::Computer;
use super::doubts::{self, Doubt};
use super::given::{Given, NotReviewed};
use super::programs::Program;
use super::remark::Remark;
use super::rules::{Seen, leave_open, remarks};
use super::server;
use super::source::{Difference, Source};

/// How many remarks are listed for one file.
const MOST_REMARKS: usize = 200;
/// How many remarks are read before those that accounts have in common are merged.
const MOST_READ: usize = 5000;

/// A file, and the result of its review.
pub(super) struct Reviewed {
    /// The path as it is shown.
    pub(super) shown: String,
    pub(super) program: &'static Program,
    pub(super) is_readable_by_others: bool,
    pub(super) accounts: usize,
    /// How many of the accounts are at iCloud.
    pub(super) icloud_accounts: usize,
    /// Whether it has more remarks than are listed for one file.
    pub(super) is_cut_short: bool,
    /// The place of the first account that the program reads from iCloud.
    pub(super) reads_icloud_at: Option<usize>,
    pub(super) remarks: Vec<Told>,
    /// What was not understood, each with its line.
    pub(super) doubts: Vec<(usize, Doubt)>,
    /// The text, if the file will be changed.
    pub(super) source: Option<Source>,
}

/// A remark, with the part of the file that is shown with it.
pub(super) struct Told {
    pub(super) remark: Remark,
    pub(super) line: usize,
    pub(super) differences: Vec<Difference>,
}

impl Reviewed {
    /// Returns the changes that are certain.
    pub(super) fn certain(&self) -> Vec<Edit> {
        let certain = self.remarks.iter().map(|told| &told.remark).filter(|remark| remark.is_mended());
        certain.flat_map(|remark| remark.mends.clone()).collect()
    }
}

impl Told {
    pub(super) fn of(remark: Remark, source: &Source) -> Self {
        let mut differences = source.differences(&remark.mends);
        // Names of people are shortened, so a change of one may not be visible.
        let is_seen = |of: &Difference| of.before.as_ref().is_none_or(|before| before.as_str() != of.after.as_str());
        differences.retain(is_seen);
        Self { line: source.line(remark.at), differences, remark }
    }
}

pub(super) fn settings(file: &Given) -> Result<Settings, NotReviewed> {
    (file.program.read)(&file.text).map_err(|why| NotReviewed {
        shown: file.shown.clone(),
        why: format!("cannot be understood: {why}"),
        instead: "fix that first, then review it again".to_owned(),
        is_unreadable: false,
    })
}

/// Reviews a file. The result depends on what is given, and on nothing else.
pub(super) fn review(mut file: Given, computer: &Computer, is_fixing: bool) -> Result<Reviewed, NotReviewed> {
    let Settings { accounts, secrets } = settings(&file)?;
    let beside = (file.program.beside)(&file.path, &file.text, computer);
    let source = Source::of(std::mem::take(&mut file.text), secrets, file.program);
    let known = &accounts[..accounts.len().min(Settings::MOST_ACCOUNTS)];
    let mut remarks: Vec<Remark> = known
        .iter()
        .flat_map(|account| of(account, &source, &file, computer))
        .take(MOST_READ)
        .chain(beside.remarks)
        .collect();
    remarks.sort_by_key(|remark| (remark.at, remark.severity));
    // What accounts have in common is listed once.
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
    doubts.extend(beside.doubts);
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
    let Given { shown, program, is_readable_by_others, .. } = file;
    let accounts = known.len();
    Ok(Reviewed {
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

fn of(account: &Account, source: &Source, file: &Given, computer: &Computer) -> Vec<Remark> {
    let mut remarks = remarks(&Seen::new(account, source, file.is_readable_by_others, computer.can_be_run));
    for remark in remarks.iter_mut().filter(|remark| remark.closes_file) {
        if is_for_everybody(&file.path) {
            remark.closes_file = false;
        } else if is_shared(file) {
            leave_open(remark);
        }
    }
    remarks
}

/// Whether it is used by the whole computer: closed, it would stop all users' programs, such as Postfix's sendmail(1).
fn is_for_everybody(path: &Path) -> bool {
    let path = std::path::absolute(path).unwrap_or_default();
    let is_kept_apart = path.ends_with("sasl_passwd");
    !is_kept_apart && ["/etc", "/usr/local/etc", "/opt/homebrew/etc"].iter().any(|folder| path.starts_with(folder))
}

/// Whether others are meant to read such a file: it belongs in a repository or on a web server, or other users' programs
/// read it.
fn is_shared(file: &Given) -> bool {
    let is_yaml = file.path.extension().is_some_and(|ending| ending == "yml" || ending == "yaml");
    is_yaml || file.program.id == "autoconfig"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_the_whole_computer_reads_is_not_closed() {
        assert!(is_for_everybody(Path::new("/etc/postfix/main.cf")));
        assert!(!is_for_everybody(Path::new("/home/jane/etc/postfix/main.cf")));
    }
}
