//! `check`: runs the checks over the network.

mod case;
mod listing;
mod place;
mod tell;

use std::path::{Path, PathBuf};

use checks::attempts::ROUND_TRIP;
use checks::examine;
use checks::network::real::{Real, RootFiles};
use checks::network::recording::Recording;

use crate::attempts;
use crate::cli::check::CheckArguments;
use crate::cli::{guard, password, round_trip};
use crate::misuse::{Misuse, file_name};
use crate::output::{self, Destinations};
use crate::programs::{self, Use};
use crate::progress::Progress;
use crate::review;
use crate::runtime::wait_for;
use crate::signals::{HeldBack, Interruption};
pub(crate) use place::Place;
#[cfg(test)]
pub(crate) use tell::reports;
pub(crate) use tell::tell;

/// Runs the checks and prints the report. Signals that were held back until then are handled from there on.
pub(crate) fn run(arguments: &CheckArguments, held: Option<HeldBack>) -> Result<u8, Misuse> {
    let width = arguments.telling.output.look().width;
    if arguments.list {
        return output::print(listing::checks(width).as_bytes());
    }
    let arguments = as_the_program_is_set(arguments.tidied())?;
    let plan = arguments.plan(None)?;
    if arguments.list_hosts {
        return output::print(listing::hosts(&plan, width).as_bytes());
    }
    if arguments.dry_run {
        return output::print(listing::intentions(&arguments, &plan, width).as_bytes());
    }
    wait_for(async { Box::pin(on_the_network(arguments, Interruption::listen(held)?)).await })
}

/// Returns the arguments with the servers of the settings file, if one was named.
fn as_the_program_is_set(mut arguments: CheckArguments) -> Result<CheckArguments, Misuse> {
    let Some(path) = &arguments.settings_from else { return Ok(arguments) };
    let servers = review::servers(path)?;
    if let Some(server) = servers.imap {
        (arguments.imap_host, arguments.imap_port) = (server.host, server.port);
        (arguments.imap_security, arguments.imap_username) = (server.security, server.login);
    }
    if let Some(server) = servers.smtp {
        (arguments.smtp_host, arguments.smtp_port) = (server.host, server.port);
        (arguments.smtp_security, arguments.smtp_username) = (server.security, server.login);
    }
    arguments.telling.client = arguments.telling.client.take().or_else(|| worded_for(servers.program));
    Ok(arguments)
}

/// The mail program, if the guide has steps worded for it.
fn worded_for(program: &str) -> Option<String> {
    programs::find(program, Use::Words).ok().map(|program| program.id.to_owned())
}

async fn on_the_network(mut arguments: CheckArguments, mut interruption: Interruption) -> Result<u8, Misuse> {
    if let Err(unanswered) = guard::confirm(&mut arguments).await {
        return unanswered.ended();
    }
    if let Err(unanswered) = round_trip::agree(&arguments).await {
        return unanswered.ended();
    }
    let arguments = &arguments;
    let mut plan = arguments.plan(None)?;
    let given = [&arguments.settings_from, &arguments.ca_file, &arguments.public_roots];
    let inputs: Vec<&Path> = given.into_iter().flatten().map(PathBuf::as_path).collect();
    let destinations = Destinations::open(&arguments.telling.output, arguments.record.as_deref(), &inputs)?;
    let files = RootFiles { additional: arguments.ca_file.clone(), public: arguments.public_roots.clone() };
    let next = "name a file of certificates in PEM form";
    if let Some(path) = [&files.additional, &files.public].into_iter().flatten().find(|path| !path.exists()) {
        return Err(Misuse::new(format!("there is no file of certificates at {}", file_name(path)), next));
    }
    let by = if plan.round_trip.is_some() { ROUND_TRIP } else { "check" };
    let signs_in = arguments.wants_sign_in() && !arguments.no_ledger;
    let ledger = if signs_in { attempts::ledger(by) } else { None };
    let real = Real::new(&files).map_err(|why| Misuse::new(why.to_string(), next))?.remembering(ledger.clone());
    if let (true, Some(email)) = (arguments.wants_sign_in(), &arguments.email) {
        tokio::select! {
            biased;
            // A question handles signals itself: there is no report yet, because no check has begun.
            completed = password::complete(&mut plan, arguments, email) => if let Err(unanswered) = completed {
                return unanswered.ended();
            },
            () = interruption.come() => {}
        }
    }
    let progress = Progress::new(arguments);
    let interrupted = interruption.come();
    if destinations.wants_case() {
        let recording = Recording::of(real);
        let evidence = examine(&plan, &recording, &progress, arguments.deadline, interrupted).await;
        drop(progress);
        attempts::warn(ledger.as_deref());
        let told = tell(&evidence, &plan, &Place::here(), &arguments.telling, &destinations);
        let case = case::of(arguments, &plan, &evidence, recording.tape());
        return match case.and_then(|case| destinations.write_case(&case)) {
            Ok(()) => told,
            Err(misuse) => told.map(|_| destinations.failed(&misuse)),
        };
    }
    let evidence = examine(&plan, &real, &progress, arguments.deadline, interrupted).await;
    // Clears the progress before the report is printed, so that no part of the report is cleared.
    drop(progress);
    attempts::warn(ledger.as_deref());
    tell(&evidence, &plan, &Place::here(), &arguments.telling, &destinations)
}
