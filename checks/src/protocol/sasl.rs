//! SASL's PLAIN message, which IMAP and SMTP both carry in base64.

use zeroize::Zeroizing;

use super::wiped;
use crate::secret::Secret;

/// The message of RFC 4616 section 2 in base64, with room for the line's end.
///
/// `None` if the login or the password holds a NUL: it is what parts the two, so the message would say something else.
pub(super) fn plain(login: &str, secret: &Secret) -> Option<Zeroizing<Vec<u8>>> {
    let password = secret.expose();
    if login.contains('\0') || password.contains('\0') {
        return None;
    }
    Some(wiped::base64(&wiped::join(&[b"\0", login.as_bytes(), b"\0", password.as_bytes()])))
}
