//! What does another resolver say about the name? Asked when a name has no address, only one that cannot be Apple's, or
//! one where another server answers; and when no connection opens anywhere: does anything come back from outside?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LIMIT;
use crate::asked::Asked;
use crate::first_look::FirstLook;
use crate::network::Network;
use crate::network::clock::within;
use crate::plan::{Plan, Protocol};
use crate::run::Run;
use crate::settings::HostKind;
use crate::{dns, tcp};

/// What the other resolvers say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "AnotherResolverFacts")]
pub struct Facts {
    /// One opinion for each name and resolver; none if no other resolver may be asked.
    pub opinions: Vec<Opinion>,
}

/// What one resolver says about one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opinion {
    /// The server of the name.
    pub protocol: Protocol,
    /// The resolver.
    pub resolver: std::net::SocketAddr,
    /// Its answer; `None` if nothing came in time.
    pub says: Option<dns::Facts>,
}

impl Facts {
    /// The answers for one server's name.
    pub fn of(&self, protocol: Protocol) -> impl Iterator<Item = &dns::Facts> {
        self.opinions
            .iter()
            .filter(move |opinion| opinion.protocol == protocol)
            .filter_map(|opinion| opinion.says.as_ref())
    }
}

pub(crate) fn contacts(plan: &Plan) -> Vec<String> {
    plan.second_resolvers.iter().map(ToString::to_string).collect()
}

pub(super) async fn ask<N: Network>(first: &FirstLook, run: &Run<'_, N>) -> Option<Asked<Facts>> {
    let nothing_opens =
        first.any(FirstLook::tcp, tcp::Facts::is_troubled) && !first.any(FirstLook::tcp, |tcp| !tcp.is_troubled());
    let is_doubtful = |protocol: Protocol| {
        let names = first.dns(protocol)?;
        let is_somebody_else = first.tls(protocol).is_some_and(|tls| !tls.chain.is_empty() && !tls.is_verified());
        // An address outside Apple's own networks proves nothing, but if nothing answers there it is a reason to ask.
        let is_foreign = !names.addresses.iter().any(|found| found.is_apples)
            && first.settings.server(protocol).host_is == HostKind::Apples
            && first.tcp(protocol).is_some_and(tcp::Facts::is_troubled);
        let is_wanted = names.is_troubled() || is_somebody_else || nothing_opens || is_foreign;
        (names.source != dns::Source::Literal && is_wanted).then_some((protocol, &names.name))
    };
    let doubtful: Vec<_> = [Protocol::Imap, Protocol::Smtp].into_iter().filter_map(is_doubtful).collect();
    if doubtful.is_empty() || run.plan.second_resolvers.is_empty() {
        return None;
    }
    let asked = run.timed(async {
        let (first, second) = tokio::join!(opinions(doubtful.first(), run), opinions(doubtful.get(1), run));
        Facts { opinions: first.into_iter().chain(second).collect() }
    });
    Some(asked.await)
}

async fn opinions<N: Network>(doubtful: Option<&(Protocol, &String)>, run: &Run<'_, N>) -> Vec<Opinion> {
    let Some((protocol, name)) = doubtful else { return Vec::new() };
    let one = async |resolver: Option<&std::net::SocketAddr>| {
        let resolver = *resolver?;
        let says = within(LIMIT, dns::ask_resolvers(name, &[resolver], run)).await;
        Some(Opinion { protocol: *protocol, resolver, says })
    };
    // Two make the opinion independent of one company.
    let (first, second) = tokio::join!(one(run.plan.second_resolvers.first()), one(run.plan.second_resolvers.get(1)));
    first.into_iter().chain(second).collect()
}
