//! A near miss is one fact away: what a case names under `not` would be found there, if one thing were otherwise.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::fs;
use std::path::Path;

use checks::evidence::Evidence;
use serde::Deserialize;
use serde_json::Value;

use super::{CAUSES, UNEXPLAINED, by_rules, diagnose, explains, mixed};

/// What a person expects of a case.
#[derive(Deserialize)]
struct Expectation {
    /// Causes that are near, and must not be found.
    not: Vec<String>,
}

fn finds(evidence: &Evidence, cause: &str) -> bool {
    diagnose(evidence).iter().any(|found| found.cause == cause)
}

/// Whether the cause's own rule fits, and only what another cause explains keeps it from being told.
fn fits(evidence: &Evidence, cause: &str) -> bool {
    by_rules(evidence, 0..CAUSES.len(), |_, _| false).iter().any(|found| found.cause == cause)
}

/// Whether nothing would explain the case if the rules of what is found in it were not there.
fn is_explained_by_few(evidence: &Evidence) -> bool {
    let found = diagnose(evidence);
    let others = (0..CAUSES.len()).filter(|row| found.iter().all(|found| found.cause != CAUSES[*row].id));
    by_rules(evidence, others, explains).iter().any(|found| found.cause == UNEXPLAINED)
}

/// The places at which two pieces of evidence differ, the smallest that hold a difference. What is set for a server is
/// one fact.
fn differences(one: &Value, other: &Value, at: &str, found: &mut Vec<String>) {
    let is_one_fact = ["/settings/imap", "/settings/smtp"].contains(&at);
    match (one, other) {
        _ if one == other => {}
        (Value::Object(fields), Value::Object(others)) if !is_one_fact && fields.keys().eq(others.keys()) => {
            for (key, field) in fields {
                differences(field, &others[key], &format!("{at}/{key}"), found);
            }
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            for (place, (item, other)) in items.iter().zip(others).enumerate() {
                differences(item, other, &format!("{at}/{place}"), found);
            }
        }
        _ => found.push(at.to_owned()),
    }
}

/// The same fact of the other server.
fn opposite(place: &str) -> String {
    match place.contains("imap") {
        true => place.replace("imap", "smtp"),
        false => place.replace("smtp", "imap"),
    }
}

/// The evidence with these places as they are in another.
fn changed(evidence: &Value, places: &[&str], as_in: &Value) -> Option<Evidence> {
    let mut changed = evidence.clone();
    for place in places {
        *changed.pointer_mut(place)? = as_in.pointer(place)?.clone();
    }
    serde_json::from_value(changed).ok()
}

/// Whether one fact as another case has it, of one server or of both, lets the cause be found.
fn is_one_fact_away(evidence: &Evidence, cause: &str) -> bool {
    let here = serde_json::to_value(evidence).unwrap();
    mixed::recorded().iter().filter(|(_, other)| finds(other, cause)).any(|(_, other)| {
        let there = serde_json::to_value(other).unwrap();
        let mut places = Vec::new();
        differences(&here, &there, "", &mut places);
        places.iter().any(|place| {
            let opposite = opposite(place);
            let finds_with =
                |places: &[&str]| changed(&here, places, &there).is_some_and(|changed| finds(&changed, cause));
            finds_with(&[place]) || finds_with(&[place, &opposite])
        })
    })
}

#[test]
fn what_a_case_is_not_it_nearly_is() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut far = Vec::new();
    for (name, evidence) in mixed::recorded() {
        let text = fs::read_to_string(tests.join(name).join("expect.toml")).unwrap();
        let expectation: Expectation = toml::from_str(&text).unwrap();
        for cause in &expectation.not {
            let is_near = match cause.as_str() {
                UNEXPLAINED => is_explained_by_few(evidence),
                cause => fits(evidence, cause) || is_one_fact_away(evidence, cause),
            };
            if !is_near || finds(evidence, cause) {
                far.push(format!("{name} is not one fact away from {cause}"));
            }
        }
    }
    assert!(far.is_empty(), "{}", far.join("\n"));
}
