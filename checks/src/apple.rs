//! Apple's mail servers: what they are for, their names and their ports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::questions::Question;

/// Apple's IMAP server, and its port with TLS from the first byte (<https://support.apple.com/102525>).
pub const APPLE_IMAP: (&str, u16) = ("imap.mail.me.com", 993);
/// Apple's SMTP server, and its port with STARTTLS (<https://support.apple.com/102525>).
pub const APPLE_SMTP: (&str, u16) = ("smtp.mail.me.com", 587);

/// The two servers of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Reading.
    Imap,
    /// Sending.
    Smtp,
}

impl Protocol {
    /// Both of them.
    pub const BOTH: [Self; 2] = [Self::Imap, Self::Smtp];

    /// The protocol's name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Imap => "IMAP",
            Self::Smtp => "SMTP",
        }
    }

    /// The other of the two.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Imap => Self::Smtp,
            Self::Smtp => Self::Imap,
        }
    }

    /// The check that speaks this protocol.
    pub const fn check(self) -> Question {
        match self {
            Self::Imap => Question::Imap,
            Self::Smtp => Question::Smtp,
        }
    }
}

/// Apple's host and port for this protocol.
pub fn apples(of: Protocol) -> (&'static str, u16) {
    match of {
        Protocol::Imap => APPLE_IMAP,
        Protocol::Smtp => APPLE_SMTP,
    }
}

/// Whether this is the name of one of Apple's mail servers, for either protocol.
pub fn is_apples(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_lowercase();
    [APPLE_IMAP.0, APPLE_SMTP.0].iter().any(|name| is_one_of(&host, name))
}

/// Whether this is Apple's name for a protocol, or that of a shard: accounts live on shards such as
/// p42-imap.mail.me.com, which Apple's own program shows in its settings.
pub(crate) fn is_one_of(host: &str, own: &str) -> bool {
    let is_shard = host.strip_suffix(own).is_some_and(|shard| {
        shard
            .strip_prefix('p')
            .and_then(|rest| rest.strip_suffix('-'))
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    host == own || is_shard
}
