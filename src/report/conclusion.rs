//! The result of a run in one sentence, at the end of the text and at the top of a ticket.

use checks::evidence::Evidence;
use checks::plan::Protocol;
use checks::questions::Question;

use super::{CheckRow, Finding, Settings, Severity, Verdict, both_sign_ins_work, held_back};
use crate::diagnosis::{UNEXPLAINED, troubled};
use crate::words::conclusion::{Conclusion, Failing};
use crate::words::timing::wait;

/// The sentence.
pub(super) fn sentence(
    evidence: &Evidence,
    verdict: Verdict,
    findings: &[Finding],
    checks: &[CheckRow],
    settings: &Settings,
) -> String {
    let first = findings.iter().find(|finding| finding.severity == Severity::Trouble);
    let is_warned = findings.iter().any(|finding| finding.severity == Severity::Warning);
    let works = both_sign_ins_work(checks, settings);
    let conclusion = match (verdict, first) {
        (Verdict::Healthy, _) if works => Conclusion::Works { is_warned },
        (Verdict::Healthy, _) => Conclusion::NothingFound { is_sign_in_tried: settings.sign_in, is_warned },
        (Verdict::Unclear, _) => match held_back(evidence).filter(|_| evidence.complete) {
            Some(held) => Conclusion::HeldBack { wait: wait(held.wait_s) },
            None => Conclusion::NoResult,
        },
        (Verdict::Trouble, finding) => {
            let is_of_message = finding.is_some_and(|finding| finding.first_check() == Some(Question::RoundTrip));
            let what = match works {
                true if is_of_message => Failing::Message,
                true => Failing::NotTheSignIns,
                false => failing(evidence, finding),
            };
            match finding.filter(|finding| finding.cause != UNEXPLAINED) {
                Some(finding) => {
                    let elsewhere = of_other_way(evidence, what, findings);
                    return [(what, finding)].into_iter().chain(elsewhere).map(fails).collect::<Vec<_>>().join(" ");
                }
                None => Conclusion::Unexplained(what),
            }
        }
    };
    conclusion.words()
}

fn fails((what, finding): (Failing, &Finding)) -> String {
    Conclusion::Fails { what, sure: finding.sure, claim: &finding.claim() }.words()
}

/// Why the other server fails, where that has another reason.
fn of_other_way<'f>(evidence: &Evidence, what: Failing, findings: &'f [Finding]) -> Option<(Failing, &'f Finding)> {
    let other = match what {
        Failing::Receiving => Failing::Sending,
        Failing::Sending => Failing::Receiving,
        Failing::Mail | Failing::NotTheSignIns | Failing::Message | Failing::Unseen => return None,
    };
    let mut known =
        findings.iter().filter(|finding| finding.severity == Severity::Trouble && finding.cause != UNEXPLAINED);
    known.find(|finding| failing(evidence, Some(finding)) == other).map(|finding| (other, finding))
}

/// What fails for this reason: the servers with a problem that the finding is based on.
fn failing(evidence: &Evidence, finding: Option<&Finding>) -> Failing {
    let troubled = troubled(evidence);
    let fails = |of: Protocol| {
        troubled.iter().any(|(check, whose, _)| {
            *whose == of && finding.is_none_or(|finding| finding.because.iter().any(|seen| seen.by == *check))
        })
    };
    match (fails(Protocol::Imap), fails(Protocol::Smtp)) {
        (true, true) => Failing::Mail,
        (true, false) => Failing::Receiving,
        (false, true) => Failing::Sending,
        (false, false) => Failing::Unseen,
    }
}

impl Finding {
    /// What it means: the paragraph that everybody reads, and those that tell more.
    pub(crate) fn meaning(&self) -> (&str, &str) {
        self.means.split_once("\n\n").unwrap_or((&self.means, ""))
    }

    /// The title as it reads in the middle of a sentence, where its first word is not a name.
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
