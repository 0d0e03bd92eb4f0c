//! Prints every few seconds, in a sentence, what the run waits for; nothing is erased.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use checks::network::clock::Stopwatch;

use crate::aside;

/// Often enough to show progress, and seldom enough for a screen reader.
const EVERY: Duration = Duration::from_secs(3);

/// What is asked, and since when.
type Waiting = Arc<Mutex<Vec<(String, Stopwatch)>>>;

/// The sentences of one run.
pub(crate) struct Sentences {
    waiting: Waiting,
    /// Dropped when the run is over.
    running: Option<Sender<()>>,
    speaker: Option<JoinHandle<()>>,
}

impl Sentences {
    pub(super) fn new() -> Self {
        let waiting = Waiting::default();
        let (running, is_over) = channel::<()>();
        let asked = Arc::clone(&waiting);
        let speaker = spawn(move || {
            while is_over.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                let asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
                let waited = asked.iter().map(|(whom, since)| (whom, (since.milliseconds() + 500) / 1000));
                let named: Vec<String> =
                    waited.filter(|(_, seconds)| *seconds > 0).map(|(whom, s)| format!("{whom}, {s} s")).collect();
                if !named.is_empty() {
                    aside::say(format!("Waiting for {}.", named.join("; ")));
                }
            }
        });
        Self { waiting, running: Some(running), speaker: Some(speaker) }
    }

    pub(super) fn began(&self, whom: String) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((whom, Stopwatch::start()));
    }

    pub(super) fn ended(&self, whom: &str) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).retain(|(asked, _)| asked != whom);
    }
}

impl Drop for Sentences {
    fn drop(&mut self) {
        drop(self.running.take());
        // No sentence may be printed after the report has begun.
        let _ = self.speaker.take().map(JoinHandle::join);
    }
}
