//! What every run under attack has to keep.

use serde_json::Value;

use crate::doctor::Ended;
use crate::{Held, holds};

/// No outside input may make it take more than this.
const MOST_MEGABYTES: u64 = 150;

impl Ended {
    /// It ended by itself, in time, with a code of its own and within its memory.
    pub(crate) fn is_bounded(&self) -> Held {
        holds(!self.was_killed, || format!("it was still running after {:.1} s", self.took.as_secs_f32()))?;
        holds(self.code.is_some_and(|code| (0..=3).contains(&code)), || {
            format!("it ended by a signal or a panic ({:?}): {}", self.code, self.text().trim())
        })?;
        holds(self.megabytes <= MOST_MEGABYTES, || format!("it took {} MB", self.megabytes))
    }

    /// The JSON document on standard output.
    pub(crate) fn report(&self) -> Result<Value, String> {
        serde_json::from_slice(&self.out).map_err(|fault| format!("no JSON document ({fault}): {}", self.text()))
    }

    /// None of these texts is in anything that it wrote.
    pub(crate) fn hides(&self, secrets: &[&str]) -> Held {
        let text = self.text();
        for secret in secrets {
            holds(!text.contains(secret), || {
                let line = text.lines().find(|line| line.contains(secret)).unwrap_or_default();
                format!("\"{secret}\" is shown: {}", line.chars().take(300).collect::<String>())
            })?;
        }
        Ok(())
    }
}
