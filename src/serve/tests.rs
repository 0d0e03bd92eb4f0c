//! A week of the service with invented accounts, while the clock stands still: who signs in when, through an outage, a
//! revoked password and an account that flaps.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use checks::attempts::rules::{Which, held_back};
use checks::attempts::{Earlier, Outcome};
use checks::network::clock::{Stopwatch, pause};

use super::schedule::{Schedule, Turn};
use crate::accounts::{Asks, Brakes, Cut, Kind, Limits, Queue, one_after_another};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const INTERVAL: u64 = 15 * MINUTE;
const HELD: Duration = Duration::from_hours(1);
const LIMITS: Limits = Limits { at_once: 4, pace: Duration::from_secs(2), jitter: 25, grace: Duration::from_secs(30) };

/// What a server says to an account at a time.
type Judge = fn(&str, u64) -> Kind;

/// The service without a network: the schedule, the rules of the ledger, and what was sent.
struct Invented {
    clock: Stopwatch,
    schedule: RefCell<Schedule>,
    judge: Judge,
    /// Every sign-in.
    sent: RefCell<Vec<(u64, String, Kind)>>,
    /// What the ledger has of each account, the latest last.
    ledger: RefCell<BTreeMap<String, Vec<(u64, Outcome)>>>,
    /// Every turn.
    turns: RefCell<Vec<(u64, String)>>,
    pauses: RefCell<Vec<(u64, Duration)>>,
}

impl Invented {
    fn new(names: &[String], judge: Judge) -> Self {
        let mut schedule = Schedule::new(Duration::from_millis(INTERVAL));
        schedule.take_list(names.iter().map(String::as_str), |_| 0);
        Self {
            clock: Stopwatch::start(),
            schedule: RefCell::new(schedule),
            judge,
            sent: RefCell::default(),
            ledger: RefCell::default(),
            turns: RefCell::default(),
            pauses: RefCell::default(),
        }
    }

    /// Whether the ledger says to wait.
    fn is_held(&self, name: &str, now: u64) -> bool {
        let ledger = self.ledger.borrow();
        let of_it = ledger.get(name).into_iter().flatten().rev();
        let earlier: Vec<Earlier> = of_it
            .map(|(at, outcome)| Earlier {
                ago_s: (now - at) / 1_000,
                outcome: *outcome,
                same_password: true,
                by_round_trip: false,
            })
            .collect();
        held_back(&earlier, Which::First).is_some()
    }

    /// When an account signed in.
    fn of(&self, name: &str) -> Vec<u64> {
        self.sent.borrow().iter().filter(|(_, of, _)| of == name).map(|(at, ..)| *at).collect()
    }
}

impl Queue for Invented {
    type Account = String;

    async fn next(&self) -> Option<String> {
        loop {
            let turn = self.schedule.borrow_mut().turn(self.clock.milliseconds());
            match turn {
                Turn::Now(name) => return Some(name),
                Turn::At(at) => pause(Duration::from_millis(at - self.clock.milliseconds())).await,
                Turn::Never => std::future::pending().await,
            }
        }
    }
}

impl Asks for Invented {
    type Account = String;
    type Ready = String;
    type Done = (String, Kind);

    async fn prepare(&self, name: String) -> Option<String> {
        pause(Duration::from_millis(10)).await;
        Some(name)
    }

    fn may_begin(&self, name: &String) -> bool {
        let now = self.clock.milliseconds();
        self.schedule.borrow_mut().begun(name, now, self.chance());
        self.turns.borrow_mut().push((now, name.clone()));
        true
    }

    async fn examine(&self, name: String, _: Cut) -> (String, Kind) {
        let now = self.clock.milliseconds();
        pause(Duration::from_millis(700)).await;
        if self.is_held(&name, now) {
            return (name, Kind::Other);
        }
        let kind = (self.judge)(&name, now);
        let outcome = match kind {
            Kind::Accepted => Outcome::Accepted,
            Kind::Refused => Outcome::Refused,
            Kind::Throttled => Outcome::Throttled,
            Kind::Other => Outcome::Other,
        };
        self.ledger.borrow_mut().entry(name.clone()).or_default().push((now, outcome));
        self.sent.borrow_mut().push((now, name.clone(), kind));
        (name, kind)
    }

    fn tell(&self, (_, kind): (String, Kind)) -> Option<Kind> {
        Some(kind)
    }

    fn pauses(&self, length: Duration) {
        self.pauses.borrow_mut().push((self.clock.milliseconds(), length));
    }

    fn brakes(&self, _: &str) -> Option<Duration> {
        self.pauses(HELD);
        Some(HELD)
    }

    fn chance(&self) -> u64 {
        self.clock.milliseconds().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
    }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("account-{number}")).collect()
}

/// Runs it for so long.
fn ran(names: &[String], judge: Judge, length: u64) -> Invented {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let invented = Invented::new(names, judge);
        let ends = pause(Duration::from_millis(length));
        one_after_another(&invented, &invented, LIMITS, Brakes::new(false), ends).await;
        invented
    })
}

/// Between two sign-ins of one account lies an interval at least, and two accounts are paced.
fn is_paced(invented: &Invented, names: &[String]) {
    for name in names {
        let at = invented.of(name);
        assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= INTERVAL), "{name}: {at:?}");
    }
    let sent = invented.sent.borrow();
    assert!(sent.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 2_000), "two accounts are too close");
}

#[test]
fn in_a_week_every_sign_in_is_one_of_the_schedule() {
    let names = names(40);
    let invented = ran(&names, |_, _| Kind::Accepted, 7 * DAY);
    is_paced(&invented, &names);
    let counted = |name: &String| invented.of(name).len() as u64;
    for name in &names {
        // An interval is lengthened by a tenth at most.
        assert!((7 * DAY * 10 / 11 / INTERVAL - 5..=7 * DAY / INTERVAL + 1).contains(&counted(name)), "{name}");
        let turns = invented.turns.borrow().iter().filter(|(_, of)| of == name).count() as u64;
        assert_eq!(turns, counted(name));
    }
    assert_eq!(*invented.pauses.borrow(), []);
}

#[test]
fn a_revoked_password_is_sent_once_a_day_and_holds_nobody_else() {
    let names = names(20);
    let revoked = |name: &str, at: u64| match name {
        "account-7" if at > 2 * DAY => Kind::Refused,
        _ => Kind::Accepted,
    };
    let invented = ran(&names, revoked, 7 * DAY);
    is_paced(&invented, &names);
    let refused = invented.of("account-7").into_iter().filter(|at| *at > 2 * DAY).count();
    assert_eq!(refused, 5, "once a day in five days");
    let looked_at = invented.turns.borrow().iter().filter(|(_, name)| name == "account-7").count();
    assert!(looked_at > 550, "it is looked at all the same: {looked_at}");
    assert!(invented.of("account-8").len() > 550 && invented.pauses.borrow().is_empty());
}

#[test]
fn an_outage_that_refuses_everyone_costs_few_sign_ins_and_ends_by_itself() {
    let names = names(40);
    let outage = |_: &str, at: u64| if (DAY..DAY + 5 * HOUR).contains(&at) { Kind::Refused } else { Kind::Accepted };
    let invented = ran(&names, outage, 7 * DAY);
    is_paced(&invented, &names);
    let during = invented.sent.borrow().iter().filter(|(at, ..)| (DAY..DAY + 5 * HOUR).contains(at)).count();
    // Five in a row and those under way with them, and then one an hour.
    assert!((5..=13).contains(&during), "{during} sign-ins in the outage");
    let last_day = invented.sent.borrow().iter().filter(|(at, ..)| *at > 6 * DAY).count();
    assert!(last_day > 40 * 80, "it goes on: {last_day}");
}

#[test]
fn throttles_pause_everyone_longer_each_time() {
    let names = names(40);
    let throttled =
        |_: &str, at: u64| if (DAY..DAY + 6 * HOUR).contains(&at) { Kind::Throttled } else { Kind::Accepted };
    let invented = ran(&names, throttled, 3 * DAY);
    is_paced(&invented, &names);
    let minutes: Vec<u64> = invented.pauses.borrow().iter().map(|(_, length)| length.as_secs() / 60).collect();
    assert_eq!(minutes[..4], [5, 10, 20, 60]);
    assert!(minutes[4..].iter().all(|minutes| *minutes == 60), "{minutes:?}");
    let during = invented.sent.borrow().iter().filter(|(at, ..)| (DAY..DAY + 6 * HOUR).contains(at)).count();
    assert!(during <= 16, "{during} sign-ins while it is throttled");
    assert!(invented.sent.borrow().last().is_some_and(|(at, ..)| *at > 3 * DAY - INTERVAL));
}

#[test]
fn an_account_that_flaps_is_signed_in_no_more_often_than_any_other() {
    let names = names(5);
    let flaps = |name: &str, at: u64| match name {
        "account-1" if at / HOUR % 2 == 1 => Kind::Other,
        _ => Kind::Accepted,
    };
    let invented = ran(&names, flaps, 7 * DAY);
    is_paced(&invented, &names);
    let (flapping, steady) = (invented.of("account-1").len(), invented.of("account-2").len());
    assert!(flapping.abs_diff(steady) < 40, "{flapping} and {steady}");
}
