//! What a pasted text points to, as data for every format.

use serde::{Deserialize, Serialize};

use super::{Finding, SCHEMA_VERSION};

/// What a text points to, and what kind of text it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Explanation {
    /// The causes that fit, the likeliest first.
    pub(crate) findings: Vec<Finding>,
    /// What would decide between them, where the text says nothing that does.
    pub(crate) question: Option<OpenQuestion>,
    /// The servers of other providers that it names.
    pub(crate) others: Vec<String>,
    /// Whether all of it is about them.
    pub(crate) is_elsewhere: bool,
    /// Whether lines of it are about mail that others send to iCloud.
    pub(crate) has_delivery: bool,
    /// What the text is about, where that is known and none of the causes.
    pub(crate) not_a_cause: Option<String>,
    /// The flags with which `check` asks with the settings that the text names.
    pub(crate) flags: Vec<String>,
    /// The mail program that the steps are worded for.
    pub(crate) client: Option<String>,
    /// How much was read of a file or a pipe; `None` for words on the command line.
    pub(crate) log: Option<Log>,
}

/// A question to the user, and where each answer leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OpenQuestion {
    pub(crate) asks: String,
    pub(crate) answers: Vec<Answer>,
}

/// An answer that the user may give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) says: String,
    /// The cause that it points to.
    pub(crate) cause: String,
    /// That cause's title.
    pub(crate) title: String,
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
    question: Option<&'e OpenQuestion>,
}

impl Explanation {
    /// Returns the data for programs.
    pub(crate) fn document(&self) -> Document<'_> {
        Document { schema_version: SCHEMA_VERSION, findings: &self.findings, question: self.question.as_ref() }
    }
}
