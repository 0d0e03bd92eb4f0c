//! Connecting on Linux, which can show which machine refused: an ICMP error's sender is in the socket's error queue
//! (ip(7)).

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::os::fd::AsRawFd;

use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, MsgFlags, SockFlag, SockType, SockaddrIn, SockaddrIn6, SockaddrStorage,
    connect as begin, recvmsg, setsockopt, socket, sockopt,
};
use tokio::net::TcpStream;

/// Connects; a failure comes with the machine that reported it, where one did.
pub(super) async fn connect(to: SocketAddr) -> Result<TcpStream, (io::Error, Option<IpAddr>)> {
    let stream = started(to).map_err(|fault| (fault, None))?;
    let ended = match stream.writable().await {
        Ok(()) => stream.take_error().unwrap_or_else(Some),
        Err(fault) => Some(fault),
    };
    match ended {
        Some(fault) => Err((fault, reporter(&stream))),
        None => {
            // On an open connection an ICMP error is a passing thing, and would break it while this is on.
            let _ = tell_reporter(&stream, to, false);
            Ok(stream)
        }
    }
}

fn started(to: SocketAddr) -> io::Result<TcpStream> {
    let family = if to.is_ipv6() { AddressFamily::Inet6 } else { AddressFamily::Inet };
    let flags = SockFlag::SOCK_NONBLOCK | SockFlag::SOCK_CLOEXEC;
    let socket = socket(family, SockType::Stream, flags, None)?;
    // Without this option the connection works as well, and only the failure has less detail.
    let _ = tell_reporter(&socket, to, true);
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
