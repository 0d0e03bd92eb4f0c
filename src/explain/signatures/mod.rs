//! The signatures: finds the signs of `book.rs` in a text.

mod book;
#[cfg(test)]
mod literals;
mod required;
mod sentences;
mod spelling;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use checks::questions::Question;
use regex_automata::Input;
use regex_automata::meta::Regex;

use super::advice::Advice;
use super::configured::Configured;
use super::delivery;
use super::reply;
use super::servers::Servers;
use crate::pattern::searched;
use book::{Book, Weights};
pub(super) use book::{Sign, Step};
use required::{Required, Threes};
use sentences::Sentences;
use spelling::{alternatives, pattern};

impl Hit<'_> {
    /// Returns the weight that the sign gives a cause: less if a person says so, and never much if the server's
    /// provider is not known.
    pub(super) fn weight(&self, of: u32) -> u32 {
        let weight = if self.sign.brief { of * 3 / 4 } else { of };
        let weight = if self.is_in_passing && weight < CERTAIN { weight.min(IN_PASSING) } else { weight };
        if self.is_doubtful { weight.min(DOUBTFUL) } else { weight }
    }

    /// Whether its words are no library's or system's own for the step that failed.
    pub(super) fn is_general(&self) -> bool {
        self.stopped.is_none() || self.sign.brief
    }

    /// Returns which program says it, as the beginning of a sentence.
    pub(super) fn told_by(&self) -> &str {
        if self.is_doubtful { "a server that is not known as iCloud's says" } else { &self.sign.told_by }
    }
}

/// A sign that was found in a text.
pub(super) struct Hit<'b> {
    pub(super) sign: &'b Sign,
    pub(super) check: Question,
    pub(super) weights: &'b Weights,
    /// Where its words are.
    pub(super) place: Range<usize>,
    /// The step at which the conversation failed.
    pub(super) stopped: Option<Step>,
    /// Whether a person says them, and much else: what somebody guesses or has tried is then taken for what is wrong too
    /// easily.
    is_in_passing: bool,
    /// Whether the server that says them belongs to an unknown provider.
    is_doubtful: bool,
}

/// The highest weight from the words of an unknown server: below the limit for likely.
const DOUBTFUL: u32 = 59;

/// All signatures.
pub(super) struct Signatures {
    book: Book,
    /// The patterns of each sign, in order.
    each: Vec<Vec<Pattern>>,
    /// What was needed so far: one by one, because one automaton for all of it needs too much memory, and late, because
    /// compiling all of it takes longer than anything else.
    compiled: Mutex<BTreeMap<String, Arc<Regex>>>,
}

/// The words of a sign, and what each of their alternatives cannot do without.
struct Pattern {
    words: String,
    required: Vec<Required>,
}

impl Pattern {
    /// The alternatives that may be in a text, as a pattern.
    fn narrowed(&self, threes: &Threes) -> Option<String> {
        let may_be: Vec<bool> = self.required.iter().map(|required| required.may_be_in(threes)).collect();
        let alternatives = || alternatives(&self.words).into_iter().zip(&may_be).filter(|(_, may_be)| **may_be);
        may_be.contains(&true).then(|| alternatives().map(|(words, _)| words).collect::<Vec<_>>().join("|"))
    }
}

/// How far away other words may be and still belong to those that were found, in bytes: a configuration, not a whole
/// log.
const NEARBY: usize = 4000;

/// A longer text, in bytes, is a log or a configuration and not a person's own words.
const FEW_SENTENCES: usize = 400;

/// Who says what a person writes in their own words.
const PERSON: &str = "the text says";

/// The most that this weighs among much else: never likely.
const IN_PASSING: u32 = 57;

/// From here on a sign leaves no other cause.
pub(super) const CERTAIN: u32 = 95;

impl Signatures {
    pub(super) fn read() -> Self {
        let book = Book::read();
        let mut required = book::required().into_iter();
        let mut patterns = |sign| {
            let patterns = book.patterns(sign).into_iter();
            // A test holds that there are as many.
            patterns.map(|words| Pattern { words, required: required.next().unwrap_or_default() }).collect()
        };
        let each = book.sign.iter().map(&mut patterns).collect();
        Self { book, each, compiled: Mutex::default() }
    }

    /// The same for every text: the page for a browser explains many.
    pub(super) fn once() -> &'static Self {
        static READ: OnceLock<Signatures> = OnceLock::new();
        READ.get_or_init(Self::read)
    }

    /// A pattern, compiled once: signs share their conditions, and a text has many signs.
    fn compiled(&self, words: &str) -> Arc<Regex> {
        let mut known = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.entry(words.to_owned());
        Arc::clone(known.or_insert_with(|| Arc::new(compiled(&pattern(&self.book.written_out(words))))))
    }

    /// The places of a sign's words in a text, each looked for only when it is wanted.
    fn places<'t>(
        &self,
        words: &Pattern,
        text: &'t str,
        threes: &Threes,
    ) -> impl Iterator<Item = Range<usize>> + use<'t> {
        let words = words.narrowed(threes).map(|words| self.compiled(&words));
        let mut begin = 0;
        std::iter::from_fn(move || {
            let found = words.as_ref()?.find(Input::new(text).range(begin..)).filter(|found| !found.is_empty())?;
            begin = found.end();
            Some(found.range())
        })
    }

    /// Whether a condition of the book is anywhere in a text.
    pub(super) fn says(&self, condition: &str, text: &str) -> bool {
        self.compiled(condition).is_match(text.as_bytes())
    }

    /// The signs that are found, in the order of the book. Each counts once, at its first place, and not where another
    /// provider's server answers.
    pub(super) fn found_in(&self, text: &str, servers: &Servers) -> Vec<Hit<'_>> {
        let signs = self.book.sign.iter().zip(&self.each);
        let sentences = Sentences::of(text, servers);
        let (advice, configured, threes) = (Advice::of(text), Configured::of(text), Threes::of(text));
        let hit = |(sign, patterns): (_, &Vec<Pattern>)| {
            let places = || patterns.iter().flat_map(|words| self.places(words, text, &threes));
            self.hit(sign, places, text, servers, (&sentences, &advice, &configured))
        };
        signs.filter_map(hit).collect()
    }

    /// Whether the table of servers' sentences reads another meaning in the one at this place: it sees the whole of it.
    fn is_overruled(&self, sign: &Sign, place: usize, sentences: &Sentences) -> bool {
        let of_servers =
            || self.book.sign.iter().filter(|known| known.means == sign.means).filter_map(|known| known.heard);
        let leaves_no_other = || self.book.meaning.get(&sign.means).is_some_and(book::Meaning::is_certain);
        let differs = |meaning| of_servers().next().is_some() && of_servers().all(|known| known != meaning);
        sentences.at(place).is_some_and(|meaning| differs(meaning) && !leaves_no_other())
    }

    fn hit<'b, P: Iterator<Item = Range<usize>>>(
        &'b self,
        sign: &'b Sign,
        places: impl FnOnce() -> P,
        text: &str,
        servers: &Servers,
        (sentences, advice, configured): (&Sentences, &Advice, &Configured),
    ) -> Option<Hit<'b>> {
        if sign.brief && text.trim().len() > FEW_SENTENCES {
            return None;
        }
        let meaning = self.book.meaning.get(&sign.means)?;
        let is_delivery = meaning.is_delivery;
        let heard = sign.heard.into_iter().flat_map(|meaning| sentences.with(meaning));
        let found = sign.heard.is_none().then(places);
        let found = found.into_iter().flatten().filter(|place| !self.is_overruled(sign, place.start, sentences));
        // A sign of settings is about just such a line.
        let check = sign.check.unwrap_or(meaning.check);
        let is_setting = |place: &Range<usize>| check != Question::Settings && configured.has(place);
        let mut places = heard
            .chain(found)
            .filter(|place| counts(text, place, servers, is_delivery) && !advice.has(place) && !is_setting(place))
            .map(|place| (servers.is_doubtful(text, place.start), place));
        let first = places.next()?;
        let (is_doubtful, place) = match first.0 {
            true => places.find(|(is_doubtful, _)| !is_doubtful).unwrap_or(first),
            // What is final is told of mail that came back, and not what was tried again.
            false if is_delivery && !delivery::is_final(text, first.1.start) => {
                places.find(|(_, place)| delivery::is_final(text, place.start)).unwrap_or(first)
            }
            false => first,
        };
        let begin = text.floor_char_boundary(place.start.saturating_sub(NEARBY));
        let nearby = &text.as_bytes()[begin..(place.end + NEARBY).min(text.len())];
        let stands_nearby = |words: &str| {
            let words = self.compiled(words);
            let mut places = words.find_iter(nearby).map(|found| begin + found.start()..begin + found.end());
            places.any(|place| counts(text, &place, servers, is_delivery) && !advice.has(&place))
        };
        let holds = |with: Option<&str>, without: Option<&str>| {
            with.is_none_or(stands_nearby) && !without.is_some_and(stands_nearby)
        };
        if !holds(sign.with.as_deref(), sign.without.as_deref()) {
            return None;
        }
        let when = meaning.when.iter().find(|when| holds(Some(&when.with), when.without.as_deref()));
        let is_in_passing = sign.told_by == PERSON && text.trim().len() > FEW_SENTENCES;
        let weights = when.map_or(&meaning.causes, |when| &when.causes);
        Some(Hit { sign, check, weights, place, stopped: meaning.stopped, is_in_passing, is_doubtful })
    }
}

/// Whether words are about the account at iCloud, or about mail that others send to it, and their digits are not a
/// count.
fn counts(text: &str, place: &Range<usize>, servers: &Servers, is_delivery: bool) -> bool {
    let is_elsewhere = match is_delivery {
        true => servers.is_another_providers(text, place.start),
        false => servers.is_elsewhere(text, place.start),
    };
    reply::is_none_or_real(text, place) && !is_elsewhere
}

/// The words of a condition, of which each line has a beginning and an end.
fn compiled(pattern: &str) -> Regex {
    searched(&format!("(?m){pattern}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_is_any_run_of_blanks() {
        assert_eq!(pattern(r"no route[ -]to \[x y ?z"), r"no\s+route[\s-]to\s+\[x\s+y\s*z");
    }

    /// Every text of the tests.
    fn texts() -> Vec<String> {
        ["corpus.toml", "incidents.toml", "languages.toml"]
            .iter()
            .flat_map(|name| {
                let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain").join(name);
                let table: toml::Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
                let rows = table.into_iter().flat_map(|(_, rows)| rows.as_array().unwrap().clone());
                rows.map(|row| row["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn a_pattern_that_is_in_a_text_is_searched_for_in_it() {
        let book = Book::read();
        let patterns: Vec<_> = book.sign.iter().flat_map(|sign| book.patterns(sign)).zip(book::required()).collect();
        let patterns: Vec<_> = patterns
            .into_iter()
            .map(|(words, required)| (compiled(&pattern(&words)), Pattern { words, required }))
            .collect();
        let narrowed = Signatures::read();
        for text in texts() {
            let threes = Threes::of(&text);
            for (whole, words) in &patterns {
                let places: Vec<_> = whole.find_iter(text.as_bytes()).map(|found| found.range()).collect();
                let found: Vec<_> = narrowed.places(words, &text, &threes).collect();
                assert_eq!(found, places, "{} in {text}", words.words);
                assert!(!whole.is_match(b""), "{} is nowhere", words.words);
            }
        }
        let nowhere = Threes::of("");
        let searched = patterns.iter().filter(|(_, words)| words.narrowed(&nowhere).is_some()).count();
        assert!(searched * 4 < patterns.len(), "{searched} of {} are searched for in every text", patterns.len());
    }

    #[test]
    fn alternatives_are_those_at_the_top() {
        assert_eq!(alternatives(r"a(b|c)|[|(]d|\||\(e|f"), ["a(b|c)", "[|(]d", r"\|", r"\(e", "f"]);
        assert_eq!(alternatives(r"[^|]|[\]|]x"), ["[^|]", r"[\]|]x"]);
        assert_eq!(alternatives("whole"), ["whole"]);
    }

    #[test]
    fn what_the_build_read_from_each_pattern_is_what_it_needs() {
        let book = Book::read();
        let patterns = book.sign.iter().flat_map(|sign| book.patterns(sign));
        let needed = |words: &str| Required::of(literals::of(&pattern(words)).join(" ").leak());
        let needed: Vec<Vec<Required>> =
            patterns.map(|words| alternatives(&words).into_iter().map(needed).collect()).collect();
        assert_eq!(book::required(), needed);
    }

    #[test]
    fn every_sign_is_found_in_a_text_of_the_tests() {
        let texts = texts();
        let signatures = Signatures::read();
        let found: Vec<Vec<&Sign>> = texts
            .iter()
            .map(|text| signatures.found_in(text, &Servers::of(text)).into_iter().map(|hit| hit.sign).collect())
            .collect();
        let missed: Vec<String> = signatures
            .book
            .sign
            .iter()
            .filter(|sign| !found.iter().flatten().any(|found| std::ptr::eq(*found, *sign)))
            .map(|sign| format!("{}: {}", sign.means, sign.words))
            .collect();
        assert!(missed.is_empty(), "{} signs are in no text:\n{}", missed.len(), missed.join("\n"));
    }
}
