//! The verdict in one sentence, which is the last thing that a person reads and the first that a ticket says.

use checks::questions::Question;

use super::{CheckOutcome, CheckRow, Finding, Settings, Severity, Sure, Verdict};
use crate::diagnosis::UNEXPLAINED;

/// The sentence.
pub(super) fn sentence(verdict: Verdict, findings: &[Finding], checks: &[CheckRow], settings: &Settings) -> String {
    let first = findings.iter().find(|finding| finding.severity == Severity::Trouble);
    let is_warned = findings.iter().any(|finding| finding.severity == Severity::Warning);
    let is_clean = |check| checks.iter().any(|row| row.is_of(check) && row.outcome == CheckOutcome::Clean);
    let works = settings.sign_in && is_clean(Question::Imap) && is_clean(Question::Smtp);
    match (verdict, first) {
        (Verdict::Healthy, _) if is_warned && works => "Mail works; read the warning.".to_owned(),
        (Verdict::Healthy, _) if is_warned => "All is well as far as it was asked; read the warning.".to_owned(),
        (Verdict::Healthy, _) if works => {
            "All is well: the account can be reached, for reading and for sending.".to_owned()
        }
        (Verdict::Healthy, _) => "All is well as far as it was asked.".to_owned(),
        (Verdict::Trouble, Some(finding)) if finding.cause == UNEXPLAINED => {
            "Something fails, and none of the known causes fits it.".to_owned()
        }
        (Verdict::Trouble, Some(finding)) => {
            // This check got through, and others may not.
            let sure = match finding.sure {
                Sure::Certain | Sure::Likely if works => "Both sign-ins work here, and mail can still fail because",
                Sure::Possible if works => "Both sign-ins work here, and mail may still fail because",
                Sure::Certain => "It fails because",
                Sure::Likely => "It very likely fails because",
                Sure::Possible => "It may fail because",
            };
            format!("{sure}: {}.", finding.claim())
        }
        (Verdict::Trouble, None) => "Something is in trouble.".to_owned(),
        (Verdict::Unclear, _) => "No result: too little was asked, or the run was cut short.".to_owned(),
    }
}

impl Finding {
    /// The title as it reads in the middle of a sentence, where its first word is no name.
    pub(crate) fn claim(&self) -> String {
        let first = self.title.split_whitespace().next().unwrap_or_default();
        let is_plain_word = first.chars().skip(1).all(|letter| letter.is_lowercase() || letter == '\'');
        let is_name = ["Apple", "Apple's"].contains(&first);
        match self.title.chars().next() {
            Some(letter) if is_plain_word && !is_name => {
                letter.to_lowercase().chain(self.title.chars().skip(1)).collect()
            }
            _ => self.title.clone(),
        }
    }
}
