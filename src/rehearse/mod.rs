//! `rehearse`: replays a recorded case through the real checks, without a network and without an account.

use std::path::Path;
use std::time::Duration;

use checks::Outside;
use checks::evidence::Evidence;
use checks::network::case::Case;
use checks::password::Password;
use checks::plan::Plan;
use checks::trust::TrustedHost;

use crate::check::Place;
use crate::cli::RehearseArguments;
use crate::files::given_text;
use crate::meant::{meant, shown};
use crate::misuse::Misuse;
use crate::output::{self, Destinations};
use crate::packed::Packed;
use crate::report::saved;
use crate::runtime::wait_through;
use crate::{check, cli, render};

/// The recorded cases of `tests/`, by name.
pub(crate) static CASES: Packed = Packed::of(include_bytes!(concat!(env!("OUT_DIR"), "/cases.packed")));

/// How much of a complaint that quotes the case is shown, in characters.
const LONGEST_COMPLAINT: usize = 400;

/// The most arguments that a recorded run can have.
const MOST_ARGUMENTS: usize = 200;

/// Replays the case, or lists all cases.
pub(crate) fn run(arguments: &RehearseArguments) -> Result<u8, Misuse> {
    let Some(name) = &arguments.case else { return list(arguments.telling.output.look().width) };
    let text = find(name)?;
    let destinations = Destinations::open(&arguments.telling.output, None, &[Path::new(name)])?;
    let (plan, evidence) = play(name, &text)?;
    check::tell(&evidence, &plan, &Place::elsewhere(), &arguments.telling, &destinations)
}

/// The plan of a case, and the evidence from replaying it.
fn play(name: &str, text: &str) -> Result<(Plan, Evidence), Misuse> {
    let (case, plan, deadline) = planned(name, text)?;
    let evidence = wait_through(async {
        checks::examine(&plan, &Outside::replayed(case), &(), deadline, std::future::pending()).await
    })?;
    Ok((plan, evidence))
}

/// A case, and the plan and the deadline that it was recorded with.
fn planned(name: &str, text: &str) -> Result<(Case, Plan, Duration), Misuse> {
    let case = Case::read(text).map_err(|why| {
        if saved::is_report(text) {
            let what = format!("{name} is a report and not a recorded case");
            return Misuse::new(
                what,
                "`icloud-mail-doctor render FILE` prints it, and `diagnose FILE` explains it again",
            );
        }
        let why: String = why.to_string().chars().take(LONGEST_COMPLAINT).collect();
        Misuse::new(format!("the case {name} cannot be read: {why}"), "record it again with `check --record`")
    })?;
    if case.run.arguments.len() > MOST_ARGUMENTS {
        let what = format!("the case {name} was called with more than {MOST_ARGUMENTS} words");
        return Err(Misuse::new(what, "record it again with `check --record`"));
    }
    // Help and the version would end the program as if the case had been replayed.
    if case.run.arguments.iter().any(|word| ["--help", "-h", "--version", "-V"].contains(&word.as_str())) {
        return Err(Misuse::new(format!("the case {name} records no run"), "record it again with `check --record`"));
    }
    let words = std::iter::once(env!("CARGO_PKG_NAME").to_owned()).chain(case.run.arguments.iter().cloned());
    let call = cli::read(words.map(Into::into))?;
    let call = match call.command {
        None => call.check.check,
        Some(cli::Command::Check(call)) => call.check,
        Some(cli::Command::Mailbox(call)) => call.as_check()?,
        Some(cli::Command::RoundTrip(call)) => call.as_check()?,
        Some(_) => {
            return Err(Misuse::new(format!("the case {name} records another command than check"), "record it again"));
        }
    };
    let mut plan = call.plan(None)?;
    if call.wants_sign_in() {
        plan.password = case.run.password.as_ref().map(Password::stand_in);
        // Nothing is sent, so any server that the case names may be given the invented password.
        plan.trusted = [&plan.imap, &plan.smtp].map(|server| TrustedHost::by_choice(&server.host)).into();
    }
    Ok((case, plan, call.deadline))
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod chosen;
#[cfg(test)]
mod marks;
#[cfg(test)]
mod order;
#[cfg(test)]
mod refuted;
#[cfg(test)]
mod slowness;
#[cfg(test)]
mod truths;

/// The plan that a case was recorded with.
#[cfg(test)]
pub(crate) fn plan(name: &str) -> Plan {
    let found = CASES.all().iter().find(|(id, _)| id == name).map(|(name, text)| planned(name, text));
    match found {
        Some(Ok((_, plan, _))) => plan,
        Some(Err(misuse)) => panic!("{misuse}"),
        None => panic!("there is no case {name}"),
    }
}

/// The evidence of every recorded case, with its name; each case is replayed once.
#[cfg(test)]
pub(crate) fn all() -> &'static [(String, Evidence)] {
    static ALL: std::sync::OnceLock<Vec<(String, Evidence)>> = std::sync::OnceLock::new();
    let played = |(name, text): &(String, String)| match play(name, text) {
        Ok((_, evidence)) => (name.clone(), evidence),
        Err(misuse) => panic!("{misuse}"),
    };
    ALL.get_or_init(|| at_once(CASES.all(), played))
}

/// Does the work for each item, on all processors, and keeps the order.
#[cfg(test)]
pub(crate) fn at_once<T: Sync, R: Send>(each: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        let parts = each.chunks(each.len().div_ceil(processors).max(1));
        let work = &work;
        let begun: Vec<_> = parts.map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<R>>())).collect();
        let ended = begun.into_iter().map(|part| part.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault)));
        ended.flatten().collect()
    })
}

/// A case by its full name, by the last part of its name, or in a file.
fn find(name: &str) -> Result<String, Misuse> {
    let is_named = |id: &str| id == name || id.split_once('/').is_some_and(|(_, last)| last == name);
    if let Some((_, text)) = CASES.all().iter().find(|(id, _)| is_named(id)) {
        return Ok(text.clone());
    }
    let path = Path::new(name);
    if name != "-" && !path.exists() {
        return Err(unknown(name));
    }
    given_text(path)
        .map_err(|why| Misuse::new(format!("{name} cannot be read: {why}"), "name a file that `check --record` wrote"))
}

/// How many cases are suggested if the word is part of their names.
const MOST_NAMED: usize = 3;

fn unknown(name: &str) -> Misuse {
    let ids = || CASES.all().iter().map(|(id, _)| id.as_str());
    let lasts = || ids().filter_map(|id| id.split_once('/')).map(|(_, last)| last);
    let what =
        format!("{} is not a case, and there is no such file", shown(name, ids().chain(lasts()), "what was given"));
    let list = "`icloud-mail-doctor rehearse` lists the cases";
    let near: Vec<&str> = match meant(name, lasts().chain(ids())) {
        Some(meant) => vec![meant],
        None if name.len() >= SHORTEST_PART => ids().filter(|id| id.contains(name)).take(MOST_NAMED).collect(),
        None => Vec::new(),
    };
    match near.is_empty() {
        true => Misuse::new(what, list),
        false => Misuse::new(what, format!("did you mean {}? {list}", near.join(" or "))),
    }
}

/// A shorter part of a name would match too many cases, in characters.
const SHORTEST_PART: usize = 4;

fn list(width: usize) -> Result<u8, Misuse> {
    let title = |text: &str| Case::read(text).map_or_else(|_| "cannot be read".to_owned(), |case| case.title);
    let cases: Vec<_> = CASES.all().iter().map(|(name, text)| (name.clone(), title(text))).collect();
    output::print(render::list(&cases, width, 0).as_bytes())
}
