//! Holds a run against what the fault expects: every complaint, not the first.

use crate::doctor::Run;
use crate::fault::{ADDRESS, DEADLINE, Expected, Fault, SignIns};
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
    if run.output("the text report").is_empty() {
        complaints.push("--report wrote no text".to_string());
    }
    complaints
}

/// The first cause, and how sure the doctor is of it.
pub(crate) fn first_finding(run: &Run) -> (String, String) {
    let Some(report) = &run.report else { return ("no report".to_string(), String::new()) };
    let first = &report["findings"][0];
    let cause = first["cause"].as_str().or(report["verdict"].as_str()).unwrap_or("no verdict");
    (cause.to_string(), first["sure"].as_str().unwrap_or_default().to_string())
}

fn judge_report(fault: &Fault, exit: Option<i32>, report: &Value, complaints: &mut Vec<String>) {
    let verdict = report["verdict"].as_str().unwrap_or("none");
    let findings = report["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    let first = findings.first().and_then(|finding| finding["cause"].as_str());
    let (wanted_verdict, wanted_cause) = match fault.expected {
        Expected::Healthy => ("healthy", None),
        Expected::Cause(cause) => ("trouble", Some(cause)),
    };
    if verdict != wanted_verdict {
        complaints.push(format!("the verdict is {verdict}"));
    }
    if matches!(fault.expected, Expected::Healthy) {
        // A note may stand in a healthy report; a warning would send its reader looking.
        let loud = findings.iter().filter(|finding| finding["severity"] != "note").map(|finding| &finding["cause"]);
        complaints.extend(loud.map(|cause| format!("finds {cause} where nothing is wrong")));
    } else if first != wanted_cause {
        let all: Vec<_> = findings.iter().filter_map(|finding| finding["cause"].as_str()).collect();
        complaints.push(format!("the findings are [{}]", all.join(", ")));
    }
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
    // The laboratory's own address is the guide's example too; another one stands for a person.
    let reports = run.outputs.iter().filter(|(name, _)| ["stdout", "stderr", "the text report"].contains(name));
    for (name, bytes) in reports.filter(|_| fault.email != ADDRESS) {
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
