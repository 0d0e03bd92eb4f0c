//! Where one output goes: a file, which is replaced completely, or a pipe or device, which is written to directly.

use std::fs::{File, Metadata};
use std::io::{self, Write as _};
use std::path::Path;

use crate::files::{self, Identity, Place};

pub(super) enum Target {
    File(Place),
    /// A pipe, a device, or a descriptor that the shell opened.
    Stream(File),
    Output,
    Error,
}

impl Target {
    /// Checks that it can be written, and changes nothing.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        if path.as_os_str() == "-" {
            return Ok(Self::Output);
        }
        match files::descriptor(path) {
            Some(1) => return Ok(Self::Output),
            Some(2) => return Ok(Self::Error),
            // A descriptor that the shell opened is written to at its current position.
            Some(_) => return stream(path).map(Self::Stream),
            None => {}
        }
        match path.metadata() {
            Ok(about) if is_stream(&about) => stream(path).map(Self::Stream),
            _ => {
                let place = Place::of(path)?;
                files::can_be_written(&place)?;
                Ok(Self::File(place))
            }
        }
    }

    /// Writes it. For a file, `may_be_replaced` is called last.
    #[allow(clippy::disallowed_methods, reason = "whole reports are written, in which outside text is visible already")]
    pub(super) fn write(&self, bytes: &[u8], may_be_replaced: impl Fn(&Place) -> io::Result<()>) -> io::Result<()> {
        let written = match self {
            Self::File(place) => return files::replace(place, bytes, || may_be_replaced(place)),
            Self::Stream(file) => (&mut &*file).write_all(bytes),
            Self::Output => io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()),
            Self::Error => io::stderr().write_all(bytes),
        };
        match written {
            // A reader that closes the pipe early is not an error.
            Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }

    /// Whether it is a file, so that writing does not wait for a reader.
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    /// Identifies the target, where only one output can go there.
    pub(super) fn identity(&self) -> Option<Identity> {
        match self {
            Self::File(place) => place.identity().ok(),
            // A descriptor that the shell opened may be a file too.
            #[cfg(unix)]
            Self::Stream(file) => file.metadata().ok().filter(Metadata::is_file).map(|about| Identity::of(&about)),
            _ => None,
        }
    }
}

/// The file that standard output is redirected to, if any.
#[cfg(unix)]
pub(super) fn standard_output() -> Option<Identity> {
    use std::os::fd::AsFd as _;
    opened(io::stdout().as_fd())
}

/// The file that standard input comes from, if it is one.
#[cfg(unix)]
pub(super) fn standard_input() -> Option<Identity> {
    use std::os::fd::AsFd as _;
    opened(io::stdin().as_fd())
}

#[cfg(unix)]
fn opened(descriptor: std::os::fd::BorrowedFd) -> Option<Identity> {
    let about = File::from(descriptor.try_clone_to_owned().ok()?).metadata().ok()?;
    about.is_file().then(|| Identity::of(&about))
}

/// Not known on other systems.
#[cfg(not(unix))]
pub(super) fn standard_output() -> Option<Identity> {
    None
}

/// Not known on other systems.
#[cfg(not(unix))]
pub(super) fn standard_input() -> Option<Identity> {
    None
}

/// The file that a path leads to, if there is one.
pub(super) fn input(path: &Path) -> Option<Identity> {
    #[cfg(unix)]
    return path.metadata().ok().filter(Metadata::is_file).map(|about| Identity::of(&about));
    #[cfg(not(unix))]
    return path.is_file().then(|| Place::of(path).ok()?.identity().ok()).flatten();
}

/// A pipe, or a device that accepts any bytes; not a disk or a socket.
#[cfg(unix)]
fn is_stream(about: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    about.file_type().is_fifo() || about.file_type().is_char_device()
}

/// Opens it without waiting for a reader; writing then waits for the reader.
#[cfg(unix)]
fn stream(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, fcntl_getfl, fcntl_setfl};
    use rustix::io::Errno;
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(path, flags, Mode::empty()).map_err(|fault| match fault {
        Errno::NXIO => io::Error::other("it is a pipe that nothing reads from"),
        other => other.into(),
    })?;
    fcntl_setfl(&opened, fcntl_getfl(&opened)? - OFlags::NONBLOCK)?;
    Ok(opened.into())
}

#[cfg(not(unix))]
fn is_stream(about: &Metadata) -> bool {
    !about.is_file() && !about.is_dir()
}

#[cfg(not(unix))]
fn stream(path: &Path) -> io::Result<File> {
    File::options().write(true).open(path)
}
