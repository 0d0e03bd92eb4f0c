//! What a watch says of a change.

use super::timing::wait;

/// Nothing that can be seen without a sign-in stands in the way.
pub(crate) const CLEAR: &str = "Nothing is in the way any more. Now the sign-ins are tried.";

/// Why a watch ended.
pub(crate) const HEALTHY: &str = "The watch is over: all is well.";
pub(crate) const OUT_OF_TIME: &str = "The watch is over: its time has passed.";
pub(crate) const INTERRUPTED: &str = "The watch was interrupted.";
pub(crate) const REFUSED: &str = "The watch is over: a server refuses the sign-in, and a refused password is not sent again. Correct it, and start the watch again.";

/// A sign-in fails, and nothing that can be seen without one explains it.
pub(crate) fn sign_in_fails(conclusion: &str) -> String {
    format!("{conclusion} The sign-in is tried again only after a change, or when you press Enter.")
}

/// Trouble begins.
pub(crate) fn onset(conclusion: &str, last_good: Option<String>) -> String {
    match last_good {
        Some(at) => format!("{conclusion} The last good check was at {at}."),
        None => conclusion.to_owned(),
    }
}

/// Trouble ends, after so many seconds.
pub(crate) fn recovery(conclusion: &str, after_s: Option<u64>) -> String {
    match after_s {
        Some(seconds) => format!("{conclusion} There was trouble for {}.", wait(seconds)),
        None => conclusion.to_owned(),
    }
}
