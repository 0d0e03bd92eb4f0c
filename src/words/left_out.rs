//! What a report leaves out, and what in it is not as it was.

use std::net::IpAddr;

use super::said::list;

/// The conversations, for want of time.
pub(crate) const TRANSCRIPTS: &str = "transcripts: left out, because there was no time for it";

/// More stand-ins than these are not named one by one.
const MOST_NAMED: usize = 3;

/// Which addresses are stand-ins, and how to see the real ones; `None` where all are as they were.
pub(crate) fn stand_ins(stand_ins: &[IpAddr]) -> Option<String> {
    let mut named: Vec<String> = stand_ins.iter().take(MOST_NAMED).map(ToString::to_string).collect();
    if stand_ins.len() > MOST_NAMED {
        named.push("others".to_owned());
    }
    let named = list(&named, "and");
    let (are, real) = match stand_ins.len() {
        0 => return None,
        1 => (format!("{named} is a stand-in for an address"), "the real one"),
        _ => (format!("{named} are stand-ins for addresses"), "the real ones"),
    };
    Some(format!(
        "{are} of your own network, so that this report can be handed on. A run with --show-address shows {real}."
    ))
}
