//! Does another port of the same address answer? Asked when no connection opened: is it this port, this machine, this
//! family of addresses, or everything?

use std::cell::RefCell;
use std::net::SocketAddr;
use std::pin::Pin;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LIMIT;
use crate::asked::Asked;
use crate::first_look::FirstLook;
use crate::network::{ConnectFailed, Network};
use crate::plan::{Plan, Protocol};
use crate::run::Run;
use crate::tcp::{self, Attempt};

/// The ports of the web, which nearly every network lets through; a guest network may let only the plain one through.
const WEB: [u16; 2] = [443, 80];

/// The answers of other ports of the same addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OtherPortFacts")]
pub struct Facts {
    /// The server of the addresses, and the attempts.
    pub attempts: Vec<(Protocol, Attempt)>,
}

impl Facts {
    /// The attempts at a server's addresses that its machine answered, even if only to refuse the connection.
    pub fn answered(&self, protocol: Protocol) -> impl Iterator<Item = &Attempt> {
        self.attempts
            .iter()
            .filter(move |(of, _)| *of == protocol)
            .map(|(_, attempt)| attempt)
            .filter(|attempt| matches!(attempt.failed, None | Some(ConnectFailed::Refused | ConnectFailed::Reset)))
    }
}

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    vec!["ports 443 and 80 of the mail servers".to_owned()]
}

pub(super) async fn ask<N: Network>(first: &FirstLook, run: &Run<'_, N>) -> Option<Asked<Facts>> {
    let mut wanted: Vec<(Protocol, SocketAddr)> = Vec::new();
    for (of, tcp) in first.each(FirstLook::tcp).filter(|(_, tcp)| tcp.is_troubled()) {
        for is_six in [true, false] {
            let of_family = tcp.attempts.iter().find(|attempt| attempt.to.is_ipv6() == is_six);
            wanted
                .extend(of_family.iter().flat_map(|known| WEB.map(|port| (of, SocketAddr::new(known.to.ip(), port)))));
        }
    }
    if wanted.is_empty() {
        return None;
    }
    let asked = run.timed(async {
        let attempts = RefCell::new(Vec::new());
        all(&wanted, run, &attempts).await;
        let whose = wanted.iter().map(|(of, _)| *of);
        Facts { attempts: whose.zip(attempts.into_inner()).collect() }
    });
    Some(asked.await)
}

/// All in parallel; they are begun, and therefore recorded, in their order.
fn all<'r, N: Network>(
    wanted: &'r [(Protocol, SocketAddr)],
    run: &'r Run<'_, N>,
    attempts: &'r RefCell<Vec<Attempt>>,
) -> Pin<Box<dyn Future<Output = ()> + 'r>> {
    Box::pin(async move {
        if let Some(((_, to), others)) = wanted.split_first() {
            let (open, ()) = tokio::join!(tcp::attempt(*to, LIMIT, run, attempts), all(others, run, attempts));
            drop(open);
        }
    })
}
