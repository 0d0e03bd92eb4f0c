//! The laboratory: real and scripted mail servers in network namespaces, broken on purpose, and the doctor run at them.
//!
//! `cargo test --test lab` runs all faults, `-- NAME…` those whose name holds a word, `-- --list` lists them.
//! Real mail programs follow, set up by the doctor: see `programs.rs`; then `mailbox` with each of its flags: see `mailbox.rs`,
//! and many accounts at once: see `many`.
//! `LAB=required` makes a machine that cannot run it a failure. `LAB_RECORD=1` keeps the recorded cases under tests/,
//! `LAB_KEEP=1` keeps what every run said, not only what a failed one did. `LAB_BESIDE=1` or `--beside` prints below each
//! row what other programs say of the same fault.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "the laboratory is the outside")]

mod beside;
mod doctor;
mod fault;
mod faults;
#[path = "../formats/listed.rs"]
mod formats;
mod judge;
mod leaks;
mod mailbox;
mod many;
mod programs;
mod proxy;
mod round_trips;
mod scripted;
mod summary;
mod table;
mod watched;
mod world;

use beside::Beside;
use fault::Fault;
use programs::Script;
use round_trips::RoundTrip;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use world::World;
use world::commands::{Outcome, is_installed, run};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let ended = |result: Outcome| result.map_or_else(|error| failed(&error.to_string()), |()| ExitCode::SUCCESS);
    match arguments.as_slice() {
        [first, rest @ ..] if first == "scripted" => return ended(scripted::serve(rest)),
        [first, rest @ ..] if first == "proxy" => return ended(proxy::serve(rest)),
        _ => {}
    }
    let words: Vec<&String> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let chosen: Vec<&'static Fault> =
        faults::all().filter(|fault| words.is_empty() || words.iter().any(|word| fault.name.contains(*word))).collect();
    let is_chosen = |script: &Script| words.is_empty() || words.iter().any(|word| script.name.contains(*word));
    let is_watched = words.is_empty() || words.iter().any(|word| watched::NAME.contains(*word));
    let scripts: Vec<Script> = match programs::all() {
        Ok(scripts) => scripts.into_iter().filter(is_chosen).collect(),
        Err(error) => return failed(&error.to_string()),
    };
    let trips: Vec<&RoundTrip> = round_trips::ALL
        .iter()
        .filter(|trip| words.is_empty() || words.iter().any(|word| trip.name.contains(*word)))
        .collect();
    let is_many_chosen = words.is_empty() || words.iter().any(|word| many::NAME.contains(*word));
    let is_mailbox_chosen = words.is_empty() || words.iter().any(|word| mailbox::NAME.contains(*word));
    if arguments.iter().any(|argument| argument == "--list") {
        let others = is_watched.then_some(watched::NAME).into_iter().chain(is_mailbox_chosen.then_some(mailbox::NAME));
        let others = others.chain(is_many_chosen.then_some(many::NAME));
        let others = others.chain(trips.iter().map(|trip| trip.name));
        let names = chosen.iter().map(|fault| fault.name).chain(others);
        for name in names.chain(scripts.iter().map(|script| script.name.as_str())) {
            println!("{name}: test");
        }
        return ExitCode::SUCCESS;
    }
    if !can_run() {
        println!(
            "laboratory: not run (needs root on Linux and dovecot, postfix, unbound, nginx, nft, ip; .ci/run runs it)"
        );
        return if is_required() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    }
    let beside = beside::is_asked_for(&arguments).then(Beside::default);
    let watched = |passed| (!is_watched || watched::run_it()) && passed;
    let trips_passed = |passed| round_trips::run_all(&trips, is_required()) && passed;
    let passed = run_all(&chosen, beside).map(watched).map(trips_passed);
    let passed = passed.map(|passed| programs::run_all(&scripts, is_required()) && passed);
    let passed = passed.and_then(|passed| Ok((!is_mailbox_chosen || mailbox::run()?) && passed));
    match passed.and_then(|passed| Ok((!is_many_chosen || many::run(is_required())?) && passed)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => failed(&error.to_string()),
    }
}

fn is_required() -> bool {
    std::env::var("LAB").is_ok_and(|value| value == "required")
}

fn failed(words: &str) -> ExitCode {
    eprintln!("laboratory: {words}");
    ExitCode::FAILURE
}

fn can_run() -> bool {
    let is_root = || run("id", &["-u"]).is_ok_and(|user| user.trim() == "0");
    cfg!(target_os = "linux")
        && world::PROGRAMS.iter().all(|program| is_installed(program))
        && doctor::faketime().is_some()
        && is_root()
}

/// How many worlds run in parallel: most of a world's time is waiting for what never comes.
const PLACES: usize = 3;

/// Whether all passed.
fn run_all(chosen: &[&'static Fault], beside: Option<Beside>) -> Outcome<bool> {
    leaks::prove()?;
    beside::prove(chosen)?;
    world::namespaces::remove_remains()?;
    world::folder::remove_remains();
    if chosen.is_empty() {
        return Ok(true);
    }
    println!("{}", table::header());
    // What other programs take for an answer depends on how long they wait: they have the machine to themselves.
    let places = if beside.is_some() { 1 } else { PLACES };
    let (next, beside) = (AtomicUsize::new(0), Mutex::new(beside));
    let results: Mutex<Vec<(usize, summary::Result)>> = Mutex::default();
    std::thread::scope(|scope| {
        for place in 0..places {
            let (next, beside, results) = (&next, &beside, &results);
            scope.spawn(move || {
                while let Some((at, fault)) = take(chosen, next) {
                    let (result, row) = examine(fault, place, beside).unwrap_or_else(|error| unbuilt(fault, &*error));
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    println!("{}", row.trim_end());
                    result.complaints.iter().for_each(|complaint| println!("    {complaint}"));
                    results.push((at, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(at, _)| *at);
    let results: Vec<summary::Result> = results.into_iter().map(|(_, result)| result).collect();
    println!("\n{}", summary::text(&results));
    if let Some(beside) = beside.into_inner().unwrap_or_else(PoisonError::into_inner) {
        println!("{}", beside.end(&results)?);
    }
    Ok(results.len() == chosen.len() && results.iter().all(summary::Result::passed))
}

fn take(chosen: &[&'static Fault], next: &AtomicUsize) -> Option<(usize, &'static Fault)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    chosen.get(at).map(|fault| (at, *fault))
}

fn unbuilt(fault: &'static Fault, error: &dyn std::error::Error) -> (summary::Result, String) {
    let complaints = vec![error.to_string()];
    let result =
        summary::Result { fault, is_right: false, is_wrong_and_certain: false, exit: None, seconds: 0.0, complaints };
    (result, format!("{:<44} the world could not be built", fault.name))
}

/// Builds the world, runs the doctor in it, and compares the run with what the fault expects. Returns the row too.
fn examine(fault: &'static Fault, place: usize, beside: &Mutex<Option<Beside>>) -> Outcome<(summary::Result, String)> {
    let world = World::build(fault, place)?;
    let mailbox = world.mailbox()?;
    let run = doctor::examine(&world, fault)?;
    let is_untouched = world.mailbox()? == mailbox;
    let sign_ins = world.sign_ins();
    let mut complaints = judge::complaints(fault, &run, sign_ins, &world.server_log());
    if let Some(journal) = world.journal() {
        complaints.extend(world::journal::complaints(&journal, fault.expected.is_healthy()));
    }
    if !is_untouched {
        complaints.push("the mailbox is not what it was".to_string());
    }
    if run.report.is_some() {
        match doctor::diagnose_again(&world) {
            Ok(again) => complaints.extend(judge::disagreement(&run, &again)),
            Err(error) => complaints.push(error.to_string()),
        }
    }
    if fault.proxy && !world.proxy_was_asked() {
        complaints.push("the proxy was not asked".to_string());
    }
    let (got, sure) = judge::got(fault, &run);
    let passed = complaints.is_empty();
    let (seconds, exit) = (run.seconds, run.exit);
    let mut row = table::Row { fault, got, sure, exit, seconds, sign_ins, passed }.line();
    let [is_right, is_wrong_and_certain] = [judge::is_right(fault, &run), judge::is_wrong_and_certain(fault, &run)];
    if let Some(beside) = beside.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
        row = format!("{row}\n{}", beside.examine(&world, fault, &row, is_right));
    }
    if std::env::var_os("LAB_KEEP").is_some() {
        keep(fault, &run, &world)?;
    }
    if !passed {
        complaints.push(format!("kept in {}", keep(fault, &run, &world)?.display()));
    } else if let (Some(case), true) = (fault.case, std::env::var_os("LAB_RECORD").is_some()) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(case);
        fs::create_dir_all(&folder)?;
        fs::copy(doctor::recorded(&world, fault), folder.join("case.toml"))?;
    }
    Ok((summary::Result { fault, is_right, is_wrong_and_certain, exit, seconds, complaints }, row))
}

/// A failed run stays readable: the doctor's output, what it recorded and what the servers received.
fn keep(fault: &Fault, run: &doctor::Run, world: &World) -> Outcome<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lab").join(fault.name);
    fs::create_dir_all(&folder)?;
    for (name, file) in [
        ("stdout", "report.json"),
        ("stderr", "stderr.txt"),
        (&doctor::report_as("text"), "report.text"),
        ("the recorded case", "case.toml"),
    ] {
        fs::write(folder.join(file), run.output(name))?;
    }
    fs::write(folder.join("servers.log"), world.server_log())?;
    Ok(folder)
}
