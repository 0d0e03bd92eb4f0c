//! Replays every recorded case in process: what the servers said, and the report for the user.
//!
//! A case is a folder below `tests/`: `case.toml` (what the servers said, written by `check --record`), `expect.toml`
//! (what must be found and what must not, written by a person), and the report as `report.text` and `report.json`
//! (rewritten by `SNAPSHOTS=overwrite cargo test --lib rehearse::cases`, and then read). The cases of
//! `tests/chosen.toml` are kept in the other formats too. `tests/cases.rs` checks that the program prints the same.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;

use checks::evidence::Evidence;
use snapbox::{Assert, Data};

use super::{CASES, all, at_once, marks, planned};
use crate::check::{self, Place};
use crate::cli::{self, Command};
use crate::diagnosis::{self, CAUSES, Cause, SeenIn};
use crate::expected::{Expectation, below, recorded, tests};
use crate::render::without_colours;
use crate::render::{Detail, Format, Look, render};
use crate::report::{CheckOutcome, Report, Severity, Verdict, page_of, saved};
use crate::retell;

pub(super) struct Case {
    pub(super) name: &'static str,
    expectation: Expectation,
    /// The report as `rehearse` writes it to a file.
    pub(super) report: Report,
    /// The same with marks in the place of the guide's words.
    marked: Report,
}

/// Every case, replayed once.
pub(super) fn cases() -> &'static [Case] {
    static PLAYED: OnceLock<Vec<Case>> = OnceLock::new();
    PLAYED.get_or_init(|| {
        let played: Vec<_> = CASES.all().iter().zip(all()).collect();
        at_once(&played, |((name, text), (_, evidence))| case(name, text, evidence))
    })
}

fn case(name: &'static str, text: &str, evidence: &Evidence) -> Case {
    let report = reported(name, text, evidence);
    let mut marked = report.clone();
    for (finding, diagnosis) in marked.findings.iter_mut().zip(diagnosis::diagnose(evidence)) {
        marks::put(finding, &page_of(evidence, &diagnosis));
    }
    Case { name, expectation: Expectation::of(&tests().join(name)), report, marked }
}

/// The report that `rehearse NAME` makes without further arguments.
fn reported(name: &str, text: &str, evidence: &Evidence) -> Report {
    let Some(Command::Rehearse(arguments)) = cli::read(["", "rehearse", name].map(Into::into)).unwrap().command else {
        panic!("{name} is not rehearsed");
    };
    let (_, plan, _) = planned(name, text).unwrap();
    check::reports(evidence, &plan, &Place::elsewhere(), &arguments.telling).unwrap().for_others
}

/// The names of the cases that are kept in every format.
pub(super) fn chosen() -> BTreeSet<String> {
    let reasons: BTreeMap<String, String> = toml::from_str(include_str!("../../tests/chosen.toml")).unwrap();
    reasons.into_keys().collect()
}

/// A report as it is written to a file.
fn told(report: &Report, format: Format, is_plain: bool) -> String {
    let mut out = Vec::new();
    render(format, Look { width: 80, lines: None, is_plain, detail: Detail::Usual }, report, &mut out).unwrap();
    let told = if format.has_styles { without_colours(&out) } else { out };
    String::from_utf8(told).unwrap()
}

/// The style sheet is kept in one file; without this it would be in every kept page.
fn without_style(told: &str) -> String {
    match (told.split_once("<style>"), told.split_once("</style>")) {
        (Some((before, _)), Some((_, after))) => format!("{before}<style>[STYLE]</style>{after}"),
        _ => told.to_owned(),
    }
}

/// Only the text reports of the chosen cases contain the guide's words; all others contain marks, so that a change of a
/// page does not change every report that names its cause.
fn kept(case: &Case, format: Format, chosen: &BTreeSet<String>) -> Option<String> {
    let is_chosen = chosen.contains(case.name);
    let report = match format.name {
        "text" if is_chosen => &case.report,
        "text" | "json" => &case.marked,
        _ if is_chosen => &case.marked,
        _ => return None,
    };
    Some(without_style(&told(report, format, false).replace(env!("CARGO_PKG_VERSION"), "[VERSION]")))
}

#[test]
fn every_case_is_in_the_program_as_it_is_in_its_folder() {
    assert_eq!(CASES.all().len(), recorded().len());
    for (name, text) in CASES.all() {
        assert_eq!(*text, fs::read_to_string(tests().join(name).join("case.toml")).unwrap(), "{name}");
    }
}

#[test]
fn every_case_is_told_as_it_was_last_read() {
    let (assert, chosen) = (Assert::new().action_env("SNAPSHOTS"), chosen());
    for case in cases() {
        for format in Format::all() {
            let path = tests().join(case.name).join(format!("report.{}", format.name));
            match kept(case, format, &chosen) {
                Some(kept) => assert.eq(kept, Data::read_from(&path, None).raw()),
                None => assert!(!path.exists(), "{} is compared with nothing", path.display()),
            }
        }
    }
}

/// With more, too many reports would have to be read again after each change of a page.
#[test]
fn the_words_of_a_page_are_kept_in_three_reports_at_most() {
    let chosen = chosen();
    for cause in CAUSES {
        let tells = |case: &&Case| case.report.findings.iter().any(|finding| finding.cause == cause.id);
        let kept = cases().iter().filter(|case| chosen.contains(case.name)).filter(tells).count();
        assert!(kept <= 3, "{} is the cause of {kept} chosen cases", cause.id);
    }
}

#[test]
fn the_exit_code_is_the_verdicts() {
    for case in cases() {
        let code = match case.report.verdict {
            Verdict::Healthy => 0,
            Verdict::Trouble => 1,
            Verdict::Unclear => 3,
        };
        assert_eq!((Format::usual().exit_code)(&case.report), code, "{}", case.name);
    }
}

#[test]
fn every_case_finds_what_is_expected_and_nothing_near_it() {
    for case in cases() {
        let found: Vec<&str> = case.report.findings.iter().map(|finding| finding.cause.as_str()).collect();
        assert_eq!(found, case.expectation.found, "{}", case.name);
        for near in &case.expectation.not {
            assert!(!found.contains(&near.as_str()), "{}: {near}", case.name);
        }
    }
}

/// What the settings files are expected to lead to, as `tests/review.rs` checks: some causes are found only in a file.
fn reviewed() -> Vec<Expectation> {
    below(&tests().join("review"))
        .iter()
        .flat_map(|program| below(program))
        .map(|case| Expectation::of(&case))
        .collect()
}

#[test]
fn every_cause_has_a_case_and_a_near_miss() {
    // What is seen in a pasted text alone has its texts in `tests/explain/corpus.toml`, and a test in `src/explain`.
    let is_in_text = |cause: &&Cause| cause.unchecked() == Some(SeenIn::Text);
    let known: BTreeSet<&str> = CAUSES.iter().filter(|cause| !is_in_text(cause)).map(|cause| cause.id).collect();
    let reviewed = reviewed();
    let first = cases().iter().filter_map(|case| case.expectation.found.first());
    let first: BTreeSet<&str> =
        first.chain(reviewed.iter().flat_map(|expectation| &expectation.found)).map(String::as_str).collect();
    let near = cases().iter().map(|case| &case.expectation).chain(&reviewed).flat_map(|expectation| &expectation.not);
    let near: BTreeSet<&str> = near.map(String::as_str).collect();
    let less = |all: &BTreeSet<&'static str>, those: &BTreeSet<&str>| -> Vec<&str> {
        all.iter().copied().filter(|cause| !those.contains(cause)).collect()
    };
    assert_eq!(less(&known, &first), Vec::<&str>::new(), "no case has this cause first");
    assert_eq!(less(&known, &near), Vec::<&str>::new(), "no case is a near miss of this cause");
    assert_eq!(near.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "there is no such cause");
}

#[test]
fn a_reason_names_the_question_that_was_asked() {
    for Case { name, report, .. } in cases() {
        for finding in &report.findings {
            for seen in finding.because.iter().chain(&finding.against) {
                let row = report.checks.iter().find(|row| row.is_by(&seen.by));
                let row = row.unwrap_or_else(|| panic!("{name}: {seen:?}"));
                // A status page that could not be read shows something too, about the way to it.
                let is_of_the_page = seen.saw.starts_with("Apple's status page could not be read: ");
                // So does a server that was not given the password, because of what it said before.
                let is_of_before = finding.cause == "sign-ins-held-back";
                let is_of_another = is_of_the_page || is_of_before;
                assert!(row.outcome != CheckOutcome::NotAsked || is_of_another, "{name}: {seen:?}");
            }
        }
    }
}

#[test]
fn a_healthy_account_has_no_trouble_and_a_troubled_check_has_a_cause() {
    for Case { name, report, .. } in cases() {
        let has_trouble = report.of(Severity::Trouble).next().is_some();
        assert_eq!(report.verdict == Verdict::Trouble, has_trouble, "{name}");
        let is_troubled = report.checks.iter().any(|row| row.outcome == CheckOutcome::Troubled);
        assert!(!is_troubled || has_trouble, "{name}: a troubled check without a cause");
    }
}

#[test]
fn saved_evidence_gives_the_same_findings() {
    let json = Format::named("json").unwrap();
    for Case { name, report, .. } in cases() {
        let saved = saved::read(&told(report, json, false)).unwrap();
        assert_eq!(saved, *report, "{name}");
        assert_eq!(retell::again(saved, None).unwrap(), *report, "{name}");
    }
}

#[test]
fn a_stand_in_is_an_address_that_nobody_has_and_is_told_as_one() {
    let mut told_of = 0;
    for Case { name, report, .. } in cases() {
        for stand_in in report.stand_ins.iter().map(ToString::to_string) {
            let blocks = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"];
            assert!(blocks.iter().any(|block| stand_in.starts_with(block)), "{name}: {stand_in}");
            // These two formats list all findings for programs.
            for format in Format::all().filter(|format| !["json", "openmetrics"].contains(&format.name)) {
                let told = told(report, format, false).split_whitespace().collect::<Vec<_>>().join(" ");
                if told.contains(&stand_in) {
                    told_of += 1;
                    assert!(told.contains("stand-in"), "{name}: {format:?}");
                    assert!(told.contains("--show-address"), "{name}: {format:?}");
                }
            }
        }
    }
    assert!(told_of > 0, "no case has any");
}

#[test]
fn no_case_asks_what_it_does_not_hold() {
    for Case { name, report, .. } in cases() {
        let report = serde_json::to_string(report).unwrap();
        assert!(!report.contains("not-recorded"), "{name} has to be recorded again");
        assert!(!report.contains("has to be recorded again"), "{name} has to be recorded again");
    }
}

#[test]
fn plain_words_have_no_symbols_and_no_columns() {
    for case in cases() {
        for line in told(&case.report, Format::usual(), true).lines() {
            let marks = ['✓', '✗', '·', '–'];
            assert!(!line.trim_start().starts_with(marks), "{}: {line}", case.name);
            assert!(!line.trim_start().contains("   "), "{}: {line}", case.name);
        }
    }
}
