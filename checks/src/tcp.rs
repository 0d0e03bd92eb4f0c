//! Does a connection open?

use std::cell::RefCell;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::dns;
use crate::network::clock::{pause, within};
use crate::network::{Broken, ConnectFailed, Network, Segments, Stream};
use crate::plan::Plan;
use crate::protocol::Line;
use crate::run::Run;

/// The facts about a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TcpFacts")]
pub struct Facts {
    /// The port.
    pub port: u16,
    /// Every attempt, in the order in which they were begun.
    pub attempts: Vec<Attempt>,
}

/// One attempt to connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TcpAttempt")]
pub struct Attempt {
    /// The address and port.
    pub to: SocketAddr,
    /// When, in milliseconds after the start of the run.
    pub started_ms: u64,
    /// How long it took to open or to fail, in milliseconds.
    pub duration_ms: u64,
    /// Why it did not open; `None` for an open one.
    pub failed: Option<ConnectFailed>,
    /// The machine that reported it by ICMP, if that is known.
    #[serde(default)]
    pub by: Option<IpAddr>,
}

impl Attempt {
    /// The machine on the way that answered in the server's place, by ICMP (RFC 792, RFC 4443).
    pub fn stopped_by(&self) -> Option<IpAddr> {
        self.by.filter(|by| *by != self.to.ip() && self.failed.is_some())
    }
}

impl Facts {
    /// The attempt that opened.
    pub fn open(&self) -> Option<&Attempt> {
        self.attempts.iter().find(|attempt| attempt.failed.is_none())
    }

    /// Whether none opened.
    pub fn is_troubled(&self) -> bool {
        self.open().is_none()
    }
}

/// A connection that is open and not encrypted.
pub(crate) struct Open<S> {
    stream: S,
}

impl<S> Open<S> {
    /// The connection itself, for the handshake.
    pub(crate) fn into_stream(self) -> S {
        self.stream
    }
}

impl<S: Stream> Stream for Open<S> {
    async fn send(&mut self, lines: &[Line]) -> Result<(), Broken> {
        self.stream.send(lines).await
    }

    async fn receive(&mut self) -> Result<Vec<u8>, Broken> {
        self.stream.receive().await
    }
}

/// How long an attempt runs alone before the next begins (RFC 8305 section 5).
const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// More addresses than any mail server has: a resolver that returns thousands must not keep a run busy.
const MOST_ADDRESSES: usize = 12;

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    // The mail servers, which the conversations list.
    Vec::new()
}

/// Races connections to all addresses of a name, `first` before the others; the winner is passed on, open.
pub(crate) async fn ask<N: Network>(
    names: &dns::Facts,
    port: u16,
    first: Option<IpAddr>,
    run: &Run<'_, N>,
) -> (Facts, Option<Open<N::Stream>>) {
    let addresses: Vec<IpAddr> = names.addresses.iter().map(|address| address.address).collect();
    let mut order = interleave(&addresses);
    order.sort_by_key(|address| Some(*address) != first);
    let candidates: Vec<_> =
        order.into_iter().take(MOST_ADDRESSES).map(|address| SocketAddr::new(address, port)).collect();
    let attempts = RefCell::new(Vec::new());
    let open = race(&candidates, run, &attempts).await;
    (Facts { port, attempts: attempts.into_inner() }, open)
}

/// One family after the other, IPv6 first (RFC 8305 section 4).
fn interleave(addresses: &[IpAddr]) -> Vec<IpAddr> {
    let (mut six, mut four): (Vec<IpAddr>, Vec<IpAddr>) = addresses.iter().partition(|address| address.is_ipv6());
    let mut order = Vec::with_capacity(addresses.len());
    six.reverse();
    four.reverse();
    while !(six.is_empty() && four.is_empty()) {
        order.extend(six.pop());
        order.extend(four.pop());
    }
    order
}

type Racing<'r, S> = Pin<Box<dyn Future<Output = Option<Open<S>>> + 'r>>;

/// The first candidate against all the others, which begin when it fails or its delay has passed.
fn race<'r, N: Network>(
    candidates: &'r [SocketAddr],
    run: &'r Run<'_, N>,
    attempts: &'r RefCell<Vec<Attempt>>,
) -> Racing<'r, N::Stream> {
    Box::pin(async move {
        let (first, others) = candidates.split_first()?;
        let mut own = std::pin::pin!(attempt(*first, run.plan.timeout, run, attempts));
        if others.is_empty() {
            return own.await;
        }
        tokio::select! {
            biased;
            ended = &mut own => return match ended {
                Some(open) => Some(open),
                None => race(others, run, attempts).await,
            },
            () = pause(ATTEMPT_DELAY) => {}
        }
        let mut rest = race(others, run, attempts);
        tokio::select! {
            biased;
            ended = &mut own => match ended {
                Some(open) => Some(open),
                None => rest.await,
            },
            ended = &mut rest => match ended {
                Some(open) => Some(open),
                None => own.await,
            },
        }
    })
}

/// One attempt. It is recorded as overtaken when it begins, which stays true if it is given up.
pub(crate) async fn attempt<N: Network>(
    to: SocketAddr,
    limit: Duration,
    run: &Run<'_, N>,
    attempts: &RefCell<Vec<Attempt>>,
) -> Option<Open<N::Stream>> {
    attempt_in(Segments::Usual, to, limit, run, attempts).await
}

/// The same, in segments of this size.
pub(crate) async fn attempt_in<N: Network>(
    segments: Segments,
    to: SocketAddr,
    limit: Duration,
    run: &Run<'_, N>,
    attempts: &RefCell<Vec<Attempt>>,
) -> Option<Open<N::Stream>> {
    let started_ms = run.began.milliseconds();
    let at = {
        let mut attempts = attempts.borrow_mut();
        attempts.push(Attempt { to, started_ms, duration_ms: 0, failed: Some(ConnectFailed::Overtaken), by: None });
        attempts.len() - 1
    };
    let outcome = within(limit, run.net.connect(to, segments)).await.unwrap_or(Err(ConnectFailed::TimedOut.into()));
    let kept = &mut attempts.borrow_mut()[at];
    kept.duration_ms = run.began.milliseconds() - started_ms;
    match outcome {
        Ok(stream) => {
            kept.failed = None;
            Some(Open { stream })
        }
        Err(not_connected) => {
            kept.failed = Some(not_connected.failed);
            kept.by = not_connected.by;
            None
        }
    }
}
