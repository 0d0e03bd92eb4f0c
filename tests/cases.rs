//! Every recorded case, played through the binary that a user gets: what the outside said, and what the user was told.
//!
//! A case is a folder: `case.toml` (what the outside said, written by `check --record`), `expect.toml` (what must be
//! found and what must not, written by a person), `report.txt` and `findings.json` (what the user is told; rewritten by
//! `SNAPSHOTS=overwrite cargo test --test cases`, and then read).

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde::Deserialize;
use serde_json::{Value, json};
use snapbox::{Assert, Data};

/// What a person expects of a case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    /// The causes, in their order; none for a healthy account.
    found: Vec<String>,
    /// Causes that are near, and must not be found.
    not: Vec<String>,
}

struct Case {
    folder: PathBuf,
    name: String,
    expectation: Expectation,
}

fn cases() -> Vec<Case> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut found = Vec::new();
    for check in fs::read_dir(tests).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for folder in fs::read_dir(&check).unwrap().map(|entry| entry.unwrap().path()) {
            if !folder.join("case.toml").is_file() {
                continue;
            }
            let last = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
            let expectation = fs::read_to_string(folder.join("expect.toml"))
                .unwrap_or_else(|_| panic!("{} has no expect.toml", folder.display()));
            found.push(Case {
                name: format!("{}/{}", last(&check), last(&folder)),
                expectation: toml::from_str(&expectation).unwrap_or_else(|why| panic!("{}: {why}", folder.display())),
                folder,
            });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(!found.is_empty());
    found
}

fn rehearse(case: &Case, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_icloud-mail-doctor"))
        .arg("rehearse")
        .arg(&case.name)
        .args(more)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn report(case: &Case) -> Value {
    let output = rehearse(case, &["--format", "json"]);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{}: {why}", case.name))
}

fn causes(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["cause"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_case_is_told_as_it_was_last_read() {
    let assert = Assert::new().action_env("SNAPSHOTS");
    for case in cases() {
        let text = rehearse(&case, &[]);
        let shown = String::from_utf8(text.stdout).unwrap().replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
        assert.eq(shown, Data::read_from(&case.folder.join("report.txt"), None).raw());
        let report = report(&case);
        let findings: Vec<Value> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| {
                let kept = ["cause", "severity", "sure", "because", "against", "would_decide"];
                kept.into_iter().map(|key| (key.to_owned(), finding[key].clone())).collect()
            })
            .collect();
        let told = json!({ "verdict": report["verdict"], "exit": text.status.code(), "findings": findings });
        let told = format!("{}\n", serde_json::to_string_pretty(&told).unwrap());
        assert.eq(told, Data::read_from(&case.folder.join("findings.json"), None).raw());
    }
}

#[test]
fn every_case_finds_what_is_expected_and_nothing_near_it() {
    for case in cases() {
        let found = causes(&report(&case));
        assert_eq!(found, case.expectation.found, "{}", case.name);
        for near in &case.expectation.not {
            assert!(!found.contains(near), "{}: {near}", case.name);
        }
    }
}

#[test]
fn every_cause_has_a_case_and_a_near_miss() {
    let output = Command::new(env!("CARGO_BIN_EXE_icloud-mail-doctor")).arg("explain").output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let known: BTreeSet<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let cases = cases();
    let first: BTreeSet<&str> =
        cases.iter().filter_map(|case| case.expectation.found.first()).map(String::as_str).collect();
    let near: BTreeSet<&str> = cases.iter().flat_map(|case| &case.expectation.not).map(String::as_str).collect();
    assert_eq!(known.difference(&first).collect::<Vec<_>>(), Vec::<&&str>::new(), "no case has this cause first");
    assert_eq!(
        known.difference(&near).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "no case is a near miss of this cause"
    );
    assert_eq!(near.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "there is no such cause");
}

#[test]
fn a_healthy_account_has_no_trouble_and_a_troubled_check_has_a_cause() {
    for case in cases() {
        let report = report(&case);
        let troubled = |list: &Value, key: &str, word: &str| {
            list.as_array().unwrap().iter().any(|item| item[key].as_str() == Some(word))
        };
        let check = troubled(&report["checks"], "outcome", "troubled");
        let finding = troubled(&report["findings"], "severity", "trouble");
        assert_eq!(report["verdict"] == "trouble", finding, "{}", case.name);
        assert!(!check || finding, "{}: a troubled check without a cause", case.name);
    }
}

#[test]
fn saved_evidence_gives_the_same_findings() {
    for case in cases() {
        let report = report(&case);
        let mut diagnosing = Command::new(env!("CARGO_BIN_EXE_icloud-mail-doctor"))
            .args(["diagnose", "-", "--format", "json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        diagnosing.stdin.take().unwrap().write_all(report.to_string().as_bytes()).unwrap();
        let output = diagnosing.wait_with_output().unwrap();
        let again: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(again["findings"], report["findings"], "{}", case.name);
        assert_eq!(again["verdict"], report["verdict"], "{}", case.name);
        assert_eq!(again["checks"], report["checks"], "{}", case.name);
        assert_eq!(again["transcripts"], report["transcripts"], "{}", case.name);
    }
}

#[test]
fn no_case_asks_what_it_does_not_hold() {
    for case in cases() {
        let report = report(&case).to_string();
        assert!(!report.contains("not-recorded"), "{} has to be recorded again", case.name);
        assert!(!report.contains("has to be recorded again"), "{} has to be recorded again", case.name);
    }
}
