//! Asks servers why iCloud Mail does not work, and returns evidence. Judging it is left to the caller.
//!
//! The entry point is [`examine`]. It takes a [`Plan`] (the questions, and the servers) and a [`Network`] (the only way
//! the outside: the [`Real`] one, or a [`Replayed`] one), and returns [`Evidence`], which never holds the password.
//! Failure is data: a server that refuses a login is a fact in the evidence and not an error. The [`Question`]s are
//! listed once; what each of them [`Learned`] can be taken out of the evidence, written as JSON and read again.
//!
//! Check an account, on the network that this machine is on:
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use checks::network::real::RootFiles;
//! use checks::{Password, Plan, Protocol, Real, Secret};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let mut plan = Plan::icloud("you@icloud.com");
//! // It is given on standard input: an argument could be read by every program on the machine.
//! plan.password = Some(Password::new(Secret::new(std::io::read_to_string(std::io::stdin())?)));
//! let net = Real::new(&RootFiles::default())?;
//! let evidence = checks::examine(&plan, &net, &(), Duration::from_secs(30), std::future::pending()).await;
//! for of in Protocol::BOTH {
//!     let is_signed_in = evidence.first.sign_in(of).is_some_and(|sign_in| sign_in.is_accepted());
//!     println!("{}: {}", of.name(), if is_signed_in { "signed in" } else { "not signed in" });
//! }
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! Replay what was recorded, with no network; here a machine that is set to ask no resolver:
//!
//! ```
//! use std::time::Duration;
//!
//! use checks::dns::Outcome;
//! use checks::network::case::Case;
//! use checks::{Plan, Protocol, Replayed};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let case = Case::read(
//!     r#"
//!     title = "This machine has no resolver"
//!     [run]
//!     arguments = ["check"]
//!     started_at = "2026-11-01T12:00:00Z"
//!     [machine]
//!     resolvers = []
//!     "#,
//! )?;
//! let mut plan = Plan::without_account();
//! plan.second_look = false;
//! let evidence =
//!     checks::examine(&plan, &Replayed::new(case), &(), Duration::from_secs(30), std::future::pending()).await;
//! assert!(evidence.complete);
//! assert_eq!(evidence.first.dns(Protocol::Imap).map(|names| &names.outcome), Some(&Outcome::NoResolver));
//! # Ok(())
//! # })
//! # }
//! ```
//!
//! What is deliberately absent: a judgement of what the evidence means, retries, a pool of connections, a third sign-in
//! (Apple locks accounts), and any way to send a password over a connection whose certificate was not accepted. IMAP and
//! SMTP in [`protocol`] know neither a socket nor a clock.
//!
//! Structs that may grow are `#[non_exhaustive]`. Most enums are not, on purpose: code that puts them into words must
//! not compile when there is one more thing to report.

#![cfg_attr(not(feature = "real"), allow(dead_code, reason = "what only the real network uses is not cut out"))]

pub mod apple;
pub mod apple_status;
pub mod archive;
pub mod asked;
pub mod attempts;
/// For the program beside this crate.
#[doc(hidden)]
pub mod budget;
/// For the program beside this crate.
#[doc(hidden)]
pub mod conceal;
pub mod contacts;
pub mod conversation;
mod dates;
pub mod dns;
pub mod evidence;
pub mod first_look;
pub mod imap;
mod known;
pub mod learned;
pub mod login;
pub mod mailbox;
pub mod meaning;
pub mod network;
pub mod password;
pub mod plan;
pub mod protocol;
pub mod questions;
#[cfg(feature = "real")]
pub mod refusals;
pub mod round_trip;
pub mod run;
pub mod second_look;
pub mod secret;
pub mod settings;
pub mod sign_in;
pub mod slip;
pub mod smtp;
pub mod survey;
mod tagged;
pub mod talk;
pub mod tcp;
pub mod tls;
pub mod transcript;
pub mod trust;
mod way;

use std::time::Duration;

use asked::Asked;
use conceal::Concealer;
use conversation::Speaks;
use first_look::{FirstLook, Way};
use network::clock::{Stopwatch, pause, within};
use round_trip::Meeting;
use run::Run;
use way::walk;

pub use evidence::Evidence;
pub use learned::Learned;
pub use network::Network;
pub use network::outside::Outside;
#[cfg(feature = "real")]
pub use network::real::Real;
pub use network::replayed::Replayed;
pub use password::Password;
pub use plan::{Plan, Protocol};
pub use questions::Question;
pub use run::Watch;
pub use secret::Secret;

/// How long to wait for the status page once both servers have answered without a problem: it proves nothing then.
const STATUS_GRACE: Duration = Duration::from_millis(300);

/// Signs in as [`examine`] does, and does with the messages what the plan's archive says. Without a result it did not come
/// to that, and the evidence says why.
pub async fn keep_archive(
    plan: &Plan,
    net: &impl Network,
    watch: &dyn Watch,
    deadline: Duration,
    interrupted: impl Future<Output = ()>,
) -> (Evidence, Option<archive::Done>) {
    let mut evidence = asked(plan, net, watch, deadline, interrupted, None).await;
    let done = evidence.first.imap.spoken.as_mut().and_then(|asked| asked.facts.archive.take());
    (told(evidence, plan), done)
}

/// How long a run that is ended early may take to remove what it sent.
const CLEANING: Duration = Duration::from_secs(5);

/// Runs the checks until they are done, the deadline passes or the caller interrupts. The evidence is free of the
/// password; there is no other way to get any.
pub async fn examine(
    plan: &Plan,
    net: &impl Network,
    watch: &dyn Watch,
    deadline: Duration,
    interrupted: impl Future<Output = ()>,
) -> Evidence {
    told(asked(plan, net, watch, deadline, interrupted, None).await, plan)
}

/// Runs the checks for one account of many: what does not depend on the account is taken from a run without one, `known`,
/// and not asked again. That is the names, Apple's status page, the second looks, and the whole way to a server that
/// could not be spoken with: nobody signs in there.
pub async fn examine_account(
    plan: &Plan,
    known: &Evidence,
    net: &impl Network,
    watch: &dyn Watch,
    deadline: Duration,
    interrupted: impl Future<Output = ()>,
) -> Evidence {
    told(asked(plan, net, watch, deadline, interrupted, Some(known)).await, plan)
}

/// All that was learned.
async fn asked(
    plan: &Plan,
    net: &impl Network,
    watch: &dyn Watch,
    deadline: Duration,
    interrupted: impl Future<Output = ()>,
    known: Option<&Evidence>,
) -> Evidence {
    let now = net.now();
    // Whole seconds are enough, and a recorded case keeps the same value.
    let started_at = now.replace_nanosecond(0).unwrap_or(now);
    let mut evidence = Evidence::at_start(settings::look(plan), started_at);
    let began = Stopwatch::start();
    let meeting = Meeting::of(plan, now, net.chance(), began);
    let run = Run { plan, net, watch, began, meeting };
    {
        let mut asking = std::pin::pin!(async {
            match known {
                Some(known) => known::ask(&run, known, &mut evidence).await,
                None => ask(&run, &mut evidence).await,
            }
        });
        let is_over = tokio::select! {
            biased;
            () = interrupted => false,
            () = &mut asking => true,
            () = pause(deadline) => false,
        };
        if let (false, Some(meeting)) = (is_over, &run.meeting) {
            meeting.hurry();
            within(CLEANING, asking).await;
        }
    }
    evidence.duration_ms = began.milliseconds();
    evidence
}

/// The same, without the password.
fn told(mut evidence: Evidence, plan: &Plan) -> Evidence {
    let started_at = evidence.started_at;
    // It was asked over the connection that signed in, and is a question of its own.
    if let Some(imap) = evidence.first.imap.spoken.as_mut() {
        (evidence.first.mailbox, evidence.first.round_trip) = (imap.facts.survey.take(), imap.facts.round_trip.take());
    }
    if let Some(mailbox) = &mut evidence.first.mailbox {
        mailbox.facts.complete(evidence.first.imap.round_trips(), evidence.duration_ms);
    }
    // To return no evidence is better than to return some that may contain the password.
    cleared(evidence, plan).unwrap_or_else(|_| Evidence::at_start(settings::look(plan), started_at))
}

/// Takes the password out, and then what exceeds the limits, so that the cut leaves no half of the password; the first,
/// larger cut only removes what the second would remove in any case.
fn cleared(mut evidence: Evidence, plan: &Plan) -> Result<Evidence, serde_json::Error> {
    // Transcripts are limited line by line, and each knows what was cut of it.
    let transcripts: Vec<_> = evidence.transcripts_mut().into_iter().map(std::mem::take).collect();
    evidence.keep_to(budget::READ)?;
    evidence.transcripts_mut().into_iter().zip(transcripts).for_each(|(place, transcript)| *place = transcript);
    let mut evidence = Concealer::of(plan).evidence(evidence)?;
    evidence.keep_to(budget::TOLD)?;
    Ok(evidence)
}

/// Asks all questions of the plan, in parallel where they do not depend on each other, and the second looks after a
/// problem.
///
/// The evidence always contains what is known so far, so that the future may be dropped when the deadline passes or a
/// signal comes.
async fn ask<'r, N: Network>(run: &'r Run<'r, N>, evidence: &mut Evidence) {
    let mut status = std::pin::pin!(status(run));
    let page_came_first = {
        let FirstLook { imap, smtp, apple_status, .. } = &mut evidence.first;
        // On the heap, because each holds every step of its way.
        let (receiving, sending) = (Box::pin(to_the_end(run, imap)), Box::pin(to_the_end(run, smtp)));
        let mut mail = std::pin::pin!(async { tokio::join!(receiving, sending) });
        tokio::select! {
            biased;
            _ = &mut mail => false,
            page = &mut status => {
                *apple_status = page;
                mail.await;
                true
            }
        }
    };
    let is_hurried = run.meeting.as_ref().is_some_and(Meeting::is_hurried);
    if is_hurried {
        return;
    }
    if !page_came_first {
        let page = if evidence.first.is_troubled() { Some(status.await) } else { within(STATUS_GRACE, status).await };
        evidence.first.apple_status = page.unwrap_or_else(|| {
            let facts = apple_status::Facts::late(&run.plan.status_url);
            Some(Asked { started_ms: 0, duration_ms: run.began.milliseconds(), facts })
        });
    }
    if run.plan.second_look {
        if evidence.first.is_troubled() {
            run.watch.looks_again();
        }
        evidence.second_look = second_look::at(&evidence.first, run).await;
    }
    evidence.duration_ms = run.began.milliseconds();
    evidence.complete = true;
}

/// The way to a server. The conversation with the other one is told that it is over.
async fn to_the_end<'r, F: Speaks, N: Network>(run: &'r Run<'r, N>, way: &mut Way<F>) {
    walk(run, way, None).await;
    if let Some(meeting) = &run.meeting {
        meeting.left(F::OF);
    }
}

/// Apple's status page.
async fn status<N: Network>(run: &Run<'_, N>) -> Option<Asked<apple_status::Facts>> {
    if !run.plan.asks(Question::AppleStatus) {
        return None;
    }
    run.watch.began(Question::AppleStatus, None);
    let asked = run.timed(apple_status::ask(run)).await;
    let is_read = matches!(asked.facts.outcome, apple_status::Outcome::Read { .. });
    run.watch.ended(Question::AppleStatus, None, !is_read);
    Some(asked)
}
