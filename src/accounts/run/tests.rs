//! A run with invented accounts, while the clock stands still.

use std::cell::Cell;

use super::*;

/// What becomes of an account: how long it takes, in milliseconds, and how it is judged; `None` where there is no password.
type Fate = Option<(u64, Kind)>;

/// Something that happened, and when, in milliseconds.
type Happened = (u64, &'static str, usize);

struct Invented {
    clock: Stopwatch,
    happened: RefCell<Vec<Happened>>,
    open: Cell<usize>,
    most_open: Cell<usize>,
    /// How many can be told before the output breaks.
    tellable: usize,
    barred: Vec<usize>,
}

impl Invented {
    fn new() -> Self {
        Self {
            clock: Stopwatch::start(),
            happened: RefCell::default(),
            open: Cell::default(),
            most_open: Cell::default(),
            tellable: usize::MAX,
            barred: Vec::new(),
        }
    }

    fn note(&self, what: &'static str, number: usize) {
        self.happened.borrow_mut().push((self.clock.milliseconds(), what, number));
    }

    fn all(&self, wanted: &str) -> Vec<(u64, usize)> {
        let happened = self.happened.borrow();
        happened.iter().filter(|(_, what, _)| *what == wanted).map(|(at, _, number)| (*at, *number)).collect()
    }

    fn numbers(&self, wanted: &str) -> Vec<usize> {
        let mut numbers: Vec<usize> = self.all(wanted).into_iter().map(|(_, number)| number).collect();
        numbers.sort_unstable();
        numbers
    }
}

impl Asks for Invented {
    type Account = (usize, Fate);
    type Ready = (usize, u64, Kind);
    type Done = (usize, Kind);

    async fn prepare(&self, (number, fate): Self::Account) -> Option<Self::Ready> {
        pause(Duration::from_millis(10)).await;
        if fate.is_none() {
            self.note("without", number);
        }
        fate.map(|(takes, kind)| (number, takes, kind))
    }

    fn may_begin(&self, ready: &Self::Ready) -> bool {
        !self.barred.contains(&ready.0)
    }

    async fn examine(&self, (number, takes, kind): Self::Ready, cut: Cut) -> Self::Done {
        self.note("begun", number);
        self.open.set(self.open.get() + 1);
        self.most_open.set(self.most_open.get().max(self.open.get()));
        tokio::select! {
            () = pause(Duration::from_millis(takes)) => {}
            () = cut => self.note("cut", number),
        }
        self.open.set(self.open.get() - 1);
        (number, kind)
    }

    fn tell(&self, (number, kind): Self::Done) -> Option<Kind> {
        self.note("told", number);
        (self.numbers("told").len() <= self.tellable).then_some(kind)
    }

    fn pauses(&self, length: Duration) {
        self.note("pause", usize::try_from(length.as_secs()).unwrap());
    }

    fn chance(&self) -> u64 {
        self.clock.milliseconds().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
    }
}

const LIMITS: Limits = Limits { at_once: 4, pace: Duration::from_secs(2), jitter: 25, grace: Duration::from_secs(5) };

fn same(count: usize, takes: u64, kind: Kind) -> Vec<(usize, Fate)> {
    (0..count).map(|number| (number, Some((takes, kind)))).collect()
}

fn ran(
    invented: impl FnOnce(Invented) -> Invented,
    accounts: Vec<(usize, Fate)>,
    limits: Limits,
    interrupted_ms: Option<u64>,
) -> (Invented, Option<Stopped>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let asks = invented(Invented::new());
        let interrupted = async {
            match interrupted_ms {
                Some(after) => pause(Duration::from_millis(after)).await,
                None => std::future::pending().await,
            }
        };
        let stopped =
            one_after_another(&asks, &RefCell::new(accounts.into_iter()), limits, Brakes::new(false), interrupted)
                .await;
        (asks, stopped)
    })
}

#[test]
fn the_first_is_alone_and_no_two_begin_too_close_to_each_other() {
    let (asks, stopped) = ran(|asks| asks, same(40, 9_000, Kind::Accepted), LIMITS, None);
    assert_eq!(stopped, None);
    assert_eq!(asks.numbers("told"), (0..40).collect::<Vec<_>>());
    let begun = asks.all("begun");
    assert!(begun[1].0 >= asks.all("told")[0].0, "the first is alone: {begun:?}");
    assert_eq!(asks.most_open.get(), 4);
    let gaps: Vec<u64> = begun.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    assert!(gaps.iter().all(|gap| *gap >= 2_000), "{gaps:?}");
    // With places free, no gap is longer than the jitter makes it.
    let (asks, _) = ran(|asks| asks, same(40, 100, Kind::Accepted), LIMITS, None);
    let begun = asks.all("begun");
    let gaps: Vec<u64> = begun.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    assert!(gaps.iter().all(|gap| (2_000..=2_502).contains(gap)), "{gaps:?}");
    assert!(gaps.iter().any(|gap| *gap != gaps[0]), "it is at random: {gaps:?}");
}

#[test]
fn without_a_pace_all_places_are_used() {
    let limits = Limits { at_once: 64, pace: Duration::ZERO, ..LIMITS };
    let (asks, stopped) = ran(|asks| asks, same(1_000, 500, Kind::Accepted), limits, None);
    assert_eq!((stopped, asks.numbers("told").len()), (None, 1_000));
    assert!((8..=64).contains(&asks.most_open.get()), "{}", asks.most_open.get());
    // One that is refused in between holds nobody back for longer than the next one takes.
    let mut accounts = same(1_000, 500, Kind::Accepted);
    let whole = asks.all("told").last().unwrap().0;
    accounts[700].1 = Some((500, Kind::Refused));
    let (asks, _) = ran(|asks| asks, accounts, limits, None);
    assert!(asks.all("told").last().unwrap().0 <= whole + 500);
}

#[test]
fn a_brake_stops_it_and_what_is_under_way_ends() {
    let (asks, stopped) = ran(|asks| asks, same(100, 5_000, Kind::Refused), LIMITS, None);
    assert!(matches!(stopped, Some(Stopped::Braked(_))));
    let (begun, told) = (asks.numbers("begun"), asks.numbers("told"));
    assert_eq!(begun, told);
    assert_eq!(told.len(), 5);
}

/// Those under way may be refused too.
#[test]
fn no_more_are_refused_than_the_brake_allows_however_many_go_at_once() {
    let limits = Limits { pace: Duration::ZERO, ..LIMITS };
    for well in 0..7 {
        let mut accounts = same(well, 500, Kind::Accepted);
        accounts.extend((well..100).map(|number| (number, Some((500 + number as u64 % 7, Kind::Refused)))));
        let (asks, stopped) = ran(|asks| asks, accounts, limits, None);
        assert!(matches!(stopped, Some(Stopped::Braked(_))));
        assert_eq!(asks.numbers("told").len(), well + 5);
    }
    // Every other one: a fifth of the first fifty.
    let kinds = [Kind::Accepted, Kind::Refused];
    let accounts = (0..100).map(|number| (number, Some((500, kinds[number % 2])))).collect();
    let (asks, stopped) = ran(|asks| asks, accounts, limits, None);
    assert!(matches!(stopped, Some(Stopped::Braked(_))));
    assert_eq!(asks.numbers("told").iter().filter(|number| *number % 2 == 1).count(), 10);
}

#[test]
fn throttles_make_it_wait_and_then_one_goes_alone() {
    let mut accounts = same(3, 100, Kind::Throttled);
    accounts.extend((3..20).map(|number| (number, Some((100, Kind::Accepted)))));
    let (asks, stopped) = ran(|asks| asks, accounts, LIMITS, None);
    assert_eq!((stopped, asks.numbers("told").len()), (None, 20));
    assert_eq!(asks.all("pause").len(), 1);
    let (pause, begun) = (asks.all("pause")[0], asks.all("begun"));
    assert!(begun[3].0 >= pause.0 + 300_000, "{begun:?}");
    assert!(begun[4].0 >= asks.all("told")[3].0);
    let (asks, stopped) = ran(|asks| asks, same(100, 100, Kind::Throttled), LIMITS, None);
    assert_eq!(stopped, Some(Stopped::Braked(words::THROTTLED.to_owned())));
    assert_eq!(asks.all("pause").iter().map(|(_, seconds)| *seconds).collect::<Vec<_>>(), [300, 600, 1200]);
    assert_eq!(asks.numbers("told").len(), 6, "three, and one after each pause");
}

#[test]
fn an_account_without_a_password_is_passed_over() {
    let mut accounts = same(5, 100, Kind::Accepted);
    accounts[0].1 = None;
    accounts[3].1 = None;
    let (asks, stopped) = ran(|asks| Invented { barred: vec![4], ..asks }, accounts, LIMITS, None);
    assert_eq!((stopped, asks.numbers("told")), (None, vec![1, 2]));
    assert_eq!(asks.numbers("without"), [0, 3]);
}

#[test]
fn a_signal_lets_what_is_under_way_end_and_cuts_what_does_not() {
    let (asks, stopped) = ran(|asks| asks, same(40, 3_000, Kind::Accepted), LIMITS, Some(10_000));
    assert_eq!((stopped, asks.all("cut")), (Some(Stopped::Interrupted), vec![]));
    assert_eq!(asks.numbers("begun"), asks.numbers("told"));
    assert!(asks.all("begun").iter().all(|(at, _)| *at <= 10_000));
    let (asks, stopped) = ran(|asks| asks, same(40, 60_000, Kind::Accepted), LIMITS, Some(10_000));
    assert_eq!((stopped, asks.all("cut")), (Some(Stopped::Interrupted), vec![(15_000, 0)]));
    assert_eq!(asks.numbers("told"), [0], "it is told all the same, as incomplete");
}

#[test]
fn a_signal_ends_a_pause_too() {
    let (asks, stopped) = ran(|asks| asks, same(40, 100, Kind::Throttled), LIMITS, Some(60_000));
    assert_eq!((stopped, asks.numbers("told").len()), (Some(Stopped::Interrupted), 3));
    assert!(asks.clock.milliseconds() == 0 || asks.all("told").len() == 3);
}

#[test]
fn where_nothing_can_be_told_nobody_is_asked() {
    let (asks, stopped) = ran(|asks| Invented { tellable: 2, ..asks }, same(40, 100, Kind::Accepted), LIMITS, None);
    assert_eq!(stopped, Some(Stopped::Unwritten));
    assert_eq!(asks.numbers("begun"), asks.numbers("told"));
    assert!(asks.numbers("told").len() <= 4);
}
