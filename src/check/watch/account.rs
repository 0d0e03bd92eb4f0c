//! What a watch remembers from one check to the next: what was told, and whether a sign-in is due.

use checks::attempts::rules::Why as Held;
use checks::evidence::Evidence;
use checks::plan::Protocol;
use checks::sign_in::Outcome;
use time::{Duration, OffsetDateTime};

use super::Why;
use crate::report::event::{Event, Kind};
use crate::report::{self, Report, Verdict};

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing is in the way: sign in.
    SignIn,
    /// There is trouble: check again.
    Watch,
    /// Nothing is in the way of a sign-in that is not due: check again.
    Rest,
    End(Why),
}

/// What is known of the account so far.
#[derive(Debug, Default)]
pub(super) struct Account {
    onset: Option<OffsetDateTime>,
    last_good: Option<OffsetDateTime>,
    /// The causes and the conclusion that were told last.
    told: Option<(Vec<String>, String)>,
    /// The causes of the last check without a sign-in.
    seen: Vec<String>,
    /// Whether a sign-in failed since something changed that can be seen without one.
    has_failed: bool,
    /// When a sign-in that was held back may be made.
    not_before: Option<OffsetDateTime>,
}

impl Account {
    /// Hears of a check without a sign-in; `signs_in` is whether one is wanted.
    pub(super) fn looked(&mut self, evidence: &Evidence, now: OffsetDateTime, signs_in: bool) -> (Option<Event>, Next) {
        let report = report::compose(evidence, None);
        let causes: Vec<String> = report.findings.iter().map(|finding| finding.cause.clone()).collect();
        if std::mem::replace(&mut self.seen, causes.clone()) != causes {
            self.has_failed = false;
        }
        match report.verdict {
            Verdict::Healthy if !signs_in => (Some(self.recovered(&report, now)), Next::End(Why::Healthy)),
            Verdict::Healthy if self.has_failed || self.not_before.is_some_and(|then| now < then) => (None, Next::Rest),
            Verdict::Healthy => {
                self.last_good = Some(now);
                let event = self.told.take().map(|_| self.event(Kind::Clear, &report, now));
                (event, Next::SignIn)
            }
            Verdict::Trouble => {
                let kind = if self.onset.is_some() { Kind::Change } else { Kind::Onset };
                (self.trouble(kind, &report, now), Next::Watch)
            }
            // It was cut short.
            Verdict::Unclear => (None, Next::Watch),
        }
    }

    /// Hears of a check with a sign-in.
    pub(super) fn signed_in(&mut self, evidence: &Evidence, now: OffsetDateTime) -> (Option<Event>, Next) {
        let report = report::compose(evidence, None);
        let first = &evidence.first;
        let held = Protocol::BOTH.into_iter().filter_map(|of| first.held_back(of)).max_by_key(|held| held.wait_s);
        let is_refused = |of| first.sign_in(of).is_some_and(|sign_in| sign_in.outcome == Outcome::Refused);
        self.not_before = held.and_then(|held| now.checked_add(Duration::seconds(held.wait_s.try_into().ok()?)));
        if Protocol::BOTH.into_iter().any(is_refused) || held.is_some_and(|held| held.why == Held::PasswordRefused) {
            return (self.trouble(Kind::SignInFails, &report, now), Next::End(Why::Refused));
        }
        match (report.verdict, held) {
            (Verdict::Healthy, _) => (Some(self.recovered(&report, now)), Next::End(Why::Healthy)),
            (Verdict::Unclear, Some(_)) => (self.trouble(Kind::HeldBack, &report, now), Next::Watch),
            _ => {
                self.has_failed = true;
                (self.trouble(Kind::SignInFails, &report, now), Next::Watch)
            }
        }
    }

    /// Trouble, where it is not the one that was told last.
    fn trouble(&mut self, kind: Kind, report: &Report, now: OffsetDateTime) -> Option<Event> {
        let causes = report.causes().map(|finding| finding.cause.clone()).collect();
        let told = Some((causes, report.conclusion.clone()));
        if self.told == told {
            return None;
        }
        self.told = told;
        self.onset = self.onset.or(Some(now));
        Some(self.event(kind, report, now))
    }

    fn recovered(&mut self, report: &Report, now: OffsetDateTime) -> Event {
        let kind = if self.onset.is_some() { Kind::Recovery } else { Kind::Healthy };
        self.event(kind, report, now)
    }

    fn event(&self, kind: Kind, report: &Report, now: OffsetDateTime) -> Event {
        Event::of(kind, now, report, [self.onset, self.last_good])
    }
}
