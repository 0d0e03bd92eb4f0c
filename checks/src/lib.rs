//! Asks the outside why iCloud Mail does not work, and brings home evidence. Judging it is somebody else's task.

pub mod apple;
pub mod apple_status;
pub mod asked;
pub mod budget;
pub mod conceal;
pub mod conversation;
pub mod dns;
pub mod evidence;
pub mod imap;
pub mod mailbox;
pub mod network;
pub mod password;
pub mod plan;
pub mod protocol;
pub mod run;
pub mod second_look;
pub mod secret;
pub mod settings;
pub mod sign_in;
pub mod smtp;
mod tagged;
pub mod talk;
pub mod tcp;
pub mod tls;
pub mod trust;
mod way;

use std::time::Duration;

use asked::Asked;
use conceal::Concealer;
use evidence::Evidence;
use network::Network;
use network::clock::{Stopwatch, pause, within};
use plan::{Check, Plan};
use run::{Run, Watch};
use way::{Way, receive, send};

/// A check as it is listed: its name, its question and what it rests on.
pub struct Listed {
    /// Which check.
    pub check: Check,
    /// Its name: on the command line, in a report, and of its folder of cases.
    pub id: &'static str,
    /// What it asks.
    pub question: &'static str,
    /// The checks without whose good answer it is not asked.
    pub rests_on: &'static [Check],
}

/// The checks in their order: the one place where it is written.
pub const CHECKS: [Listed; 7] = [
    Listed {
        check: Check::Settings,
        id: "settings",
        question: "Are the server names, ports and login names the ones that Apple gives?",
        rests_on: &[],
    },
    Listed { check: Check::Dns, id: "dns", question: "Have the servers' names an address?", rests_on: &[] },
    Listed { check: Check::Tcp, id: "tcp", question: "Does a connection open?", rests_on: &[Check::Dns] },
    Listed {
        check: Check::Tls,
        id: "tls",
        question: "Is the connection encrypted, and is it really the server at its other end?",
        rests_on: &[Check::Dns, Check::Tcp],
    },
    Listed {
        check: Check::Imap,
        id: "imap",
        question: "Does the server for reading let the account in?",
        rests_on: &[Check::Dns, Check::Tcp, Check::Tls],
    },
    Listed {
        check: Check::Smtp,
        id: "smtp",
        question: "Does the server for sending let the account in?",
        rests_on: &[Check::Dns, Check::Tcp, Check::Tls],
    },
    Listed {
        check: Check::AppleStatus,
        id: "apple-status",
        question: "Does Apple itself report trouble?",
        rests_on: &[],
    },
];

/// How long the status page is awaited once both servers have answered and all is well: it proves nothing then.
const STATUS_GRACE: Duration = Duration::from_millis(300);

/// Runs the checks until they are done, the deadline passes or the caller interrupts. The evidence is free of the
/// password; there is no other way to get at any.
pub async fn examine(
    plan: &Plan,
    net: &impl Network,
    watch: &impl Watch,
    deadline: Duration,
    interrupted: impl Future<Output = ()>,
) -> Evidence {
    let now = net.now();
    // A whole second is enough for people, and the same one is kept in a recorded case.
    let started_at = now.replace_nanosecond(0).unwrap_or(now);
    let mut evidence = Evidence::at_start(settings::look(plan), started_at);
    let began = Stopwatch::start();
    tokio::select! {
        biased;
        () = interrupted => {}
        () = run(plan, net, watch, &mut evidence) => {}
        () = pause(deadline) => {}
    }
    evidence.duration_ms = began.milliseconds();
    // Nothing is better than evidence that could not be cleared of the password.
    cleared(evidence, plan).unwrap_or_else(|_| Evidence::at_start(settings::look(plan), started_at))
}

/// Takes the password out, and what is more than anybody reads. A cut comes after that, so that it leaves no half of the
/// password; the first one only takes away what the second would take in any case.
fn cleared(mut evidence: Evidence, plan: &Plan) -> Result<Evidence, serde_json::Error> {
    // Transcripts are bounded line by line, and know what was cut of each.
    let transcripts: Vec<_> = evidence.transcripts_mut().into_iter().map(std::mem::take).collect();
    evidence.keep_to(budget::READ)?;
    evidence.transcripts_mut().into_iter().zip(transcripts).for_each(|(place, transcript)| *place = transcript);
    let mut evidence = Concealer::of(plan).evidence(evidence)?;
    evidence.keep_to(budget::TOLD)?;
    Ok(evidence)
}

/// Asks everything that the plan holds, side by side where nothing rests on another, and looks again after trouble.
///
/// What was learnt so far stands in the evidence at every moment, so that the future may be dropped when the deadline
/// passes or a signal comes.
async fn run(plan: &Plan, net: &impl Network, watch: &impl Watch, evidence: &mut Evidence) {
    let run = Run { plan, net, watch, began: Stopwatch::start() };
    let mut status = std::pin::pin!(status(&run));
    let page_came_first = {
        let Evidence { dns, tcp, tls, imap, smtp, apple_status, imap_transcript, smtp_transcript, .. } = &mut *evidence;
        let way = Way { dns: &mut dns.imap, tcp: &mut tcp.imap, tls: &mut tls.imap, transcript: imap_transcript };
        // On the heap, because each holds every step of its way.
        let receiving = Box::pin(receive(&run, way, imap));
        let way = Way { dns: &mut dns.smtp, tcp: &mut tcp.smtp, tls: &mut tls.smtp, transcript: smtp_transcript };
        let sending = Box::pin(send(&run, way, smtp));
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
    if !page_came_first {
        let page =
            if evidence.first_look().is_troubled() { Some(status.await) } else { within(STATUS_GRACE, status).await };
        evidence.apple_status = page.unwrap_or_else(|| {
            let facts = apple_status::Facts::late(&plan.status_url);
            Some(Asked { started_ms: 0, duration_ms: run.began.milliseconds(), facts })
        });
    }
    if plan.second_look {
        if evidence.first_look().is_troubled() {
            watch.looks_again();
        }
        evidence.second_look = second_look::at(&evidence.first_look(), &run).await;
    }
    evidence.duration_ms = run.began.milliseconds();
    evidence.complete = true;
}

/// Apple's status page.
async fn status<N: Network, W: Watch>(run: &Run<'_, N, W>) -> Option<Asked<apple_status::Facts>> {
    if !run.plan.asks(Check::AppleStatus) {
        return None;
    }
    run.watch.began(Check::AppleStatus, None);
    let asked = run.timed(apple_status::ask(run)).await;
    let is_read = matches!(asked.facts.outcome, apple_status::Outcome::Read { .. });
    run.watch.ended(Check::AppleStatus, None, !is_read);
    Some(asked)
}
