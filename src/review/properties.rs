//! What must be true for every reader and any file: real settings, truncated, duplicated, mixed, and with random
//! pieces.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use proptest::prelude::*;

use clap::Parser as _;

use super::account::{Account, Edit, Settings};
use super::command::{OnDisk, Outcome, read_all};
use super::given::Given;
use super::here::HERE;
use super::programs::{PROGRAMS, Program, signed};
use super::reviewed::review;
use super::{command, origin};
use crate::cli::review::ReviewArguments;
use crate::rehearse::at_once;

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}

/// Every settings file of the cases.
fn corpus() -> &'static [String] {
    static CORPUS: OnceLock<Vec<String>> = OnceLock::new();
    CORPUS.get_or_init(|| {
        let mut paths = Vec::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review"), &mut paths);
        paths.retain(|path| !["expect.toml", "report.text"].iter().any(|own| path.ends_with(own)));
        paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    })
}

/// Pieces with a meaning in one of the languages.
const PIECES: [&str; 38] = [
    "\"",
    "'",
    "\\",
    "`",
    "#",
    "[",
    "]",
    "{",
    "}",
    "=",
    ":",
    "://",
    "@",
    "%",
    "$",
    "${",
    "\n",
    "\r\n",
    "\0",
    "\u{feff}",
    " ",
    "\t",
    "é",
    "\u{1f4a9}",
    "993",
    "99999999999",
    "imap.mail.me.com",
    "imaps://a:b@imap.mail.me.com:993",
    "pop3",
    "password",
    "[x \"y",
    "- ",
    "<",
    "</",
    "<a b=\"",
    "/>",
    "<!--",
    "&amp;",
];

/// A change of a text: what is done, where, and with what.
type Change = (u8, prop::sample::Index, prop::sample::Index, prop::sample::Index);

fn changed(mut text: String, changes: Vec<Change>) -> String {
    for (what, from, to, with) in changes {
        let boundary = |at: &prop::sample::Index, text: &str| {
            let mut at = at.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (one, other) = (boundary(&from, &text), boundary(&to, &text));
        let span = one.min(other)..one.max(other);
        match what % 4 {
            0 => text.truncate(one),
            1 => text.insert_str(one, PIECES[with.index(PIECES.len())]),
            2 => text.replace_range(span, ""),
            _ => {
                let again = text[span].to_owned();
                text.insert_str(one, &again);
            }
        }
    }
    text
}

fn places(account: &Account) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = account.password.clone().into_iter().collect();
    places.extend(account.host.at.clone());
    places.extend(account.port.at.clone());
    places.extend(account.encryption.at.clone());
    places.extend(account.is_verified.at.clone());
    for said in account.login.iter().chain(&account.password_command) {
        places.extend(said.at.clone());
    }
    places.extend(account.folders.iter().filter_map(|(_, said)| said.at.clone()));
    places.extend(account.every.iter().filter_map(|said| said.at.clone()));
    places.extend(account.rfc822.iter().filter_map(|said| said.at.clone()));
    places.extend(account.along.iter().map(|edit| edit.at.clone()));
    let mends: [&Option<Edit>; 3] = [&account.port.mend, &account.encryption.mend, &account.is_verified.mend];
    places.extend(mends.into_iter().flatten().map(|edit| edit.at.clone()));
    places
}

/// Checks that all places in these accounts are in the text.
fn stand(settings: &Settings, text: &str, who: &str) {
    let secrets = settings.secrets.passwords.iter().chain(&settings.secrets.commands).cloned();
    for place in settings.accounts.iter().flat_map(places).chain(secrets) {
        assert!(text.get(place.clone()).is_some(), "{who}: {place:?} of {text:?}");
    }
}

/// Reads the text with every reader: none may panic, and all places must be in the text.
fn hold(text: &str) {
    read(text);
    for program in &PROGRAMS {
        told(program, text, &["text"]);
    }
}

fn read(text: &str) {
    for program in &PROGRAMS {
        let Ok(settings) = (program.read)(text) else { continue };
        stand(&settings, text, program.id);
    }
}

/// Arguments as they are typed.
#[derive(clap::Parser)]
struct Typed {
    #[command(flatten)]
    review: ReviewArguments,
}

/// The places of the required settings of an account.
fn values(account: &Account) -> Vec<Range<usize>> {
    [&account.host.at, &account.port.at, &account.encryption.at].into_iter().flatten().cloned().collect()
}

/// A file with an unknown name and this content is not reviewed, and is not changed.
fn left_alone(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    fs::write(&path, bytes).unwrap();
    let typed = Typed::parse_from(["review", "--fix", path.to_str().unwrap()]);
    let outcome = read_all(&typed.review).unwrap();
    assert!(outcome.reviewed.is_empty() && outcome.not_reviewed.len() == 1, "{:?}", String::from_utf8_lossy(bytes));
    super::fix::all(&outcome, &typed.review).unwrap();
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// A text as if it came from a file that others may read.
pub(super) fn found(program: &'static Program, text: &str) -> Given {
    let (path, shown) = (PathBuf::from("file"), "file".to_owned());
    Given { path, shown, program, text: text.to_owned(), is_readable_by_others: true }
}

/// The review of a text in these formats, as if it came from a file that others may read.
fn told(program: &'static Program, text: &str, formats: &[&str]) -> String {
    let Ok(one) = review(found(program, text), &HERE, true) else { return String::new() };
    // Nothing is written here, so the text can come from any file.
    let (_, origin) = origin::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rustfmt.toml")).unwrap();
    let outcome = Outcome { reviewed: vec![OnDisk { one, origin }], not_reviewed: Vec::new() };
    let in_format = |format: &&str| {
        let typed = Typed::parse_from(["review", "--format", format, "file"]);
        String::from_utf8(command::told(&outcome, &typed.review).unwrap()).unwrap()
    };
    formats.iter().map(in_format).collect()
}

const FORMATS: [&str; 4] = ["text", "json", "sarif", "github"];

/// Checks that no password which the reader found is printed, unless it is as short or as common as a switch.
fn hidden(program: &'static Program, text: &str, canaries: &[&str]) {
    let Ok(settings) = (program.read)(text) else { return };
    let taken: Vec<&str> = settings.secrets.passwords.iter().filter_map(|at| text.get(at.clone())).collect();
    let taken: Vec<&&str> = canaries.iter().filter(|canary| taken.iter().any(|one| one.contains(**canary))).collect();
    if taken.is_empty() {
        return;
    }
    let told = told(program, text, &FORMATS);
    for canary in taken {
        // Lines for a terminal are broken at spaces.
        let line = told.lines().find(|line| line.contains(*canary));
        assert!(line.is_none(), "{}: {canary} of\n{text}\nis told: {line:?}", program.id);
    }
}

/// Stand-ins for a password: in the form of Apple's with and without dashes, and in other forms.
const CANARIES: [&str; 6] =
    ["qkweruvzmbhyxgtn", "zkqj-vwxb-nmpl-rtyd", "Tulpenbeet", "Hunter2Hunter", "x7,y8;z9:q0=w", "päßwört-é"];

/// The places of the passwords that the reader finds in a text.
fn password_places(text: &str, read: fn(&str) -> Result<Settings, String>) -> Vec<Range<usize>> {
    let mut places = read(text).map(|settings| settings.secrets.passwords).unwrap_or_default();
    places.sort_by_key(|place| (place.start, place.end));
    places.dedup_by_key(|place| place.start);
    places
}

/// The text with a canary in each of these places.
fn with_canaries(text: &str, places: &[Range<usize>], first: usize) -> String {
    let mut text = text.to_owned();
    for (nth, place) in places.iter().enumerate().rev() {
        if text.get(place.clone()).is_some_and(|password| !password.is_empty()) {
            text.replace_range(place.clone(), CANARIES[(first + nth) % CANARIES.len()]);
        }
    }
    text
}

/// Checks that a reader does not panic on a text that is cut at every place, has NUL bytes in it, or has long lines of
/// every piece with a meaning.
pub(super) fn withstands(read: fn(&str) -> Settings, text: &str) {
    let hold = |text: &str| stand(&read(text), text, "it");
    for (at, _) in text.char_indices() {
        hold(&text[..at]);
        hold(&text[at..]);
        hold(&format!("{}\0{}", &text[..at], &text[at..]));
    }
    hold(&text.replace('\n', "\r\n"));
    hold(&text.replace(' ', "\u{a0}"));
    for piece in PIECES {
        let long = piece.repeat(100_000 / piece.len());
        hold(&long);
        hold(&format!("{text}{long}"));
    }
    for (at, _) in text.match_indices(' ') {
        hold(&format!("{} {}{}", &text[..at], "\"=".repeat(1000), &text[at..]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_settings_file_makes_a_reader_panic(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(any::<Change>(), 0..6),
    ) {
        hold(&changed(corpus()[which.index(corpus().len())].clone(), changes));
    }

    #[test]
    fn no_password_that_a_reader_found_is_told(
        which in any::<prop::sample::Index>(),
        first in 0..CANARIES.len(),
        changes in prop::collection::vec(any::<Change>(), 0..4),
    ) {
        let text = &corpus()[which.index(corpus().len())];
        for program in &PROGRAMS {
            let places = password_places(text, program.read);
            let text = changed(with_canaries(text, &places, first), changes.clone());
            hidden(program, &text, &CANARIES);
        }
    }

    #[test]
    fn what_only_quotes_settings_belongs_to_nobody_and_is_left_as_it_is(
        which in any::<prop::sample::Index>(),
        around in prop::sample::select(vec![("cat > there <<END\n", "END\n"), ("```\n", "```\n"), ("const it = `\n", "`;\n"), ("<pre>\n", "</pre>\n"), ("it is so.\n\n", "and so on\n")]),
        changes in prop::collection::vec(any::<Change>(), 0..3),
    ) {
        let text = changed(corpus()[which.index(corpus().len())].clone(), changes);
        left_alone(format!("{}{text}\n{}", around.0, around.1).as_bytes());
    }

    #[test]
    fn any_other_text_belongs_to_nobody_and_is_left_as_it_is(text in any::<String>(), pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..20)) {
        left_alone(format!("{text}{}", pieces.concat()).as_bytes());
    }

    #[test]
    fn nothing_certain_is_written_over_what_stands_for_a_value(
        which in any::<prop::sample::Index>(),
        nth in any::<prop::sample::Index>(),
        gap in prop::sample::select(vec!["${PORT}", "{{ .port }}", "<port>", "%PORT%", "@PORT@", "$PORT", "process.env.PORT"]),
    ) {
        let text = &corpus()[which.index(corpus().len())];
        for program in &PROGRAMS {
            let Ok(settings) = (program.read)(text) else { continue };
            let mut places: Vec<Range<usize>> = settings.accounts.iter().flat_map(values).collect();
            places.sort_by_key(|place| (place.start, place.end));
            if places.is_empty() {
                continue;
            }
            let place = places[nth.index(places.len())].clone();
            let mut text = text.clone();
            text.replace_range(place.clone(), gap);
            let gap = place.start..place.start + gap.len();
            let Ok(reviewed) = review(found(program, &text), &HERE, true) else { continue };
            for edit in reviewed.certain() {
                let is_apart = edit.at.end <= gap.start || edit.at.start >= gap.end;
                prop_assert!(is_apart || edit.at.is_empty(), "{}: {edit:?} of\n{text}", program.id);
            }
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60), other in any::<String>()) {
        hold(&format!("{}{other}", pieces.concat()));
    }
}

#[test]
fn no_password_of_the_cases_is_told() {
    at_once(corpus(), |text| {
        for program in &PROGRAMS {
            let places = password_places(text, program.read);
            // Without a place for them, all stand-ins leave the text unchanged.
            let turns = if places.is_empty() { 1 } else { CANARIES.len() };
            (0..turns).for_each(|first| hidden(program, &with_canaries(text, &places, first), &CANARIES));
        }
    });
}

#[test]
fn a_huge_file_is_read_in_a_moment() {
    at_once(&PIECES, |piece| read(&piece.repeat(256 * 1024 / piece.len())));
    at_once(corpus(), |text| {
        let repeated = |length: usize| text.repeat(length / text.len().max(1));
        let huge = repeated(64 * 1024);
        match signed(&huge) {
            Some(program) => {
                if let Ok(settings) = (program.read)(&huge) {
                    stand(&settings, &huge, program.id);
                }
                told(program, &huge, &["json"]);
                // For the readers of other programs this is just any text, and repeated pieces of every kind are
                // longer.
                read(&repeated(16 * 1024));
            }
            None => read(&huge),
        }
    });
}

/// The text after `--fix`.
fn fixed(program: &'static Program, text: &str) -> Option<String> {
    let reviewed = review(found(program, text), &HERE, true).ok()?;
    Some(super::mend::applied(text, &reviewed.certain()))
}

/// The causes that are found, each with the line where it is found.
fn findings(program: &'static Program, text: &str) -> Vec<(&'static str, String)> {
    let Ok(reviewed) = review(found(program, text), &HERE, false) else { return Vec::new() };
    let line = |number: usize| text.lines().nth(number - 1).unwrap_or_default().to_owned();
    let mut found: Vec<_> = reviewed.remarks.iter().map(|told| (told.remark.cause.id(), line(told.line))).collect();
    found.sort();
    found
}

/// Programs for which the order of the settings in a section does not matter, and how their sections begin.
const WITHOUT_ORDER: [(&str, &[&str]); 5] = [
    ("mbsync", &["imapaccount", "imapstore", "maildirstore", "channel", "group"]),
    ("msmtp", &["account", "defaults"]),
    ("getmail", &["["]),
    ("offlineimap", &["["]),
    ("aerc", &["["]),
];

/// The text with the settings of each section in another order; a section with a repeated setting is not changed.
fn shuffled(text: &str, begins: &[&str], order: &[prop::sample::Index]) -> String {
    let is_head = |line: &str| begins.iter().any(|begin| line.trim_start().to_lowercase().starts_with(begin));
    let ends = |line: &str| line.trim().is_empty() || is_head(line);
    let key = |line: &str| line.trim_start().split([' ', '\t', '=', ':']).next().unwrap_or_default().to_lowercase();
    let mut lines: Vec<&str> = text.lines().collect();
    let mut begin = 0;
    while begin < lines.len() {
        let end = lines[begin..].iter().position(|line| ends(line)).map_or(lines.len(), |length| begin + length);
        let section = &mut lines[begin..end];
        let keys: BTreeSet<String> = section.iter().map(|line| key(line)).collect();
        // An indented line may continue the line before it.
        let is_indented = |line: &str| line.starts_with([' ', '\t']);
        let is_nested = section.windows(2).any(|two| is_indented(two[0]) != is_indented(two[1]));
        if keys.len() == section.len() && !is_nested && !section.is_empty() {
            for (nth, index) in order.iter().enumerate() {
                section.swap(nth % section.len(), index.index(section.len()));
            }
        }
        begin = end + 1;
    }
    lines.join("\n") + "\n"
}

/// The settings files of a program's own cases.
fn own_corpus(id: &str) -> Vec<String> {
    let mut paths = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review").join(id), &mut paths);
    paths.retain(|path| !["expect.toml", "report.text", "fixed"].iter().any(|own| path.ends_with(own)));
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_order_within_a_section_changes_nothing(order in prop::collection::vec(any::<prop::sample::Index>(), 1..12)) {
        for (id, begins) in WITHOUT_ORDER {
            let program = PROGRAMS.iter().find(|program| program.id == id).unwrap();
            for text in own_corpus(id) {
                let other = shuffled(&text, begins, &order);
                prop_assert_eq!(findings(program, &text), findings(program, &other), "{}: {}", id, &other);
                let once = fixed(program, &other);
                let twice = once.as_ref().and_then(|once| fixed(program, once));
                prop_assert_eq!(once, twice, "{}: {}", id, &other);
            }
        }
    }
}

#[test]
fn what_is_fixed_twice_is_as_what_is_fixed_once() {
    for text in corpus() {
        for program in &PROGRAMS {
            let once = fixed(program, text);
            let twice = once.as_ref().and_then(|once| fixed(program, once));
            assert_eq!(once, twice, "{}: {text}", program.id);
        }
    }
}
