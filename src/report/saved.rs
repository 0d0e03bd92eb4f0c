//! Reads a saved report, and the evidence that its findings came from.

use std::fmt;

use checks::budget::{SAVED, TOLD};
use checks::evidence::Evidence;
use checks::learned::Learned;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::{Report, SCHEMA_VERSION};
use crate::quoted::shortened;

/// Why a text cannot be read as a report.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// A later version of this program wrote it, in this schema.
    Later(u32),
    /// The reason, in half a sentence.
    Broken(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Later(schema) => write!(out, "it was written by a later version of this program (schema {schema})"),
            Self::Broken(why) => out.write_str(why),
        }
    }
}

impl From<String> for Unreadable {
    fn from(why: String) -> Self {
        Self::Broken(why)
    }
}

#[derive(Deserialize)]
struct Version {
    schema_version: u32,
}

/// Whether a text is a report of this program, even one that this version cannot read.
pub(crate) fn is_report(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Beginning {
        #[allow(dead_code, reason = "that it is there is all that counts")]
        schema_version: u32,
        #[allow(dead_code, reason = "that it is there is all that counts")]
        tool: IgnoredAny,
    }
    parts(text) <= MOST_PARTS && serde_json::from_str::<Beginning>(text).is_ok()
}

/// Reads a report in its JSON form.
pub(crate) fn read(text: &str) -> Result<Report, Unreadable> {
    if parts(text) > MOST_PARTS {
        return Err("it holds more than any report of this program".to_owned().into());
    }
    let mut value: Value = serde_json::from_str(text).map_err(|fault| why_not_json(text, &fault))?;
    let Ok(Version { schema_version }) = Version::deserialize(&value) else {
        return Err("it is JSON, but not a report of this program".to_owned().into());
    };
    if schema_version > SCHEMA_VERSION {
        return Err(Unreadable::Later(schema_version));
    }
    let mut left_out = Vec::new();
    SAVED.cut(&mut value, &mut left_out);
    let mut report = Report::deserialize(value)
        .map_err(|fault| format!("something is missing in the report ({})", shortened(&fault.to_string())))?;
    report.left_out.extend(left_out);
    Ok(report)
}

/// Why a text is not JSON, in half a sentence: most such files came to harm on their way.
fn why_not_json(text: &str, fault: &serde_json::Error) -> String {
    let is_followed =
        || serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>().next().is_some_and(|first| first.is_ok());
    match text.trim_start().chars().next() {
        None => "it is empty".to_owned(),
        Some('{') if fault.is_eof() => "it ends in the middle of the report: ask for the whole file".to_owned(),
        Some('{') if is_followed() => "other text follows the report in it; a file holds one report".to_owned(),
        Some(first) if first != '{' && text.contains("\"schema_version\"") => {
            "other text comes before the report in it; the report begins with {".to_owned()
        }
        Some(_) => format!("it is not JSON ({fault})"),
    }
}

/// Reports are cut to a limit, and have fewer values and fields than this.
const MOST_PARTS: usize = 200_000;

/// A lower bound for the values and fields in a JSON text: each takes many times its own length in memory.
fn parts(text: &str) -> usize {
    let (mut count, mut is_text, mut is_escaped) = (0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_text,
            b'"' => is_text = !is_text,
            b',' | b'[' | b'{' | b':' => count += usize::from(!is_text),
            _ => {}
        }
    }
    count
}

/// Returns the evidence in the rows of a report from a file, within its limits.
pub(crate) fn evidence(report: &Report) -> Result<Evidence, String> {
    let mut evidence = in_rows(report)?;
    evidence.keep_to(TOLD).map_err(|fault| format!("its evidence cannot be read ({fault})"))?;
    Ok(evidence)
}

/// Returns the evidence in a report's rows.
pub(super) fn in_rows(report: &Report) -> Result<Evidence, String> {
    if let Some(row) = report.checks.iter().find(|row| row.is_unreadable()) {
        return Err(format!("the evidence of {} cannot be read", row.id()));
    }
    let settings = report.checks.iter().find_map(|row| match &row.learned {
        Learned::Settings(facts) => Some(facts.clone()),
        _ => None,
    });
    let mut evidence = Evidence::at_start(settings.ok_or("it holds no settings")?, report.started_at);
    evidence.duration_ms = report.duration_ms;
    evidence.complete = report.complete;
    // In a report that was changed by hand, the first row with a name counts.
    report.checks.iter().rev().for_each(|row| row.learned.clone().put(&mut evidence));
    // The conversations stay in the report, because no rule reads them.
    Ok(evidence)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::render::without_colours;
    use crate::render::{Detail, Format, Look, render};
    use crate::report::CheckRow;
    use crate::{rehearse, report};

    fn reports() -> &'static [Value] {
        static REPORTS: std::sync::OnceLock<Vec<Value>> = std::sync::OnceLock::new();
        REPORTS.get_or_init(|| {
            let value = |evidence| serde_json::to_value(report::compose(evidence, None)).unwrap();
            rehearse::all().iter().map(|(_, evidence)| value(evidence)).collect()
        })
    }

    /// Every number, text and list in a value, as pointers.
    fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| leaves(value, &format!("{at}/{key}"), found));
            }
            Value::Array(items) => {
                found.push(at.to_owned());
                items.iter().enumerate().for_each(|(key, value)| leaves(value, &format!("{at}/{key}"), found));
            }
            _ => found.push(at.to_owned()),
        }
    }

    fn anything() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<u64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            Just(Value::from(u64::MAX)),
            Just(Value::from(i64::MIN)),
            Just(Value::from("9999-12-31T23:59:59Z")),
            Just(Value::from("-9999-01-01T00:00:00Z")),
            Just(Value::from("\u{1b}]0;\u{202e}<script>\u{9b}2J]]></b>\u{0}`|\\")),
            Just(Value::Null),
            Just(Value::Array(Vec::new())),
        ]
    }

    #[test]
    fn what_a_later_version_asked_stays_in_the_report() {
        let later = serde_json::json!({
            "id": "of-later", "question": "?", "outcome": "asked", "deserves_a_look": false, "summary": "seen",
            "started_ms": 1, "duration_ms": 2, "evidence": { "new": [1, 2] },
        });
        let mut value = reports()[0].clone();
        value["checks"].as_array_mut().unwrap().push(later.clone());
        let report = read(&value.to_string()).unwrap();
        assert!(report.checks.last().is_some_and(CheckRow::is_of_a_later_version));
        assert_eq!(serde_json::to_value(&report).unwrap()["checks"].as_array().unwrap().last(), Some(&later));
        assert!(evidence(&report).is_ok());
    }

    #[test]
    fn evidence_that_is_not_of_its_form_is_shown_and_not_diagnosed() {
        let mut value = reports()[0].clone();
        value["checks"][1]["evidence"] = serde_json::json!({ "imap": 5 });
        let report = read(&value.to_string()).unwrap();
        assert_eq!(serde_json::to_value(&report).unwrap()["checks"][1], value["checks"][1]);
        assert_eq!(evidence(&report), Err("the evidence of dns cannot be read".to_owned()));
    }

    #[test]
    fn what_a_row_lacks_is_told_by_the_fields_name() {
        for (field, with, fault) in [
            ("evidence", None, "missing field `evidence`"),
            ("id", None, "missing field `id`"),
            ("id", Some(Value::from(5)), "invalid type: integer `5`, expected a string"),
        ] {
            let mut value = reports()[0].clone();
            let row = value["checks"][1].as_object_mut().unwrap();
            match with {
                Some(with) => row.insert(field.to_owned(), with),
                None => row.remove(field),
            };
            let why = read(&value.to_string()).unwrap_err().to_string();
            assert_eq!(why, format!("something is missing in the report ({fault})"));
        }
    }

    #[test]
    fn a_file_that_came_to_harm_says_how() {
        let whole = reports()[0].to_string();
        for (text, fault) in [
            (String::new(), "it is empty"),
            (" \n".to_owned(), "it is empty"),
            (whole[..whole.len() / 2].to_owned(), "it ends in the middle"),
            (format!("{whole}\n{whole}"), "other text follows"),
            (format!("Dear agent,\n{whole}"), "other text comes before"),
            ("Dear agent".to_owned(), "it is not JSON"),
        ] {
            let why = read(&text).unwrap_err().to_string();
            assert!(why.starts_with(fault), "{why}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            cases: 1000,
            rng_seed: proptest::test_runner::RngSeed::Fixed(3),
            ..ProptestConfig::default()
        })]

        #[test]
        fn a_report_that_somebody_changed_is_diagnosed_or_refused(
            which in any::<prop::sample::Index>(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), anything()), 1..4),
        ) {
            let mut value = reports()[which.index(reports().len())].clone();
            let mut places = Vec::new();
            leaves(&value, "", &mut places);
            for (place, with) in changes {
                // An earlier change may have removed this value.
                if let Some(leaf) = value.pointer_mut(&places[place.index(places.len())]) {
                    *leaf = with;
                }
            }
            let Ok(report) = read(&value.to_string()) else { return Ok(()) };
            if let Ok(evidence) = evidence(&report) {
                let _ = report::compose(&evidence, None);
            }
            for format in Format::all() {
                let mut out = Vec::new();
                let look = Look { width: 80, lines: None, is_plain: true, detail: Detail::Conversation };
                render(format, look, &report, &mut out).unwrap();
                // Colours are our own; the rest is what came from the report.
                let told = if format.has_styles { without_colours(&out) } else { out };
                let shown = String::from_utf8(told).unwrap();
                let is_obeyed = |letter: char| letter != '\n' && (letter.is_control() || letter == '\u{202e}');
                prop_assert!(!shown.contains(is_obeyed), "{format:?}: {shown:?}");
                prop_assert!((format.exit_code)(&report) <= 3);
            }
        }

        #[test]
        fn what_is_no_report_is_refused(text in any::<String>()) {
            prop_assert!(read(&text).is_err());
        }
    }
}
