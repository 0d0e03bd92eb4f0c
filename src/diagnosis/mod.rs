//! Why it fails: from evidence to causes, by small rules that each see all the evidence and nothing else.

mod causes;
mod certificates;
#[cfg(test)]
mod edges;
mod handshake;
mod known;
mod mailbox;
#[cfg(test)]
mod mixed;
mod names;
#[cfg(test)]
mod near_misses;
mod ports;
#[cfg(test)]
mod properties;
mod reach;
mod sending;
mod service;
mod settings;
mod signing_in;

use checks::evidence::Evidence;
use checks::plan::{Check, Protocol, Question};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::saw;
pub(crate) use causes::{CAUSES, Rule, UNEXPLAINED};
pub(crate) use known::{Known, cause};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// Mail does not work, or not safely.
    Trouble,
    /// Mail works, but.
    Warning,
    /// Good to know.
    Note,
}

/// How sure a cause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sure {
    /// The evidence leaves no other cause of the table.
    Certain,
    /// Another cause would be a surprise.
    Likely,
    /// It fits, and so may others.
    Possible,
}

/// One thing that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Seen {
    /// The check or the second look that saw it.
    pub(crate) by: Question,
    /// What, in one sentence.
    pub(crate) saw: String,
}

impl Seen {
    pub(crate) fn new(by: impl Into<Question>, saw: impl Into<String>) -> Self {
        Self { by: by.into(), saw: saw.into() }
    }
}

/// A cause that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fit {
    /// Which of the two servers it is about; `None` where it is about both, or about everything.
    about: Option<Protocol>,
    severity: Severity,
    sure: Sure,
    because: Vec<Seen>,
    against: Vec<Seen>,
    would_decide: Option<&'static str>,
}

impl Fit {
    fn trouble(sure: Sure) -> Self {
        Self { about: None, severity: Severity::Trouble, sure, because: vec![], against: vec![], would_decide: None }
    }

    fn warning(sure: Sure) -> Self {
        Self { severity: Severity::Warning, ..Self::trouble(sure) }
    }

    fn note(sure: Sure) -> Self {
        Self { severity: Severity::Note, ..Self::trouble(sure) }
    }

    fn because(mut self, by: impl Into<Question>, saw: impl Into<String>) -> Self {
        self.because.push(Seen::new(by, saw));
        self
    }

    fn because_all(mut self, seen: impl IntoIterator<Item = Seen>) -> Self {
        self.because.extend(seen);
        self
    }

    fn against(mut self, by: impl Into<Question>, saw: impl Into<String>) -> Self {
        self.against.push(Seen::new(by, saw));
        self
    }

    fn decided_by(mut self, question: &'static str) -> Self {
        self.would_decide = Some(question);
        self
    }
}

/// A cause with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnosis {
    pub(crate) cause: &'static str,
    pub(crate) severity: Severity,
    pub(crate) sure: Sure,
    pub(crate) because: Vec<Seen>,
    pub(crate) against: Vec<Seen>,
    pub(crate) would_decide: Option<&'static str>,
}

/// The causes that fit, the most likely first. Nothing troubled goes without one.
pub(crate) fn diagnose(evidence: &Evidence) -> Vec<Diagnosis> {
    by_rules(evidence, 0..CAUSES.len(), explains)
}

/// Whether the table says that the cause of one row explains that of another.
fn explains(row: usize, other: usize) -> bool {
    CAUSES[row].explains.iter().any(|(explained, _)| *explained == CAUSES[other].id)
}

/// The same by the rules of these rows, in whatever order they are asked, and by what explains what.
fn by_rules(
    evidence: &Evidence,
    rows: impl Iterator<Item = usize>,
    explains: impl Fn(usize, usize) -> bool,
) -> Vec<Diagnosis> {
    let mut fits: Vec<(usize, Fit)> = Vec::new();
    for row in rows {
        match CAUSES[row].rule {
            Rule::Whole(rule) => fits.extend(rule(evidence).map(|fit| (row, fit))),
            Rule::PerServer(rule) => {
                for protocol in [Protocol::Imap, Protocol::Smtp] {
                    let fit = rule(evidence, protocol).map(|fit| Fit { about: Some(protocol), ..fit });
                    fits.extend(fit.map(|fit| (row, fit)));
                }
            }
            Rule::NothingElse | Rule::SettingsAlone => {}
        }
    }
    let claimed: Vec<(Question, Option<Protocol>)> =
        fits.iter().flat_map(|(_, fit)| fit.because.iter().map(|seen| (seen.by, fit.about))).collect();
    let mut kept: Vec<(usize, Fit)> =
        fits.iter().filter(|(row, fit)| !is_explained(*row, fit, &fits, &explains)).cloned().collect();
    kept.extend(unexplained(evidence, &claimed));
    let mut diagnoses = merged(kept);
    for (_, diagnosis) in diagnoses.iter_mut().filter(|(_, diagnosis)| diagnosis.sure == Sure::Certain) {
        diagnosis.would_decide = None;
        // What left it open for one server is settled by the other.
        diagnosis.against.clear();
    }
    diagnoses.sort_by_key(|(row, diagnosis)| (diagnosis.severity, diagnosis.sure, *row));
    diagnoses.into_iter().map(|(_, diagnosis)| diagnosis).collect()
}

/// Whether another cause that fits explains this one away, for the server that this one is about.
fn is_explained(row: usize, fit: &Fit, fits: &[(usize, Fit)], explains: impl Fn(usize, usize) -> bool) -> bool {
    fits.iter().any(|(other_row, other)| {
        let covers = other.about.is_none() || other.about == fit.about;
        // A mere possibility explains nothing away, and neither does what is no trouble.
        let counts = other.sure <= fit.sure.max(Sure::Likely) && other.severity <= fit.severity;
        covers && counts && explains(*other_row, row)
    })
}

/// The troubled checks that no rule claims.
fn unexplained(evidence: &Evidence, claimed: &[(Question, Option<Protocol>)]) -> Option<(usize, Fit)> {
    let row = CAUSES.iter().position(|cause| matches!(cause.rule, Rule::NothingElse))?;
    let is_claimed = |check: Check, of: Protocol| {
        // A conversation is one server's own, whichever server the cause is about.
        let is_its_own = check == of.check();
        claimed.iter().any(|(by, about)| *by == check.into() && (is_its_own || about.is_none_or(|about| about == of)))
    };
    let seen: Vec<Seen> = troubled(evidence)
        .into_iter()
        .filter(|(check, of, _)| !is_claimed(*check, *of))
        .map(|(check, _, saw)| Seen::new(check, saw))
        .collect();
    (!seen.is_empty()).then(|| (row, Fit::trouble(Sure::Possible).because_all(seen)))
}

/// A troubled check, whose it is, and what it saw.
pub(crate) type Trouble = (Check, Protocol, String);

/// Every troubled check.
pub(crate) fn troubled(evidence: &Evidence) -> Vec<Trouble> {
    let mut found = Vec::new();
    // An address that cannot be Apple's and proves to be its server all the same is a network's own way there.
    let is_proved = |of: Protocol| evidence.tls.of(of).is_some_and(checks::tls::Facts::is_verified);
    for (of, asked) in evidence.dns.each().filter(|(of, asked)| asked.facts.is_troubled() && !is_proved(*of)) {
        found.push((Check::Dns, of, saw::names(&asked.facts)));
    }
    for (of, asked) in evidence.tcp.each().filter(|(_, asked)| asked.facts.is_troubled()) {
        found.push((Check::Tcp, of, saw::connection(&asked.facts)));
    }
    for (of, asked) in evidence.tls.each().filter(|(_, asked)| asked.facts.is_troubled()) {
        found.push((Check::Tls, of, saw::handshake(&asked.facts)));
    }
    for of in [Protocol::Imap, Protocol::Smtp] {
        if service::is_troubled(evidence, of) {
            found.push((of.check(), of, service::conversation(evidence, of)));
        }
    }
    found
}

/// One diagnosis a cause: what it is about, on either server, is said together.
fn merged(fits: Vec<(usize, Fit)>) -> Vec<(usize, Diagnosis)> {
    let mut merged: Vec<(usize, Diagnosis)> = Vec::new();
    for (row, fit) in fits {
        let known = merged.iter_mut().find(|(known, _)| *known == row);
        let Some((_, diagnosis)) = known else {
            merged.push((
                row,
                Diagnosis {
                    cause: CAUSES[row].id,
                    severity: fit.severity,
                    sure: fit.sure,
                    because: fit.because,
                    against: fit.against,
                    would_decide: fit.would_decide,
                },
            ));
            continue;
        };
        diagnosis.severity = diagnosis.severity.min(fit.severity);
        diagnosis.sure = diagnosis.sure.min(fit.sure);
        for seen in fit.because {
            if !diagnosis.because.contains(&seen) {
                diagnosis.because.push(seen);
            }
        }
        for seen in fit.against {
            if !diagnosis.against.contains(&seen) {
                diagnosis.against.push(seen);
            }
        }
        diagnosis.would_decide = diagnosis.would_decide.or(fit.would_decide);
    }
    merged
}
