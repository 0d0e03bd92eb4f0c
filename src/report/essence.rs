//! The essence of a report, for a run whose complete report would take too long to render.

use checks::budget::BRIEFLY;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Report;
use crate::words::left_out::TRANSCRIPTS;

impl Report {
    /// Leaves out what takes longest to render: conversations word for word, and the longest answers.
    pub(crate) fn keep_the_essence(&mut self) {
        if !self.transcripts.is_empty() {
            self.transcripts.clear();
            self.left_out.push(TRANSCRIPTS.to_owned());
        }
        shorten(&mut self.checks, &mut self.left_out);
        shorten(&mut self.timeline, &mut self.left_out);
        shorten(&mut self.chains, &mut self.left_out);
    }
}

/// Shortens each of them; one that could not be read after shortening stays unchanged.
fn shorten<T: Serialize + DeserializeOwned>(all: &mut [T], left_out: &mut Vec<String>) {
    for one in all {
        let mut remarks = left_out.clone();
        if let Ok(Some(shorter)) = BRIEFLY.of(one, &mut remarks) {
            (*one, *left_out) = (shorter, remarks);
        }
    }
}
