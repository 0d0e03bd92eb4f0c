//! Does another port of the same address answer? Asked when no connection opened: is it this port, or everything?

use std::cell::RefCell;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::{FirstLook, LIMIT};
use crate::asked::Asked;
use crate::network::{ConnectFailed, Network};
use crate::plan::Protocol;
use crate::run::Run;
use crate::tcp::{self, Attempt};

/// The port of the web with TLS, which nearly every network lets through.
const HTTPS: u16 = 443;

/// What other ports of the same addresses say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Whose addresses they are, and the attempts.
    pub attempts: Vec<(Protocol, Attempt)>,
}

impl Facts {
    /// Whether the machine at a server's address answered, be it by saying that nothing listens there.
    pub fn answers(&self, protocol: Protocol) -> bool {
        self.attempts.iter().any(|(of, attempt)| {
            *of == protocol && matches!(attempt.failed, None | Some(ConnectFailed::Refused | ConnectFailed::Reset))
        })
    }
}

pub(super) async fn ask<N: Network, W>(first: &FirstLook<'_>, run: &Run<'_, N, W>) -> Option<Asked<Facts>> {
    let troubled: Vec<(Protocol, SocketAddr)> = first
        .tcp
        .each()
        .filter(|(_, asked)| asked.facts.is_troubled())
        .filter_map(|(protocol, asked)| Some((protocol, asked.facts.attempts.last()?.to)))
        .collect();
    if troubled.is_empty() {
        return None;
    }
    let asked = run.timed(async {
        let (first, second) = tokio::join!(one(troubled.first(), run), one(troubled.get(1), run));
        Facts { attempts: first.into_iter().chain(second).collect() }
    });
    Some(asked.await)
}

async fn one<N: Network, W>(
    troubled: Option<&(Protocol, SocketAddr)>,
    run: &Run<'_, N, W>,
) -> Option<(Protocol, Attempt)> {
    let (protocol, address) = troubled?;
    let attempts = RefCell::new(Vec::new());
    drop(tcp::attempt(SocketAddr::new(address.ip(), HTTPS), LIMIT, run, &attempts).await);
    Some((*protocol, attempts.into_inner().pop()?))
}
