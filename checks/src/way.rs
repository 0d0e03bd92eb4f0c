//! The steps to each server: every step gets what the one before it opened.

use crate::asked::Asked;
use crate::conversation::{Speaks, Wishes};
use crate::first_look::Way;
use crate::network::{Hello, Network};
use crate::plan::Security;
use crate::questions::Question;
use crate::run::Run;
use crate::talk::Talk;
use crate::{dns, tcp, tls};

/// The steps to one server: name, connection, TLS, conversation; with STARTTLS the conversation begins before TLS, and
/// asks for it (RFC 3207, RFC 9051 section 6.2.1). If it was gone before, the name is not asked for again, and the address
/// that answered then comes first.
pub(crate) async fn walk<'r, F: Speaks, N: Network>(
    run: &'r Run<'r, N>,
    way: &mut Way<F>,
    before: Option<&Way<F>>,
) -> Option<()> {
    let limit = run.plan.timeout;
    let open = connect(run, way, before).await?;
    let open = if run.plan.server(F::OF).security == Security::Starttls {
        let talk = Talk::over(open, &mut way.transcript, run.began, limit);
        converse(run, &mut way.spoken, async |facts: &mut F| facts.starttls(talk).await).await?
    } else {
        open
    };
    let verified = encrypt(run, way, open).await?;
    let talk = Talk::over(verified, &mut way.transcript, run.began, limit);
    let wishes = Wishes::of(run, F::OF);
    converse(run, &mut way.spoken, async |facts: &mut F| facts.converse(talk, wishes).await).await;
    Some(())
}

/// One part of a conversation: before STARTTLS, or all of it after TLS. Its facts are kept while it runs, so that a run
/// which is cut short still shows how far it came.
async fn converse<F: Speaks, T, N: Network>(
    run: &Run<'_, N>,
    kept: &mut Option<Asked<F>>,
    stretch: impl AsyncFnOnce(&mut F) -> T,
) -> T {
    run.watch.began(F::OF.check(), Some(F::OF));
    let started_ms = run.began.milliseconds();
    let asked = kept.get_or_insert_with(|| Asked { started_ms, duration_ms: 0, facts: F::default() });
    let ended = stretch(&mut asked.facts).await;
    asked.duration_ms = run.began.milliseconds() - asked.started_ms;
    run.watch.ended(F::OF.check(), Some(F::OF), asked.facts.is_troubled());
    ended
}

/// Name and connection.
async fn connect<F: Speaks, N: Network>(
    run: &Run<'_, N>,
    way: &mut Way<F>,
    before: Option<&Way<F>>,
) -> Option<tcp::Open<N::Stream>> {
    let of = F::OF;
    let server = run.plan.server(of);
    let last = run.plan.last_step(of)?;
    let names = match before.and_then(|before| before.dns.as_ref()) {
        Some(known) => way.dns.insert(Asked { started_ms: 0, duration_ms: 0, facts: known.facts.clone() }),
        None => {
            run.watch.began(Question::Dns, Some(of));
            let names = way.dns.insert(run.timed(dns::ask(&server.host, run)).await);
            run.watch.ended(Question::Dns, Some(of), names.facts.is_troubled());
            names
        }
    };
    if names.facts.addresses.is_empty() || last == Question::Dns {
        return None;
    }
    run.watch.began(Question::Tcp, Some(of));
    let started_ms = run.began.milliseconds();
    let answered = before.and_then(|before| before.tcp.as_ref()?.facts.open()).map(|attempt| attempt.to.ip());
    let (facts, open) = tcp::ask(&names.facts, server.port, answered, run).await;
    run.watch.ended(Question::Tcp, Some(of), facts.is_troubled());
    way.tcp = Some(Asked { started_ms, duration_ms: run.began.milliseconds() - started_ms, facts });
    open.filter(|_| last != Question::Tcp)
}

/// The handshake, over a connection that is ready for it.
async fn encrypt<F: Speaks, N: Network>(
    run: &Run<'_, N>,
    way: &mut Way<F>,
    open: tcp::Open<N::Stream>,
) -> Option<tls::Verified<N::Stream>> {
    let of = F::OF;
    run.watch.began(Question::Tls, Some(of));
    let started_ms = run.began.milliseconds();
    let (facts, verified) = tls::ask(open, &run.plan.server(of).host, Hello::Usual, run.plan.timeout, run).await;
    run.watch.ended(Question::Tls, Some(of), facts.is_troubled());
    let remark = match (&facts.negotiated, &facts.failed) {
        (Some(negotiated), _) => format!("{}, {}", negotiated.version, negotiated.cipher_suite),
        (None, Some(failed)) => format!("no TLS: {failed}"),
        (None, None) => "no TLS".to_owned(),
    };
    way.transcript.remark(run.began.milliseconds(), &remark);
    way.tls = Some(Asked { started_ms, duration_ms: run.began.milliseconds() - started_ms, facts });
    verified.filter(|_| run.plan.asks(of.check()))
}
