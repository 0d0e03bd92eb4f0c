//! All there is to tell of a run, before anyone decides how it looks.

mod chain;
mod conclusion;
mod draft;
mod essence;
mod explanation;
mod facts;
mod kept_back;
mod next;
pub(crate) mod overview;
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
pub(crate) use crate::guide::{Link, Page};
use crate::words as said;
pub(crate) use crate::words::timing::duration;
pub(crate) use chain::Chain;
pub(crate) use draft::Draft;
pub(crate) use explanation::{Explanation, Log};
pub(crate) use next::NextStep;
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
    /// What was asked of whom.
    pub(crate) settings: Settings,
    /// Whether addresses, names and local numbers are stand-ins, the same one for the same value throughout.
    pub(crate) is_masked: bool,
    /// The addresses in it that stand for others, of the person's own network, the same one for the same throughout:
    /// they are of the blocks that belong to nobody (RFC 5737, RFC 3849). Which ones they stand for is not kept.
    pub(crate) stand_ins: Vec<IpAddr>,
    /// What came out, in one word.
    pub(crate) verdict: Verdict,
    /// The verdict in one sentence.
    pub(crate) conclusion: String,
    /// Whether every question was asked: neither a signal nor the deadline cut the run short.
    pub(crate) complete: bool,
    /// A row a check, in the order of the checks, and after them the second looks that were taken.
    pub(crate) checks: Vec<CheckRow>,
    /// The causes, the likeliest first.
    pub(crate) findings: Vec<Finding>,
    /// What to do next, where nothing has to be fixed; none where a cause has its own steps.
    pub(crate) next: Vec<NextStep>,
    /// What went on when, in lanes that went side by side.
    pub(crate) timeline: Vec<Lane>,
    /// The certificates that were shown, a chain a server.
    pub(crate) chains: Vec<Chain>,
    /// What was said over each connection; nothing where it did not come to words.
    pub(crate) transcripts: Vec<ServerTranscript>,
    /// What was longer than is kept, each as the place where it stood and how much of it is left.
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

/// What a ticket needs of the machine; nothing that identifies a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Machine {
    /// The operating system, for instance `linux`, `macos` or `windows`.
    pub(crate) os: String,
    /// The system's own name and version, where it tells.
    pub(crate) release: Option<String>,
    /// The processor, for instance `x86_64` or `aarch64`.
    pub(crate) arch: String,
}

impl Machine {
    /// One that nothing is known of: a case does not say where it was recorded.
    pub(crate) fn unknown() -> Self {
        Self { os: "unknown".to_owned(), release: None, arch: "unknown".to_owned() }
    }
}

/// What was asked of whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Settings {
    /// The address that was given.
    pub(crate) email: Option<String>,
    /// The server for reading.
    pub(crate) imap: Server,
    /// The server for sending.
    pub(crate) smtp: Server,
    /// Whether a sign-in was asked for.
    pub(crate) sign_in: bool,
    /// The mail program that the steps are worded for.
    pub(crate) client: Option<String>,
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// No trouble; warnings are allowed.
    Healthy,
    /// Trouble was found.
    Trouble,
    /// It could not be told.
    Unclear,
}

/// A cause, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Finding {
    /// Its name, as `explain` lists them.
    pub(crate) cause: String,
    /// A short claim that reads well after "it fails because: ".
    pub(crate) title: String,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// How sure it is.
    pub(crate) sure: Sure,
    /// What it means, in Markdown.
    pub(crate) means: String,
    /// What was seen that speaks for it.
    pub(crate) because: Vec<Seen>,
    /// What was seen that speaks against it.
    pub(crate) against: Vec<Seen>,
    /// What would make it certain; `None` where it is, or where nothing would.
    pub(crate) would_decide: Option<String>,
    /// What to do, step by step, in Markdown.
    pub(crate) steps: Vec<String>,
    /// How to see that it worked, in Markdown.
    pub(crate) worked: String,
    /// Where to read on.
    pub(crate) links: Vec<Link>,
}

/// One thing that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Seen {
    /// The check or the second look that saw it.
    pub(crate) by: By,
    /// What, in one sentence.
    pub(crate) saw: String,
}

/// What was said over one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ServerTranscript {
    /// Which server and port, and whether it was once more.
    pub(crate) server: String,
    /// What was said, in its order.
    pub(crate) lines: Vec<Said>,
}

/// Puts the report together as it is, on a machine that nothing is known of.
pub(crate) fn compose(evidence: &Evidence, program: Option<&str>) -> Report {
    draft(evidence, program, Machine::unknown()).unmasked()
}

/// Puts the report together. `program` is the mail program that steps shall be worded for.
pub(crate) fn draft(evidence: &Evidence, program: Option<&str>, machine: Machine) -> Draft {
    let diagnoses = diagnosis::diagnose(evidence);
    let about = diagnoses.iter().map(|diagnosis| diagnosis.about.clone()).collect();
    let findings: Vec<Finding> = diagnoses.into_iter().map(|diagnosis| seen(evidence, diagnosis)).collect();
    let checks = rows::rows(evidence, &findings);
    let was_asked = evidence.first.each(FirstLook::dns).next().is_some() || evidence.first.apple_status.is_some();
    let verdict = if findings.iter().any(|finding| finding.severity == Severity::Trouble) {
        Verdict::Trouble
    } else if evidence.complete && was_asked {
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
        next: next::steps(verdict, &findings, &checks, &settings, evidence.complete),
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

/// A diagnosis without its page; only what no page says is said yet.
fn seen(evidence: &Evidence, diagnosis: Diagnosis) -> Finding {
    let kept_back = kept_back::kept_back(evidence, &diagnosis).map(|kept_back| kept_back.words());
    Finding { means: kept_back.unwrap_or_default(), ..without_page(diagnosis) }
}

/// The guide's page for a diagnosis, as this evidence fills it.
#[cfg(test)]
pub(crate) fn page_of(evidence: &Evidence, diagnosis: &Diagnosis) -> Page {
    guide::page(diagnosis.cause, &facts::of(evidence, &diagnosis.about, None, &Machine::unknown())).unwrap_or_default()
}

/// A diagnosis with the guide's words for it, as these facts fill them.
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

/// Whether both servers accepted a sign-in, and their conversations came to no trouble.
fn both_sign_ins_work(checks: &[CheckRow], settings: &Settings) -> bool {
    let is_clean = |of: Protocol| checks.iter().any(|row| row.is_of(of.check()) && row.outcome == CheckOutcome::Clean);
    settings.sign_in && Protocol::BOTH.into_iter().all(is_clean)
}

fn server_transcript(server: &Server, which: &str, transcript: &Transcript) -> Option<ServerTranscript> {
    let lines = transcript.shown();
    (!lines.is_empty()).then(|| ServerTranscript { server: format!("{}:{}{which}", server.host, server.port), lines })
}

impl Finding {
    /// Gives it the guide's words, with this mail program's words in them.
    fn give(&mut self, page: Page, program: Option<&str>) {
        self.steps = page.steps_for(program);
        let said = std::mem::take(&mut self.means);
        self.means = [page.means, said].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
        (self.worked, self.links) = (page.worked, page.links);
    }

    /// The check that it begins with, after the second looks that may have seen more of it.
    fn first_check(&self) -> Option<Question> {
        self.because.iter().filter_map(|seen| seen.by.question()).find(|question| !question.is_second_look())
    }
}

impl Report {
    /// The causes that are more than good to know, the likeliest first.
    pub(crate) fn causes(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity != Severity::Note)
    }

    /// The two ways of a mail program, each with its server and the row of the conversation at its end, where there is one.
    pub(crate) fn ways(&self) -> impl Iterator<Item = (Protocol, &Server, &CheckRow)> {
        Protocol::BOTH.into_iter().filter_map(|of| {
            let server = match of {
                Protocol::Imap => &self.settings.imap,
                Protocol::Smtp => &self.settings.smtp,
            };
            Some((of, server, self.checks.iter().find(|row| row.is_of(of.check()))?))
        })
    }

    /// The trouble that a check stands for: the one that begins with what it saw, or the first that it has to do with.
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

    /// The exit code of the contract: 0 no trouble, 1 trouble, 3 could not tell.
    pub(crate) fn exit_code(&self) -> u8 {
        match self.verdict {
            Verdict::Healthy => 0,
            Verdict::Trouble => 1,
            Verdict::Unclear => 3,
        }
    }
}
