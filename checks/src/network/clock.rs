//! Time as a run sees it: a stopwatch, a limit and a pause, all of which stand still in a replayed case.

use std::time::Duration;

use tokio::time::Instant;

/// Counts from the start of a run.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts counting now.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Whole milliseconds since the start.
    pub fn milliseconds(self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// What the future yields within the limit, or `None`.
#[allow(clippy::disallowed_methods, reason = "this is the door")]
pub async fn within<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    tokio::time::timeout(limit, future).await.ok()
}

/// Waits.
#[allow(clippy::disallowed_methods, reason = "this is the door")]
pub async fn pause(length: Duration) {
    tokio::time::sleep(length).await;
}
