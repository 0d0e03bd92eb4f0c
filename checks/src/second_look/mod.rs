//! What is asked only after trouble: one question a file, each with the trouble that it is asked after.

pub mod another_resolver;
pub mod by_number;
pub mod other_family;
pub mod other_port;
pub mod plain_page;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::asked::{Asked, PerServer};
use crate::network::Network;
use crate::run::Run;
use crate::{dns, tcp, tls};

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

/// What the first look brought, as far as a second one may be called for by it.
pub(crate) struct FirstLook<'e> {
    pub(crate) dns: &'e PerServer<dns::Facts>,
    pub(crate) tcp: &'e PerServer<tcp::Facts>,
    pub(crate) tls: &'e PerServer<tls::Facts>,
}

impl FirstLook<'_> {
    /// Whether a name, a connection or a certificate is in trouble.
    pub(crate) fn is_troubled(&self) -> bool {
        self.dns.any(dns::Facts::is_troubled)
            || self.tcp.any(tcp::Facts::is_troubled)
            || self.tls.any(tls::Facts::is_troubled)
    }
}

/// Asks, side by side, whatever the first look calls for.
pub(crate) async fn at<N: Network, W>(first: &FirstLook<'_>, run: &Run<'_, N, W>) -> Facts {
    let (another_resolver, by_number, other_family, other_port, plain_page) = tokio::join!(
        another_resolver::ask(first, run),
        by_number::ask(first, run),
        other_family::ask(first, run),
        other_port::ask(first, run),
        plain_page::ask(first, run),
    );
    Facts { another_resolver, by_number, other_family, other_port, plain_page }
}
