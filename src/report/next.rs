//! What to do next where nothing has to be fixed: "all is well" is no help to somebody whose mail program still fails.

use checks::questions::Question;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CheckOutcome, CheckRow, Finding, Settings, Severity, Verdict};
use crate::diagnosis::cause;

/// A step, and what to type for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct NextStep {
    /// What it is good for.
    pub(crate) aim: Aim,
    /// What to do, with what to type, in Markdown.
    pub(crate) text: String,
    /// What to type, where that is all; words in it that are the person's own to choose are `you@icloud.com`, `PROGRAM` and `what it says`.
    pub(crate) command: Option<String>,
}

/// What a step is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Aim {
    /// To do what a warning advises, although mail works.
    HeedWarning,
    /// To read what may be behind it if something still fails.
    ReadNote,
    /// To try the sign-in, which was not asked for.
    TrySignIn,
    /// To ask what was left out.
    AskEverything,
    /// To run the check to its end.
    RunAgain,
    /// To give the mail program the password that has just worked.
    RenewPassword,
    /// To compare the mail program's settings with the right ones.
    CompareSettings,
    /// To let the settings be read that mail programs keep in files.
    ReviewSettings,
    /// To look up what the mail program says.
    ExplainError,
}

/// The steps that fit; none where the causes have their own.
pub(super) fn steps(
    verdict: Verdict,
    findings: &[Finding],
    checks: &[CheckRow],
    settings: &Settings,
    is_complete: bool,
) -> Vec<NextStep> {
    match verdict {
        Verdict::Trouble => return Vec::new(),
        Verdict::Unclear if !is_complete => return vec![run_again()],
        Verdict::Unclear => return vec![ask_everything()],
        Verdict::Healthy => {}
    }
    let is_clean = |check| checks.iter().any(|row| row.is_of(check) && row.outcome == CheckOutcome::Clean);
    let works = settings.sign_in && is_clean(Question::Imap) && is_clean(Question::Smtp);
    let warned = findings.iter().find(|finding| finding.severity == Severity::Warning);
    let mut steps: Vec<NextStep> = warned.map(|warning| heed(warning, works)).into_iter().collect();
    let noted = findings.iter().find(|finding| finding.severity == Severity::Note);
    steps.extend(noted.map(read_note));
    let is_outage = warned.is_some_and(is_outage);
    match (works, settings.sign_in) {
        (true, _) if is_outage => {}
        (true, _) => steps.push(renew_password()),
        (false, true) => steps.push(ask_everything()),
        (false, false) => steps.push(try_sign_in()),
    }
    if !is_outage {
        steps.extend([compare_settings(settings.client.as_deref()), review_settings()]);
    }
    steps.push(explain_error());
    steps
}

fn step(aim: Aim, text: &str, command: &str) -> NextStep {
    let command = format!("icloud-mail-doctor {command}");
    NextStep { aim, text: format!("{text}: `{command}`."), command: Some(command) }
}

fn heed(warning: &Finding, works: bool) -> NextStep {
    let advice = match (is_outage(warning), works) {
        (true, _) => "Apple reports trouble with its own service. Change nothing while that lasts",
        (false, true) => "Mail works now. Do what the warning above advises, soon",
        (false, false) => "Do what the warning above advises",
    };
    let text = format!("{advice}; this shows all that is known of it");
    step(Aim::HeedWarning, &text, &format!("explain {}", warning.cause))
}

/// Whether there is nothing to change but to wait.
fn is_outage(warning: &Finding) -> bool {
    warning.cause == cause!("apple-outage").id()
}

fn read_note(note: &Finding) -> NextStep {
    let text = "If something still fails, read what was noted above; this shows all that is known of it";
    step(Aim::ReadNote, text, &format!("explain {}", note.cause))
}

fn try_sign_in() -> NextStep {
    let text = "The sign-in was not tried. To try it, give your address and leave the sign-in in; you are asked for an \
                app-specific password, and nothing is changed in the mailbox";
    step(Aim::TrySignIn, text, "check you@icloud.com")
}

fn ask_everything() -> NextStep {
    step(Aim::AskEverything, "Something was left out. To ask everything", "check you@icloud.com")
}

fn run_again() -> NextStep {
    step(
        Aim::RunAgain,
        "Run the check again and let it come to its end, with more time if it needs it",
        "check --deadline 90",
    )
}

fn renew_password() -> NextStep {
    let text = "If a mail program still fails, it may hold an old password. Give it the one that has just worked, for \
                receiving and for sending: programs keep the old one until it is replaced.";
    NextStep { aim: Aim::RenewPassword, text: text.to_owned(), command: None }
}

fn compare_settings(program: Option<&str>) -> NextStep {
    let text = match program {
        Some(_) => "Compare the mail program's settings with the right ones",
        None => "Compare the mail program's settings with the right ones, with its name for PROGRAM",
    };
    step(Aim::CompareSettings, text, &format!("setup {}", program.unwrap_or("PROGRAM")))
}

fn review_settings() -> NextStep {
    step(Aim::ReviewSettings, "Or let the settings be read that mail programs keep in files", "review")
}

fn explain_error() -> NextStep {
    step(
        Aim::ExplainError,
        "Look up the error that the mail program shows, in its own words",
        "explain \"what it says\"",
    )
}
