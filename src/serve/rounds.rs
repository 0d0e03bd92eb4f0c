//! What is done with an account when it has its turn, by the engine that asks one account after another.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use checks::network::clock::pause;
use checks::refusals::Refusals;
use checks::{Evidence, Plan, examine_account};

use super::around::{Around, Kept};
use super::monitor::Monitor;
use super::schedule::Turn;
use crate::accounts::{self, Account, Asks, Cut, Kind, Queue};
use crate::aside;
use crate::check::{self, Place};
use crate::cli::check::CheckArguments;
use crate::misuse::Misuse;
use crate::privacy::Masked;
use crate::words::{accounts as words_of_many, serve as words};

/// How long nobody is signed in where a run over a list would stop: a monitor has to see the end of it too.
const INSTEAD_OF_STOPPING: Duration = Duration::from_hours(1);

/// How long a refusal counts in this process, where the ledger cannot be used, in milliseconds.
const REFUSALS_COUNT: u64 = 24 * 60 * 60 * 1_000;

/// The rounds over the accounts.
pub(super) struct Rounds<'a> {
    pub(super) arguments: &'a CheckArguments,
    pub(super) monitor: &'a Monitor,
    pub(super) place: &'a Place,
    around: Kept,
    refusals: RefCell<(u64, Refusals)>,
}

/// An account with its password.
pub(super) struct Ready {
    account: Rc<Account>,
    plan: Plan,
    around: Rc<Around>,
}

impl<'a> Rounds<'a> {
    /// Sign-ins are remembered in this folder.
    pub(super) fn new(arguments: &'a CheckArguments, monitor: &'a Monitor, place: &'a Place, ledger: PathBuf) -> Self {
        Self { arguments, monitor, place, around: Kept::new(ledger), refusals: RefCell::default() }
    }

    async fn around(&self) -> Result<Rc<Around>, Misuse> {
        match self.around.fresh(self.monitor.now_ms()) {
            Some(around) => Ok(around),
            None => self.around.ask(self.arguments, self.place, self.monitor.now_ms()).await,
        }
    }

    async fn plan(&self, account: &Account) -> Result<Plan, Misuse> {
        let source = account.source.again().ok_or_else(|| Misuse::new("it was read once", "name where it is kept"))?;
        let secret = accounts::secret(source, self.arguments.deadline).await?;
        accounts::plan(self.arguments, account, secret)
    }

    fn refusals(&self) -> std::cell::RefMut<'_, Refusals> {
        let now = self.monitor.now_ms();
        let mut refusals = self.refusals.borrow_mut();
        if now.saturating_sub(refusals.0) >= REFUSALS_COUNT {
            *refusals = (now, Refusals::default());
        }
        std::cell::RefMut::map(refusals, |(_, refusals)| refusals)
    }
}

/// Lets whoever asks have an answer between two accounts that take no time, of which there may be thousands.
async fn answer_others() {
    tokio::task::yield_now().await;
}

impl Queue for Rounds<'_> {
    type Account = Rc<Account>;

    async fn next(&self) -> Option<Rc<Account>> {
        loop {
            let now = self.monitor.now_ms();
            let turn = self.monitor.schedule.borrow_mut().turn(now);
            let wait = match turn {
                Turn::Now(name) => match self.monitor.account(&name) {
                    Some(account) => return Some(account),
                    None => continue,
                },
                Turn::At(at) => Duration::from_millis(at.saturating_sub(now)),
                Turn::Never => Duration::MAX,
            };
            tokio::select! {
                () = pause(wait) => {}
                () = self.monitor.changed.notified() => {}
            }
        }
    }
}

impl Asks for Rounds<'_> {
    type Account = Rc<Account>;
    type Ready = Ready;
    type Done = (Ready, Evidence);

    async fn prepare(&self, account: Rc<Account>) -> Option<Ready> {
        let name = &account.name;
        let why = match self.around().await {
            Err(misuse) => words::no_network(&misuse.to_string()),
            Ok(around) => match &around.closed {
                Some(report) => {
                    self.monitor.begun(name);
                    self.monitor.not_reached(name, &words_of_many::nothing_open(&report.conclusion), report);
                    answer_others().await;
                    return None;
                }
                None => match self.plan(&account).await {
                    Ok(plan) => return Some(Ready { account, plan, around }),
                    Err(misuse) => words_of_many::without_password(&misuse.to_string()),
                },
            },
        };
        self.monitor.begun(name);
        self.monitor.not_asked(name, &why);
        answer_others().await;
        None
    }

    fn may_begin(&self, ready: &Ready) -> bool {
        let name = &ready.account.name;
        self.monitor.begun(name);
        let is_held = self.refusals().hold(&ready.plan);
        if is_held {
            self.monitor.held_back(name, words::REFUSED_BEFORE);
        }
        !is_held
    }

    async fn examine(&self, ready: Ready, cut: Cut) -> (Ready, Evidence) {
        let Around { real, shared, .. } = &*ready.around;
        let evidence = examine_account(&ready.plan, shared, real, &(), self.arguments.deadline, cut).await;
        (ready, evidence)
    }

    fn tell(&self, (ready, evidence): (Ready, Evidence)) -> Option<Kind> {
        let Ready { account, plan, .. } = ready;
        self.refusals().note(&plan, &evidence);
        self.around.complain();
        let mut telling = self.arguments.telling.clone();
        telling.client = account.client.clone().or(telling.client);
        match check::reports(&evidence, &plan, self.place, &telling) {
            Ok(Masked { for_others, .. }) => self.monitor.reported(&account, &evidence, &for_others),
            Err(misuse) => self.monitor.not_asked(&account.name, &misuse.to_string()),
        }
        Some(accounts::kind(&evidence))
    }

    fn pauses(&self, length: Duration) {
        aside::say(words_of_many::pause(length.as_secs()));
    }

    fn brakes(&self, why: &str) -> Option<Duration> {
        if self.monitor.pauses(INSTEAD_OF_STOPPING) {
            aside::say(words::brakes(why, INSTEAD_OF_STOPPING.as_secs()));
        }
        Some(INSTEAD_OF_STOPPING)
    }

    fn chance(&self) -> u64 {
        self.monitor.chance()
    }
}
