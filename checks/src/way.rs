//! The way to each server: every step is handed what the one before it opened.

use crate::asked::Asked;
use crate::network::{Hello, Network};
use crate::plan::{Check, Protocol, Security};
use crate::run::{Run, Watch};
use crate::talk::{Talk, Transcript};
use crate::{dns, imap, smtp, tcp, tls};

/// Where the evidence of one server's way is kept.
pub(crate) struct Way<'e> {
    pub(crate) dns: &'e mut Option<Asked<dns::Facts>>,
    pub(crate) tcp: &'e mut Option<Asked<tcp::Facts>>,
    pub(crate) tls: &'e mut Option<Asked<tls::Facts>>,
    pub(crate) transcript: &'e mut Transcript,
}

/// IMAP's way: name, connection, TLS, conversation.
pub(crate) async fn receive<N: Network, W: Watch>(
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
    let credentials = run.plan.credentials(of);
    let stretch = async |facts: &mut imap::Facts| imap::converse(talk, credentials, run.plan.mailbox, facts).await;
    converse(run, of, kept, imap::Facts::is_troubled, stretch).await;
    Some(())
}

/// SMTP's way: name, connection, EHLO, STARTTLS, TLS, EHLO, sign-in.
pub(crate) async fn send<N: Network, W: Watch>(
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
    let credentials = run.plan.credentials(of);
    let from = run.plan.from.as_deref();
    let sender = from.map(|from| smtp::Sender { from, account: run.plan.email.as_deref().unwrap_or(from) });
    let stretch = async |facts: &mut smtp::Facts| smtp::converse(talk, credentials, sender, facts).await;
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
    let (facts, verified) = tls::ask(open, &run.plan.server(of).host, Hello::Usual, run.plan.timeout, run).await;
    run.watch.ended(Check::Tls, Some(of), facts.is_troubled());
    let remark = match (&facts.negotiated, &facts.failed) {
        (Some(negotiated), _) => format!("{}, {}", negotiated.version, negotiated.cipher_suite),
        (None, Some(failed)) => format!("no TLS: {failed}"),
        (None, None) => "no TLS".to_owned(),
    };
    transcript.remark(run.began.milliseconds(), &remark);
    *kept = Some(Asked { started_ms, duration_ms: run.began.milliseconds() - started_ms, facts });
    verified.filter(|_| run.plan.asks(of.check()))
}
