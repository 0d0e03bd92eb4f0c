//! What the results of many accounts say together: counts, and the causes that most of those with a problem share.

use std::collections::BTreeMap;

use crate::report::group::Shared;
use crate::report::{Report, Severity, Verdict};
use crate::words::accounts as words;

/// A cause is told once for all where at least so many accounts have it, and so many in a hundred of those with a problem.
const FEWEST: usize = 3;
const PERCENT: usize = 80;

/// The causes that are about one account. Where many have one of them, the list itself may be wrong.
const OF_AN_ACCOUNT: [&str; 8] = [
    "apple-password-used",
    "imap-sign-in-refused",
    "imap-username-form",
    "not-an-icloud-login",
    "password-mangled",
    "password-refused",
    "smtp-sign-in-refused",
    "smtp-username-form",
];

/// A cause that is a problem, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) cause: String,
    pub(super) title: String,
    pub(super) steps: Vec<String>,
}

impl Problem {
    /// Those of a report.
    pub(super) fn all(report: &Report) -> Vec<Self> {
        let troubles = report.findings.iter().filter(|finding| finding.severity == Severity::Trouble);
        troubles
            .map(|finding| Self { cause: finding.cause.clone(), title: finding.claim(), steps: finding.steps.clone() })
            .collect()
    }
}

/// The counts so far. It grows with the number of causes, and not with that of the accounts.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) healthy: usize,
    pub(super) trouble: usize,
    pub(super) unclear: usize,
    pub(super) not_asked: usize,
    causes: BTreeMap<String, (usize, Problem)>,
    /// What was found without an account: it holds for all of them.
    network: Vec<Problem>,
}

impl Tally {
    /// Takes what was found without an account.
    pub(super) fn of_the_network(&mut self, network: Vec<Problem>) {
        self.network = network;
    }

    /// Counts an account with a result.
    pub(super) fn add(&mut self, verdict: Verdict, problems: Vec<Problem>) {
        match verdict {
            Verdict::Healthy => self.healthy += 1,
            Verdict::Trouble => self.trouble += 1,
            Verdict::Unclear => self.unclear += 1,
        }
        for problem in problems {
            self.causes.entry(problem.cause.clone()).or_insert((0, problem)).0 += 1;
        }
    }

    /// The causes that are told once: those of the network, and then the most frequent first.
    pub(super) fn shared(&self, accounts: usize) -> Vec<Shared> {
        let of_network = self.network.iter().map(|problem| {
            let sentence = words::of_the_network(&problem.title);
            told(problem, accounts, accounts, sentence)
        });
        let is_of_network = |problem: &Problem| self.network.iter().any(|known| known.cause == problem.cause);
        let mut shared: Vec<&(usize, Problem)> = self
            .causes
            .values()
            .filter(|(count, problem)| {
                *count >= FEWEST && count * 100 >= self.trouble * PERCENT && !is_of_network(problem)
            })
            .collect();
        shared.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
        let of_accounts = shared.into_iter().map(|(count, problem)| {
            let is_of_an_account = OF_AN_ACCOUNT.contains(&problem.cause.as_str());
            let sentence = words::shared(*count, self.trouble, &problem.title, is_of_an_account);
            told(problem, *count, self.trouble, sentence)
        });
        of_network.chain(of_accounts).collect()
    }
}

fn told(problem: &Problem, accounts: usize, of: usize, sentence: String) -> Shared {
    let Problem { cause, title, steps } = problem.clone();
    Shared { cause, title, accounts, of, sentence, steps }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::CAUSES;

    fn problem(cause: &str) -> Problem {
        Problem { cause: cause.to_owned(), title: format!("the title of {cause}"), steps: vec!["Do it.".to_owned()] }
    }

    fn shared(tally: &Tally) -> Vec<(String, usize, usize)> {
        tally.shared(50).into_iter().map(|shared| (shared.cause, shared.accounts, shared.of)).collect()
    }

    #[test]
    fn a_cause_is_told_once_where_three_and_most_of_those_with_a_problem_have_it() {
        let mut tally = Tally::default();
        for _ in 0..2 {
            tally.add(Verdict::Trouble, vec![problem("port-blocked")]);
        }
        assert_eq!(shared(&tally), [], "two are not many");
        tally.add(Verdict::Trouble, vec![problem("port-blocked"), problem("mailbox-full")]);
        assert_eq!(shared(&tally), [("port-blocked".to_owned(), 3, 3)]);
        tally.add(Verdict::Trouble, vec![problem("password-refused")]);
        assert_eq!(shared(&tally), [], "three of four are fewer than 80 %");
        tally.add(Verdict::Trouble, vec![problem("port-blocked")]);
        assert_eq!(shared(&tally), [("port-blocked".to_owned(), 4, 5)], "four of five are 80 %");
        for _ in 0..100 {
            tally.add(Verdict::Healthy, Vec::new());
        }
        assert_eq!(shared(&tally).len(), 1, "healthy accounts do not count");
    }

    #[test]
    fn passwords_are_suspected_only_where_the_cause_is_about_them() {
        let sentence = |cause: &str| {
            let mut tally = Tally::default();
            (0..9).for_each(|_| tally.add(Verdict::Trouble, vec![problem(cause)]));
            tally.shared(9).remove(0).sentence
        };
        assert!(sentence("port-blocked").contains("need not be wrong"), "{}", sentence("port-blocked"));
        assert!(sentence("password-refused").contains("column"), "{}", sentence("password-refused"));
    }

    #[test]
    fn what_the_network_has_is_told_first_and_once() {
        let mut tally = Tally::default();
        tally.of_the_network(vec![problem("port-blocked")]);
        (0..9).for_each(|_| tally.add(Verdict::Trouble, vec![problem("port-blocked"), problem("mailbox-full")]));
        assert_eq!(shared(&tally), [("port-blocked".to_owned(), 50, 50), ("mailbox-full".to_owned(), 9, 9)]);
    }

    #[test]
    fn every_cause_that_is_named_here_is_one() {
        assert!(OF_AN_ACCOUNT.iter().all(|id| CAUSES.iter().any(|cause| cause.id == *id)));
    }
}
