//! Who signs the certificate of another host of Apple's? Asked when a mail server's certificate is not trusted, or only
//! on this machine: an interceptor of every connection opens this one too.

use std::cell::RefCell;
use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LIMIT;
use crate::apple_status::host_of;
use crate::asked::Asked;
use crate::first_look::FirstLook;
use crate::network::{Hello, Network};
use crate::plan::Plan;
use crate::run::Run;
use crate::{dns, tcp, tls};

/// The port of the web with TLS.
const HTTPS: u16 = 443;

/// What the host shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ControlHostFacts")]
pub struct Facts {
    /// Its name.
    pub host: String,
    /// The handshake; `None` if there was none.
    pub tls: Option<tls::Facts>,
}

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    vec!["port 443 of the status page's host".to_owned()]
}

pub(super) async fn ask<N: Network>(first: &FirstLook, run: &Run<'_, N>) -> Option<Asked<Facts>> {
    let is_doubtful = |tls: &tls::Facts| !tls.chain.is_empty() && tls.is_troubled();
    let url = &run.plan.status_url;
    // Through a proxy this would be the proxy's connection.
    if !first.any(FirstLook::tls, is_doubtful) || !url.starts_with("https://") || run.net.proxy_for(url).is_some() {
        return None;
    }
    let host = host_of(url).to_owned();
    let asked = run.timed(async {
        let known = first.status().and_then(|status| status.dns.as_ref());
        let names = match known {
            Some(names) => names,
            None => &dns::ask(&host, run).await,
        };
        let tls = match names.addresses.first() {
            Some(found) => shake(SocketAddr::new(found.address, HTTPS), &host, run).await,
            None => None,
        };
        Facts { host, tls }
    });
    Some(asked.await)
}

async fn shake<N: Network>(to: SocketAddr, host: &str, run: &Run<'_, N>) -> Option<tls::Facts> {
    let open = tcp::attempt(to, LIMIT, run, &RefCell::default()).await?;
    Some(tls::ask(open, host, Hello::Usual, LIMIT, run).await.0)
}
