//! Where the text of a settings file was read, and whether the file is still the same.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use checks::network::plain_file::{self, NotRead};

use super::encoding::{Encoding, decode};
use crate::files::Place;

/// The longest settings file, in bytes.
const LONGEST: u64 = super::LONGEST as u64;

/// The file as it was read.
#[derive(Clone)]
pub(super) struct Origin {
    /// The path that the user named.
    pub(super) path: PathBuf,
    /// The path with links resolved.
    pub(super) real_path: PathBuf,
    pub(super) about: Metadata,
    pub(super) encoding: Encoding,
}

/// Reads a settings file, and remembers what shows later whether it is still the same.
pub(super) fn read(path: &Path) -> Result<(String, Origin), NotRead> {
    let place = Place::of(path)?;
    let (file, about) = place.read()?;
    let (text, encoding) = decode(&plain_file::within(file, LONGEST)?);
    Ok((text, Origin { path: path.to_owned(), real_path: place.path().to_owned(), about, encoding }))
}

impl Origin {
    /// Opens the file again, if no other file has replaced it.
    pub(super) fn opened(&self) -> io::Result<(Place, File)> {
        let place = Place::of(&self.path).map_err(|_| changed())?;
        if place.path() != self.real_path {
            return Err(changed());
        }
        let file = self.file_in(&place)?;
        Ok((place, file))
    }

    /// Checks that the file at this place is still the one that was read, with this text.
    pub(super) fn still_holds(&self, place: &Place, text: &str) -> io::Result<()> {
        let bytes = plain_file::within(self.file_in(place)?, LONGEST).map_err(|_| changed())?;
        if bytes == self.encoding.encode(text) { Ok(()) } else { Err(changed()) }
    }

    fn file_in(&self, place: &Place) -> io::Result<File> {
        let (file, about) = place.read().map_err(|_| changed())?;
        if is_one_file(&about, &self.about) { Ok(file) } else { Err(changed()) }
    }

    /// Whether it has not been replaced by a link since its folder was listed.
    pub(super) fn is_in_its_folder(&self) -> bool {
        let folder = self.path.parent().and_then(|folder| dunce::canonicalize(folder).ok());
        folder.zip(self.path.file_name()).is_some_and(|(folder, name)| folder.join(name) == self.real_path)
    }
}

fn changed() -> io::Error {
    io::Error::other("it has been changed since it was read, and nothing was written")
}

/// Whether both are the same file, and it was not replaced.
#[cfg(unix)]
fn is_one_file(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let told = |about: &Metadata| (about.dev(), about.ino(), about.len(), about.mtime(), about.mtime_nsec());
    told(one) == told(other)
}

/// Whether both are the same file, judged by length and time.
#[cfg(not(unix))]
fn is_one_file(one: &Metadata, other: &Metadata) -> bool {
    one.len() == other.len() && one.modified().ok() == other.modified().ok()
}
