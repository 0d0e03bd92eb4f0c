//! The network of a recorded case: it gives the recorded answers, with the recorded delays.
//!
//! It is meant for a runtime whose clock stands still while something waits (tokio's paused clock), where a silence of
//! five seconds passes in microseconds.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use time::OffsetDateTime;

use super::case::{Case, RecordedConnection, RecordedHandshake, RecordedPage, RecordedQuery, RecordedSignIn};
use super::clock::{Stopwatch, pause};
use super::talk_text::{self, Event};
use super::{
    Answer, Broken, ConnectFailed, Fetch, FetchFailed, Handshake, Hello, Network, NotConnected, Page, Query,
    QueryFailed, Segments, Stream, TlsFailed,
};
use crate::attempts::{Attempt, Earlier, Entry, Ledger, Outcome};
use crate::protocol::Line;

/// A case that is replayed.
pub struct Replayed {
    case: Case,
    queries: RefCell<Vec<RecordedQuery>>,
    connections: RefCell<Vec<RecordedConnection>>,
    pages: RefCell<Vec<RecordedPage>>,
    /// The earlier sign-ins, and before them those of this run; an entry is the number of those behind it.
    sign_ins: RefCell<VecDeque<RecordedSignIn>>,
    began: Stopwatch,
}

impl Replayed {
    /// Replays a case from its beginning.
    pub fn new(mut case: Case) -> Self {
        Self {
            queries: RefCell::new(std::mem::take(&mut case.queries)),
            connections: RefCell::new(std::mem::take(&mut case.connections)),
            pages: RefCell::new(std::mem::take(&mut case.pages)),
            sign_ins: RefCell::new(std::mem::take(&mut case.earlier_sign_ins).into()),
            began: Stopwatch::start(),
            case,
        }
    }
}

/// Takes the first match: what was asked twice was answered twice.
fn take<T>(recorded: &RefCell<Vec<T>>, fits: impl Fn(&T) -> bool) -> Option<T> {
    let mut recorded = recorded.borrow_mut();
    let at = recorded.iter().position(fits)?;
    Some(recorded.remove(at))
}

/// Waits as long as the answer took, or for ever where none came.
async fn after<T>(took_ms: u64, outcome: Option<T>) -> T {
    match outcome {
        Some(outcome) => {
            pause(Duration::from_millis(took_ms)).await;
            outcome
        }
        None => std::future::pending().await,
    }
}

impl Network for Replayed {
    type Stream = Recorded;

    fn now(&self) -> OffsetDateTime {
        let passed = time::Duration::milliseconds(i64::try_from(self.began.milliseconds()).unwrap_or(i64::MAX));
        // A case may begin at the end of time, which then stands still.
        self.case.run.started_at.checked_add(passed).unwrap_or(self.case.run.started_at)
    }

    fn resolvers(&self) -> Result<Vec<SocketAddr>, String> {
        match &self.case.machine.resolvers_unreadable {
            Some(why) => Err(why.clone()),
            None => Ok(self.case.machine.resolvers.clone()),
        }
    }

    fn hosts_file(&self, name: &str) -> Vec<IpAddr> {
        self.case.machine.hosts.get(name).cloned().unwrap_or_default()
    }

    fn proxy_for(&self, _url: &str) -> Option<String> {
        self.case.machine.proxy.clone()
    }

    fn ledger(&self) -> &dyn Ledger {
        self
    }

    async fn query(&self, query: &Query) -> Result<Answer, QueryFailed> {
        let recorded = take(&self.queries, |recorded| recorded.query == *query).ok_or(QueryFailed::NotRecorded)?;
        after(recorded.took_ms, recorded.answer.map(Ok).or(recorded.failed.map(Err))).await
    }

    async fn connect(&self, to: SocketAddr, segments: Segments) -> Result<Recorded, NotConnected> {
        let fits = |recorded: &RecordedConnection| recorded.to == to && recorded.segments == segments;
        let recorded = take(&self.connections, fits).ok_or(ConnectFailed::NotRecorded)?;
        let events = talk_text::read(&recorded.talk).map_err(|fault| ConnectFailed::Other(fault.to_string()))?;
        let open = Recorded { events, waiting: None, handshake: recorded.handshake };
        let by = recorded.by;
        let failed = recorded.failed.map(|failed| Err(NotConnected { failed, by }));
        after(recorded.took_ms, failed.or(recorded.open.then_some(Ok(open)))).await
    }

    async fn handshake(&self, mut stream: Recorded, _name: &str, _hello: Hello) -> Handshake<Recorded> {
        let recorded = match (stream.events.pop_front(), stream.handshake.take()) {
            (Some(Event::Tls), Some(handshake)) => handshake,
            _ => RecordedHandshake { failed: Some(TlsFailed::NotRecorded), ..RecordedHandshake::default() },
        };
        let ended = recorded.failed.is_some() || recorded.negotiated.is_some();
        after(recorded.took_ms, ended.then_some(())).await;
        Handshake {
            outcome: match recorded.failed {
                Some(failed) => Err(failed),
                None => Ok(stream),
            },
            negotiated: recorded.negotiated,
            chain: recorded.chain,
            trust: recorded.trust,
            first_bytes: recorded.first_bytes,
        }
    }

    async fn fetch(&self, fetch: &Fetch) -> Result<Page, FetchFailed> {
        let recorded = take(&self.pages, |recorded| recorded.url == fetch.url).ok_or(FetchFailed::NotRecorded)?;
        after(recorded.took_ms, recorded.page.map(Ok).or(recorded.failed.map(Err))).await
    }
}

impl Ledger for Replayed {
    fn turn(&self, attempt: &Attempt<'_>, allows: &dyn Fn(&[Earlier]) -> bool) -> (Vec<Earlier>, Option<Entry>) {
        let server = attempt.server();
        let mut sign_ins = self.sign_ins.borrow_mut();
        let of_it = sign_ins.iter().filter(|one| one.server == server);
        let earlier: Vec<Earlier> = of_it.map(|one| one.earlier).collect();
        let entry = allows(&earlier).then_some(Entry(sign_ins.len() as u64));
        if entry.is_some() {
            let begun = Earlier { ago_s: 0, outcome: Outcome::Asked, same_password: true, by_round_trip: false };
            sign_ins.push_front(RecordedSignIn { server, earlier: begun });
        }
        (earlier, entry)
    }

    fn note(&self, _: &Attempt<'_>, Entry(behind): Entry, outcome: Outcome) {
        let mut sign_ins = self.sign_ins.borrow_mut();
        let at = sign_ins.len().checked_sub(1).zip(usize::try_from(behind).ok());
        let at = at.and_then(|(last, behind)| last.checked_sub(behind));
        if let Some(one) = at.and_then(|at| sign_ins.get_mut(at)) {
            one.earlier.outcome = outcome;
        }
    }
}

/// A connection of a recorded case.
pub struct Recorded {
    events: VecDeque<Event>,
    /// Since when the next event is waited for: who gave up waiting for it may wait again.
    waiting: Option<Stopwatch>,
    handshake: Option<RecordedHandshake>,
}

impl Recorded {
    /// Waits until an event is due, so many milliseconds after the one before it.
    async fn due(&mut self, after: u64) {
        let waited = self.waiting.get_or_insert_with(Stopwatch::start).milliseconds();
        pause(Duration::from_millis(after.saturating_sub(waited))).await;
        self.waiting = None;
    }
}

impl Stream for Recorded {
    async fn send(&mut self, lines: &[Line]) -> Result<(), Broken> {
        self.waiting = None;
        for line in lines {
            match self.events.pop_front() {
                Some(Event::Client(recorded)) if recorded == line.shown() => {}
                Some(Event::Broken(after, how)) => {
                    pause(Duration::from_millis(after)).await;
                    return Err(how);
                }
                // The recorded run, or the case's room, ended here; the server's answer to this is not known.
                None => {}
                Some(Event::Cut) => self.events.push_front(Event::Cut),
                Some(other) => {
                    return Err(Broken::Other(format!(
                        "the case goes on with {other:?}, but now the client says \"{}\"; it has to be recorded again",
                        line.shown()
                    )));
                }
            }
        }
        Ok(())
    }

    async fn receive(&mut self) -> Result<Vec<u8>, Broken> {
        match self.events.front().cloned() {
            Some(Event::Server(after, mut bytes)) => {
                self.due(after).await;
                self.events.pop_front();
                // What came in one piece is passed on in one piece: only so is injected text visible.
                while let Some(Event::Server(0, more)) = self.events.front() {
                    bytes.extend_from_slice(more);
                    self.events.pop_front();
                }
                Ok(bytes)
            }
            Some(Event::Closed(after)) => {
                self.due(after).await;
                Ok(Vec::new())
            }
            Some(Event::Broken(after, how)) => {
                self.due(after).await;
                Err(how)
            }
            Some(Event::Cut) => Err(Broken::Other("the case has no room for what followed".to_owned())),
            // The server waits for the client, or the recorded run ended in this silence.
            Some(Event::Client(_) | Event::Tls) | None => std::future::pending().await,
        }
    }
}
