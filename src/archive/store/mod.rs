//! The copy that `archive pull` writes: a Maildir for each folder, and the sums of its files. What is there is what its
//! names say; there is no other state.

mod names;
mod sums;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use checks::archive::digest::Sha256;
use checks::archive::{Kept, Store};

use super::scan::{Scan, lines};
use crate::misuse::Misuse;
use names::{Directories, file_name, read_name};
use sums::Sums;

const LOCK: &str = ".icloud-mail-doctor.lock";
/// How much is written at once, in bytes.
const AT_ONCE: usize = 64 << 10;

/// How many files are put on the disk at the same time.
const SYNCED_AT_ONCE: usize = 8;

/// The copy, for as long as this run writes to it.
pub(super) struct Copy {
    root: PathBuf,
    /// Held until the run ends, so that two runs never write at once.
    _lock: File,
    inside: RefCell<Inside>,
}

struct Inside {
    directories: Directories,
    /// The directory of the folder that messages are written to, below the root.
    current: String,
    begun: Option<Begun>,
    /// What is whole, and not yet under its name.
    whole: Vec<Whole>,
    /// The names of the folder's messages with older numbers.
    older: HashMap<Kept, String>,
    count: u64,
    sums: Sums,
}

struct Begun {
    file: BufWriter<File>,
    path: PathBuf,
    sum: Sha256,
}

struct Whole {
    file: File,
    path: PathBuf,
    /// Where it belongs, below the root.
    name: String,
    sum: String,
}

impl Copy {
    /// Opens the copy, or begins one.
    pub(super) fn open(root: &Path) -> Result<Self, Misuse> {
        let unusable = |fault: io::Error| {
            Misuse::new(format!("{} cannot be written to: {fault}", root.display()), "name another folder")
        };
        create_directory(root).map_err(unusable)?;
        let lock = options().create(true).truncate(false).write(true).open(root.join(LOCK)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Misuse::new(
                    format!("another run is writing to {}", root.display()),
                    "wait until it has ended",
                ));
            }
            Err(TryLockError::Error(fault)) => return Err(unusable(fault)),
        }
        let inside = Inside {
            directories: Directories::default(),
            current: String::new(),
            begun: None,
            whole: Vec::new(),
            older: HashMap::new(),
            count: 0,
            sums: Sums::read(root).map_err(unusable)?,
        };
        Ok(Self { root: root.to_owned(), _lock: lock, inside: RefCell::new(inside) })
    }

    /// Lists the messages of the current folder by what their names say.
    fn list(&self, directory: &str) -> io::Result<Vec<(Kept, String)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.root.join(directory).join("cur"))? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            // A file that has another size than its name says is not that message.
            let Some(kept) =
                read_name(&name).filter(|kept| entry.metadata().is_ok_and(|about| about.len() == kept.size))
            else {
                continue;
            };
            found.push((kept, name));
        }
        Ok(found)
    }

    fn open_folder(&self, folder: &str) -> io::Result<Vec<Kept>> {
        let mut inside = self.inside.borrow_mut();
        let inside = &mut *inside;
        let directory = inside.directories.of(folder);
        for part in ["cur", "new", "tmp"] {
            create_directory(&self.root.join(&directory).join(part))?;
        }
        // What a killed run left; no other run writes here now.
        for entry in fs::read_dir(self.root.join(&directory).join("tmp"))?.flatten() {
            let _ = fs::remove_file(entry.path());
        }
        let listed = self.list(&directory)?;
        for (_, name) in &listed {
            inside.sums.see(&self.root, format!("{directory}/cur/{name}"))?;
        }
        inside.current = directory;
        inside.older.clear();
        Ok(listed.into_iter().map(|(kept, _)| kept).collect())
    }

    /// Puts everything under its name: first the bytes, then the names.
    fn settle_all(&self) -> io::Result<()> {
        let mut inside = self.inside.borrow_mut();
        let whole = std::mem::take(&mut inside.whole);
        sync(&whole)?;
        let mut directories: Vec<PathBuf> = Vec::new();
        for one in &whole {
            let path = self.root.join(&one.name);
            fs::rename(&one.path, &path)?;
            let directory = path.parent().unwrap_or(&self.root).to_owned();
            if directories.last() != Some(&directory) {
                directories.push(directory);
            }
        }
        // On Windows a directory cannot be opened for this.
        directories.iter().filter(|_| cfg!(unix)).try_for_each(|directory| File::open(directory)?.sync_all())?;
        inside.sums.add(whole.into_iter().map(|one| (one.sum, one.name)))
    }

    /// Ends the run: the list of sums names what is there, and nothing else.
    pub(super) fn end(&self) -> Result<(), String> {
        self.forget();
        let ended = self.settle_all().and_then(|()| self.inside.borrow_mut().sums.end(&self.root));
        ended.map_err(|fault| sentence(&fault))
    }
}

impl Store for Copy {
    fn kept(&self, folder: &str) -> Result<Vec<Kept>, String> {
        self.settle()?;
        self.open_folder(folder).map_err(|fault| sentence(&fault))
    }

    fn identities(&self, _folder: &str, kept: &[Kept]) -> Result<Vec<u64>, String> {
        let mut inside = self.inside.borrow_mut();
        let directory = inside.current.clone();
        inside.older = self.list(&directory).map_err(|fault| sentence(&fault))?.into_iter().collect();
        let key = |kept: &Kept| {
            let file = File::open(self.root.join(&directory).join("cur").join(inside.older.get(kept)?)).ok()?;
            let mut scan = Scan::default();
            lines(BufReader::with_capacity(AT_ONCE, file), |part, begins| scan.take(part, begins)).ok()?;
            Some(scan.end(0, false).key)
        };
        Ok(kept.iter().map(|kept| key(kept).unwrap_or(0)).collect())
    }

    fn renumber(&self, _folder: &str, from: Kept, to: Kept) -> Result<(), String> {
        let mut inside = self.inside.borrow_mut();
        let Some(old) = inside.older.remove(&from) else { return Ok(()) };
        let flags = old.rsplit_once("2,").map_or("", |(_, flags)| flags);
        let directory = inside.current.clone();
        let (old, new) = (format!("{directory}/cur/{old}"), format!("{directory}/cur/{}", file_name(to, flags)));
        let renamed = fs::rename(self.root.join(&old), self.root.join(&new));
        renamed.and_then(|()| inside.sums.see(&self.root, new)).map_err(|fault| sentence(&fault))
    }

    fn take(&self, bytes: &[u8]) -> Result<(), String> {
        let mut inside = self.inside.borrow_mut();
        let inside = &mut *inside;
        let written = match &mut inside.begun {
            Some(begun) => Ok(begun),
            None => {
                inside.count += 1;
                let path = self.root.join(&inside.current).join("tmp").join(inside.count.to_string());
                options().create_new(true).write(true).open(&path).map(|file| {
                    let file = BufWriter::with_capacity(AT_ONCE, file);
                    inside.begun.insert(Begun { file, path, sum: Sha256::default() })
                })
            }
        };
        let written = written.and_then(|begun| {
            begun.sum.take(bytes);
            begun.file.write_all(bytes)
        });
        written.map_err(|fault| sentence(&fault))
    }

    fn keep(&self, _folder: &str, message: Kept, flags: &str, unix: i64) -> Result<(), String> {
        let mut inside = self.inside.borrow_mut();
        let Some(Begun { file, path, sum }) = inside.begun.take() else { return Ok(()) };
        let file = file.into_inner().map_err(|fault| sentence(fault.error()))?;
        // Mail programs sort by it; a file system that cannot keep it is no reason to stop.
        if let Ok(seconds) = u64::try_from(unix) {
            let _ = file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        }
        let name = format!("{}/cur/{}", inside.current, file_name(message, flags));
        inside.whole.push(Whole { file, path, name, sum: sum.hexadecimal() });
        Ok(())
    }

    fn forget(&self) {
        if let Some(begun) = self.inside.borrow_mut().begun.take() {
            let _ = fs::remove_file(begun.path);
        }
    }

    fn settle(&self) -> Result<(), String> {
        self.settle_all().map_err(|fault| sentence(&fault))
    }
}

/// Puts the files on the disk. Several at once take hardly longer than one, because the file system's journal is then
/// written for all of them together.
fn sync(whole: &[Whole]) -> io::Result<()> {
    let part = whole.len().div_ceil(SYNCED_AT_ONCE).max(1);
    std::thread::scope(|scope| {
        let sync = |part: &[Whole]| part.iter().try_for_each(|one| one.file.sync_all());
        let begun: Vec<_> = whole.chunks(part).map(|part| scope.spawn(move || sync(part))).collect();
        let ended = begun.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())));
        ended.collect()
    })
}

/// New files are for their owner alone.
fn options() -> OpenOptions {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "elsewhere a file has no mode"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn create_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

fn sentence(fault: &io::Error) -> String {
    match fault.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full; what was fetched is kept, and after making room the same command goes on".to_owned()
        }
        _ => format!("the copy cannot be written: {fault}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is before the flags in the name of a file: on Windows no name can have a colon.
    const MARK: char = if cfg!(windows) { ';' } else { ':' };

    fn put(copy: &Copy, uid: u32, text: &str) {
        copy.take(text.as_bytes()).unwrap();
        copy.keep("INBOX", Kept { uid, uidvalidity: 5, size: text.len() as u64 }, "S", 1_000_000_000).unwrap();
    }

    fn files(root: &Path) -> Vec<String> {
        let entries = fs::read_dir(root.join("INBOX/cur")).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_kept_is_found_again_and_two_runs_never_write_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("copy");
        let copy = Copy::open(&root).unwrap();
        assert_eq!(copy.kept("INBOX").unwrap(), []);
        put(&copy, 7, "one");
        copy.take(b"half").unwrap();
        assert!(Copy::open(&root).is_err_and(|why| why.to_string().contains("another run")));
        copy.end().unwrap();
        drop(copy);
        assert_eq!(files(&root), [format!("7.V5.S=3{MARK}2,S")]);
        let copy = Copy::open(&root).unwrap();
        assert_eq!(copy.kept("INBOX").unwrap(), [Kept { uid: 7, uidvalidity: 5, size: 3 }]);
        assert_eq!(fs::read_dir(root.join("INBOX/tmp")).unwrap().count(), 0);
        let sums = fs::read_to_string(root.join("SHA256SUMS")).unwrap();
        let sum = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
        assert_eq!(sums, format!("{sum}  INBOX/cur/7.V5.S=3{MARK}2,S\n"));
    }

    #[test]
    fn a_file_that_was_cut_short_is_not_taken_for_the_message() {
        let root = tempfile::tempdir().unwrap();
        let copy = Copy::open(root.path()).unwrap();
        copy.kept("INBOX").unwrap();
        put(&copy, 7, "one");
        copy.settle().unwrap();
        let path = root.path().join("INBOX/cur").join(&files(root.path())[0]);
        fs::write(&path, "on").unwrap();
        assert_eq!(copy.kept("INBOX").unwrap(), []);
    }

    #[test]
    fn the_sums_follow_a_file_that_a_mail_program_renames() {
        let root = tempfile::tempdir().unwrap();
        let copy = Copy::open(root.path()).unwrap();
        copy.kept("INBOX").unwrap();
        put(&copy, 7, "one");
        copy.end().unwrap();
        drop(copy);
        let cur = root.path().join("INBOX/cur");
        fs::rename(cur.join(&files(root.path())[0]), cur.join(format!("7.V5.S=3{MARK}2,FS"))).unwrap();
        let copy = Copy::open(root.path()).unwrap();
        copy.kept("INBOX").unwrap();
        copy.end().unwrap();
        let sums = fs::read_to_string(root.path().join("SHA256SUMS")).unwrap();
        assert_eq!((sums.lines().count(), sums.contains("2,FS")), (1, true), "{sums}");
    }

    #[cfg(unix)]
    #[test]
    fn its_owner_alone_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("copy");
        let copy = Copy::open(&root).unwrap();
        copy.kept("INBOX").unwrap();
        put(&copy, 7, "one");
        copy.end().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let cur = root.join("INBOX/cur");
        assert_eq!((mode(&root), mode(&cur), mode(&cur.join(&files(&root)[0]))), (0o700, 0o700, 0o600));
        assert_eq!(mode(&root.join("SHA256SUMS")), 0o600);
    }
}
