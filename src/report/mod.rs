//! All the data about a run, before it is formatted.

pub(crate) mod archived;
mod chain;
pub(crate) mod comparison;
mod conclusion;
mod draft;
mod essence;
pub(crate) mod event;
mod explanation;
mod facts;
pub(crate) mod group;
mod kept_back;
pub(crate) mod line;
mod mailbox;
pub(crate) mod measures;
mod next;
pub(crate) mod overview;
mod program_page;
pub(crate) mod remembered;
pub(crate) mod review;
mod round_trips;
mod rows;
pub(crate) mod saved;
pub(crate) mod schema;
mod settings;
mod stand_ins;
mod timeline;
mod words;

use std::net::IpAddr;

use checks::attempts::rules::HeldBack;
use checks::evidence::Evidence;
use checks::first_look::FirstLook;
pub(crate) use checks::plan::{Protocol, Server};
use checks::questions::Question;
pub(crate) use checks::transcript::Speaker;
use checks::transcript::{Said, Transcript};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::diagnosis::{self, By, Diagnosis};
pub(crate) use crate::diagnosis::{Severity, Sure};
use crate::guide::{self, Facts};
pub(crate) use crate::guide::{Link, Page, Part};
use crate::words as said;
pub(crate) use crate::words::timing::duration;
pub(crate) use chain::Chain;
pub(crate) use draft::Draft;
pub(crate) use explanation::{Answer, Explanation, Log, OpenQuestion};
pub(crate) use mailbox::Table;
pub(crate) use next::NextStep;
pub(crate) use program_page::ProgramPage;
pub(crate) use review::Review;
pub(crate) use rows::{CheckOutcome, CheckRow};
pub(crate) use timeline::{Lane, Step, StepOutcome};
pub(crate) use words::{mark, seconds, security};

/// The version of the JSON form.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// The report on one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Report {
    /// The version of this form.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    pub(crate) schema_version: u32,
    /// What wrote it.
    pub(crate) tool: Tool,
    /// This machine's clock when the run began.
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) started_at: OffsetDateTime,
    /// How long the run took, in milliseconds.
    pub(crate) duration_ms: u64,
    /// Where it ran.
    pub(crate) machine: Machine,
    /// Which servers were asked, and how.
    pub(crate) settings: Settings,
    /// Whether addresses, names and local IP addresses are replaced by stand-ins, always the same one for the same
    /// value.
    pub(crate) is_masked: bool,
    /// The addresses in it that stand for other ones, on the user's own network, always the same one for the same
    /// address. They are from the blocks for documentation (RFC 5737, RFC 3849). The real addresses are not kept.
    pub(crate) stand_ins: Vec<IpAddr>,
    /// The result in one word.
    pub(crate) verdict: Verdict,
    /// The verdict in one sentence.
    pub(crate) conclusion: String,
    /// Whether every question was asked: neither a signal nor the deadline cut the run short.
    pub(crate) complete: bool,
    /// A row for each check, in the order of the checks, and then one for each follow-up check that ran.
    pub(crate) checks: Vec<CheckRow>,
    /// The causes, the most likely first.
    pub(crate) findings: Vec<Finding>,
    /// What to do next, where nothing has to be fixed; empty where a cause has its own steps.
    pub(crate) next: Vec<NextStep>,
    /// What happened when, in lanes that ran side by side.
    pub(crate) timeline: Vec<Lane>,
    /// The certificates that were presented, one chain for each server.
    pub(crate) chains: Vec<Chain>,
    /// What was said over each connection; empty where no words were exchanged.
    pub(crate) transcripts: Vec<ServerTranscript>,
    /// What was too long to be kept whole: its place, and how much of it is left.
    pub(crate) left_out: Vec<String>,
}

/// What wrote the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Tool {
    /// The name of the program.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
}

/// What a ticket needs to know about the machine; nothing that identifies a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Machine {
    /// The operating system, for instance `linux`, `macos` or `windows`.
    pub(crate) os: String,
    /// The system's own name and version, where it is known.
    pub(crate) release: Option<String>,
    /// The processor, for instance `x86_64` or `aarch64`.
    pub(crate) arch: String,
}

impl Machine {
    /// A machine about which nothing is known: a case does not say where it was recorded.
    pub(crate) fn unknown() -> Self {
        Self { os: "unknown".to_owned(), release: None, arch: "unknown".to_owned() }
    }
}

/// Which servers were asked, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Settings {
    /// The address that was given.
    pub(crate) email: Option<String>,
    /// The IMAP server.
    pub(crate) imap: Server,
    /// The SMTP server.
    pub(crate) smtp: Server,
    /// Whether a sign-in was asked for.
    pub(crate) sign_in: bool,
    /// The mail program that the steps are worded for.
    pub(crate) client: Option<String>,
}

/// The result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// No problem was found; warnings are allowed.
    Healthy,
    /// A problem was found.
    Trouble,
    /// The run was inconclusive.
    Unclear,
}

/// A cause, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Finding {
    /// Its id, as `explain` lists it.
    pub(crate) cause: String,
    /// A short claim that reads well after "it fails because: ".
    pub(crate) title: String,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// How sure it is.
    pub(crate) sure: Sure,
    /// What it means, in Markdown.
    pub(crate) means: String,
    /// What was seen that supports it.
    pub(crate) because: Vec<Seen>,
    /// What was seen that contradicts it.
    pub(crate) against: Vec<Seen>,
    /// What would make it certain; `None` where it is certain, or where nothing would.
    pub(crate) would_decide: Option<String>,
    /// What to do, step by step, in Markdown.
    pub(crate) steps: Vec<String>,
    /// How to see that the steps worked, in Markdown.
    pub(crate) worked: String,
    /// Where to read more.
    pub(crate) links: Vec<Link>,
}

/// One thing that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Seen {
    /// The check or the follow-up check that saw it.
    pub(crate) by: By,
    /// What was seen, in one sentence.
    pub(crate) saw: String,
}

/// What was said over one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ServerTranscript {
    /// The server and port, and whether it was a further connection.
    pub(crate) server: String,
    /// What was said, in order.
    pub(crate) lines: Vec<Said>,
}

/// Puts the report together without masking, for a machine about which nothing is known.
pub(crate) fn compose(evidence: &Evidence, program: Option<&str>) -> Report {
    draft(evidence, program, Machine::unknown()).unmasked()
}

/// Whether the only folder that was to be looked at is not there.
fn is_without_folder(evidence: &Evidence) -> bool {
    evidence.first.mailbox.as_ref().is_some_and(|asked| asked.facts.is_without_folder())
}

/// Puts the report together. `program` is the mail program that the steps are worded for.
pub(crate) fn draft(evidence: &Evidence, program: Option<&str>, machine: Machine) -> Draft {
    let diagnoses = diagnosis::diagnose(evidence);
    let about = diagnoses.iter().map(|diagnosis| diagnosis.about.clone()).collect();
    let findings: Vec<Finding> = diagnoses.into_iter().map(|diagnosis| seen(evidence, diagnosis)).collect();
    let checks = rows::rows(evidence, &findings);
    let was_asked = evidence.first.each(FirstLook::dns).next().is_some() || evidence.first.apple_status.is_some();
    let verdict = if findings.iter().any(|finding| finding.severity == Severity::Trouble) {
        Verdict::Trouble
    } else if evidence.complete && was_asked && !is_without_folder(evidence) && held_back(evidence).is_none() {
        Verdict::Healthy
    } else {
        Verdict::Unclear
    };
    let facts = &evidence.first.settings;
    let settings = Settings {
        email: facts.email.clone(),
        imap: facts.imap.server.clone(),
        smtp: facts.smtp.server.clone(),
        sign_in: facts.sign_in,
        client: program.map(str::to_owned),
    };
    let report = Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        started_at: evidence.started_at,
        duration_ms: evidence.duration_ms,
        machine,
        is_masked: false,
        stand_ins: Vec::new(),
        verdict,
        conclusion: conclusion::sentence(evidence, verdict, &findings, &checks, &settings),
        next: next::steps(verdict, &findings, &checks, &settings, evidence),
        settings,
        complete: evidence.complete,
        timeline: timeline::lanes(evidence, &checks),
        chains: chain::chains(evidence),
        checks,
        findings,
        transcripts: transcripts(evidence),
        left_out: evidence.left_out.clone(),
    };
    Draft { report, about }
}

/// The sign-in that has to wait longest.
fn held_back(evidence: &Evidence) -> Option<HeldBack> {
    Protocol::BOTH.into_iter().filter_map(|of| evidence.first.held_back(of)).max_by_key(|held| held.wait_s)
}

fn transcripts(evidence: &Evidence) -> Vec<ServerTranscript> {
    let first = Protocol::BOTH.map(|of| (of, evidence.first.transcript(of)));
    let again = evidence.second_look.other_sign_in.iter().flat_map(|asked| &asked.facts.tries);
    first
        .into_iter()
        .filter_map(|(of, said)| server_transcript(&evidence.first.server(of).server, "", said))
        .chain(again.filter_map(|tried| {
            server_transcript(&evidence.first.server(tried.protocol).server, ", once more", &tried.transcript)
        }))
        .collect()
}

/// A diagnosis without its page; only what no page contains is added.
fn seen(evidence: &Evidence, diagnosis: Diagnosis) -> Finding {
    let kept_back = kept_back::kept_back(evidence, &diagnosis).map(|kept_back| kept_back.words());
    Finding { means: kept_back.unwrap_or_default(), ..without_page(diagnosis) }
}

/// The guide's page for a diagnosis, filled with this evidence.
#[cfg(test)]
pub(crate) fn page_of(evidence: &Evidence, diagnosis: &Diagnosis) -> Page {
    guide::page(diagnosis.cause, &facts::of(evidence, &diagnosis.about, None, &Machine::unknown())).unwrap_or_default()
}

/// A diagnosis with the guide's words for it, filled with these facts.
pub(crate) fn finding(diagnosis: Diagnosis, facts: &Facts, program: Option<&str>) -> Finding {
    let page = guide::page(diagnosis.cause, facts).unwrap_or_default();
    let mut finding = without_page(diagnosis);
    finding.give(page, program);
    finding
}

fn without_page(diagnosis: Diagnosis) -> Finding {
    Finding {
        cause: diagnosis.cause.to_owned(),
        title: guide::title(diagnosis.cause),
        severity: diagnosis.severity,
        sure: diagnosis.sure,
        means: String::new(),
        because: in_words(diagnosis.because),
        against: in_words(diagnosis.against),
        would_decide: diagnosis.would_decide.map(said::would_decide),
        steps: Vec::new(),
        worked: String::new(),
        links: Vec::new(),
    }
}

fn in_words(seen: Vec<diagnosis::Seen>) -> Vec<Seen> {
    said::seen(seen).into_iter().map(|(by, saw)| Seen { by, saw }).collect()
}

/// Whether both servers accepted a sign-in, and neither conversation had a problem.
fn both_sign_ins_work(checks: &[CheckRow], settings: &Settings) -> bool {
    let is_clean = |of: Protocol| checks.iter().any(|row| row.is_of(of.check()) && row.outcome == CheckOutcome::Clean);
    settings.sign_in && Protocol::BOTH.into_iter().all(is_clean)
}

fn server_transcript(server: &Server, which: &str, transcript: &Transcript) -> Option<ServerTranscript> {
    let lines = transcript.shown();
    (!lines.is_empty()).then(|| ServerTranscript { server: format!("{}:{}{which}", server.host, server.port), lines })
}

impl Finding {
    /// Adds the guide's words, with this mail program's words in them.
    fn give(&mut self, page: Page, program: Option<&str>) {
        self.steps = page.steps_for(program);
        let said = std::mem::take(&mut self.means);
        self.means = [page.means, said].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        (self.worked, self.links) = (page.worked, page.links);
    }

    /// The check that found it first, leaving out second looks that saw more of it.
    fn first_check(&self) -> Option<Question> {
        self.because.iter().filter_map(|seen| seen.by.question()).find(|question| !question.is_second_look())
    }
}

impl Report {
    /// The causes that are problems or warnings, the most likely first.
    pub(crate) fn causes(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity != Severity::Note)
    }

    /// The ways to the IMAP and the SMTP server, each with its server and the row of its conversation, if there is one.
    pub(crate) fn ways(&self) -> impl Iterator<Item = (Protocol, &Server, &CheckRow)> {
        Protocol::BOTH.into_iter().filter_map(|of| {
            let server = match of {
                Protocol::Imap => &self.settings.imap,
                Protocol::Smtp => &self.settings.smtp,
            };
            Some((of, server, self.checks.iter().find(|row| row.is_of(of.check()))?))
        })
    }

    /// The problem that a check found: the one that begins with it, or the first that it is a reason for.
    pub(crate) fn trouble_of(&self, row: &CheckRow) -> Option<&Finding> {
        let mut troubles = self.of(Severity::Trouble);
        let begins = |finding: &&Finding| finding.first_check().is_some_and(|check| row.is_of(check));
        let rests = |finding: &&Finding| finding.because.iter().any(|seen| row.is_by(&seen.by));
        let begun = troubles.clone().find(begins);
        match row.outcome {
            CheckOutcome::Troubled => begun.or_else(|| troubles.clone().find(rests)).or_else(|| troubles.next()),
            CheckOutcome::Clean | CheckOutcome::NotAsked | CheckOutcome::Asked => begun,
        }
    }

    /// The exit code: 0 for no problem, 1 for a problem, 3 for an inconclusive run.
    pub(crate) fn exit_code(&self) -> u8 {
        match self.verdict {
            Verdict::Healthy => 0,
            Verdict::Trouble => 1,
            Verdict::Unclear => 3,
        }
    }
}
