//! TCP connections of this machine, and what the system's error numbers mean.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use zeroize::Zeroizing;

use super::super::{Broken, ConnectFailed, NotConnected, Segments, Stream};
use super::tee::Tee;
use crate::protocol::Line;

/// A connection before or after its handshake.
pub enum Connection {
    /// As TCP opened it.
    Plain(TcpStream),
    /// Encrypted.
    Encrypted(Box<TlsStream<Tee>>),
}

/// Opens a connection.
pub(super) async fn open(to: SocketAddr, segments: Segments) -> Result<Connection, NotConnected> {
    match connect(to, segments).await {
        Ok(stream) => {
            // Commands are small and each waits for an answer; a failure here only costs time.
            let _ = stream.set_nodelay(true);
            Ok(Connection::Plain(stream))
        }
        Err((fault, by)) => Err(NotConnected { failed: failed(&fault, to), by }),
    }
}

#[cfg(target_os = "linux")]
use super::icmp::connect;

/// Other systems do not show which machine refused. None of them limits what the server sends: Windows cannot set the
/// option at all, and on Apple's systems it has no effect on the size that is announced to the server (`tcp_mssopt` in
/// XNU's `bsd/netinet/tcp_input.c`).
#[cfg(not(target_os = "linux"))]
#[allow(clippy::disallowed_methods, reason = "this is the door")]
async fn connect(to: SocketAddr, segments: Segments) -> Result<TcpStream, (io::Error, Option<IpAddr>)> {
    if segments == Segments::Small {
        return Err((io::ErrorKind::Unsupported.into(), None));
    }
    TcpStream::connect(to).await.map_err(|fault| (fault, None))
}

fn failed(fault: &io::Error, to: SocketAddr) -> ConnectFailed {
    match fault.kind() {
        io::ErrorKind::TimedOut => ConnectFailed::TimedOut,
        io::ErrorKind::ConnectionRefused => ConnectFailed::Refused,
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => ConnectFailed::Reset,
        io::ErrorKind::NetworkUnreachable if !has_route(to) => ConnectFailed::NoRoute,
        io::ErrorKind::AddrNotAvailable => ConnectFailed::NoRoute,
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => ConnectFailed::Unreachable,
        io::ErrorKind::PermissionDenied => ConnectFailed::Prohibited,
        _ => ConnectFailed::Other(fault.to_string()),
    }
}

/// Whether this machine itself has a route to an address: its own routing table and a router far away report "network
/// unreachable" in the same word. Connecting a datagram socket sends nothing.
pub(super) fn has_route(to: SocketAddr) -> bool {
    let any = match to {
        SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    UdpSocket::bind((any, 0)).and_then(|socket| socket.connect(to)).is_ok()
}

impl Stream for Connection {
    async fn send(&mut self, lines: &[Line]) -> Result<(), Broken> {
        let length = lines.iter().map(|line| line.wire().len()).sum();
        let mut wire = Zeroizing::new(Vec::with_capacity(length));
        for line in lines {
            wire.extend_from_slice(line.wire());
        }
        let sent = match self {
            Self::Plain(stream) => stream.write_all(&wire).await,
            Self::Encrypted(stream) => match stream.write_all(&wire).await {
                Ok(()) => stream.flush().await,
                fault => fault,
            },
        };
        sent.map_err(|fault| broken(&fault))
    }

    async fn receive(&mut self) -> Result<Vec<u8>, Broken> {
        let mut bytes = vec![0; 16 * 1024];
        let received = match self {
            Self::Plain(stream) => {
                acknowledge_at_once(stream);
                stream.read(&mut bytes).await
            }
            Self::Encrypted(stream) => {
                acknowledge_at_once(stream.get_ref().0.inside());
                stream.read(&mut bytes).await
            }
        };
        match received {
            Ok(length) => {
                bytes.truncate(length);
                Ok(bytes)
            }
            // A peer that closes without TLS's own goodbye has closed all the same.
            Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => Ok(Vec::new()),
            Err(fault) => Err(broken(&fault)),
        }
    }
}

/// A server that sends its session tickets in a small segment keeps back its next answer until that is acknowledged
/// (Nagle, RFC 896), and Linux takes 40 ms for it unless the option is set again before every read.
#[cfg(target_os = "linux")]
fn acknowledge_at_once(stream: &TcpStream) {
    // A failure here only costs time.
    let _ = stream.set_quickack(true);
}

#[cfg(not(target_os = "linux"))]
fn acknowledge_at_once(_stream: &TcpStream) {}

fn broken(fault: &io::Error) -> Broken {
    match fault.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => Broken::Reset,
        _ => Broken::Other(fault.to_string()),
    }
}
