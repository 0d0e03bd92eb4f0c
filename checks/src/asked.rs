//! What a question brought home, with whose it is and when it was asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::plan::Protocol;

/// What was learnt of each of the two servers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PerServer{T}")]
pub struct PerServer<T> {
    /// The server for reading.
    pub imap: Option<Asked<T>>,
    /// The server for sending.
    pub smtp: Option<Asked<T>>,
}

impl<T> Default for PerServer<T> {
    fn default() -> Self {
        Self { imap: None, smtp: None }
    }
}

impl<T> PerServer<T> {
    /// What was learnt of one of them.
    pub fn of(&self, protocol: Protocol) -> Option<&T> {
        match protocol {
            Protocol::Imap => self.imap.as_ref(),
            Protocol::Smtp => self.smtp.as_ref(),
        }
        .map(|asked| &asked.facts)
    }

    /// Whether something holds of what was learnt of either.
    pub fn any(&self, holds: fn(&T) -> bool) -> bool {
        self.each().any(|(_, asked)| holds(&asked.facts))
    }

    /// What was learnt, with whose it is.
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
    /// What was learnt.
    #[serde(flatten)]
    pub facts: T,
}
