//! The networks that a program asks as one type, so that it holds each check once.

#[cfg(feature = "real")]
use std::cell::RefCell;
use std::net::{IpAddr, SocketAddr};
#[cfg(feature = "real")]
use std::rc::Rc;

use time::OffsetDateTime;

#[cfg(feature = "real")]
use super::TlsFailed;
use super::case::Case;
#[cfg(feature = "real")]
use super::real::{self, Real};
#[cfg(feature = "real")]
use super::recording::{Recording, RecordingStream, Tape};
use super::replayed::{Recorded, Replayed};
use super::{
    Answer, Broken, Fetch, FetchFailed, Handshake, Hello, Network, NotConnected, Page, Query, QueryFailed, Resolvers,
    Segments, Stream,
};
use crate::attempts::Ledger;
use crate::protocol::Line;

/// A network.
pub enum Outside {
    /// The one that this machine is on.
    #[cfg(feature = "real")]
    Real(Real),
    /// The same, with a tape.
    #[cfg(feature = "real")]
    Recorded(Recording<Real>),
    /// That of a recorded case.
    Replayed(Box<Replayed>),
}

/// A connection over one of them.
pub enum Connection {
    /// Over the real network.
    #[cfg(feature = "real")]
    Real(real::Connection),
    /// The same, with a tape.
    #[cfg(feature = "real")]
    Recorded(RecordingStream<real::Connection>),
    /// From a recorded case.
    Replayed(Box<Recorded>),
}

/// Asks whichever it is.
macro_rules! whichever {
    ($of:expr, $one:ident => $asked:expr) => {
        match $of {
            #[cfg(feature = "real")]
            Self::Real($one) => $asked,
            #[cfg(feature = "real")]
            Self::Recorded($one) => $asked,
            Self::Replayed($one) => $asked,
        }
    };
}

impl Outside {
    /// The network of a recorded case.
    pub fn replayed(case: Case) -> Self {
        Self::Replayed(Box::new(Replayed::new(case)))
    }

    /// The real network with a tape, and the tape.
    #[cfg(feature = "real")]
    pub fn recorded(self) -> (Self, Rc<RefCell<Tape>>) {
        let recording = match self {
            Self::Real(real) => Recording::of(real),
            other => return (other, Rc::default()),
        };
        let tape = recording.tape();
        (Self::Recorded(recording), tape)
    }
}

impl Network for Outside {
    type Stream = Connection;

    fn now(&self) -> OffsetDateTime {
        whichever!(self, net => net.now())
    }

    fn resolvers(&self) -> Resolvers {
        whichever!(self, net => net.resolvers())
    }

    async fn look_up(&self, name: &str) -> Vec<IpAddr> {
        whichever!(self, net => net.look_up(name).await)
    }

    fn hosts_file(&self, name: &str) -> Vec<IpAddr> {
        whichever!(self, net => net.hosts_file(name))
    }

    fn proxy_for(&self, url: &str) -> Option<String> {
        whichever!(self, net => net.proxy_for(url))
    }

    fn ledger(&self) -> &dyn Ledger {
        whichever!(self, net => net.ledger())
    }

    fn chance(&self) -> u64 {
        whichever!(self, net => net.chance())
    }

    async fn query(&self, query: &Query) -> Result<Answer, QueryFailed> {
        whichever!(self, net => net.query(query).await)
    }

    async fn connect(&self, to: SocketAddr, segments: Segments) -> Result<Connection, NotConnected> {
        match self {
            #[cfg(feature = "real")]
            Self::Real(net) => net.connect(to, segments).await.map(Connection::Real),
            #[cfg(feature = "real")]
            Self::Recorded(net) => net.connect(to, segments).await.map(Connection::Recorded),
            Self::Replayed(net) => net.connect(to, segments).await.map(Connection::replayed),
        }
    }

    async fn handshake(&self, stream: Connection, name: &str, hello: Hello) -> Handshake<Connection> {
        match (self, stream) {
            #[cfg(feature = "real")]
            (Self::Real(net), Connection::Real(stream)) => {
                net.handshake(stream, name, hello).await.over(Connection::Real)
            }
            #[cfg(feature = "real")]
            (Self::Recorded(net), Connection::Recorded(stream)) => {
                net.handshake(stream, name, hello).await.over(Connection::Recorded)
            }
            (Self::Replayed(net), Connection::Replayed(stream)) => {
                net.handshake(*stream, name, hello).await.over(Connection::replayed)
            }
            // A connection of another network, which nobody has here.
            #[cfg(feature = "real")]
            _ => Handshake::failed(TlsFailed::NotRecorded),
        }
    }

    async fn fetch(&self, fetch: &Fetch) -> Result<Page, FetchFailed> {
        whichever!(self, net => net.fetch(fetch).await)
    }
}

impl Connection {
    fn replayed(recorded: Recorded) -> Self {
        Self::Replayed(Box::new(recorded))
    }
}

impl Stream for Connection {
    async fn send(&mut self, lines: &[Line]) -> Result<(), Broken> {
        whichever!(self, connection => connection.send(lines).await)
    }

    async fn receive(&mut self) -> Result<Vec<u8>, Broken> {
        whichever!(self, connection => connection.receive().await)
    }
}
