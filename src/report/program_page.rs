//! The settings for a mail program, before they are formatted.

use serde::{Deserialize, Serialize};

use super::Link;

/// What `setup` says of a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProgramPage {
    /// Its name on the command line.
    pub(crate) id: String,
    pub(crate) title: String,
    /// What it does, in one line.
    pub(crate) about: String,
    /// The file that it reads: its place, and the text.
    pub(crate) file: Option<(String, String)>,
    pub(crate) steps: Vec<String>,
    pub(crate) links: Vec<Link>,
    /// Whether another system would need something else.
    pub(crate) depends_on_system: bool,
}
