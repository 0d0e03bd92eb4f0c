//! The metadata that a file system keeps besides owner and permissions: access lists, labels, notes.

use std::fs::File;
use std::io;

/// Gives a file the extended attributes of another one, and none that it got from its folder. Without its access list,
/// the file would be open to others, or closed to users who need it.
#[cfg(target_os = "linux")]
pub(super) fn keep(from: &File, to: &File) -> io::Result<()> {
    use rustix::fs::{XattrFlags, fremovexattr, fsetxattr};
    let old = all(from)?;
    for (name, value) in &old {
        match fsetxattr(to, name.as_slice(), value, XattrFlags::empty()) {
            // The system sets labels on new files itself, and may let no program do so.
            Err(_) if name.starts_with(b"security.") || name.starts_with(b"trusted.") => {}
            set => set?,
        }
    }
    for (name, _) in all(to)?.iter().filter(|(name, _)| name.starts_with(b"system.posix_acl")) {
        if !old.iter().any(|(kept, _)| kept == name) {
            fremovexattr(to, name.as_slice())?;
        }
    }
    Ok(())
}

/// Every attribute with its value; empty where the file system has none.
#[cfg(target_os = "linux")]
fn all(file: &File) -> io::Result<Vec<(Vec<u8>, Vec<u8>)>> {
    use rustix::fs::{fgetxattr, flistxattr};
    use rustix::io::Errno;
    // Linux allows neither longer lists nor longer values (xattr(7)).
    const LONGEST: usize = 64 << 10;
    let mut names = vec![0; LONGEST];
    let length = match flistxattr(file, &mut names[..]) {
        Err(Errno::OPNOTSUPP) => 0,
        length => length?,
    };
    let mut found = Vec::new();
    for name in names[..length].split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let mut value = vec![0; LONGEST];
        match fgetxattr(file, name, &mut value[..]) {
            Err(Errno::NODATA | Errno::OPNOTSUPP | Errno::ACCESS | Errno::PERM) => {}
            length => {
                value.truncate(length?);
                found.push((name.to_vec(), value));
            }
        }
    }
    Ok(found)
}

/// On other systems, attributes are not read.
#[cfg(not(target_os = "linux"))]
pub(super) fn keep(_from: &File, _to: &File) -> io::Result<()> {
    Ok(())
}
