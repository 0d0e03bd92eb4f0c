//! What the service knows at this moment: its accounts, what their last runs came to, and when the next ones are.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use checks::evidence::Evidence;
use checks::network::clock::Stopwatch;
use checks::plan::Protocol;
use checks::{Network as _, Outside};
use hyper::body::Bytes;
use time::{Duration, OffsetDateTime};
use tokio::sync::Notify;

use super::history::History;
use super::routes::Which;
use super::schedule::Schedule;
use crate::accounts::Account;
use crate::aside;
use crate::diagnosis::Severity;
use crate::render::{Dialect, monitored};
use crate::report::measures::{Measures, Monitored, SignIns};
use crate::report::{Report, Verdict};
use crate::words::serve::{self as words, Change};

/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::HOUR;

/// The state of the service.
pub(super) struct Monitor {
    clock: Stopwatch,
    /// For the time of day and for chance alone.
    real: Outside,
    accounts: RefCell<BTreeMap<String, Rc<Account>>>,
    pub(super) schedule: RefCell<Schedule>,
    known: RefCell<BTreeMap<String, Monitored>>,
    history: History,
    /// Why nothing could be kept the last time; it is said once.
    unkept: RefCell<Option<String>>,
    sign_ins: Cell<SignIns>,
    /// The metrics of all, until something changes.
    metrics: RefCell<Option<(Dialect, Bytes)>>,
    is_stopping: Cell<bool>,
    paused_until: Cell<Option<OffsetDateTime>>,
    /// The list has changed.
    pub(super) changed: Notify,
}

impl Monitor {
    pub(super) fn new(real: Outside, schedule: Schedule, history: History, accounts: Vec<Account>) -> Self {
        let monitor = Self {
            clock: Stopwatch::start(),
            real,
            accounts: RefCell::default(),
            schedule: RefCell::new(schedule),
            known: RefCell::default(),
            history,
            unkept: RefCell::default(),
            sign_ins: Cell::default(),
            metrics: RefCell::default(),
            is_stopping: Cell::default(),
            paused_until: Cell::default(),
            changed: Notify::new(),
        };
        monitor.take_list(accounts);
        monitor.go_on_with_the_pause();
        monitor
    }

    /// The pause of the service before this one goes on. Where a clock was set meanwhile, it is as long as the longest, and
    /// from now on: there was a reason for it.
    fn go_on_with_the_pause(&self) {
        let Some(until) = self.history.pause() else { return };
        let left = (until - self.now()).min(LONGEST_PAUSE);
        if let Ok(left_ms) = u64::try_from(left.whole_milliseconds()) {
            self.wait_for_all(left_ms);
            self.kept(self.history.keep_pause(self.now() + left));
        }
    }

    /// Nobody is signed in for so long, also where the service is started anew. Returns whether that is new.
    pub(super) fn pauses(&self, length: std::time::Duration) -> bool {
        let until = self.now() + length;
        if self.paused_until.get().is_some_and(|known| self.now() < known) {
            return false;
        }
        self.paused_until.set(Some(until));
        self.wait_for_all(u64::try_from(length.as_millis()).unwrap_or(u64::MAX));
        self.kept(self.history.keep_pause(until));
        true
    }

    fn wait_for_all(&self, length_ms: u64) {
        self.schedule.borrow_mut().not_before(self.now_ms().saturating_add(length_ms));
        let next: Vec<_> = self.known.borrow().keys().map(|name| (name.clone(), self.next_run(name))).collect();
        for (name, next_run) in next {
            self.change(&name, |known, _| known.next_run = next_run);
        }
        self.changed.notify_one();
    }

    /// Takes the accounts of a list; what is known of those that stay is kept.
    pub(super) fn take_list(&self, accounts: Vec<Account>) {
        let (now, now_ms) = (self.now(), self.now_ms());
        let mut old = std::mem::take(&mut *self.known.borrow_mut());
        let known = accounts.iter().map(|account| {
            let old = old.remove(&account.name).or_else(|| self.history.known(&account.name));
            let new = Monitored {
                account: account.name.clone(),
                tag: Some(account.tag()),
                labels: account.labels.clone(),
                measures: None,
                last_run: None,
                // Another mailbox by the same name has no turn before that one's.
                next_run: old.as_ref().map_or(now, |old| old.next_run),
                is_held_back: false,
            };
            let known = match old {
                Some(Monitored { tag, measures, last_run, is_held_back, .. }) if tag.is_none() || tag == new.tag => {
                    // It was noted by a clock that was ahead, and would hide for long that there is no run.
                    let last_run = last_run.map(|at| at.min(now));
                    Monitored { measures, last_run, is_held_back, ..new }
                }
                Some(_) => {
                    self.kept(self.history.forget(&account.name));
                    new
                }
                None => new,
            };
            (account.name.clone(), known)
        });
        let mut known: BTreeMap<String, Monitored> = known.collect();
        {
            let mut schedule = self.schedule.borrow_mut();
            let latest = schedule.latest(now_ms);
            schedule.take_list(accounts.iter().map(|account| account.name.as_str()), |name| {
                // A clock that was set may make it later than any turn.
                let wait = known.get(name).map_or(0, |known| (known.next_run - now).whole_milliseconds());
                now_ms.saturating_add(u64::try_from(wait).unwrap_or_default()).min(latest)
            });
        }
        for (name, known) in &mut known {
            known.next_run = self.next_run(name);
        }
        *self.known.borrow_mut() = known;
        *self.accounts.borrow_mut() =
            accounts.into_iter().map(|account| (account.name.clone(), Rc::new(account))).collect();
        self.forget_the_metrics();
        self.changed.notify_one();
    }

    pub(super) fn now_ms(&self) -> u64 {
        self.clock.milliseconds()
    }

    pub(super) fn chance(&self) -> u64 {
        self.real.chance()
    }

    fn now(&self) -> OffsetDateTime {
        let now = self.real.now();
        now.replace_nanosecond(0).unwrap_or(now)
    }

    /// The time of day at which an account has its next turn.
    fn next_run(&self, name: &str) -> OffsetDateTime {
        let wait = self.schedule.borrow().next(name).unwrap_or_default().saturating_sub(self.now_ms());
        self.now() + Duration::milliseconds(i64::try_from(wait).unwrap_or(i64::MAX))
    }

    /// An account of the list.
    pub(super) fn account(&self, name: &str) -> Option<Rc<Account>> {
        self.accounts.borrow().get(name).map(Rc::clone)
    }

    pub(super) fn count(&self) -> usize {
        self.accounts.borrow().len()
    }

    /// An account begins, or is passed over this time.
    pub(super) fn begun(&self, name: &str) {
        self.schedule.borrow_mut().begun(name, self.now_ms(), self.chance());
        let next_run = self.next_run(name);
        self.change(name, |known, now| {
            known.next_run = next_run;
            known.last_run = Some(now);
        });
        // A service that is killed while it signs in does not sign in again at once when it is started.
        self.keep(name);
    }

    /// An account has a report.
    pub(super) fn reported(&self, account: &Account, evidence: &Evidence, report: &Report) {
        let name = &account.name;
        let mut sign_ins = self.sign_ins.get();
        for of in Protocol::BOTH {
            // Without a mechanism, nothing was sent.
            if evidence.first.sign_in(of).is_some_and(|sign_in| sign_in.mechanism.is_some()) {
                sign_ins.add(of);
            }
        }
        self.sign_ins.set(sign_ins);
        // Meanwhile a new list may have another mailbox by this name, or none.
        if self.account(name).is_none_or(|of_list| of_list.tag() != account.tag()) {
            return;
        }
        self.kept(self.history.add(name, report, self.now()));
        let mut held = Protocol::BOTH.into_iter().filter_map(|of| Some(words::held(of, evidence.first.held_back(of)?)));
        self.heard(name, Measures::of(report), held.next());
    }

    /// An account was not asked, because nothing could be asked of either server: the report says why.
    pub(super) fn not_reached(&self, name: &str, why: &str, report: &Report) {
        self.kept(self.history.add(name, report, self.now()));
        self.not_asked(name, why);
    }

    /// An account was not asked.
    pub(super) fn not_asked(&self, name: &str, why: &str) {
        self.heard(name, Measures::not_asked(why), None);
    }

    /// An account was not asked, because its password was refused before.
    pub(super) fn held_back(&self, name: &str, why: &str) {
        self.heard(name, Measures::not_asked(why), Some(why.to_owned()));
    }

    /// `held` is why the account was not signed in, where earlier sign-ins say to wait.
    fn heard(&self, name: &str, measures: Measures, held: Option<String>) {
        let mut changed = None;
        self.change(name, |known, _| {
            let was_held_back = std::mem::replace(&mut known.is_held_back, held.is_some());
            let was = known.measures.as_ref().map(|known| known.verdict);
            // A run that did not sign in says nothing of the account: what the last one found is still so.
            let held = held.filter(|_| measures.verdict.is_none_or(|verdict| verdict == Verdict::Unclear));
            if let Some(why) = &held
                && matches!(was, Some(Some(Verdict::Healthy | Verdict::Trouble)))
            {
                changed = (!was_held_back).then(|| words::not_asked_now(name, why));
                return;
            }
            if was != Some(measures.verdict) {
                let worst = measures.causes.iter().find(|cause| cause.severity == Severity::Trouble);
                let cause = worst.or(measures.causes.first()).map(|cause| cause.id.as_str());
                let is_held = held.is_some();
                let change = change(was.is_none(), measures.verdict.filter(|_| !is_held));
                let why = held.as_ref().unwrap_or(&measures.sentence);
                changed = change.map(|change| words::changed(name, change, cause, why));
            }
            known.measures = Some(measures);
        });
        changed.iter().for_each(aside::say);
        self.keep(name);
    }

    fn keep(&self, name: &str) {
        let kept = self.known.borrow().get(name).map(|known| self.history.keep(known));
        if let Some(kept) = kept {
            self.kept(kept);
        }
    }

    /// Says why something could not be kept, once.
    fn kept(&self, kept: std::io::Result<()>) {
        let unkept = kept.err().map(|fault| words::unkept(&fault.to_string()));
        if unkept.is_some() && *self.unkept.borrow() != unkept {
            unkept.iter().for_each(aside::say);
        }
        *self.unkept.borrow_mut() = unkept;
    }

    /// A report of an account; `None` where there is none.
    pub(super) fn report(&self, name: &str, which: Which) -> Option<Report> {
        self.history.report(name, which)
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Monitored, OffsetDateTime)) {
        if let Some(known) = self.known.borrow_mut().get_mut(name) {
            change(known, self.now());
        }
        self.forget_the_metrics();
    }

    fn forget_the_metrics(&self) {
        *self.metrics.borrow_mut() = None;
    }

    /// From now on it is not ready any more.
    pub(super) fn stops(&self) {
        self.is_stopping.set(true);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping.get()
    }

    /// The metrics of all accounts.
    pub(super) fn metrics(&self, dialect: Dialect) -> Bytes {
        let kept = self.metrics.borrow().as_ref().filter(|(of, _)| *of == dialect).map(|(_, text)| text.clone());
        kept.unwrap_or_else(|| {
            let known = self.known.borrow();
            let all: Vec<&Monitored> = known.values().collect();
            let text = Bytes::from(monitored(&all, Some(self.sign_ins.get()), dialect));
            *self.metrics.borrow_mut() = Some((dialect, text.clone()));
            text
        })
    }

    /// The metrics of one account; `None` where there is none of that name.
    pub(super) fn probe(&self, name: &str, dialect: Dialect) -> Option<String> {
        self.known.borrow().get(name).map(|known| monitored(&[known], None, dialect))
    }

    /// What is known of each account, for a page.
    pub(super) fn each<T>(&self, show: impl Fn(&Monitored) -> T) -> Vec<T> {
        self.known.borrow().values().map(show).collect()
    }
}

/// What has changed; `None` where the first result is a good one.
fn change(is_first: bool, now: Option<Verdict>) -> Option<Change> {
    match now {
        Some(Verdict::Healthy) if is_first => None,
        Some(Verdict::Healthy) => Some(Change::WorksAgain),
        Some(Verdict::Trouble) => Some(Change::HasAProblem),
        Some(Verdict::Unclear) => Some(Change::HasNoResult),
        None => Some(Change::WasNotAsked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_good_result_is_no_change() {
        assert_eq!(change(true, Some(Verdict::Healthy)), None);
        assert_eq!(change(false, Some(Verdict::Healthy)), Some(Change::WorksAgain));
        assert_eq!(change(true, Some(Verdict::Trouble)), Some(Change::HasAProblem));
        assert_eq!(change(true, None), Some(Change::WasNotAsked));
        assert_eq!(change(false, Some(Verdict::Unclear)), Some(Change::HasNoResult));
    }
}
