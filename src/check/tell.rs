//! Turns the evidence into the report, once, and delivers it in every form that was asked for.

use std::io::IsTerminal as _;

use checks::evidence::Evidence;
use checks::network::clock::Stopwatch;
use checks::plan::Plan;

use super::Place;
use crate::cli::TellingArguments;
use crate::misuse::Misuse;
use crate::output::Destinations;
use crate::privacy::{self, Masked};
use crate::report::{self, Report};

/// Writes the report to every destination that was asked for, and returns the exit code.
pub(crate) fn tell(
    evidence: &Evidence,
    plan: &Plan,
    place: &Place,
    telling: &TellingArguments,
    destinations: &Destinations,
) -> Result<u8, Misuse> {
    let Masked { for_others, for_oneself } = reports(evidence, plan, place, telling)?;
    Ok(destinations.write(&for_others, for_oneself.as_ref().unwrap_or(&for_others)))
}

/// The report for others and for the user at the terminal, masked unless `--show-address` is given.
pub(crate) fn reports(
    evidence: &Evidence,
    plan: &Plan,
    place: &Place,
    telling: &TellingArguments,
) -> Result<Masked, Misuse> {
    let draft = report::draft(evidence, telling.client.as_deref(), place.machine.clone());
    if telling.show_address {
        return Ok(Masked { for_others: draft.unmasked(), for_oneself: None });
    }
    let watch = Stopwatch::start();
    let masked = privacy::masked(draft, plan, &place.computer, std::io::stdout().is_terminal());
    let Masked { for_others, for_oneself } = masked.map_err(|fault| {
        let next = "run it again, with --record FILE to keep what the servers say";
        Misuse::fault(format!("the report cannot be put together ({fault})"), next)
    })?;
    let spent_ms = watch.milliseconds();
    let for_oneself = for_oneself.map(|report| in_time(report, spent_ms));
    Ok(Masked { for_others: in_time(for_others, spent_ms), for_oneself })
}

/// How long masking may take, in milliseconds. Rendering takes about as long again, and no one waits longer than that.
const PATIENCE: u64 = 1000;

/// The same report, or only its essence where masking took so long that rendering the rest would take too long too.
fn in_time(mut report: Report, spent_ms: u64) -> Report {
    if spent_ms > PATIENCE {
        report.keep_the_essence();
    }
    report
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::rehearse;
    use crate::report::saved;

    fn recorded() -> &'static [Value] {
        static RECORDED: std::sync::OnceLock<Vec<Value>> = std::sync::OnceLock::new();
        RECORDED.get_or_init(|| {
            rehearse::all().iter().map(|(_, evidence)| serde_json::to_value(evidence).unwrap()).collect()
        })
    }

    /// Every text and every list, as pointers.
    fn places(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found));
            }
            Value::Array(items) => {
                // A transcript has its own limit, which is larger than what this test adds.
                if !at.ends_with("/lines") {
                    found.push(at.to_owned());
                }
                items.iter().enumerate().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found));
            }
            Value::String(_) => found.push(at.to_owned()),
            _ => {}
        }
    }

    fn inflate(value: &mut Value) {
        match value {
            Value::String(text) => *text = text.repeat(3_000 / text.len().max(1)),
            Value::Array(items) if !items.is_empty() => *items = items.iter().cycle().take(150).cloned().collect(),
            _ => {}
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 40, ..ProptestConfig::default() })]

        #[test]
        fn whatever_grows_the_evidence_stays_within_its_budget_and_says_so(
            which in any::<prop::sample::Index>(),
            grown in prop::collection::vec(any::<prop::sample::Index>(), 1..5),
        ) {
            let mut value = recorded()[which.index(recorded().len())].clone();
            let mut found = Vec::new();
            places(&value, "", &mut found);
            let mut count = 0;
            for place in grown {
                let mut larger = value.clone();
                let place = &found[place.index(found.len())];
                larger.pointer_mut(place).into_iter().for_each(inflate);
                // A typed value, such as an address, no longer parses; and a set drops duplicates.
                let read = serde_json::from_value::<Evidence>(larger.clone()).and_then(serde_json::to_value);
                if larger != value && read.is_ok_and(|read| read == larger) {
                    (value, count) = (larger, count + 1);
                }
            }
            let mut evidence: Evidence = serde_json::from_value(value).unwrap();
            evidence.keep_to(checks::budget::TOLD).unwrap();
            prop_assert!(serde_json::to_string(&evidence).unwrap().len() < 2 * 1024 * 1024);
            prop_assert_eq!(evidence.left_out.is_empty(), count == 0);
        }
    }

    #[test]
    fn where_masking_was_slow_the_essence_is_told_and_what_was_left_out() {
        for value in recorded() {
            let evidence: Evidence = serde_json::from_value(value.clone()).unwrap();
            let report = report::compose(&evidence, None);
            assert_eq!(in_time(report.clone(), PATIENCE), report);
            let essence = in_time(report.clone(), PATIENCE + 1);
            assert!(essence.transcripts.is_empty());
            assert_eq!(essence.left_out.is_empty(), report.transcripts.is_empty());
            assert_eq!(essence.findings, report.findings);
            let causes = |report| {
                let findings = report::compose(&saved::evidence(report).unwrap(), None).findings;
                findings.into_iter().map(|finding| finding.cause).collect::<Vec<_>>()
            };
            assert_eq!(causes(&essence), causes(&report));
        }
    }
}
