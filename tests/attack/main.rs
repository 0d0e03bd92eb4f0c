//! The attack suite: hostile servers, files, callers and cases against the program that a user gets, on loopback alone.
//!
//! `cargo test --test attack` runs every attack, `-- WORD…` those whose name holds a word, `-- --list` lists them. An
//! attack has held when the program kept its promise; the closing table counts them by group. `LAB=required` makes an attack
//! that this machine cannot make a failure.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "the attackers are the outside")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]
mod certificates;
mod cloud;
#[path = "../doctor/mod.rs"]
mod doctor;
mod fleet;
mod fleet_alone;
mod groups;
#[path = "../lab/scripted/icloud_mailbox.rs"]
mod icloud_mailbox;
mod imap;
mod lists;
mod promises;
mod resolver;
mod settings_files;
mod smtp;
mod wire;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// What became of an attack: the promise held, or how it was broken.
pub(crate) type Held = Result<(), String>;

/// One attack: a hostile world, the program run in it, and the promise that has to hold.
pub(crate) struct Attack {
    name: String,
    run: Box<dyn Fn() -> Held + Send + Sync>,
}

/// An attack of this name.
pub(crate) fn attack(name: impl Into<String>, run: impl Fn() -> Held + Send + Sync + 'static) -> Attack {
    Attack { name: name.into(), run: Box::new(run) }
}

/// Breaks the attack's promise where the claim is false.
pub(crate) fn holds(claim: bool, otherwise: impl FnOnce() -> String) -> Held {
    if claim { Ok(()) } else { Err(otherwise()) }
}

/// How many attacks could not be made here.
static NOT_MADE: AtomicUsize = AtomicUsize::new(0);

/// Says that this machine lacks what an attack needs, which is a failure with `LAB=required`.
pub(crate) fn not_here(why: &str) -> Held {
    if std::env::var("LAB").is_ok_and(|value| value == "required") {
        return Err(format!("it was not made: it {why}"));
    }
    NOT_MADE.fetch_add(1, Ordering::Relaxed);
    println!("NOT MADE: an attack {why}");
    Ok(())
}

/// How many attacks run side by side: most of their time is waiting.
const PLACES: usize = 3;

/// The suite may grow and never shrink below this.
const FEWEST: usize = 1000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, rest @ ..] = arguments.as_slice()
        && first == fleet_alone::NAME
    {
        return fleet_alone::serve(rest);
    }
    let words: Vec<&String> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    let all: Vec<(&str, Attack)> = groups::all()
        .into_iter()
        .flat_map(|(group, attacks)| attacks.into_iter().map(move |attack| (group, attack)))
        .collect();
    let count = all.len();
    let chosen: Vec<(&str, Attack)> = all
        .into_iter()
        .filter(|(group, attack)| {
            words.is_empty() || words.iter().any(|word| format!("{group}/{}", attack.name).contains(*word))
        })
        .collect();
    if arguments.iter().any(|argument| argument == "--list") {
        for (group, attack) in &chosen {
            println!("{group}/{}: test", attack.name);
        }
        return ExitCode::SUCCESS;
    }
    let broken = run_all(&chosen);
    println!("{}", table(&chosen, &broken));
    let not_made = NOT_MADE.load(Ordering::Relaxed);
    println!("{} passed, {} failed, {not_made} skipped", chosen.len() - broken.len() - not_made, broken.len());
    if count < FEWEST {
        println!("attacks: {count} are fewer than {FEWEST}");
        return ExitCode::FAILURE;
    }
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the attacks, says each that broke a promise, and returns the places of those.
fn run_all(chosen: &[(&str, Attack)]) -> Vec<usize> {
    let (next, broken) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..PLACES {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some((group, attack)) = chosen.get(at) else { return };
                    let began = Instant::now();
                    let held =
                        catch_unwind(AssertUnwindSafe(&attack.run)).unwrap_or_else(|_| Err("it panicked".into()));
                    if let Err(how) = held {
                        println!("BROKEN {group}/{} ({:.1} s): {how}", attack.name, began.elapsed().as_secs_f32());
                        broken.lock().unwrap().push(at);
                    }
                }
            });
        }
    });
    broken.into_inner().unwrap()
}

/// How many held in each group.
fn table(chosen: &[(&str, Attack)], broken: &[usize]) -> String {
    let mut groups: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (at, (group, _)) in chosen.iter().enumerate() {
        let (held, all) = groups.entry(group).or_default();
        *all += 1;
        *held += usize::from(!broken.contains(&at));
    }
    let lines = groups.iter().map(|(group, (held, all))| format!("{group:<28} held {held:>3} of {all:>3}\n"));
    format!("{}attacks: held {} of {}", lines.collect::<String>(), chosen.len() - broken.len(), chosen.len())
}
