//! The folder of a world: configurations, certificates, queues, logs; gone when the world is.

use super::commands::Outcome;
use std::fs;
use std::ops::Deref;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

const PREFIX: &str = "imdlab-";

pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Its path is short: Postfix and Dovecot make sockets below it, and a socket's path has 107 bytes at most.
    pub(crate) fn create(place: usize) -> Outcome<Self> {
        let folder = Self(PathBuf::from("/tmp").join(format!("{PREFIX}{}-{place}", std::process::id())));
        fs::create_dir(&folder.0)?;
        // The daemons give up root, and must still get in.
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755))?;
        Ok(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Removes the folders of laboratories whose process is gone.
pub(crate) fn remove_remains() {
    for entry in fs::read_dir("/tmp").into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let owner = name.strip_prefix(PREFIX).and_then(|rest| rest.split('-').next());
        let owner = owner.filter(|owner| owner.parse::<u32>().is_ok());
        if owner.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
