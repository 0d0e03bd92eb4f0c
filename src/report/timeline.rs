//! What went on when: each question that was put to somebody, how long its answer took, and what it was.

use checks::asked::Asked;
use checks::evidence::Evidence;
use checks::network::ConnectFailed;
use checks::plan::{Check, Protocol};
use checks::talk::{Said, Transcript};
use checks::{apple_status, dns, tcp, tls};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CheckOutcome, CheckRow, Speaker};
use crate::{quoted, saw};

/// The steps that followed one another; lanes went side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Lane {
    /// With whom.
    pub(crate) with: String,
    /// How long the connection took to open, which is one round trip, in milliseconds.
    pub(crate) round_trip_ms: Option<u64>,
    /// In the order in which they began.
    pub(crate) steps: Vec<Step>,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Step {
    /// The question.
    pub(crate) what: String,
    /// What came of it.
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

/// How a step came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StepOutcome {
    /// It came to the answer that leads on.
    Answered,
    /// It did not.
    Failed,
    /// Another one was quicker.
    GivenUp,
}

/// A lane a server, one for Apple's page, and one for the second looks.
pub(super) fn lanes(evidence: &Evidence, rows: &[CheckRow]) -> Vec<Lane> {
    let servers = [Protocol::Imap, Protocol::Smtp].map(|of| server(of, evidence, rows));
    let is_page = |row: &&CheckRow| row.is_of(Check::AppleStatus);
    let page = evidence.apple_status.as_ref().map(|asked| match asked.facts.outcome {
        apple_status::Outcome::Read { .. } => StepOutcome::Answered,
        apple_status::Outcome::Late => StepOutcome::GivenUp,
        _ => StepOutcome::Failed,
    });
    let page = rows.iter().filter(is_page).zip(page).map(|(row, outcome)| whole(row, outcome)).collect();
    let looks = rows.iter().filter(|row| row.is_second_look()).map(|row| whole(row, StepOutcome::Answered)).collect();
    let lane = |with: &str, steps| Lane { with: with.to_owned(), round_trip_ms: None, steps };
    let lanes = servers.into_iter().chain([lane("Apple's status page", page), lane("Second looks", looks)]);
    lanes.filter(|lane| !lane.steps.is_empty()).collect()
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

fn server(of: Protocol, evidence: &Evidence, rows: &[CheckRow]) -> Lane {
    let server = &evidence.server(of).server;
    let mut steps: Vec<Step> = evidence.dns.of(of).into_iter().flat_map(lookups).collect();
    let connections = evidence.tcp.of(of).map_or(&[][..], |tcp| &tcp.attempts);
    steps.extend(connections.iter().map(connection));
    let secured = match of {
        Protocol::Imap => &evidence.tls.imap,
        Protocol::Smtp => &evidence.tls.smtp,
    };
    steps.extend(secured.as_ref().map(handshake));
    let (spoken, transcript) = match of {
        Protocol::Imap => (span(evidence.imap.as_ref()), &evidence.imap_transcript),
        Protocol::Smtp => (span(evidence.smtp.as_ref()), &evidence.smtp_transcript),
    };
    let from = connections.iter().find(|attempt| attempt.failed.is_none()).map_or(0, ended);
    steps.extend(spoken.into_iter().flat_map(|(_, until)| exchanges(transcript, from, until)));
    // Of two that began in the same millisecond the one that ended first came first.
    steps.sort_by_key(|step| (step.started_ms, step.started_ms.saturating_add(step.duration_ms)));
    let is_told = steps.iter().any(|step| step.outcome == StepOutcome::Failed);
    if let Some(row) =
        rows.iter().find(|row| row.is_of(of.check()) && !is_told && row.outcome == CheckOutcome::Troubled)
    {
        // Nothing failed by itself: something that should have come did not, such as an offer of STARTTLS.
        let at = spoken.map_or(0, |(_, until)| until);
        let missing = whole(row, StepOutcome::Failed);
        steps.push(Step { what: "What was expected".to_owned(), started_ms: at, duration_ms: 0, ..missing });
    }
    Lane {
        with: format!("{}: {}, port {}", of.name(), server.host, server.port),
        round_trip_ms: evidence.tcp.of(of).and_then(|tcp| tcp.open()).map(|open| open.duration_ms),
        steps,
    }
}

fn ended(attempt: &tcp::Attempt) -> u64 {
    attempt.started_ms.saturating_add(attempt.duration_ms)
}

/// When a conversation began and ended.
fn span<T>(asked: Option<&Asked<T>>) -> Option<(u64, u64)> {
    asked.map(|asked| (asked.started_ms, asked.started_ms.saturating_add(asked.duration_ms)))
}

fn lookups(facts: &dns::Facts) -> impl Iterator<Item = Step> {
    facts.attempts.iter().map(|attempt| {
        let (outcome, said) = match (&attempt.answer, &attempt.failed) {
            (Some(answer), _) => (StepOutcome::Answered, format!("{}, {} records", answer.code, answer.records.len())),
            (None, Some(failed)) => (StepOutcome::Failed, saw::no_answer(attempt.resolver, failed)),
            (None, None) => (StepOutcome::GivenUp, "not waited for any longer".to_owned()),
        };
        Step {
            what: format!("{} record of {}", attempt.kind, facts.name),
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
        what: format!("Connection to {}", attempt.to),
        said: saw::attempt(attempt),
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
    // RFC 8446 section 2 and RFC 5246 section 7.3.
    let round_trips = facts.negotiated.as_ref().map(|agreed| if agreed.version == "TLS 1.3" { 1 } else { 2 });
    Step {
        what: "TLS handshake".to_owned(),
        said: saw::handshake(facts),
        outcome: if facts.is_verified() { StepOutcome::Answered } else { StepOutcome::Failed },
        started_ms: asked.started_ms,
        duration_ms: asked.duration_ms,
        round_trips,
    }
}

/// What was said, a step for each time that the server was waited for.
fn exchanges(transcript: &Transcript, from: u64, until: u64) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = transcript.lines.as_slice();
    let mut before = from;
    while !lines.is_empty() {
        let of = |speaker, from: &[Said]| from.iter().take_while(|said| said.from == speaker).count();
        let (asked, rest) = lines.split_at(of(Speaker::Client, lines));
        let (answered, rest) = rest.split_at(of(Speaker::Server, rest));
        let (remarks, rest) = rest.split_at(of(Speaker::Us, rest));
        let started_ms = asked.first().map_or(before, |said| said.at_ms);
        let is_over = rest.is_empty();
        if asked.is_empty() {
            steps.extend(answered.last().map(|said| exchange("Greeting".to_owned(), started_ms, said)));
        } else if let Some(last) = answered.last() {
            steps.push(exchange(command(asked), started_ms, last));
        } else if is_over && !asked.iter().any(|said| is_farewell(&said.text)) {
            steps.push(Step {
                what: command(asked),
                said: remarks.last().map_or_else(|| "no answer".to_owned(), |said| quoted::name(&said.text)),
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
        outcome: if is_refusal(&last.text) { StepOutcome::Failed } else { StepOutcome::Answered },
        started_ms,
        duration_ms: last.at_ms.saturating_sub(started_ms),
        round_trips: Some(1),
    }
}

/// The commands of one write. IMAP's begin with a tag, a letter and a number, which says nothing to a reader.
fn command(asked: &[Said]) -> String {
    let untagged = asked.iter().map(|said| match said.text.split_once(' ') {
        Some((tag, rest)) if tag.len() == 2 && tag.ends_with(|last: char| last.is_ascii_digit()) => rest,
        _ => &said.text,
    });
    quoted::said(&untagged.collect::<Vec<_>>().join("; "))
}

/// What ends a conversation; the answer to it is not waited for.
fn is_farewell(line: &str) -> bool {
    line == "QUIT" || line.ends_with(" LOGOUT")
}

/// A tagged NO or BAD, an untagged BYE before anything else, or a reply of 4xx or 5xx.
fn is_refusal(line: &str) -> bool {
    let mut words = line.split(' ');
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    matches!(second, "NO" | "BAD") || (first == "*" && second == "BYE") || first.starts_with(['4', '5'])
}
