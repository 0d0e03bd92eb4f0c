//! A copy of a mailbox on this computer, by any program: Maildirs, mbox files, and folders of .eml files.

use std::fs::{self, File};
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use checks::archive::digest::{Digest, Digester};
use checks::archive::{Copied, Local, plain};

use super::scan::{Scan, lines};
use crate::misuse::Misuse;

/// How deep folders may be in folders.
const DEEPEST: usize = 32;
/// The most messages that are read.
const MOST_MESSAGES: usize = 5_000_000;
/// How much is read at once, in bytes.
const AT_ONCE: usize = 64 << 10;

/// Where a message is.
struct Place {
    /// The number of its file's folder, for a file of its own; or of its mbox file.
    of: u32,
    /// The file's name; empty in an mbox file.
    name: Box<str>,
    /// Where it begins and ends in its file.
    at: (u64, u64),
}

/// The copy.
pub(super) struct Folder {
    /// Every directory with files of messages, and every mbox file.
    paths: Vec<PathBuf>,
    names: Vec<String>,
    places: Vec<Place>,
    locals: Vec<Local>,
    /// How many files could not be read.
    pub(super) unread: u64,
}

/// What was found before anything is read.
#[derive(Default)]
struct Listing {
    paths: Vec<PathBuf>,
    names: Vec<String>,
    /// A file of one message: the number of its directory, its name, and the number of its folder.
    files: Vec<(u32, Box<str>, u32)>,
    /// An mbox file: its number, and that of its folder.
    boxes: Vec<(u32, u32)>,
    unread: u64,
}

impl Folder {
    /// Reads it.
    pub(super) fn read(root: &Path) -> Result<Self, Misuse> {
        if !root.is_dir() {
            return Err(Misuse::new(
                format!("{} is not a folder", root.display()),
                "name the folder that the copy is in; a Thunderbird profile has it in Mail/Local Folders",
            ));
        }
        let mut listing = Listing::default();
        listing.visit(root, root, DEEPEST);
        let mut copy = Self {
            paths: listing.paths,
            names: listing.names,
            places: Vec::with_capacity(listing.files.len()),
            locals: Vec::with_capacity(listing.files.len()),
            unread: listing.unread,
        };
        for (number, folder) in listing.boxes {
            if let Err(_fault) = copy.read_box(number, folder) {
                copy.unread += 1;
            }
        }
        let scanned = copy.scanned(&listing.files);
        for ((of, name, _), local) in listing.files.into_iter().zip(scanned) {
            match local {
                Some(local) => {
                    copy.locals.push(local);
                    copy.places.push(Place { of, name, at: (0, u64::MAX) });
                }
                None => copy.unread += 1,
            }
        }
        if copy.locals.is_empty() {
            return Err(Misuse::new(
                format!("there is no message in {}", root.display()),
                "name the folder of a Maildir, of mbox files or of .eml files",
            ));
        }
        Ok(copy)
    }

    /// Reads the files of one message each, on all processors.
    fn scanned(&self, files: &[(u32, Box<str>, u32)]) -> Vec<Option<Local>> {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(4);
        let part = files.len().div_ceil(processors).max(1);
        let scan = |(of, name, folder): &(u32, Box<str>, u32)| {
            let mut scan = Scan::default();
            let file = File::open(self.paths[*of as usize].join(&**name)).ok()?;
            lines(BufReader::with_capacity(AT_ONCE, file), |part, begins| scan.take(part, begins)).ok()?;
            Some(scan.end(*folder, false))
        };
        std::thread::scope(|scope| {
            let scan = &scan;
            let begun: Vec<_> =
                files.chunks(part).map(|part| scope.spawn(move || part.iter().map(scan).collect::<Vec<_>>())).collect();
            // A thread that panics is a fault of ours; its files count as not read.
            begun.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
        })
    }

    /// RFC 4155: each message follows a line that begins with `From `, after an empty line or at the beginning.
    fn read_box(&mut self, number: u32, folder: u32) -> std::io::Result<()> {
        let file = BufReader::with_capacity(AT_ONCE, File::open(&self.paths[number as usize])?);
        let (mut at, mut was_empty, mut begun) = (0_u64, true, None::<(u64, Scan)>);
        let mut found = Vec::new();
        lines(file, |part, begins| {
            if begins && was_empty && part.starts_with(b"From ") {
                found.extend(begun.take().map(|(from, scan)| (from, at, scan.end(folder, true))));
                begun = Some((at + part.len() as u64, Scan::default()));
            } else if let Some((_, scan)) = &mut begun {
                scan.take(part, begins);
            }
            at += part.len() as u64;
            was_empty = begins && (part == b"\n" || part == b"\r\n");
        })?;
        found.extend(begun.take().map(|(from, scan)| (from, at, scan.end(folder, true))));
        for (from, to, local) in found {
            self.locals.push(local);
            self.places.push(Place { of: number, name: Box::default(), at: (from, to) });
        }
        Ok(())
    }
}

impl Listing {
    fn visit(&mut self, root: &Path, folder: &Path, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let Ok(entries) = fs::read_dir(folder) else {
            self.unread += 1;
            return;
        };
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        let is_maildir = entries.iter().any(|entry| entry.file_name() == "cur" && is_folder(entry));
        let name = name(root, folder);
        for entry in entries {
            let (path, file) = (entry.path(), entry.file_name());
            if is_folder(&entry) {
                match file.to_str() {
                    Some("cur" | "new") if is_maildir => self.messages(&path, &name),
                    // What is in tmp is not whole yet.
                    Some("tmp") if is_maildir => {}
                    _ => self.visit(root, &path, depth),
                }
            } else if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("eml")) {
                let (of, folder) = (self.path(folder), self.folder(&name));
                self.file(of, &file, folder);
            } else if begins_as_mbox(&path) {
                let without_end = path.with_extension("");
                let is_named_so = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("mbox"));
                let folder = self.folder(&self::name(root, if is_named_so { &without_end } else { &path }));
                let number = self.path(&path);
                self.boxes.push((number, folder));
            }
        }
    }

    /// The messages of a Maildir.
    fn messages(&mut self, folder: &Path, name: &str) {
        let Ok(entries) = fs::read_dir(folder) else {
            self.unread += 1;
            return;
        };
        let (of, number) = (self.path(folder), self.folder(name));
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries.iter().filter(|entry| !is_folder(entry)) {
            // mbsync and Dovecot keep their own state in files beside the folders, whose names begin with a dot.
            if !entry.file_name().to_string_lossy().starts_with('.') {
                self.file(of, &entry.file_name(), number);
            }
        }
    }

    fn file(&mut self, of: u32, name: &std::ffi::OsStr, folder: u32) {
        match name.to_str().filter(|_| self.files.len() < MOST_MESSAGES) {
            Some(name) => self.files.push((of, name.into(), folder)),
            None => self.unread += 1,
        }
    }

    fn path(&mut self, path: &Path) -> u32 {
        if self.paths.last().is_none_or(|last| last != path) {
            self.paths.push(path.to_owned());
        }
        u32::try_from(self.paths.len() - 1).unwrap_or(u32::MAX)
    }

    fn folder(&mut self, name: &str) -> u32 {
        let at = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

/// The name of a folder as it can be compared.
fn name(root: &Path, folder: &Path) -> String {
    let below = folder.strip_prefix(root).unwrap_or(folder);
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    plain(&parts.join("/"))
}

/// A link is not followed: it may lead back.
fn is_folder(entry: &fs::DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_dir())
}

fn begins_as_mbox(path: &Path) -> bool {
    let mut first = [0; 5];
    let is_plain = path.symlink_metadata().is_ok_and(|about| about.is_file());
    is_plain && File::open(path).and_then(|mut file| file.read_exact(&mut first)).is_ok() && &first == b"From "
}

impl Copied for Folder {
    fn folders(&self) -> &[String] {
        &self.names
    }

    fn messages(&self) -> &[Local] {
        &self.locals
    }

    fn digest(&self, message: usize) -> Option<Digest> {
        let place = self.places.get(message)?;
        let path = &self.paths[place.of as usize];
        let path = if place.name.is_empty() { path.clone() } else { path.join(&*place.name) };
        let mut file = File::open(path).ok()?;
        let (from, to) = place.at;
        file.seek(SeekFrom::Start(from)).ok()?;
        let (mut digester, mut left, mut bytes) = (Digester::default(), to - from, vec![0; AT_ONCE]);
        loop {
            let room = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
            let length = file.read(&mut bytes[..room]).ok()?;
            if length == 0 {
                return Some(digester.end());
            }
            digester.take(&bytes[..length]);
            left -= length as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use checks::archive::key;

    use super::*;

    #[test]
    fn every_kind_of_copy_is_read() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let message = |id: &str| format!("Message-ID: <{id}>\nSubject: x\n\nHello\n>From here\n");
        write(if cfg!(windows) { "INBOX/cur/1.a;2,S" } else { "INBOX/cur/1.a:2,S" }, &message("maildir"));
        write("INBOX/cur/.mbsyncstate", "not a message");
        write("INBOX/new/2.a", &message("new"));
        write("INBOX/tmp/3.a", &message("tmp"));
        write("Sent Messages.mbox", &format!("From a\n{}\nFrom b\n{}\n", message("one"), message("two")));
        write("Mail/Local Folders/2019.sbd/Trip", &format!("From - x\n{}\n", message("bird")));
        write("Mail/Local Folders/2019.sbd/Trip.msf", "// <!-- <mdb:mork:z v=\"1.4\"/> -->");
        write("Apple/Messages/a.eml", &message("apple"));
        let copy = Folder::read(root.path()).unwrap();
        let mut found: Vec<(String, u64)> =
            copy.locals.iter().map(|local| (copy.names[local.folder as usize].clone(), local.key)).collect();
        let mut expected: Vec<(String, u64)> = [
            ("inbox", "maildir"),
            ("inbox", "new"),
            ("sent", "one"),
            ("sent", "two"),
            ("mail/local folders/2019/trip", "bird"),
            ("apple/messages", "apple"),
        ]
        .map(|(folder, id)| (folder.to_owned(), key(format!("<{id}>").as_bytes())))
        .into();
        found.sort();
        expected.sort();
        assert_eq!((found, copy.unread), (expected, 0));
        let digests: Vec<Digest> = (0..copy.locals.len()).map(|at| copy.digest(at).unwrap()).collect();
        let mut whole = Digester::default();
        whole.take(message("two").replace('\n', "\r\n").as_bytes());
        let whole = whole.end();
        let like = digests.iter().filter(|digest| whole.compare(digest) != checks::archive::digest::Likeness::Other);
        assert_eq!(like.count(), 1);
    }
}
