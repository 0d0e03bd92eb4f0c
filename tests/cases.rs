//! Every recorded case, played through the binary that a user gets: what the outside said, and what the user was told.
//!
//! A case is a folder: `case.toml` (what the outside said, written by `check --record`), `expect.toml` (what must be
//! found and what must not, written by a person), and what the user is told in each format, `report.text`, `report.json`
//! and so on (rewritten by `SNAPSHOTS=overwrite cargo test --test cases`, and then read).

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

#[path = "formats/listed.rs"]
mod formats;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;
use snapbox::{Assert, Data};

/// What a person expects of a case.
#[derive(Deserialize)]
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
    /// What the user is told, a text a format.
    told: BTreeMap<String, String>,
    report: Value,
    exit: Option<i32>,
}

/// Every case, played once.
fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let formats = formats::listed(Path::new(env!("CARGO_BIN_EXE_icloud-mail-doctor")));
        let folders = below(&tests).into_iter().filter(|path| path.is_dir()).flat_map(|check| below(&check));
        let mut folders: Vec<PathBuf> = folders.filter(|folder| folder.join("case.toml").is_file()).collect();
        folders.sort();
        assert!(!folders.is_empty());
        folders.into_iter().map(|folder| case(folder, &tests, &formats)).collect()
    })
}

fn below(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn case(folder: PathBuf, tests: &Path, formats: &[String]) -> Case {
    let name = folder.strip_prefix(tests).unwrap().to_string_lossy().replace('\\', "/");
    let expectation = fs::read_to_string(folder.join("expect.toml"))
        .unwrap_or_else(|_| panic!("{} has no expect.toml", folder.display()));
    let expectation = toml::from_str(&expectation).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let written = tempfile::tempdir().unwrap();
    let path = |format: &str| written.path().join(format);
    let reports = formats.iter().map(|format| format!("--report={format}={}", path(format).display()));
    let output = rehearse(&name).args(reports).output().unwrap();
    let told: BTreeMap<String, String> = formats
        .iter()
        .map(|format| (format.clone(), fs::read_to_string(path(format)).unwrap_or_else(|why| panic!("{name}: {why}"))))
        .collect();
    let report: Value = serde_json::from_str(&told["json"]).unwrap_or_else(|why| panic!("{name}: {why}"));
    assert_eq!(told["text"].as_bytes(), output.stdout, "{name}");
    Case { folder, name, expectation, told, report, exit: output.status.code() }
}

fn rehearse(name: &str) -> Command {
    let mut rehearsing = Command::new(env!("CARGO_BIN_EXE_icloud-mail-doctor"));
    rehearsing.arg("rehearse").arg(name).env("NO_COLOR", "1");
    rehearsing
}

fn causes(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["cause"].as_str().unwrap().to_owned()).collect()
}

/// How the page is painted is in one file already, and would be in a hundred more.
fn without_style(told: &str) -> String {
    match (told.split_once("<style>"), told.split_once("</style>")) {
        (Some((before, _)), Some((_, after))) => format!("{before}<style>[STYLE]</style>{after}"),
        _ => told.to_owned(),
    }
}

#[test]
fn every_case_is_told_as_it_was_last_read() {
    let assert = Assert::new().action_env("SNAPSHOTS");
    for case in cases() {
        for (format, told) in &case.told {
            let told = without_style(&told.replace(env!("CARGO_PKG_VERSION"), "[VERSION]"));
            assert.eq(told, Data::read_from(&case.folder.join(format!("report.{format}")), None).raw());
        }
    }
}

#[test]
fn the_exit_code_is_the_verdicts() {
    for case in cases() {
        let code = match case.report["verdict"].as_str() {
            Some("healthy") => 0,
            Some("trouble") => 1,
            _ => 3,
        };
        assert_eq!(case.exit, Some(code), "{}", case.name);
    }
}

#[test]
fn every_case_finds_what_is_expected_and_nothing_near_it() {
    for case in cases() {
        let found = causes(&case.report);
        assert_eq!(found, case.expectation.found, "{}", case.name);
        for near in &case.expectation.not {
            assert!(!found.contains(near), "{}: {near}", case.name);
        }
    }
}

/// What is expected of the settings files, which `tests/review.rs` holds: some causes are seen nowhere else.
fn reviewed() -> Vec<Expectation> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review");
    let texts = below(&root).into_iter().flat_map(|program| below(&program)).map(|case| case.join("expect.toml"));
    texts.map(|path| toml::from_str(&fs::read_to_string(path).unwrap()).unwrap()).collect()
}

#[test]
fn every_cause_has_a_case_and_a_near_miss() {
    let output = Command::new(env!("CARGO_BIN_EXE_icloud-mail-doctor")).arg("explain").output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let known: BTreeSet<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let (cases, reviewed) = (cases(), reviewed());
    let first = cases.iter().filter_map(|case| case.expectation.found.first());
    let first: BTreeSet<&str> =
        first.chain(reviewed.iter().flat_map(|expectation| &expectation.found)).map(String::as_str).collect();
    let near = cases.iter().map(|case| &case.expectation).chain(&reviewed).flat_map(|expectation| &expectation.not);
    let near: BTreeSet<&str> = near.map(String::as_str).collect();
    assert_eq!(known.difference(&first).collect::<Vec<_>>(), Vec::<&&str>::new(), "no case has this cause first");
    assert_eq!(
        known.difference(&near).collect::<Vec<_>>(),
        Vec::<&&str>::new(),
        "no case is a near miss of this cause"
    );
    assert_eq!(near.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "there is no such cause");
}

#[test]
fn a_reason_names_the_question_that_was_asked() {
    for case in cases() {
        let rows = case.report["checks"].as_array().unwrap();
        let outcome = |by: &Value| rows.iter().find(|row| row["id"] == *by).map(|row| &row["outcome"]);
        for finding in case.report["findings"].as_array().unwrap() {
            let (because, against) = (finding["because"].as_array().unwrap(), finding["against"].as_array().unwrap());
            for seen in because.iter().chain(against) {
                let outcome = outcome(&seen["by"]).unwrap_or_else(|| panic!("{}: {seen}", case.name));
                // A page that could not be had says something too, of the way to it.
                let is_of_the_page = seen["saw"].as_str().unwrap().starts_with("Apple's status page: ");
                assert!(outcome != "not-asked" || is_of_the_page, "{}: {seen}", case.name);
            }
        }
    }
}

#[test]
fn a_healthy_account_has_no_trouble_and_a_troubled_check_has_a_cause() {
    for case in cases() {
        let report = &case.report;
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
        let report = &case.report;
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
        for kept in ["transcripts", "timeline", "chains", "settings", "machine", "conclusion"] {
            assert_eq!(again[kept], report[kept], "{}: {kept}", case.name);
        }
    }
}

#[test]
fn a_stand_in_is_an_address_that_nobody_has_and_is_told_as_one() {
    let mut told_of = 0;
    for case in cases() {
        let stand_ins: Vec<&str> =
            case.report["stand_ins"].as_array().unwrap().iter().map(|stand_in| stand_in.as_str().unwrap()).collect();
        for stand_in in &stand_ins {
            let blocks = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"];
            assert!(blocks.iter().any(|block| stand_in.starts_with(block)), "{}: {stand_in}", case.name);
            for format in ["text", "html", "markdown", "junit", "github", "nagios"] {
                let told = case.told[format].split_whitespace().collect::<Vec<_>>().join(" ");
                if told.contains(stand_in) {
                    told_of += 1;
                    assert!(told.contains("stand-in"), "{}: {format}", case.name);
                    assert!(told.contains("--show-address"), "{}: {format}", case.name);
                }
            }
        }
    }
    assert!(told_of > 0, "no case has any");
}

#[test]
fn no_case_asks_what_it_does_not_hold() {
    for case in cases() {
        let report = case.report.to_string();
        assert!(!report.contains("not-recorded"), "{} has to be recorded again", case.name);
        assert!(!report.contains("has to be recorded again"), "{} has to be recorded again", case.name);
    }
}
