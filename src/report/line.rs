//! A line of a run over many accounts: a report, why there is none, or the summary at the end.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::group::Summary;
use super::{Report, Verdict};

/// The labels that the list gives an account.
pub(crate) type Labels = BTreeMap<String, String>;

/// One line.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Line {
    /// The report of an account.
    Account(OfAccount),
    /// An account that was not asked.
    NotAsked(NotAsked),
    /// What was asked once for all accounts, where it found trouble.
    Network {
        /// Its report.
        network: Box<Report>,
    },
    /// The last line.
    Summary {
        /// What came of the run.
        summary: Summary,
    },
}

/// The report of an account.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct OfAccount {
    /// The account's name in the list.
    pub(crate) account: String,
    /// Its labels in the list.
    pub(crate) labels: Labels,
    /// The report.
    #[serde(flatten)]
    pub(crate) report: Box<Report>,
}

/// An account that was not asked. `--resume` asks it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct NotAsked {
    /// The account's name in the list.
    pub(crate) account: String,
    /// Its labels in the list.
    pub(crate) labels: Labels,
    /// Always `unclear`.
    pub(crate) verdict: Verdict,
    /// Why, in one sentence.
    #[serde(rename = "not_asked")]
    pub(crate) why: String,
}
