//! What is the same for every account: learned once, and put into the evidence of each.

use crate::asked::Asked;
use crate::conversation::Speaks;
use crate::evidence::Evidence;
use crate::first_look::{FirstLook, Way};
use crate::network::Network;
use crate::plan::Protocol;
use crate::run::Run;
use crate::way::walk;

/// Asks what depends on the account, and takes over the rest.
pub(crate) async fn ask<'r, N: Network>(run: &'r Run<'r, N>, known: &Evidence, evidence: &mut Evidence) {
    let FirstLook { imap, smtp, apple_status, .. } = &mut evidence.first;
    *apple_status = known.first.apple_status.clone().map(at_the_start);
    evidence.second_look = known.second_look.clone();
    // On the heap, because each holds every step of its way.
    let receiving = Box::pin(unless_closed(run, &known.first.imap, imap));
    let sending = Box::pin(unless_closed(run, &known.first.smtp, smtp));
    tokio::join!(receiving, sending);
    evidence.duration_ms = run.began.milliseconds();
    evidence.complete = true;
}

/// The way to a server, or what is known of it where it ended in trouble without an account.
async fn unless_closed<'r, F: Speaks + Clone, N: Network>(run: &'r Run<'r, N>, known: &Way<F>, way: &mut Way<F>) {
    match is_open(known) || run.plan.last_step(F::OF).is_none() {
        true => drop(walk(run, way, Some(known)).await),
        false => *way = known.clone(),
    }
}

/// Whether a server was spoken with, over a verified connection and to the end.
fn is_open<F: Speaks>(way: &Way<F>) -> bool {
    way.tls.as_ref().is_some_and(|asked| asked.facts.is_verified())
        && way.spoken.as_ref().is_some_and(|asked| !asked.facts.is_troubled())
}

/// It was known before the account's own run began.
fn at_the_start<T>(asked: Asked<T>) -> Asked<T> {
    Asked { started_ms: 0, duration_ms: 0, ..asked }
}

impl Evidence {
    /// Whether an account can sign in at this server, as far as can be learned without one.
    pub fn is_open(&self, of: Protocol) -> bool {
        match of {
            Protocol::Imap => is_open(&self.first.imap),
            Protocol::Smtp => is_open(&self.first.smtp),
        }
    }
}
