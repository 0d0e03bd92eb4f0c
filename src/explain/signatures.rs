//! The signatures: which words of which program mean what, and which causes that leaves, as `signatures.toml` has it.

use std::collections::BTreeMap;
use std::ops::Range;

use checks::questions::Question;
use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

use super::reply;
use super::servers::Servers;

const FILE: &str = include_str!("signatures.toml");

/// How likely each cause is, from 1 to 100.
pub(super) type Weights = BTreeMap<String, u32>;

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    meaning: BTreeMap<String, Meaning>,
    sign: Vec<Sign>,
}

/// What words may say, and the causes that it leaves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meaning {
    check: Question,
    causes: Weights,
    /// Other weights where other words stand nearby; the first that holds counts.
    #[serde(default)]
    when: Vec<When>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct When {
    with: String,
    without: Option<String>,
    causes: Weights,
}

/// The words of a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sign {
    pub(super) means: String,
    words: String,
    /// Whether it counts in a text of a few sentences only.
    #[serde(default)]
    pub(super) brief: bool,
    /// Who writes so, as the beginning of a sentence that the excerpt ends.
    told_by: String,
    /// What must stand nearby too.
    with: Option<String>,
    /// What must not stand nearby.
    without: Option<String>,
    check: Option<Question>,
    /// Where these words and their meaning were found; read by people and by the tests.
    #[allow(dead_code, reason = "kept for whoever doubts a signature")]
    source: String,
}

impl Hit<'_> {
    /// What the sign gives a cause: less where it is a person who says so, and never much where nobody knows which
    /// server it is.
    pub(super) fn weight(&self, of: u32) -> u32 {
        let weight = if self.sign.brief { of * 3 / 4 } else { of };
        if self.is_doubtful { weight.min(DOUBTFUL) } else { weight }
    }

    /// Who says it, as the beginning of a sentence.
    pub(super) fn told_by(&self) -> &str {
        if self.is_doubtful { "a server that is not known as iCloud's says" } else { &self.sign.told_by }
    }
}

/// A sign that was found in a text.
pub(super) struct Hit<'b> {
    pub(super) sign: &'b Sign,
    pub(super) check: Question,
    pub(super) weights: &'b Weights,
    /// Where its words stand.
    pub(super) place: Range<usize>,
    /// Whether nobody knows whose server says them.
    is_doubtful: bool,
}

/// The most that the words of an unknown server give a cause: they leave it possible.
const DOUBTFUL: u32 = 59;

/// All signatures, ready to be held against a text.
pub(super) struct Signatures {
    book: Book,
    /// The pattern of each sign, in their order. One by one, since one automaton for all of them outgrows any memory.
    each: Vec<Regex>,
}

/// How far away other words still belong to those that were found, in bytes: a pasted configuration, not a whole log.
const NEARBY: usize = 4000;

/// A longer text than this, in bytes, is a log or a configuration and no longer what a person says.
const FEW_SENTENCES: usize = 400;

impl Signatures {
    /// Reads the file that is part of the program. Tests hold that it can be read.
    pub(super) fn read() -> Self {
        #[allow(clippy::expect_used, reason = "the file is part of the program, and every test reads it")]
        let book: Book = toml::from_str(FILE).expect("signatures.toml can be read");
        let each = book.sign.iter().map(|sign| compiled(&pattern(&sign.words))).collect();
        Self { book, each }
    }

    /// The signs that are found, in the order of the file; each counts once, where it stands first, and not where
    /// another provider's server answers.
    pub(super) fn found_in(&self, text: &str, servers: &Servers) -> Vec<Hit<'_>> {
        let signs = self.book.sign.iter().zip(&self.each);
        signs.filter_map(|(sign, words)| self.hit(sign, words, text, servers)).collect()
    }

    fn hit<'b>(&'b self, sign: &'b Sign, words: &Regex, text: &str, servers: &Servers) -> Option<Hit<'b>> {
        if sign.brief && text.trim().len() > FEW_SENTENCES {
            return None;
        }
        let places = words.find_iter(text.as_bytes()).map(|found| found.range());
        let mut places = places
            .filter(|place| counts(text, place, servers))
            .map(|place| (servers.is_doubtful(text, place.start), place));
        let first = places.next()?;
        let (is_doubtful, place) = match first.0 {
            true => places.find(|(is_doubtful, _)| !is_doubtful).unwrap_or(first),
            false => first,
        };
        let begin = text.floor_char_boundary(place.start.saturating_sub(NEARBY));
        let nearby = &text.as_bytes()[begin..(place.end + NEARBY).min(text.len())];
        let stands_nearby = |words: &str| {
            let words = compiled(&pattern(words));
            words.find_iter(nearby).any(|found| counts(text, &(begin + found.start()..begin + found.end()), servers))
        };
        let holds = |with: Option<&str>, without: Option<&str>| {
            with.is_none_or(stands_nearby) && !without.is_some_and(stands_nearby)
        };
        if !holds(sign.with.as_deref(), sign.without.as_deref()) {
            return None;
        }
        let meaning = self.book.meaning.get(&sign.means)?;
        let when = meaning.when.iter().find(|when| holds(Some(&when.with), when.without.as_deref()));
        let weights = when.map_or(&meaning.causes, |when| &when.causes);
        Some(Hit { sign, check: sign.check.unwrap_or(meaning.check), weights, place, is_doubtful })
    }
}

/// Whether words are about the account at iCloud, and no number of something else.
fn counts(text: &str, place: &Range<usize>, servers: &Servers) -> bool {
    reply::is_none_or_real(text, place) && !servers.is_elsewhere(text, place.start)
}

fn compiled(pattern: &str) -> Regex {
    #[allow(clippy::expect_used, reason = "the file is part of the program, and a test compiles every pattern")]
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .multi_line(true)
        .unicode(false)
        .build()
        .expect("the words of a condition are a pattern")
}

/// The words as a regular expression: a blank stands for any run of blanks and line breaks.
fn pattern(words: &str) -> String {
    let mut pattern = String::with_capacity(words.len() + 16);
    let (mut is_escaped, mut is_class) = (false, false);
    let mut characters = words.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' if is_class => pattern.push_str(r"\s"),
            ' ' if characters.next_if(|next| matches!(next, '?' | '*')).is_some() => pattern.push_str(r"\s*"),
            ' ' => pattern.push_str(r"\s+"),
            other => pattern.push(other),
        }
        if !is_escaped {
            match character {
                '[' => is_class = true,
                ']' => is_class = false,
                _ => {}
            }
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::CAUSES;

    fn book() -> Book {
        toml::from_str(FILE).unwrap()
    }

    #[test]
    fn a_blank_is_any_run_of_blanks() {
        assert_eq!(pattern(r"no route[ -]to \[x y ?z"), r"no\s+route[\s-]to\s+\[x\s+y\s*z");
    }

    #[test]
    fn every_pattern_compiles_and_every_condition_is_read() {
        let book = book();
        for sign in &book.sign {
            for words in [Some(&sign.words), sign.with.as_ref(), sign.without.as_ref()].into_iter().flatten() {
                compiled(&pattern(words));
            }
            assert!(!sign.source.is_empty() && !sign.told_by.is_empty(), "{}: {}", sign.means, sign.words);
            assert!(book.meaning.contains_key(&sign.means), "no meaning {}", sign.means);
        }
        for when in book.meaning.values().flat_map(|meaning| &meaning.when) {
            for words in [Some(&when.with), when.without.as_ref()].into_iter().flatten() {
                compiled(&pattern(words));
            }
        }
    }

    #[test]
    fn every_meaning_is_used_and_every_cause_exists_and_can_be_reached() {
        let book = book();
        let mut reached: Vec<&str> = Vec::new();
        for (name, meaning) in &book.meaning {
            assert!(book.sign.iter().any(|sign| sign.means == *name), "nothing means {name}");
            for weights in meaning.when.iter().map(|when| &when.causes).chain([&meaning.causes]) {
                for (cause, weight) in weights {
                    assert!(CAUSES.iter().any(|known| known.id == cause), "{name}: no cause {cause}");
                    assert!((1..=100).contains(weight), "{name}: {cause}");
                    reached.push(cause);
                }
            }
        }
        for cause in CAUSES.iter().filter(|cause| cause.id != crate::diagnosis::UNEXPLAINED) {
            assert!(reached.contains(&cause.id), "no text leads to {}", cause.id);
        }
    }

    #[test]
    fn every_sign_is_found_in_a_text_of_the_tests() {
        let texts: Vec<String> = ["corpus.toml", "incidents.toml"]
            .iter()
            .flat_map(|name| {
                let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain").join(name);
                let table: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
                let rows = table.into_iter().flat_map(|(_, rows)| rows.as_array().unwrap().clone());
                rows.map(|row| row["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
            })
            .collect();
        let signatures = Signatures::read();
        let found: Vec<Vec<&Sign>> = texts
            .iter()
            .map(|text| signatures.found_in(text, &Servers::of(text)).into_iter().map(|hit| hit.sign).collect())
            .collect();
        let missed: Vec<&str> = signatures
            .book
            .sign
            .iter()
            .filter(|sign| !found.iter().flatten().any(|found| std::ptr::eq(*found, *sign)))
            .map(|sign| sign.words.as_str())
            .collect();
        assert!(missed.is_empty(), "{} signs are in no text:\n{}", missed.len(), missed.join("\n"));
    }
}
