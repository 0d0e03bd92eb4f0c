//! Can the web be reached, is it Apple's, and what time is it there? Asked, without encryption, after a problem with a
//! name, a connection or a certificate: a captive portal answers in Apple's place, and any honest answer has the time.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LIMIT;
use crate::apple_status::{clock_ahead, fetch};
use crate::asked::Asked;
use crate::dns;
use crate::first_look::FirstLook;
use crate::network::clock::within;
use crate::network::{FetchFailed, Network};
use crate::plan::Plan;
use crate::run::Run;

/// The facts about the plain page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PlainPageFacts")]
pub struct Facts {
    /// Where it was fetched.
    pub url: String,
    /// The outcome.
    pub outcome: Outcome,
    /// What was learned of its host's name, which no mail program asks for; `None` where a proxy asks.
    #[serde(default)]
    pub dns: Option<dns::Facts>,
    /// How far this machine's clock is ahead of the page's server, in seconds; negative when it is behind.
    pub clock_ahead_s: Option<i64>,
}

/// The outcome of fetching the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PlainPageOutcome")]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Outcome {
    /// Apple's page: the one word "Success".
    Success,
    /// Something else, as from a portal that requires a sign-in.
    SomethingElse {
        /// The HTTP status.
        status: u16,
        /// The target of a redirect.
        location: Option<String>,
        /// How it begins.
        beginning: String,
    },
    /// Nothing.
    NotFetched {
        /// Why not.
        why: FetchFailed,
    },
    /// Its name has no address.
    NoAddress,
}

pub(crate) fn contacts(plan: &Plan) -> Vec<String> {
    vec![plan.portal_url.clone()]
}

pub(super) async fn ask<N: Network>(first: &FirstLook, run: &Run<'_, N>) -> Option<Asked<Facts>> {
    if !first.is_troubled_on_the_way() {
        return None;
    }
    let asked = run.timed(async {
        let url = &run.plan.portal_url;
        let late = (None, None, Some(Err(FetchFailed::TimedOut)));
        let (_, dns, page) = within(LIMIT, fetch(url, run)).await.unwrap_or(late);
        let mut clock_ahead_s = None;
        let outcome = match page {
            None => Outcome::NoAddress,
            Some(Err(why)) => Outcome::NotFetched { why },
            Some(Ok(page)) => {
                clock_ahead_s = clock_ahead(&page, run.net.now());
                if page.status == 200 && page.body.contains("Success") {
                    Outcome::Success
                } else {
                    let beginning = page.body.chars().take(200).collect();
                    Outcome::SomethingElse { status: page.status, location: page.location, beginning }
                }
            }
        };
        Facts { url: url.clone(), outcome, dns, clock_ahead_s }
    });
    Some(asked.await)
}
