//! The names in a run: a whole address is replaced everywhere, and so is the name in it. If the name is an ordinary
//! word, `imap` or `mail`, it is replaced only where a server or a person may have used it as a name.

use std::borrow::Cow;

use checks::conceal::{Concealer, is_ordinary};
use checks::plan::Plan;
use checks::secret::HIDDEN;
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
    /// Every one, where it is a word.
    words: Concealer,
}

impl Names {
    pub(super) fn of(plan: &Plan) -> Self {
        let telling = identities(plan).into_iter().filter(|identity| is_telling(identity, plan));
        Self {
            telling: telling
                .map(|identity| {
                    let concealer = Concealer::default().word(&identity, &mask(&identity));
                    (identity, concealer)
                })
                .collect(),
            all_telling: telling_ones(plan, mask),
            words: identities(plan).iter().fold(Concealer::default(), |all, name| all.word(name, &mask(name))),
        }
    }

    /// Masks them in what servers said, which is compared as one conversation; returns whether it had any in an encoding.
    pub(super) fn leave_talk(&self, lines: Vec<&mut String>) -> bool {
        let mut said: Vec<String> = lines.iter().map(|line| (**line).clone()).collect();
        let is_changed = self.all_telling.lines(&mut said);
        let is_encoded = said.iter().zip(is_changed).any(|(line, is_changed)| is_changed && line.contains(HIDDEN));
        lines.into_iter().zip(said).for_each(|(line, shown)| *line = shown);
        is_encoded
    }

    /// Masks them in a report, in which a conversation may have had them in an encoding.
    pub(super) fn leave(&self, report: &mut Value, is_encoded: bool) {
        let is_learned = self.learned(report);
        let mut of_ours = Vec::new();
        texts::each(report, |place, text| {
            if of_report(place) != Kind::Learned {
                of_ours.push(std::mem::take(text));
            }
        });
        let is_found = self.all_telling.value(report, |report| {
            swap(report, &mut of_ours);
            let can_be_read = Draft::can_be_read(report);
            swap(report, &mut of_ours);
            can_be_read
        });
        swap(report, &mut of_ours);
        let in_sentences = self.in_sentences(&is_learned, is_encoded || is_found);
        texts::each(report, |place, text| match of_report(place) {
            Kind::Sentence => {
                *text = quoted::masked(text, |part, may_name| match may_name {
                    true => in_sentences.text(&self.words.text(part)).into_owned(),
                    false => in_sentences.text(part).into_owned(),
                });
            }
            Kind::Learned if may_name(place) => {
                if let Cow::Owned(masked) = self.words.text(text) {
                    *text = masked;
                }
            }
            Kind::Learned | Kind::Ours => {}
        });
    }

    /// Which identities one of our sentences can contain outside the quotes that may name the user: whole addresses, and
    /// the names that are in what was learned. Any other match is a word of ours that happens to be a name. If a server
    /// says such a word too, ours is masked as well: better to mask a word too many than to show a name.
    fn learned(&self, report: &mut Value) -> Vec<bool> {
        let mut is_learned: Vec<bool> = self.telling.iter().map(|(identity, _)| identity.contains('@')).collect();
        let addresses = self.telling.iter().filter(|(identity, _)| identity.contains('@'));
        let addresses = addresses.fold(Concealer::default(), |all, (address, _)| all.word(address, &mask(address)));
        texts::each(report, |place, text| {
            if of_report(place) == Kind::Learned && !is_given(place) {
                let text = addresses.text(text);
                for ((_, concealer), is_learned) in self.telling.iter().zip(&mut is_learned) {
                    *is_learned = *is_learned || matches!(concealer.text(&text), Cow::Owned(_));
                }
            }
        });
        is_learned
    }

    /// Masks those that are learned; in encodings only if what was learned has any.
    fn in_sentences(&self, is_learned: &[bool], is_encoded: bool) -> Concealer {
        let learned = self.telling.iter().zip(is_learned).filter(|(_, is_learned)| **is_learned);
        learned.fold(Concealer::default(), |all, ((identity, _), _)| match is_encoded {
            true => all.identity(identity, &mask(identity)),
            false => all.word(identity, &mask(identity)),
        })
    }
}

/// Puts our own texts at their places, or takes them away again.
fn swap(report: &mut Value, of_ours: &mut [String]) {
    let mut of_ours = of_ours.iter_mut();
    texts::each(report, |place, text| {
        if of_report(place) != Kind::Learned
            && let Some(ours) = of_ours.next()
        {
            std::mem::swap(text, ours);
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
