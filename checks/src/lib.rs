//! Asks the outside why iCloud Mail does not work, and brings home evidence. Judging it is somebody else's task.

pub mod apple_status;
pub mod asked;
pub mod conceal;
pub mod conversation;
pub mod dns;
pub mod evidence;
pub mod imap;
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
pub mod talk;
pub mod tcp;
pub mod tls;

use std::time::Duration;

use asked::Asked;
use conceal::Concealer;
use evidence::Evidence;
use network::Network;
use network::clock::{Stopwatch, within};
use plan::{Check, Plan, Protocol, Security};
use run::{Run, Watch};
use second_look::FirstLook;
use talk::{Talk, Transcript};

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

/// Asks everything that the plan holds, side by side where nothing rests on another, and looks again after trouble.
///
/// What was learnt so far stands in the evidence at every moment, so that a caller may drop the future when the
/// deadline passes or a signal comes. What came from outside is free of the password when the future ends; a caller
/// that drops it earlier has to call [`conceal`] on its own.
pub async fn run(plan: &Plan, net: &impl Network, watch: &impl Watch, evidence: &mut Evidence) {
    let run = Run { plan, net, watch, began: Stopwatch::start() };
    let mut status = std::pin::pin!(status(&run));
    let page_came_first = {
        let Evidence { dns, tcp, tls, imap, smtp, apple_status, imap_transcript, smtp_transcript, .. } = &mut *evidence;
        let way = Way { dns: &mut dns.imap, tcp: &mut tcp.imap, tls: &mut tls.imap, transcript: imap_transcript };
        let receiving = receive(&run, way, imap);
        let way = Way { dns: &mut dns.smtp, tcp: &mut tcp.smtp, tls: &mut tls.smtp, transcript: smtp_transcript };
        let sending = send(&run, way, smtp);
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
        let page = if is_troubled(evidence) { Some(status.await) } else { within(STATUS_GRACE, status).await };
        evidence.apple_status = page.unwrap_or_else(|| {
            let facts = apple_status::Facts::late(&plan.status_url);
            Some(Asked { started_ms: 0, duration_ms: run.began.milliseconds(), facts })
        });
    }
    if plan.second_look {
        evidence.second_look = second_look::at(&first_look(evidence), &run).await;
    }
    evidence.duration_ms = run.began.milliseconds();
    evidence.complete = true;
}

/// Takes the password out of whatever a server sent back. Evidence that cannot be read again is not handed on.
pub fn conceal(evidence: &mut Evidence, plan: &Plan) -> Result<(), serde_json::Error> {
    if let Some(password) = &plan.password {
        *evidence = Concealer::default().password(password).all(evidence)?;
    }
    Ok(())
}

/// Whether any check on the way to the mail servers is in trouble.
fn is_troubled(evidence: &Evidence) -> bool {
    first_look(evidence).is_troubled()
        || evidence.imap.as_ref().is_some_and(|asked| asked.facts.is_troubled())
        || evidence.smtp.as_ref().is_some_and(|asked| asked.facts.is_troubled())
}

fn first_look(evidence: &Evidence) -> FirstLook<'_> {
    FirstLook { dns: &evidence.dns, tcp: &evidence.tcp, tls: &evidence.tls }
}

/// Where the evidence of one server's way is kept.
struct Way<'e> {
    dns: &'e mut Option<Asked<dns::Facts>>,
    tcp: &'e mut Option<Asked<tcp::Facts>>,
    tls: &'e mut Option<Asked<tls::Facts>>,
    transcript: &'e mut Transcript,
}

/// IMAP's way: name, connection, TLS, conversation. Each step is handed what the one before it opened.
async fn receive<N: Network, W: Watch>(
    run: &Run<'_, N, W>,
    way: Way<'_>,
    kept: &mut Option<Asked<imap::Facts>>,
) -> Option<()> {
    let (of, limit) = (Protocol::Imap, run.plan.timeout);
    let server = run.plan.server(of);
    let open = connect(run, of, way.dns, way.tcp).await?;
    let open = if server.security == Security::Starttls {
        let talk = Talk::over(open, way.transcript, run.began, limit);
        let stretch = async |facts: &mut imap::Facts| imap::starttls(talk, facts).await;
        converse(run, of, kept, imap::Facts::is_troubled, stretch).await?
    } else {
        open
    };
    let verified = encrypt(run, of, open, way.tls, way.transcript).await?;
    let talk = Talk::over(verified, way.transcript, run.began, limit);
    let (login, password) = (server.login.as_deref(), run.plan.password.as_ref());
    let stretch = async |facts: &mut imap::Facts| imap::converse(talk, login, password, facts).await;
    converse(run, of, kept, imap::Facts::is_troubled, stretch).await;
    Some(())
}

/// SMTP's way: name, connection, EHLO, STARTTLS, TLS, EHLO, sign-in.
async fn send<N: Network, W: Watch>(
    run: &Run<'_, N, W>,
    way: Way<'_>,
    kept: &mut Option<Asked<smtp::Facts>>,
) -> Option<()> {
    let (of, limit) = (Protocol::Smtp, run.plan.timeout);
    let server = run.plan.server(of);
    let open = connect(run, of, way.dns, way.tcp).await?;
    let open = if server.security == Security::Starttls {
        let talk = Talk::over(open, way.transcript, run.began, limit);
        let stretch = async |facts: &mut smtp::Facts| smtp::starttls(talk, facts).await;
        converse(run, of, kept, smtp::Facts::is_troubled, stretch).await?
    } else {
        open
    };
    let verified = encrypt(run, of, open, way.tls, way.transcript).await?;
    let talk = Talk::over(verified, way.transcript, run.began, limit);
    let (login, password) = (server.login.as_deref(), run.plan.password.as_ref());
    let from = run.plan.from.as_deref();
    let sender = from.map(|from| smtp::Sender { from, account: run.plan.email.as_deref().unwrap_or(from) });
    let stretch = async |facts: &mut smtp::Facts| smtp::converse(talk, login, password, sender, facts).await;
    converse(run, of, kept, smtp::Facts::is_troubled, stretch).await;
    Some(())
}

/// One stretch of a conversation: before STARTTLS, or all of it after TLS. Its facts are kept while it goes on, so
/// that a run which is cut short still tells how far it came.
async fn converse<F: Default, T, N: Network, W: Watch>(
    run: &Run<'_, N, W>,
    of: Protocol,
    kept: &mut Option<Asked<F>>,
    is_troubled: fn(&F) -> bool,
    stretch: impl AsyncFnOnce(&mut F) -> T,
) -> T {
    run.watch.began(of.check(), Some(of));
    let started_ms = run.began.milliseconds();
    let asked = kept.get_or_insert_with(|| Asked { started_ms, duration_ms: 0, facts: F::default() });
    let ended = stretch(&mut asked.facts).await;
    asked.duration_ms = run.began.milliseconds() - asked.started_ms;
    run.watch.ended(of.check(), Some(of), is_troubled(&asked.facts));
    ended
}

/// Name and connection.
async fn connect<N: Network, W: Watch>(
    run: &Run<'_, N, W>,
    of: Protocol,
    dns: &mut Option<Asked<dns::Facts>>,
    tcp: &mut Option<Asked<tcp::Facts>>,
) -> Option<tcp::Open<N::Stream>> {
    let server = run.plan.server(of);
    let last = run.plan.last_step(of)?;
    run.watch.began(Check::Dns, Some(of));
    let names = dns.insert(run.timed(dns::ask(&server.host, run)).await);
    run.watch.ended(Check::Dns, Some(of), names.facts.is_troubled());
    if names.facts.addresses.is_empty() || last == Check::Dns {
        return None;
    }
    run.watch.began(Check::Tcp, Some(of));
    let started_ms = run.began.milliseconds();
    let (facts, open) = tcp::ask(&names.facts, server.port, run).await;
    run.watch.ended(Check::Tcp, Some(of), facts.is_troubled());
    *tcp = Some(Asked { started_ms, duration_ms: run.began.milliseconds() - started_ms, facts });
    open.filter(|_| last != Check::Tcp)
}

/// The handshake, over a connection that is ready for it.
async fn encrypt<N: Network, W: Watch>(
    run: &Run<'_, N, W>,
    of: Protocol,
    open: tcp::Open<N::Stream>,
    kept: &mut Option<Asked<tls::Facts>>,
    transcript: &mut Transcript,
) -> Option<tls::Verified<N::Stream>> {
    run.watch.began(Check::Tls, Some(of));
    let started_ms = run.began.milliseconds();
    let (facts, verified) = tls::ask(open, &run.plan.server(of).host, run).await;
    run.watch.ended(Check::Tls, Some(of), facts.is_troubled());
    let remark = match (&facts.negotiated, &facts.failed) {
        (Some(negotiated), _) => format!("{}, {}", negotiated.version, negotiated.cipher_suite),
        (None, Some(failed)) => format!("no TLS came about ({failed:?})"),
        (None, None) => "no TLS came about".to_owned(),
    };
    transcript.add(run.began.milliseconds(), talk::Speaker::Us, &remark);
    *kept = Some(Asked { started_ms, duration_ms: run.began.milliseconds() - started_ms, facts });
    verified.filter(|_| run.plan.asks(of.check()))
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
