//! Does the address of the family that lost the race answer at all? Asked when the other family was faster and it had
//! not answered.

use std::cell::RefCell;
use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LIMIT;
use crate::asked::Asked;
use crate::first_look::FirstLook;
use crate::network::{ConnectFailed, Network};
use crate::plan::Plan;
use crate::run::Run;
use crate::tcp::{self, Attempt};

/// The answers of the slower family's addresses when they are given time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OtherFamilyFacts")]
pub struct Facts {
    /// The attempts, one for each server.
    pub attempts: Vec<Attempt>,
}

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    // The mail servers themselves, once more.
    Vec::new()
}

pub(super) async fn ask<N: Network>(first: &FirstLook, run: &Run<'_, N>) -> Option<Asked<Facts>> {
    let overtaken: Vec<SocketAddr> = first.each(FirstLook::tcp).filter_map(|(_, tcp)| overtaken(tcp)).collect();
    if overtaken.is_empty() {
        return None;
    }
    let asked = run.timed(async {
        let attempts = RefCell::new(Vec::new());
        let one = async |to: Option<&SocketAddr>| {
            if let Some(to) = to {
                drop(tcp::attempt(*to, LIMIT, run, &attempts).await);
            }
        };
        tokio::join!(one(overtaken.first()), one(overtaken.get(1)));
        Facts { attempts: attempts.into_inner() }
    });
    Some(asked.await)
}

/// An address that had its delay and more, did not answer, and lost to one of the other family.
fn overtaken(facts: &tcp::Facts) -> Option<SocketAddr> {
    let open = facts.open()?;
    facts
        .attempts
        .iter()
        .find(|attempt| {
            attempt.failed == Some(ConnectFailed::Overtaken)
                && attempt.started_ms <= open.started_ms
                && attempt.to.is_ipv6() != open.to.is_ipv6()
        })
        .map(|attempt| attempt.to)
}
