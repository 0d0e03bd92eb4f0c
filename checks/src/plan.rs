//! The questions of a run, and the servers that are asked.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::apple::{APPLE_IMAP, APPLE_SMTP, Protocol, apples};
use crate::login::default_login;
use crate::password::Password;
use crate::questions::Question;
use crate::sign_in::Credentials;
use crate::trust::{Entrusted, TrustedHost, is_trusted};

/// The feed behind <https://www.apple.com/support/systemstatus/>.
pub const APPLE_STATUS: &str = "https://www.apple.com/support/systemstatus/data/system_status_en_US.js";
/// The page that Apple's devices fetch to notice a captive portal.
pub const APPLE_PORTAL: &str = "http://captive.apple.com/hotspot-detect.html";

/// The resolvers for a second opinion on names: two public ones of different companies.
pub const SECOND_RESOLVERS: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(1, 1, 1, 1)), 53),
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(9, 9, 9, 9)), 53),
];

/// How long one step may take by default.
pub const TIMEOUT: Duration = Duration::from_secs(5);

/// Everything that a run needs to know before it begins. Made by [`Plan::icloud`] or [`Plan::without_account`], and
/// then changed as needed.
#[non_exhaustive]
pub struct Plan {
    /// The iCloud Mail address, if signing in was asked for.
    pub email: Option<String>,
    /// The IMAP server.
    pub imap: Server,
    /// The SMTP server.
    pub smtp: Server,
    /// The password; without one there is no sign-in.
    pub password: Option<Password>,
    /// The hosts that may be given it, besides Apple's.
    pub trusted: Vec<TrustedHost>,
    /// Whether to sign in although earlier sign-ins say to wait.
    pub again: bool,
    /// May this address send?
    pub from: Option<String>,
    /// Whether to check the mailbox too, by fetching one message.
    pub mailbox: bool,
    /// What else is asked of the mailbox; without it, nothing.
    pub survey: Option<Survey>,
    /// The message that is sent and removed again; without it, nothing is sent and nothing changed.
    pub round_trip: Option<RoundTrip>,
    /// Which questions not to ask.
    pub left_out: BTreeSet<Question>,
    /// Whether second looks are asked after a problem.
    pub second_look: bool,
    /// The resolver to ask instead of the system's.
    pub resolver: Option<SocketAddr>,
    /// The resolvers for a second opinion on names.
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

/// What is asked of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Whether to read the size and the date of every message.
    pub is_full: bool,
    /// How many of the largest messages are listed.
    pub largest: usize,
    /// The ages, in days, beyond which messages are counted.
    pub older_than: Vec<u32>,
    /// The only folder to look at, by its name.
    pub folder: Option<String>,
    /// Whether the names of folders may be kept.
    pub shows_names: bool,
    /// How long reading every message may take.
    pub budget: Duration,
}

/// A message that the account sends to itself. Who puts it into a plan says that the user has agreed to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTrip {
    /// How long it is waited for.
    pub wait: Duration,
    /// Whether the message is left where it arrives.
    pub keeps: bool,
    /// Whether it is put into the inbox by IMAP, and not sent.
    pub appends: bool,
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

impl Security {
    /// Its name on the command line.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::Starttls => "starttls",
        }
    }
}

/// Which kind of addresses to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Both.
    Both,
    /// IPv4 only.
    V4,
    /// IPv6 only.
    V6,
}

impl Plan {
    /// Apple's servers as an account with this address uses them. Without a password there is no sign-in.
    pub fn icloud(email: &str) -> Self {
        let mut plan = Self::without_account();
        plan.email = Some(email.to_owned());
        for protocol in Protocol::BOTH {
            plan.server_mut(protocol).login = Some(default_login(email, protocol));
        }
        plan
    }

    /// Apple's servers, without a sign-in.
    pub fn without_account() -> Self {
        let server = |of: Protocol, security| {
            let (host, port) = apples(of);
            Server { host: host.to_owned(), port, security, login: None }
        };
        Self {
            email: None,
            imap: server(Protocol::Imap, Security::Tls),
            smtp: server(Protocol::Smtp, Security::Starttls),
            password: None,
            trusted: Vec::new(),
            again: false,
            from: None,
            mailbox: false,
            survey: None,
            round_trip: None,
            left_out: BTreeSet::new(),
            second_look: true,
            resolver: None,
            second_resolvers: SECOND_RESOLVERS.to_vec(),
            family: Family::Both,
            timeout: TIMEOUT,
            status_url: APPLE_STATUS.to_owned(),
            portal_url: APPLE_PORTAL.to_owned(),
        }
    }

    /// The server of a protocol, to be changed.
    pub fn server_mut(&mut self, protocol: Protocol) -> &mut Server {
        match protocol {
            Protocol::Imap => &mut self.imap,
            Protocol::Smtp => &mut self.smtp,
        }
    }

    /// The server of a protocol.
    pub fn server(&self, protocol: Protocol) -> &Server {
        match protocol {
            Protocol::Imap => &self.imap,
            Protocol::Smtp => &self.smtp,
        }
    }

    /// Whether a check is asked.
    pub fn asks(&self, check: Question) -> bool {
        let is_wanted = match check {
            Question::Mailbox => self.survey.is_some(),
            Question::RoundTrip => self.round_trip.is_some(),
            _ => true,
        };
        is_wanted && !self.left_out.contains(&check)
    }

    /// Whether a second look may be asked.
    pub fn looks_again(&self, look: Question) -> bool {
        self.second_look && !self.left_out.contains(&look)
    }

    /// The servers with a sign-in that may not be given the password.
    pub fn untrusted(&self) -> Vec<&str> {
        let servers = Protocol::BOTH.into_iter().filter(|protocol| self.asks(protocol.check()));
        let mut hosts: Vec<&str> = servers.map(|protocol| self.server(protocol).host.as_str()).collect();
        hosts.retain(|host| !is_trusted(host, &self.trusted));
        hosts.dedup();
        hosts
    }

    /// The sign-in at a server, if it is wanted and the server may be given the password.
    pub(crate) fn credentials(&self, protocol: Protocol) -> Option<Credentials<'_>> {
        let server = self.server(protocol);
        let password = Entrusted::to(&server.host, &self.trusted, self.password.as_ref()?)?;
        Some(Credentials { host: &server.host, login: server.login.as_deref()?, password, mechanism: None })
    }

    /// The last check on the way to a server: the conversation if it is asked, otherwise the deepest layer that is. `None`
    /// where the server is not asked at all.
    pub(crate) fn last_step(&self, protocol: Protocol) -> Option<Question> {
        let is_imap_alone = self.survey.is_some() || self.round_trip.as_ref().is_some_and(|trip| trip.appends);
        if is_imap_alone && protocol == Protocol::Smtp {
            return None;
        }
        let conversation = protocol.check();
        let way = conversation.listed().depends_on.iter().copied().chain([conversation]);
        way.rev().find(|check| self.asks(*check))
    }
}
