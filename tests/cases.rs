//! The chosen cases through the binary that a user gets: it prints what `src/rehearse/cases.rs` checks for every case
//! in process, in each format, to its end.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

#[path = "formats/listed.rs"]
mod formats;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use snapbox::{Assert, Data};

/// What the program wrote, one text for each format.
type Told = BTreeMap<String, String>;

struct Case {
    name: String,
    told: Told,
    report: Value,
    stdout: Vec<u8>,
    exit: Option<i32>,
}

/// Every chosen case, played once.
fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let reasons: BTreeMap<String, String> = toml::from_str(include_str!("chosen.toml")).unwrap();
        assert!(!reasons.is_empty());
        reasons.into_keys().map(case).collect()
    })
}

fn case(name: String) -> Case {
    let (output, told) = written(&["rehearse", &name], "");
    let report = serde_json::from_str(&told["json"]).unwrap_or_else(|why| panic!("{name}: {why}"));
    Case { name, told, report, stdout: output.stdout, exit: output.status.code() }
}

/// Lets the program write a report in every format to a file.
fn written(arguments: &[&str], input: &str) -> (Output, Told) {
    static FORMATS: OnceLock<Vec<String>> = OnceLock::new();
    let formats = FORMATS.get_or_init(|| formats::listed(Path::new(env!("CARGO_BIN_EXE_icloud-mail-doctor"))));
    let folder = tempfile::tempdir().unwrap();
    let path = |format: &str| folder.path().join(format);
    let reports = formats.iter().map(|format| format!("--report={format}={}", path(format).display()));
    let output =
        run(&[arguments, &reports.collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>()].concat(), input);
    let read = |format: &String| fs::read_to_string(path(format)).unwrap_or_else(|why| panic!("{arguments:?}: {why}"));
    (output, formats.iter().map(|format| (format.clone(), read(format))).collect())
}

fn run(arguments: &[&str], input: &str) -> Output {
    let mut running = Command::new(env!("CARGO_BIN_EXE_icloud-mail-doctor"))
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    running.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    running.wait_with_output().unwrap()
}

/// A report as it is kept.
fn kept(case: &Case, format: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(&case.name).join(format!("report.{format}"));
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

fn without_version_and_style(told: &str) -> String {
    let told = told.replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
    match (told.split_once("<style>"), told.split_once("</style>")) {
        (Some((before, _)), Some((_, after))) => format!("{before}<style>[STYLE]</style>{after}"),
        _ => told.clone(),
    }
}

#[test]
fn the_screen_gets_the_text_that_is_kept() {
    for case in cases() {
        assert_eq!(case.stdout, case.told["text"].as_bytes(), "{}", case.name);
        assert_eq!(without_version_and_style(&case.told["text"]), kept(case, "text"), "{}", case.name);
    }
}

/// `SNAPSHOTS=overwrite` writes it again.
#[test]
fn the_readme_shows_what_is_told() {
    const CALL: &str = "```text\n$ icloud-mail-doctor check you@icloud.com --short\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(CALL).unwrap();
    let (_, after) = rest.split_once("```").unwrap();
    let told = run(&["rehearse", "tcp/port-blocked", "--short"], "").stdout;
    let fresh = format!("{before}{CALL}{}```{after}", String::from_utf8(told).unwrap());
    Assert::new().action_env("SNAPSHOTS").eq(fresh, Data::read_from(&path, None).raw());
}

/// The reports have marks in place of the guide's words, which only the text of these cases has in full.
#[test]
fn every_format_is_told_as_it_is_kept() {
    for case in cases() {
        let mut report = case.report.clone();
        put_marks(&mut report["findings"], &serde_json::from_str(&kept(case, "json")).unwrap());
        let (_, told) = written(&["render", "-"], &report.to_string());
        for (format, told) in told.iter().filter(|(format, _)| *format != "text") {
            assert_eq!(without_version_and_style(told), kept(case, format), "{} as {format}", case.name);
        }
    }
}

/// Puts the marks of a kept report in the place of the guide's words.
fn put_marks(findings: &mut Value, kept: &Value) {
    let kept = kept["findings"].as_array().unwrap();
    assert_eq!(findings.as_array().unwrap().len(), kept.len());
    for (finding, kept) in findings.as_array_mut().unwrap().iter_mut().zip(kept) {
        for words in ["means", "worked", "steps", "links"] {
            let count = |value: &Value| value.as_array().map(Vec::len);
            assert_eq!(count(&finding[words]), count(&kept[words]), "{words} of {}", kept["cause"]);
            finding[words] = kept[words].clone();
        }
    }
}

#[test]
fn a_saved_report_is_rendered_as_the_run_told_it() {
    for case in cases() {
        let (output, told) = written(&["render", "-"], &case.told["json"]);
        assert_eq!(told, case.told, "{}", case.name);
        assert_eq!(output.status.code(), case.exit, "{}", case.name);
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
fn saved_evidence_gives_the_same_findings() {
    for case in cases() {
        let output = run(&["diagnose", "-", "--format", "json"], &case.told["json"]);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), case.told["json"], "{}", case.name);
        assert_eq!(output.status.code(), case.exit, "{}", case.name);
    }
}
