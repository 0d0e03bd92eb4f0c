//! `check`: runs the checks over the network.

mod case;
mod listing;
mod place;
mod tell;
mod watch;

use std::path::{Path, PathBuf};
use std::rc::Rc;

use checks::attempts::ROUND_TRIP;
use checks::network::ledger::FileLedger;
use checks::network::real::{Real, RootFiles};
use checks::{Network as _, Outside, Plan, examine};

use crate::attempts;
use crate::cli::check::CheckArguments;
use crate::cli::{guard, password, question, round_trip};
use crate::misuse::{Misuse, file_name};
use crate::output::{self, Destinations};
use crate::privacy::Masked;
use crate::programs::{self, Use};
use crate::progress::Progress;
use crate::report::event::Event;
use crate::review;
use crate::runtime::wait_for;
use crate::signals::{HeldBack, Interruption};
pub(crate) use place::Place;
pub(crate) use tell::{reports, tell};
use watch::{Around, Pace, Stop, Why};

/// The exit code of a watch that never saw all well.
const EXIT_OUT_OF_TIME: u8 = 1;

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
pub(crate) fn as_the_program_is_set(mut arguments: CheckArguments) -> Result<CheckArguments, Misuse> {
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

/// Everything that a run needs before it begins.
pub(crate) struct Ready<'c> {
    pub(crate) plan: Plan,
    pub(crate) real: Outside,
    pub(crate) ledger: Option<Rc<FileLedger>>,
    pub(crate) destinations: Destinations<'c>,
}

/// Asks for what is missing, and opens the network. The error is how the program ends instead. `by` is the command that
/// signs in.
pub(crate) async fn ready<'c>(
    arguments: &'c CheckArguments,
    interruption: &mut Interruption,
    by: &'static str,
) -> Result<Ready<'c>, Result<u8, Misuse>> {
    match opened(arguments, by) {
        Ok((mut plan, real, ledger, destinations)) => {
            if let (true, Some(email)) = (arguments.wants_sign_in(), &arguments.email) {
                tokio::select! {
                    biased;
                    // A question handles signals itself: there is no report yet, because no check has begun.
                    completed = password::complete(&mut plan, arguments, email) => if let Err(unanswered) = completed {
                        return Err(unanswered.ended());
                    },
                    () = interruption.come() => {}
                }
            }
            Ok(Ready { plan, real, ledger, destinations })
        }
        Err(misuse) => Err(Err(misuse)),
    }
}

type Opened<'c> = (Plan, Outside, Option<Rc<FileLedger>>, Destinations<'c>);

fn opened<'c>(arguments: &'c CheckArguments, by: &'static str) -> Result<Opened<'c>, Misuse> {
    let plan = arguments.plan(None)?;
    let given = [&arguments.settings_from, &arguments.ca_file, &arguments.public_roots];
    let inputs: Vec<&Path> = given.into_iter().flatten().map(PathBuf::as_path).collect();
    let destinations = Destinations::open(&arguments.telling.output, arguments.record.as_deref(), &inputs)?;
    let (real, ledger) = network(arguments, arguments.wants_sign_in(), by)?;
    Ok((plan, real, ledger, destinations))
}

/// Opens the network, with the ledger if there is a sign-in. `by` is the command that signs in.
pub(crate) fn network(
    arguments: &CheckArguments,
    signs_in: bool,
    by: &'static str,
) -> Result<(Outside, Option<Rc<FileLedger>>), Misuse> {
    let ledger = if signs_in && !arguments.no_ledger { attempts::ledger(by) } else { None };
    Ok((real(arguments, ledger.clone())?, ledger))
}

/// The network with this ledger.
pub(crate) fn real(arguments: &CheckArguments, ledger: Option<Rc<FileLedger>>) -> Result<Outside, Misuse> {
    let files = RootFiles { additional: arguments.ca_file.clone(), public: arguments.public_roots.clone() };
    let next = "name a file of certificates in PEM form";
    if let Some(path) = [&files.additional, &files.public].into_iter().flatten().find(|path| !path.exists()) {
        return Err(Misuse::new(format!("there is no file of certificates at {}", file_name(path)), next));
    }
    let real = Real::new(&files).map_err(|why| Misuse::new(why.to_string(), next))?;
    Ok(Outside::Real(real.remembering(ledger)))
}

async fn on_the_network(mut arguments: CheckArguments, mut interruption: Interruption) -> Result<u8, Misuse> {
    if let Err(unanswered) = guard::confirm(&mut arguments).await {
        return unanswered.ended();
    }
    if let Err(unanswered) = round_trip::agree(&arguments).await {
        return unanswered.ended();
    }
    let arguments = &arguments;
    let by = if arguments.round_trip.is_some() { ROUND_TRIP } else { "check" };
    let Ready { plan, real, ledger, destinations } = match ready(arguments, &mut interruption, by).await {
        Ok(ready) => ready,
        Err(ended) => return ended,
    };
    if let Some(every) = arguments.watch {
        let pace = Pace { every, limit: arguments.watch_for };
        let watched = Box::pin(watched(arguments, pace, plan, &real, &mut interruption, &destinations)).await;
        attempts::warn(ledger.as_deref());
        return watched;
    }
    let progress = Progress::new(arguments);
    let interrupted = interruption.come();
    if destinations.wants_case() {
        let (recording, tape) = real.recorded();
        let evidence = examine(&plan, &recording, &progress, arguments.deadline, interrupted).await;
        drop(progress);
        attempts::warn(ledger.as_deref());
        let told = tell(&evidence, &plan, &Place::here(), &arguments.telling, &destinations);
        let case = case::of(arguments, &plan, &evidence, tape.take());
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

/// Watches the account, and prints the last report at the end.
async fn watched(
    arguments: &CheckArguments,
    pace: Pace,
    plan: Plan,
    real: &Outside,
    interruption: &mut Interruption,
    destinations: &Destinations<'_>,
) -> Result<u8, Misuse> {
    let around = Around {
        check: async |plan: &Plan, stop: Stop<'_>| {
            let progress = Progress::new(arguments);
            examine(plan, real, &progress, arguments.deadline, stop).await
        },
        signal: async || interruption.come().await,
        enter: async || match arguments.may_ask() && !arguments.password_stdin {
            true => question::enter().await,
            false => std::future::pending().await,
        },
        now: || real.now(),
        tell: |event: &Event| {
            // What cannot be printed is in the last report.
            let _ = destinations.tell(event);
        },
    };
    let masks = arguments.plan(None)?;
    let (evidence, why) = Box::pin(watch::until_healthy(pace, plan, around)).await;
    let Masked { for_others, for_oneself } = reports(&evidence, &masks, &Place::here(), &arguments.telling)?;
    let code = destinations.end(why.words(), real.now(), &for_others, for_oneself.as_ref().unwrap_or(&for_others));
    // Where its time has passed, it was not healthy until then.
    Ok(if why == Why::OutOfTime { EXIT_OUT_OF_TIME } else { code })
}
