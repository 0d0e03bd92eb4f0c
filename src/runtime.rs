//! The one thread on which everything waits, for the network or for a recorded case.

use std::time::Duration;

use tokio::runtime::Builder;

use crate::misuse::Misuse;

/// How many steps of work run before clocks and signals are checked: a connection that always has more to read must not
/// delay the deadline.
const EVENT_INTERVAL: u32 = 4;

/// Runs work that waits for the network, a clock or a signal.
pub(crate) fn wait_for<T>(work: impl Future<Output = Result<T, Misuse>>) -> Result<T, Misuse> {
    let runtime =
        Builder::new_current_thread().enable_all().event_interval(EVENT_INTERVAL).build().map_err(no_means)?;
    let ended = runtime.block_on(work);
    // A lookup or a read of the system's store that hangs must not keep the program from ending.
    runtime.shutdown_timeout(Duration::ZERO);
    ended
}

/// Runs a recorded case: the clock jumps ahead while nothing happens, so that five seconds of silence take no time.
pub(crate) fn wait_through<T>(work: impl Future<Output = T>) -> Result<T, Misuse> {
    Ok(Builder::new_current_thread().enable_time().start_paused(true).build().map_err(no_means)?.block_on(work))
}

#[allow(clippy::needless_pass_by_value, reason = "it is mapped over an error")]
fn no_means(fault: std::io::Error) -> Misuse {
    Misuse::new(format!("this system gives no means to wait: {fault}"), "try again")
}
