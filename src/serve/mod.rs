//! `serve`: a monitor for Prometheus. A schedule signs in; whoever asks gets what the last run came to.

mod answers;
mod around;
mod guard;
mod history;
mod home;
mod listener;
mod monitor;
mod rounds;
mod routes;
mod schedule;
#[cfg(test)]
mod tests;
mod web_config;

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use checks::network::clock::within;
use hyper::body::Bytes;
use tokio::task::LocalSet;

use crate::accounts::{self, Account, Brakes, Limits, one_after_another};
use crate::check::{self, Place};
use crate::cli::check::CheckArguments;
use crate::cli::password;
use crate::cli::serve::ServeArguments;
use crate::misuse::{Misuse, file_name};
use crate::render::{Detail, Dialect, Format, Look, render};
use crate::report::Report;
use crate::runtime::wait_for;
use crate::signals::{HeldBack, Interruption, Reloads};
use crate::words::serve as words;
use crate::{aside, attempts, files};
use answers::{Knows, Reported};
use guard::Guard;
use history::History;
use listener::Listener;
use monitor::Monitor;
use rounds::Rounds;
use routes::Which;
use schedule::Schedule;
use web_config::WebConfig;

/// The folder of the state in that of the program.
const STATE: &str = "serve";

/// How long answers that were begun may take once everything else has ended.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// The list on the disk, which can be read again.
struct List {
    path: PathBuf,
    credentials: Option<PathBuf>,
}

impl List {
    fn of(arguments: &ServeArguments) -> Result<Self, Misuse> {
        let path = arguments.many.file.clone().unwrap_or_default();
        if path.as_os_str() == "-" || files::descriptor(&path).is_some() {
            let what = "a list on standard input can be read once alone, and the service reads it again";
            return Err(Misuse::new(what, "name a file after --accounts"));
        }
        Ok(Self { path, credentials: accounts::credentials(&arguments.many) })
    }

    fn read(&self) -> Result<Vec<Account>, Misuse> {
        let accounts = accounts::read_list(&self.path, self.credentials.as_deref())?;
        let has_address =
            |account: &&Account| account.name.contains('@') || account.labels.values().any(|label| label.contains('@'));
        match accounts.iter().filter(has_address).map(|account| account.line).collect::<Vec<_>>().as_slice() {
            [] => Ok(accounts),
            lines => Err(Misuse::new(words::with_addresses(lines, &file_name(&self.path)), "write them without an @")),
        }
    }
}

/// Runs the service until a signal ends it.
pub(crate) fn run(arguments: &ServeArguments, held: Option<HeldBack>) -> Result<u8, Misuse> {
    let check = check::as_the_program_is_set(arguments.check.tidied())?;
    if let Some(host) = check.plan(None)?.untrusted().first() {
        return Err(password::not_trusted(host));
    }
    let guard = guard(arguments)?;
    let list = List::of(arguments)?;
    let accounts = list.read()?;
    wait_for(async {
        let (interruption, reloads) = Interruption::listen_and_reload(held)?;
        let started = Box::pin(started(arguments, &check, guard, list, accounts, interruption, reloads));
        LocalSet::new().run_until(started).await
    })
}

/// How long it takes to begin so many accounts, one after another.
fn many_take(pace: Duration, count: usize) -> Duration {
    pace.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Where the service keeps its state, and where sign-ins are remembered.
struct Folders {
    state: PathBuf,
    ledger: PathBuf,
}

impl Folders {
    fn of(arguments: &ServeArguments) -> Result<Self, Misuse> {
        let of_program = attempts::state_folder();
        match (&arguments.state, of_program) {
            (Some(state), of_program) => {
                // In a container the home folder is often one that cannot be written.
                let usable = of_program.filter(|folder| history::can_be_written(folder));
                Ok(Self { state: state.clone(), ledger: usable.unwrap_or_else(|| state.clone()) })
            }
            (None, Some(ledger)) => Ok(Self { state: ledger.join(STATE), ledger }),
            (None, None) => {
                Err(Misuse::new("there is no home folder to keep the results in", "name a folder with --state DIR"))
            }
        }
    }
}

/// The page of a report.
fn page_of(report: &Report) -> Option<String> {
    let look = Look { width: 0, lines: None, is_plain: true, detail: Detail::Usual };
    let mut page = Vec::new();
    render(Format::page()?, look, report, &mut page).ok()?;
    String::from_utf8(page).ok()
}

/// Reads who may ask.
fn guard(arguments: &ServeArguments) -> Result<Guard, Misuse> {
    let config = arguments.web_config.as_deref().map(web_config::read).transpose()?;
    let is_protected = config.as_ref().is_some_and(WebConfig::protects);
    if !arguments.listen.ip().is_loopback() && !is_protected {
        let what = "it would listen beyond this computer, where everyone could read the reports";
        let next = "listen on 127.0.0.1 or [::1], or name users or a client_ca_file in a file after --web-config";
        return Err(Misuse::new(what, next));
    }
    Ok(Guard::of(config))
}

/// What the service answers from.
struct Service {
    monitor: Monitor,
    list: List,
    guard: RefCell<Rc<Guard>>,
    /// What the guard is read from again.
    arguments: ServeArguments,
}

async fn started(
    arguments: &ServeArguments,
    check: &CheckArguments,
    guard: Guard,
    list: List,
    accounts: Vec<Account>,
    mut interruption: Interruption,
    mut reloads: Reloads,
) -> Result<u8, Misuse> {
    let real = check::real(check, None)?;
    let folders = Folders::of(arguments)?;
    let history = History::open(&folders.state)?;
    let listener = Listener::bind(arguments.listen).await?;
    let monitor = Monitor::new(real, Schedule::new(arguments.interval), history, accounts);
    let guard = RefCell::new(Rc::new(guard));
    let service = Rc::new(Service { monitor, list, guard, arguments: arguments.clone() });
    let address = listener.address().unwrap_or(arguments.listen);
    let scheme = if service.guard.borrow().tls.is_some() { "https" } else { "http" };
    let (count, interval) = (service.monitor.count(), arguments.interval.as_secs());
    aside::say(words::started(
        &format!("{scheme}://{address}/"),
        count,
        interval,
        &folders.state.display().to_string(),
    ));

    let round = many_take(arguments.many.pace, count);
    if round > arguments.interval {
        aside::say(words::too_many(round.as_secs(), interval));
    }
    let place = Place::here();
    let rounds = Rounds::new(check, &service.monitor, &place, folders.ledger);
    let many = &arguments.many;
    let limits = Limits { at_once: many.at_once, pace: many.pace, jitter: many.jitter, grace: check.deadline };
    let stopped = async {
        interruption.come().await;
        service.monitor.stops();
        aside::say(words::STOPPING);
    };
    let rounds = Box::pin(one_after_another(&rounds, &rounds, limits, Brakes::new(many.go_on), stopped));
    let reloading = async {
        loop {
            reloads.come().await;
            let _ = service.reload();
        }
    };
    tokio::select! {
        biased;
        _ = rounds => {}
        () = reloading => {}
        () = listener.serve(Rc::clone(&service), || Rc::clone(&service.guard.borrow())) => {}
    }
    within(LAST_ANSWERS, listener.ended()).await;
    aside::say(words::STOPPED);
    Ok(0)
}

impl Knows for Service {
    fn metrics(&self, dialect: Dialect) -> Bytes {
        self.monitor.metrics(dialect)
    }

    fn probe(&self, target: &str, dialect: Dialect) -> Option<String> {
        self.monitor.probe(target, dialect)
    }

    fn report(&self, target: &str, which: Which) -> Reported {
        if self.monitor.account(target).is_none() {
            return Reported::NoSuchAccount;
        }
        let page = self.monitor.report(target, which).and_then(|report| page_of(&report));
        page.map_or(Reported::NotYet, Reported::Page)
    }

    fn home(&self) -> Option<String> {
        home::page(self.monitor.each(home::Row::of))
    }

    fn is_ready(&self) -> bool {
        !self.monitor.is_stopping()
    }

    fn reload(&self) -> Result<String, String> {
        let read = self.list.read().and_then(|accounts| Ok((accounts, guard(&self.arguments)?)));
        let read = read.map(|(accounts, guard)| {
            *self.guard.borrow_mut() = Rc::new(guard);
            let said = words::reloaded(accounts.len());
            self.monitor.take_list(accounts);
            said
        });
        let said = read.map_err(|misuse| words::not_reloaded(&misuse.to_string()));
        said.as_ref().map_or_else(aside::say, aside::say);
        said
    }
}
