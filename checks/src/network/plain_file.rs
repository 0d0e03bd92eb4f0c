//! Files that are read whole: plain ones alone, up to a limit, and without waiting for a writer.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// Why a file was not read, in words that fit after "cannot be read: ".
#[derive(Debug)]
pub enum NotRead {
    /// It is a folder.
    Folder,
    /// It is a named pipe, which has no end of its own.
    Pipe,
    /// It is a device or a socket.
    Device,
    /// It is longer than this many bytes.
    TooLong(u64),
    /// The system's own reason.
    Failed(io::Error),
}

impl fmt::Display for NotRead {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder => out.write_str("it is a folder, not a file"),
            Self::Pipe => out.write_str("it is a pipe, not a file"),
            Self::Device => out.write_str("it is a device, not a file"),
            Self::TooLong(limit) if *limit < 1 << 20 => write!(out, "it is longer than {} KB", limit >> 10),
            Self::TooLong(limit) => write!(out, "it is longer than {} MB", limit >> 20),
            Self::Failed(fault) => fault.fmt(out),
        }
    }
}

impl From<io::Error> for NotRead {
    fn from(fault: io::Error) -> Self {
        Self::Failed(fault)
    }
}

/// Reads a plain file to its end.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, NotRead> {
    within(open(path)?, limit)
}

/// Opens a plain file for reading.
pub fn open(path: &Path) -> Result<File, NotRead> {
    // Checked before it is opened as well: opening alone rewinds a tape and starts a watchdog.
    is_plain(&std::fs::metadata(path)?)?;
    let file = opened(path)?;
    is_plain(&file.metadata()?)?;
    Ok(file)
}

/// Reads what is already open to its end.
pub fn within(source: impl Read, limit: u64) -> Result<Vec<u8>, NotRead> {
    let mut bytes = Vec::new();
    // One byte more than is allowed shows whether there was more.
    source.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(NotRead::TooLong(limit)) } else { Ok(bytes) }
}

/// Makes sure that something is a plain file.
pub fn is_plain(about: &Metadata) -> Result<(), NotRead> {
    match about.is_file() {
        true => Ok(()),
        false if about.is_dir() => Err(NotRead::Folder),
        false if is_pipe(about) => Err(NotRead::Pipe),
        false => Err(NotRead::Device),
    }
}

/// Without waiting for a writer, in case a pipe replaces the file between the check and the opening.
#[cfg(unix)]
fn opened(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}

#[cfg(unix)]
fn is_pipe(about: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&about.file_type())
}

#[cfg(not(unix))]
fn opened(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(not(unix))]
fn is_pipe(_about: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let path = std::env::temp_dir().join(format!("plain-file-{}", std::process::id()));
        std::fs::write(&path, "four").unwrap();
        assert_eq!(read(&path, 4).unwrap(), b"four");
        assert!(matches!(read(&path, 3), Err(NotRead::TooLong(3))));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(read(&path, 3), Err(NotRead::Failed(_))));
    }

    #[test]
    fn what_is_no_plain_file_is_not_read() {
        assert!(matches!(read(Path::new("/"), 9), Err(NotRead::Folder)));
        assert!(!cfg!(unix) || matches!(read(Path::new("/dev/zero"), 9), Err(NotRead::Device)));
    }
}
