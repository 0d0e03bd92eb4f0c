//! The only door to the outside: what may be asked of it, and what can come back, in the field's words.

pub mod case;
pub mod certificate;
pub mod clock;
#[cfg(feature = "keyring")]
pub mod keyring;
pub mod real;
pub mod recording;
pub mod replayed;
pub mod talk_text;

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::protocol::Line;
use certificate::Certificate;

/// Everything that a run may ask of the world outside the program.
///
/// None of the verbs has a time limit of its own: the caller sets one with [`clock::within`], so that a recorded
/// silence and a real one are the same thing.
#[allow(async_fn_in_trait, reason = "one thread runs everything, so no future has to be Send")]
pub trait Network {
    /// An open connection, before or after TLS.
    type Stream: Stream;

    /// The wall clock of this machine, right or wrong.
    fn now(&self) -> OffsetDateTime;

    /// The resolvers that the system is set to ask, or why that setting cannot be read.
    fn resolvers(&self) -> Result<Vec<SocketAddr>, String>;

    /// The addresses that this machine's hosts file gives a name.
    fn hosts_file(&self, name: &str) -> Vec<IpAddr>;

    /// The proxy, as `host:port`, that web pages of this address are fetched through.
    fn proxy_for(&self, url: &str) -> Option<String>;

    /// Asks one resolver one question, once.
    async fn query(&self, query: &Query) -> Result<Answer, QueryFailed>;

    /// Opens one TCP connection.
    async fn connect(&self, to: SocketAddr) -> Result<Self::Stream, ConnectFailed>;

    /// Shakes hands over an open connection, keeping whatever the peer shows even when it cannot be trusted.
    async fn handshake(&self, stream: Self::Stream, name: &str) -> Handshake<Self::Stream>;

    /// Fetches one web page without following where it points.
    async fn fetch(&self, fetch: &Fetch) -> Result<Page, FetchFailed>;
}

/// An open connection to a mail server.
#[allow(async_fn_in_trait, reason = "one thread runs everything, so no future has to be Send")]
pub trait Stream {
    /// Sends client lines in one write.
    async fn send(&mut self, lines: &[Line]) -> Result<(), Broken>;

    /// Receives what has come; nothing at all means that the peer closed the connection.
    async fn receive(&mut self) -> Result<Vec<u8>, Broken>;
}

/// How an open connection broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Broken {
    /// The peer, or something on the way that speaks in its name, reset the connection.
    Reset,
    /// Another error, in the system's words.
    Other(String),
}

/// How a question travels to a resolver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// One datagram (RFC 1035 section 4.2.1).
    Udp,
    /// One TCP connection (RFC 7766), asked when the answer by UDP was cut short.
    Tcp,
}

/// The record types that the checks ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordKind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    #[serde(rename = "AAAA")]
    Aaaa,
}

/// One question to one resolver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// The resolver that is asked.
    pub resolver: SocketAddr,
    /// How the question travels.
    pub transport: Transport,
    /// The name, without a final dot.
    pub name: String,
    /// The record type.
    pub kind: RecordKind,
}

/// A resolver's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The response code in its mnemonic, for instance `NOERROR` or `NXDOMAIN` (RFC 1035 section 4.1.1, RFC 2136).
    pub code: String,
    /// Whether the answer was cut short to fit a datagram.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
    /// The records of the answer section.
    #[serde(default)]
    pub records: Vec<Record>,
}

/// A record of an answer, written as a line of a zone file: `name ttl type value`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Record {
    /// The owner's name, without a final dot.
    pub name: String,
    /// How long the answer may be kept, in seconds.
    pub ttl: u32,
    /// What the record says.
    pub value: RecordValue,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordValue {
    /// An A or AAAA record.
    Address(IpAddr),
    /// A CNAME record: the name is an alias of this one.
    Alias(String),
    /// A record of another type, as `TYPE value`.
    Other(String),
}

impl From<Record> for String {
    fn from(record: Record) -> Self {
        let value = match record.value {
            RecordValue::Address(IpAddr::V4(address)) => format!("A {address}"),
            RecordValue::Address(IpAddr::V6(address)) => format!("AAAA {address}"),
            RecordValue::Alias(name) => format!("CNAME {name}"),
            RecordValue::Other(text) => text,
        };
        format!("{} {} {value}", record.name, record.ttl)
    }
}

impl TryFrom<String> for Record {
    type Error = String;

    fn try_from(line: String) -> Result<Self, String> {
        let fault = || format!("\"{line}\" is no record: name ttl type value");
        let mut words = line.splitn(4, ' ');
        let (Some(name), Some(ttl), Some(kind), Some(value)) = (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(fault());
        };
        let value = match kind {
            "A" | "AAAA" => RecordValue::Address(value.parse().map_err(|_| fault())?),
            "CNAME" => RecordValue::Alias(value.to_owned()),
            kind => RecordValue::Other(format!("{kind} {value}")),
        };
        Ok(Self { name: name.to_owned(), ttl: ttl.parse().map_err(|_| fault())?, value })
    }
}

/// Why a resolver gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueryFailed {
    /// Nothing came within the step's time.
    TimedOut,
    /// The resolver's machine says that nothing listens there.
    Refused,
    /// This machine has no way to the resolver's network.
    NoRoute,
    /// A router says that the resolver cannot be reached.
    Unreachable,
    /// A firewall, here or on the way, forbids it.
    Prohibited,
    /// Something came that is no DNS message.
    Unreadable,
    /// Another error, in the system's words.
    Other(String),
    /// The recorded case holds no such question.
    NotRecorded,
}

/// Why a connection did not open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectFailed {
    /// Nothing came within the step's time.
    TimedOut,
    /// Answered by a reset: nothing listens there, or a firewall says so.
    Refused,
    /// The connection was reset while it opened.
    Reset,
    /// This machine has no way to that network.
    NoRoute,
    /// A router says that the address cannot be reached.
    Unreachable,
    /// A firewall, here or on the way, forbids it.
    Prohibited,
    /// Given up because another address had won the race.
    Overtaken,
    /// Another error, in the system's words.
    Other(String),
    /// The recorded case holds no such connection.
    NotRecorded,
}

/// What a handshake brought.
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

/// What the two sides of a handshake agreed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Negotiated {
    /// For instance `TLS 1.3`.
    pub version: String,
    /// For instance `TLS13_AES_256_GCM_SHA384`.
    pub cipher_suite: String,
    /// For instance `X25519MLKEM768`; `None` where the version does not tell.
    pub key_exchange: Option<String>,
    /// The application protocol, if the server chose one.
    pub alpn: Option<String>,
    /// Whether the server stapled an OCSP response (RFC 6066 section 8).
    pub ocsp_stapled: bool,
}

/// Why a handshake ended without an encrypted connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// What the root sets say of one chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trust {
    /// The system's store, with what `--ca-file` adds to it: the one that decides whether a password may be sent.
    pub system: Verdict,
    /// How many roots the system's store holds.
    pub system_roots: usize,
    /// The public roots, which no administrator or antivirus has added to.
    pub public: Verdict,
    /// Whether the first certificate is for the name that was asked for.
    pub name_matches: bool,
    /// Whether the last presented certificate's issuer belongs to an organisation of a public root: then a link of a
    /// real chain is missing, where an interceptor's issuer is known to nobody.
    pub issuer_organisation_is_public: bool,
}

/// What one root set says of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The verdict now, by this machine's clock.
    pub now: Judgement,
    /// The verdict at a moment when the first certificate is valid: trust, with dates and clock left out of it.
    pub apart_from_dates: Judgement,
}

/// The judgement of a chain by a set of roots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// One web page to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// Its address.
    pub url: String,
    /// The addresses of its host, as the checks found them; unused where a proxy stands between.
    pub addresses: Vec<IpAddr>,
}

/// A web page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The HTTP status.
    pub status: u16,
    /// The server's clock, as its `Date` header says (RFC 9110 section 6.6.1).
    pub date: Option<String>,
    /// The type of the body.
    pub content_type: Option<String>,
    /// Where a redirect points.
    #[serde(default)]
    pub location: Option<String>,
    /// The body as text, cut off after two mebibytes.
    pub body: String,
}

/// Why a page could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FetchFailed {
    /// Nothing came within the step's time.
    TimedOut,
    /// No connection to the host, or to the proxy.
    NotConnected(String),
    /// The system's store does not accept the host's certificate.
    NotTrusted(Judgement),
    /// Another error, in the HTTP library's words.
    Other(String),
    /// The recorded case holds no such page.
    NotRecorded,
}
