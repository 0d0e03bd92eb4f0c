//! The names in a run: a whole address is replaced everywhere, and so is the name in it. If the name is an ordinary
//! word, `imap` or `mail`, it is replaced only where a server or a person may have used it as a name.

use checks::conceal::{Concealer, is_ordinary};
use checks::plan::Plan;
use serde_json::Value;

use super::asked;
use super::kinds::{Kind, is_given, may_name, of_report};
use crate::report::Draft;
use crate::{quoted, texts};

/// The identities of a run, and what replaces them in which text.
pub(super) struct Names {
    /// Those that identify the account wherever they are found.
    telling: Vec<(String, Concealer)>,
    all_telling: Concealer,
    every: Concealer,
}

impl Names {
    pub(super) fn of(plan: &Plan) -> Self {
        let telling = identities(plan).into_iter().filter(|identity| is_telling(identity, plan));
        Self {
            telling: telling
                .map(|identity| {
                    let concealer = Concealer::default().identity(&identity, &mask(&identity));
                    (identity, concealer)
                })
                .collect(),
            all_telling: telling_ones(plan, mask),
            every: every_one(plan, mask),
        }
    }

    /// Masks them in what servers said, which is compared as one conversation.
    pub(super) fn leave_talk(&self, lines: Vec<&mut String>) {
        let mut said: Vec<String> = lines.iter().map(|line| (**line).clone()).collect();
        self.all_telling.lines(&mut said);
        lines.into_iter().zip(said).for_each(|(line, shown)| *line = shown);
    }

    /// Masks them in a report.
    pub(super) fn leave(&self, report: &mut Value) {
        let in_sentences = self.in_sentences(report);
        let mut of_ours = Vec::new();
        texts::each(report, |place, text| {
            if of_report(place) != Kind::Learned {
                of_ours.push(std::mem::take(text));
            }
        });
        self.all_telling.value(report, |report| {
            let mut whole = report.clone();
            put_back(&mut whole, of_ours.clone());
            Draft::can_be_read(&whole)
        });
        put_back(report, of_ours);
        texts::each(report, |place, text| match of_report(place) {
            Kind::Sentence => {
                *text = quoted::masked(text, |part, may_name| {
                    let part = if may_name { self.every.text(part) } else { part.to_owned() };
                    in_sentences.text(&part)
                });
            }
            Kind::Learned if may_name(place) => *text = self.every.text(text),
            Kind::Learned | Kind::Ours => {}
        });
    }

    /// The identities that one of our sentences can contain outside the quotes that may name the user: whole addresses,
    /// and the names that are in what was learned. Any other match is a word of ours that happens to be a name. If a
    /// server says such a word too, ours is masked as well: better to mask a word too many than to show a name.
    fn in_sentences(&self, report: &mut Value) -> Concealer {
        let mut is_learned: Vec<bool> = self.telling.iter().map(|(identity, _)| identity.contains('@')).collect();
        let addresses = self.telling.iter().filter(|(identity, _)| identity.contains('@'));
        let addresses = addresses.fold(Concealer::default(), |all, (address, _)| all.word(address, &mask(address)));
        texts::each(report, |place, text| {
            if of_report(place) == Kind::Learned && !is_given(place) {
                let text = addresses.text(text);
                for ((_, concealer), is_learned) in self.telling.iter().zip(&mut is_learned) {
                    *is_learned = *is_learned || concealer.text(&text) != text;
                }
            }
        });
        let learned = self.telling.iter().zip(is_learned).filter(|(_, is_learned)| *is_learned);
        learned.fold(Concealer::default(), |all, ((identity, _), _)| all.identity(identity, &mask(identity)))
    }
}

/// Restores our own texts at their places.
fn put_back(report: &mut Value, of_ours: Vec<String>) {
    let mut of_ours = of_ours.into_iter();
    texts::each(report, |place, text| {
        if of_report(place) != Kind::Learned {
            *text = of_ours.next().unwrap_or_default();
        }
    });
}

/// Replaces what identifies the account wherever it is found.
pub(super) fn telling_ones(plan: &Plan, replaced: fn(&str) -> String) -> Concealer {
    concealer(identities(plan).into_iter().filter(|identity| is_telling(identity, plan)), replaced)
}

/// Replaces the names that are ordinary words as well.
pub(super) fn every_one(plan: &Plan, replaced: fn(&str) -> String) -> Concealer {
    concealer(identities(plan).into_iter(), replaced)
}

fn concealer(identities: impl Iterator<Item = String>, replaced: fn(&str) -> String) -> Concealer {
    identities.fold(Concealer::default(), |all, identity| all.identity(&identity, &replaced(&identity)))
}

/// Every text that identifies the account, the longest first: an address before the name in it.
fn identities(plan: &Plan) -> Vec<String> {
    let given = [&plan.email, &plan.imap.login, &plan.smtp.login, &plan.from];
    let mut identities: Vec<String> = given.into_iter().flatten().cloned().collect();
    let names = identities.iter().filter_map(|text| text.split_once('@')).map(|(name, _)| name.to_owned());
    identities.extend(names.collect::<Vec<_>>());
    identities.sort_by_key(|text| std::cmp::Reverse(text.len()));
    identities.dedup();
    identities
}

/// Whether a text identifies the account wherever it is found: an address, or a name that is not an ordinary word.
fn is_telling(identity: &str, plan: &Plan) -> bool {
    let is_of_a_server =
        || asked(plan).iter().flat_map(|name| name.split('.')).any(|label| label.eq_ignore_ascii_case(identity));
    identity.contains('@') || (identity.chars().count() > 2 && !is_ordinary(identity) && !is_of_a_server())
}

/// The first letter and the domain.
pub(crate) fn mask(identity: &str) -> String {
    let first: String = identity.chars().take(1).collect();
    match identity.split_once('@') {
        Some((_, domain)) => format!("{first}…@{domain}"),
        None => format!("{first}…"),
    }
}

/// An invented identity.
pub(super) fn stand_in(identity: &str) -> String {
    match identity.split_once('@') {
        Some((_, domain)) => format!("you@{domain}"),
        None => "you".to_owned(),
    }
}
