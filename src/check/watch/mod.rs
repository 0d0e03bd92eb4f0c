//! `check --watch`: checks again and again without a sign-in until nothing is in the way, and signs in only then.

mod account;
#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::time::Duration;

use checks::evidence::Evidence;
use checks::network::clock::{Stopwatch, pause};
use checks::plan::Plan;
use checks::questions::Question;
use time::OffsetDateTime;

use crate::report::event::Event;
use crate::words::watch as words;
use account::{Account, Next};

/// How often to check, and for how long at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub(super) every: Duration,
    pub(super) limit: Option<Duration>,
}

/// Why a watch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Healthy,
    OutOfTime,
    Interrupted,
    /// A server refuses the sign-in, and waiting does not change that.
    Refused,
}

impl Why {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Healthy => words::HEALTHY,
            Self::OutOfTime => words::OUT_OF_TIME,
            Self::Interrupted => words::INTERRUPTED,
            Self::Refused => words::REFUSED,
        }
    }
}

/// Ends a check early.
pub(super) type Stop<'s> = Pin<Box<dyn Future<Output = ()> + 's>>;

/// What is around a watch.
pub(super) struct Around<C, S, E, N, T> {
    /// Makes one check, which ends early where it is told to.
    pub(super) check: C,
    /// Waits for a signal.
    pub(super) signal: S,
    /// Waits until the user presses Enter.
    pub(super) enter: E,
    /// The wall clock.
    pub(super) now: N,
    /// Prints a change.
    pub(super) tell: T,
}

/// Checks until all is well. Returns the last evidence that says how it is, and why the watch ended.
pub(super) async fn until_healthy(
    pace: Pace,
    mut plan: Plan,
    around: Around<
        impl AsyncFn(&Plan, Stop<'_>) -> Evidence,
        impl AsyncFnMut(),
        impl AsyncFn(),
        impl Fn() -> OffsetDateTime,
        impl FnMut(&Event),
    >,
) -> (Evidence, Why) {
    let Around { check, mut signal, enter, now, mut tell } = around;
    let began = Stopwatch::start();
    // Only a check that has the password can send it.
    let mut password = plan.password.take();
    // It would send a refused password once more, in another way.
    plan.left_out.insert(Question::OtherSignIn);
    let mut account = Account::default();
    let mut last: Option<Evidence> = None;
    let mut pressed = Box::pin(enter());
    let mut signs_in = false;
    loop {
        let started = Stopwatch::start();
        loop {
            plan.password = password.take_if(|_| signs_in);
            let mut why = None;
            let stop = Box::pin(async { why = Some(stopped(pace, began, &mut signal).await) });
            let evidence = check(&plan, stop).await;
            if let Some(why) = why {
                return (last.unwrap_or(evidence), why);
            }
            let (event, next) = match plan.password.take() {
                Some(sent) => {
                    password = Some(sent);
                    account.signed_in(&evidence, now())
                }
                None => account.looked(&evidence, now(), password.is_some()),
            };
            event.iter().for_each(&mut tell);
            signs_in = next == Next::SignIn;
            match next {
                Next::SignIn => continue,
                Next::End(why) => return (evidence, why),
                Next::Watch => last = Some(evidence),
                // What can be seen without a sign-in says nothing of the trouble with it.
                Next::Rest => last = last.or(Some(evidence)),
            }
            break;
        }
        // Counted from the start of the check, so that a slow one does not delay the news.
        let rest = pace.every.saturating_sub(Duration::from_millis(started.milliseconds()));
        tokio::select! {
            biased;
            // The next check ends at once, and returns what is known.
            _ = stopped(pace, began, &mut signal) => {}
            () = &mut pressed => {
                signs_in = true;
                pressed = Box::pin(enter());
            }
            () = pause(rest) => {}
        }
    }
}

/// Waits for a signal, or until the time is over.
async fn stopped(pace: Pace, began: Stopwatch, signal: &mut impl AsyncFnMut()) -> Why {
    let over = async {
        match pace.limit {
            Some(limit) => pause(limit.saturating_sub(Duration::from_millis(began.milliseconds()))).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        () = signal() => Why::Interrupted,
        () = over => Why::OutOfTime,
    }
}
