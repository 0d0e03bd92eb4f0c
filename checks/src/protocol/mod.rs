//! IMAP and SMTP as they are spoken, without a socket and without a clock: bytes in, bytes out.

mod change;
#[cfg(test)]
mod cuts;
mod held;
pub mod imap;
mod raw;
mod sasl;
mod secret_line;
pub mod smtp;
mod wiped;

use zeroize::Zeroizing;

pub use change::Change;
pub(crate) use change::Consented;
pub(crate) use secret_line::Proven;
pub use secret_line::SecretLine;

/// A line of the client: the bytes for the wire, and the form that may be shown.
pub struct Line {
    wire: Zeroizing<Vec<u8>>,
    shown: String,
    is_tagged: bool,
    is_farewell: bool,
}

impl Line {
    /// A line without a secret; the line's end is added.
    fn plain(text: impl Into<String>) -> Self {
        let shown = text.into();
        let wire = Zeroizing::new(format!("{shown}\r\n").into_bytes());
        Self { wire, shown, is_tagged: false, is_farewell: false }
    }

    /// A line that carries a secret, which `shown` must not hold; the line's end is added.
    fn hiding(mut wire: Zeroizing<Vec<u8>>, shown: impl Into<String>) -> Self {
        wire.extend_from_slice(b"\r\n");
        Self { wire, shown: shown.into(), is_tagged: false, is_farewell: false }
    }

    /// The same as a command whose first word is IMAP's tag.
    fn tagged(self) -> Self {
        Self { is_tagged: true, ..self }
    }

    /// The same as what ends a conversation.
    fn farewell(self) -> Self {
        Self { is_farewell: true, ..self }
    }

    /// The bytes for the wire, line end included.
    pub fn wire(&self) -> &[u8] {
        &self.wire
    }

    /// The line as it may be shown, without its end.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether its first word is IMAP's tag (RFC 3501 section 2.2.1), which people do not need.
    pub fn is_tagged(&self) -> bool {
        self.is_tagged
    }

    /// Whether it ends the conversation: the answer to it may be ignored.
    pub fn is_farewell(&self) -> bool {
        self.is_farewell
    }
}

/// Why the bytes of a server cannot be read as its protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// A line that is not a response or reply of this protocol, in full.
    NotThisProtocol {
        /// The line, as text, with what is not UTF-8 replaced.
        line: String,
    },
    /// A response or reply that is longer than any honest server's.
    TooLong,
}

/// Cuts a server's bytes into whole answers, however they arrive.
pub trait Reader: Default {
    /// One whole answer of the server.
    type Answer;

    /// Takes bytes as they came from the wire.
    fn take(&mut self, bytes: &[u8]);

    /// The next whole answer, or `None` until more bytes come.
    fn next(&mut self) -> Option<Result<Self::Answer, Unreadable>>;

    /// Bytes that came after the last whole answer: before a TLS handshake there must be none (RFC 3207 section 6).
    fn leftover(&self) -> &[u8];
}
