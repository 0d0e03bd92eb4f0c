//! A recorded case: all outside answers of one run, in a form that people can read and change.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::certificate::Certificate;
use super::{Answer, ConnectFailed, FetchFailed, Negotiated, Page, Query, QueryFailed, Segments, TlsFailed, Trust};
use crate::attempts::Earlier;
use crate::password::Shape;

/// One run's questions and the answers to them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Case {
    /// What happened, in one line.
    pub title: String,
    /// The source of a case that no laboratory can make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// How the program was called.
    pub run: Call,
    /// What the machine itself said.
    pub machine: System,
    /// The earlier sign-ins of the account that the machine remembered, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_sign_ins: Vec<RecordedSignIn>,
    /// The questions to resolvers, in the order in which they were asked.
    #[serde(default)]
    pub queries: Vec<RecordedQuery>,
    /// The connections, in the order in which they were begun.
    #[serde(default)]
    pub connections: Vec<RecordedConnection>,
    /// The web pages, in the order in which they were fetched.
    #[serde(default)]
    pub pages: Vec<RecordedPage>,
}

/// How the program was called.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Call {
    /// The arguments after the program's name, with the address replaced.
    pub arguments: Vec<String>,
    /// The shape of the password that was given: a replay uses an invented one of this shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Shape>,
    /// The machine's clock when the run began.
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
}

/// What the machine itself said.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct System {
    /// The resolvers that the system is set to ask.
    pub resolvers: Vec<SocketAddr>,
    /// What of that setting could not be read, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolvers_unreadable: Option<String>,
    /// The proxy that web pages are fetched through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// The lines of the hosts file for the names that were asked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hosts: BTreeMap<String, Vec<IpAddr>>,
    /// The names that the system itself looked up, with what it found.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub looked_up: BTreeMap<String, Vec<IpAddr>>,
}

/// An earlier sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedSignIn {
    /// The server.
    pub server: String,
    /// When it was, and how it ended.
    #[serde(flatten)]
    pub earlier: Earlier,
}

/// A question to a resolver and its outcome; no answer and no failure means silence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordedQuery {
    /// The question.
    #[serde(flatten)]
    pub query: Query,
    /// How long the answer took, in milliseconds.
    #[serde(default)]
    pub took_ms: u64,
    /// Why there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<QueryFailed>,
    /// The answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// A connection and its conversation; neither open nor failed means silence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordedConnection {
    /// The address and port.
    pub to: SocketAddr,
    /// The size of its segments, where it is not the usual one.
    #[serde(default, skip_serializing_if = "Segments::is_usual")]
    pub segments: Segments,
    /// How long it took to open or to fail, in milliseconds.
    #[serde(default)]
    pub took_ms: u64,
    /// Whether it opened.
    #[serde(default)]
    pub open: bool,
    /// Why it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<ConnectFailed>,
    /// The machine that reported it by ICMP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<IpAddr>,
    /// The conversation, in the form of [`super::talk_text`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub talk: String,
    /// The handshake, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake: Option<RecordedHandshake>,
}

/// A handshake and its outcome; neither negotiated nor failed means silence.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RecordedHandshake {
    /// How long it took, in milliseconds.
    #[serde(default)]
    pub took_ms: u64,
    /// The first bytes that the peer sent, unprintable ones escaped; kept where it did not speak TLS.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub first_bytes: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<TlsFailed>,
    /// What was agreed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negotiated: Option<Negotiated>,
    /// What the root sets said of the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<Trust>,
    /// The certificates, the server's own first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<Certificate>,
}

/// A web page and its outcome; neither page nor failure means silence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordedPage {
    /// Its address.
    pub url: String,
    /// How long it took, in milliseconds.
    #[serde(default)]
    pub took_ms: u64,
    /// Why it could not be fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<FetchFailed>,
    /// The page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
}

impl Case {
    /// Reads a case; the error says where the text is wrong.
    pub fn read(text: &str) -> Result<Self, NotACase> {
        // The full error quotes the line, which may be from a file with a password in it.
        toml::from_str(text).map_err(|fault: toml::de::Error| {
            let begin = fault.span().map_or(0, |span| span.start);
            let line = text.bytes().take(begin).filter(|byte| *byte == b'\n').count() + 1;
            let missing = fault.message().starts_with("missing field").then(|| fault.message().to_owned());
            NotACase { line, missing }
        })
    }

    /// The case as text.
    pub fn write(&self) -> Result<String, toml::ser::Error> {
        toml::to_string_pretty(self)
    }
}

/// Where a text is not a case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotACase {
    /// The line, counted from one.
    pub line: usize,
    /// The field that is missing there, where that is the fault.
    pub missing: Option<String>,
}

impl fmt::Display for NotACase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.missing, self.line) {
            (Some(missing), line) => write!(out, "{missing} (line {line})"),
            (None, line) => write!(out, "line {line} is not what a case has there"),
        }
    }
}

impl std::error::Error for NotACase {}
