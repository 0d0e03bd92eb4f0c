//! The certificates that a server presented: who signed which, where the chain breaks, and which store trusts it.

use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::network::certificate::Certificate;
use checks::network::{Judgement, Verdict};
use checks::tls;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::words::chain::{self as words, Fault};

/// The chain of one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Chain {
    /// The host name that the certificate had to prove.
    pub(crate) name: String,
    /// As they were presented, the server's own first.
    pub(crate) certificates: Vec<Link>,
    /// The issuer of the last one: a root, where a store knows it.
    pub(crate) root: String,
    /// What each store of roots says about it.
    pub(crate) stores: Vec<Store>,
}

/// One certificate of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "PresentedCertificate")]
pub(crate) struct Link {
    /// Its common name, or its whole subject.
    pub(crate) whom: String,
    /// The organisation that it names.
    pub(crate) organisation: Option<String>,
    /// The host names that it covers.
    pub(crate) names: Vec<String>,
    /// When it becomes valid.
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) not_before: OffsetDateTime,
    /// When it expires.
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) not_after: OffsetDateTime,
    /// For instance `EC 256`.
    pub(crate) key: String,
    /// What is wrong with it by itself, as half a sentence.
    pub(crate) fault: Option<String>,
    /// Whether the next one signed it, as far as names and keys say; `null` for the last.
    pub(crate) is_signed_by_next: Option<bool>,
}

/// What a store of roots says about a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Store {
    /// Which store it is.
    pub(crate) name: String,
    /// Whether it accepts the chain now.
    pub(crate) is_trusting: bool,
    /// Half a sentence to be read after the store's name.
    pub(crate) says: String,
}

impl Chain {
    /// When the first of its certificates expires.
    pub(crate) fn not_after(&self) -> Option<OffsetDateTime> {
        self.certificates.iter().map(|link| link.not_after).min()
    }
}

/// Every chain that was presented, those of the mail servers first.
pub(super) fn chains(evidence: &Evidence) -> Vec<Chain> {
    let control = evidence.second_look.control_host.as_ref().and_then(|asked| asked.facts.tls.as_ref());
    let servers = evidence.first.each(FirstLook::tls).map(|(_, tls)| tls);
    servers.chain(control).filter_map(chain).collect()
}

fn chain(facts: &tls::Facts) -> Option<Chain> {
    let last = facts.chain.last()?;
    let certificates = facts.chain.iter().enumerate();
    let stores = facts.trust.iter().flat_map(|trust| {
        let system = words::own_store(trust.system_roots);
        [store(system, &trust.system), store(words::PUBLIC_LIST.to_owned(), &trust.public)]
    });
    Some(Chain {
        name: facts.name.clone(),
        certificates: certificates.map(|(at, certificate)| link(at, certificate, facts)).collect(),
        root: words::common_name(&last.issuer).to_owned(),
        stores: stores.collect(),
    })
}

fn link(at: usize, certificate: &Certificate, facts: &tls::Facts) -> Link {
    let is_wrong_name = at == 0 && facts.trust.as_ref().is_some_and(|trust| !trust.name_matches);
    let fault = if certificate.not_after < facts.seen_at {
        Some(Fault::Expired(certificate.not_after.date()))
    } else if certificate.not_before > facts.seen_at {
        Some(Fault::TooEarly(certificate.not_before.date()))
    } else if is_wrong_name {
        Some(Fault::NotFor(&facts.name))
    } else if at == 0 && certificate.is_self_signed() {
        Some(Fault::SelfSigned)
    } else {
        None
    };
    Link {
        whom: words::common_name(&certificate.subject).to_owned(),
        organisation: words::organisation(&certificate.subject).map(str::to_owned),
        names: certificate.names.clone(),
        not_before: certificate.not_before,
        not_after: certificate.not_after,
        key: certificate.key.clone(),
        fault: fault.map(|fault| fault.words()),
        is_signed_by_next: facts.chain.get(at + 1).map(|next| certificate.is_signed_by(next)),
    }
}

fn store(name: String, verdict: &Verdict) -> Store {
    Store { name, is_trusting: verdict.now == Judgement::Trusted, says: words::says(&verdict.now) }
}
