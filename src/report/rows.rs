//! A row for each question: what was asked, the outcome, and what was learned.

use checks::apple_status;
use checks::evidence::Evidence;
use checks::learned::Learned;
use checks::plan::Protocol;
use checks::questions::Question;
use checks::round_trip::{self, Handed};
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use super::{Finding, settings};
use crate::diagnosis::saw::Conversation;
use crate::diagnosis::{By, Severity, Trouble, troubled};
use crate::words::outcome::NotChecked;
use crate::words::{self, summary};

/// A check, or a follow-up check that ran, as the report shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CheckRow {
    /// What it asks.
    pub(crate) question: String,
    /// Its outcome.
    pub(crate) outcome: CheckOutcome,
    /// Whether it deserves a look although it is not a problem: it differs from Apple's settings, or a cause begins
    /// with it.
    pub(crate) deserves_a_look: bool,
    /// What it saw, or why it was not asked, in one sentence.
    pub(crate) summary: String,
    /// When it was asked, in milliseconds after the start of the run.
    pub(crate) started_ms: Option<u64>,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: Option<u64>,
    /// Its name, as `check --list` prints it, and what it learned, in the form that belongs to the name.
    #[serde(flatten, deserialize_with = "learned")]
    pub(crate) learned: Learned,
}

/// Reads both fields before it looks for the right form, so that an error message can name the fields.
fn learned<'de, D: Deserializer<'de>>(row: D) -> Result<Learned, D::Error> {
    #[derive(Deserialize)]
    struct Told {
        id: String,
        evidence: Value,
    }
    let Told { id, evidence } = Told::deserialize(row)?;
    Learned::deserialize(json!({ "id": id, "evidence": evidence })).map_err(D::Error::custom)
}

impl CheckRow {
    /// Its name.
    pub(crate) fn id(&self) -> &str {
        self.learned.id()
    }

    /// The question that it answers; `None` where only a later version of this program asks it.
    fn of(&self) -> Option<Question> {
        Question::named(self.id())
    }

    /// Whether it is the row of this question.
    pub(crate) fn is_of(&self, question: Question) -> bool {
        self.of() == Some(question)
    }

    /// Whether both answer the same question.
    pub(crate) fn asks_the_same_as(&self, other: &Self) -> bool {
        self.id() == other.id()
    }

    /// Whether it contacts anything, and so takes time: the settings are known already.
    pub(crate) fn takes_time(&self) -> bool {
        !self.is_of(Question::Settings)
    }

    /// Whether a reason comes from it.
    pub(crate) fn is_by(&self, by: &By) -> bool {
        by.question().is_some_and(|question| self.is_of(question))
    }

    /// Whether only a later version of this program asks it.
    pub(crate) fn is_of_a_later_version(&self) -> bool {
        self.of().is_none()
    }

    /// Whether what it learned does not have the form that belongs to its question.
    pub(super) fn is_unreadable(&self) -> bool {
        matches!(self.learned, Learned::Later { .. }) && !self.is_of_a_later_version()
    }

    /// Whether it is a second look.
    pub(crate) fn is_second_look(&self) -> bool {
        self.outcome == CheckOutcome::Asked
    }

    /// Whether the other is the last check that it depends on: a connection needs a name, and encryption a connection.
    pub(crate) fn depends_on(&self, other: &Self) -> bool {
        let last = self.of().and_then(|question| question.listed().depends_on.last());
        last.is_some_and(|ground| other.is_of(*ground))
    }

    /// What it learned, as in the report's JSON form; null where it was not asked.
    pub(crate) fn evidence(&self) -> Result<Value, serde_json::Error> {
        Ok(serde_json::to_value(&self.learned)?["evidence"].take())
    }
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CheckOutcome {
    /// It found no problem.
    Clean,
    /// It found a problem.
    Troubled,
    /// It was not asked, or not completed; the summary says why.
    NotAsked,
    /// It is a follow-up check: its answer is a clue, and by itself neither clean nor troubled.
    Asked,
}

/// The rows: the checks in order, and then the second looks that ran.
pub(super) fn rows(evidence: &Evidence, findings: &[Finding]) -> Vec<CheckRow> {
    let troubles = troubled(evidence);
    let learned = Question::all().filter_map(|question| Some((question, Learned::of(question, evidence)?)));
    learned
        .filter(|(question, learned)| !question.has_own_command() || learned.span().is_some())
        .map(|(question, learned)| match question.is_second_look() {
            true => row(question, CheckOutcome::Asked, summary::of(&learned), learned),
            false => check(question, learned, evidence, findings, &troubles),
        })
        .collect()
}

fn row(question: Question, outcome: CheckOutcome, summary: String, learned: Learned) -> CheckRow {
    let span = learned.span();
    CheckRow {
        question: question.listed().asks.to_owned(),
        outcome,
        deserves_a_look: false,
        summary,
        started_ms: span.map(|(started, _)| started),
        duration_ms: span.map(|(_, duration)| duration),
        learned,
    }
}

fn check(
    check: Question,
    learned: Learned,
    evidence: &Evidence,
    findings: &[Finding],
    troubles: &[Trouble],
) -> CheckRow {
    // A check has a problem where a cause begins with it, not where it only supports the cause.
    let begins_here = |finding: &&Finding| finding.because.first().is_some_and(|seen| seen.by == check);
    let mut begun = findings.iter().filter(begins_here).map(|finding| finding.severity);
    let begins_trouble = begun.clone().any(|severity| severity == Severity::Trouble);
    let is_seen_behind =
        |finding: &Finding| finding.severity == Severity::Trouble && finding.first_check() == Some(check);
    let is_remarkable = begun.any(|severity| severity != Severity::Note)
        || findings.iter().any(is_seen_behind)
        || (check == Question::Settings && !settings::are_as_apple_gives(&evidence.first.settings));
    let is_troubled = begins_trouble || troubles.iter().any(|(troubled, _, _)| *troubled == check);
    // A check runs anyway if another one depends on it; a conversation then runs only as far as TLS.
    let is_left_out = conversation_with(check).is_some() && evidence.first.settings.left_out.contains(&check);
    let is_begun = learned.span().is_some();
    let held_back = conversation_with(check).and_then(|of| Some((of, evidence.first.held_back(of)?)));
    let outcome = match is_begun && !is_left_out && is_answered(check, evidence) {
        false => CheckOutcome::NotAsked,
        true if is_troubled => CheckOutcome::Troubled,
        true if held_back.is_some() => CheckOutcome::NotAsked,
        true => CheckOutcome::Clean,
    };
    let summary = match outcome {
        CheckOutcome::NotAsked if is_left_out => NotChecked::LeftOut.words(),
        CheckOutcome::NotAsked if held_back.is_some() => {
            let why = held_back.map(|(of, held)| words::saw(&Conversation::HeldBack(of, held).into()));
            NotChecked::HeldBack(why.unwrap_or_default()).words()
        }
        CheckOutcome::NotAsked if !is_begun || check != Question::AppleStatus => {
            not_asked(check, evidence, troubles).words()
        }
        _ => said_by_its_trouble(check, troubles).unwrap_or_else(|| summary::of(&learned)),
    };
    let deserves_a_look = outcome == CheckOutcome::Clean && is_remarkable;
    CheckRow { deserves_a_look, ..row(check, outcome, summary, learned) }
}

/// The result of a conversation with a problem.
fn said_by_its_trouble(check: Question, troubles: &[Trouble]) -> Option<String> {
    let (_, _, saw) = troubles.iter().find(|(troubled, of, _)| *troubled == check && of.check() == check)?;
    Some(words::saw(saw))
}

/// The server that a check speaks with, if it is a conversation.
fn conversation_with(check: Question) -> Option<Protocol> {
    Protocol::BOTH.into_iter().find(|of| of.check() == check)
}

/// Whether a check was answered: a conversation that ended at TLS was not, and neither was a page that never arrived.
fn is_answered(check: Question, evidence: &Evidence) -> bool {
    let is_cut_by_tls = |of: Protocol| evidence.first.tls(of).is_some_and(|tls| !tls.is_verified());
    let is_read = |page: &apple_status::Facts| matches!(page.outcome, apple_status::Outcome::Read { .. });
    let is_page_read = check != Question::AppleStatus || evidence.first.status().is_some_and(is_read);
    // A message that was never sent says nothing.
    let was_sent = |facts: &round_trip::Facts| facts.handed.as_ref().is_some_and(|handed| *handed != Handed::NotHanded);
    let trip = evidence.first.round_trip.as_ref().filter(|_| check == Question::RoundTrip);
    if trip.is_some_and(|asked| !was_sent(&asked.facts)) {
        return false;
    }
    is_page_read && !conversation_with(check).is_some_and(is_cut_by_tls)
}

/// Why a check was not asked: the first check that it depends on and that has a problem, or the user's own choice.
fn not_asked(check: Question, evidence: &Evidence, troubles: &[Trouble]) -> NotChecked {
    let depends_on = check.listed().depends_on;
    // A conversation depends on what is broken on the way to its own server, not to the other one.
    let is_on_its_way = |of: Protocol| conversation_with(check).is_none_or(|own| own == of);
    let is_broken =
        |ground: &Question| troubles.iter().any(|(troubled, of, _)| troubled == ground && is_on_its_way(*of));
    let broken = depends_on.iter().copied().find(is_broken);
    // Before STARTTLS the mail protocol comes first, and TLS depends on it.
    let spoken = troubles.iter().find(|(check, _, _)| conversation_with(*check).is_some());
    match (broken, spoken) {
        (Some(ground), _) => NotChecked::Because(ground.id()),
        (None, Some((spoken, ..))) if !depends_on.is_empty() => NotChecked::Because(spoken.id()),
        _ if !evidence.complete => NotChecked::CutShort,
        _ => NotChecked::LeftOut,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;
    use crate::{rehearse, report};

    #[test]
    fn nothing_that_a_cause_begins_with_or_that_apple_does_not_give_is_called_clean() {
        let mut looked_at = 0;
        for (name, evidence) in rehearse::all() {
            let report = report::compose(evidence, None);
            let clean = report.checks.iter().filter(|row| row.word() == "OK");
            for row in clean {
                let begins = report.findings.iter().find(|finding| {
                    finding.severity != Severity::Note && row.is_by(&finding.because.first().unwrap().by)
                });
                assert_eq!(begins.map(|finding| &finding.cause), None, "{name}: {}", row.id());
                for clue in ["Apple's is", "does not look like", "without its dashes", "do not belong"] {
                    assert!(!row.summary.contains(clue), "{name}: {}", row.summary);
                }
            }
            looked_at += report.checks.iter().filter(|row| row.word() == "look here").count();
        }
        assert!(looked_at > 0);
    }

    #[test]
    fn what_deserves_a_look_is_no_trouble() {
        let (_, healthy) = rehearse::all().iter().find(|(name, _)| *name == "imap/healthy").unwrap();
        let mut other = healthy.clone();
        other.first.settings.smtp.port_is_apples = false;
        for (evidence, word) in [(healthy, "OK"), (&other, "look here")] {
            let report = report::compose(evidence, None);
            assert_eq!(report.checks[0].word(), word);
            assert_eq!((report.exit_code(), report.checks[0].outcome), (0, CheckOutcome::Clean));
        }
    }
}
