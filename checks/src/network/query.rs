//! A question to a resolver, its answer, and why there may be none.

use std::net::{IpAddr, SocketAddr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a question travels to a resolver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DnsTransport")]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// One datagram (RFC 1035 section 4.2.1).
    Udp,
    /// One TCP connection (RFC 7766), asked when the answer by UDP was cut short.
    Tcp,
}

/// The record types that the checks ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DnsRecordKind")]
pub enum RecordKind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    #[serde(rename = "AAAA")]
    Aaaa,
}

impl std::fmt::Display for RecordKind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
        })
    }
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DnsAnswer")]
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

impl Answer {
    /// More records than any name of a mail server has.
    pub(crate) const MOST_RECORDS: usize = 200;
}

/// A record of an answer, written as a line of a zone file: `name ttl type value`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DnsRecord")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "DnsQueryFailed")]
#[serde(rename_all = "kebab-case")]
pub enum QueryFailed {
    /// Nothing came within the step's time.
    TimedOut,
    /// The resolver's machine reports that nothing listens there.
    Refused,
    /// This machine has no route to the resolver's network.
    NoRoute,
    /// A router reports that the resolver cannot be reached.
    Unreachable,
    /// A firewall, here or on the way, forbids it.
    Prohibited,
    /// Something came that is not a DNS message.
    Unreadable,
    /// Another error, in the system's words.
    Other(String),
    /// The recorded case holds no such question.
    NotRecorded,
}
