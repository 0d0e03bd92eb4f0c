//! What happened when: each question, how long its answer took, and what the answer was.

use checks::asked::Asked;
use checks::evidence::Evidence;
use checks::first_look::Way;
use checks::network::{ConnectFailed, Negotiated};
use checks::plan::Protocol;
use checks::questions::Question;
use checks::transcript::{Meaning, Said, Transcript};
use checks::{apple_status, dns, tcp, tls};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CheckOutcome, CheckRow, Speaker, round_trips};
use crate::quoted;
use crate::words::{names, timing};

/// Steps that followed one another; different lanes ran side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Lane {
    /// The server or service.
    pub(crate) with: String,
    /// How long the connection took to open, which is one round trip, in milliseconds.
    pub(crate) round_trip_ms: Option<u64>,
    /// How much of the time the round trips explain, in a sentence; `None` where the times are too short to say.
    #[serde(default)]
    pub(crate) way: Option<String>,
    /// In the order in which they began.
    pub(crate) steps: Vec<Step>,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Step {
    /// The question.
    pub(crate) what: String,
    /// The result.
    pub(crate) said: String,
    /// Whether it was an answer.
    pub(crate) outcome: StepOutcome,
    /// When it began, in milliseconds after the start of the run.
    pub(crate) started_ms: u64,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: u64,
    /// How often the other side had to be waited for, where that is known.
    pub(crate) round_trips: Option<u8>,
}

impl Step {
    /// When it ended, in milliseconds after the start of the run.
    pub(crate) fn ended_ms(&self) -> u64 {
        self.started_ms.saturating_add(self.duration_ms)
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StepOutcome {
    /// It was answered, and the next step could follow.
    Answered,
    /// It failed, or no answer came.
    Failed,
    /// It was given up, because another one was faster.
    GivenUp,
}

/// A lane for each server, one for Apple's page, and one for the second looks.
pub(super) fn lanes(evidence: &Evidence, rows: &[CheckRow]) -> Vec<Lane> {
    let first = &evidence.first;
    let servers =
        [server(Protocol::Imap, &first.imap, evidence, rows), server(Protocol::Smtp, &first.smtp, evidence, rows)];
    let is_page = |row: &&CheckRow| row.is_of(Question::AppleStatus);
    let is_alone = |row: &&CheckRow| Question::named(row.id()).is_some_and(is_alone) && !is_page(row);
    let page = evidence.first.apple_status.as_ref().map(|asked| match asked.facts.outcome {
        apple_status::Outcome::Read { .. } => StepOutcome::Answered,
        apple_status::Outcome::Late => StepOutcome::GivenUp,
        _ => StepOutcome::Failed,
    });
    let page = rows.iter().filter(is_page).zip(page).map(|(row, outcome)| whole(row, outcome)).collect();
    let alone = rows.iter().filter(is_alone).filter(|row| row.started_ms.is_some()).map(|row| {
        let is_troubled = row.outcome == CheckOutcome::Troubled;
        whole(row, if is_troubled { StepOutcome::Failed } else { StepOutcome::Answered })
    });
    let alone = alone.collect();
    let looks = rows.iter().filter(|row| row.is_second_look()).map(|row| whole(row, StepOutcome::Answered)).collect();
    let lane = |with: &str, steps| Lane { with: with.to_owned(), round_trip_ms: None, way: None, steps };
    let lanes = servers.into_iter().chain([
        lane(timing::STATUS_PAGE, page),
        lane(timing::OTHER_CHECKS, alone),
        lane(timing::FOLLOW_UP_CHECKS, looks),
    ]);
    lanes.filter(|lane| !lane.steps.is_empty()).collect()
}

/// Whether a check is on the way to no server. The settings are known before anything is asked.
fn is_alone(check: Question) -> bool {
    let is_on_a_way = |of: Protocol| check == of.check() || of.check().listed().depends_on.contains(&check);
    !check.is_second_look() && check != Question::Settings && !Protocol::BOTH.into_iter().any(is_on_a_way)
}

/// A check that is one step.
fn whole(row: &CheckRow, outcome: StepOutcome) -> Step {
    Step {
        what: row.question.clone(),
        said: row.summary.clone(),
        outcome,
        started_ms: row.started_ms.unwrap_or_default(),
        duration_ms: row.duration_ms.unwrap_or_default(),
        round_trips: None,
    }
}

/// The lines until a wait for new mail: that time was asked for, and is nobody's answer.
fn until_idle<'e>(of: Protocol, transcript: &'e Transcript, evidence: &Evidence) -> &'e [Said] {
    let mailbox = evidence.first.mailbox.as_ref().filter(|_| of == Protocol::Imap);
    let idle = mailbox.and_then(|asked| asked.facts.idle.as_ref()).map(|idle| idle.started_ms);
    let until = idle
        .and_then(|idle| transcript.lines.iter().position(|said| said.from == Speaker::Client && said.at_ms >= idle));
    &transcript.lines[..until.unwrap_or(transcript.lines.len())]
}

fn server<F>(of: Protocol, way: &Way<F>, evidence: &Evidence, rows: &[CheckRow]) -> Lane {
    let server = &evidence.first.server(of).server;
    let mut steps: Vec<Step> = way.dns.iter().flat_map(|asked| lookups(&asked.facts)).collect();
    let connections = evidence.first.tcp(of).map_or(&[][..], |tcp| &tcp.attempts);
    steps.extend(connections.iter().map(connection));
    steps.extend(way.tls.as_ref().map(handshake));
    let spoken = way.spoken.as_ref().map(Asked::ended_ms);
    let from = connections.iter().find(|attempt| attempt.failed.is_none()).map_or(0, ended);
    steps
        .extend(spoken.into_iter().flat_map(|until| exchanges(until_idle(of, &way.transcript, evidence), from, until)));
    // Of two that began in the same millisecond, the one that ended first comes first.
    steps.sort_by_key(|step| (step.started_ms, step.ended_ms()));
    let is_told = steps.iter().any(|step| step.outcome == StepOutcome::Failed);
    if let Some(row) =
        rows.iter().find(|row| row.is_of(of.check()) && !is_told && row.outcome == CheckOutcome::Troubled)
    {
        // No step failed by itself: something that should have come did not, such as an offer of STARTTLS.
        let at = spoken.unwrap_or(0);
        let missing = whole(row, StepOutcome::Failed);
        steps.push(Step { what: timing::EXPECTED.to_owned(), started_ms: at, duration_ms: 0, ..missing });
    }
    let round_trip_ms = evidence.first.tcp(of).and_then(|tcp| tcp.open()).map(|open| open.duration_ms);
    Lane {
        with: timing::lane(of, &server.host, server.port),
        round_trip_ms,
        way: round_trip_ms.and_then(|each| round_trips::share(each, &steps)),
        steps,
    }
}

fn ended(attempt: &tcp::Attempt) -> u64 {
    attempt.started_ms.saturating_add(attempt.duration_ms)
}

fn lookups(facts: &dns::Facts) -> impl Iterator<Item = Step> {
    facts.attempts.iter().map(|attempt| {
        let (outcome, said) = match (&attempt.answer, &attempt.failed) {
            (Some(answer), _) => (StepOutcome::Answered, names::records(&answer.code, answer.records.len())),
            (None, Some(failed)) => (StepOutcome::Failed, names::no_answer(attempt.resolver, failed)),
            (None, None) => (StepOutcome::GivenUp, names::GIVEN_UP.to_owned()),
        };
        Step {
            what: timing::lookup(attempt.kind, &facts.name),
            said,
            outcome,
            started_ms: attempt.started_ms,
            duration_ms: attempt.duration_ms,
            round_trips: Some(1),
        }
    })
}

fn connection(attempt: &tcp::Attempt) -> Step {
    Step {
        what: timing::connection(attempt.to),
        said: timing::attempted(attempt),
        outcome: match attempt.failed {
            None => StepOutcome::Answered,
            Some(ConnectFailed::Overtaken) => StepOutcome::GivenUp,
            Some(_) => StepOutcome::Failed,
        },
        started_ms: attempt.started_ms,
        duration_ms: attempt.duration_ms,
        round_trips: Some(1),
    }
}

fn handshake(asked: &Asked<tls::Facts>) -> Step {
    let facts = &asked.facts;
    let round_trips = facts.negotiated.as_ref().map(Negotiated::round_trips);
    Step {
        what: timing::HANDSHAKE.to_owned(),
        said: timing::handshake(facts),
        outcome: if facts.is_verified() { StepOutcome::Answered } else { StepOutcome::Failed },
        started_ms: asked.started_ms,
        duration_ms: asked.duration_ms,
        round_trips,
    }
}

/// What was said, as one step for each time that the server was waited for.
fn exchanges(mut lines: &[Said], from: u64, until: u64) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut before = from;
    while !lines.is_empty() {
        let of = |speaker, from: &[Said]| from.iter().take_while(|said| said.from == speaker).count();
        let (asked, rest) = lines.split_at(of(Speaker::Client, lines));
        let (answered, rest) = rest.split_at(of(Speaker::Server, rest));
        let (remarks, rest) = rest.split_at(of(Speaker::Us, rest));
        let started_ms = asked.first().map_or(before, |said| said.at_ms);
        let is_over = rest.is_empty();
        if asked.is_empty() {
            steps.extend(answered.last().map(|said| exchange(timing::GREETING.to_owned(), started_ms, said)));
        } else if let Some(last) = answered.last() {
            steps.push(exchange(command(asked), started_ms, last));
        } else if is_over && !asked.iter().any(is_farewell) {
            steps.push(Step {
                what: command(asked),
                said: remarks.last().map_or_else(|| timing::NO_ANSWER.to_owned(), |said| quoted::name(&said.text)),
                outcome: StepOutcome::Failed,
                started_ms,
                duration_ms: until.saturating_sub(started_ms),
                round_trips: None,
            });
        }
        before = asked.iter().chain(answered).chain(remarks).map(|said| said.at_ms).max().unwrap_or(before);
        lines = rest;
    }
    steps
}

fn exchange(what: String, started_ms: u64, last: &Said) -> Step {
    Step {
        what,
        said: quoted::said(&last.text),
        outcome: match last.meaning {
            Some(Meaning::Answer { is_refusal: true }) => StepOutcome::Failed,
            _ => StepOutcome::Answered,
        },
        started_ms,
        duration_ms: last.at_ms.saturating_sub(started_ms),
        round_trips: Some(1),
    }
}

/// The commands of one write, without IMAP's tags.
fn command(asked: &[Said]) -> String {
    let untagged = asked.iter().map(|said| match (said.meaning, said.text.split_once(' ')) {
        (Some(Meaning::Command { is_tagged: true, .. }), Some((_, rest))) => rest,
        _ => &said.text,
    });
    quoted::said(&untagged.collect::<Vec<_>>().join("; "))
}

fn is_farewell(said: &Said) -> bool {
    matches!(said.meaning, Some(Meaning::Command { is_farewell: true, .. }))
}

#[cfg(test)]
mod tests {
    use checks::transcript::Transcript;

    use super::*;

    fn said(from: Speaker, text: &str, meaning: Option<Meaning>) -> Said {
        Said { at_ms: 0, from, text: text.to_owned(), meaning }
    }

    fn ours(text: &str) -> Said {
        said(Speaker::Client, text, Some(Meaning::Command { is_tagged: false, is_farewell: false }))
    }

    fn theirs(text: &str, is_refusal: bool) -> Said {
        said(Speaker::Server, text, Some(Meaning::Answer { is_refusal }))
    }

    /// The steps, each as the question and its outcome.
    fn told(lines: Vec<Said>) -> Vec<(String, StepOutcome)> {
        let mut transcript = Transcript::default();
        transcript.lines = lines;
        exchanges(&transcript.lines, 0, 9)
            .into_iter()
            .map(|step| (quoted::finished(&step.what), step.outcome))
            .collect()
    }

    #[test]
    fn an_answer_is_a_refusal_by_what_it_is_and_not_by_how_it_looks() {
        for (text, is_refusal) in [
            ("235 NO objection", false),
            ("250 4.2.0 is the size of the limit", false),
            ("4.2 OK this is a tag", false),
            ("535 5.7.8 no", true),
            ("A3 no", true),
            ("[hidden]", true),
        ] {
            let outcome = if is_refusal { StepOutcome::Failed } else { StepOutcome::Answered };
            let steps = told(vec![ours("AUTH LOGIN"), theirs(text, is_refusal)]);
            assert_eq!(steps, [("AUTH LOGIN".to_owned(), outcome)], "{text}");
        }
    }

    #[test]
    fn a_tag_of_any_length_is_left_out_and_a_first_word_like_one_is_not() {
        let tagged = |text| said(Speaker::Client, text, Some(Meaning::Command { is_tagged: true, is_farewell: false }));
        for (line, what) in [
            (tagged("A3 CAPABILITY"), "CAPABILITY"),
            (tagged("ab12 CAPABILITY"), "CAPABILITY"),
            (tagged("[hidden]"), "[hidden]"),
            (ours("X1 is a command"), "X1 is a command"),
        ] {
            assert_eq!(told(vec![line, theirs("* OK", false)]), [(what.to_owned(), StepOutcome::Answered)]);
        }
    }

    #[test]
    fn what_is_not_answered_failed_unless_it_was_a_farewell() {
        let farewell =
            |text| said(Speaker::Client, text, Some(Meaning::Command { is_tagged: false, is_farewell: true }));
        assert_eq!(told(vec![farewell("QUIT")]), []);
        assert_eq!(told(vec![farewell("[hidden]")]), []);
        assert_eq!(told(vec![ours("VRFY LOGOUT")]), [("VRFY LOGOUT".to_owned(), StepOutcome::Failed)]);
        assert_eq!(
            told(vec![theirs("QUIT", false), ours("EHLO x")]),
            [("Greeting".to_owned(), StepOutcome::Answered), ("EHLO x".to_owned(), StepOutcome::Failed)]
        );
    }
}
