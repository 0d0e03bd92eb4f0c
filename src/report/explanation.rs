//! What a pasted text points to, as data for every format.

use serde::{Deserialize, Serialize};

use super::{Finding, SCHEMA_VERSION, Sure};
use crate::words::explained as words;

/// The cause of what iCloud answers to others.
const REFUSED_BY_ICLOUD: &str = "refused-by-icloud";

/// What a text points to, and what kind of text it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Explanation {
    /// The causes that fit, the likeliest first.
    pub(crate) findings: Vec<Finding>,
    /// What would decide between them, where the text says nothing that does.
    pub(crate) question: Option<OpenQuestion>,
    /// The servers of other providers that it names.
    pub(crate) others: Vec<String>,
    /// Whether all of it is about them.
    pub(crate) is_elsewhere: bool,
    /// Whether lines of it are about mail that others send to iCloud.
    pub(crate) has_delivery: bool,
    /// What the text is about, where that is known and none of the causes.
    pub(crate) not_a_cause: Option<String>,
    /// The flags with which `check` asks with the settings that the text names.
    pub(crate) flags: Vec<String>,
    /// The mail program that the steps are worded for.
    pub(crate) client: Option<String>,
    /// How much was read of a file or a pipe; `None` for words on the command line.
    pub(crate) log: Option<Log>,
}

/// A question to the user, and where each answer leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct OpenQuestion {
    pub(crate) asks: String,
    pub(crate) answers: Vec<Answer>,
}

/// An answer that the user may give.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) says: String,
    /// The cause that it points to.
    pub(crate) cause: String,
    /// That cause's title.
    pub(crate) title: String,
}

/// How a step begins that asks for another network.
const ANOTHER_NETWORK: &str = "Try another network";

impl Answer {
    /// The first thing to do for who gives this answer: nothing that was just asked.
    pub(crate) fn first_step<'f>(&self, asks: &str, finding: &'f Finding) -> Option<&'f String> {
        let is_tried = [asks, &self.says].iter().any(|words| words.contains("another network"));
        finding.steps.iter().find(|step| !(is_tried && step.starts_with(ANOTHER_NETWORK)))
    }
}

/// How much of a log was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Log {
    Whole,
    /// Its beginning and its end.
    InPart,
}

/// The data for programs.
#[derive(Serialize)]
pub(crate) struct Document<'e> {
    schema_version: u32,
    findings: &'e [Finding],
    question: Option<&'e OpenQuestion>,
}

/// Causes that are wrong settings of a server.
const OF_SETTINGS: [&str; 6] = [
    "wrong-server-name",
    "wrong-port",
    "tls-on-starttls-port",
    "plaintext-on-tls-port",
    "encryption-off",
    "pop-not-offered",
];

impl Explanation {
    /// What is said before anything else, where no single cause stands there for sure.
    pub(crate) fn states(&self) -> Option<String> {
        match (&self.question, self.findings.first()) {
            (Some(_), _) => Some(words::UNDECIDED.to_owned()),
            (None, Some(first)) => (first.sure == Sure::Possible).then(|| words::OPEN.to_owned()),
            (None, None) if self.is_elsewhere => Some(words::elsewhere(&self.others)),
            (None, None) if self.has_delivery => Some(words::DELIVERY.to_owned()),
            (None, None) => Some(self.not_a_cause.clone().unwrap_or_else(|| words::UNKNOWN.to_owned())),
        }
    }

    /// What helps where no cause is known.
    pub(crate) fn helps(&self) -> [&'static str; 2] {
        if self.is_elsewhere { [words::ASK_THEM, words::NAME_OURS] } else { [words::WHOLE_MESSAGE, words::WHAT_FAILS] }
    }

    /// Which lines were not counted.
    pub(crate) fn left_aside(&self) -> Vec<String> {
        if self.is_about_another() {
            return Vec::new();
        }
        let delivery = self.has_delivery && !self.findings.is_empty();
        let others = !self.is_elsewhere && !self.others.is_empty();
        let delivery = delivery.then(|| words::DELIVERY_ASIDE.to_owned());
        delivery.into_iter().chain(others.then(|| words::others_aside(&self.others))).collect()
    }

    /// How the servers themselves can be asked.
    pub(crate) fn nothing_checked(&self) -> String {
        // A check with settings that are just called wrong would only find that out again.
        let are_wrong = self.findings.first().is_some_and(|first| OF_SETTINGS.contains(&first.cause.as_str()));
        match self.is_about_another() {
            true => words::NOTHING_CHECKED.to_owned(),
            false => words::nothing_checked(if are_wrong { &[] } else { &self.flags }),
        }
    }

    /// Whether it is about the mail of a server that iCloud refused: a check asks other servers.
    fn is_about_another(&self) -> bool {
        self.findings.first().is_some_and(|first| first.cause == REFUSED_BY_ICLOUD)
    }

    /// Returns the data for programs.
    pub(crate) fn document(&self) -> Document<'_> {
        Document { schema_version: SCHEMA_VERSION, findings: &self.findings, question: self.question.as_ref() }
    }
}
