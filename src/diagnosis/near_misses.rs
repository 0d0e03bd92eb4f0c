//! A near miss is one fact away: a cause that a case lists under `not` would be found there if one fact were different.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use checks::evidence::Evidence;
use serde_json::Value;

use super::{CAUSES, UNEXPLAINED, by_rules, diagnose, explains, mixed};
use crate::expected::{Expectation, tests};
use crate::rehearse::at_once;

fn finds(evidence: &Evidence, cause: &str) -> bool {
    diagnose(evidence).iter().any(|found| found.cause == cause)
}

/// Whether the cause's own rule fits, and only another cause that explains it keeps it out of the report.
fn fits(evidence: &Evidence, cause: &str) -> bool {
    by_rules(evidence, 0..CAUSES.len(), |_, _| false).iter().any(|found| found.cause == cause)
}

/// Whether nothing would explain the case without the rules of the causes that are found in it.
fn is_explained_by_few(evidence: &Evidence) -> bool {
    let found = diagnose(evidence);
    let others = (0..CAUSES.len()).filter(|row| found.iter().all(|found| found.cause != CAUSES[*row].id));
    by_rules(evidence, others, explains).iter().any(|found| found.cause == UNEXPLAINED)
}

/// The smallest places at which two pieces of evidence differ. All settings for one server count as one fact.
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

/// The evidence with these places as they are in the other.
fn changed(evidence: &Value, places: &[&str], as_in: &Value) -> Option<Evidence> {
    let mut changed = evidence.clone();
    for place in places {
        *changed.pointer_mut(place)? = as_in.pointer(place)?.clone();
    }
    serde_json::from_value(changed).ok()
}

/// A recorded case, and the causes that are found in it.
struct Recorded {
    name: &'static str,
    evidence: &'static Evidence,
    value: Value,
    found: Vec<&'static str>,
}

fn recorded() -> Vec<Recorded> {
    let all: Vec<&'static (String, Evidence)> = mixed::recorded().iter().collect();
    at_once(&all, |&(name, evidence)| Recorded {
        name,
        evidence,
        value: serde_json::to_value(evidence).unwrap(),
        found: diagnose(evidence).iter().map(|found| found.cause).collect(),
    })
}

/// Whether the cause is found when one fact, of one server or of both, is as another case has it.
fn is_one_fact_away(here: &Value, cause: &str, all: &[Recorded]) -> bool {
    let with_places = |other: &Recorded| {
        let mut places = Vec::new();
        differences(here, &other.value, "", &mut places);
        places
    };
    let others = all.iter().filter(|other| other.found.contains(&cause));
    let mut others: Vec<(&Value, Vec<String>)> = others.map(|other| (&other.value, with_places(other))).collect();
    // The most similar case is the most likely to show it; then the other cases need not be tried.
    others.sort_by_key(|(_, places)| places.len());
    others.iter().any(|(there, places)| {
        places.iter().any(|place| {
            let opposite = opposite(place);
            let finds_with =
                |places: &[&str]| changed(here, places, there).is_some_and(|changed| finds(&changed, cause));
            finds_with(&[place]) || (opposite != *place && finds_with(&[place, &opposite]))
        })
    })
}

/// The causes that a case lists as near and that are not.
fn far(case: &Recorded, all: &[Recorded]) -> Vec<String> {
    let expectation = Expectation::of(&tests().join(case.name));
    let is_near = |cause: &str| match cause {
        UNEXPLAINED => is_explained_by_few(case.evidence),
        known => fits(case.evidence, known) || is_one_fact_away(&case.value, known, all),
    };
    let far = expectation.not.iter().filter(|cause| case.found.contains(&cause.as_str()) || !is_near(cause));
    far.map(|cause| format!("{} is not one fact away from {cause}", case.name)).collect()
}

#[test]
fn what_a_case_is_not_it_nearly_is() {
    let all = recorded();
    let far = at_once(&all, |case| far(case, &all)).concat();
    assert!(far.is_empty(), "{}", far.join("\n"));
}
