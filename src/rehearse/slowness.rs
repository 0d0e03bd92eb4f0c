//! A slow path is never called a slow server, nor a slow server a slow path, however long and unsteady either is.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use super::{CASES, play};
use crate::diagnosis::diagnose;

const RUNS: u64 = 100;

/// Which of the two is named in a look at the mailbox with these times.
fn named(connected: u64, answers: impl Fn(u64) -> (u64, Option<u64>)) -> (bool, bool) {
    let (_, recorded) = CASES.all().iter().find(|(name, _)| name == "mailbox/read-only").unwrap();
    let mut case = recorded.replace("took_ms = 20\nopen = true", &format!("took_ms = {connected}\nopen = true"));
    for number in 1..=3 {
        let (after, worked) = answers(number);
        let told = worked.map_or_else(String::new, |worked| format!(" (took {worked} ms)"));
        let before = format!("S 20 N{number} OK NOOP completed (took 1 ms)");
        assert!(case.contains(&before) && case.contains(&format!("took_ms = {connected}\nopen")));
        case = case.replace(&before, &format!("S {after} N{number} OK NOOP completed{told}"));
    }
    let (_, evidence) = play("mailbox/read-only", &case).unwrap();
    assert_eq!(evidence.first.mailbox.as_ref().unwrap().facts.timing.noops_ms.len(), 3);
    let found = diagnose(&evidence);
    let has = |cause: &str| found.iter().any(|found| found.cause == cause);
    (has("path-slow"), has("server-slow"))
}

/// How much longer than the shortest time an answer takes, by no rule that a judgement could rely on.
fn unsteady(run: u64, number: u64) -> u64 {
    (run * 7919 + number * 104_729) % 90
}

#[test]
fn a_slow_path_is_a_slow_path_in_each_of_a_hundred_runs() {
    for run in 0..RUNS {
        let delay = 250 + run * 6;
        let says = run % 2 == 0;
        let found = named(delay + unsteady(run, 0), |number| {
            let worked = 1 + unsteady(run, number) / 30;
            (delay + worked + unsteady(run, number + 3), says.then_some(worked))
        });
        assert_eq!(found, (true, false), "run {run}: {delay} ms on the way");
    }
}

#[test]
fn a_slow_server_is_a_slow_server_in_each_of_a_hundred_runs() {
    for run in 0..RUNS {
        let (delay, works) = (5 + run % 140, 520 + run * 15);
        let says = run % 2 == 0;
        let found = named(delay, |number| {
            let worked = works + unsteady(run, number);
            (delay + worked + unsteady(run, number + 3), says.then_some(worked))
        });
        assert_eq!(found, (false, true), "run {run}: {works} ms at the server");
    }
}
