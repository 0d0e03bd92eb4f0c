//! A near miss is one line away: a cause that a case lists under `not` would be found if one line of the file were
//! different.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::given::Given;
use super::here::HERE;
use super::programs::{PROGRAMS, Program};
use super::properties::found;
use super::reviewed::review;
use crate::expected::Expectation;
use crate::rehearse::at_once;

struct Case {
    name: String,
    program: &'static Program,
    text: String,
    expectation: Expectation,
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

/// The cases of the programs, without `unknown`.
fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review");
    let expected = below(&root).into_iter().filter(|path| path.ends_with("expect.toml"));
    expected.filter_map(|path| case(path.parent()?, &root)).collect()
}

fn case(folder: &Path, root: &Path) -> Option<Case> {
    let name = folder.strip_prefix(root).ok()?.to_str()?.to_owned();
    let program = PROGRAMS.iter().find(|program| name.starts_with(&format!("{}/", program.id)))?;
    let is_told =
        |path: &PathBuf| ["expect.toml", "report.text", "fixed"].iter().any(|told| path == &folder.join(told));
    let file = below(folder).into_iter().find(|path| !is_told(path))?;
    // This test skips files in other encodings.
    let text = fs::read_to_string(file).ok()?;
    Some(Case { name, program, text, expectation: Expectation::of(folder) })
}

fn finds(program: &'static Program, text: &str, is_readable_by_others: bool, cause: &str) -> bool {
    let found = Given { is_readable_by_others, ..found(program, text) };
    review(found, &HERE, false)
        .is_ok_and(|reviewed| reviewed.remarks.iter().any(|told| told.remark.cause.id() == cause))
}

/// The length of the common beginning of two lines.
fn likeness(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}

/// Whether the cause is found if one line of another case replaces a line or is inserted before it, or if the file's
/// permissions change.
fn is_one_line_away(case: &Case, wanted: &str, others: &[Case]) -> bool {
    let lines: Vec<&str> = case.text.lines().collect();
    let is_open = case.expectation.is_readable_by_others;
    let with = |before: usize, line: &str, after: usize| {
        let text = [&lines[..before], &[line], &lines[after..]].concat().join("\n") + "\n";
        finds(case.program, &text, is_open, wanted)
    };
    let donors = others.iter().filter(|other| other.program.id == case.program.id);
    let donors = donors.filter(|other| other.expectation.found.iter().any(|found| found == wanted));
    let new = donors.flat_map(|other| other.text.lines()).filter(|line| !lines.contains(line));
    // Cases have many lines in common.
    let new: BTreeSet<&str> = new.collect();
    let mut pairs: Vec<(usize, &str)> =
        new.into_iter().flat_map(|line| (0..lines.len()).map(move |at| (at, line))).collect();
    // The line with the longest common beginning is the most likely to show it; then the others need not be tried.
    pairs.sort_by_key(|(at, line)| std::cmp::Reverse(likeness(lines[*at], line)));
    finds(case.program, &case.text, !is_open, wanted)
        || pairs.iter().any(|(at, line)| with(*at, line, at + 1))
        || pairs.iter().any(|(at, line)| with(*at, line, *at))
}

/// The causes that a case lists as near and that are not.
fn far(case: &Case, all: &[Case]) -> Vec<String> {
    let is_open = case.expectation.is_readable_by_others;
    let is_found = |cause: &str| finds(case.program, &case.text, is_open, cause);
    let far = case.expectation.not.iter().filter(|cause| is_found(cause) || !is_one_line_away(case, cause, all));
    far.map(|cause| format!("{} is not one line away from {cause}", case.name)).collect()
}

#[test]
fn what_settings_are_not_they_nearly_are() {
    let all = cases();
    let far = at_once(&all, |case| far(case, &all)).concat();
    assert!(far.is_empty(), "{}", far.join("\n"));
}
