//! What a service says in its log, and to those who ask it.

use checks::attempts::rules::HeldBack;
use checks::plan::Protocol;

use super::conversation;
use super::said::list;
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

/// Said when an account changes, with the first of its causes, and why it was not asked.
pub(crate) fn changed(account: &str, change: Change, cause: Option<&str>, why: &str) -> String {
    let cause = cause.map(|cause| format!(" ({cause})")).unwrap_or_default();
    match change {
        Change::WorksAgain => format!("{account}: works again."),
        Change::HasAProblem => format!("{account}: has a problem{cause}."),
        Change::HasNoResult => format!("{account}: no result{cause}."),
        Change::WasNotAsked => was_not_asked(account, why),
    }
}

/// Why earlier sign-ins held an account back.
pub(crate) fn held(of: Protocol, held: HeldBack) -> String {
    format!("{NOT_ASKED}{}.", conversation::held_back(of, held))
}

/// How each reason begins.
const NOT_ASKED: &str = "Not asked, because ";

fn was_not_asked(account: &str, why: &str) -> String {
    match why.strip_prefix(NOT_ASKED) {
        Some(why) => format!("{account}: was not asked, because {why}"),
        None => format!("{account}: was not asked: {why}"),
    }
}

/// The same of an account that has a result, which stays.
pub(crate) fn not_asked_now(account: &str, why: &str) -> String {
    format!("{} Its last result stays.", was_not_asked(account, why))
}

/// Said when a brake holds all sign-ins.
pub(crate) fn brakes(why: &str, seconds: u64) -> String {
    // What follows is advice for a run over a list.
    let (why, _) = why.split_once(". ").unwrap_or((why, ""));
    format!("{}. No account is signed in for {}; then one alone.", why.trim_end_matches('.'), wait(seconds))
}

/// Of names or labels in these lines of the list.
pub(crate) fn with_addresses(lines: &[usize], called: &str) -> String {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> = lines.iter().take(SHOWN).map(usize::to_string).collect();
    let others = lines.len() - shown.len();
    shown.extend((others > 0).then(|| format!("{others} more")));
    let (line, look) = if lines.len() == 1 { ("line", "looks") } else { ("lines", "look") };
    let lines = list(&shown, "and");
    format!(
        "the name or a label in {line} {lines} of {called} {look} like an address, and these are in pages, metrics and logs"
    )
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

#[cfg(test)]
mod tests {
    use checks::attempts::rules::Why;

    use super::*;

    #[test]
    fn names_that_look_like_an_address_have_their_lines() {
        let of = |lines: &[usize]| with_addresses(lines, "a.csv");
        assert!(of(&[4]).starts_with("the name or a label in line 4 of a.csv looks like"), "{}", of(&[4]));
        assert!(of(&[2, 7]).contains("in lines 2 and 7 of a.csv look"), "{}", of(&[2, 7]));
        let many: Vec<usize> = (2..20).collect();
        assert!(of(&many).contains("in lines 2, 3, 4, 5, 6 and 13 more of a.csv"), "{}", of(&many));
    }

    #[test]
    fn the_log_says_why_an_account_was_not_asked() {
        let held = |why| held(Protocol::Imap, HeldBack { why, ago_s: 60, wait_s: 600 });
        for (why, says) in [
            (REFUSED_BEFORE.to_owned(), "because this password was refused before"),
            (no_network("no resolver"), "because the network cannot be used: no resolver."),
            (held(Why::PasswordRefused), "because the IMAP server refused this same password 60 seconds ago"),
            (held(Why::Unanswered), "because this same password was sent to the IMAP server 60 seconds ago"),
            ("The plan is wrong.".to_owned(), "anna: was not asked: The plan is wrong."),
        ] {
            let said = changed("anna", Change::WasNotAsked, None, &why);
            assert!(said.starts_with("anna: was not asked") && said.contains(says), "{said}");
            assert!(said.ends_with('.') && !said.ends_with(".."), "{said}");
            assert!(not_asked_now("anna", &why).ends_with(". Its last result stays."));
        }
    }
}
