//! Who may read and write the settings before they are changed, and after.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use super::super::{NOBODY, Place, ended, holds_only, is_root, keeps, mode, owner};
use super::{BROKEN, COPY, FILE, MENDED};
use crate::{Attack, Held, attack, holds, not_here};

pub(super) fn all() -> Vec<Attack> {
    let mut attacks = vec![
        attack("the settings belong to somebody else", somebody_elses),
        attack("the settings have an access list", || keeps_attribute("system.posix_acl_access", &ACCESS_LIST)),
        attack("the settings have a note", || keeps_attribute("user.note", b"mine")),
        attack("the folder has an access list for new files", access_list_of_the_folder),
        attack("the settings of somebody else, where nobody may write", read_only_folder),
        attack("the settings cannot be written by their owner", read_only_file),
    ];
    attacks.extend(
        [0o600, 0o640, 0o644, 0o444, 0o666, 0o400].map(|permissions| {
            attack(format!("permissions of {permissions:o}"), move || keeps_permissions(permissions))
        }),
    );
    attacks
}

fn keeps_permissions(permissions: u32) -> Held {
    let place = Place::new();
    let file = place.file(FILE, BROKEN);
    fs::set_permissions(&file, fs::Permissions::from_mode(permissions)).unwrap();
    ended(&place.doctor(&["review", "--fix", FILE]).run(), if is_root() || permissions & 0o200 != 0 { 0 } else { 2 })?;
    for path in fs::read_dir(place.folder.path()).unwrap().map(|entry| entry.unwrap().path()) {
        let is = mode(&path);
        holds(is == permissions, || format!("{} has {is:o}", path.display()))?;
    }
    Ok(())
}

fn somebody_elses() -> Held {
    if !is_root() {
        return not_here("needs root");
    }
    let place = Place::new();
    let file = place.file(FILE, BROKEN);
    chown(&file, Some(4711), Some(4712)).unwrap();
    ended(&place.doctor(&["review", "--fix", FILE]).run(), 0)?;
    keeps(&file, MENDED)?;
    for path in [file, place.path(COPY)] {
        holds(owner(&path) == (4711, 4712), || format!("{} belongs to {:?}", path.display(), owner(&path)))?;
    }
    Ok(())
}

/// The owner may read and write, user 4711 may read, and the group may nothing: its bits are the mask's
/// (acl(5); version 2, then tag, permissions and id of each).
const ACCESS_LIST: [u8; 44] = {
    let mut list = [0; 44];
    list[0] = 2;
    let entries = [(0x01, 6, u32::MAX), (0x02, 4, 4711), (0x04, 0, u32::MAX), (0x10, 4, u32::MAX), (0x20, 0, u32::MAX)];
    let mut nth = 0;
    while nth < entries.len() {
        let (tag, permissions, id) = entries[nth];
        let (at, id) = (4 + nth * 8, id.to_le_bytes());
        (list[at], list[at + 2]) = (tag, permissions);
        (list[at + 4], list[at + 5], list[at + 6], list[at + 7]) = (id[0], id[1], id[2], id[3]);
        nth += 1;
    }
    list
};

fn attribute(path: &Path, name: &str) -> Vec<u8> {
    let mut value = vec![0; 200];
    let length = rustix::fs::getxattr(path, name, &mut value[..]).unwrap_or(0);
    value.truncate(length);
    value
}

fn keeps_attribute(name: &str, value: &[u8]) -> Held {
    let place = Place::new();
    let file = place.file(FILE, BROKEN);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    if rustix::fs::setxattr(&file, name, value, rustix::fs::XattrFlags::empty()).is_err() {
        return not_here("needs a file system that keeps notes of files");
    }
    let permissions = mode(&file);
    ended(&place.doctor(&["review", "--fix", FILE]).run(), 0)?;
    keeps(&file, MENDED)?;
    for path in [file, place.path(COPY)] {
        holds(attribute(&path, name) == value, || format!("{} has lost it", path.display()))?;
        holds(mode(&path) == permissions, || format!("{} has {:o}", path.display(), mode(&path)))?;
    }
    Ok(())
}

/// A file that was kept from user 4711 is kept from them after it was written again.
fn access_list_of_the_folder() -> Held {
    let place = Place::new();
    let file = place.file(FILE, BROKEN);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let list = ("system.posix_acl_default", rustix::fs::XattrFlags::empty());
    if rustix::fs::setxattr(place.folder.path(), list.0, &ACCESS_LIST, list.1).is_err() {
        return not_here("needs a file system that keeps access lists");
    }
    ended(&place.doctor(&["review", "--fix", FILE]).run(), 0)?;
    for path in [file, place.path(COPY)] {
        holds(attribute(&path, "system.posix_acl_access").is_empty(), || format!("{} is opened", path.display()))?;
        holds(mode(&path) == 0o640, || format!("{} has {:o}", path.display(), mode(&path)))?;
    }
    Ok(())
}

/// A folder that everyone may read and root alone may write, with a file of the user `nobody`.
fn of_nobody(place: &Place) -> PathBuf {
    let file = place.file(FILE, BROKEN);
    chown(&file, Some(NOBODY), Some(NOBODY)).unwrap();
    fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    file
}

fn read_only_folder() -> Held {
    if !is_root() {
        return not_here("needs root");
    }
    let place = Place::new();
    let file = of_nobody(&place);
    ended(&place.doctor(&["review", "--fix", FILE]).user(NOBODY).run(), 2)?;
    keeps(&file, BROKEN)?;
    holds_only(place.folder.path(), &[FILE])
}

fn read_only_file() -> Held {
    if !is_root() {
        return not_here("needs root");
    }
    let place = Place::new();
    let file = of_nobody(&place);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    ended(&place.doctor(&["review", "--fix", FILE]).user(NOBODY).run(), 2)?;
    keeps(&file, BROKEN)
}
