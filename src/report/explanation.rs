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
    /// Whether it came from a file or a pipe, so that the answer need not mention these.
    pub(crate) is_log: bool,
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
