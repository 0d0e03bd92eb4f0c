//! What a reader has to know about addresses that are not the real ones.

use super::Report;
use crate::words::left_out;

impl Report {
    /// Says which addresses are stand-ins, and how to see the real ones; `None` where there are none.
    pub(crate) fn about_stand_ins(&self) -> Option<String> {
        left_out::stand_ins(&self.stand_ins)
    }

    /// The same, for a text that contains a stand-in.
    pub(crate) fn about_stand_ins_in(&self, text: &str) -> Option<String> {
        let is_there = self.stand_ins.iter().any(|stand_in| text.contains(&stand_in.to_string()));
        self.about_stand_ins().filter(|_| is_there)
    }
}
