//! Does the peer prove that it is the server?

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::network::certificate::Certificate;
use crate::network::clock::within;
use crate::network::{Broken, Handshake, Hello, Judgement, Negotiated, Network, Stream, TlsFailed, Trust};
use crate::plan::Plan;
use crate::protocol::{Line, Proven};
use crate::run::Run;
use crate::tcp::Open;

/// The facts about a peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TlsFacts")]
pub struct Facts {
    /// The name that the peer was asked to prove.
    pub name: String,
    /// Why the handshake failed; `None` if it succeeded, even with an impostor.
    pub failed: Option<TlsFailed>,
    /// What was agreed on.
    pub negotiated: Option<Negotiated>,
    /// The judgement of the root sets.
    pub trust: Option<Trust>,
    /// The certificates as they were presented, the peer's own first.
    pub chain: Vec<Certificate>,
    /// Whether each presented certificate is signed by the one after it, as far as names and keys say.
    pub is_in_order: bool,
    /// The first bytes of a peer that did not end the handshake, unprintable ones escaped.
    pub first_bytes: String,
    /// This machine's clock at the time.
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub seen_at: OffsetDateTime,
}

impl Facts {
    /// Whether the system's store accepts this peer for this name, now.
    pub fn is_verified(&self) -> bool {
        self.failed.is_none()
            && self.trust.as_ref().is_some_and(|trust| trust.name_matches && trust.system.now == Judgement::Trusted)
    }

    /// The first certificate of the chain that is expired or not valid yet, by this machine's clock.
    pub fn out_of_date(&self) -> Option<&Certificate> {
        self.chain.iter().find(|certificate| !certificate.is_in_date(self.seen_at))
    }

    /// Whether an interceptor may be reading: the system accepts what the public roots do not know.
    pub fn is_trusted_by_system_only(&self) -> bool {
        self.trust.as_ref().is_some_and(|trust| {
            trust.system.apart_from_dates == Judgement::Trusted
                && trust.public.apart_from_dates == Judgement::UnknownIssuer
        })
    }

    /// Whether there is no connection here that a password may be sent over, or only one that others may read.
    pub fn is_troubled(&self) -> bool {
        !self.is_verified() || self.is_trusted_by_system_only()
    }
}

/// An encrypted connection to a peer that the system's store accepts for the name that was asked for.
///
/// Only [`ask`] makes one, and only over one can a [`SecretLine`](crate::protocol::SecretLine) be sent.
pub(crate) struct Verified<S> {
    stream: S,
}

impl<S> Proven for Verified<S> {}

impl<S: Stream> Stream for Verified<S> {
    async fn send(&mut self, lines: &[Line]) -> Result<(), Broken> {
        self.stream.send(lines).await
    }

    async fn receive(&mut self) -> Result<Vec<u8>, Broken> {
        self.stream.receive().await
    }
}

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    // The mail servers, which the conversations list.
    Vec::new()
}

/// Makes a TLS handshake over an open connection.
pub(crate) async fn ask<N: Network>(
    open: Open<N::Stream>,
    name: &str,
    hello: Hello,
    limit: Duration,
    run: &Run<'_, N>,
) -> (Facts, Option<Verified<N::Stream>>) {
    let seen_at = run.net.now();
    let asked = within(limit, run.net.handshake(open.into_stream(), name, hello)).await;
    let handshake = asked.unwrap_or_else(|| Handshake::failed(TlsFailed::TimedOut));
    let (stream, failed) = match handshake.outcome {
        Ok(stream) => (Some(stream), None),
        Err(failed) => (None, Some(failed)),
    };
    let facts = Facts {
        name: name.to_owned(),
        failed,
        negotiated: handshake.negotiated,
        trust: handshake.trust,
        is_in_order: handshake.chain.windows(2).all(|pair| pair[0].is_signed_by(&pair[1])),
        chain: handshake.chain,
        first_bytes: handshake.first_bytes,
        seen_at,
    };
    let verified = stream.filter(|_| facts.is_verified()).map(|stream| Verified { stream });
    (facts, verified)
}
