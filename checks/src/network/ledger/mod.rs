//! The file in which sign-ins are remembered: locked while it is used, only appended to, readable by its owner alone.

mod known;

use std::cell::{Cell, RefCell};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::rand;
use time::OffsetDateTime;

use super::plain_file::{self, NotRead};
use crate::attempts::line::{Line, Lines, is_ahead, is_old};
use crate::attempts::needed;
use crate::attempts::tags::{KEY_LENGTH, Tags};
use crate::attempts::{Attempt, Earlier, Entry, Ledger, Outcome};
use known::Known;

const LINES: &str = "attempts.jsonl";
/// What it is rewritten as, before it takes the old one's name.
const REWRITTEN: &str = "attempts.jsonl.new";
/// Makes the tags; without it nobody can say whether a tag is that of an address.
const KEY: &str = "attempts.key";
/// A file of its own, because one that is renamed takes its lock along.
const LOCK: &str = "attempts.lock";

/// The longest ledger that is read, in bytes.
const LONGEST: u64 = 32 << 20;
/// Above this many bytes it is shortened: two runs over 10,000 accounts are 19 MB, and 5 MB of them are needed.
const LONG: usize = 16 << 20;

/// How often the lock is tried, and how long it is waited for in between: two seconds in all, so that a stuck one never
/// hangs a run.
const TRIES: u32 = 400;
const BETWEEN: Duration = Duration::from_millis(5);

/// Why the ledger was not used, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It cannot be used at all, for this reason in the system's words.
    Unusable(String),
    /// A sign-in could not be noted, for this reason in the system's words.
    NotNoted(String),
    /// Another program holds its lock.
    Locked,
    /// So many lines cannot be read.
    BrokenLines(usize),
}

impl From<io::Error> for Fault {
    fn from(fault: io::Error) -> Self {
        Self::Unusable(fault.to_string())
    }
}

impl From<NotRead> for Fault {
    fn from(fault: NotRead) -> Self {
        Self::Unusable(fault.to_string())
    }
}

/// A ledger in a folder.
pub struct FileLedger {
    folder: PathBuf,
    by: &'static str,
    faults: RefCell<Vec<Fault>>,
    is_given_up: Cell<bool>,
    /// What was read of it, from the first sign-in on.
    known: RefCell<Option<Known>>,
}

impl FileLedger {
    /// The ledger in this folder, which is made with the first sign-in. `by` is the command that signs in.
    pub fn of(folder: PathBuf, by: &'static str) -> Self {
        Self { folder, by, faults: RefCell::default(), is_given_up: Cell::default(), known: RefCell::default() }
    }

    /// What went wrong so far, each once.
    pub fn faults(&self) -> Vec<Fault> {
        self.faults.borrow().clone()
    }

    fn complain(&self, fault: Fault) {
        let mut faults = self.faults.borrow_mut();
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }

    /// After one failure the rest of the run does without: it would only wait for the same again.
    fn give_up<T>(&self, fault: Fault, otherwise: T) -> T {
        self.complain(fault);
        self.is_given_up.set(true);
        otherwise
    }

    fn open(&self) -> Result<Open, Fault> {
        make_folder(&self.folder)?;
        Open::lock(&self.folder)
    }

    fn try_turn(
        &self,
        attempt: &Attempt<'_>,
        allows: &dyn Fn(&[Earlier]) -> bool,
    ) -> Result<(Vec<Earlier>, Option<Entry>), Fault> {
        let open = self.open()?;
        let now = now();
        let tags = Tags::of(attempt, &open.key()?);
        let mut known = self.known.borrow_mut();
        let is_first = known.is_none();
        let known = known.get_or_insert_default();
        let path = open.folder.join(LINES);
        known.look(&path, LONGEST)?;
        if is_first && known.broken > 0 {
            self.complain(Fault::BrokenLines(known.broken));
        }
        let tidied = open.tidy(known, now);
        if matches!(tidied, Ok(true)) {
            *known = Known::default();
            known.look(&path, LONGEST)?;
        }
        let lines = Lines::read(&known.of(&path, &tags.account)?);
        let earlier = lines.earlier(&attempt.server(), &tags, now);
        if !allows(&earlier) {
            return Ok((earlier, None));
        }
        let entry = Entry(u64::from_le_bytes(random()?));
        let line = Line::of(attempt, tags, entry, now, Outcome::Asked, self.by);
        tidied.and_then(|_| open.append(&line)).unwrap_or_else(|fault| {
            self.give_up(Fault::NotNoted(fault.to_string()), ());
        });
        Ok((earlier, Some(entry)))
    }

    fn try_note(&self, attempt: &Attempt<'_>, entry: Entry, outcome: Outcome) -> Result<(), Fault> {
        let open = self.open()?;
        let tags = Tags::of(attempt, &open.key()?);
        let line = Line::of(attempt, tags, entry, now(), outcome, self.by);
        open.append(&line).map_err(|fault| Fault::NotNoted(fault.to_string()))
    }
}

impl Ledger for FileLedger {
    fn turn(&self, attempt: &Attempt<'_>, allows: &dyn Fn(&[Earlier]) -> bool) -> (Vec<Earlier>, Option<Entry>) {
        let unknown = || (Vec::new(), Some(Entry(0)));
        if self.is_given_up.get() {
            return unknown();
        }
        self.try_turn(attempt, allows).unwrap_or_else(|fault| self.give_up(fault, unknown()))
    }

    fn note(&self, attempt: &Attempt<'_>, entry: Entry, outcome: Outcome) {
        if !self.is_given_up.get() {
            self.try_note(attempt, entry, outcome).unwrap_or_else(|fault| self.give_up(fault, ()));
        }
    }
}

/// Reads the ledger in a folder. Where there is none, none is made.
pub fn read(folder: &Path) -> Result<Lines, Fault> {
    if !folder.join(LINES).exists() {
        return Ok(Lines::default());
    }
    // Where the folder cannot be written to, the file can be read all the same; a torn last line is passed over.
    let _lock = Open::lock(folder);
    Ok(Lines::read(&text(&folder.join(LINES))?))
}

/// Forgets every sign-in, and the key with them. Returns how many there were.
pub fn clear(folder: &Path) -> Result<usize, Fault> {
    if !folder.exists() {
        return Ok(0);
    }
    let open = Open::lock(folder)?;
    let count = open.text().map_or(0, |text| Lines::read(&text).all.len());
    for name in [LINES, REWRITTEN, KEY] {
        match std::fs::remove_file(open.folder.join(name)) {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault.into()),
            _ => {}
        }
    }
    Ok(count)
}

/// A ledger that no other run changes meanwhile.
struct Open {
    folder: PathBuf,
    /// Closing it ends the lock.
    _lock: File,
}

impl Open {
    fn lock(folder: &Path) -> Result<Self, Fault> {
        let lock = opened(&folder.join(LOCK), OpenOptions::new().write(true).create(true))?;
        for _ in 0..TRIES {
            match lock.try_lock() {
                Ok(()) => return Ok(Self { folder: folder.to_owned(), _lock: lock }),
                Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN),
                Err(TryLockError::Error(fault)) => return Err(fault.into()),
            }
        }
        Err(Fault::Locked)
    }

    /// The key; one is made where there is none.
    fn key(&self) -> Result<[u8; KEY_LENGTH], Fault> {
        let path = self.folder.join(KEY);
        let bytes = match plain_file::read(&path, KEY_LENGTH as u64) {
            Ok(bytes) => bytes,
            Err(NotRead::Failed(fault)) if fault.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(fault) => return Err(fault.into()),
        };
        if !bytes.is_empty() {
            return bytes.try_into().map_err(|_| NotRead::Failed(io::ErrorKind::InvalidData.into()).into());
        }
        let key = random()?;
        let mut file = opened(&path, OpenOptions::new().write(true).create(true).truncate(true))?;
        file.write_all(&key)?;
        file.sync_all()?;
        Ok(key)
    }

    fn text(&self) -> Result<String, Fault> {
        text(&self.folder.join(LINES))
    }

    fn append(&self, line: &Line) -> io::Result<()> {
        let path = self.folder.join(LINES);
        let mut file = opened(&path, OpenOptions::new().read(true).append(true).create(true))?;
        let length = file.metadata()?.len();
        let mut text = serde_json::to_string(line)? + "\n";
        if length > 0 {
            let mut last = [0];
            file.seek(SeekFrom::Start(length - 1))?;
            file.read_exact(&mut last)?;
            // A line that another program tore must not tear this one too.
            if last != *b"\n" {
                text.insert(0, '\n');
            }
        }
        file.write_all(text.as_bytes()).inspect_err(|_| drop(file.set_len(length)))
    }

    /// Rewrites the ledger where it is too long, or has times that are too old or lie ahead. Returns whether it did.
    fn tidy(&self, known: &Known, now: OffsetDateTime) -> io::Result<bool> {
        let is_first_old = known.first.is_some_and(|first| is_old(first, now));
        let is_any_ahead = known.latest().is_some_and(|latest| is_ahead(latest, now));
        if known.length() < LONG as u64 && !is_first_old && !is_any_ahead {
            return Ok(false);
        }
        let bytes =
            plain_file::read(&self.folder.join(LINES), LONGEST).map_err(|why| io::Error::other(why.to_string()))?;
        let mut kept = needed::tidied(&String::from_utf8_lossy(&bytes), now);
        if kept.len() >= LONG {
            kept = needed::shortened(&kept, now);
            // What is needed of still more accounts would be looked through at each sign-in: the newest of it is kept.
            let from = kept.len().saturating_sub(LONG / 2);
            if from > 0 {
                let newest = kept[kept.ceil_char_boundary(from)..].split_once('\n');
                kept = newest.map_or_else(String::new, |(_, newest)| newest.to_owned());
            }
        }
        let path = self.folder.join(REWRITTEN);
        let mut file = opened(&path, OpenOptions::new().write(true).create(true).truncate(true))?;
        file.write_all(kept.as_bytes())?;
        file.sync_all()?;
        drop(file);
        std::fs::rename(path, self.folder.join(LINES)).map(|()| true)
    }
}

fn text(path: &Path) -> Result<String, Fault> {
    match plain_file::read(path, LONGEST) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(NotRead::Failed(fault)) if fault.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(fault) => Err(fault.into()),
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the door")]
fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now)
}

fn random<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| Fault::Unusable("this system gives no random numbers".to_owned()))?;
    Ok(bytes)
}

/// Makes the folder, for its owner alone.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)?;
    for_its_owner(&std::fs::metadata(folder)?, 0o700, |mode| std::fs::set_permissions(folder, mode))
}

/// Opens a plain file, without waiting for the other end of a pipe, for its owner alone.
fn opened(path: &Path, how: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        how.mode(0o600).custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = how.open(path)?;
    let about = file.metadata()?;
    plain_file::is_plain(&about).map_err(|fault| io::Error::other(fault.to_string()))?;
    for_its_owner(&about, 0o600, |mode| file.set_permissions(mode))?;
    Ok(file)
}

/// Takes away what others may do, if they may do anything.
#[cfg(unix)]
fn for_its_owner(
    about: &std::fs::Metadata,
    mode: u32,
    set: impl FnOnce(std::fs::Permissions) -> io::Result<()>,
) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    match about.permissions().mode() & 0o077 {
        0 => Ok(()),
        _ => set(std::fs::Permissions::from_mode(mode)),
    }
}

/// Elsewhere the user's own folder is the user's alone.
#[cfg(not(unix))]
fn for_its_owner(
    _: &std::fs::Metadata,
    _: u32,
    _: impl FnOnce(std::fs::Permissions) -> io::Result<()>,
) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::Mechanism;
    use crate::secret::Secret;

    /// A folder that is deleted at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            Self(std::env::temp_dir().join(format!("ledger-{name}-{}", std::process::id())))
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn sign_in(folder: &Folder, login: &str, outcome: Outcome) -> Vec<Earlier> {
        let secret = Secret::new("abcd-efgh-ijkl-mnop".to_owned());
        let attempt = Attempt { host: "imap.mail.me.com", login, secret: &secret, mechanism: Mechanism::Plain };
        let ledger = FileLedger::of(folder.0.clone(), "check");
        let (earlier, entry) = ledger.turn(&attempt, &|_| true);
        ledger.note(&attempt, entry.unwrap(), outcome);
        assert_eq!(ledger.faults(), []);
        earlier
    }

    #[test]
    fn what_one_run_notes_the_next_one_knows() {
        let folder = Folder::new("next");
        assert_eq!(sign_in(&folder, "you", Outcome::Refused), []);
        let earlier = sign_in(&folder, "you@icloud.com", Outcome::Accepted);
        assert_eq!(
            earlier.iter().map(|one| (one.outcome, one.same_password)).collect::<Vec<_>>(),
            [(Outcome::Refused, true)]
        );
        assert_eq!(sign_in(&folder, "another", Outcome::Other), []);
        assert_eq!(read(&folder.0).unwrap().all.len(), 3);
        assert_eq!(clear(&folder.0), Ok(3));
        assert_eq!(sign_in(&folder, "you", Outcome::Refused), []);
    }

    #[test]
    fn to_read_makes_nothing() {
        let folder = Folder::new("nothing");
        assert_eq!((read(&folder.0), clear(&folder.0)), (Ok(Lines::default()), Ok(0)));
        assert!(!folder.0.exists());
    }

    #[test]
    fn runs_at_once_lose_nothing() {
        let folder = Folder::new("once");
        std::thread::scope(|scope| {
            for number in 0..8 {
                let folder = &folder;
                scope.spawn(move || {
                    for _ in 0..20 {
                        sign_in(folder, &format!("account{number}"), Outcome::Accepted);
                    }
                });
            }
        });
        let lines = read(&folder.0).unwrap();
        assert_eq!((lines.all.len(), lines.broken), (160, 0));
        assert!(lines.all.iter().all(|line| line.outcome == Outcome::Accepted));
    }

    /// One ledger over a whole run, while others add to the file, tear it, begin it anew and make it smaller.
    #[test]
    fn what_others_do_meanwhile_is_seen() {
        let (folder, secret) = (Folder::new("meanwhile"), Secret::new("abcd-efgh-ijkl-mnop".to_owned()));
        let ours = FileLedger::of(folder.0.clone(), "check");
        let seen = |login: &str| {
            let attempt = Attempt { host: "imap.mail.me.com", login, secret: &secret, mechanism: Mechanism::Plain };
            ours.turn(&attempt, &|_| false).0.len()
        };
        assert_eq!(seen("you"), 0);
        for count in 1..4 {
            sign_in(&folder, "you", Outcome::Accepted);
            sign_in(&folder, "another", Outcome::Refused);
            assert_eq!((seen("you"), seen("another"), seen("nobody")), (count, count, 0));
        }
        let path = folder.path(LINES);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}{}", &text[..50])).unwrap();
        assert_eq!(seen("you"), 3);
        sign_in_after_a_tear(&folder, "you");
        assert_eq!(seen("you"), 4);
        // The lines are in other places, and the file is longer than before.
        let lines: Vec<&str> = text.lines().collect();
        let other = lines[2..].iter().chain(&lines[..2]).fold(String::new(), |all, line| all + line + "\n");
        std::fs::write(&path, other.repeat(2)).unwrap();
        assert_eq!((seen("you"), seen("another")), (3, 3));
        std::fs::write(&path, lines[0].to_owned() + "\n").unwrap();
        assert_eq!((seen("you"), seen("another")), (1, 0));
        clear(&folder.0).unwrap();
        assert_eq!(seen("you"), 0);
        sign_in(&folder, "you", Outcome::Refused);
        assert_eq!((seen("you"), ours.faults()), (1, vec![]));
    }

    /// A sign-in behind half a line.
    fn sign_in_after_a_tear(folder: &Folder, login: &str) {
        let secret = Secret::new("abcd-efgh-ijkl-mnop".to_owned());
        let attempt = Attempt { host: "imap.mail.me.com", login, secret: &secret, mechanism: Mechanism::Plain };
        let ledger = FileLedger::of(folder.0.clone(), "check");
        ledger.turn(&attempt, &|_| true);
        assert_eq!(ledger.faults(), [Fault::BrokenLines(1)]);
    }

    #[test]
    fn what_is_too_old_is_forgotten_and_what_cannot_be_read_is_kept() {
        let folder = Folder::new("old");
        sign_in(&folder, "you", Outcome::Refused);
        let new = std::fs::read_to_string(folder.path(LINES)).unwrap();
        let year = new.split_once("\"when\":\"").unwrap().1[..4].to_owned();
        let old = new.lines().next().unwrap().replace(&format!("\"{year}-"), "\"2020-");
        std::fs::write(folder.path(LINES), format!("{old}\nbroken\n{new}torn")).unwrap();
        let secret = Secret::new(String::new());
        let attempt = Attempt { host: "a", login: "me", secret: &secret, mechanism: Mechanism::Plain };
        let ledger = FileLedger::of(folder.0.clone(), "check");
        ledger.turn(&attempt, &|_| true);
        assert_eq!(ledger.faults(), [Fault::BrokenLines(2)]);
        let kept = std::fs::read_to_string(folder.path(LINES)).unwrap();
        assert!(kept.starts_with(&format!("broken\n{new}torn\n{{\"when\":")), "{kept}");
        assert_eq!(kept.lines().count(), 5);
    }

    #[test]
    fn a_time_that_lies_ahead_holds_back_and_passes() {
        let folder = Folder::new("ahead");
        sign_in(&folder, "you", Outcome::Refused);
        let lines = std::fs::read_to_string(folder.path(LINES)).unwrap();
        let year = lines.split_once("\"when\":\"").unwrap().1[..4].to_owned();
        std::fs::write(folder.path(LINES), lines.replace(&format!("\"{year}-"), "\"2099-")).unwrap();
        let earlier = sign_in(&folder, "you", Outcome::Refused);
        assert_eq!(earlier.iter().map(|one| (one.ago_s, one.outcome)).collect::<Vec<_>>(), [(0, Outcome::Refused)]);
        assert!(!std::fs::read_to_string(folder.path(LINES)).unwrap().contains("2099"));
        // The one before stands before the one that was added.
        assert_eq!(sign_in(&folder, "you", Outcome::Accepted).len(), 2);
    }

    #[test]
    fn a_ledger_that_is_too_long_keeps_what_is_needed() {
        let folder = Folder::new("long");
        sign_in(&folder, "you", Outcome::Refused);
        sign_in(&folder, "another", Outcome::Accepted);
        let lines = std::fs::read_to_string(folder.path(LINES)).unwrap();
        let (refused, accepted) = lines.split_at(lines.match_indices('\n').nth(1).unwrap().0 + 1);
        let id = accepted.split_once("\"id\":\"").unwrap().1[..16].to_owned();
        let mut long = refused.to_owned();
        for number in 0..=LONG / accepted.len() {
            long.push_str(&accepted.replace(&id, &format!("{number:016x}")));
        }
        std::fs::write(folder.path(LINES), &long).unwrap();
        let earlier = sign_in(&folder, "you", Outcome::Other);
        assert_eq!(earlier.iter().map(|one| one.outcome).collect::<Vec<_>>(), [Outcome::Refused]);
        let kept = read(&folder.0).unwrap();
        assert_eq!((kept.all.len(), kept.broken), (3, 0), "the accepted one is kept once");
        // Nothing in it is needed, and nothing says so: the newest half stays.
        let long = "no line\n".repeat(LONG / 8 + 1);
        std::fs::write(folder.path(LINES), &long).unwrap();
        let secret = Secret::new(String::new());
        let attempt = Attempt { host: "a", login: "me", secret: &secret, mechanism: Mechanism::Plain };
        FileLedger::of(folder.0.clone(), "check").turn(&attempt, &|_| true);
        let length = usize::try_from(std::fs::metadata(folder.path(LINES)).unwrap().len()).unwrap();
        assert!((LONG / 2..LONG / 2 + 1000).contains(&length), "{length}");
    }

    #[test]
    #[cfg(unix)]
    fn its_owner_alone_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new("owner");
        std::fs::create_dir(&folder.0).unwrap();
        std::fs::write(folder.path(LINES), "").unwrap();
        let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        set(&folder.0, 0o755);
        set(&folder.path(LINES), 0o644);
        sign_in(&folder, "you", Outcome::Refused);
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let files = [LINES, KEY, LOCK].map(|name| mode(&folder.path(name)));
        assert_eq!((mode(&folder.0), files), (0o700, [0o600; 3]));
    }
}
