//! A line that signs in: it can be sent only over a connection to a server that has proved its name.

use super::Line;

/// A line with a login name or a password in it.
///
/// A connection sends a [`Line`] and does not accept this type. Inside this crate it is converted with a
/// `tls::Verified`, which `tls::ask` returns only if the system accepted the certificate for the server's name; outside
/// it never is. So a password before TLS, or to an impostor, does not compile: `network::Stream` shows it.
///
/// Its bytes are not accessible in another way:
///
/// ```compile_fail,E0599
/// let password = checks::secret::Secret::new("abcd-efgh-ijkl-mnop".to_owned());
/// let line = checks::protocol::smtp::command::auth_login_password(&password);
/// assert_eq!(line.shown(), "[hidden]");
/// line.wire();
/// ```
pub struct SecretLine(pub(super) Line);

/// A connection to a server that has proved its name: `tls::Verified` is the only one.
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
