//! What is asked only after trouble: one question a file, each with the trouble that it is asked after.

pub mod another_resolver;
pub mod by_number;
pub mod other_family;
pub mod other_port;
pub mod plain_page;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::evidence::{Asked, Evidence};
use crate::network::Network;
use crate::run::Run;

/// What the second looks brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// What does another resolver say of the name?
    pub another_resolver: Option<Asked<another_resolver::Facts>>,
    /// Does anything answer by its number?
    pub by_number: Option<Asked<by_number::Facts>>,
    /// Does the other family's address answer at all?
    pub other_family: Option<Asked<other_family::Facts>>,
    /// Does another port of the same address answer?
    pub other_port: Option<Asked<other_port::Facts>>,
    /// Is the web there, is it Apple's, and what time is it?
    pub plain_page: Option<Asked<plain_page::Facts>>,
}

/// How long a second look may take: the person has waited for the first one already.
const LIMIT: Duration = Duration::from_millis(2500);

/// Asks, side by side, whatever the evidence calls for.
pub(crate) async fn at<N: Network, W>(evidence: &mut Evidence, run: &Run<'_, N, W>) {
    let (another_resolver, by_number, other_family, other_port, plain_page) = tokio::join!(
        another_resolver::ask(evidence, run),
        by_number::ask(evidence, run),
        other_family::ask(evidence, run),
        other_port::ask(evidence, run),
        plain_page::ask(evidence, run),
    );
    evidence.second_look = Facts { another_resolver, by_number, other_family, other_port, plain_page };
}
