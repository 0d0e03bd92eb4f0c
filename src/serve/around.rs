//! What is the same for every account: it is asked when an account has its turn and it is not known, or not fresh.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use checks::network::ledger::FileLedger;
use checks::plan::Protocol;
use checks::{Evidence, Outside, examine};

use crate::check::{self, Place};
use crate::cli::check::CheckArguments;
use crate::misuse::Misuse;
use crate::privacy::Masked;
use crate::report::Report;
use crate::{aside, attempts};

/// How long it is fresh, in milliseconds: no interval is shorter.
const FRESH: u64 = 5 * 60 * 1_000;
/// The same where no server could be spoken with.
const FRESH_IN_TROUBLE: u64 = 60 * 1_000;

/// The network, and what it was found to be.
pub(super) struct Around {
    /// It is opened anew each time: resolvers and certificates change while a service runs, and a ledger that was given up
    /// is tried again.
    pub(super) real: Outside,
    pub(super) shared: Evidence,
    /// Why nobody can sign in; `None` where a server can be spoken with.
    pub(super) closed: Option<Report>,
    at_ms: u64,
}

/// Where it is kept.
pub(super) struct Kept {
    last: RefCell<Option<Rc<Around>>>,
    /// The ledger of the last one, in this folder.
    ledger: RefCell<Option<Rc<FileLedger>>>,
    folder: PathBuf,
    /// What was said of the ledger, which is said once.
    complaints: RefCell<Vec<String>>,
}

impl Kept {
    /// Nothing yet. Sign-ins are remembered in this folder.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { last: RefCell::default(), ledger: RefCell::default(), folder, complaints: RefCell::default() }
    }

    /// Says what went wrong with the ledger, unless that is known.
    pub(super) fn complain(&self) {
        let complaints = self.ledger.borrow().as_deref().map(attempts::faults).unwrap_or_default();
        let mut known = self.complaints.borrow_mut();
        for complaint in complaints {
            if !known.contains(&complaint) {
                aside::say(&complaint);
                known.push(complaint);
            }
        }
    }

    /// What is fresh at this time.
    pub(super) fn fresh(&self, now_ms: u64) -> Option<Rc<Around>> {
        let last = self.last.borrow().as_ref().map(Rc::clone)?;
        let limit = if last.closed.is_some() { FRESH_IN_TROUBLE } else { FRESH };
        (now_ms.saturating_sub(last.at_ms) < limit).then_some(last)
    }

    /// Asks it anew.
    pub(super) async fn ask(
        &self,
        arguments: &CheckArguments,
        place: &Place,
        now_ms: u64,
    ) -> Result<Rc<Around>, Misuse> {
        let ledger = attempts::ledger_in(self.folder.clone(), "serve");
        let real = check::real(arguments, Some(Rc::clone(&ledger)))?;
        let plan = arguments.plan(None)?;
        let shared = examine(&plan, &real, &(), arguments.deadline, std::future::pending()).await;
        let closed = match Protocol::BOTH.into_iter().any(|of| shared.is_open(of)) {
            true => None,
            false => {
                let Masked { for_others, .. } = check::reports(&shared, &plan, place, &arguments.telling)?;
                Some(for_others)
            }
        };
        let around = Rc::new(Around { real, shared, closed, at_ms: now_ms });
        *self.ledger.borrow_mut() = Some(ledger);
        *self.last.borrow_mut() = Some(Rc::clone(&around));
        Ok(around)
    }
}
