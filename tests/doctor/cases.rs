//! The recorded cases, and what is expected of each.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// What is expected of a case, in its `expect.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectation {
    /// The causes, in their order; empty if nothing is wrong.
    pub(crate) found: Vec<String>,
    /// Similar causes that must not be found.
    pub(crate) not: Vec<String>,
    /// What must be in no output; this and what follows is of settings files alone.
    #[serde(default)]
    pub(crate) secrets: Vec<String>,
    /// Whether other users may read the file.
    #[serde(default)]
    pub(crate) is_readable_by_others: bool,
    /// The lines with something that is not understood.
    #[serde(default)]
    pub(crate) not_understood: Vec<u64>,
}

impl Expectation {
    /// Reads that of the case in a folder.
    pub(crate) fn of(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join("expect.toml"));
        let text = text.unwrap_or_else(|why| panic!("{} has no expect.toml: {why}", folder.display()));
        toml::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", folder.display()))
    }
}

/// The folder with all tests in it.
pub(crate) fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// What is in a folder, by name.
pub(crate) fn below(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The folder of every recorded case, with the name by which `rehearse` knows it.
pub(crate) fn recorded() -> Vec<(String, PathBuf)> {
    let tests = tests();
    let folders = below(&tests).into_iter().filter(|path| path.is_dir()).flat_map(|check| below(&check));
    let cases: Vec<(String, PathBuf)> = folders
        .filter(|folder| folder.join("case.toml").is_file())
        .map(|folder| (folder.strip_prefix(&tests).unwrap().to_string_lossy().replace('\\', "/"), folder))
        .collect();
    assert!(!cases.is_empty());
    cases
}
