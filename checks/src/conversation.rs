//! What the conversations with both servers have in common: the change to TLS, and where they may end too soon.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::talk::NoAnswer;

/// What a server made of STARTTLS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum Starttls {
    /// It is ready for the handshake.
    Ready,
    /// It does not offer it.
    NotOffered,
    /// It offers it and then refuses.
    Refused {
        /// Its line.
        answer: String,
    },
    /// It, or somebody between, slipped in more bytes before the handshake (RFC 3207 section 6).
    Injected,
}

/// Where a conversation ended before it was over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Interruption {
    /// What the server had been asked for.
    pub awaiting: Awaiting,
    /// What came instead.
    #[serde(flatten)]
    pub no_answer: NoAnswer,
}

/// What a server was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Awaiting {
    /// The first line.
    Greeting,
    /// What it offers.
    Capabilities,
    /// STARTTLS.
    Starttls,
    /// Anything after the sign-in.
    AfterSignIn,
}
