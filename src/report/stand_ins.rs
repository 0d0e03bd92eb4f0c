//! What a reader has to know of addresses that are not the real ones.

use super::Report;

/// More than these are not named one by one.
const MOST_NAMED: usize = 3;

impl Report {
    /// Which addresses are stand-ins, and how to see the real ones; `None` where all are as they were.
    pub(crate) fn about_stand_ins(&self) -> Option<String> {
        let named: Vec<String> = self.stand_ins.iter().take(MOST_NAMED).map(ToString::to_string).collect();
        let named = named.join(", ");
        let (are, real) = match self.stand_ins.len() {
            0 => return None,
            1 => (format!("{named} is a stand-in for an address"), "the real one"),
            more if more > MOST_NAMED => (format!("{named} and others are stand-ins for addresses"), "the real ones"),
            _ => (format!("{named} are stand-ins for addresses"), "the real ones"),
        };
        Some(format!(
            "{are} of your own network, so that this report can be handed on. A run with --show-address shows {real}."
        ))
    }

    /// The same, for a text in which one of them stands.
    pub(crate) fn about_stand_ins_in(&self, text: &str) -> Option<String> {
        let is_there = self.stand_ins.iter().any(|stand_in| text.contains(&stand_in.to_string()));
        self.about_stand_ins().filter(|_| is_there)
    }
}
