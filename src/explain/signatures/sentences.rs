//! The servers' sentences in a text, with their meaning by the table that `check` uses too.

use std::collections::BTreeMap;
use std::ops::Range;

use checks::meaning::{Meaning, Sentence, sentence};

use super::counts;
use crate::explain::servers::Servers;

/// How many different sentences are read: a log repeats a few.
const MOST: usize = 2000;

/// The sentences whose words have a known meaning, in the order of the text.
pub(super) struct Sentences {
    heard: Vec<(Range<usize>, Meaning)>,
}

impl Sentences {
    /// Finds them, line by line.
    pub(super) fn of(text: &str, servers: &Servers) -> Self {
        let (mut known, mut heard) = (BTreeMap::new(), Vec::new());
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if let Some(said) = sentence(line).map(first_of) {
                let words_end = said.words.as_ptr() as usize - line.as_ptr() as usize + said.words.len();
                let place = start + said.start..start + words_end;
                let is_known = known.len() < MOST || known.contains_key(&line[said.start..words_end]);
                let meaning =
                    is_known.then(|| *known.entry(&line[said.start..words_end]).or_insert_with(|| by_words(said)));
                let meaning = meaning.flatten().filter(|_| counts(text, &place, servers, false));
                heard.extend(meaning.map(|meaning| (place, meaning)));
            }
            start += line.len();
        }
        Self { heard }
    }

    /// The places of those with this meaning.
    pub(super) fn with(&self, meaning: Meaning) -> impl Iterator<Item = Range<usize>> {
        self.heard.iter().filter(move |(_, heard)| *heard == meaning).map(|(place, _)| place.clone())
    }

    /// The meaning of the sentence at a place.
    pub(super) fn at(&self, place: usize) -> Option<Meaning> {
        let after = self.heard.partition_point(|(sentence, _)| sentence.start <= place);
        let (sentence, meaning) = self.heard.get(after.checked_sub(1)?)?;
        sentence.contains(&place).then_some(*meaning)
    }
}

/// The server's first sentence alone: people write on after it.
fn first_of(said: Sentence<'_>) -> Sentence<'_> {
    let words = said.words.split_once(". ").map_or(said.words, |(first, _)| first);
    Sentence { words, ..said }
}

fn by_words(said: Sentence<'_>) -> Option<Meaning> {
    said.heard().filter(|heard| heard.by_words).map(|heard| heard.meaning)
}
