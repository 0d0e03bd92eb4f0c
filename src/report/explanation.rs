//! What a pasted text points to, as data for every format.

use serde::{Deserialize, Serialize};

use super::{Finding, SCHEMA_VERSION};

/// What a text points to, and what kind of text it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Explanation {
    /// The causes that fit, the likeliest first.
    pub(crate) findings: Vec<Finding>,
    /// The servers of other providers that it names.
    pub(crate) others: Vec<String>,
    /// Whether all of it is about them.
    pub(crate) is_elsewhere: bool,
    /// Whether lines of it are about mail that others send to iCloud.
    pub(crate) has_delivery: bool,
    /// How much was read of a file or a pipe; `None` for words on the command line.
    pub(crate) log: Option<Log>,
}

/// How much of a log was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Log {
    Whole,
    /// Its beginning and its end.
    InPart,
}

/// The data for programs.
#[derive(Serialize)]
pub(crate) struct Document<'e> {
    schema_version: u32,
    findings: &'e [Finding],
}

impl Explanation {
    /// Returns the data for programs.
    pub(crate) fn document(&self) -> Document<'_> {
        Document { schema_version: SCHEMA_VERSION, findings: &self.findings }
    }
}
