//! Whatever the names of a user and a computer are, and wherever a server repeats them: no masked report shows them,
//! our own words stay unchanged, and the diagnosis of the masked report is that of the run.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use checks::evidence::Evidence;
use checks::plan::Plan;
use serde_json::Value;

use super::kinds::{Kind, may_name, of_report};
use super::{Computer, Masked, masked};
use crate::report::{self, Machine, Report, saved};
use crate::{rehearse, texts};

const NAMES: [&str; 13] = [
    "mail",
    "imap",
    "inbox",
    "ann",
    "server",
    "a.b",
    "ottilie.kranz",
    "x+(y)[z]*",
    "settings",
    "silent",
    "misspelt",
    "Änne",
    "kuni\u{fdd3}gunde",
];
/// No server says these words, so our own uses of them have to stay.
const WORDS_OF_OURS: [&str; 6] = ["silent", "settings", "misspelt", "imap", "router", "computer"];
const HOSTS: [&str; 5] = ["imap", "mail-laptop", "router", "annas-laptop", "computer"];

/// A run of a user with this name, which servers repeat in many places.
fn run_of(name: &str, host: &str, plan: &mut Plan, evidence: &Evidence, padding: usize) -> Option<Evidence> {
    let email = format!("{name}@icloud.com");
    for given in [&mut plan.imap.login, &mut plan.smtp.login, &mut plan.email].into_iter().flatten() {
        *given = if given.contains('@') { email.clone() } else { name.to_owned() };
    }
    let mut value = serde_json::to_value(evidence).unwrap();
    let [named, host] = [name, host].map(|word| if WORDS_OF_OURS.contains(&word) { "-" } else { word });
    let said = format!("{} {named}, {email} at {host}.fritz.box [10.9.8.7] in /home/anna/x", "x".repeat(padding));
    texts::each(&mut value, |place, text| match place {
        [.., "login" | "email"] => *text = if text.contains('@') { email.clone() } else { name.to_owned() },
        [.., "sign_in", "answer"] | [.., "greeting", "text"] => text.push_str(&said),
        [.., "lines", "text"] if text.starts_with("* OK") => text.push_str(&said),
        _ => {}
    });
    serde_json::from_value(value).ok()
}

/// A run of a user with this name on a computer with this name, and the reports on it.
struct Run {
    called: String,
    name: &'static str,
    host: &'static str,
    evidence: Evidence,
    masked: Masked,
}

/// Two runs for each recorded case; each is masked once.
fn runs() -> &'static [Run] {
    static RUNS: OnceLock<Vec<Run>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let cases: Vec<_> = rehearse::all().iter().enumerate().collect();
        let of_case = |(nth, (case, evidence)): &(usize, &(String, Evidence))| {
            let mut plan = rehearse::plan(case);
            let turns = (0..2).filter_map(|turn| {
                let (name, host) = (NAMES[(nth * 2 + turn) % NAMES.len()], HOSTS[(nth + turn) % HOSTS.len()]);
                let evidence = run_of(name, host, &mut plan, evidence, (nth * 7 + turn * 13) % 110)?;
                let draft = report::draft(&evidence, None, Machine::unknown());
                let masked = masked(draft, &plan, &Computer::called(host), true).unwrap();
                Some(Run { called: format!("{case} of {name} on {host}"), name, host, evidence, masked })
            });
            turns.collect::<Vec<_>>()
        };
        rehearse::at_once(&cases, of_case).into_iter().flatten().collect()
    })
}

fn has_word(text: &str, word: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices(&word.to_lowercase()).any(|(at, found)| {
        let is_side = |side: Option<char>| side.is_some_and(|side| side.is_alphanumeric() || "_-".contains(side));
        !is_side(text[..at].chars().next_back()) && !is_side(text[at + found.len()..].chars().next())
    })
}

#[test]
fn nothing_that_names_somebody_is_in_a_masked_report() {
    for Run { called, name, host, masked, .. } in runs() {
        for (report, is_for_others) in [(&masked.for_others, true), (masked.for_oneself.as_ref().unwrap(), false)] {
            let mut value = serde_json::to_value(report).unwrap();
            texts::each(&mut value, |place, text| {
                let told = || format!("{called}: {} is {text}", place.join("."));
                assert!(!text.contains(['\u{fdd0}', '\u{fdd1}', '\u{fdd2}', '\u{fdd3}']), "{}", told());
                assert!(!text.to_lowercase().contains(&format!("{}@icloud", name.to_lowercase())), "{}", told());
                assert!(!may_name(place) || !has_word(text, name), "{}", told());
                assert!(!text.contains(&format!("\"{name}\"")), "{}", told());
                if is_for_others {
                    assert!(!text.contains("10.9.8.") && !text.contains("/home/anna"), "{}", told());
                    assert!(!text.contains(&format!("{host}.fritz")), "{}", told());
                }
            });
        }
    }
}

#[test]
fn an_address_that_a_server_encodes_is_in_none_of_our_sentences_either() {
    let encoded = STANDARD.encode("ottilie.kranz@icloud.com");
    let mut quoting = 0;
    for (case, evidence) in rehearse::all() {
        let mut plan = rehearse::plan(case);
        let Some(told) = run_of("ottilie.kranz", "router", &mut plan, evidence, 0) else { continue };
        let mut value = serde_json::to_value(&told).unwrap();
        texts::each(&mut value, |place, text| {
            if place.ends_with(&["sign_in", "answer"]) {
                text.insert_str(0, &format!("{encoded} "));
            }
        });
        let told: Evidence = serde_json::from_value(value).unwrap();
        let shown = |draft: report::Draft| serde_json::to_string(&draft.unmasked()).unwrap();
        let draft = || report::draft(&told, None, Machine::unknown());
        quoting += usize::from(shown(draft()).matches(&encoded).count() > 1);
        let masked = masked(draft(), &plan, &Computer::default(), false).unwrap().for_others;
        assert!(!serde_json::to_string(&masked).unwrap().contains(&encoded), "{case}");
    }
    assert!(quoting > 0, "no sentence quotes an answer");
}

#[test]
fn our_own_words_are_as_they_were() {
    let ours = |report: &Report| {
        let (mut value, mut ours) = (serde_json::to_value(report).unwrap(), Vec::new());
        texts::each(&mut value, |place, text| {
            // A page is filled with the facts that its readers may see.
            let is_of_a_page = matches!(place, ["findings", "means" | "steps"]);
            if of_report(place) == Kind::Ours && !is_of_a_page {
                ours.push(format!("{}: {text}", place.join(".")));
            }
        });
        ours
    };
    for Run { called, evidence, masked, .. } in runs() {
        assert_eq!(ours(&masked.for_others), ours(&report::compose(evidence, None)), "{called}");
    }
}

#[test]
fn a_masked_report_is_diagnosed_as_the_run_was() {
    let texts = |report: &Report| {
        let Report { verdict, conclusion, checks, findings, next, chains, settings, .. } = report;
        let kept = (verdict, conclusion, checks, findings, next, chains, settings);
        let (mut value, mut texts): (Value, _) = (serde_json::to_value(kept).unwrap(), Vec::new());
        texts::each(&mut value, |place, text| texts.push(format!("{}: {text}", place.join("."))));
        texts
    };
    for Run { called, masked, .. } in runs() {
        for told in [&masked.for_others, masked.for_oneself.as_ref().unwrap()] {
            let (again, told) = (texts(&report::compose(&saved::evidence(told).unwrap(), None)), texts(told));
            let differences: Vec<_> = again.iter().zip(&told).filter(|(again, told)| again != told).collect();
            assert!(differences.is_empty() && again.len() == told.len(), "{called}: {differences:#?}");
        }
    }
}
