//! The parts of a URL that names a mail server and perhaps a login, each with its place.

use super::account::Stated;
use super::lines::Word;

/// `scheme://user:password@host:port/path`, with the parts of RFC 3986.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Url<'t> {
    pub(crate) scheme: Word<'t>,
    pub(crate) user: Option<Word<'t>>,
    pub(crate) password: Option<Word<'t>>,
    /// Without the brackets around an IP address.
    pub(crate) host: Word<'t>,
    pub(crate) port: Option<Word<'t>>,
    /// Where a port would be inserted.
    pub(crate) host_end: usize,
    /// What follows the server and a slash.
    pub(crate) path: Word<'t>,
}

impl<'t> Url<'t> {
    /// Returns the URL that this word is; `None` where it is something else.
    pub(crate) fn of(word: Word<'t>) -> Option<Self> {
        let (scheme, rest) = word.split_once("://")?;
        let is_scheme = scheme.text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '+');
        let (authority, path) = rest.parted(rest.text.find(['/', '?']).unwrap_or(rest.text.len()));
        let (login, server) = authority.rsplit_once("@").map_or((None, authority), |(login, rest)| (Some(login), rest));
        let (user, password) = match login.map(|login| (login, login.split_once(":"))) {
            Some((_, Some((user, password)))) => (Some(user), Some(password)),
            Some((user, None)) => (Some(user), None),
            None => (None, None),
        };
        let (host, port, host_end) = parts_of_server(server);
        let path = path.parted(usize::from(path.text.starts_with('/'))).1;
        (is_scheme && !host.text.is_empty()).then_some(Self { scheme, user, password, host, port, host_end, path })
    }

    /// The port, with the right one as its change; the default where the URL has none.
    pub(crate) fn port(&self, right: u16, by_itself: u16) -> Stated<u16> {
        self.port.map_or(Stated::by_itself(by_itself), |port| port.port(right))
    }
}

/// A host with or without a port, and where the host ends.
pub(crate) fn parts_of_server(server: Word) -> (Word, Option<Word>, usize) {
    let bracketed = server.split_once("[").filter(|(before, _)| before.text.is_empty());
    let (host, rest) = match bracketed.and_then(|(_, inner)| inner.split_once("]")) {
        Some((host, rest)) => (host, rest),
        None => server.parted(server.text.find(':').unwrap_or(server.text.len())),
    };
    let port = rest.split_once(":").map(|(_, port)| port).filter(|port| !port.text.is_empty());
    (host, port, rest.start)
}

/// Decodes `%40` and the like (RFC 3986, section 2.1).
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.split_at_checked(2).filter(|_| *first == b'%');
        let code =
            pair.and_then(|(code, after)| Some((u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()?, after)));
        let (byte, after) = code.unwrap_or((*first, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_stands_where_it_is_said_to_stand() {
        let text = "x imaps+login://jane@icloud.com:a:b@imap.mail.me.com:993/Sent?x";
        let url = Url::of(Word { text: &text[2..], start: 2 }).unwrap();
        let parts = [url.scheme, url.user.unwrap(), url.password.unwrap(), url.host, url.port.unwrap(), url.path];
        assert_eq!(
            parts.map(|part| part.text),
            ["imaps+login", "jane@icloud.com", "a:b", "imap.mail.me.com", "993", "Sent?x"]
        );
        for part in parts {
            assert_eq!(&text[part.at()], part.text);
        }
        assert_eq!(&text[url.host_end..], ":993/Sent?x");
    }

    #[test]
    fn what_is_no_url_of_a_server_is_none() {
        for text in ["", "://", "imap://", "/usr/bin/msmtp -a x://y", "imap.mail.me.com", "imap:///INBOX"] {
            assert!(Url::of(Word { text, start: 0 }).is_none(), "{text}");
        }
        let url = Url::of(Word { text: "smtp://[::1]:25", start: 0 }).unwrap();
        assert_eq!((url.host.text, url.port.map(|port| port.text), url.host_end), ("::1", Some("25"), 12));
    }

    #[test]
    fn an_encoded_login_is_decoded() {
        assert_eq!(decoded("jane%40icloud.com%"), "jane@icloud.com%");
        assert_eq!(decoded("%4%zz%é"), "%4%zz%é");
    }
}
