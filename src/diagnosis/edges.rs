//! Every line of the table that says which cause explains another has a case: without the line, the report would
//! differ.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::BTreeMap;

use checks::evidence::Evidence;
use serde::Deserialize;

use super::{CAUSES, Diagnosis, by_rules, diagnose, explains, mixed};

/// Two faults at once: a recorded case, with parts of other cases.
#[derive(Deserialize)]
struct Joined {
    case: String,
    /// For each part, the case that it is taken from.
    with: BTreeMap<String, String>,
    /// The causes, in order.
    found: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    joined: Vec<Joined>,
}

fn joined() -> Vec<(Joined, Evidence)> {
    let file: File = toml::from_str(include_str!("../../tests/joined.toml")).unwrap();
    let put_together = |joined: Joined| {
        let mut evidence = mixed::of(&joined.case).clone();
        joined.with.iter().for_each(|(part, from)| mixed::replace(part, &mut evidence, mixed::of(from)));
        (joined, evidence)
    };
    file.joined.into_iter().map(put_together).collect()
}

fn ids(found: &[Diagnosis]) -> Vec<&'static str> {
    found.iter().map(|diagnosis| diagnosis.cause).collect()
}

#[test]
fn two_faults_at_once_are_told_as_expected() {
    let told = joined().into_iter().map(|(joined, evidence)| (ids(&diagnose(&evidence)), joined));
    let otherwise: Vec<String> = told
        .filter(|(found, joined)| *found != joined.found)
        .map(|(found, joined)| format!("{} with {:?}: {found:?}", joined.case, joined.with))
        .collect();
    assert!(otherwise.is_empty(), "told otherwise:\n{}", otherwise.join("\n"));
}

#[test]
fn what_explains_what_is_held_by_a_case() {
    let joined = joined();
    let cases: Vec<(&Evidence, Vec<Diagnosis>)> = mixed::recorded()
        .iter()
        .map(|(_, evidence)| evidence)
        .chain(joined.iter().map(|(_, evidence)| evidence))
        .map(|evidence| (evidence, diagnose(evidence)))
        .collect();
    let mut unheld = Vec::new();
    for (row, cause) in CAUSES.iter().enumerate() {
        for (explained, _) in cause.explains {
            let other = CAUSES.iter().position(|cause| cause.id == *explained);
            let other = other.unwrap_or_else(|| panic!("{}: there is no cause {explained}", cause.id));
            let without = |by: usize, what: usize| (by, what) != (row, other) && explains(by, what);
            let tells = |(evidence, found): &(&Evidence, Vec<Diagnosis>)| {
                by_rules(evidence, 0..CAUSES.len(), without) != *found
            };
            if !cases.iter().any(tells) {
                unheld.push(format!("{} explains {explained}", cause.id));
            }
        }
    }
    assert!(unheld.is_empty(), "held by no case:\n{}", unheld.join("\n"));
}
