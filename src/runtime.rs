//! The one thread on which everything waits: for the world, or through a recorded case.

use std::time::Duration;

use tokio::runtime::Builder;

use crate::misuse::Misuse;

/// How many steps of work may go by before clocks and signals are looked at: a connection that always has more to read
/// must not hold up the deadline.
const EVENT_INTERVAL: u32 = 4;

/// Waits for what needs the network, a clock or a signal.
pub(crate) fn wait_for<T>(work: impl Future<Output = Result<T, Misuse>>) -> Result<T, Misuse> {
    let runtime =
        Builder::new_current_thread().enable_all().event_interval(EVENT_INTERVAL).build().map_err(no_means)?;
    let ended = runtime.block_on(work);
    // A lookup or a read of the system's store that hangs must not keep a finished run from ending.
    runtime.shutdown_timeout(Duration::ZERO);
    ended
}

/// Waits through what is recorded: the clock jumps ahead while nothing happens, and five seconds of silence pass at
/// once.
pub(crate) fn wait_through<T>(work: impl Future<Output = T>) -> Result<T, Misuse> {
    Ok(Builder::new_current_thread().enable_time().start_paused(true).build().map_err(no_means)?.block_on(work))
}

#[allow(clippy::needless_pass_by_value, reason = "it is mapped over an error")]
fn no_means(fault: std::io::Error) -> Misuse {
    Misuse::new(format!("this system gives no means to wait: {fault}"), "try again")
}
