//! Files that are links, pipes, devices, on full disks or another user's: whole or untouched.

mod kept;
mod mended;
mod read;
mod set_up;
mod twice;
mod written;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::doctor::{self, Doctor, Ended, PATH};
use crate::{Attack, Held, holds};

pub(crate) fn all() -> Vec<Attack> {
    [mended::all(), written::all(), set_up::all(), twice::all(), kept::all(), read::all()]
        .into_iter()
        .flatten()
        .collect()
}

/// Nothing that is done with files takes longer, on a busy machine too.
const SOON: Duration = Duration::from_secs(15);

/// A folder of the attack's own.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn pipe(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        holds_true(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    }

    fn doctor(&self, arguments: &[&str]) -> Doctor {
        Doctor::new(arguments).folder(self.folder.path()).within(SOON)
    }

    /// A recorded case, which needs no network: exit code 1, and this in its text.
    fn rehearse(&self, arguments: &[&str]) -> Doctor {
        self.doctor(&["rehearse", "password-refused"]).args(arguments)
    }

    /// The program as `$0` of a shell, with these arguments after it.
    fn shell(&self, script: &str) -> Command {
        let mut shell = Command::new("bash");
        shell.arg("-c").arg(script).arg(doctor::path()).current_dir(self.folder.path()).stdin(Stdio::null());
        shell.env_clear().env("PATH", PATH);
        shell
    }

    /// The names in the folder, in order.
    fn names(&self) -> Vec<String> {
        names(self.folder.path())
    }
}

fn holds_true(claim: bool) {
    assert!(claim, "the attack cannot be prepared");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The text about the case that is rehearsed.
const TOLD: &str = "password-refused";

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn owner(path: &Path) -> (u32, u32) {
    let about = fs::metadata(path).unwrap();
    (about.uid(), about.gid())
}

/// A user who owns nothing.
const NOBODY: u32 = 65534;

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

/// The file still holds that.
fn keeps(path: &Path, bytes: impl AsRef<[u8]>) -> Held {
    let (is, bytes) = (fs::read(path).unwrap_or_default(), bytes.as_ref());
    holds(is == bytes, || format!("{} holds {} bytes in the place of {}", path.display(), is.len(), bytes.len()))
}

/// It ended by itself with that code.
fn ended(ended: &Ended, code: i32) -> Held {
    ended.is_bounded()?;
    holds(ended.code == Some(code), || {
        let error = String::from_utf8_lossy(&ended.error);
        format!("the code is {:?} and not {code}: {}", ended.code, error.trim())
    })
}

/// There is nothing else in the folder.
fn holds_only(folder: &Path, expected: &[&str]) -> Held {
    let found = names(folder);
    holds(found == expected, || format!("the folder holds {found:?}"))
}

/// A file system of its own with little room, taken away at the end; none where this may not be had.
struct Disk {
    place: Place,
}

impl Disk {
    fn of(kilobytes: u32) -> Option<Self> {
        let place = Place::new();
        let options = format!("size={kilobytes}k");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(place.folder.path()).stderr(Stdio::null());
        let is_mounted = is_root() && mount.status().is_ok_and(|status| status.success());
        is_mounted.then_some(Self { place })
    }

    /// Fills what room there is left.
    fn fill(&self) {
        let mut room = vec![0; 4 << 20];
        while !room.is_empty() {
            let path = self.place.path(format!("filler-{}", room.len()));
            if fs::write(path, &room).is_err() {
                room.truncate(room.len() / 2);
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.place.folder.path()).status();
    }
}
