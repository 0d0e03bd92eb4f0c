//! The one question that decides where a text fits several causes: a general phrase such as "cannot connect" is no
//! reason to do the steps of one of them.

use checks::plan::Protocol;

use crate::guide::{self, Facts};
use crate::report::{Answer, Finding, OpenQuestion, Sure};
use crate::words::undecided::{DECIDING, Deciding, To};

/// With fewer answers there is nothing to decide.
const FEWEST_ANSWERS: usize = 2;

/// The question that decides between most of these causes; `None` if one of them is likely already.
pub(super) fn question(findings: &[Finding], facts: &Facts) -> Option<OpenQuestion> {
    let first = findings.first().filter(|first| first.sure == Sure::Possible)?;
    let is_for = |deciding: &&Deciding| match deciding.to {
        To::Anyone => true,
        To::Person => facts.has_screen(),
        To::Server(protocol) => !facts.has_screen() && (protocol == Protocol::Imap) == facts.is_only_imap(),
    };
    let fitting = DECIDING.iter().filter(|deciding| deciding.after.contains(&first.cause.as_str())).filter(is_for);
    let asked = fitting.map(|deciding| (deciding, answers(deciding, findings)));
    // Of those with as many answers, the first.
    let (deciding, answers) = asked.rev().max_by_key(|(_, answers)| answers.len())?;
    (answers.len() >= FEWEST_ANSWERS).then(|| OpenQuestion { asks: deciding.asks.to_owned(), answers })
}

/// The answers that lead to one of the causes.
fn answers(deciding: &Deciding, findings: &[Finding]) -> Vec<Answer> {
    let is_found = |cause: &&&str| findings.iter().any(|finding| finding.cause == **cause);
    let answer = |(says, cause): (&str, &str)| Answer {
        says: says.to_owned(),
        cause: cause.to_owned(),
        title: guide::title(cause),
    };
    let found = deciding.answers.iter().filter_map(|answer| Some((answer.says, *answer.causes.iter().find(is_found)?)));
    found.map(answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::CAUSES;
    use crate::explain::scene;
    use crate::explain::weigh::weigh;
    use crate::report::finding;

    /// The causes of the answers to what a text leaves open.
    fn asked(text: &str) -> Vec<String> {
        let facts = scene::facts(text, None);
        let findings = weigh(text, None).causes.into_iter().map(|found| finding(found, &facts, None));
        let question = question(&findings.collect::<Vec<_>>(), &facts);
        question.into_iter().flat_map(|question| question.answers).map(|answer| answer.cause).collect()
    }

    #[test]
    fn every_cause_is_one_and_every_question_is_asked() {
        let phrases = [
            "Login failed",
            "unable to send mail",
            "Cannot Get Mail",
            "Cannot connect to server",
            "[Errno 110] Connection timed out",
            "imaplib: [Errno 110] Connection timed out",
            "getaddrinfo ENOTFOUND imap.mail.me.com",
            "Trust anchor for certification path not found.",
            "smtplib: certificate verify failed",
            "imaplib: certificate verify failed",
            "wrong version number on imap.mail.me.com:993",
        ];
        for (deciding, phrase) in DECIDING.iter().zip(phrases) {
            let causes = || deciding.answers.iter().flat_map(|answer| answer.causes);
            assert!(causes().chain(deciding.after).all(|cause| CAUSES.iter().any(|known| known.id == *cause)));
            let asked = asked(phrase);
            assert!(asked.len() > 1 && asked.iter().all(|cause| causes().any(|of| of == cause)), "{phrase}: {asked:?}");
        }
    }

    #[test]
    fn a_text_that_decides_leaves_no_question() {
        for text in [
            "535 5.7.8 Error: authentication failed. I generated a new app-specific password and it is not accepted",
            "certificate has expired: imap.mail.me.com",
            "550 5.7.0 From address is not one of your addresses, smtp.mail.me.com",
            "the moon is made of cheese",
        ] {
            assert_eq!(asked(text), Vec::<String>::new(), "{text}");
        }
    }
}
