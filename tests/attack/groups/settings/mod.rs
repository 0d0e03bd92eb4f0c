//! Settings files of mail programs that are bombs, or hold a password where it is not expected.

mod bombs;
mod placements;

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::Attack;

pub(crate) fn all() -> Vec<Attack> {
    placements::all().into_iter().chain(bombs::all()).collect()
}

/// A settings file of this name in a folder of its own, for its owner alone.
fn written(name: &str, text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    (folder, file)
}
