//! The files beside this one: which words of which program mean what, and which causes that leaves.

use std::collections::BTreeMap;

use checks::meaning::Meaning as Meant;
use checks::questions::Question;
use serde::Deserialize;

use super::required::Required;
use super::spelling::{Named, Words, with_languages, written_out};
use crate::packed::Packed;

/// The areas, in the order in which their signs are searched for: each is a file with its name.
const AREAS: [&str; 16] = [
    "signing-in",
    "settings",
    "encryption",
    "settings-files",
    "certificates",
    "handshake",
    "names",
    "connections",
    "service",
    "server-sentences",
    "sending",
    "mailbox",
    "symptoms",
    "own-words",
    "codes",
    "languages",
];

/// The files beside this one.
static FILES: Packed = Packed::of(include_bytes!(concat!(env!("OUT_DIR"), "/signatures.packed")));

/// What their patterns need, by area: a line for each pattern, in which a tab ends what an alternative needs.
static REQUIRED: Packed = Packed::of(include_bytes!(concat!(env!("OUT_DIR"), "/required.packed")));

/// The text of every area.
fn areas() -> impl Iterator<Item = (&'static str, &'static str)> {
    AREAS.into_iter().map(|area| (area, FILES.named(area).unwrap_or_default()))
}

/// What each alternative of each pattern of the signs cannot do without, in their order.
pub(super) fn required() -> Vec<Vec<Required>> {
    let lines = AREAS.into_iter().flat_map(|area| REQUIRED.named(area).unwrap_or_default().lines());
    lines.map(|line| line.split('\t').map(Required::of).collect()).collect()
}

/// How likely each cause is, from 1 to 100.
pub(in crate::explain) type Weights = BTreeMap<String, u32>;

/// All files as one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    #[serde(default)]
    pub(super) meaning: BTreeMap<String, Meaning>,
    #[serde(default)]
    pub(super) sign: Vec<Sign>,
    /// What each language calls things, by language and name.
    #[serde(default)]
    pub(super) language: BTreeMap<String, BTreeMap<String, String>>,
    /// The patterns that other patterns use by name.
    #[serde(skip)]
    conditions: BTreeMap<String, String>,
}

/// What words may mean, and the causes that this leaves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meaning {
    pub(super) check: Question,
    pub(super) causes: Weights,
    /// Whether iCloud says it to others who send mail to it. Only such words count in a line about that.
    #[serde(default)]
    pub(super) is_delivery: bool,
    /// The step at which the conversation failed: what general words say of later ones is about it.
    pub(super) stopped: Option<Step>,
    /// Other weights if other words are nearby; the first one that applies counts.
    #[serde(default)]
    pub(super) when: Vec<When>,
}

impl Meaning {
    /// Whether it leaves no other cause.
    pub(super) fn is_certain(&self) -> bool {
        self.causes.values().any(|weight| *weight >= super::CERTAIN)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct When {
    pub(super) with: String,
    pub(super) without: Option<String>,
    pub(super) causes: Weights,
}

/// A step, in the order in which a mail program takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::explain) enum Step {
    Connection,
    Encryption,
    Greeting,
    SignIn,
    SignedIn,
}

/// The words of a program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::explain) struct Sign {
    pub(in crate::explain) means: String,
    #[serde(default)]
    pub(super) words: String,
    /// The words by language, instead of `words`.
    #[serde(default)]
    languages: BTreeMap<String, String>,
    /// The same words in every language, which names them by what it calls them.
    in_each_language: Option<String>,
    /// The meaning of a server's sentence, in the place of words.
    pub(super) heard: Option<Meant>,
    /// Whether it counts only in a text of a few sentences.
    #[serde(default)]
    pub(in crate::explain) brief: bool,
    /// Which program writes these words, as the beginning of a sentence that the excerpt ends.
    pub(super) told_by: String,
    /// Words that must also be nearby.
    pub(super) with: Option<String>,
    /// Words that must not be nearby.
    pub(super) without: Option<String>,
    pub(super) check: Option<Question>,
    /// The step at which the server answers so: what comes before it did its part.
    pub(in crate::explain) reached: Option<Step>,
    /// Where these words and their meaning were found; read by people and by the tests.
    #[allow(dead_code, reason = "kept for a reader who doubts a signature")]
    pub(super) source: String,
}

impl Book {
    /// Reads the files that are part of the program. A test checks that they can be read.
    #[allow(clippy::expect_used, reason = "the files are part of the program, and every test reads them")]
    pub(super) fn read() -> Self {
        let conditions =
            toml::from_str(FILES.named("conditions").unwrap_or_default()).expect("conditions.toml can be read");
        let mut book = Self { meaning: BTreeMap::new(), sign: Vec::new(), language: BTreeMap::new(), conditions };
        for (_, text) in areas() {
            let own: Self = toml::from_str(text).expect("the file of every area can be read");
            book.meaning.extend(own.meaning);
            book.sign.extend(own.sign);
            book.language.extend(own.language);
        }
        book.conditions = with_languages(book.conditions, &book.language);
        book
    }

    /// The patterns of a sign: of a single language or of each.
    pub(super) fn patterns(&self, sign: &Sign) -> Vec<String> {
        let own = [&sign.words].into_iter().chain(sign.languages.values()).map(String::as_str).collect();
        let words = Words { own, in_each_language: sign.in_each_language.as_deref() };
        Named { conditions: &self.conditions, languages: &self.language }.patterns(&words)
    }

    /// The words with each condition that they name by `(?&name)` inserted.
    pub(super) fn written_out(&self, words: &str) -> String {
        written_out(words, &self.conditions)
    }
}

#[cfg(test)]
mod tests {
    use super::super::compiled;
    use super::super::spelling::{alternatives, pattern};
    use super::*;
    use crate::diagnosis::CAUSES;

    /// Every pattern, with the meaning that it belongs to.
    fn patterns(book: &Book) -> Vec<(&str, &str)> {
        let signs = book.sign.iter().flat_map(|sign| {
            let words = [Some(&sign.words), sign.with.as_ref(), sign.without.as_ref()];
            words.into_iter().flatten().map(|words| (sign.means.as_str(), words.as_str()))
        });
        let whens = book.meaning.iter().flat_map(|(name, meaning)| {
            let words = meaning.when.iter().flat_map(|when| [Some(&when.with), when.without.as_ref()]);
            words.flatten().map(|words| (name.as_str(), words.as_str()))
        });
        signs.chain(whens).collect()
    }

    #[test]
    fn a_named_condition_is_the_pattern_of_its_name() {
        let conditions = [("late".to_owned(), "timed?[ -]?out".to_owned())].into();
        let book = Book { meaning: BTreeMap::new(), sign: Vec::new(), language: BTreeMap::new(), conditions };
        assert_eq!(book.written_out("imap.*(?&late)|late"), "imap.*(?:timed?[ -]?out)|late");
        assert_eq!(book.written_out("(?&late)(?&soon)"), "(?:timed?[ -]?out)(?&soon)");
    }

    #[test]
    fn every_pattern_can_be_compiled_and_every_condition_is_shared() {
        let book = Book::read();
        let patterns = patterns(&book);
        for (means, words) in &patterns {
            let whole = book.written_out(words);
            assert!(!whole.contains("(?&"), "{means}: no condition of that name: {whole}");
            compiled(&pattern(&whole));
        }
        for words in book.sign.iter().flat_map(|sign| book.patterns(sign)) {
            assert!(!words.contains("(?&"), "no language has all of it: {words}");
            for words in alternatives(&words) {
                compiled(&pattern(words));
            }
        }
        let called: Vec<&String> = book.language.values().flat_map(BTreeMap::keys).collect();
        for (name, pattern) in book.conditions.iter().filter(|(name, _)| !called.contains(name)) {
            let named = format!("(?&{name})");
            let count = patterns.iter().filter(|(_, words)| words.contains(&named)).count();
            assert!(count > 1, "{name} is named {count} times");
            let again = patterns.iter().find(|(_, words)| words.contains(pattern.as_str()));
            assert!(again.is_none(), "{name} is written out in {again:?}");
        }
    }

    #[test]
    fn every_file_is_read_and_says_what_it_is_for() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/explain/signatures");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut names: Vec<String> = files
            .filter(|path| path.extension().is_some_and(|end| end == "toml"))
            .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
            .filter(|name| name != "conditions")
            .collect();
        names.sort();
        let mut read: Vec<&str> = AREAS.to_vec();
        read.sort_unstable();
        assert_eq!(names, read);
        for (area, text) in areas() {
            assert!(text.starts_with("# "), "{area}");
        }
    }

    #[test]
    fn every_name_is_given_once_and_every_meaning_is_used() {
        let book = Book::read();
        let mut named: Vec<String> = Vec::new();
        for (area, text) in areas() {
            let own: Book = toml::from_str(text).unwrap();
            for name in own.meaning.into_keys() {
                assert!(!named.contains(&name), "{area}: {name} again");
                named.push(name);
            }
        }
        for sign in &book.sign {
            assert!(!sign.source.is_empty() && !sign.told_by.is_empty(), "{}: {}", sign.means, sign.words);
            assert!(named.contains(&sign.means), "no meaning {}", sign.means);
        }
        for name in &named {
            assert!(book.sign.iter().any(|sign| sign.means == *name), "nothing means {name}");
        }
    }

    #[test]
    fn every_cause_exists_and_can_be_reached() {
        let book = Book::read();
        let mut reached: Vec<&str> = Vec::new();
        for (name, meaning) in &book.meaning {
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
}
