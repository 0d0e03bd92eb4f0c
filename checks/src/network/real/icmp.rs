//! Connecting on Linux, which can show which machine refused: an ICMP error's sender is in the socket's error queue
//! (ip(7)). It can also limit the size of both sides' segments (tcp(7)).

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::AsRawFd;

use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, MsgFlags, SockFlag, SockType, SockaddrIn, SockaddrIn6, SockaddrStorage,
    connect as begin, getsockopt, recvmsg, setsockopt, socket, sockopt,
};
use tokio::net::TcpStream;

use super::super::Segments;

/// What every network takes (RFC 9293 section 3.7.1).
const SMALL_SEGMENT: u32 = 536;

/// Connects; a failure comes with the machine that reported it, where one did.
pub(super) async fn connect(to: SocketAddr, segments: Segments) -> Result<TcpStream, (io::Error, Option<IpAddr>)> {
    let stream = started(to, segments).map_err(|fault| (fault, None))?;
    let ended = match stream.writable().await {
        Ok(()) => stream.take_error().unwrap_or_else(Some),
        Err(fault) => Some(fault),
    };
    match ended {
        Some(fault) => Err((fault, reporter(&stream))),
        None if !has_limit(&stream, segments) => Err((io::ErrorKind::Unsupported.into(), None)),
        None => {
            // On an open connection an ICMP error is a passing thing, and would break it while this is on.
            let _ = tell_reporter(&stream, to, false);
            Ok(stream)
        }
    }
}

/// Whether the segments are as asked: a system that only looks like Linux may accept the option and ignore it.
fn has_limit(stream: &TcpStream, segments: Segments) -> bool {
    match segments {
        Segments::Usual => true,
        Segments::Small => getsockopt(stream, sockopt::TcpMaxSeg).is_ok_and(|size| size <= SMALL_SEGMENT),
    }
}

fn started(to: SocketAddr, segments: Segments) -> io::Result<TcpStream> {
    let family = if to.is_ipv6() { AddressFamily::Inet6 } else { AddressFamily::Inet };
    let flags = SockFlag::SOCK_NONBLOCK | SockFlag::SOCK_CLOEXEC;
    let socket = socket(family, SockType::Stream, flags, None)?;
    // Without this option the connection works as well, and only the failure has less detail.
    let _ = tell_reporter(&socket, to, true);
    if segments == Segments::Small {
        // Before the connection begins it also limits what the server sends.
        setsockopt(&socket, sockopt::TcpMaxSeg, &SMALL_SEGMENT)?;
    }
    match begin(socket.as_raw_fd(), &SockaddrStorage::from(to)) {
        Ok(()) | Err(nix::errno::Errno::EINPROGRESS) => TcpStream::from_std(std::net::TcpStream::from(socket)),
        Err(fault) => Err(fault.into()),
    }
}

fn tell_reporter(socket: &impl std::os::fd::AsFd, to: SocketAddr, is_wanted: bool) -> nix::Result<()> {
    match to {
        SocketAddr::V4(_) => setsockopt(socket, sockopt::Ipv4RecvErr, &is_wanted),
        SocketAddr::V6(_) => setsockopt(socket, sockopt::Ipv6RecvErr, &is_wanted),
    }
}

/// Who sent the ICMP error that waits in the queue.
fn reporter(stream: &TcpStream) -> Option<IpAddr> {
    let mut space = nix::cmsg_space!([u8; 256]);
    let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
    let message = recvmsg::<SockaddrStorage>(stream.as_raw_fd(), &mut [], Some(&mut space), flags).ok()?;
    let by = message.cmsgs().ok()?.find_map(|control| match control {
        ControlMessageOwned::Ipv4RecvErr(_, from) => Some(IpAddr::V4(SockaddrIn::from(from?).ip())),
        ControlMessageOwned::Ipv6RecvErr(_, from) => Some(IpAddr::V6(SockaddrIn6::from(from?).ip())),
        _ => None,
    })?;
    // The queue also holds errors of this machine's own, without a sender.
    (!by.is_unspecified()).then_some(by)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
#[allow(clippy::disallowed_methods, reason = "a test listens itself")]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn small_segments_are_those_of_both_sides() {
        for (segments, is_small) in [(Segments::Usual, false), (Segments::Small, true)] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let own = connect(listener.local_addr().unwrap(), segments).await.unwrap();
            let (other, _) = listener.accept().await.unwrap();
            for side in [&own, &other] {
                let size = getsockopt(side, sockopt::TcpMaxSeg).unwrap();
                assert_eq!(size <= SMALL_SEGMENT, is_small, "{segments:?}: {size}");
            }
        }
    }
}
