//! All facts of a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::budget::Budget;
use crate::first_look::FirstLook;
use crate::questions::Question;
use crate::second_look::SecondLook;
use crate::settings;
use crate::transcript::Transcript;

/// All facts of a run. What is `None` was not asked, or not yet when the run was cut short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Evidence {
    /// The machine's clock when the run began.
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub started_at: OffsetDateTime,
    /// How long the run took, in milliseconds.
    pub duration_ms: u64,
    /// Whether every question was asked: neither a signal nor the deadline cut the run short.
    pub complete: bool,
    /// The facts of the checks.
    #[serde(flatten)]
    pub first: FirstLook,
    /// The facts of the second looks, which are asked only after a problem.
    pub second_look: SecondLook,
    /// What exceeded the limits, each with its place and how much of it is left.
    #[serde(default)]
    pub left_out: Vec<String>,
}

impl Evidence {
    /// No facts yet but the settings.
    pub fn at_start(settings: settings::Facts, started_at: OffsetDateTime) -> Self {
        Self {
            started_at,
            duration_ms: 0,
            complete: false,
            first: FirstLook::at_start(settings),
            second_look: SecondLook::default(),
            left_out: Vec::new(),
        }
    }

    /// Cuts what came from outside down to a budget, and notes what was cut.
    pub fn keep_to(&mut self, budget: Budget) -> Result<(), serde_json::Error> {
        let mut left_out = std::mem::take(&mut self.left_out);
        if let Some(kept) = budget.of(self, &mut left_out)? {
            *self = kept;
        }
        self.left_out = left_out;
        Ok(())
    }

    /// How far this computer's clock is ahead of a web server's, in seconds, and the question that showed it: the plain
    /// page, or Apple's status page.
    pub fn clock_ahead_s(&self) -> Option<(Question, i64)> {
        let page = self.second_look.plain_page.as_ref().and_then(|asked| asked.facts.clock_ahead_s);
        let status = || self.first.status().and_then(|status| status.clock_ahead_s);
        let page = page.map(|ahead_s| (Question::PlainPage, ahead_s));
        page.or_else(|| status().map(|ahead_s| (Question::AppleStatus, ahead_s)))
    }

    /// Every conversation, in the order of the connections.
    pub fn transcripts_mut(&mut self) -> Vec<&mut Transcript> {
        let tries = self.second_look.other_sign_in.iter_mut().flat_map(|asked| &mut asked.facts.tries);
        let first = [&mut self.first.imap.transcript, &mut self.first.smtp.transcript].into_iter();
        first.chain(tries.map(|tried| &mut tried.transcript)).collect()
    }
}
