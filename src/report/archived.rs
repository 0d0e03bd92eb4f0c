//! What `archive` found or did, as data for every format.

use checks::archive::Done;
use serde::{Deserialize, Serialize};

use super::SCHEMA_VERSION;

/// The result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Archived {
    /// The whole result in one sentence.
    pub(crate) conclusion: String,
    /// Whether messages are missing or differ.
    pub(crate) lacks: bool,
    /// Whether everything was seen.
    pub(crate) is_complete: bool,
    /// The causes that `explain` has a page for.
    pub(crate) causes: Vec<String>,
    /// Each folder with a sentence about it.
    pub(crate) folders: Vec<FolderRow>,
    /// What else is worth knowing, each a sentence.
    pub(crate) notes: Vec<String>,
    /// The figures.
    #[serde(flatten)]
    pub(crate) done: Done,
}

/// A folder, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FolderRow {
    pub(crate) name: String,
    pub(crate) summary: String,
}

/// The data for programs.
#[derive(Serialize)]
pub(crate) struct Document<'r> {
    schema_version: u32,
    #[serde(flatten)]
    archived: &'r Archived,
}

impl Archived {
    /// Returns the data for programs.
    pub(crate) fn document(&self) -> Document<'_> {
        Document { schema_version: SCHEMA_VERSION, archived: self }
    }
}
