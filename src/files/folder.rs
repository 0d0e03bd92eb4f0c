//! An open folder: operations on names in it stay in this folder, even if a program moves or replaces it meanwhile.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::Path;

#[cfg(unix)]
pub(super) use unix::Folder;

#[cfg(not(unix))]
pub(super) use elsewhere::Folder;

#[cfg(unix)]
mod unix {
    use rustix::fd::OwnedFd;
    use rustix::fs::{AtFlags, Mode, OFlags, fsync, linkat, openat, renameat, unlinkat};

    use super::{File, OsStr, Path, io};

    pub(in super::super) struct Folder(OwnedFd);

    /// Links are not followed, and opening a pipe does not wait for its other end.
    const AS_IT_IS: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

    impl Folder {
        pub(in super::super) fn open(path: &Path) -> io::Result<Self> {
            Ok(Self(rustix::fs::open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?))
        }

        pub(in super::super) fn again(&self) -> io::Result<Self> {
            self.0.try_clone().map(Self)
        }

        /// Opens a file for reading and writing, without following a link.
        pub(in super::super) fn change(&self, name: &OsStr) -> io::Result<File> {
            Ok(openat(&self.0, name, OFlags::RDWR | AS_IT_IS, Mode::empty())?.into())
        }

        /// Opens a file for reading.
        pub(in super::super) fn read(&self, name: &OsStr) -> io::Result<File> {
            Ok(openat(&self.0, name, OFlags::RDONLY | AS_IT_IS, Mode::empty())?.into())
        }

        /// Creates a file that does not exist yet, readable by its owner only.
        pub(in super::super) fn create(&self, name: &OsStr) -> io::Result<File> {
            let new = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL;
            Ok(openat(&self.0, name, new | AS_IT_IS, Mode::RUSR | Mode::WUSR)?.into())
        }

        /// Moves a file over another one.
        pub(in super::super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
            Ok(renameat(&self.0, from, &self.0, to)?)
        }

        /// Gives a file a second name, which must not exist yet.
        pub(in super::super) fn link(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
            Ok(linkat(&self.0, from, &self.0, to, AtFlags::empty())?)
        }

        pub(in super::super) fn remove(&self, name: &OsStr) -> io::Result<()> {
            Ok(unlinkat(&self.0, name, AtFlags::empty())?)
        }

        /// Writes the folder's entries to the disk. Some file systems do not support that, so a failure is ignored.
        pub(in super::super) fn sync(&self) {
            let _ = fsync(&self.0);
        }

        /// Identifies this folder among all others.
        pub(in super::super) fn identity(&self) -> io::Result<(u64, u64)> {
            use std::os::unix::fs::MetadataExt as _;
            let about = File::from(self.0.try_clone()?).metadata()?;
            Ok((about.dev(), about.ino()))
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::fs::{self, OpenOptions};
    use std::path::PathBuf;

    use super::{File, OsStr, Path, io};

    pub(in super::super) struct Folder(PathBuf);

    impl Folder {
        pub(in super::super) fn open(path: &Path) -> io::Result<Self> {
            Ok(Self(path.to_owned()))
        }

        pub(in super::super) fn again(&self) -> io::Result<Self> {
            Self::open(&self.0)
        }

        /// Opens a file for reading and writing, without following a link.
        pub(in super::super) fn change(&self, name: &OsStr) -> io::Result<File> {
            OpenOptions::new().read(true).write(true).open(self.0.join(name))
        }

        /// Opens a file for reading.
        pub(in super::super) fn read(&self, name: &OsStr) -> io::Result<File> {
            File::open(self.0.join(name))
        }

        /// Creates a file that does not exist yet.
        pub(in super::super) fn create(&self, name: &OsStr) -> io::Result<File> {
            OpenOptions::new().read(true).write(true).create_new(true).open(self.0.join(name))
        }

        /// Moves a file over another one.
        pub(in super::super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
            fs::rename(self.0.join(from), self.0.join(to))
        }

        /// Gives a file a second name, which must not exist yet.
        pub(in super::super) fn link(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
            fs::hard_link(self.0.join(from), self.0.join(to))
        }

        pub(in super::super) fn remove(&self, name: &OsStr) -> io::Result<()> {
            fs::remove_file(self.0.join(name))
        }

        /// On other systems, a folder cannot be opened for syncing.
        pub(in super::super) fn sync(&self) {}
    }
}
