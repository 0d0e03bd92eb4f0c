//! Writes a changed settings file: only if it is still as it was read, and with a copy beside it.

use std::io;
use std::path::{Path, PathBuf};

use super::account::Edit;
use super::mend::applied;
use super::origin::Origin;
use crate::files::{self, Place};
use crate::misuse::Misuse;

/// Writes the changed text to the file, and returns the path of the copy with the old text.
pub(super) fn write(origin: &Origin, text: &str, edits: &[Edit]) -> Result<PathBuf, Misuse> {
    let unwritten = |why: &dyn std::fmt::Display, next: String| {
        Misuse::new(format!("{} could not be written: {why}", origin.path.display()), next)
    };
    let (place, _) = origin.opened().map_err(|fault| unwritten(&fault, "review it again".to_owned()))?;
    origin.still_holds(&place, text).map_err(|fault| unwritten(&fault, "review it again".to_owned()))?;
    let copy = copy(origin, text, &place).map_err(|fault| {
        unwritten(&format!("no copy of it can be made ({fault})"), "make the change by hand".to_owned())
    })?;
    let changed = origin.encoding.encode(&applied(text, edits));
    files::replace(&place, &changed, || origin.still_holds(&place, text))
        .map_err(|fault| unwritten(&fault, format!("it is as it was, and {} is a copy of it", copy.display())))?;
    Ok(copy)
}

/// Makes a copy of the file as it was read, readable only by those who may read the file.
fn copy(origin: &Origin, text: &str, place: &Place) -> io::Result<PathBuf> {
    let (file, _) = place.read().map_err(|why| io::Error::other(why.to_string()))?;
    let name = files::keep_copy(place, &file, &origin.encoding.encode(text), ".before-review")?;
    Ok(shown(origin).with_file_name(name))
}

/// The path beside which the copy is; for a link, that of its target.
fn shown(origin: &Origin) -> &Path {
    if origin.path.is_symlink() { &origin.real_path } else { &origin.path }
}

/// Returns the permissions that the file had when it was read, as chmod(1) writes them.
#[cfg(unix)]
pub(super) fn permissions(origin: &Origin) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    format!("{:03o}", origin.about.permissions().mode() & 0o777)
}

/// On other systems, permissions are not shown.
#[cfg(not(unix))]
pub(super) fn permissions(_origin: &Origin) -> String {
    String::new()
}

/// Makes the file readable and writable by its owner only.
#[cfg(unix)]
pub(super) fn close(origin: &Origin) -> Result<(), Misuse> {
    use std::os::unix::fs::PermissionsExt as _;
    let closed = origin.opened().and_then(|(_, file)| file.set_permissions(std::fs::Permissions::from_mode(0o600)));
    closed.map_err(|fault| {
        Misuse::new(
            format!("the permissions of {} could not be changed: {fault}", origin.path.display()),
            "run chmod 600 on it",
        )
    })
}

/// On other systems, no file is reported as open to others.
#[cfg(not(unix))]
pub(super) fn close(_origin: &Origin) -> Result<(), Misuse> {
    Ok(())
}
