//! All that a run learnt, a field a check.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::asked::{Asked, PerServer};
use crate::budget::{self, Budget};
use crate::plan::Protocol;
use crate::second_look::FirstLook;
use crate::talk::Transcript;
use crate::{apple_status, dns, imap, second_look, settings, smtp, tcp, tls};

/// All that a run learnt. What is `None` was not asked, or not yet when the run was cut short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// The machine's clock when the run began.
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub started_at: OffsetDateTime,
    /// How long the run took, in milliseconds.
    pub duration_ms: u64,
    /// Whether every question was asked: neither a signal nor the deadline cut the run short.
    pub complete: bool,
    /// What was asked of whom.
    pub settings: settings::Facts,
    /// Names.
    pub dns: PerServer<dns::Facts>,
    /// Connections.
    pub tcp: PerServer<tcp::Facts>,
    /// Encryption and certificates.
    pub tls: PerServer<tls::Facts>,
    /// The conversation with the server for reading.
    pub imap: Option<Asked<imap::Facts>>,
    /// The conversation with the server for sending.
    pub smtp: Option<Asked<smtp::Facts>>,
    /// Apple's status page.
    pub apple_status: Option<Asked<apple_status::Facts>>,
    /// What was asked only after trouble.
    pub second_look: second_look::Facts,
    /// What was said to the server for reading, and by it.
    pub imap_transcript: Transcript,
    /// What was said to the server for sending, and by it.
    pub smtp_transcript: Transcript,
    /// What was more than is kept, each as the place where it stood and how much of it is left.
    #[serde(default)]
    pub left_out: Vec<String>,
}

impl Evidence {
    /// Nothing learnt yet but what the settings are.
    pub fn at_start(settings: settings::Facts, started_at: OffsetDateTime) -> Self {
        Self {
            started_at,
            duration_ms: 0,
            complete: false,
            settings,
            dns: PerServer::default(),
            tcp: PerServer::default(),
            tls: PerServer::default(),
            imap: None,
            smtp: None,
            apple_status: None,
            second_look: second_look::Facts::default(),
            imap_transcript: Transcript::default(),
            smtp_transcript: Transcript::default(),
            left_out: Vec::new(),
        }
    }

    /// Cuts what came from outside down to a budget, and notes what was cut.
    pub fn keep_to(&mut self, budget: Budget) -> Result<(), serde_json::Error> {
        let mut left_out = std::mem::take(&mut self.left_out);
        *self = budget.of(self, &mut left_out)?;
        self.left_out = left_out;
        Ok(())
    }

    /// Every conversation, in the order of the connections.
    pub fn transcripts_mut(&mut self) -> Vec<&mut Transcript> {
        let tries = self.second_look.other_sign_in.iter_mut().flat_map(|asked| &mut asked.facts.tries);
        let first = [&mut self.imap_transcript, &mut self.smtp_transcript].into_iter();
        first.chain(tries.map(|tried| &mut tried.transcript)).collect()
    }

    /// What the first look brought, for the second.
    pub(crate) fn first_look(&self) -> FirstLook<'_> {
        FirstLook {
            settings: &self.settings,
            dns: &self.dns,
            tcp: &self.tcp,
            tls: &self.tls,
            imap: self.imap.as_ref().map(|asked| &asked.facts),
            smtp: self.smtp.as_ref().map(|asked| &asked.facts),
            status: self.apple_status.as_ref().map(|asked| &asked.facts),
        }
    }

    /// Leaves out what takes longest to tell: what was said word for word, and the longest answers.
    pub fn keep_the_essence(&mut self) -> Result<(), serde_json::Error> {
        let first = [("imap_transcript", &mut self.imap_transcript), ("smtp_transcript", &mut self.smtp_transcript)];
        for (name, transcript) in first {
            if !transcript.lines.is_empty() {
                transcript.lines.clear();
                self.left_out.push(format!("{name}: left out, because there was no time for it"));
            }
        }
        for tried in self.second_look.other_sign_in.iter_mut().flat_map(|asked| &mut asked.facts.tries) {
            tried.transcript.lines.clear();
        }
        self.keep_to(budget::BRIEFLY)
    }

    /// The settings of one server.
    pub fn server(&self, protocol: Protocol) -> &settings::ServerFacts {
        self.settings.server(protocol)
    }

    /// The sign-in at one server, if it came to that.
    pub fn sign_in(&self, protocol: Protocol) -> Option<&crate::sign_in::SignIn> {
        match protocol {
            Protocol::Imap => self.imap.as_ref().and_then(|asked| asked.facts.sign_in.as_ref()),
            Protocol::Smtp => self.smtp.as_ref().and_then(|asked| asked.facts.sign_in.as_ref()),
        }
    }
}
