//! A TCP stream that remembers how the peer began.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// How many of a peer's first bytes are kept: enough for a greeting or an alert.
const FIRST_BYTES: usize = 256;

/// A TCP stream that keeps the first bytes that come in: they distinguish plain text, an old version and a cut.
pub struct Tee {
    inside: TcpStream,
    first: Arc<Mutex<Vec<u8>>>,
}

impl Tee {
    /// The stream, and where its first bytes are kept.
    pub(super) fn over(inside: TcpStream) -> (Self, Arc<Mutex<Vec<u8>>>) {
        let first = Arc::default();
        (Self { inside, first: Arc::clone(&first) }, first)
    }

    /// The stream itself.
    pub(super) fn inside(&self) -> &TcpStream {
        &self.inside
    }
}

impl AsyncRead for Tee {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inside).poll_read(context, buffer);
        if let Ok(mut first) = self.first.lock() {
            let wanted = FIRST_BYTES - first.len();
            first.extend(buffer.filled()[before..].iter().take(wanted));
        }
        polled
    }
}

impl AsyncWrite for Tee {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inside).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inside).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inside).poll_shutdown(context)
    }
}
