//! A line that signs in: it can be said over a connection whose other end has proved to be the server, and over no
//! other.

use super::Line;

/// A line with a login name or a password in it.
///
/// A connection sends a [`Line`] and does not take this one. Inside this crate it becomes one over a `tls::Verified`,
/// which `tls::ask` hands out only where the system accepted the certificate for the server's name; outside it never
/// does. So a password before TLS, or to whoever answers in the server's name, does not compile: `network::Stream` shows
/// it.
///
/// Nor are its bytes to be had in another way:
///
/// ```compile_fail,E0599
/// let password = checks::secret::Secret::new("abcd-efgh-ijkl-mnop".to_owned());
/// let line = checks::protocol::smtp::command::auth_login_password(&password);
/// assert_eq!(line.shown(), "[hidden]");
/// line.wire();
/// ```
pub struct SecretLine(pub(super) Line);

/// A connection whose other end has proved to be the server: `tls::Verified` is the only one.
pub(crate) trait Proven {}

impl SecretLine {
    /// The line as it may be shown, without its end.
    pub fn shown(&self) -> &str {
        self.0.shown()
    }

    /// The line for this connection.
    pub(crate) fn over(self, _proven: &impl Proven) -> Line {
        self.0
    }
}
