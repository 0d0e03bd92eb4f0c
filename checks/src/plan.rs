//! What a run shall ask, and of whom.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::apple::{APPLE_IMAP, APPLE_SMTP};
use crate::password::Password;
use crate::questions::Question;
use crate::sign_in::Credentials;
use crate::trust::{Entrusted, TrustedHost, is_trusted};

/// Apple's host and port for this protocol.
pub fn apples(of: Protocol) -> (&'static str, u16) {
    match of {
        Protocol::Imap => APPLE_IMAP,
        Protocol::Smtp => APPLE_SMTP,
    }
}

/// The feed behind <https://www.apple.com/support/systemstatus/>.
pub const APPLE_STATUS: &str = "https://www.apple.com/support/systemstatus/data/system_status_en_US.js";
/// The page that Apple's devices fetch to notice a captive portal.
pub const APPLE_PORTAL: &str = "http://captive.apple.com/hotspot-detect.html";

/// Everything that a run needs to know before it begins.
pub struct Plan {
    /// The iCloud Mail address, if signing in was asked for.
    pub email: Option<String>,
    /// Whose answers reading rests on.
    pub imap: Server,
    /// Whose answers sending rests on.
    pub smtp: Server,
    /// The password; without one nobody signs in.
    pub password: Option<Password>,
    /// The hosts that may be given it, besides Apple's.
    pub trusted: Vec<TrustedHost>,
    /// May this address send?
    pub from: Option<String>,
    /// Whether to look into the mailbox too, by fetching one message.
    pub mailbox: bool,
    /// Which questions not to ask.
    pub left_out: BTreeSet<Question>,
    /// Whether further questions are asked after trouble.
    pub second_look: bool,
    /// The resolver to ask instead of the system's.
    pub resolver: Option<SocketAddr>,
    /// Whom to ask for a second opinion on names.
    pub second_resolvers: Vec<SocketAddr>,
    /// Which addresses to connect to.
    pub family: Family,
    /// How long one step may take.
    pub timeout: Duration,
    /// Where Apple's status feed is.
    pub status_url: String,
    /// The plain page that a captive portal would answer itself.
    pub portal_url: String,
}

/// One mail server as the user's mail program is set to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection becomes encrypted.
    pub security: Security,
    /// The login name that is sent to it.
    pub login: Option<String>,
}

/// How a connection becomes encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// From the first byte.
    Tls,
    /// After a command of the mail protocol (RFC 3207, RFC 9051 section 6.2.1).
    Starttls,
}

/// Which kind of addresses to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Whatever there is.
    Both,
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
}

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

    /// The check that speaks it.
    pub const fn check(self) -> Question {
        match self {
            Self::Imap => Question::Imap,
            Self::Smtp => Question::Smtp,
        }
    }
}

impl Plan {
    /// The server of a protocol.
    pub fn server(&self, protocol: Protocol) -> &Server {
        match protocol {
            Protocol::Imap => &self.imap,
            Protocol::Smtp => &self.smtp,
        }
    }

    /// Whether a check is asked.
    pub fn asks(&self, check: Question) -> bool {
        !self.left_out.contains(&check)
    }

    /// Whether a further question may be asked.
    pub fn looks_again(&self, look: Question) -> bool {
        self.second_look && !self.left_out.contains(&look)
    }

    /// The hosts that would be signed in to, and may not be given the password.
    pub fn untrusted(&self) -> Vec<&str> {
        let servers = Protocol::BOTH.into_iter().filter(|protocol| self.asks(protocol.check()));
        let mut hosts: Vec<&str> = servers.map(|protocol| self.server(protocol).host.as_str()).collect();
        hosts.retain(|host| !is_trusted(host, &self.trusted));
        hosts.dedup();
        hosts
    }

    /// What a server is signed in to with, where that is wanted and the server may be given the password.
    pub(crate) fn credentials(&self, protocol: Protocol) -> Option<Credentials<'_>> {
        let server = self.server(protocol);
        let password = Entrusted::to(&server.host, &self.trusted, self.password.as_ref()?)?;
        Some(Credentials { login: server.login.as_deref()?, password, mechanism: None })
    }

    /// The last check on the way to a server: all of the way where its conversation is asked, otherwise as far as the
    /// deepest layer that is.
    pub(crate) fn last_step(&self, protocol: Protocol) -> Option<Question> {
        let conversation = protocol.check();
        let way = conversation.listed().depends_on.iter().copied().chain([conversation]);
        way.rev().find(|check| self.asks(*check))
    }
}
