//! The facts of the checks: the settings, each server step by step, and Apple's status page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::asked::Asked;
use crate::attempts::Earlier;
use crate::attempts::rules::HeldBack;
use crate::conversation::Conversation;
use crate::plan::Protocol;
use crate::sign_in::SignIn;
use crate::transcript::Transcript;
use crate::{apple_status, dns, imap, round_trip, settings, smtp, survey, tcp, tls};

/// The facts of the checks; a second look may depend on them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct FirstLook {
    /// The settings of each server.
    pub settings: settings::Facts,
    /// The facts about the IMAP server.
    pub imap: Way<imap::Facts>,
    /// The facts about the SMTP server.
    pub smtp: Way<smtp::Facts>,
    /// The mailbox behind the sign-in, where that was wanted.
    #[serde(default)]
    pub mailbox: Option<Asked<survey::Facts>>,
    /// The message from the account to itself, where that was wanted.
    #[serde(default)]
    pub round_trip: Option<Asked<round_trip::Facts>>,
    /// Apple's status page.
    pub apple_status: Option<Asked<apple_status::Facts>>,
}

/// The facts about one server, in the order of the steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Way<F> {
    /// Its name.
    pub dns: Option<Asked<dns::Facts>>,
    /// The connection.
    pub tcp: Option<Asked<tcp::Facts>>,
    /// Encryption and certificates.
    pub tls: Option<Asked<tls::Facts>>,
    /// The conversation.
    #[serde(rename = "conversation")]
    pub spoken: Option<Asked<F>>,
    /// The transcript.
    pub transcript: Transcript,
}

impl<F> Default for Way<F> {
    fn default() -> Self {
        Self { dns: None, tcp: None, tls: None, spoken: None, transcript: Transcript::default() }
    }
}

/// A step of a server's way: [`FirstLook::dns`], [`FirstLook::tcp`] or [`FirstLook::tls`].
type Step<'e, T> = fn(&'e FirstLook, Protocol) -> Option<&'e T>;

impl FirstLook {
    /// No facts yet but the settings.
    pub(crate) fn at_start(settings: settings::Facts) -> Self {
        Self {
            settings,
            imap: Way::default(),
            smtp: Way::default(),
            mailbox: None,
            round_trip: None,
            apple_status: None,
        }
    }

    /// The facts about a server's name.
    pub fn dns(&self, of: Protocol) -> Option<&dns::Facts> {
        let asked = match of {
            Protocol::Imap => &self.imap.dns,
            Protocol::Smtp => &self.smtp.dns,
        };
        asked.as_ref().map(|asked| &asked.facts)
    }

    /// The facts about the connection to a server.
    pub fn tcp(&self, of: Protocol) -> Option<&tcp::Facts> {
        let asked = match of {
            Protocol::Imap => &self.imap.tcp,
            Protocol::Smtp => &self.smtp.tcp,
        };
        asked.as_ref().map(|asked| &asked.facts)
    }

    /// The facts about the encryption of a connection and the server's certificates.
    pub fn tls(&self, of: Protocol) -> Option<&tls::Facts> {
        let asked = match of {
            Protocol::Imap => &self.imap.tls,
            Protocol::Smtp => &self.smtp.tls,
        };
        asked.as_ref().map(|asked| &asked.facts)
    }

    /// The facts of the conversation with a server, in either protocol.
    pub fn conversation(&self, of: Protocol) -> Option<&dyn Conversation> {
        match of {
            Protocol::Imap => self.imap.spoken.as_ref().map(|asked| &asked.facts as &dyn Conversation),
            Protocol::Smtp => self.smtp.spoken.as_ref().map(|asked| &asked.facts as &dyn Conversation),
        }
    }

    /// The transcript of the conversation with a server.
    pub fn transcript(&self, of: Protocol) -> &Transcript {
        match of {
            Protocol::Imap => &self.imap.transcript,
            Protocol::Smtp => &self.smtp.transcript,
        }
    }

    /// The settings of a server.
    pub fn server(&self, of: Protocol) -> &settings::ServerFacts {
        self.settings.server(of)
    }

    /// The sign-in at a server, if it got that far.
    pub fn sign_in(&self, of: Protocol) -> Option<&SignIn> {
        self.conversation(of)?.shared().sign_in.as_ref()
    }

    /// Why no sign-in was made at a server, where earlier ones say to wait.
    pub fn held_back(&self, of: Protocol) -> Option<HeldBack> {
        self.conversation(of)?.shared().held_back
    }

    /// What this computer remembers of earlier sign-ins of the account at a server.
    pub fn earlier_sign_ins(&self, of: Protocol) -> &[Earlier] {
        self.conversation(of).map_or(&[], |spoken| &spoken.shared().earlier_sign_ins)
    }

    /// The facts from Apple's status page.
    pub fn status(&self) -> Option<&apple_status::Facts> {
        self.apple_status.as_ref().map(|asked| &asked.facts)
    }

    /// The facts of one step for each server.
    pub fn each<'e, T: 'e>(&'e self, step: Step<'e, T>) -> impl Iterator<Item = (Protocol, &'e T)> {
        Protocol::BOTH.into_iter().filter_map(move |of| Some((of, step(self, of)?)))
    }

    /// Whether something is true of one step for either server.
    pub fn any<'e, T: 'e>(&'e self, step: Step<'e, T>, holds: impl Fn(&T) -> bool) -> bool {
        self.each(step).any(|(_, facts)| holds(facts))
    }

    /// Whether there is a problem with a name, a connection or a certificate.
    pub(crate) fn is_troubled_on_the_way(&self) -> bool {
        self.any(Self::dns, dns::Facts::is_troubled)
            || self.any(Self::tcp, tcp::Facts::is_troubled)
            || self.any(Self::tls, tls::Facts::is_troubled)
    }

    /// Whether any check of the mail servers found a problem.
    pub fn is_troubled(&self) -> bool {
        let is_troubled = |of: Protocol| self.conversation(of).is_some_and(Conversation::is_troubled);
        let is_refused = self.mailbox.as_ref().is_some_and(|asked| asked.facts.refusal().is_some());
        let is_lost = self.round_trip.as_ref().is_some_and(|asked| asked.facts.is_troubled());
        self.is_troubled_on_the_way() || Protocol::BOTH.into_iter().any(is_troubled) || is_refused || is_lost
    }
}
