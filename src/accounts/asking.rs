//! One account: its password is read, the servers are asked, and what they say becomes a report.

use std::cell::RefCell;
use std::time::Duration;

use checks::password::Password;
use checks::plan::{Plan, Protocol};
use checks::questions::Question;
use checks::refusals::Refusals;
use checks::secret::Secret;
use checks::sign_in::Outcome;
use checks::{Evidence, Network as _, Outside, examine_account};

use super::brakes::Kind;
use super::list::{Account, Source};
use super::run::{Asks, Cut};
use super::telling::Telling;
use crate::aside;
use crate::check::{self, Place};
use crate::cli::check::CheckArguments;
use crate::cli::password;
use crate::misuse::Misuse;
use crate::privacy::Masked;
use crate::report::line::Labels;
use crate::words::accounts as words;

/// How accounts are asked.
pub(super) struct Asking<'a> {
    arguments: &'a CheckArguments,
    net: &'a Outside,
    shared: &'a Evidence,
    place: &'a Place,
    telling: &'a Telling<'a>,
    refusals: RefCell<Refusals>,
}

/// An account with its password.
pub(super) struct Ready {
    name: String,
    labels: Labels,
    client: Option<String>,
    plan: Plan,
}

impl<'a> Asking<'a> {
    pub(super) fn new(
        arguments: &'a CheckArguments,
        net: &'a Outside,
        shared: &'a Evidence,
        place: &'a Place,
        telling: &'a Telling<'a>,
    ) -> Self {
        Self { arguments, net, shared, place, telling, refusals: RefCell::default() }
    }
}

/// The plan for an account of many.
pub(crate) fn plan(arguments: &CheckArguments, account: &Account, secret: Secret) -> Result<Plan, Misuse> {
    let password = Password::new(secret);
    if password.is_empty() {
        return Err(Misuse::new("it is empty", "write the app-specific password there"));
    }
    let call = CheckArguments {
        email: Some(account.email.clone()),
        from: account.from.clone(),
        imap_username: account.imap_username.clone(),
        smtp_username: account.smtp_username.clone(),
        ..arguments.clone()
    };
    let mut plan = call.plan(Some(password))?;
    // A second sign-in for each of many accounts brings all of them nearer to a lock.
    plan.left_out.insert(Question::OtherSignIn);
    Ok(plan)
}

/// The password of an account.
pub(crate) async fn secret(source: Source, limit: Duration) -> Result<Secret, Misuse> {
    match source {
        Source::Command(line) => password::from_command(&line, limit).await,
        Source::File(path) => password::from_file(&path),
        Source::Given(secret) => Ok(secret),
    }
}

impl Asks for Asking<'_> {
    type Account = Account;
    type Ready = Ready;
    type Done = (Ready, Evidence);

    async fn prepare(&self, mut account: Account) -> Option<Ready> {
        let source = std::mem::replace(&mut account.source, Source::Command(String::new()));
        let plan =
            secret(source, self.arguments.deadline).await.and_then(|secret| plan(self.arguments, &account, secret));
        let Account { name, labels, client, .. } = account;
        match plan {
            Ok(plan) => Some(Ready { name, labels, client, plan }),
            Err(misuse) => {
                self.telling.not_asked(&name, &labels, &words::without_password(&misuse.to_string()));
                None
            }
        }
    }

    fn may_begin(&self, ready: &Ready) -> bool {
        let is_held = self.refusals.borrow().hold(&ready.plan);
        if is_held {
            self.telling.not_asked(&ready.name, &ready.labels, words::REFUSED_BEFORE);
        }
        !is_held
    }

    async fn examine(&self, ready: Ready, cut: Cut) -> (Ready, Evidence) {
        let Self { arguments, net, shared, .. } = self;
        let evidence = examine_account(&ready.plan, shared, *net, &(), arguments.deadline, cut).await;
        (ready, evidence)
    }

    fn tell(&self, (ready, evidence): (Ready, Evidence)) -> Option<Kind> {
        self.refusals.borrow_mut().note(&ready.plan, &evidence);
        let mut telling = self.arguments.telling.clone();
        telling.client = ready.client.or(telling.client);
        let goes_on = match check::reports(&evidence, &ready.plan, self.place, &telling) {
            Ok(Masked { for_others, .. }) => self.telling.account(&ready.name, &ready.labels, for_others),
            Err(misuse) => {
                self.telling.not_asked(&ready.name, &ready.labels, &misuse.to_string());
                true
            }
        };
        goes_on.then(|| kind(&evidence))
    }

    fn pauses(&self, length: Duration) {
        aside::say(words::pause(length.as_secs()));
    }

    fn chance(&self) -> u64 {
        self.net.chance()
    }
}

/// How the servers judged an account.
pub(crate) fn kind(evidence: &Evidence) -> Kind {
    let outcomes = || Protocol::BOTH.into_iter().filter_map(|of| evidence.first.sign_in(of)).map(|one| &one.outcome);
    let has = |wanted: &dyn Fn(&Outcome) -> bool| outcomes().any(wanted);
    match () {
        () if has(&|one| matches!(one, Outcome::Throttled | Outcome::Unavailable)) => Kind::Throttled,
        () if has(&|one| *one == Outcome::Accepted) => Kind::Accepted,
        () if has(&|one| *one == Outcome::Refused) => Kind::Refused,
        () => Kind::Other,
    }
}
