//! The result of a TLS handshake: the parameters, the certificates, and the judgement of the root sets.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::certificate::Certificate;

/// How a handshake begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hello {
    /// As mail programs begin it today: TLS 1.3 and 1.2, and a key share that withstands quantum computers. It takes
    /// two packets.
    Usual,
    /// The same without that key share, in one packet.
    Small,
    /// TLS 1.2 to 1.0 as it was written before 2018: shows what an old server knows, and is never led to its end.
    Old,
}

/// The result of a handshake.
pub struct Handshake<S> {
    /// The encrypted connection, or why there is none.
    pub outcome: Result<S, TlsFailed>,
    /// What the two sides agreed on.
    pub negotiated: Option<Negotiated>,
    /// The certificates as the peer presented them, its own first.
    pub chain: Vec<Certificate>,
    /// What the two root sets say of that chain; `None` when no chain came.
    pub trust: Option<Trust>,
    /// The first bytes that the peer sent, as text with everything unprintable escaped.
    pub first_bytes: String,
}

impl<S> Handshake<S> {
    /// A handshake that failed before the peer showed anything.
    pub fn failed(why: TlsFailed) -> Self {
        Self { outcome: Err(why), negotiated: None, chain: Vec::new(), trust: None, first_bytes: String::new() }
    }

    /// The same, with its connection inside another.
    pub(crate) fn over<T>(self, outer: impl FnOnce(S) -> T) -> Handshake<T> {
        let Self { outcome, negotiated, chain, trust, first_bytes } = self;
        Handshake { outcome: outcome.map(outer), negotiated, chain, trust, first_bytes }
    }
}

/// What the two sides of a handshake agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Negotiated {
    /// For instance `TLS 1.3`.
    pub version: String,
    /// For instance `TLS13_AES_256_GCM_SHA384`.
    pub cipher_suite: String,
    /// For instance `X25519MLKEM768`; `None` if the version does not show it.
    pub key_exchange: Option<String>,
    /// The application protocol, if the server chose one.
    pub alpn: Option<String>,
    /// Whether the server stapled an OCSP response (RFC 6066 section 8).
    pub ocsp_stapled: bool,
}

impl Negotiated {
    /// How many round trips such a handshake takes (RFC 8446 section 2 and RFC 5246 section 7.3).
    pub fn round_trips(&self) -> u8 {
        if self.version == "TLS 1.3" { 1 } else { 2 }
    }
}

/// Why a handshake ended without an encrypted connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TlsFailed {
    /// Nothing came within the step's time.
    TimedOut,
    /// The peer answered in something that is not TLS.
    NotTls,
    /// The peer knows only versions before TLS 1.2.
    TooOld,
    /// The peer closed the connection during the handshake.
    Closed,
    /// The connection was reset during the handshake.
    Reset,
    /// The peer refused with this alert (RFC 8446 section 6).
    Alert(String),
    /// Another error, in the TLS library's words.
    Other(String),
    /// The recorded case holds no handshake here.
    NotRecorded,
}

/// In words, half a sentence each.
impl fmt::Display for TlsFailed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => out.write_str("the handshake was not answered"),
            Self::NotTls => out.write_str("what answers does not speak TLS here"),
            Self::TooOld => out.write_str("what answers knows only TLS versions that are too old to be safe"),
            Self::Closed => out.write_str("the connection was closed during the handshake"),
            Self::Reset => out.write_str("the connection was reset during the handshake"),
            Self::Alert(alert) => write!(out, "the handshake was refused (alert {alert})"),
            Self::Other(words) => write!(out, "the handshake failed ({words})"),
            Self::NotRecorded => out.write_str("the recorded case holds no handshake here"),
        }
    }
}

/// What the root sets say of one chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trust {
    /// The system's store, with what `--ca-file` adds to it: the one that decides whether a password may be sent.
    pub system: Verdict,
    /// Who gave that verdict.
    #[serde(default, skip_serializing_if = "JudgedBy::is_the_store")]
    pub system_by: JudgedBy,
    /// How many roots the system's store holds.
    pub system_roots: usize,
    /// The public roots, which no administrator or antivirus has added to.
    pub public: Verdict,
    /// Whether the first certificate is for the name that was asked for.
    pub name_matches: bool,
    /// Whether the last presented certificate's issuer belongs to an organisation of a public root: then a link of a
    /// real chain is missing, while an interceptor's issuer is not a public one. Not asked of a trusted chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_organisation_is_public: Option<bool>,
}

/// Who gave the system's verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JudgedBy {
    /// Its store, which holds all that it trusts.
    #[default]
    Store,
    /// The system itself (Windows and macOS), which may know more roots than it lists.
    System,
    /// The roots that such a system lists today: its own verdict could not be had.
    List,
}

impl JudgedBy {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_the_store(&self) -> bool {
        *self == Self::Store
    }
}

/// What one root set says of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TrustVerdict")]
pub struct Verdict {
    /// The verdict now, by this machine's clock.
    pub now: Judgement,
    /// The verdict at a moment when the first certificate is valid: trust without regard to dates and clock.
    pub apart_from_dates: Judgement,
}

/// The judgement of a chain by a set of roots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// The chain leads to one of the roots.
    Trusted,
    /// It leads to none of them.
    UnknownIssuer,
    /// A certificate in it has expired.
    Expired,
    /// A certificate in it is not valid yet.
    NotYetValid,
    /// Another fault, in the TLS library's words.
    Other(String),
}
