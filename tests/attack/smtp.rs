//! An SMTP server that is honest except for what an attack changes in it.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;

use crate::certificates;
use crate::imap::{SignIn, plain};
use crate::wire::Wire;

type Answer<Q> = Box<dyn Fn(&Q) -> Vec<u8> + Send + Sync>;
type Other = Box<dyn Fn(&str, bool) -> Option<Vec<u8>> + Send + Sync>;

/// How the server behaves.
pub(crate) struct Smtp {
    pub(crate) greeting: Vec<u8>,
    /// The bytes that answer a sign-in; its tag is empty.
    pub(crate) sign_in: Answer<SignIn>,
    /// The bytes that answer any other line, which comes with whether TLS is on; the honest answer where `None`.
    pub(crate) other: Other,
    pub(crate) tls: Arc<ServerConfig>,
}

impl Default for Smtp {
    fn default() -> Self {
        Self {
            greeting: b"220 smtp ready\r\n".to_vec(),
            sign_in: Box::new(|_| b"235 2.7.0 Authentication successful\r\n".to_vec()),
            other: Box::new(|_, _| None),
            tls: certificates::honest(),
        }
    }
}

impl Smtp {
    /// A server that answers a sign-in in this way.
    pub(crate) fn answering(sign_in: impl Fn(&SignIn) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self { sign_in: Box::new(sign_in), ..Self::default() }
    }

    /// Serves one connection to its end.
    pub(crate) fn serve(&self, wire: &mut Wire) -> io::Result<()> {
        wire.send(&self.greeting)?;
        let mut is_encrypted = false;
        loop {
            let line = wire.line()?;
            if let Some(bytes) = (self.other)(&line, is_encrypted) {
                wire.send(&bytes)?;
                continue;
            }
            let words: Vec<&str> = line.split(' ').collect();
            match words[0].to_ascii_uppercase().as_str() {
                "EHLO" if is_encrypted => wire.send(b"250-smtp\r\n250 AUTH PLAIN LOGIN\r\n")?,
                "EHLO" => wire.send(b"250-smtp\r\n250 STARTTLS\r\n")?,
                "STARTTLS" => {
                    wire.say("220 ready")?;
                    wire.encrypt(Arc::clone(&self.tls))?;
                    is_encrypted = true;
                }
                "AUTH" => {
                    let password = plain(words.get(2).copied().unwrap_or_default());
                    wire.send(&(self.sign_in)(&SignIn { tag: String::new(), password }))?;
                }
                "QUIT" => return wire.say("221 goodbye"),
                _ => wire.say("250 2.0.0 OK")?,
            }
        }
    }
}
