//! A place that a file is written to: a folder, and a name in it that no link stands behind.

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

/// What tells one place from every other, by whatever name it goes.
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
    /// The place that a path leads to, links resolved. There has to be a folder, and need not be a file.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let is_there = match path.symlink_metadata() {
            Ok(about) => Some(about),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => None,
            Err(fault) => return Err(fault),
        };
        let path = match is_there {
            Some(about) => path.canonicalize().map_err(|fault| match (fault.kind(), path.metadata()) {
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
        let folder = folder.canonicalize()?;
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

    /// The plain file that is there, opened for reading, with what is known about it.
    pub(crate) fn read(&self) -> Result<(File, Metadata), NotRead> {
        plain_file::is_plain(&self.path.symlink_metadata()?)?;
        plain(self.folder.read(&self.name)?)
    }

    /// The plain file that is there, opened for reading and changing; `None` where nothing is.
    pub(super) fn old(&self) -> io::Result<Option<(File, Metadata)>> {
        match self.folder.change(&self.name) {
            Ok(file) => plain(file).map(Some).map_err(refused),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// What tells this place from others.
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

    /// What tells this place from others.
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

/// The path of a file that is not there, in a folder that is.
fn free(path: &Path) -> io::Result<PathBuf> {
    let is_folder = path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
    let (Some(name), false) = (path.file_name(), is_folder) else { return Err(refused(NotRead::Folder)) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(folder.canonicalize()?.join(name))
}

pub(super) fn refused(why: NotRead) -> io::Error {
    match why {
        NotRead::Failed(fault) => fault,
        other => io::Error::other(other.to_string()),
    }
}
