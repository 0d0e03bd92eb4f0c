//! A network that writes down what passes through it, for a case that can be played again.

use std::cell::RefCell;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;

use time::OffsetDateTime;

use super::case::{RecordedConnection, RecordedHandshake, RecordedPage, RecordedQuery, RecordedSignIn, System};
use super::clock::Stopwatch;
use super::talk_text::{self, Event};
use super::{
    Answer, Broken, Fetch, FetchFailed, Handshake, Hello, Network, NotConnected, Page, Query, QueryFailed, Resolvers,
    Segments, Stream,
};
use crate::attempts::{Attempt, Earlier, Entry, Ledger, Outcome};
use crate::protocol::Line;

/// What has been written down so far.
#[derive(Debug, Default, Clone)]
pub struct Tape {
    /// What the machine itself said.
    pub machine: System,
    /// The earlier sign-ins that the machine remembered.
    pub earlier_sign_ins: Vec<RecordedSignIn>,
    /// The questions to resolvers.
    pub queries: Vec<RecordedQuery>,
    /// The connections.
    pub connections: Vec<RecordedConnection>,
    /// The web pages.
    pub pages: Vec<RecordedPage>,
    /// The servers whose earlier sign-ins were asked for.
    known_servers: Vec<String>,
    /// The number of bytes of conversations and pages on it.
    length: usize,
}

/// People send a tape to others; the limit also keeps a server that sends without end from filling the disk.
const LONGEST: usize = 512 * 1024;

impl Tape {
    /// Writes down an event of a connection while there is room; the last event says that there is no more.
    fn note(&mut self, at: usize, event: &Event) {
        let talk = &mut self.connections[at].talk;
        if talk.lines().next_back() == Some(CUT) {
            return;
        }
        let before = talk.len();
        talk_text::write(talk, event);
        let added = talk.len() - before;
        if self.length + added > LONGEST {
            talk.truncate(before);
            talk_text::write(talk, &Event::Cut);
        } else {
            self.length += added;
        }
    }

    /// As much of a page as there is room for.
    fn page(&mut self, page: &Page) -> Page {
        let mut page = page.clone();
        let room = LONGEST - self.length;
        if page.body.len() > room {
            page.body.truncate(page.body.floor_char_boundary(room));
            page.body.push_str("\n(there was more, which the case has no room for)");
        }
        self.length = (self.length + page.body.len()).min(LONGEST);
        page
    }
}

/// How many earlier sign-ins at a server are on a tape; the rules count to ten.
const MOST_SIGN_INS: usize = 20;

/// The last line of a conversation that has no room.
const CUT: &str = "CUT";

/// Passes everything on to the network inside, and keeps a tape of it.
///
/// Each question is written down when it is asked and completed when it is answered, so that a question whose asker
/// gave up stays on the tape as a silence.
pub struct Recording<N> {
    inside: N,
    tape: Rc<RefCell<Tape>>,
}

impl<N: Network> Recording<N> {
    /// Records what this network says.
    pub fn of(inside: N) -> Self {
        Self { inside, tape: Rc::default() }
    }

    /// The tape.
    pub fn tape(&self) -> Rc<RefCell<Tape>> {
        Rc::clone(&self.tape)
    }
}

impl<N: Network> Ledger for Recording<N> {
    fn turn(&self, attempt: &Attempt<'_>, allows: &dyn Fn(&[Earlier]) -> bool) -> (Vec<Earlier>, Option<Entry>) {
        let (earlier, entry) = self.inside.ledger().turn(attempt, allows);
        let server = attempt.server();
        let tape = &mut *self.tape.borrow_mut();
        // What the second sign-in of a run is told includes the first one.
        if !tape.known_servers.contains(&server) {
            let told = earlier.iter().take(MOST_SIGN_INS).chain(last_accepted(&earlier));
            let told = told.map(|earlier| RecordedSignIn { server: server.clone(), earlier: *earlier });
            tape.earlier_sign_ins.extend(told);
            tape.known_servers.push(server);
        }
        (earlier, entry)
    }

    fn note(&self, attempt: &Attempt<'_>, entry: Entry, outcome: Outcome) {
        self.inside.ledger().note(attempt, entry, outcome);
    }
}

/// The last one that was accepted with the same password, where it is not on the tape in any case.
fn last_accepted(earlier: &[Earlier]) -> Option<&Earlier> {
    let is_it = |one: &&Earlier| one.same_password && one.outcome == Outcome::Accepted;
    let at = earlier.iter().position(|one| is_it(&one))?;
    earlier.get(at).filter(|_| at >= MOST_SIGN_INS)
}

impl<N: Network> Network for Recording<N> {
    type Stream = RecordingStream<N::Stream>;

    fn now(&self) -> OffsetDateTime {
        self.inside.now()
    }

    fn resolvers(&self) -> Resolvers {
        let found = self.inside.resolvers();
        let machine = &mut self.tape.borrow_mut().machine;
        machine.resolvers.clone_from(&found.addresses);
        machine.resolvers_unreadable.clone_from(&found.unreadable);
        found
    }

    async fn look_up(&self, name: &str) -> Vec<IpAddr> {
        let found = self.inside.look_up(name).await;
        self.tape.borrow_mut().machine.looked_up.insert(name.to_owned(), found.clone());
        found
    }

    fn hosts_file(&self, name: &str) -> Vec<IpAddr> {
        let found = self.inside.hosts_file(name);
        if !found.is_empty() {
            self.tape.borrow_mut().machine.hosts.insert(name.to_owned(), found.clone());
        }
        found
    }

    fn proxy_for(&self, url: &str) -> Option<String> {
        let found = self.inside.proxy_for(url);
        if found.is_some() {
            self.tape.borrow_mut().machine.proxy.clone_from(&found);
        }
        found
    }

    fn ledger(&self) -> &dyn Ledger {
        self
    }

    fn chance(&self) -> u64 {
        self.inside.chance()
    }

    async fn query(&self, query: &Query) -> Result<Answer, QueryFailed> {
        let at = {
            let queries = &mut self.tape.borrow_mut().queries;
            queries.push(RecordedQuery { query: query.clone(), took_ms: 0, failed: None, answer: None });
            queries.len() - 1
        };
        let watch = Stopwatch::start();
        let outcome = self.inside.query(query).await;
        let recorded = &mut self.tape.borrow_mut().queries[at];
        recorded.took_ms = watch.milliseconds();
        match &outcome {
            Ok(answer) => recorded.answer = Some(answer.clone()),
            Err(failed) => recorded.failed = Some(failed.clone()),
        }
        outcome
    }

    async fn connect(&self, to: SocketAddr, segments: Segments) -> Result<Self::Stream, NotConnected> {
        let at = {
            let connections = &mut self.tape.borrow_mut().connections;
            connections.push(RecordedConnection {
                to,
                segments,
                took_ms: 0,
                open: false,
                failed: None,
                by: None,
                talk: String::new(),
                handshake: None,
            });
            connections.len() - 1
        };
        let watch = Stopwatch::start();
        let outcome = self.inside.connect(to, segments).await;
        let recorded = &mut self.tape.borrow_mut().connections[at];
        recorded.took_ms = watch.milliseconds();
        match outcome {
            Ok(inside) => {
                recorded.open = true;
                Ok(RecordingStream::over(inside, Rc::clone(&self.tape), at))
            }
            Err(not_connected) => {
                recorded.failed = Some(not_connected.failed.clone());
                recorded.by = not_connected.by;
                Err(not_connected)
            }
        }
    }

    async fn handshake(&self, stream: Self::Stream, name: &str, hello: Hello) -> Handshake<Self::Stream> {
        let RecordingStream { inside, tape, at, .. } = stream;
        {
            let tape = &mut tape.borrow_mut();
            tape.note(at, &Event::Tls);
            tape.connections[at].handshake = Some(RecordedHandshake::default());
        }
        let watch = Stopwatch::start();
        let handshake = self.inside.handshake(inside, name, hello).await;
        tape.borrow_mut().connections[at].handshake = Some(RecordedHandshake {
            took_ms: watch.milliseconds(),
            first_bytes: handshake.first_bytes.clone(),
            failed: handshake.outcome.as_ref().err().cloned(),
            negotiated: handshake.negotiated.clone(),
            trust: handshake.trust.clone(),
            chain: handshake.chain.clone(),
        });
        handshake.over(|inside| RecordingStream::over(inside, tape, at))
    }

    async fn fetch(&self, fetch: &Fetch) -> Result<Page, FetchFailed> {
        let at = {
            let pages = &mut self.tape.borrow_mut().pages;
            pages.push(RecordedPage { url: fetch.url.clone(), took_ms: 0, failed: None, page: None });
            pages.len() - 1
        };
        let watch = Stopwatch::start();
        let outcome = self.inside.fetch(fetch).await;
        let tape = &mut self.tape.borrow_mut();
        let page = outcome.as_ref().ok().map(|page| tape.page(page));
        let recorded = &mut tape.pages[at];
        recorded.took_ms = watch.milliseconds();
        recorded.page = page;
        recorded.failed = outcome.as_ref().err().cloned();
        outcome
    }
}

/// A connection whose conversation is written down.
pub struct RecordingStream<S> {
    inside: S,
    tape: Rc<RefCell<Tape>>,
    at: usize,
    since: Stopwatch,
}

impl<S> RecordingStream<S> {
    fn over(inside: S, tape: Rc<RefCell<Tape>>, at: usize) -> Self {
        Self { inside, tape, at, since: Stopwatch::start() }
    }

    fn note(&mut self, event: &Event) {
        self.tape.borrow_mut().note(self.at, event);
        self.since = Stopwatch::start();
    }
}

impl<S: Stream> Stream for RecordingStream<S> {
    async fn send(&mut self, lines: &[Line]) -> Result<(), Broken> {
        for line in lines {
            self.note(&Event::Client(line.shown().to_owned()));
        }
        let sent = self.inside.send(lines).await;
        if let Err(how) = &sent {
            self.note(&Event::Broken(self.since.milliseconds(), how.clone()));
        }
        sent
    }

    async fn receive(&mut self) -> Result<Vec<u8>, Broken> {
        let received = self.inside.receive().await;
        let after = self.since.milliseconds();
        let event = match &received {
            Ok(bytes) if bytes.is_empty() => Event::Closed(after),
            Ok(bytes) => Event::Server(after, bytes.clone()),
            Err(how) => Event::Broken(after, how.clone()),
        };
        self.note(&event);
        received
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;

    fn connection() -> RecordedConnection {
        let to = "127.0.0.1:993".parse().unwrap();
        let talk = String::new();
        let segments = Segments::Usual;
        RecordedConnection { to, segments, took_ms: 0, open: true, failed: None, by: None, talk, handshake: None }
    }

    #[test]
    fn a_tape_is_bounded_and_says_where_it_was_cut() {
        let mut tape = Tape { connections: vec![connection(), connection()], ..Tape::default() };
        for _ in 0..3_000 {
            tape.note(0, &Event::Server(1, vec![0xff; 4_096]));
            tape.note(1, &Event::Client("A1 NOOP".to_owned()));
        }
        let talks: Vec<&String> = tape.connections.iter().map(|connection| &connection.talk).collect();
        assert!(talks.iter().map(|talk| talk.len()).sum::<usize>() <= LONGEST + 100);
        let events = talk_text::read(talks[0]).unwrap();
        assert_eq!(events.iter().filter(|event| **event == Event::Cut).count(), 1);
        assert_eq!(events.back(), Some(&Event::Cut));
    }

    #[test]
    fn a_page_that_has_no_room_is_cut() {
        let mut tape = Tape::default();
        let body = "é".repeat(LONGEST / 4);
        let page = Page { status: 200, date: None, content_type: None, location: None, body };
        assert_eq!(tape.page(&page), page);
        let second = Page { body: page.body.repeat(2), ..page };
        assert!(tape.page(&second).body.ends_with("no room for)"));
        assert!(tape.page(&second).body.len() < 100);
    }
}
