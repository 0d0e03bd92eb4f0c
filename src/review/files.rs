//! The settings files: those that were named, or those in their usual places.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use checks::network::plain_file::{self, NotRead};

use super::encoding::{Encoding, decode};
use super::programs::{self, PROGRAMS, Program};
use crate::Misuse;
use crate::files::Place;

/// No settings file is longer, in bytes.
const LONGEST: u64 = 1024 * 1024;
/// A project's settings do not lie deeper.
const DEEPEST: usize = 4;
/// A folder with more than this in it is no project, but a disk.
const MOST_ENTRIES: usize = 20_000;
/// What others have written, or programs have made.
const PASSED_OVER: [&str; 6] = ["node_modules", "target", "vendor", "venv", ".venv", "__pycache__"];

/// A file, and whose settings it holds.
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// The path as it is shown.
    pub(super) shown: String,
    pub(super) program: &'static Program,
    pub(super) text: String,
    pub(super) is_readable_by_others: bool,
    pub(super) origin: Origin,
}

/// The file as it was when it was read.
pub(super) struct Origin {
    /// Where it is, without links.
    pub(super) path: PathBuf,
    pub(super) about: Metadata,
    pub(super) encoding: Encoding,
}

/// The files at these paths, or in the usual places where none is given.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<Found>, Misuse> {
    if paths.is_empty() {
        return Ok(usual());
    }
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(below(path));
        } else {
            found.push(named(path)?);
        }
    }
    Ok(found)
}

/// A file whose accounts somebody wants to know, whatever it is called.
pub(super) fn named(path: &Path) -> Result<Found, Misuse> {
    let shown = path.display().to_string();
    let (text, origin) = read(path).map_err(|why| {
        Misuse::new(format!("{shown} cannot be read: {why}"), "name a settings file or a project's folder")
    })?;
    let program = programs::of(path).or_else(|| programs::like(&text)).ok_or_else(|| {
        let known: Vec<&str> = PROGRAMS.iter().map(|program| program.title).collect();
        Misuse::new(
            format!("{shown} is no settings file that is known here"),
            format!("name one of {}", known.join(", ")),
        )
    })?;
    Ok(found(path, shown, program, text, origin))
}

fn found(path: &Path, shown: String, program: &'static Program, text: String, origin: Origin) -> Found {
    let is_readable_by_others = is_readable_by_others(&origin.about);
    Found { is_readable_by_others, path: path.to_owned(), shown, program, text, origin }
}

/// The usual places that there are on this computer.
fn usual() -> Vec<Found> {
    let home = std::env::home_dir();
    let mut all: Vec<Found> = Vec::new();
    for program in &PROGRAMS {
        for place in program.places {
            for path in expanded(place, home.as_deref()) {
                let is_known = all.iter().any(|known| known.path == path);
                if let (false, Ok((text, origin))) = (is_known, read(&path)) {
                    let shown = home.as_deref().and_then(|home| path.strip_prefix(home).ok());
                    let shown =
                        shown.map_or_else(|| path.display().to_string(), |path| format!("~/{}", path.display()));
                    all.push(found(&path, shown, program, text, origin));
                }
            }
        }
    }
    all
}

/// The paths that a place means: `~/` is the home, and a `*` any one folder.
fn expanded(place: &str, home: Option<&Path>) -> Vec<PathBuf> {
    let (mut paths, rest) = match (place.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => (vec![home.to_owned()], rest),
        (Some(_), None) => return Vec::new(),
        (None, _) => (vec![PathBuf::from("/")], place.trim_start_matches('/')),
    };
    for part in rest.split('/') {
        paths = match part {
            "*" => paths.iter().flat_map(|path| entries(path)).filter(|path| path.is_dir()).collect(),
            part => paths.into_iter().map(|path| path.join(part)).collect(),
        };
    }
    paths.retain(|path| path.is_file());
    paths
}

/// The settings files of a project that name iCloud's servers.
fn below(folder: &Path) -> Vec<Found> {
    let (mut found_files, mut folders, mut seen) = (Vec::new(), vec![(folder.to_owned(), 0)], 0);
    while let Some((folder, depth)) = folders.pop() {
        for path in entries(&folder) {
            seen += 1;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if seen > MOST_ENTRIES || PASSED_OVER.contains(&name.as_str()) || path.is_symlink() {
                continue;
            }
            if path.is_dir() && depth < DEEPEST {
                folders.push((path, depth + 1));
            } else if let Some(program) = programs::of(&path)
                && let Ok((text, origin)) = read(&path)
                && is_itself(&path, &origin)
            {
                let lower = text.to_lowercase();
                let is_about_mail = || (program.read)(&text).map_or(true, |accounts| !accounts.is_empty());
                if (lower.contains("me.com") || lower.contains("icloud")) && is_about_mail() {
                    let shown = path.display().to_string();
                    found_files.push(found(&path, shown, program, text, origin));
                }
            }
        }
    }
    found_files.sort_by(|one, other| one.path.cmp(&other.path));
    found_files
}

/// What is in a folder, in the order of the names.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Reads a settings file, and keeps what tells later whether it is still the same.
fn read(path: &Path) -> Result<(String, Origin), NotRead> {
    let place = Place::of(path)?;
    let (file, about) = place.read()?;
    let (text, encoding) = decode(&plain_file::within(file, LONGEST)?);
    Ok((text, Origin { path: place.path().to_owned(), about, encoding }))
}

/// Whether it is the file in that folder, and no link has come there since the folder was listed.
fn is_itself(path: &Path, origin: &Origin) -> bool {
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    folder.zip(path.file_name()).is_some_and(|(folder, name)| folder.join(name) == origin.path)
}

impl Found {
    /// The place of the file, where it is still the one that was read.
    pub(super) fn place(&self) -> io::Result<Place> {
        let place = Place::of(&self.path)?;
        if place.path() != self.origin.path {
            return Err(changed());
        }
        self.holds(&place)?;
        Ok(place)
    }

    /// The file as it is now, where that is as it was read.
    pub(super) fn holds(&self, place: &Place) -> io::Result<(File, Metadata)> {
        let (file, about) = place.read().map_err(|_| changed())?;
        let bytes = plain_file::within(&file, LONGEST).map_err(|_| changed())?;
        let is_same = is_one_file(&about, &self.origin.about) && bytes == self.origin.encoding.encode(&self.text);
        if is_same { Ok((file, about)) } else { Err(changed()) }
    }
}

fn changed() -> io::Error {
    io::Error::other("it has been changed since it was read, and nothing was written")
}

/// Whether this is one file, and not another that has come in its place.
#[cfg(unix)]
fn is_one_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let told = |about: &Metadata| (about.dev(), about.ino(), about.len(), about.mtime(), about.mtime_nsec());
    told(one) == told(other)
}

/// Whether this is one file, as far as its length and time tell.
#[cfg(not(unix))]
fn is_one_file(one: &Metadata, other: &Metadata) -> bool {
    one.len() == other.len() && one.modified().ok() == other.modified().ok()
}

#[cfg(unix)]
fn is_readable_by_others(about: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o044 != 0
}

/// Elsewhere the permissions are not told in three digits.
#[cfg(not(unix))]
fn is_readable_by_others(_about: &Metadata) -> bool {
    false
}
