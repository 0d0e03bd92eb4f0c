//! Does anything on the internet answer by its number? Asked when no resolver answers, or none of them knows any name
//! of the run: are only names lost, or all?

use std::cell::RefCell;
use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LIMIT;
use crate::asked::Asked;
use crate::dns::{self, Outcome};
use crate::first_look::FirstLook;
use crate::network::Network;
use crate::plan::Plan;
use crate::run::Run;
use crate::tcp::{self, Attempt};

/// Public resolvers answer here too, over TLS; whether a connection opens is all that is asked.
const HTTPS: u16 = 443;

/// The answer of a machine that is reached without a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ByNumberFacts")]
pub struct Facts {
    /// The attempt.
    pub attempts: Vec<Attempt>,
}

pub(crate) fn contacts(plan: &Plan) -> Vec<String> {
    plan.second_resolvers.first().map(|first| format!("{}, port {HTTPS}", first.ip())).into_iter().collect()
}

pub(super) async fn ask<N: Network>(first: &FirstLook, run: &Run<'_, N>) -> Option<Asked<Facts>> {
    let is_unanswered = |outcome: &Outcome| matches!(outcome, Outcome::Unanswered | Outcome::NoResolver);
    let resolver = run.plan.second_resolvers.first()?;
    if !first.any(FirstLook::dns, |names| is_unanswered(&names.outcome)) && !is_no_name_known(first) {
        return None;
    }
    let asked = run.timed(async {
        let attempts = RefCell::new(Vec::new());
        drop(tcp::attempt(SocketAddr::new(resolver.ip(), HTTPS), LIMIT, run, &attempts).await);
        Facts { attempts: attempts.into_inner() }
    });
    Some(asked.await)
}

/// Whether every name has no address, including the one that is not about mail.
fn is_no_name_known(first: &FirstLook) -> bool {
    let is_unknown = |names: &dns::Facts| names.addresses.is_empty();
    let control = first.status().and_then(|status| status.dns.as_ref());
    control.is_some_and(is_unknown) && first.each(FirstLook::dns).all(|(_, names)| is_unknown(names))
}
