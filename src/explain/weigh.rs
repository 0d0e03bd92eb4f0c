//! From the signs in a text to the causes that fit.
//!
//! Each sign has a meaning, and each meaning gives weights to causes; a meaning counts once however often it is said, so
//! that a long log is no louder than a short one. A cause's strongest meaning decides, and each further one adds a tenth
//! of its weight, nine at most: a specific line outranks any number of general ones, and among general ones the cause
//! that fits most of them wins. A cause is told if it comes near the best, five at most. Only what leaves no other cause
//! (95 and more) is called certain; from 60 on it is likely.

use std::collections::BTreeMap;

use super::excerpt;
use super::redact::redacted;
use super::signatures::{Hit, Signatures};
use crate::diagnosis::{CAUSES, Diagnosis, Seen, Severity, Sure};

const CERTAIN: u32 = 95;
const LIKELY: u32 = 60;
/// What further meanings can add, so that they never make up for a specific one.
const MOST_ADDED: u32 = 9;
/// A cause below this share of the best one's weight, in percent, is not told.
const NEAR: u32 = 40;
const MOST_CAUSES: usize = 5;
const MOST_REASONS: usize = 3;

const WOULD_DECIDE: &str =
    "Run `icloud-mail-doctor check you@icloud.com`: it asks the servers themselves and tells these causes apart.";

/// What speaks for a cause: the weight that each meaning gives it, and the signs with that meaning.
#[derive(Default)]
struct Scale<'b> {
    weights: BTreeMap<&'b str, u32>,
    hits: Vec<(u32, &'b Hit<'b>)>,
}

/// The causes that fit the text, the likeliest first.
pub(super) fn causes(text: &str) -> Vec<Diagnosis> {
    let signatures = Signatures::read();
    let hits = signatures.found_in(text);
    let mut scales: BTreeMap<usize, Scale> = BTreeMap::new();
    for hit in &hits {
        for (cause, weight) in hit.weights {
            let weight = hit.weight(*weight);
            let Some(row) = CAUSES.iter().position(|known| known.id == cause) else { continue };
            let scale = scales.entry(row).or_default();
            let known = scale.weights.entry(&hit.sign.means).or_default();
            *known = (*known).max(weight);
            scale.hits.push((weight, hit));
        }
    }
    let mut ranked: Vec<(u32, usize, Scale)> =
        scales.into_iter().map(|(row, scale)| (scale.score(), row, scale)).collect();
    ranked.sort_by_key(|(score, row, _)| (std::cmp::Reverse(*score), *row));
    let best = ranked.first().map_or(0, |(score, ..)| *score);
    ranked.retain(|(score, ..)| score * 100 >= best * NEAR);
    ranked.truncate(MOST_CAUSES);
    if ranked.is_empty() {
        return vec![];
    }
    let shown = redacted(text);
    ranked.into_iter().map(|(_, row, scale)| scale.diagnosis(row, text, &shown)).collect()
}

impl Scale<'_> {
    fn strongest(&self) -> u32 {
        self.weights.values().copied().max().unwrap_or(0)
    }

    fn score(&self) -> u32 {
        let strongest = self.strongest();
        let others = self.weights.values().sum::<u32>() - strongest;
        strongest * 10 + (others).min(MOST_ADDED * 10)
    }

    fn diagnosis(mut self, row: usize, text: &str, shown: &str) -> Diagnosis {
        let sure = match self.strongest() {
            CERTAIN.. => Sure::Certain,
            LIKELY.. => Sure::Likely,
            _ => Sure::Possible,
        };
        self.hits.sort_by_key(|(weight, hit)| (std::cmp::Reverse(*weight), hit.place.start));
        let mut because: Vec<Seen> = Vec::new();
        let mut lines = Vec::new();
        for (_, hit) in self.hits {
            let line = excerpt::line(text, hit.place.start);
            if because.len() < MOST_REASONS && !lines.contains(&line) {
                lines.push(line);
                let saw = format!("{}: {}", hit.sign.told_by, excerpt::around(text, shown, &hit.place));
                because.push(Seen { check: hit.check, saw });
            }
        }
        Diagnosis {
            cause: CAUSES[row].id,
            severity: Severity::Trouble,
            sure,
            because,
            against: vec![],
            would_decide: (sure != Sure::Certain).then_some(WOULD_DECIDE),
        }
    }
}
