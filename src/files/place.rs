//! A place that a file is written to: a folder, and a name in it that is not a link.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use checks::network::plain_file::{self, NotRead};

use super::folder::Folder;

pub(crate) struct Place {
    pub(super) folder: Folder,
    pub(super) name: OsString,
    path: PathBuf,
}

/// Identifies a place, whatever path leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    #[cfg(unix)]
    File(u64, u64),
    #[cfg(unix)]
    Free(u64, u64, OsString),
    #[cfg(not(unix))]
    Path(String),
}

impl Place {
    /// Returns the place that a path leads to, with links resolved. The folder must exist; the file need not.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let is_there = match path.symlink_metadata() {
            Ok(about) => Some(about),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => None,
            Err(fault) => return Err(fault),
        };
        let path = match is_there {
            Some(about) => dunce::canonicalize(path).map_err(|fault| match (fault.kind(), path.metadata()) {
                // The shell's <(…) is a link to a pipe that has no name.
                (io::ErrorKind::NotFound, Ok(about)) => plain_file::is_plain(&about).err().map_or(fault, refused),
                (io::ErrorKind::NotFound, Err(_)) if about.is_symlink() => {
                    io::Error::new(fault.kind(), "it is a link to a file that does not exist")
                }
                _ => fault,
            })?,
            None => free(path)?,
        };
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(refused(NotRead::Folder));
        };
        Ok(Self { folder: Folder::open(folder)?, name: name.to_owned(), path: path.clone() })
    }

    /// The place of this name in a folder, whatever is there: a link of that name is not followed.
    pub(crate) fn within(folder: &Path, name: &str) -> io::Result<Self> {
        let folder = dunce::canonicalize(folder)?;
        Ok(Self { folder: Folder::open(&folder)?, path: folder.join(name), name: name.into() })
    }

    /// Another name in the same folder.
    pub(crate) fn beside(&self, name: &OsStr) -> io::Result<Self> {
        let path = self.path.with_file_name(name);
        Ok(Self { folder: self.folder.again()?, name: name.to_owned(), path })
    }

    /// The path without links.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the plain file that is there for reading, and returns it with its metadata.
    pub(crate) fn read(&self) -> Result<(File, Metadata), NotRead> {
        plain_file::is_plain(&self.path.symlink_metadata()?)?;
        plain(self.folder.read(&self.name)?)
    }

    /// Opens the plain file that is there for reading and writing; `None` where there is none.
    pub(super) fn old(&self) -> io::Result<Option<(File, Metadata)>> {
        match self.folder.change(&self.name) {
            Ok(file) => plain(file).map(Some).map_err(refused),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Identifies this place among all others.
    #[cfg(unix)]
    pub(crate) fn identity(&self) -> io::Result<Identity> {
        match self.old()? {
            Some((_, about)) => Ok(Identity::of(&about)),
            None => {
                let (device, node) = self.folder.identity()?;
                // On macOS `A` and `a` are usually one file.
                let name = if cfg!(target_os = "macos") { self.name.to_ascii_lowercase() } else { self.name.clone() };
                Ok(Identity::Free(device, node, name))
            }
        }
    }

    /// Identifies this place among all others.
    #[cfg(not(unix))]
    pub(crate) fn identity(&self) -> io::Result<Identity> {
        Ok(Identity::Path(self.path.to_string_lossy().to_lowercase()))
    }
}

#[cfg(unix)]
impl Identity {
    pub(crate) fn of(about: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self::File(about.dev(), about.ino())
    }
}

fn plain(file: File) -> Result<(File, Metadata), NotRead> {
    let about = file.metadata()?;
    plain_file::is_plain(&about)?;
    Ok((file, about))
}

/// The path of a file that does not exist yet, in a folder that does.
fn free(path: &Path) -> io::Result<PathBuf> {
    let is_folder = path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    let (Some(name), false) = (path.file_name(), is_folder) else { return Err(refused(NotRead::Folder)) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(dunce::canonicalize(folder)?.join(name))
}

pub(super) fn refused(why: NotRead) -> io::Error {
    match why {
        NotRead::Failed(fault) => fault,
        other => io::Error::other(other.to_string()),
    }
}
