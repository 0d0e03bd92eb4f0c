//! What the checks bring: of the settings, of each server as far as its way was gone, and of Apple.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::asked::Asked;
use crate::conversation::Conversation;
use crate::plan::Protocol;
use crate::sign_in::SignIn;
use crate::transcript::Transcript;
use crate::{apple_status, dns, imap, settings, smtp, tcp, tls};

/// What the checks brought, as far as a second look may be called for by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct FirstLook {
    /// What was asked of whom.
    pub settings: settings::Facts,
    /// What was learned on the way to the IMAP server.
    pub imap: Way<imap::Facts>,
    /// What was learned on the way to the SMTP server.
    pub smtp: Way<smtp::Facts>,
    /// Apple's status page.
    pub apple_status: Option<Asked<apple_status::Facts>>,
}

/// What was learned on the way to one server, in the order of its steps.
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
    /// What was said, and by whom.
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
    /// Nothing learned yet but what the settings are.
    pub(crate) fn at_start(settings: settings::Facts) -> Self {
        Self { settings, imap: Way::default(), smtp: Way::default(), apple_status: None }
    }

    /// What was learned of a server's name.
    pub fn dns(&self, of: Protocol) -> Option<&dns::Facts> {
        let asked = match of {
            Protocol::Imap => &self.imap.dns,
            Protocol::Smtp => &self.smtp.dns,
        };
        asked.as_ref().map(|asked| &asked.facts)
    }

    /// What was learned of the connection to a server.
    pub fn tcp(&self, of: Protocol) -> Option<&tcp::Facts> {
        let asked = match of {
            Protocol::Imap => &self.imap.tcp,
            Protocol::Smtp => &self.smtp.tcp,
        };
        asked.as_ref().map(|asked| &asked.facts)
    }

    /// What was learned of the encryption of a connection, and of who is at its other end.
    pub fn tls(&self, of: Protocol) -> Option<&tls::Facts> {
        let asked = match of {
            Protocol::Imap => &self.imap.tls,
            Protocol::Smtp => &self.smtp.tls,
        };
        asked.as_ref().map(|asked| &asked.facts)
    }

    /// What was learned by speaking with a server, whichever protocol that was.
    pub fn conversation(&self, of: Protocol) -> Option<&dyn Conversation> {
        match of {
            Protocol::Imap => self.imap.spoken.as_ref().map(|asked| &asked.facts as &dyn Conversation),
            Protocol::Smtp => self.smtp.spoken.as_ref().map(|asked| &asked.facts as &dyn Conversation),
        }
    }

    /// What was said to a server, and by it.
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

    /// The sign-in at a server, if it came to that.
    pub fn sign_in(&self, of: Protocol) -> Option<&SignIn> {
        self.conversation(of)?.shared().sign_in.as_ref()
    }

    /// What Apple's status page said.
    pub fn status(&self) -> Option<&apple_status::Facts> {
        self.apple_status.as_ref().map(|asked| &asked.facts)
    }

    /// What a step brought on the way to each server, with whose it is.
    pub fn each<'e, T: 'e>(&'e self, step: Step<'e, T>) -> impl Iterator<Item = (Protocol, &'e T)> {
        Protocol::BOTH.into_iter().filter_map(move |of| Some((of, step(self, of)?)))
    }

    /// Whether something holds of what a step brought on the way to either server.
    pub fn any<'e, T: 'e>(&'e self, step: Step<'e, T>, holds: impl Fn(&T) -> bool) -> bool {
        self.each(step).any(|(_, facts)| holds(facts))
    }

    /// Whether a name, a connection or a certificate is in trouble.
    pub(crate) fn is_troubled_on_the_way(&self) -> bool {
        self.any(Self::dns, dns::Facts::is_troubled)
            || self.any(Self::tcp, tcp::Facts::is_troubled)
            || self.any(Self::tls, tls::Facts::is_troubled)
    }

    /// Whether any check on the way to the mail servers is in trouble, or a server itself.
    pub fn is_troubled(&self) -> bool {
        let is_troubled = |of: Protocol| self.conversation(of).is_some_and(Conversation::is_troubled);
        self.is_troubled_on_the_way() || Protocol::BOTH.into_iter().any(is_troubled)
    }
}
