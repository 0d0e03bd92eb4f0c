//! The sign-ins that this computer remembers, as data for every format.

use checks::attempts::Outcome;
use checks::login::{LoginForm, Mechanism};
use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use super::SCHEMA_VERSION;

/// What is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    /// The sign-ins, the latest first.
    pub(crate) sign_ins: Vec<SignIn>,
    /// How many were forgotten just now; `None` where they are only listed.
    pub(crate) forgotten: Option<usize>,
}

/// A sign-in, without anything that says whose it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignIn {
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) when: OffsetDateTime,
    pub(crate) server: String,
    /// A mark that stands for the account.
    pub(crate) account: String,
    pub(crate) form: LoginForm,
    pub(crate) mechanism: Mechanism,
    /// Which of the account's passwords it was, counted from the first that is remembered.
    pub(crate) password: usize,
    pub(crate) outcome: Outcome,
    /// The command that signed in.
    pub(crate) by: String,
    /// What came of it, in one sentence.
    pub(crate) summary: String,
}

impl SignIn {
    /// When it was, for a person.
    pub(crate) fn time(&self) -> String {
        let when = self.when.checked_to_offset(UtcOffset::UTC).unwrap_or(self.when);
        when.format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC")).unwrap_or_default()
    }
}

/// The data for programs.
#[derive(Serialize)]
pub(crate) struct Document<'r> {
    schema_version: u32,
    #[serde(flatten)]
    remembered: &'r Remembered,
}

impl Remembered {
    /// Returns the data for programs.
    pub(crate) fn document(&self) -> Document<'_> {
        Document { schema_version: SCHEMA_VERSION, remembered: self }
    }
}
