//! A web page, and why it could not be fetched.

use std::net::IpAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::handshake::Judgement;

/// One web page to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// Its address.
    pub url: String,
    /// The addresses of its host, as the checks found them; unused if a proxy is in between.
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
    /// The body as text, cut off after half a mebibyte.
    pub body: String,
}

/// Why a page could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
