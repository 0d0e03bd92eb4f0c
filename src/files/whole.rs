//! Writes a file completely or not at all: under another name, synced, and then renamed.

use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read as _, Seek as _, Write as _};

use super::attributes;
use super::place::Place;

/// How many files that killed runs left behind may be in a folder before writing fails.
const MOST_LEFTOVERS: u32 = 1000;

/// The longest file that is changed in place, in bytes: its old content is kept in memory meanwhile.
const LONGEST_IN_PLACE: u64 = 64 << 20;

/// Replaces the content of the file that is there, and keeps its owner and permissions; a new file is readable by its
/// owner only. `is_unchanged` is called last, and nothing is written if it fails.
///
/// A file that has several names, whose owner cannot be kept, or whose folder allows no new file is changed in place,
/// and restored if that fails.
pub(crate) fn replace(place: &Place, bytes: &[u8], is_unchanged: impl Fn() -> io::Result<()>) -> io::Result<()> {
    let Some((file, about)) = place.old()? else {
        let new = Beside::new(place, bytes)?;
        is_unchanged()?;
        return new.publish();
    };
    if !has_other_names(&about) {
        let new = Beside::new(place, bytes).and_then(|new| dress(&new.file, &file).map(|()| new));
        match new.and_then(|new| is_unchanged().and_then(|()| new.publish())) {
            Err(fault) if is_in_the_way_of_renaming(&fault) => {}
            ended => return ended,
        }
    }
    is_unchanged()?;
    in_place(place, file, bytes)
}

/// Writes a new file where none may exist, with the owner and the permissions of `like` if given. If the owner cannot
/// be kept, it is readable by its new owner only.
pub(crate) fn create(place: &Place, bytes: &[u8], like: Option<&File>) -> io::Result<()> {
    if place.path().symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let dressed = |file: &File| match like.map_or(Ok(()), |like| dress(file, like)) {
        Err(fault) if fault.kind() == ErrorKind::PermissionDenied => Ok(()),
        ended => ended,
    };
    let new = Beside::new(place, bytes)?;
    dressed(&new.file)?;
    new.file.sync_all()?;
    match place.folder.link(&new.name, &place.name) {
        // Not every file system supports hard links.
        Err(fault) if matches!(fault.kind(), ErrorKind::PermissionDenied | ErrorKind::Unsupported) => {
            let mut file = place.folder.create(&place.name)?;
            let written = file.write_all(bytes).and_then(|()| dressed(&file)).and_then(|()| file.sync_all());
            written.inspect_err(|_| drop(place.folder.remove(&place.name)))?;
        }
        linked => linked?,
    }
    drop(new);
    place.folder.sync();
    Ok(())
}

/// Checks that a file can be written at that place, and leaves the place as it is.
pub(crate) fn can_be_written(place: &Place) -> io::Result<()> {
    let old = place.old()?;
    match Beside::new(place, b"") {
        Err(fault) if old.is_none() || !is_in_the_way_of_renaming(&fault) => Err(fault),
        _ => Ok(()),
    }
}

/// A file with another name in the same folder, which is deleted again unless it is published.
struct Beside<'p> {
    place: &'p Place,
    name: OsString,
    file: File,
}

impl<'p> Beside<'p> {
    fn new(place: &'p Place, bytes: &[u8]) -> io::Result<Self> {
        let (file, name) = unused(place)?;
        let mut new = Self { place, name, file };
        new.file.write_all(bytes)?;
        Ok(new)
    }

    /// The bytes must be on the disk before the name is.
    fn publish(self) -> io::Result<()> {
        self.file.sync_all()?;
        self.place.folder.rename(&self.name, &self.place.name)?;
        self.place.folder.sync();
        Ok(())
    }
}

impl Drop for Beside<'_> {
    fn drop(&mut self) {
        // Once it is published, there is no file with this name.
        let _ = self.place.folder.remove(&self.name);
    }
}

fn unused(place: &Place) -> io::Result<(File, OsString)> {
    let mut last = io::Error::from(ErrorKind::AlreadyExists);
    for number in 0..MOST_LEFTOVERS {
        let name = OsString::from(format!(".icloud-mail-doctor-{}-{number}", std::process::id()));
        match place.folder.create(&name) {
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => last = fault,
            made => return made.map(|file| (file, name)),
        }
    }
    Err(last)
}

/// Writes over the old content, and restores it if that fails; there was room for it before, so there is again.
fn in_place(place: &Place, mut file: File, bytes: &[u8]) -> io::Result<()> {
    let mut old = Vec::new();
    (&mut file).take(LONGEST_IN_PLACE + 1).read_to_end(&mut old)?;
    if old.len() as u64 > LONGEST_IN_PLACE {
        return Err(io::Error::other("it is too long to be changed in its place"));
    }
    let over = |mut file: &File, bytes: &[u8]| {
        file.rewind()?;
        file.write_all(bytes)?;
        file.set_len(bytes.len() as u64)?;
        file.sync_all()
    };
    // If this run is killed meanwhile, the old content stays in a file beside it, if the folder allows new files.
    let kept = Beside::new(place, &old).and_then(|kept| kept.file.sync_all().map(|()| kept));
    let written = over(&file, bytes).inspect_err(|_| drop(over(&file, &old)));
    drop(kept);
    written
}

/// Whether the file has to be changed in place because it cannot be replaced.
fn is_in_the_way_of_renaming(fault: &io::Error) -> bool {
    matches!(
        fault.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::ResourceBusy
            | ErrorKind::CrossesDevices
    )
}

#[cfg(unix)]
fn has_other_names(about: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(about) > 1
}

/// Gives a file the owner, the permissions and the attributes of another.
fn dress(file: &File, like: &File) -> io::Result<()> {
    let about = like.metadata()?;
    own(file, &about)?;
    attributes::keep(like, file)?;
    // Last, because changing the owner clears some permissions.
    file.set_permissions(about.permissions())
}

#[cfg(unix)]
fn own(file: &File, like: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let about = file.metadata()?;
    match (about.uid(), about.gid()) == (like.uid(), like.gid()) {
        true => Ok(()),
        false => fchown(file, Some(like.uid()), Some(like.gid())),
    }
}

#[cfg(not(unix))]
fn own(_file: &File, _like: &Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn has_other_names(_about: &Metadata) -> bool {
    false
}
