//! What outlasts the service: of each account what is known, its last reports, and the last one with a problem. All of
//! it is masked, readable by its owner alone, and written whole or not at all.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use checks::network::plain_file;
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use super::routes::Which;
use crate::accounts::stem;
use crate::files::{self, Place};
use crate::limits;
use crate::misuse::{Misuse, file_name};
use crate::report::measures::Monitored;
use crate::report::{Report, Verdict};

/// How many reports of an account are kept.
const KEPT: usize = 20;

const LOCK: &str = "serve.lock";
const ACCOUNTS: &str = "accounts";
const REPORTS: &str = "reports";
const KNOWN: &str = "known.json";
const FAILING: &str = "failing.json";
const PAUSE: &str = "pause.json";
/// What is written to see that there is room, and removed.
const PROBE: &str = "probe";
const PROBE_BYTES: usize = 4096;
/// What the name of a file begins with that a killed run was writing.
const UNFINISHED: &str = ".icloud-mail-doctor-";

/// The folder of a service. No other service uses it at the same time: two would sign in twice as often.
pub(super) struct History {
    folder: PathBuf,
    /// Closing it ends the lock.
    _lock: File,
}

impl History {
    /// Makes the folder where it is not there, and locks it.
    pub(super) fn open(folder: &Path) -> Result<Self, Misuse> {
        let accounts = folder.join(ACCOUNTS);
        let opened = make(&accounts).and_then(|()| lock_of(folder)).and_then(|lock| {
            // A full disk and one that can only be read are found now, and not after the first sign-in.
            files::can_be_written(&Place::within(&accounts, KNOWN)?)?;
            write(folder, PROBE, &[b' '; PROBE_BYTES])?;
            std::fs::remove_file(folder.join(PROBE)).map(|()| lock)
        });
        let lock = opened.map_err(|fault| {
            let what = format!("the state folder {} cannot be written: {fault}", file_name(folder));
            Misuse::new(what, "name another one with --state")
        })?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder: folder.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Misuse::new(
                format!(
                    "another service uses the state folder {}, and two would sign in twice as often",
                    file_name(folder)
                ),
                "stop that one, or name another folder with --state",
            )),
            Err(TryLockError::Error(fault)) => Err(Misuse::new(
                format!("the state folder {} cannot be locked: {fault}", file_name(folder)),
                "name another one with --state",
            )),
        }
    }

    fn of(&self, account: &str) -> PathBuf {
        self.folder.join(ACCOUNTS).join(stem(account))
    }

    /// What was known of an account when the last service ended.
    pub(super) fn known(&self, account: &str) -> Option<Monitored> {
        let folder = self.of(account);
        for folder in [&folder, &folder.join(REPORTS)] {
            remove_the_unfinished(folder);
        }
        let bytes = plain_file::read(&folder.join(KNOWN), limits::LONGEST).ok()?;
        serde_json::from_slice(&bytes).ok().filter(|known: &Monitored| known.account == account)
    }

    /// Keeps what is known of an account.
    pub(super) fn keep(&self, known: &Monitored) -> io::Result<()> {
        let folder = self.of(&known.account);
        make(&folder)?;
        write(&folder, KNOWN, &serde_json::to_vec(known)?)
    }

    /// Keeps a report of an account, and forgets the oldest one where there are too many.
    pub(super) fn add(&self, account: &str, report: &Report, now: OffsetDateTime) -> io::Result<()> {
        let (folder, reports) = (self.of(account), self.of(account).join(REPORTS));
        make(&reports)?;
        let bytes = serde_json::to_vec(report)?;
        bring_back_the_future(&reports, now)?;
        write(&reports, &name_of(now)?, &bytes)?;
        if report.verdict == Verdict::Trouble {
            write(&folder, FAILING, &bytes)?;
        }
        let all = reports_in(&reports)?;
        for old in all.iter().take(all.len().saturating_sub(KEPT)) {
            std::fs::remove_file(old)?;
        }
        Ok(())
    }

    /// Forgets all of an account.
    pub(super) fn forget(&self, account: &str) -> io::Result<()> {
        match std::fs::remove_dir_all(self.of(account)) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
            _ => Ok(()),
        }
    }

    /// Keeps until when nobody is signed in.
    pub(super) fn keep_pause(&self, until: OffsetDateTime) -> io::Result<()> {
        write(&self.folder, PAUSE, until.unix_timestamp().to_string().as_bytes())
    }

    /// Until when the last service signed in nobody; `None` where it did not say.
    pub(super) fn pause(&self) -> Option<OffsetDateTime> {
        let bytes = plain_file::read(&self.folder.join(PAUSE), limits::LONGEST).ok()?;
        OffsetDateTime::from_unix_timestamp(std::str::from_utf8(&bytes).ok()?.trim().parse().ok()?).ok()
    }

    /// A report of an account; `None` where there is none.
    pub(super) fn report(&self, account: &str, which: Which) -> Option<Report> {
        let folder = self.of(account);
        let path = match which {
            Which::Failing => folder.join(FAILING),
            Which::Last => reports_in(&folder.join(REPORTS)).ok()?.pop()?,
        };
        serde_json::from_slice(&plain_file::read(&path, limits::LONGEST).ok()?).ok()
    }
}

/// Whether a folder can be made, and files in it.
pub(super) fn can_be_written(folder: &Path) -> bool {
    make(folder).and_then(|()| files::can_be_written(&Place::within(folder, KNOWN)?)).is_ok()
}

/// The name of the report of this time: by their names they are in order.
fn name_of(time: OffsetDateTime) -> io::Result<String> {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z.json");
    time.format(format).map_err(io::Error::other)
}

/// Gives those reports that a clock that was ahead has named the last seconds before this one: they would stay the newest
/// ones until that time has come, and push out all that come after them.
fn bring_back_the_future(reports: &Path, now: OffsetDateTime) -> io::Result<()> {
    let this_one = name_of(now)?;
    let mut ahead = reports_in(reports)?;
    ahead.retain(|path| path.file_name().is_some_and(|name| name > this_one.as_str()));
    for (before_s, path) in (1..).zip(ahead.iter().rev()) {
        std::fs::rename(path, reports.join(name_of(now - Duration::seconds(before_s))?))?;
    }
    Ok(())
}

/// The reports in a folder, the oldest first.
fn reports_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let files = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files: Vec<PathBuf> = files.collect::<io::Result<_>>()?;
    // What begins with a dot is not finished.
    files.retain(|path| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')));
    files.sort();
    Ok(files)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    files::replace(&Place::within(folder, name)?, bytes, || Ok(()))
}

/// Removes what a killed service was writing.
fn remove_the_unfinished(folder: &Path) {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for file in files.filter(|file| file.file_name().to_string_lossy().starts_with(UNFINISHED)) {
        // It is in nobody's way.
        let _ = std::fs::remove_file(file.path());
    }
}

fn lock_of(folder: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // A link is not followed, and a pipe not waited for.
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(folder.join(LOCK))?;
    plain_file::is_plain(&file.metadata()?).map_err(|why| io::Error::other(why.to_string()))?;
    Ok(file)
}

/// Makes a folder, for its owner alone.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;
    use crate::rehearse;
    use crate::report::{self, line::Labels};

    fn reports() -> (Report, Report) {
        let all: Vec<Report> = rehearse::all().iter().map(|(_, evidence)| report::compose(evidence, None)).collect();
        let of = |verdict| all.iter().find(|report| report.verdict == verdict).unwrap().clone();
        (of(Verdict::Healthy), of(Verdict::Trouble))
    }

    #[test]
    fn the_last_twenty_reports_are_kept_and_the_last_with_a_problem() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::open(folder.path()).unwrap_or_else(|misuse| panic!("{misuse}"));
        let (healthy, trouble) = reports();
        assert_eq!(history.report("anna", Which::Last), None);
        history.add("anna", &trouble, OffsetDateTime::UNIX_EPOCH).unwrap();
        for number in 1..=30 {
            history.add("anna", &healthy, OffsetDateTime::UNIX_EPOCH + Duration::minutes(15 * number)).unwrap();
        }
        assert_eq!(history.report("anna", Which::Last), Some(healthy));
        assert_eq!(history.report("anna", Which::Failing), Some(trouble));
        assert_eq!(history.report("../anna", Which::Last), None);
        let kept = reports_in(&history.of("anna").join(REPORTS)).unwrap();
        assert_eq!(kept.len(), KEPT);
        assert!(kept[0].ends_with("19700101T024500Z.json"), "{kept:?}");
    }

    #[test]
    fn reports_of_a_clock_that_was_ahead_come_before_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::open(folder.path()).unwrap_or_else(|misuse| panic!("{misuse}"));
        let (healthy, trouble) = reports();
        let (year, now) = (Duration::days(365), OffsetDateTime::UNIX_EPOCH + Duration::days(365));
        for number in 0..25 {
            history.add("anna", &trouble, now + year + Duration::minutes(15 * number)).unwrap();
        }
        history.add("anna", &healthy, now).unwrap();
        assert_eq!(history.report("anna", Which::Last), Some(healthy));
        let kept = reports_in(&history.of("anna").join(REPORTS)).unwrap();
        assert_eq!(kept.len(), KEPT);
        assert!(kept[0].ends_with("19701231T235941Z.json") && kept[19].ends_with("19710101T000000Z.json"), "{kept:?}");
        history.forget("anna").unwrap();
        history.forget("anna").unwrap();
        assert_eq!((history.report("anna", Which::Last), history.report("anna", Which::Failing)), (None, None));
    }

    #[test]
    fn what_is_known_is_read_again_and_what_is_broken_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::open(folder.path()).unwrap_or_else(|misuse| panic!("{misuse}"));
        let known = Monitored {
            account: "Anna Maria".to_owned(),
            tag: Some(7),
            labels: Labels::new(),
            measures: None,
            last_run: Some(OffsetDateTime::UNIX_EPOCH),
            next_run: OffsetDateTime::UNIX_EPOCH,
            is_held_back: true,
        };
        history.keep(&known).unwrap();
        assert_eq!(history.known("Anna Maria"), Some(known));
        assert_eq!(history.known("anna maria"), None);
        std::fs::write(history.of("Anna Maria").join(KNOWN), "{\"account\": \"Anna Ma").unwrap();
        std::fs::write(history.of("Anna Maria").join(".icloud-mail-doctor-1-0"), "half").unwrap();
        assert_eq!(history.known("Anna Maria"), None);
        assert!(!history.of("Anna Maria").join(".icloud-mail-doctor-1-0").exists());
    }

    #[test]
    fn a_pause_outlasts_the_service() {
        let folder = tempfile::tempdir().unwrap();
        let history = History::open(folder.path()).unwrap_or_else(|misuse| panic!("{misuse}"));
        assert_eq!(history.pause(), None);
        history.keep_pause(OffsetDateTime::UNIX_EPOCH + Duration::hours(1)).unwrap();
        assert_eq!(history.pause(), Some(OffsetDateTime::UNIX_EPOCH + Duration::hours(1)));
        std::fs::write(folder.path().join(PAUSE), "soon").unwrap();
        assert_eq!(history.pause(), None);
    }

    #[test]
    fn one_folder_has_one_service() {
        let folder = tempfile::tempdir().unwrap();
        let first = History::open(folder.path()).unwrap_or_else(|misuse| panic!("{misuse}"));
        assert!(History::open(folder.path()).is_err_and(|misuse| misuse.to_string().contains("another service")));
        drop(first);
        assert!(History::open(folder.path()).is_ok());
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(History::open(&file).is_err_and(|misuse| misuse.to_string().contains("cannot be written")));
    }
}
