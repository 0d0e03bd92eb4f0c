//! Where one output goes: a file, which is replaced as a whole, or a pipe or device, which is written to as it is.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::files::{self, Identity, Place};

pub(super) enum Target {
    File(Place),
    /// A pipe, a device, or what the shell has opened.
    Stream(File),
    Output,
    Error,
}

impl Target {
    /// Finds out that it can be written, and changes nothing.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        match files::descriptor(path) {
            Some(1) => return Ok(Self::Output),
            Some(2) => return Ok(Self::Error),
            // What the shell has opened goes on where it is.
            Some(_) => return OpenOptions::new().append(true).open(path).map(Self::Stream),
            None => {}
        }
        match path.metadata() {
            Ok(about) if !about.is_file() && !about.is_dir() => stream(path, &about).map(Self::Stream),
            _ => {
                let place = Place::of(path)?;
                files::can_be_written(&place)?;
                Ok(Self::File(place))
            }
        }
    }

    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let written = match self {
            Self::File(place) => return files::replace(place, bytes, || Ok(())),
            Self::Stream(file) => (&mut &*file).write_all(bytes),
            Self::Output => io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()),
            Self::Error => io::stderr().write_all(bytes),
        };
        match written {
            // A reader that has seen enough is no fault.
            Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }

    /// Whether it is written at once, whoever reads.
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// What tells it from others, where only one output can go there.
    pub(super) fn identity(&self) -> Option<Identity> {
        match self {
            Self::File(place) => place.identity().ok(),
            _ => None,
        }
    }
}

/// The file that standard output is led into, if it is one.
#[cfg(unix)]
pub(super) fn standard_output() -> Option<Identity> {
    use std::os::fd::AsFd as _;
    let about = File::from(io::stdout().as_fd().try_clone_to_owned().ok()?).metadata().ok()?;
    about.is_file().then(|| Identity::of(&about))
}

/// Elsewhere that is not told.
#[cfg(not(unix))]
pub(super) fn standard_output() -> Option<Identity> {
    None
}

#[cfg(unix)]
fn stream(path: &Path, about: &std::fs::Metadata) -> io::Result<File> {
    use std::os::unix::fs::FileTypeExt as _;

    use rustix::fs::{Mode, OFlags, fcntl_getfl, fcntl_setfl};
    use rustix::io::Errno;

    let kind = about.file_type();
    if kind.is_block_device() || kind.is_socket() {
        return Err(io::Error::other("it is a disk or a socket, not a file"));
    }
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty()).map_err(|fault| match fault {
        Errno::NXIO => io::Error::other("it is a pipe that nothing reads from"),
        other => other.into(),
    })?;
    // Nobody was waited for; a reader that is there may take its time.
    fcntl_setfl(&opened, fcntl_getfl(&opened)? - OFlags::NONBLOCK)?;
    Ok(opened.into())
}

#[cfg(not(unix))]
fn stream(path: &Path, _about: &std::fs::Metadata) -> io::Result<File> {
    OpenOptions::new().write(true).open(path)
}
