//! From the signs in a text to the causes that fit.
//!
//! Each sign has a meaning, and each meaning gives weights to causes. A meaning counts once however often it appears,
//! so that a long log does not count for more than a short one. The strongest meaning of a cause decides, and each
//! further one adds a tenth of its weight, nine at most: one specific line outranks any number of general ones, and
//! among general ones the cause that fits most of them wins. At most five causes are reported, those that come near the
//! best. A cause is certain only if the text leaves no other one (95 and more); from 60 on it is likely.

use std::borrow::Cow;
use std::collections::BTreeMap;

use checks::questions::Question;

use super::at_times;
use super::excerpt;
use super::log::Gap;
use super::not_mail;
use super::road::Reached;
use super::scene::Scene;
use super::servers::Servers;
use super::settings::Settings;
use super::signatures::{CERTAIN, Hit, Signatures};
use crate::diagnosis::{CAUSES, Diagnosis, Saw, Seen, SeenIn, Severity, Sure, WouldDecide};

const LIKELY: u32 = 60;
/// The weight of what may also be wrong.
const POSSIBLE: u32 = 30;
/// The most that further meanings can add, so that they never outweigh a specific one.
const MOST_ADDED: u32 = 9;
/// A cause with less than this share of the best one's weight, in percent, is not reported.
const NEAR: u32 = 40;
const MOST_CAUSES: usize = 5;
const MOST_REASONS: usize = 3;
/// The cause of what iCloud answers to others.
pub(super) const REFUSED_BY_ICLOUD: &str = "refused-by-icloud";

/// A mistake with which mail works all the same: where the text says that something fails, it is not the reason.
const WORKS_ALL_THE_SAME: &str = "certificate-not-verified";

/// What supports a cause: the weight that each meaning gives it, and the signs with that meaning.
#[derive(Default)]
struct Scale<'b> {
    weights: BTreeMap<&'b str, u32>,
    hits: Vec<(u32, &'b Hit<'b>)>,
}

/// What a text points to.
#[derive(Default)]
pub(super) struct Weighed {
    /// The causes that fit, the most likely first.
    pub(super) causes: Vec<Diagnosis>,
    /// The servers of other providers that the text names.
    pub(super) others: Vec<String>,
    /// Whether it names nothing of Apple's besides them, so that all of it is about them.
    pub(super) is_elsewhere: bool,
    /// Whether lines are about mail that others deliver to iCloud, and no cause is about it.
    pub(super) has_delivery: bool,
    /// What the text says of a mail program's settings.
    pub(super) settings: Settings,
}

/// A setting that keeps a program from the server's name.
const CUTS_THE_NAME: &str = "marks-in-an-address";
/// A mail server's own way to iCloud is closed.
const NOT_DELIVERED: &str = "delivery-not-connected";
/// What a check cannot see: it sends no message, and asks no port of mail servers.
const NOT_SEEN: [&str; 3] = ["too-large", "recipient-refused", NOT_DELIVERED];

/// Weighs a text, parts of which may have been left out.
pub(super) fn weigh(text: &str, gap: Option<Gap>) -> Weighed {
    let text = &*plain_spaces(text);
    if not_mail::is_web_sign_in(text) {
        return Weighed::default();
    }
    let servers = Servers::of(text);
    let (others, is_elsewhere) = (servers.others().to_vec(), servers.are_others_alone());
    if is_elsewhere {
        return Weighed { others, is_elsewhere, ..Weighed::default() };
    }
    let signatures = Signatures::once();
    let hits = signatures.found_in(text, &servers);
    let causes: Vec<Diagnosis> =
        ranked(&hits, text).into_iter().map(|(row, scale)| scale.diagnosis(row, text, gap)).collect();
    let is_explained = causes.iter().any(|found| found.cause == REFUSED_BY_ICLOUD)
        || hits.iter().any(|hit| hit.sign.means == NOT_DELIVERED);
    let has_delivery = servers.has_delivery() && !is_explained;
    Weighed { causes, others, is_elsewhere, has_delivery, settings: Settings::of(text, &servers) }
}

/// The text with usual spaces in the place of those that do not break and of wide ones, at the same places.
fn plain_spaces(text: &str) -> Cow<'_, str> {
    const SPACES: [char; 4] = ['\u{a0}', '\u{202f}', '\u{2009}', '\u{3000}'];
    if !text.contains(SPACES) {
        return Cow::Borrowed(text);
    }
    let plain =
        |letter: char| if SPACES.contains(&letter) { " ".repeat(letter.len_utf8()) } else { letter.to_string() };
    Cow::Owned(text.chars().map(plain).collect())
}

/// The rows of the causes that are reported, each with what supports it.
fn ranked<'b>(hits: &'b [Hit<'b>], text: &str) -> Vec<(usize, Scale<'b>)> {
    let mut scales: BTreeMap<usize, Scale> = BTreeMap::new();
    let (reached, scene) = (Reached::of(hits, text), Scene::of(text));
    let works_at_times = at_times::works(text);
    for hit in hits {
        for (cause, weight) in hit.weights {
            let Some(row) = CAUSES.iter().position(|known| known.id == cause) else { continue };
            if reached.rules_out(cause, hit, text) {
                continue;
            }
            let is_over = works_at_times && hit.is_general() && at_times::lasts(cause);
            if is_over || scene.is_of_other_page(cause) || reached.is_unheard(cause, hit, text) {
                continue;
            }
            let weight = reached.weight(hit.weight(*weight), hit, text);
            let is_ruled_out = reached.failed_elsewhere(cause, hit, text) || scene.is_of_other_side(cause);
            // What is said of a cause itself is believed; what only may be is left out.
            if weight < LIKELY && is_ruled_out {
                continue;
            }
            // A setting is no symptom, and least of all of a talk that did not come so far.
            let is_beside = is_ruled_out && hit.check == Question::Settings && hit.sign.means != CUTS_THE_NAME;
            let weight = if is_beside { weight.min(POSSIBLE) } else { weight };
            let scale = scales.entry(row).or_default();
            let known = scale.weights.entry(&hit.sign.means).or_default();
            *known = (*known).max(weight);
            scale.hits.push((weight, hit));
        }
    }
    let mut ranked: Vec<(usize, Scale)> = scales.into_iter().collect();
    let says_what_fails =
        |scale: &Scale| scale.hits.iter().any(|(_, hit)| !hit.sign.brief && hit.check != Question::Settings);
    let has_failed = ranked.iter().any(|(_, scale)| says_what_fails(scale));
    let is_beside = |row: usize| has_failed && CAUSES[row].id == WORKS_ALL_THE_SAME;
    ranked.sort_by_key(|(row, scale)| (is_beside(*row), std::cmp::Reverse(scale.score()), *row));
    let best = ranked.first().map_or(0, |(_, scale)| scale.score());
    ranked.retain(|(_, scale)| scale.score() * 100 >= best * NEAR);
    ranked.truncate(MOST_CAUSES);
    ranked
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

    fn diagnosis(mut self, row: usize, text: &str, gap: Option<Gap>) -> Diagnosis {
        let sure = match self.strongest() {
            CERTAIN.. => Sure::Certain,
            LIKELY.. => Sure::Likely,
            _ => Sure::Possible,
        };
        let is_seen_by_nobody = self.hits.iter().all(|(_, hit)| NOT_SEEN.contains(&hit.sign.means.as_str()));
        self.hits.sort_by_key(|(weight, hit)| (std::cmp::Reverse(*weight), hit.place.start));
        let mut because: Vec<Seen> = Vec::new();
        let mut lines = Vec::new();
        for (_, hit) in self.hits {
            let line = excerpt::line(text, hit.place.start);
            if because.len() < MOST_REASONS && !lines.contains(&line) {
                lines.push(line);
                let (told_by, line) = (hit.told_by().to_owned(), excerpt::around(text, &hit.place, gap));
                because.push(Seen::new(hit.check, Saw::Pasted { told_by, line }));
            }
        }
        Diagnosis {
            cause: CAUSES[row].id,
            about: Vec::new(),
            severity: Severity::Trouble,
            sure,
            because,
            against: vec![],
            would_decide: (sure != Sure::Certain && !is_seen_by_nobody).then_some(match CAUSES[row].unchecked() {
                Some(SeenIn::Text) => WouldDecide::WholeAnswer,
                _ => WouldDecide::Check,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Corpus {
        line: Vec<Line>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        text: String,
        /// Which language it is in, if that is not English.
        #[serde(default)]
        language: String,
        /// One of these comes first.
        #[serde(default)]
        first: Vec<String>,
        /// One of these is among the first three.
        #[serde(default)]
        among: Vec<String>,
        /// None of these is reported, although it is near.
        #[serde(default)]
        not: Vec<String>,
        #[serde(default)]
        source: String,
    }

    #[test]
    fn a_text_of_the_corpus_is_taken_for_what_it_is() {
        let corpus: Corpus = toml::from_str(include_str!("../../tests/explain/corpus.toml")).unwrap();
        let signatures = Signatures::read();
        let mut wrong = Vec::new();
        for line in &corpus.line {
            assert!(!line.source.is_empty() && line.first.is_empty() != line.among.is_empty(), "{}", line.text);
            let hits = signatures.found_in(&line.text, &Servers::of(&line.text));
            let found: Vec<&str> = ranked(&hits, &line.text).iter().map(|(row, _)| CAUSES[*row].id).collect();
            let is_right = match line.first.is_empty() {
                true => found.iter().take(3).any(|cause| line.among.iter().any(|wanted| wanted == cause)),
                false => found.first().is_some_and(|cause| line.first.iter().any(|wanted| wanted == cause)),
            };
            let is_near_miss = found.iter().any(|cause| line.not.iter().any(|near| near == cause));
            if !is_right || is_near_miss {
                wrong.push(format!("{:?}: {found:?} and not {:?}{:?}", line.text, line.first, line.among));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), corpus.line.len(), wrong.join("\n"));
    }

    #[test]
    fn what_is_said_in_another_language_is_understood() {
        let spoken: Corpus = toml::from_str(include_str!("../../tests/explain/languages.toml")).unwrap();
        let (mut languages, mut wrong) = (BTreeMap::<&str, u32>::new(), Vec::new());
        for Line { language, text, first, .. } in &spoken.line {
            *languages.entry(language).or_default() += 1;
            let found: Vec<_> = weigh(text, None).causes.iter().map(|found| (found.cause, found.sure)).collect();
            if !found.first().is_some_and(|(cause, _)| first.iter().any(|wanted| wanted == cause)) {
                wrong.push(format!("{language}: {text:?}: {found:?}"));
            }
        }
        assert!(languages.len() == 19 && languages.values().all(|lines| *lines > 4), "{languages:?}");
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), spoken.line.len(), wrong.join("\n"));
    }

    #[test]
    fn what_no_check_sees_has_a_text_and_a_near_miss() {
        let corpus: Corpus = toml::from_str(include_str!("../../tests/explain/corpus.toml")).unwrap();
        for cause in CAUSES.iter().filter(|cause| cause.unchecked() == Some(SeenIn::Text)) {
            let names = |those: &[String]| those.iter().any(|name| name == cause.id);
            assert!(corpus.line.iter().any(|line| names(&line.first)), "{}: no text", cause.id);
            assert!(corpus.line.iter().any(|line| names(&line.not)), "{}: no near miss", cause.id);
        }
    }

    #[test]
    fn a_specific_line_outranks_any_number_of_general_ones() {
        let signatures = Signatures::read();
        let general = "connection timed out\nauthentication failed\nconnection refused\nread ECONNRESET\n".repeat(50);
        let text = format!("{general}550 5.7.0 From address is not one of your addresses\n{general}");
        let hits = signatures.found_in(&text, &Servers::of(&text));
        assert_eq!(CAUSES[ranked(&hits, &text)[0].0].id, "sender-not-owned");
    }
}
