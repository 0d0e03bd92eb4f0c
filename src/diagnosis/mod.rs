//! Why mail fails: from evidence to causes, by small rules that each see all the evidence and nothing else.

mod causes;
mod certificates;
#[cfg(test)]
mod edges;
mod handshake;
mod heard;
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
mod round_trip;
pub(crate) mod saw;
mod sending;
mod service;
mod settings;
mod signing_in;
mod survey;
mod would_decide;

use checks::conversation::Conversation;
use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::plan::Protocol;
use checks::questions::Question;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use causes::{CAUSES, Cause, Rule, SeenIn, UNEXPLAINED};
pub(crate) use certificates::WRONG_CLOCK;
pub(crate) use known::{Known, cause};
pub(crate) use saw::Saw;
pub(crate) use signing_in::accepted_before;
pub(crate) use would_decide::WouldDecide;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// Mail does not work, or not safely.
    Trouble,
    /// Mail works, but something deserves attention.
    Warning,
    /// Good to know.
    Note,
}

impl Severity {
    /// Its name for programs.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Trouble => "trouble",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// How sure a cause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sure {
    /// The evidence excludes every other cause of the table.
    Certain,
    /// Another cause would be a surprise.
    Likely,
    /// It fits, and so may others.
    Possible,
}

/// One thing that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The check or the follow-up check that saw it.
    pub(crate) by: By,
    pub(crate) saw: Saw,
}

impl Seen {
    pub(crate) fn new(by: Question, saw: impl Into<Saw>) -> Self {
        Self { by: By::Question(by), saw: saw.into() }
    }
}

/// The name of a check or of a follow-up check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum By {
    /// One that this version asks.
    Question(Question),
    /// One that a later version asks, in a report that the later version wrote.
    Later(String),
}

impl By {
    /// The question, where this version asks it.
    pub(crate) fn question(&self) -> Option<Question> {
        match self {
            Self::Question(question) => Some(*question),
            Self::Later(_) => None,
        }
    }
}

impl PartialEq<Question> for By {
    fn eq(&self, question: &Question) -> bool {
        self.question() == Some(*question)
    }
}

/// A cause that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fit {
    /// Which of the two servers it is about; `None` where it is about both, or about neither in particular.
    about: Option<Protocol>,
    severity: Severity,
    sure: Sure,
    because: Vec<Seen>,
    against: Vec<Seen>,
    would_decide: Option<WouldDecide>,
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

    fn because(mut self, by: Question, saw: impl Into<Saw>) -> Self {
        self.because.push(Seen::new(by, saw));
        self
    }

    fn because_all(mut self, seen: impl IntoIterator<Item = Seen>) -> Self {
        self.because.extend(seen);
        self
    }

    fn against(mut self, by: Question, saw: impl Into<Saw>) -> Self {
        self.against.push(Seen::new(by, saw));
        self
    }

    /// The servers at which it was seen; empty where it is not about a server.
    fn servers(&self) -> Vec<Protocol> {
        // The mailbox is looked at over the connection to the IMAP server.
        let is_its = |of: &Protocol, by: &By| *by == of.check() || (*of == Protocol::Imap && *by == Question::Mailbox);
        let is_seen_at = |of: &Protocol| self.because.iter().any(|seen| is_its(of, &seen.by));
        self.about.map_or_else(|| Protocol::BOTH.into_iter().filter(is_seen_at).collect(), |of| vec![of])
    }

    fn decided_by(mut self, by: WouldDecide) -> Self {
        self.would_decide = Some(by);
        self
    }
}

/// A cause with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Diagnosis {
    pub(crate) cause: &'static str,
    /// The servers at which it was seen; empty where it is not about a server.
    pub(crate) about: Vec<Protocol>,
    pub(crate) severity: Severity,
    pub(crate) sure: Sure,
    pub(crate) because: Vec<Seen>,
    pub(crate) against: Vec<Seen>,
    pub(crate) would_decide: Option<WouldDecide>,
}

/// The causes that fit, the most likely first. Every problem leads to at least one cause.
pub(crate) fn diagnose(evidence: &Evidence) -> Vec<Diagnosis> {
    by_rules(evidence, 0..CAUSES.len(), explains)
}

/// Whether the table says that the cause of one row explains that of another.
fn explains(row: usize, other: usize) -> bool {
    CAUSES[row].explains.iter().any(|(explained, _)| *explained == CAUSES[other].id)
}

/// The same with these rows of the table, in any order, and with this relation between them.
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
                for protocol in Protocol::BOTH {
                    let fit = rule(evidence, protocol).map(|fit| Fit { about: Some(protocol), ..fit });
                    fits.extend(fit.map(|fit| (row, fit)));
                }
            }
            Rule::NothingElse | Rule::Unchecked(_) => {}
        }
    }
    let claimed: Vec<(By, Option<Protocol>)> =
        fits.iter().flat_map(|(_, fit)| fit.because.iter().map(|seen| (seen.by.clone(), fit.about))).collect();
    let mut kept: Vec<(usize, Fit)> =
        fits.iter().filter(|(row, fit)| !is_explained(*row, fit, &fits, &explains)).cloned().collect();
    kept.extend(unexplained(evidence, &claimed));
    let mut diagnoses = merged(kept);
    for (_, diagnosis) in diagnoses.iter_mut().filter(|(_, diagnosis)| diagnosis.sure == Sure::Certain) {
        diagnosis.would_decide = None;
        // What was open for one server is decided by the other.
        diagnosis.against.clear();
    }
    diagnoses.sort_by_key(|(row, diagnosis)| (diagnosis.severity, diagnosis.sure, *row));
    diagnoses.into_iter().map(|(_, diagnosis)| diagnosis).collect()
}

/// Whether another cause that fits explains this one, for the server that this one is about.
fn is_explained(row: usize, fit: &Fit, fits: &[(usize, Fit)], explains: impl Fn(usize, usize) -> bool) -> bool {
    fits.iter().any(|(other_row, other)| {
        let covers = other.about.is_none() || other.about == fit.about;
        // A merely possible cause explains no surer one, and a less severe cause explains none.
        let counts = other.sure <= fit.sure.max(Sure::Likely) && other.severity <= fit.severity;
        covers && counts && explains(*other_row, row)
    })
}

/// The problems that no rule claims.
fn unexplained(evidence: &Evidence, claimed: &[(By, Option<Protocol>)]) -> Option<(usize, Fit)> {
    let row = CAUSES.iter().position(|cause| matches!(cause.rule, Rule::NothingElse))?;
    let is_claimed = |check: Question, of: Protocol| {
        // A conversation belongs to one server, whichever server the cause is about.
        let is_its_own = check == of.check();
        claimed.iter().any(|(by, about)| *by == check && (is_its_own || about.is_none_or(|about| about == of)))
    };
    let seen: Vec<Seen> = troubled(evidence)
        .into_iter()
        .filter(|(check, of, _)| !is_claimed(*check, *of))
        .map(|(check, _, saw)| Seen::new(check, saw))
        .collect();
    (!seen.is_empty()).then(|| (row, Fit::trouble(Sure::Possible).because_all(seen)))
}

/// A check that found a problem, the server, and what it saw.
pub(crate) type Trouble = (Question, Protocol, Saw);

/// Every problem that a check found.
pub(crate) fn troubled(evidence: &Evidence) -> Vec<Trouble> {
    let of_check = |check: Question| troubles(check, evidence).into_iter().map(move |(of, saw)| (check, of, saw));
    Question::CHECKS.iter().copied().flat_map(of_check).collect()
}

/// The servers at which a check found a problem, and what it saw there.
fn troubles(check: Question, evidence: &Evidence) -> Vec<(Protocol, Saw)> {
    let first = &evidence.first;
    // An address outside Apple's networks with a certificate of Apple's is a network's own way to the server.
    let is_proved = |of: Protocol| first.tls(of).is_some_and(checks::tls::Facts::is_verified);
    let conversation = |of: Protocol| {
        let is_troubled = first.conversation(of).is_some_and(Conversation::is_troubled);
        is_troubled.then(|| (of, service::ended(evidence, of).saw)).into_iter().collect()
    };
    match check {
        Question::Dns => first
            .each(FirstLook::dns)
            .filter(|(of, names)| names.is_troubled() && !is_proved(*of))
            .map(|(of, names)| (of, saw::names(names)))
            .collect(),
        Question::Tcp => first
            .each(FirstLook::tcp)
            .filter(|(_, tcp)| tcp.is_troubled())
            .map(|(of, tcp)| (of, saw::connection(of, tcp)))
            .collect(),
        Question::Tls => first
            .each(FirstLook::tls)
            .filter(|(_, tls)| tls.is_troubled())
            .map(|(of, tls)| (of, saw::handshake(tls)))
            .collect(),
        Question::Imap => conversation(Protocol::Imap),
        Question::Mailbox => survey::refusal(evidence).map(|saw| (Protocol::Imap, saw)).into_iter().collect(),
        Question::Smtp => conversation(Protocol::Smtp),
        Question::RoundTrip => round_trip::trouble(evidence).into_iter().collect(),
        // Settings other than Apple's may work, Apple's page does not know this account, and a second look only adds a
        // clue.
        _ => Vec::new(),
    }
}

/// One diagnosis for each cause: what was seen at either server is put together.
fn merged(fits: Vec<(usize, Fit)>) -> Vec<(usize, Diagnosis)> {
    let mut merged: Vec<(usize, Diagnosis)> = Vec::new();
    for (row, fit) in fits {
        let known = merged.iter_mut().find(|(known, _)| *known == row);
        let Some((_, diagnosis)) = known else {
            merged.push((
                row,
                Diagnosis {
                    cause: CAUSES[row].id,
                    about: fit.servers(),
                    severity: fit.severity,
                    sure: fit.sure,
                    because: fit.because,
                    against: fit.against,
                    would_decide: fit.would_decide,
                },
            ));
            continue;
        };
        let others = fit.servers().into_iter().filter(|of| !diagnosis.about.contains(of)).collect::<Vec<_>>();
        diagnosis.about.extend(others);
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
