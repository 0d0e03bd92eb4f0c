//! What a review of mail programs' settings found, before it is formatted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Finding, SCHEMA_VERSION, Severity};

/// The review of some settings files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Review {
    /// Whether there is an account at iCloud, and everything about each was understood.
    pub(crate) complete: bool,
    /// Whether the usual places were searched, because no file was named.
    pub(crate) is_usual: bool,
    /// Whether the certain changes are written afterwards.
    pub(crate) is_fixing: bool,
    pub(crate) files: Vec<File>,
    pub(crate) not_reviewed: Vec<NotReviewed>,
    pub(crate) cannot_be_read: Vec<Closed>,
}

/// A settings file that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct File {
    /// The data about it for programs.
    pub(crate) read: Read,
    /// The name of the mail program.
    pub(crate) title: String,
    /// What the user has to know before its files are changed.
    pub(crate) caution: Option<String>,
    /// What is wrong in it.
    pub(crate) findings: Vec<FileFinding>,
}

/// A settings file that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "File")]
pub(crate) struct Read {
    /// The path as it is shown.
    pub(crate) file: String,
    /// The mail program that the file belongs to, as --as names it.
    pub(crate) program: String,
    /// How many accounts are in it.
    pub(crate) accounts: usize,
    /// How many of them are at iCloud.
    pub(crate) icloud_accounts: usize,
    /// Whether it has more accounts or problems than are listed for one file.
    pub(crate) is_cut_short: bool,
    /// What in it was not understood.
    pub(crate) not_understood: Vec<NotUnderstood>,
}

/// A setting that was not understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct NotUnderstood {
    /// Its line.
    pub(crate) line: usize,
    /// What is not known about it, in half a sentence.
    pub(crate) why: String,
}

/// A file that was found and not reviewed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct NotReviewed {
    /// The path as it is shown.
    pub(crate) file: String,
    /// Why not, in half a sentence after "It".
    pub(crate) why: String,
    /// What to do instead.
    pub(crate) instead: String,
}

/// A mail program whose settings cannot be read from outside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ClosedProgram")]
pub(crate) struct Closed {
    /// Its name in `setup`.
    pub(crate) program: String,
    /// Its title.
    pub(crate) title: String,
    /// Whether it has been used on this computer.
    pub(crate) is_used_here: bool,
}

/// A cause in a file, with its line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FileFinding {
    pub(crate) finding: Finding,
    pub(crate) line: usize,
    /// What the file says, and what is wrong with that, in one sentence.
    pub(crate) why: String,
    /// The lines as they should be in the file.
    pub(crate) corrected: Vec<String>,
    /// The lines before and after, as a person sees them.
    pub(crate) differences: Vec<Difference>,
    /// Whether --fix writes it.
    pub(crate) is_fixable: bool,
}

/// A line before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Difference {
    /// The line as it is; `None` for a new line.
    pub(crate) before: Option<String>,
    /// The line as it would be.
    pub(crate) after: String,
}

/// What `icloud-mail-doctor review --format json` writes.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Review")]
pub(crate) struct Document<'r> {
    /// The version of this form.
    #[schemars(extend("const" = SCHEMA_VERSION))]
    schema_version: u32,
    /// Whether there is an account at iCloud, and everything about each was understood.
    complete: bool,
    /// The settings files that were read.
    files: Vec<&'r Read>,
    /// The files that were found and not reviewed.
    not_reviewed: &'r [NotReviewed],
    /// The mail programs whose settings cannot be read; empty where files were named.
    cannot_be_read: &'r [Closed],
    /// What is wrong, in the order of the files and of their lines.
    findings: Vec<DocumentFinding<'r>>,
}

/// A cause in a settings file, and what to do about it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FileFinding")]
struct DocumentFinding<'r> {
    #[serde(flatten)]
    finding: &'r Finding,
    /// The file that it is in, as `files` names it.
    file: &'r str,
    /// Its line there.
    line: usize,
    /// What the file says, and what is wrong with that, in one sentence.
    why: &'r str,
    /// The lines as they should be; empty where no change is known.
    corrected: &'r [String],
    /// Whether --fix writes it.
    is_fixable: bool,
}

impl Review {
    /// Returns every finding, with its file.
    pub(crate) fn findings(&self) -> impl Iterator<Item = (&File, &FileFinding)> {
        self.files.iter().flat_map(|file| file.findings.iter().map(move |found| (file, found)))
    }

    /// Returns the data for programs.
    pub(crate) fn document(&self) -> Document<'_> {
        let findings = self.findings().map(|(file, found)| DocumentFinding {
            finding: &found.finding,
            file: &file.read.file,
            line: found.line,
            why: &found.why,
            corrected: &found.corrected,
            is_fixable: found.is_fixable,
        });
        Document {
            schema_version: SCHEMA_VERSION,
            complete: self.complete,
            files: self.files.iter().map(|file| &file.read).collect(),
            not_reviewed: &self.not_reviewed,
            cannot_be_read: &self.cannot_be_read,
            findings: findings.collect(),
        }
    }
}

impl FileFinding {
    pub(crate) fn is_trouble(&self) -> bool {
        self.finding.severity == Severity::Trouble
    }
}
