//! A line that changes something at a server: it can be sent only by who holds the user's consent.

use super::Line;

/// A line that sends a message, or changes what is in a mailbox.
///
/// A connection sends a [`Line`] and does not accept this type. Inside this crate it is converted with the consent that
/// `round_trip` alone has; outside it never is. So a check that changes something does not compile, and its bytes are
/// not accessible in another way:
///
/// ```compile_fail,E0599
/// let line = checks::protocol::smtp::command::data();
/// assert_eq!(line.shown(), "DATA");
/// line.wire();
/// ```
pub struct Change(pub(super) Line);

/// The user's consent to a change: `round_trip::Meeting` is the only one.
pub(crate) trait Consented {}

impl Change {
    /// The line as it may be shown, without its end.
    pub fn shown(&self) -> &str {
        self.0.shown()
    }

    /// The line, by this consent.
    pub(crate) fn by(self, _consent: &impl Consented) -> Line {
        self.0
    }
}
