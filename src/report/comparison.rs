//! Two reports beside each other: what differs, as data for every format.

use checks::evidence::Evidence;
use checks::plan::Protocol;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Report, SCHEMA_VERSION, Severity, Sure, Tool, Verdict, duration};
use crate::compare::{Change, Differences, Run, Time, What};
use crate::diagnosis::Diagnosis;
use crate::guide;
use crate::words::compare as words;

/// What differs between a report A and a report B.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Comparison {
    /// The version of this form.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    pub(crate) schema_version: u32,
    /// What compared them.
    pub(crate) tool: Tool,
    /// Whether nothing differs.
    pub(crate) is_same: bool,
    /// What differs, in a few sentences.
    pub(crate) conclusion: String,
    /// The first report.
    pub(crate) a: Compared,
    /// The second report.
    pub(crate) b: Compared,
    /// The causes that only B has.
    pub(crate) came: Vec<CauseOfOne>,
    /// The causes that only A has.
    pub(crate) went: Vec<CauseOfOne>,
    /// The facts that both learned and that are not the same.
    pub(crate) facts: Vec<ChangedFact>,
    /// The times that are at least three times and 200 ms apart.
    pub(crate) times: Vec<TimeApart>,
    /// What to know before these are believed.
    pub(crate) notes: Vec<String>,
}

/// One of the two reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Compared {
    /// The file, or standard input in words.
    pub(crate) file: String,
    /// Whether it is a file, which can be read again.
    pub(crate) is_file: bool,
    /// When the run was, for a person.
    pub(crate) when: String,
    /// The version of this program that wrote it.
    pub(crate) version: String,
    /// The result in one word, by the rules of this version.
    pub(crate) verdict: Verdict,
    /// The verdict in one sentence.
    pub(crate) conclusion: String,
}

/// A cause that one report has and the other has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CauseOfOne {
    /// Its id, as `explain` lists it.
    pub(crate) cause: String,
    /// A short claim that reads well after "it fails because: ".
    pub(crate) title: String,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// How sure it is.
    pub(crate) sure: Sure,
    /// The servers that it is about.
    pub(crate) about: Vec<Protocol>,
}

/// A fact that is not the same in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ChangedFact {
    /// What changed.
    pub(crate) id: What,
    /// The server that it is about; `None` where it is about the run.
    pub(crate) about: Option<Protocol>,
    /// The same for a person.
    pub(crate) name: String,
    /// What only A has.
    pub(crate) a: Vec<String>,
    /// What only B has.
    pub(crate) b: Vec<String>,
    /// What it means, where that is not said by itself.
    pub(crate) meaning: Option<String>,
}

/// A time that is far apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct TimeApart {
    /// The server.
    pub(crate) about: Protocol,
    /// What took so long.
    pub(crate) name: String,
    /// In A, in milliseconds.
    pub(crate) a_ms: u64,
    /// In B, in milliseconds.
    pub(crate) b_ms: u64,
}

/// A report by the rules of this version, with the file and the version that it came from.
pub(crate) struct Side {
    pub(crate) file: String,
    pub(crate) is_file: bool,
    pub(crate) version: String,
    pub(crate) report: Report,
    pub(crate) evidence: Evidence,
}

impl Comparison {
    /// Compares two reports.
    pub(crate) fn of(a: &Side, b: &Side) -> Self {
        let differences = Differences::between(&Run::of(&a.evidence), &Run::of(&b.evidence));
        let is_masked = [a, b].into_iter().any(|side| side.report.is_masked && side.report.settings.email.is_some());
        let notes = [(a.version != b.version, words::DIAGNOSED_ANEW), (is_masked, words::MASKED)];
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            is_same: differences.is_empty(),
            conclusion: words::conclusion(&differences),
            a: Compared::of(a),
            b: Compared::of(b),
            came: differences.came.iter().map(CauseOfOne::of).collect(),
            went: differences.went.iter().map(CauseOfOne::of).collect(),
            facts: differences.facts.iter().map(ChangedFact::of).collect(),
            times: differences.times.iter().map(TimeApart::of).collect(),
            notes: notes.into_iter().filter(|(is_so, _)| *is_so).map(|(_, note)| note.to_owned()).collect(),
        }
    }

    /// The exit code: 0 where nothing differs, 1 where something does.
    pub(crate) fn exit_code(&self) -> u8 {
        u8::from(!self.is_same)
    }
}

impl Compared {
    fn of(side: &Side) -> Self {
        Self {
            file: side.file.clone(),
            is_file: side.is_file,
            when: side.report.when(),
            version: side.version.clone(),
            verdict: side.report.verdict,
            conclusion: side.report.conclusion.clone(),
        }
    }
}

impl CauseOfOne {
    fn of(found: &Diagnosis) -> Self {
        Self {
            cause: found.cause.to_owned(),
            title: guide::title(found.cause),
            severity: found.severity,
            sure: found.sure,
            about: found.about.clone(),
        }
    }
}

impl ChangedFact {
    fn of(change: &Change) -> Self {
        let values = |values: &[_]| values.iter().map(|value| words::value(value, change.what)).collect();
        Self {
            id: change.what,
            about: change.of,
            name: words::fact(change),
            a: values(&change.a),
            b: values(&change.b),
            meaning: words::meaning(change.what).map(str::to_owned),
        }
    }
}

impl TimeApart {
    fn of(time: &Time) -> Self {
        Self { about: time.of, name: words::step(time), a_ms: time.a_ms, b_ms: time.b_ms }
    }

    /// Both times, for a person.
    pub(crate) fn shown(&self) -> (String, String) {
        (duration(self.a_ms), duration(self.b_ms))
    }
}
