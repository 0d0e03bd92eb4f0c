//! What a run over many accounts says of all of them.

use super::timing::wait;

/// In the row of an account whose problem is told for all.
pub(crate) const AS_ABOVE: &str = "The same problem as above.";

/// Why an account was not asked.
pub(crate) const REFUSED_BEFORE: &str =
    "Not asked, because this password was refused for the same login earlier in this run.";

/// Why an account was not asked: its password could not be had.
pub(crate) fn without_password(why: &str) -> String {
    format!("Not asked, because its password could not be read: {}.", why.trim_end_matches('.'))
}

/// Why an account was not asked: nothing could be asked of either server.
pub(crate) fn nothing_open(conclusion: &str) -> String {
    let mut letters = conclusion.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    format!("Not asked, because of what is the same for every account: {first}{}", letters.as_str())
}

/// The results, as numbers of accounts.
pub(crate) struct Counts {
    pub(crate) accounts: usize,
    pub(crate) healthy: usize,
    pub(crate) trouble: usize,
    pub(crate) unknown: usize,
}

/// The result of a run in one sentence.
pub(crate) fn conclusion(Counts { accounts, healthy, trouble, unknown }: Counts) -> String {
    match (trouble, unknown) {
        (0, 0) if accounts == 0 => "There is no account to ask: this share of the list has none.".to_owned(),
        (0, 0) if accounts == 1 => "All is well with the one account.".to_owned(),
        (0, 0) => format!("All {accounts} accounts work."),
        (0, _) if healthy == 0 => format!("No result for {unknown} of {}.", of(accounts)),
        (0, _) => format!("No result for {unknown} of {}; {healthy} work.", of(accounts)),
        (_, 0) => format!("Mail fails for {trouble} of {}.", of(accounts)),
        (_, 1) => format!("Mail fails for {trouble} of {}, and one has no result.", of(accounts)),
        _ => format!("Mail fails for {trouble} of {}, and {unknown} have no result.", of(accounts)),
    }
}

/// So many accounts.
pub(crate) fn of(accounts: usize) -> String {
    if accounts == 1 { "1 account".to_owned() } else { format!("{accounts} accounts") }
}

/// What was found without an account.
pub(crate) fn of_the_network(title: &str) -> String {
    format!(
        "This is the same for every account, and was found without one: {title}. The accounts and their passwords need not \
         be wrong."
    )
}

/// What most accounts share.
pub(crate) fn shared(accounts: usize, of: usize, title: &str, is_of_an_account: bool) -> String {
    let all = if accounts == of { format!("All {of}") } else { format!("{accounts} of {of}") };
    let then = match is_of_an_account {
        true => "If these accounts worked before, look at the list first: a column or a line may be out of place.",
        false => "It is most likely one problem and not many: the accounts and their passwords need not be wrong.",
    };
    format!("{all} accounts with a problem have the same one: {title}. {then}")
}

/// Why a run was stopped.
pub(crate) fn refused_in_a_row(count: usize) -> String {
    format!(
        "{count} accounts in a row had their password refused, and a wrong list would lock every account. Correct it \
         and begin anew, for --resume leaves out those that were refused; --go-on goes on all the same."
    )
}

pub(crate) fn refused_of_the_first(count: usize, of: usize) -> String {
    format!(
        "{count} of the first {of} accounts had their password refused, and a wrong list would lock every account. \
         Correct it and begin anew, for --resume leaves out those that were refused; --go-on goes on all the same."
    )
}

pub(crate) const THROTTLED: &str = "The servers still refuse for now after three pauses. Use --resume in some hours.";
pub(crate) const INTERRUPTED: &str = "It was interrupted. --resume goes on.";

pub(crate) const UNWRITTEN: &str = "The results could not be written. --resume goes on.";

pub(crate) const SHOWN: &str = "--no-sign-in shows only the results that are there.";

/// Said when a pause begins.
pub(crate) fn pause(seconds: u64) -> String {
    format!("Three accounts in a row were told to come later. The run waits {}.", wait(seconds))
}

/// Said as the run goes on.
pub(crate) fn progress(done: usize, of: usize, account: &str, sentence: &str) -> String {
    format!("{done} of {of}, {account}: {sentence}")
}
