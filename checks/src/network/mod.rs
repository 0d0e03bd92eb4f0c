//! The only way to the outside: the questions, and the possible answers, in the field's words.

pub mod case;
pub mod certificate;
pub mod clock;
mod handshake;
#[cfg(feature = "keyring")]
pub mod keyring;
#[cfg(feature = "real")]
pub mod ledger;
pub mod outside;
mod page;
pub mod plain_file;
mod query;
#[cfg(feature = "real")]
pub mod real;
pub mod recording;
pub mod replayed;
pub mod talk_text;

use std::net::{IpAddr, SocketAddr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::attempts::{Forgetful, Ledger};
use crate::protocol::Line;
pub use handshake::{Handshake, Hello, JudgedBy, Judgement, Negotiated, TlsFailed, Trust, Verdict};
pub use page::{Fetch, FetchFailed, Page};
pub use query::{Answer, Query, QueryFailed, Record, RecordKind, RecordValue, Transport};

/// Everything that a run may ask of the world outside the program.
///
/// None of the methods has a time limit of its own: the caller sets one with [`clock::within`], so that a recorded
/// silence and a real one are the same thing.
#[allow(async_fn_in_trait, reason = "one thread runs everything, so no future has to be Send")]
pub trait Network {
    /// An open connection, before or after TLS.
    type Stream: Stream;

    /// The wall clock of this machine, right or wrong.
    fn now(&self) -> OffsetDateTime;

    /// The resolvers that the system is set to ask.
    fn resolvers(&self) -> Resolvers;

    /// Lets the system itself look up a name, in its own ways, which it does not show; nothing where it finds nothing.
    async fn look_up(&self, name: &str) -> Vec<IpAddr>;

    /// The addresses that this machine's hosts file gives a name.
    fn hosts_file(&self, name: &str) -> Vec<IpAddr>;

    /// The proxy, as `host:port`, that web pages of this address are fetched through.
    fn proxy_for(&self, url: &str) -> Option<String>;

    /// Where sign-ins are remembered across runs; nowhere, unless the network says otherwise.
    fn ledger(&self) -> &dyn Ledger {
        &Forgetful
    }

    /// A number that nobody else has; always the same one where a case is replayed.
    fn chance(&self) -> u64 {
        0
    }

    /// Asks one resolver one question, once.
    async fn query(&self, query: &Query) -> Result<Answer, QueryFailed>;

    /// Opens one TCP connection. It does not open where the system cannot limit its segments as asked.
    async fn connect(&self, to: SocketAddr, segments: Segments) -> Result<Self::Stream, NotConnected>;

    /// Makes a TLS handshake over an open connection, and keeps what the peer shows even if it cannot be trusted.
    async fn handshake(&self, stream: Self::Stream, name: &str, hello: Hello) -> Handshake<Self::Stream>;

    /// Fetches one web page without following where it points.
    async fn fetch(&self, fetch: &Fetch) -> Result<Page, FetchFailed>;
}

/// The resolvers that the system is set to ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolvers {
    /// Those that could be read, the preferred one first.
    pub addresses: Vec<SocketAddr>,
    /// What of that setting could not be read, and why.
    pub unreadable: Option<String>,
}

/// An open connection to a mail server.
///
/// It sends lines without a secret:
///
/// ```
/// use checks::network::Stream;
/// use checks::protocol::imap::command;
///
/// async fn before_tls(connection: &mut impl Stream) {
///     let line = command::capability("A1");
///     let _ = connection.send(&[line]).await;
/// }
/// ```
///
/// A password before TLS does not compile, because the line with it is a [`SecretLine`](crate::protocol::SecretLine):
///
/// ```compile_fail,E0308
/// use checks::network::Stream;
/// use checks::protocol::imap::command;
/// use checks::secret::Secret;
///
/// async fn before_tls(connection: &mut impl Stream, password: &Secret) {
///     let Some(line) = command::login("A1", "tim", password) else { return };
///     let _ = connection.send(&[line]).await;
/// }
/// ```
#[allow(async_fn_in_trait, reason = "one thread runs everything, so no future has to be Send")]
pub trait Stream {
    /// Sends client lines in one write.
    async fn send(&mut self, lines: &[Line]) -> Result<(), Broken>;

    /// Receives what has come; nothing at all means that the peer closed the connection.
    async fn receive(&mut self) -> Result<Vec<u8>, Broken>;
}

/// How much of a TCP connection's data travels in one packet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Segments {
    /// As much as the networks of both sides take.
    #[default]
    Usual,
    /// No more than every network takes, in either direction: 536 bytes (RFC 9293 section 3.7.1).
    Small,
}

impl Segments {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_usual(&self) -> bool {
        *self == Self::Usual
    }
}

/// How an open connection broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Broken {
    /// The peer, or a machine in between that answers for it, reset the connection.
    Reset,
    /// Another error, in the system's words.
    Other(String),
}

/// A connection that did not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotConnected {
    /// Why not.
    pub failed: ConnectFailed,
    /// The machine that reported this by ICMP (RFC 792, RFC 4443), if the system knows it: a router, a firewall or the
    /// address itself.
    pub by: Option<IpAddr>,
}

impl From<ConnectFailed> for NotConnected {
    fn from(failed: ConnectFailed) -> Self {
        Self { failed, by: None }
    }
}

/// Why a connection did not open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectFailed {
    /// Nothing came within the step's time.
    TimedOut,
    /// Answered by a reset: nothing listens there, or a firewall reports so.
    Refused,
    /// The connection was reset while it opened.
    Reset,
    /// This machine has no route to that network.
    NoRoute,
    /// A router reports that the address cannot be reached.
    Unreachable,
    /// A firewall, here or on the way, forbids it.
    Prohibited,
    /// Given up because another address was faster.
    Overtaken,
    /// Another error, in the system's words.
    Other(String),
    /// The recorded case holds no such connection.
    NotRecorded,
}
