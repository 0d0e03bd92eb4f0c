//! Compares a run with what the fault expects: every complaint, not only the first.

use crate::doctor::{self, Run};
use crate::fault::{ADDRESS, BODY, DEADLINE, Expected, Fault, SignIns};
use crate::leaks::Leaks;
use serde_json::Value;

/// Nothing to complain of means passed. `server_log` is what arrived at the mail servers.
pub(crate) fn complaints(fault: &Fault, run: &Run, counted: SignIns, server_log: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    match &run.report {
        Some(report) => judge_report(fault, run.exit, report, &mut complaints),
        None => complaints.push(format!("stdout is not one JSON document; exit {:?}", run.exit)),
    }
    judge_leaks(fault, run, server_log, &mut complaints);
    for (server, counted, most) in
        [("IMAP", counted.imap, fault.most_sign_ins.imap), ("SMTP", counted.smtp, fault.most_sign_ins.smtp)]
    {
        if counted > most {
            complaints.push(format!("{counted} {server} sign-ins where at most {most} are allowed"));
        }
    }
    if run.seconds > fault.seconds.min(DEADLINE) {
        complaints.push(format!("took {:.1} s, allowed are {:.0}", run.seconds, fault.seconds));
    }
    if run.output("the recorded case").is_empty() {
        complaints.push("--record wrote no case".to_string());
    }
    for format in doctor::formats() {
        if run.output(&doctor::report_as(format)).is_empty() {
            complaints.push(format!("--report wrote no {format}"));
        }
    }
    complaints
}

/// What the table shows: the first cause and how sure the doctor is of it; where several are expected, all troubles.
pub(crate) fn got(fault: &Fault, run: &Run) -> (String, String) {
    let Some(report) = &run.report else { return ("no report".to_string(), String::new()) };
    let all = findings(report);
    let troubles: Vec<_> = all.iter().filter(|finding| finding.severity == "trouble").collect();
    let told = match fault.expected {
        Expected::Causes(_) => troubles.iter().map(|finding| finding.cause).collect::<Vec<_>>().join(" + "),
        _ => all.first().map_or_else(String::new, |first| first.cause.to_string()),
    };
    let told = if told.is_empty() { verdict(report).to_string() } else { told };
    (told, all.first().map_or_else(String::new, |first| first.sure.to_string()))
}

/// The first finding is wrong, and it is called certain.
pub(crate) fn is_wrong_and_certain(fault: &Fault, run: &Run) -> bool {
    let Some(first) = run.report.as_ref().and_then(|report| findings(report).into_iter().next()) else { return false };
    let is_right = match fault.expected {
        Expected::Healthy => first.severity == "note",
        Expected::HealthyDespite(warnings) => first.severity == "note" || warnings.contains(&first.cause),
        Expected::Warning(cause) | Expected::Cause(cause) => first.cause == cause,
        Expected::Causes(causes) => causes.contains(&first.cause),
    };
    first.sure == "certain" && !is_right
}

/// Whether it names what is wrong, whatever else there is to complain of.
pub(crate) fn is_right(fault: &Fault, run: &Run) -> bool {
    let Some(report) = &run.report else { return false };
    let findings = findings(report);
    let is_first = |cause: &str| findings.first().is_some_and(|first| first.cause == cause);
    let is_told = |cause: &&str| findings.iter().any(|finding| finding.cause == *cause);
    match fault.expected {
        Expected::Healthy | Expected::HealthyDespite(_) => verdict(report) == "healthy",
        Expected::Warning(cause) | Expected::Cause(cause) => is_first(cause),
        Expected::Causes(causes) => causes.iter().all(is_told),
    }
}

/// The same evidence gives the same findings, in the same order and for the same reasons.
pub(crate) fn disagreement(run: &Run, again: &Value) -> Option<String> {
    let essence = |report: &Value| -> Vec<Value> {
        let all = report["findings"].as_array().cloned().unwrap_or_default();
        all.iter().map(|one| ["cause", "severity", "sure", "because"].map(|part| one[part].clone()).into()).collect()
    };
    let [first, second] = [essence(run.report.as_ref()?), essence(again)];
    let causes = |findings: &[Value]| findings.iter().map(|one| one[0].to_string()).collect::<Vec<_>>().join(", ");
    (first != second).then(|| match causes(&first) == causes(&second) {
        true => format!("`diagnose` gives the same causes for other reasons: {}", causes(&first)),
        false => format!("`diagnose` finds [{}] where `check` found [{}]", causes(&second), causes(&first)),
    })
}

struct Finding<'r> {
    cause: &'r str,
    severity: &'r str,
    sure: &'r str,
}

fn findings(report: &Value) -> Vec<Finding<'_>> {
    let all = report["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter()
        .map(|finding| Finding {
            cause: finding["cause"].as_str().unwrap_or("missing"),
            severity: finding["severity"].as_str().unwrap_or("missing"),
            sure: finding["sure"].as_str().unwrap_or("missing"),
        })
        .collect()
}

fn verdict(report: &Value) -> &str {
    report["verdict"].as_str().unwrap_or("no verdict")
}

fn judge_report(fault: &Fault, exit: Option<i32>, report: &Value, complaints: &mut Vec<String>) {
    let verdict = verdict(report);
    if verdict != if fault.expected.is_healthy() { "healthy" } else { "trouble" } {
        complaints.push(format!("the verdict is {verdict}"));
    }
    judge_findings(fault, &findings(report), complaints);
    let wanted_exit = match verdict {
        "healthy" => 0,
        "trouble" => 1,
        _ => 3,
    };
    if exit != Some(wanted_exit) {
        complaints.push(format!("exit {exit:?} does not belong to the verdict {verdict}"));
    }
    if report["complete"] != true {
        complaints.push("the report calls itself incomplete".to_string());
    }
    for check in fault.clean {
        let outcome = outcome(report, check);
        if outcome != "clean" {
            complaints.push(format!("the check {check} is {outcome}, and its side is healthy"));
        }
    }
}

fn judge_findings(fault: &Fault, findings: &[Finding], complaints: &mut Vec<String>) {
    let told = || {
        let all = findings.iter().map(|finding| format!("{} ({}, {})", finding.cause, finding.severity, finding.sure));
        format!("the findings are [{}]", all.collect::<Vec<_>>().join("; "))
    };
    let before = complaints.len();
    // A note may be in a healthy report; a warning would send its reader looking.
    let loud = |allowed: &[&str]| {
        let loud = findings.iter().filter(|finding| finding.severity != "note" && !allowed.contains(&finding.cause));
        loud.map(|finding| format!("finds {} where nothing is wrong", finding.cause)).collect::<Vec<_>>()
    };
    let troubles: Vec<&str> =
        findings.iter().filter(|finding| finding.severity == "trouble").map(|finding| finding.cause).collect();
    let first = findings.first();
    match fault.expected {
        Expected::Healthy => complaints.extend(loud(&[])),
        Expected::HealthyDespite(warnings) => complaints.extend(loud(warnings)),
        Expected::Warning(cause) => {
            complaints.extend(loud(&[cause]));
            if first.is_none_or(|first| first.cause != cause || first.severity != "warning") {
                complaints.push(format!("does not warn of {cause}"));
            }
        }
        Expected::Cause(cause) => {
            if first.is_none_or(|first| first.cause != cause) {
                complaints.push(format!("does not say {cause} first"));
            }
            let strange = troubles.iter().filter(|told| **told != cause && !fault.beside.contains(told));
            complaints.extend(strange.map(|told| format!("tells {told} too")));
        }
        Expected::Causes(causes) => {
            let missed = causes.iter().filter(|cause| !troubles.contains(cause));
            complaints.extend(missed.map(|cause| format!("misses {cause}")));
            let strange = troubles.iter().filter(|told| !causes.contains(told) && !fault.beside.contains(told));
            complaints.extend(strange.map(|told| format!("tells {told} too")));
        }
    }
    let twice = findings
        .iter()
        .enumerate()
        .filter(|(place, finding)| findings[..*place].iter().any(|earlier| earlier.cause == finding.cause));
    complaints.extend(twice.map(|(_, finding)| format!("tells {} twice", finding.cause)));
    let forbidden = findings.iter().filter(|finding| fault.never.contains(&finding.cause));
    complaints.extend(forbidden.map(|finding| format!("names {}, which nothing here shows", finding.cause)));
    if complaints.len() > before {
        complaints.push(told());
    }
}

fn outcome<'a>(report: &'a Value, check: &str) -> &'a str {
    let checks = report["checks"].as_array().map(Vec::as_slice).unwrap_or_default();
    let found = checks.iter().find(|row| row["id"] == check);
    found.and_then(|row| row["outcome"].as_str()).unwrap_or("not there")
}

fn judge_leaks(fault: &Fault, run: &Run, server_log: &str, complaints: &mut Vec<String>) {
    let leaks = Leaks::of(fault.password);
    for (name, bytes) in &run.outputs {
        let dresses = leaks.in_bytes(bytes);
        if !dresses.is_empty() {
            complaints.push(format!("LEAK: the password is in {name} ({})", dresses.join(", ")));
        }
    }
    for (name, bytes) in &run.outputs {
        let text = String::from_utf8_lossy(bytes);
        if [BODY.trim_end(), "The only message"].iter().any(|words| text.to_lowercase().contains(&words.to_lowercase()))
        {
            complaints.push(format!("LEAK: what the message says is in {name}"));
        }
    }
    // The laboratory's own address is the guide's example too; another one represents a person.
    for (name, bytes) in run.outputs.iter().filter(|(name, _)| fault.email != ADDRESS && name != "/proc") {
        if String::from_utf8_lossy(bytes).contains(fault.email) {
            complaints.push(format!("the address is not masked in {name}"));
        }
    }
    for (server, most) in [("imap", fault.most_sign_ins.imap), ("smtp", fault.most_sign_ins.smtp)] {
        let heard: Vec<_> = server_log.lines().filter(|line| line.starts_with(server)).collect();
        let dresses = leaks.in_bytes(heard.join("\n").as_bytes());
        if most == 0 && !dresses.is_empty() {
            complaints.push(format!("LEAK: the {server} server was sent the password ({})", dresses.join(", ")));
        }
    }
}
