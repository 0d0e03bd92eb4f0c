//! An IMAP server that is honest except for what an attack changes in it.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::ServerConfig;

use crate::certificates;
use crate::wire::Wire;

/// The credentials of a sign-in.
pub(crate) struct SignIn {
    pub(crate) tag: String,
    pub(crate) password: String,
}

type Answer<Q> = Box<dyn Fn(&Q) -> Vec<u8> + Send + Sync>;
type Other = Box<dyn Fn(&str, &str) -> Option<Vec<u8>> + Send + Sync>;

/// How the server behaves.
pub(crate) struct Imap {
    pub(crate) greeting: Vec<u8>,
    pub(crate) capabilities: String,
    /// The bytes that answer a sign-in.
    pub(crate) sign_in: Answer<SignIn>,
    /// The bytes that answer another command, by its tag and the rest of its line; the honest answer where `None`.
    pub(crate) other: Other,
    pub(crate) tls: Arc<ServerConfig>,
}

impl Default for Imap {
    fn default() -> Self {
        let capabilities = "IMAP4rev1 SASL-IR AUTH=PLAIN ID QUOTA".to_owned();
        Self {
            greeting: format!("* OK [CAPABILITY {capabilities}] ready\r\n").into_bytes(),
            capabilities,
            sign_in: Box::new(|given| format!("{} OK user authenticated\r\n", given.tag).into_bytes()),
            other: Box::new(|_, _| None),
            tls: certificates::honest(),
        }
    }
}

impl Imap {
    /// A server that answers a sign-in in this way.
    pub(crate) fn answering(sign_in: impl Fn(&SignIn) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self { sign_in: Box::new(sign_in), ..Self::default() }
    }

    /// Serves one connection to its end.
    pub(crate) fn serve(&self, wire: &mut Wire) -> io::Result<()> {
        wire.encrypt(Arc::clone(&self.tls))?;
        wire.send(&self.greeting)?;
        loop {
            let line = wire.line()?;
            let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
            let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
            if let Some(bytes) = (self.other)(tag, command) {
                wire.send(&bytes)?;
                continue;
            }
            match verb.to_ascii_uppercase().as_str() {
                "AUTHENTICATE" => {
                    let initial = rest.split_once(' ').map(|(_, initial)| initial.to_owned());
                    let given = match initial {
                        Some(initial) => initial,
                        None => {
                            wire.say("+ ")?;
                            wire.line()?
                        }
                    };
                    let password = plain(&given);
                    wire.send(&(self.sign_in)(&SignIn { tag: tag.to_owned(), password }))?;
                }
                "LOGIN" => {
                    let words: Vec<&str> = rest.split(' ').map(|word| word.trim_matches('"')).collect();
                    let word = |at: usize| words.get(at).copied().unwrap_or_default().to_owned();
                    let given = SignIn { tag: tag.to_owned(), password: word(1) };
                    wire.send(&(self.sign_in)(&given))?;
                }
                "CAPABILITY" => {
                    wire.say(&format!("* CAPABILITY {}", self.capabilities))?;
                    wire.say(&format!("{tag} OK done"))?;
                }
                "LOGOUT" => {
                    wire.say("* BYE goodbye")?;
                    return wire.say(&format!("{tag} OK done"));
                }
                _ => wire.say(&format!("{tag} OK done"))?,
            }
        }
    }
}

/// The password in a response of SASL PLAIN (RFC 4616).
pub(crate) fn plain(response: &str) -> String {
    let bytes = STANDARD.decode(response).unwrap_or_default();
    String::from_utf8_lossy(&bytes).split('\0').nth(2).unwrap_or_default().to_owned()
}
