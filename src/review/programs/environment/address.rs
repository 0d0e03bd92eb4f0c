//! A server as a variable names it: a host, a host with a port, or a URL with everything else; and
//! placeholders for a value.

use crate::review::account::Stated;
use crate::review::lines::Word;
use crate::review::url::{decoded, parts_of_server};

#[derive(Debug, Clone)]
pub(super) struct Address<'t> {
    pub(super) scheme: Option<Word<'t>>,
    pub(super) host: Word<'t>,
    pub(super) port: Option<Word<'t>>,
    pub(super) login: Option<Stated<String>>,
    pub(super) password: Option<Word<'t>>,
    /// What follows the host and the port.
    rest: Word<'t>,
}

impl<'t> Address<'t> {
    pub(super) fn of(value: Word<'t>) -> Option<Self> {
        const SCHEMES: [&str; 14] = [
            "smtp",
            "smtps",
            "smtp+tls",
            "smtp+ssl",
            "smtp+starttls",
            "submission",
            "submissions",
            "imap",
            "imaps",
            "imap+ssl",
            "pop3",
            "pop3s",
            "ssl",
            "tls",
        ];
        let parts = value.split_once("://");
        let (scheme, rest) = parts.map_or((None, value), |(scheme, rest)| (Some(scheme), rest));
        if scheme.is_some_and(|scheme| !SCHEMES.contains(&scheme.text)) {
            return None;
        }
        // A password may contain a colon, a slash or a question mark, although a URL should have them percent-encoded.
        let end_of_login = rest.text.rfind('@').filter(|_| scheme.is_some());
        let (login, password) = match end_of_login.map(|end| rest.until(end)) {
            Some(both) => {
                both.split_once(":").map_or((Some(both), None), |(login, password)| (Some(login), Some(password)))
            }
            None => (None, None),
        };
        let server = end_of_login.map_or(rest, |end| rest.from(end + 1));
        let end = server.text.find(['/', '?']).filter(|_| scheme.is_some()).unwrap_or(server.text.len());
        let (host, port, _) = parts_of_server(server.until(end));
        let is_host = !host.text.is_empty()
            && host.text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
        let login = login.and_then(given).map(|login| Stated::at(decoded(login.text), login.at()));
        is_host.then(|| Self { scheme, host, port, login, password, rest: server.from(end) })
    }

    /// Symfony's `verify_peer=0` after the server.
    pub(super) fn unverified(&self) -> Option<Stated<bool>> {
        const SWITCH: &str = "verify_peer=";
        let value = self.rest.from(self.rest.text.find(SWITCH)? + SWITCH.len());
        let value = value.until(value.text.find('&').unwrap_or(value.text.len()));
        ["0", "false"].contains(&value.text).then(|| Stated::at(false, value.at()).rightly("1"))
    }
}

/// How references to values that are kept elsewhere begin.
const REFERENCES: [&str; 10] = ["$", "!", "{{", "<", "%(", "/run/secrets/", "op://", "vault:", "secret:", "file:"];

/// Returns the value if the file itself gives it, and not a reference to it.
pub(super) fn given(value: Word<'_>) -> Option<Word<'_>> {
    if let Some(inner) = value.text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        // The default, for when the variable is not set elsewhere.
        let default = value.from(2 + inner.find(":-")? + 2);
        return given(default.until(default.text.len().checked_sub(1)?));
    }
    let is_reference =
        REFERENCES.iter().any(|beginning| value.text.starts_with(beginning)) || value.text.contains("${");
    (!is_reference && !value.text.is_empty()).then_some(value)
}

/// What examples have in the place of a password.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.to_lowercase();
    ["your", "change", "example", "placeholder", "xxxx", "****", "..."].iter().any(|part| value.contains(part))
        || ["password", "secret", "pass", "app-specific-password", "null", "none"].contains(&value.as_str())
}
