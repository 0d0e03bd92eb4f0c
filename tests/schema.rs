//! The JSON Schema of the report, as the binary prints it: every report follows it, and it rejects what is not a
//! report. That it matches the types is checked in `src/report/schema.rs`, which rewrites `report.schema.json` by
//! `SNAPSHOTS=overwrite cargo test --lib schema`; then it has to be read.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod doctor;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// What may be left out of a report, because it was so before the schema was written, or because only a run with earlier
/// sign-ins or with a refusal after the sign-in has it. Everything else is always there.
const SOMETIMES_LEFT_OUT: [&str; 9] = [
    "by_round_trip",
    "data",
    "earlier_sign_ins",
    "folders_refused",
    "held_back",
    "issuer_organisation_is_public",
    "mangled_by",
    "system_by",
    "truncated",
];

fn read(arguments: &[&str]) -> Value {
    let (_, told, _) = doctor::run(arguments);
    serde_json::from_str(&told).unwrap_or_else(|why| panic!("{arguments:?}: {why}"))
}

fn schema() -> Value {
    read(&["schema"])
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).unwrap()
}

/// Every recorded case's report as it is kept, by the name of the case.
fn reports() -> &'static [(String, Value)] {
    static REPORTS: OnceLock<Vec<(String, Value)>> = OnceLock::new();
    REPORTS.get_or_init(|| {
        let kept = |folder: &Path| fs::read_to_string(folder.join("report.json")).unwrap();
        let read = |(name, folder): (String, PathBuf)| (name, serde_json::from_str(&kept(&folder)).unwrap());
        doctor::recorded().into_iter().map(read).collect()
    })
}

/// Where a report does not keep to the schema, as pointers.
fn faults(validator: &Validator, report: &Value) -> Vec<String> {
    validator.iter_errors(report).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}

/// The first report that has something at a place below the evidence of a row, with the whole pointer to it.
fn with_evidence(id: &str, place: &str) -> (Value, String) {
    let found = reports().iter().find_map(|(_, report)| {
        let row = report["checks"].as_array().unwrap().iter().position(|row| row["id"] == id)?;
        let pointer = format!("/checks/{row}/evidence{place}");
        report.pointer(&pointer).is_some().then(|| (report.clone(), pointer))
    });
    found.unwrap_or_else(|| panic!("no case has {place} in {id}"))
}

#[test]
fn every_report_keeps_to_it() {
    let validator = validator(&schema());
    for (name, report) in reports() {
        assert_eq!(faults(&validator, report), Vec::<String>::new(), "{name}");
    }
}

/// That what is kept is what the program writes is held by `src/rehearse/cases.rs`.
#[test]
fn so_does_a_report_that_the_program_has_just_written() {
    let validator = validator(&schema());
    for name in ["password-refused", "cut-short", "outage-without-trouble"] {
        let report = read(&["rehearse", name, "--format", "json"]);
        assert_eq!(faults(&validator, &report), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_explanation_keeps_to_it() {
    let mut of_finding = schema();
    let definitions = of_finding["$defs"].take();
    let finding = validator(&json!({ "$ref": "#/$defs/Finding", "$defs": definitions }));
    for text in
        [None, Some("535 5.7.8 Error: authentication failed, imap.mail.me.com"), Some("nothing is known of this")]
    {
        let arguments: Vec<&str> = ["explain", "--format", "json"].into_iter().chain(text).collect();
        let explanation = read(&arguments);
        let keys: Vec<&String> = explanation.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["findings", "question", "schema_version"], "{text:?}");
        assert_eq!(explanation["schema_version"], reports()[0].1["schema_version"]);
        for found in explanation["findings"].as_array().unwrap() {
            assert_eq!(faults(&finding, found), Vec::<String>::new(), "{text:?}");
        }
    }
}

#[test]
fn every_comparison_keeps_to_its_own() {
    let validator = validator(&read(&["schema", "comparison"]));
    let all = doctor::recorded();
    let report = |folder: &Path| folder.join("report.json").display().to_string();
    let of = |name: &str| report(&all.iter().find(|(known, _)| known == name).unwrap().1);
    for (_, folder) in all.iter().step_by(7) {
        let comparison = read(&["compare", &of("imap/healthy-apple"), &report(folder), "--anyway", "--format", "json"]);
        assert_eq!(faults(&validator, &comparison), Vec::<String>::new(), "{}", folder.display());
    }
}

#[test]
fn what_is_no_report_is_refused() {
    let validator = validator(&schema());
    let (mut of_numbers, address) = with_evidence("dns", "/imap/addresses/0/address");
    *of_numbers.pointer_mut(&address).unwrap() = json!(17);
    let (mut of_no_moment, moment) = with_evidence("tls", "/imap/seen_at");
    *of_no_moment.pointer_mut(&moment).unwrap() = json!("yesterday");
    let (mut of_another_word, word) = with_evidence("tcp", "/imap/attempts/0/failed");
    *of_another_word.pointer_mut(&word).unwrap() = json!("indisposed");
    let mut of_another_outcome = reports()[0].1.clone();
    of_another_outcome["checks"][0]["outcome"] = json!("splendid");
    let mut of_another_version = reports()[0].1.clone();
    of_another_version["schema_version"] = json!(2);
    for (report, place) in [
        (of_numbers, address.as_str()),
        (of_no_moment, &moment),
        (of_another_word, &word),
        (of_another_outcome, "/checks/0/outcome"),
        (of_another_version, "/schema_version"),
    ] {
        // Where null would do as well, the error is reported at the enclosing place.
        let is_there = |fault: &String| fault.split_once(": ").is_some_and(|(around, _)| place.starts_with(around));
        let faults = faults(&validator, &report);
        assert!(faults.len() == 1 && faults.iter().all(is_there), "{place}: {faults:?}");
    }
}

#[test]
fn no_field_of_a_report_can_be_missing() {
    let validator = validator(&schema());
    let report = &reports()[0].1;
    for key in report.as_object().unwrap().keys() {
        let mut without = report.clone();
        without.as_object_mut().unwrap().remove(key);
        assert_eq!(faults(&validator, &without).len(), 1, "{key}");
    }
}

#[test]
fn the_evidence_of_every_row_is_described() {
    let validator = validator(&schema());
    for (name, report) in reports() {
        for (at, row) in report["checks"].as_array().unwrap().iter().enumerate() {
            let mut without = report.clone();
            without["checks"][at]["evidence"] = json!({});
            assert!(!validator.is_valid(&without), "{name}: {}", row["id"]);
        }
    }
}

#[test]
fn a_field_that_is_added_later_is_accepted_everywhere() {
    fn add(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (key, value) in &mut *fields {
                    match value {
                        // The years are a map, and their numbers are not fields.
                        Value::Object(years) if key == "years" => years.values_mut().for_each(add),
                        value => add(value),
                    }
                }
                fields.insert("added_later".to_owned(), json!({ "words": ["of", 2027] }));
            }
            Value::Array(items) => items.iter_mut().for_each(add),
            _ => {}
        }
    }
    let validator = validator(&schema());
    for (name, report) in reports() {
        let mut later = report.clone();
        add(&mut later);
        assert_eq!(faults(&validator, &later), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_is_always_written_is_required() {
    fn hold(schema: &Value) {
        let Some(fields) = schema.as_object() else {
            return schema.as_array().into_iter().flatten().for_each(hold);
        };
        // What stands under a condition speaks of a row whose fields are required already.
        if let (Some(Value::Object(properties)), Some("object")) = (fields.get("properties"), schema["type"].as_str()) {
            let required = schema["required"].as_array().unwrap();
            let missing = properties.keys().filter(|key| !required.contains(&json!(key)));
            for key in missing {
                assert!(SOMETIMES_LEFT_OUT.contains(&key.as_str()), "{key} of {properties:?}");
            }
        }
        fields.values().for_each(hold);
    }
    hold(&schema());
}

#[test]
fn every_definition_has_a_name_of_its_own() {
    for name in schema()["$defs"].as_object().unwrap().keys() {
        // A second type of one name would be given a digit.
        assert!(name.chars().all(|letter| letter.is_ascii_alphabetic()), "{name}");
        assert!(name.starts_with(|letter: char| letter.is_ascii_uppercase()), "{name}");
    }
}
