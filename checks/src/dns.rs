//! Has the name an address?

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::clock::within;
use crate::network::{Answer, Network, Query, QueryFailed, Record, RecordKind, RecordValue, Resolvers, Transport};
use crate::plan::{Family, Plan};
use crate::run::Run;

/// The facts about a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DnsFacts")]
pub struct Facts {
    /// The name.
    pub name: String,
    /// Who answered.
    pub source: Source,
    /// The outcome.
    pub outcome: Outcome,
    /// The addresses, IPv6 and IPv4, in the order in which they came.
    pub addresses: Vec<Address>,
    /// The names that the name is an alias of, in the order of the chain.
    pub aliases: Vec<String>,
    /// Every question that was asked.
    pub attempts: Vec<Attempt>,
    /// What could not be read of which resolvers the system asks, and why.
    pub resolvers_unreadable: Option<String>,
}

/// Who gave the addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DnsSource")]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The name is an address already.
    Literal,
    /// This machine's hosts file, before any resolver is asked.
    HostsFile,
    /// The resolvers.
    Resolver,
    /// The system itself, in its own ways: which resolvers it asks could not be read.
    System,
}

/// The outcome of asking for a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DnsOutcome")]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// There are addresses.
    Found,
    /// There is no such name (NXDOMAIN).
    NoSuchName,
    /// The name exists without an address of the wanted family.
    NoAddress,
    /// The resolver answered that it could not find out (SERVFAIL and the like).
    ServerFailure,
    /// The resolver refused to answer.
    Refused,
    /// No resolver answered.
    Unanswered,
    /// No resolver is set, or none is known.
    NoResolver,
}

/// An address of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Address {
    /// The address.
    pub address: IpAddr,
    /// How long it may be kept, in seconds; `None` where no resolver gave it.
    pub ttl: Option<u32>,
    /// The kind of network that the address belongs to.
    pub reach: Reach,
    /// Whether it is in 17.0.0.0/8 or 57.103.0.0/16, Apple's own networks. A hint, never a proof.
    pub is_apples: bool,
}

/// The kind of network that an address belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// The internet.
    Public,
    /// In the network for measuring devices (RFC 2544, 198.18.0.0/15), which is not on the internet; some VPN programs
    /// answer with such addresses and forward connections to the real server.
    TestNetwork,
    /// In the network of a home or an office, on this machine, or unassigned: Apple's mail servers are not there.
    Sinkhole,
}

/// One question to one resolver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DnsAttempt")]
pub struct Attempt {
    /// The resolver.
    pub resolver: SocketAddr,
    /// The transport.
    pub transport: Transport,
    /// The record type.
    pub kind: RecordKind,
    /// When, in milliseconds after the start of the run.
    pub started_ms: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The answer.
    pub answer: Option<Answer>,
    /// Why there was none.
    pub failed: Option<QueryFailed>,
}

/// How long to wait for the other family's answer once one family has addresses. RFC 8305 section 3 says 50 ms, which
/// loses the answers of resolvers that have to ask others; for a name that is known quickly either costs nothing.
const RESOLUTION_DELAY: Duration = Duration::from_millis(250);

/// How many times a silent resolver is asked within a step's time: datagrams get lost.
const TRIES: u32 = 3;

pub(crate) fn contacts(plan: &Plan) -> Vec<String> {
    vec![plan.resolver.map_or("the system's resolvers".to_owned(), |resolver| format!("{resolver}  the resolver"))]
}

/// Asks for a name's addresses: the hosts file first, then the system's resolvers or the one in the plan.
/// Where it cannot be read which resolvers the system asks, the system itself is asked.
pub(crate) async fn ask<N: Network>(name: &str, run: &Run<'_, N>) -> Facts {
    let resolvers = match run.plan.resolver {
        Some(resolver) => Resolvers { addresses: vec![resolver], unreadable: None },
        None => run.net.resolvers(),
    };
    let known = match name.parse() {
        Ok(address) => Some((Source::Literal, vec![address])),
        // A resolver from the command line is asked even if the machine's own files have an answer.
        Err(_) if run.plan.resolver.is_some() => None,
        Err(_) => Some((Source::HostsFile, run.net.hosts_file(name))).filter(|(_, found)| !found.is_empty()),
    };
    if let Some((source, found)) = known {
        return Facts::given(name, source, found, Outcome::NoAddress, run.plan.family);
    }
    let facts = match resolvers.unreadable.is_some() && resolvers.addresses.is_empty() {
        true => {
            let found = within(run.plan.timeout, run.net.look_up(name)).await.unwrap_or_default();
            Facts::given(name, Source::System, found, Outcome::NoResolver, run.plan.family)
        }
        false => ask_resolvers(name, &resolvers.addresses, run).await,
    };
    Facts { resolvers_unreadable: resolvers.unreadable, ..facts }
}

/// Asks these resolvers, one after the other, until one knows.
pub(crate) async fn ask_resolvers<N: Network>(name: &str, resolvers: &[SocketAddr], run: &Run<'_, N>) -> Facts {
    let attempts = RefCell::new(Vec::new());
    let one = |kind| ask_kind(name, kind, resolvers, run, &attempts);
    let answers = match run.plan.family {
        Family::V4 => vec![one(RecordKind::A).await],
        Family::V6 => vec![one(RecordKind::Aaaa).await],
        Family::Both => {
            let (mut six, mut four) = (Box::pin(one(RecordKind::Aaaa)), Box::pin(one(RecordKind::A)));
            tokio::select! {
                biased;
                first = &mut six => vec![first, rest_of(four, &attempts).await],
                first = &mut four => vec![rest_of(six, &attempts).await, first],
            }
        }
    };
    let mut facts = Facts {
        name: name.to_owned(),
        source: Source::Resolver,
        outcome: Outcome::NoResolver,
        addresses: Vec::new(),
        aliases: Vec::new(),
        attempts: Vec::new(),
        resolvers_unreadable: None,
    };
    for answer in answers.into_iter().flatten() {
        facts.read(&answer);
    }
    facts.attempts = attempts.into_inner();
    if !resolvers.is_empty() {
        facts.outcome = outcome(&facts);
    }
    facts
}

/// Waits for the second family: briefly where the first one has addresses, to the end where it has none.
async fn rest_of<F: Future<Output = Option<Answer>>>(rest: F, attempts: &RefCell<Vec<Attempt>>) -> Option<Answer> {
    let has_addresses = attempts.borrow().iter().any(|attempt: &Attempt| {
        let records = attempt.answer.iter().flat_map(|answer| &answer.records);
        records.into_iter().any(|record| matches!(record.value, RecordValue::Address(_)))
    });
    if has_addresses { within(RESOLUTION_DELAY, rest).await.flatten() } else { rest.await }
}

/// Asks for one record type until an answer settles it. Every attempt is kept.
async fn ask_kind<N: Network>(
    name: &str,
    kind: RecordKind,
    resolvers: &[SocketAddr],
    run: &Run<'_, N>,
    attempts: &RefCell<Vec<Attempt>>,
) -> Option<Answer> {
    let mut last = None;
    let limit = run.plan.timeout / TRIES;
    let mut tries: Vec<_> = resolvers.iter().take(TRIES as usize).copied().collect();
    let mut asked = 0;
    while let Some(resolver) = tries.get(asked).copied() {
        asked += 1;
        let one = |transport| Query { resolver, transport, name: name.to_owned(), kind };
        let mut outcome = attempt(one(Transport::Udp), limit, run, attempts).await;
        if outcome.as_ref().is_ok_and(|answer| answer.truncated) {
            outcome = attempt(one(Transport::Tcp), limit, run, attempts).await;
        }
        match outcome {
            Ok(answer) if matches!(answer.code.as_str(), "NOERROR" | "NXDOMAIN") => return Some(answer),
            Ok(answer) => last = Some(answer),
            // The next resolver may be silent too; after the last one the same ones are asked once more.
            Err(QueryFailed::TimedOut) if tries.len() < TRIES as usize => tries.push(resolver),
            Err(_) => {}
        }
    }
    last
}

async fn attempt<N: Network>(
    query: Query,
    limit: Duration,
    run: &Run<'_, N>,
    attempts: &RefCell<Vec<Attempt>>,
) -> Result<Answer, QueryFailed> {
    let started_ms = run.began.milliseconds();
    let at = {
        let mut attempts = attempts.borrow_mut();
        attempts.push(Attempt {
            resolver: query.resolver,
            transport: query.transport,
            kind: query.kind,
            started_ms,
            duration_ms: 0,
            answer: None,
            failed: Some(QueryFailed::TimedOut),
        });
        attempts.len() - 1
    };
    let mut outcome = within(limit, run.net.query(&query)).await.unwrap_or(Err(QueryFailed::TimedOut));
    if let Ok(answer) = &mut outcome {
        answer.records.truncate(Answer::MOST_RECORDS);
    }
    let kept = &mut attempts.borrow_mut()[at];
    kept.duration_ms = run.began.milliseconds() - started_ms;
    kept.answer = outcome.as_ref().ok().cloned();
    kept.failed = outcome.as_ref().err().cloned();
    outcome
}

fn outcome(facts: &Facts) -> Outcome {
    if !facts.addresses.is_empty() {
        return Outcome::Found;
    }
    let has = |wanted: &str| {
        facts.attempts.iter().any(|attempt| attempt.answer.as_ref().is_some_and(|answer| answer.code == wanted))
    };
    if has("NXDOMAIN") {
        Outcome::NoSuchName
    } else if has("NOERROR") {
        Outcome::NoAddress
    } else if has("REFUSED") {
        Outcome::Refused
    } else if facts.attempts.iter().any(|attempt| attempt.answer.is_some()) {
        Outcome::ServerFailure
    } else {
        Outcome::Unanswered
    }
}

impl Facts {
    /// Addresses that no resolver of ours gave, and the outcome where there are none.
    fn given(name: &str, source: Source, found: Vec<IpAddr>, otherwise: Outcome, family: Family) -> Self {
        let allowed = found.into_iter().filter(|address| family.allows(*address));
        let addresses: Vec<_> = allowed.map(|address| Address::new(address, None)).collect();
        Self {
            name: name.to_owned(),
            source,
            outcome: if addresses.is_empty() { otherwise } else { Outcome::Found },
            addresses,
            aliases: Vec::new(),
            attempts: Vec::new(),
            resolvers_unreadable: None,
        }
    }

    /// Whether there is no address to connect to, or only one that cannot be Apple's.
    pub fn is_troubled(&self) -> bool {
        self.outcome != Outcome::Found || self.addresses.iter().all(|address| address.reach == Reach::Sinkhole)
    }

    /// Takes the addresses of the name itself, and of the names that it is an alias of (RFC 1034 section 3.6.2).
    fn read(&mut self, answer: &Answer) {
        let aliases: BTreeMap<&str, &str> = answer
            .records
            .iter()
            .filter_map(|record| match &record.value {
                RecordValue::Alias(alias) => Some((record.name.as_str(), alias.as_str())),
                _ => None,
            })
            .collect();
        let name = self.name.to_lowercase();
        let mut names = vec![name.as_str()];
        while let Some(alias) = names.last().and_then(|last| aliases.get(last)).filter(|alias| !names.contains(alias)) {
            names.push(alias);
        }
        for Record { name, ttl, value } in &answer.records {
            match value {
                RecordValue::Address(address) if names.contains(&name.as_str()) => {
                    self.addresses.push(Address::new(*address, Some(*ttl)));
                }
                _ => {}
            }
        }
        for alias in names.into_iter().skip(1) {
            if !self.aliases.iter().any(|known| known == alias) {
                self.aliases.push(alias.to_owned());
            }
        }
    }
}

impl Address {
    fn new(address: IpAddr, ttl: Option<u32>) -> Self {
        let is_sinkhole = match address {
            IpAddr::V4(four) => is_sinkhole(four),
            IpAddr::V6(six) => {
                six.is_unspecified()
                    || six.is_loopback()
                    || six.is_unicast_link_local()
                    || six.to_ipv4_mapped().is_some_and(is_sinkhole)
            }
        };
        Self {
            address,
            ttl,
            reach: match address {
                _ if is_sinkhole => Reach::Sinkhole,
                IpAddr::V4(four) if matches!(four.octets(), [198, 18 | 19, ..]) => Reach::TestNetwork,
                _ => Reach::Public,
            },
            is_apples: match address {
                IpAddr::V4(four) => matches!(four.octets(), [17, ..] | [57, 103, ..]),
                // Apple's allocations as its routing objects list them: 2620:149::/32 and 2a01:b740::/32.
                IpAddr::V6(six) => matches!(six.segments(), [0x2620, 0x149, ..] | [0x2a01, 0xb740, ..]),
            },
        }
    }
}

fn is_sinkhole(address: Ipv4Addr) -> bool {
    address.octets()[0] == 0
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_broadcast()
}

impl Family {
    pub(crate) fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Both => true,
            Self::V4 => address.is_ipv4(),
            Self::V6 => address.is_ipv6(),
        }
    }
}
