//! The order of a run: one account alone, then several at once, no two of them begun too close to each other, until the
//! list ends, a brake stops it, or a signal comes.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use checks::network::clock::{Stopwatch, pause};
use tokio::sync::watch;

use super::brakes::{Brakes, Go, Kind};
use crate::words::accounts as words;

/// How fast a run goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) at_once: usize,
    pub(crate) pace: Duration,
    /// By how many percent the pace is lengthened, at most.
    pub(crate) jitter: u32,
    /// How long what is under way may take to end after a signal.
    pub(crate) grace: Duration,
}

/// Ends an account early.
pub(crate) type Cut = Pin<Box<dyn Future<Output = ()>>>;

/// Where the accounts come from.
pub(crate) trait Queue {
    type Account;

    /// The next one, as soon as it is its turn; `None` where there is none any more.
    async fn next(&self) -> Option<Self::Account>;
}

/// A list, each of which has its turn at once.
impl<T> Queue for RefCell<std::vec::IntoIter<T>> {
    type Account = T;

    async fn next(&self) -> Option<T> {
        self.borrow_mut().next()
    }
}

/// What is done with each account.
pub(crate) trait Asks {
    /// An account in the list.
    type Account;
    /// It with its password.
    type Ready;
    /// It with what was learned of it.
    type Done;

    /// Gets the password. `None` where it cannot be had, which has been told then.
    async fn prepare(&self, account: Self::Account) -> Option<Self::Ready>;

    /// Whether it may be signed in, as far as the accounts before it show; why not has been told then.
    fn may_begin(&self, ready: &Self::Ready) -> bool;

    /// Asks the servers.
    async fn examine(&self, ready: Self::Ready, cut: Cut) -> Self::Done;

    /// Tells what was learned, and returns how the servers judged it. `None` where it cannot be told, so that there is no
    /// use in going on.
    fn tell(&self, done: Self::Done) -> Option<Kind>;

    /// Tells that nothing is asked for so long.
    fn pauses(&self, length: Duration);

    /// Hears why a brake would stop the run, and returns how long it pauses instead; `None` where it stops.
    fn brakes(&self, _why: &str) -> Option<Duration> {
        None
    }

    /// A number at random.
    fn chance(&self) -> u64;
}

type Waited<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Those under way, each with the stretch of the run in which it began.
type Running<'a, D> = Vec<(usize, Waited<'a, D>)>;

/// Why a run ended before its list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// A signal came.
    Interrupted,
    /// A brake stopped it, for this reason.
    Braked(String),
    /// The results could not be written.
    Unwritten,
    /// Only the results of an earlier run are wanted.
    Shown,
}

impl Stopped {
    /// In one sentence.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Interrupted => words::INTERRUPTED.to_owned(),
            Self::Braked(why) => why.clone(),
            Self::Unwritten => words::UNWRITTEN.to_owned(),
            Self::Shown => words::SHOWN.to_owned(),
        }
    }
}

/// What came of waiting for the next account.
enum Prepared<R> {
    /// There is none any more.
    Over,
    /// Its password cannot be had.
    Without,
    Ready(R),
}

async fn prepared<A: Asks>(asks: &A, queue: &impl Queue<Account = A::Account>) -> Prepared<A::Ready> {
    match queue.next().await {
        None => Prepared::Over,
        Some(account) => asks.prepare(account).await.map_or(Prepared::Without, Prepared::Ready),
    }
}

/// Asks one account after the other. Returns why it ended before its list, if it did.
pub(crate) async fn one_after_another<A: Asks>(
    asks: &A,
    queue: &impl Queue<Account = A::Account>,
    limits: Limits,
    mut brakes: Brakes,
    interrupted: impl Future<Output = ()>,
) -> Option<Stopped> {
    let clock = Stopwatch::start();
    let (cut, cuts) = watch::channel(false);
    let mut interrupted = pin!(interrupted);
    let mut preparing: Option<Waited<'_, Prepared<A::Ready>>> = None;
    let mut ready: Option<A::Ready> = None;
    let mut is_over = false;
    let mut running: Running<'_, A::Done> = Vec::new();
    let mut stopped: Option<Stopped> = None;
    let (mut not_before_ms, mut is_alone, mut cut_at_ms) = (0, true, None);
    loop {
        if stopped.is_some() {
            (preparing, ready) = (None, None);
        } else if !is_over && preparing.is_none() && ready.is_none() {
            // One is prepared ahead, and never more: a password command may ask somebody.
            preparing = Some(Box::pin(prepared(asks, queue)));
        }
        if running.is_empty() && preparing.is_none() && ready.is_none() {
            return stopped;
        }
        let now_ms = clock.milliseconds();
        let has_place = running.len() < if is_alone { 1 } else { brakes.places(limits.at_once) };
        if let Some(one) = ready.take_if(|_| has_place && now_ms >= not_before_ms) {
            if asks.may_begin(&one) {
                not_before_ms = now_ms + gap(limits, asks.chance());
                running.push((brakes.stretch(), Box::pin(asks.examine(one, ended_by(cuts.clone())))));
            }
            continue;
        }
        let wait = |until_ms: u64| pause(Duration::from_millis(until_ms.saturating_sub(now_ms)));
        tokio::select! {
            biased;
            () = &mut interrupted, if cut_at_ms.is_none() => {
                stopped.get_or_insert(Stopped::Interrupted);
                cut_at_ms = Some(clock.milliseconds() + millis(limits.grace));
            }
            done = any(&mut running), if !running.is_empty() => {
                let (stretch, done) = done;
                let go = asks.tell(done).map(|kind| brakes.heard(kind, stretch));
                is_alone = is_alone && stretch < brakes.stretch();
                let mut pause = None;
                match go {
                    Some(Go::Pause(length)) if stopped.is_none() => {
                        asks.pauses(length);
                        pause = Some(length);
                    }
                    Some(Go::Stop(why)) if stopped.is_none() => match asks.brakes(&why) {
                        Some(length) => {
                            brakes.paused();
                            pause = Some(length);
                        }
                        None => stopped = Some(Stopped::Braked(why)),
                    },
                    Some(Go::On | Go::Pause(_) | Go::Stop(_)) => {}
                    None => drop(stopped.get_or_insert(Stopped::Unwritten)),
                }
                if let Some(length) = pause {
                    not_before_ms = not_before_ms.max(clock.milliseconds() + millis(length));
                    is_alone = true;
                }
            }
            prepared = next(&mut preparing), if preparing.is_some() => {
                preparing = None;
                match prepared {
                    Prepared::Over => is_over = true,
                    Prepared::Without => {}
                    Prepared::Ready(one) => ready = Some(one),
                }
            }
            () = wait(not_before_ms), if has_place && ready.is_some() => {}
            () = wait(cut_at_ms.unwrap_or_default()), if cut_at_ms.is_some() && !*cut.borrow() => {
                // A receiver that is gone needs no word.
                let _ = cut.send(true);
            }
        }
    }
}

/// How long after the last account the next may begin, in milliseconds. The clock counts whole ones: one more makes sure
/// that it is never less.
fn gap(limits: Limits, chance: u64) -> u64 {
    let pace = millis(limits.pace);
    let longest = pace * u64::from(limits.jitter) / 100;
    if pace == 0 { 0 } else { pace + 1 + chance % (longest + 1) }
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

fn ended_by(mut cuts: watch::Receiver<bool>) -> Cut {
    Box::pin(async move {
        if cuts.wait_for(|is_cut| *is_cut).await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// The first of them that ends.
async fn any<D>(running: &mut Running<'_, D>) -> (usize, D) {
    poll_fn(|context| {
        let done = running.iter_mut().enumerate().find_map(|(at, (_, one))| match one.as_mut().poll(context) {
            Poll::Ready(done) => Some((at, done)),
            Poll::Pending => None,
        });
        match done {
            Some((at, done)) => Poll::Ready((running.swap_remove(at).0, done)),
            None => Poll::Pending,
        }
    })
    .await
}

async fn next<T>(preparing: &mut Option<Waited<'_, T>>) -> T {
    match preparing {
        Some(one) => one.await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
