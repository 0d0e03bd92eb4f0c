//! What a service says in its log, and to those who ask it.

use super::timing::wait;

pub(crate) const HEALTHY: &str = "The service runs.";
pub(crate) const READY: &str = "The service is ready.";
pub(crate) const NOT_READY: &str = "The service is stopping.";
pub(crate) const NO_SUCH_PATH: &str = "There is no such page; the page / has links to all.";
pub(crate) const NO_SUCH_ACCOUNT: &str = "No account in the list has this name.";
pub(crate) const NO_TARGET: &str = "Name an account of the list: ?target=NAME";
pub(crate) const NO_PAGE: &str = "The page cannot be put together; this is a fault of the program.";

/// Why an account was not asked.
pub(crate) const REFUSED_BEFORE: &str =
    "Not asked, because this password was refused before, and is not sent again for a day.";

/// The answer to a method that a path does not have.
pub(crate) fn not_this_method(allowed: &str) -> String {
    format!("This page takes {allowed} alone.")
}

/// There is no such report.
pub(crate) fn no_report(is_failing: bool) -> &'static str {
    if is_failing { "No report of this account has a problem." } else { "This account has no report yet." }
}

/// Why an account was not asked: the network could not be opened.
pub(crate) fn no_network(why: &str) -> String {
    format!("Not asked, because the network cannot be used: {}.", why.trim_end_matches('.'))
}

/// Said when the service begins.
pub(crate) fn started(address: &str, accounts: usize, interval_s: u64, state: &str) -> String {
    let each = if accounts == 1 { "1 account" } else { &format!("{accounts} accounts") };
    format!("Started: {address} answers; {each}, each once in {}; state in {state}.", wait(interval_s))
}

/// Said when there are more accounts than an interval has room for.
pub(crate) fn too_many(round_s: u64, interval_s: u64) -> String {
    format!(
        "With this --pace a round takes {}, which is longer than --interval ({}): each account is checked once a round.",
        wait(round_s),
        wait(interval_s)
    )
}

/// Said when it ends.
pub(crate) const STOPPING: &str = "Stopping: what is under way ends.";
pub(crate) const STOPPED: &str = "Stopped.";

/// How an account has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    WorksAgain,
    HasAProblem,
    HasNoResult,
    WasNotAsked,
}

/// Said when an account changes, with the first of its causes.
pub(crate) fn changed(account: &str, change: Change, cause: Option<&str>) -> String {
    let cause = cause.map(|cause| format!(" ({cause})")).unwrap_or_default();
    match change {
        Change::WorksAgain => format!("{account}: works again."),
        Change::HasAProblem => format!("{account}: has a problem{cause}."),
        Change::HasNoResult => format!("{account}: no result{cause}."),
        Change::WasNotAsked => format!("{account}: was not asked."),
    }
}

/// Said when a brake holds all sign-ins.
pub(crate) fn brakes(why: &str, seconds: u64) -> String {
    // What follows is advice for a run over a list.
    let (why, _) = why.split_once(". ").unwrap_or((why, ""));
    format!("{}. No account is signed in for {}; then one alone.", why.trim_end_matches('.'), wait(seconds))
}

/// Said when the list was read again.
pub(crate) fn reloaded(accounts: usize) -> String {
    format!(
        "Reloaded: the list has {}.",
        if accounts == 1 { "1 account".to_owned() } else { format!("{accounts} accounts") }
    )
}

/// Said when it could not be.
pub(crate) fn not_reloaded(why: &str) -> String {
    format!("Not reloaded, so the old list stays: {why}")
}

/// Of an account without a result.
pub(crate) const NOT_RUN: &str = "Not checked yet.";

/// How many accounts work.
pub(crate) fn summary(well: usize, of: usize) -> String {
    match (well, of) {
        (_, 0) => "The list has no account.".to_owned(),
        (1, 1) => "The one account works.".to_owned(),
        (0, 1) => "The one account has no good result.".to_owned(),
        _ if well == of => format!("All {of} accounts work."),
        _ => format!("{well} of {of} accounts work."),
    }
}

/// Said when something cannot be written to the state folder.
pub(crate) fn unkept(why: &str) -> String {
    format!("The state cannot be written ({why}); a restart does not know of this run.")
}

/// Of a request for another computer.
pub(crate) const NOT_FOR_US: &str = "This service answers localhost and addresses such as 127.0.0.1; with TLS, users or client_ca_file in --web-config it answers to any name.";
/// Of a request beyond the limit.
pub(crate) const TOO_MANY: &str = "There are too many requests; ask again later.";
/// Of a request without the right password.
pub(crate) const WHO_IS_THERE: &str = "A user and a password are needed.";
/// Of a request that a page of another site sends.
pub(crate) const FROM_A_PAGE: &str = "A page cannot do this; use curl -X POST.";
