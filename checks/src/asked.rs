//! The facts of a question, with the server that they are about and when it was asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::Protocol;
use crate::settings;

/// What was learned of each of the two servers, as a report's row holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PerServer{T}")]
pub struct PerServer<T> {
    /// The IMAP server.
    pub imap: Option<Asked<T>>,
    /// The SMTP server.
    pub smtp: Option<Asked<T>>,
}

impl<T> PerServer<T> {
    /// Facts, with the server that they are about.
    pub fn each(&self) -> impl Iterator<Item = (Protocol, &Asked<T>)> {
        [(Protocol::Imap, &self.imap), (Protocol::Smtp, &self.smtp)]
            .into_iter()
            .filter_map(|(protocol, asked)| asked.as_ref().map(|asked| (protocol, asked)))
    }
}

/// Facts, and when they were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Asked{T}")]
pub struct Asked<T> {
    /// When the question was asked, in milliseconds after the start of the run.
    pub started_ms: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What was learned.
    #[serde(flatten)]
    pub facts: T,
}

impl<T> Asked<T> {
    /// When its answer came, in milliseconds after the start of the run.
    pub fn ended_ms(&self) -> u64 {
        self.started_ms.saturating_add(self.duration_ms)
    }
}

/// What has a time in the run.
pub trait Timed {
    /// When it was asked and how long that took, in milliseconds; `None` where it was not.
    fn span(&self) -> Option<(u64, u64)>;
}

impl Timed for settings::Facts {
    fn span(&self) -> Option<(u64, u64)> {
        // They are known before anything is asked.
        Some((0, 0))
    }
}

impl<T> Timed for Asked<T> {
    fn span(&self) -> Option<(u64, u64)> {
        Some((self.started_ms, self.duration_ms))
    }
}

impl<T> Timed for Option<Asked<T>> {
    fn span(&self) -> Option<(u64, u64)> {
        self.as_ref()?.span()
    }
}

impl<T> Timed for PerServer<T> {
    fn span(&self) -> Option<(u64, u64)> {
        let started = self.each().map(|(_, asked)| asked.started_ms).min()?;
        let ended = self.each().map(|(_, asked)| asked.ended_ms()).max()?;
        Some((started, ended - started))
    }
}
