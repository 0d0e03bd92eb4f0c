//! What to do next where nothing has to be fixed: "all is well" does not help a user whose mail program still fails.

use checks::evidence::Evidence;
use checks::questions::Question;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CheckRow, Finding, Settings, Severity, Verdict, both_sign_ins_work, held_back, is_without_folder};
use crate::diagnosis::cause;
use crate::guide::{self, Facts};
use crate::programs;
use crate::words::next::{Advice, Next};

/// A step, and what to type for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct NextStep {
    /// What it is for.
    pub(crate) aim: Aim,
    /// What to do, with what to type, in Markdown.
    pub(crate) text: String,
    /// What to type, if that is the whole step; the user replaces `you@icloud.com`, `PROGRAM` and `what it says` in it.
    pub(crate) command: Option<String>,
}

/// What a step is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Aim {
    /// To follow a warning, although mail works.
    HeedWarning,
    /// To read what may be the reason if something still fails.
    ReadNote,
    /// To try the sign-in, which was not asked for.
    TrySignIn,
    /// To run the checks that were left out.
    AskEverything,
    /// To run the check to its end.
    RunAgain,
    /// To see which folders the mailbox has.
    ListFolders,
    /// To sign in when earlier sign-ins no longer say to wait.
    SignInLater,
    /// To enter the password that has just worked in the mail program.
    RenewPassword,
    /// To compare the mail program's settings with the right ones.
    CompareSettings,
    /// To review the settings that mail programs keep in files.
    ReviewSettings,
    /// To look up the mail program's error message.
    ExplainError,
}

/// The steps that fit; empty where the causes have their own.
pub(super) fn steps(
    verdict: Verdict,
    findings: &[Finding],
    checks: &[CheckRow],
    settings: &Settings,
    evidence: &Evidence,
) -> Vec<NextStep> {
    let all = match verdict {
        Verdict::Trouble => Vec::new(),
        Verdict::Unclear if !evidence.complete => vec![Next::RunAgain],
        Verdict::Unclear if held_back(evidence).is_some() => vec![Next::SignInLater],
        Verdict::Unclear if is_without_folder(evidence) => vec![Next::ListFolders],
        Verdict::Unclear => vec![Next::AskEverything],
        // What was wanted of a mailbox is in its tables.
        Verdict::Healthy if checks.iter().any(|row| row.is_of(Question::Mailbox)) => {
            heeded(findings, Advice::Act).into_iter().chain([Next::ExplainError]).collect()
        }
        Verdict::Healthy => where_nothing_fails(findings, both_sign_ins_work(checks, settings), settings),
    };
    all.into_iter().map(step).collect()
}

fn where_nothing_fails<'f>(findings: &'f [Finding], works: bool, settings: &'f Settings) -> Vec<Next<'f>> {
    let warned = findings.iter().find(|finding| finding.severity == Severity::Warning);
    // Then there is nothing to change; the user can only wait.
    let is_outage = warned.is_some_and(|warning| warning.cause == cause!("apple-outage").id());
    let advice = match (is_outage, works) {
        (true, _) => Advice::WaitForApple,
        (false, true) => Advice::ActSoon,
        (false, false) => Advice::Act,
    };
    let mut steps = heeded(findings, advice);
    match (works, settings.sign_in) {
        (true, _) if is_outage => {}
        (true, _) => steps.push(Next::RenewPassword(settings.client.as_deref())),
        (false, true) => steps.push(Next::AskEverything),
        (false, false) => steps.push(Next::TrySignIn),
    }
    if !is_outage {
        steps.push(Next::CompareSettings(settings.client.as_deref()));
        let program = settings.client.as_deref().and_then(programs::named);
        steps.extend(program.is_none_or(|program| program.is_reviewed).then_some(Next::ReviewSettings));
    }
    steps.push(Next::ExplainError);
    steps
}

/// What is advised by a warning and by notes.
fn heeded(findings: &[Finding], advice: Advice) -> Vec<Next<'_>> {
    let warned = findings.iter().find(|finding| finding.severity == Severity::Warning);
    let noted = findings.iter().filter(|finding| finding.severity == Severity::Note);
    let warned = warned.map(|warning| Next::HeedWarning { cause: &warning.cause, advice });
    warned.into_iter().chain(noted.map(|note| Next::ReadNote { cause: &note.cause })).collect()
}

fn step(next: Next) -> NextStep {
    let command = next.command().map(|command| format!("icloud-mail-doctor {command}"));
    let text = match (&command, next) {
        (Some(command), _) => format!("{}: `{command}`.", next.words()),
        (None, Next::RenewPassword(Some(program))) => [Some(next.words().to_owned()), where_the_password_is(program)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        (None, _) => next.words().to_owned(),
    };
    NextStep { aim: aim(next), text, command }
}

/// Where this mail program keeps its password, as the page on a refused one says.
fn where_the_password_is(program: &str) -> Option<String> {
    guide::page(cause!("password-refused").id(), &Facts::default())?.words_for(program)
}

fn aim(next: Next) -> Aim {
    match next {
        Next::HeedWarning { .. } => Aim::HeedWarning,
        Next::ReadNote { .. } => Aim::ReadNote,
        Next::TrySignIn => Aim::TrySignIn,
        Next::AskEverything => Aim::AskEverything,
        Next::RunAgain => Aim::RunAgain,
        Next::ListFolders => Aim::ListFolders,
        Next::SignInLater => Aim::SignInLater,
        Next::RenewPassword(_) => Aim::RenewPassword,
        Next::CompareSettings(_) => Aim::CompareSettings,
        Next::ReviewSettings => Aim::ReviewSettings,
        Next::ExplainError => Aim::ExplainError,
    }
}
