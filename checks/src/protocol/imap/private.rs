//! Blanks out the private parts of what an IMAP server sends: the contents of messages, in any form of fetch, and the
//! names of folders.

/// Follows the lines of a server far enough to know which belong to messages.
#[derive(Debug, Default)]
pub struct Private {
    /// How many bytes of a literal are still to come.
    left: usize,
    /// Whether the line goes on with a response whose literal has ended.
    goes_on: bool,
    /// Whether a message came: a line that is not a response may be the rest of it.
    has_come: bool,
}

impl Private {
    /// The line, end included, with those bytes replaced one for one.
    pub fn blanked(&mut self, line: &[u8]) -> Vec<u8> {
        let (literal, rest) = line.split_at(self.left.min(line.len()));
        self.left -= literal.len();
        let mut shown = blank(literal);
        if rest.is_empty() {
            return shown;
        }
        let kind = if self.goes_on { Kind::Fetch } else { Kind::of(rest) };
        self.has_come |= kind == Kind::Fetch;
        shown.extend(match kind {
            Kind::Fetch => items(rest),
            Kind::Folder => folder(rest),
            Kind::Other if self.has_come => blank(rest),
            Kind::Response | Kind::Other => rest.to_vec(),
        });
        self.left = if matches!(kind, Kind::Fetch | Kind::Folder) { announced(rest) } else { 0 };
        self.goes_on = self.left > 0;
        shown
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fetch,
    /// A response that names a folder.
    Folder,
    Response,
    /// Not an IMAP response.
    Other,
}

impl Kind {
    fn of(line: &[u8]) -> Self {
        let text = String::from_utf8_lossy(line).to_ascii_uppercase();
        let mut words = text.split_ascii_whitespace();
        let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        match (words.next(), words.next(), words.next()) {
            (Some("*"), Some(number), Some("FETCH")) if is_number(number) => Self::Fetch,
            (Some("*"), Some("LIST" | "LSUB" | "XLIST" | "STATUS"), _) => Self::Folder,
            (Some("*"), Some(word), _) if is_number(word) || RESPONSES.contains(&word) => Self::Response,
            (Some("+"), _, _) | (Some(_), Some("OK" | "NO" | "BAD"), _) => Self::Response,
            _ => Self::Other,
        }
    }
}

/// The untagged responses without message contents and folder names (RFC 9051 section 7).
const RESPONSES: [&str; 14] = [
    "OK",
    "NO",
    "BAD",
    "BYE",
    "PREAUTH",
    "CAPABILITY",
    "ENABLED",
    "ID",
    "QUOTA",
    "QUOTAROOT",
    "FLAGS",
    "SEARCH",
    "ESEARCH",
    "NAMESPACE",
];

/// The words of a FETCH response that are not about a message's text.
const ITEMS: [&str; 12] = [
    "*",
    "FETCH",
    "UID",
    "FLAGS",
    "RFC822",
    "RFC822.SIZE",
    "RFC822.HEADER",
    "RFC822.TEXT",
    "BODY[",
    "INTERNALDATE",
    "MODSEQ",
    "NIL",
];

fn items(line: &[u8]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(first) = rest.first() {
        let length = match first {
            b'"' => quoted(rest),
            b' ' | b'(' | b')' | b'\r' | b'\n' | b'\t' => 1,
            _ => rest.iter().position(|byte| b" ()\r\n\t\"".contains(byte)).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(length);
        match first {
            b'"' => shown.extend(inside(word)),
            _ if length == 1 && !first.is_ascii_alphanumeric() || is_item(word) => shown.extend_from_slice(word),
            _ => shown.extend(blank(word)),
        }
        rest = after;
    }
    shown
}

fn is_item(word: &[u8]) -> bool {
    let text = String::from_utf8_lossy(word).to_ascii_uppercase();
    let is_length = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let announced = text.trim_start_matches('~').strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    is_length(&text)
        || announced.is_some_and(|length| is_length(length.trim_end_matches('+')))
        || ITEMS.contains(&text.as_str())
        || text
            .strip_prefix("BODY[]")
            .is_some_and(|from| from.trim_matches(['<', '>']).bytes().all(|b| b.is_ascii_digit()))
        || text.starts_with('\\')
}

/// The usual names of folders are not private.
fn folder(line: &[u8]) -> Vec<u8> {
    let end = line.trim_ascii_end().len();
    let is_status = line.trim_ascii_end().ends_with(b")");
    // In STATUS the name comes first, and numbers follow it.
    let until = if is_status { line[..end].iter().rposition(|byte| *byte == b'(').unwrap_or(end) } else { end };
    let named = line[..until].trim_ascii_end();
    let start = match named.strip_suffix(b"\"") {
        Some(open) => open.iter().rposition(|byte| *byte == b'"').unwrap_or(0),
        None => named.iter().rposition(|byte| *byte == b' ').map_or(0, |at| at + 1),
    };
    let name = &named[start..];
    let bare = String::from_utf8_lossy(name).trim_matches('"').to_owned();
    let is_usual =
        bare.eq_ignore_ascii_case("INBOX") || ["Sent", "Sent Messages", "Sent Items"].contains(&bare.as_str());
    if is_usual || announced(line) > 0 {
        return line.to_vec();
    }
    let name = if name.starts_with(b"\"") { inside(name) } else { blank(name) };
    [&line[..start], &name, &line[named.len()..]].concat()
}

/// The length of a quoted string.
fn quoted(text: &[u8]) -> usize {
    let mut is_escaped = false;
    let end = text.iter().skip(1).position(|byte| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

/// A quoted string with its quotes kept.
fn inside(quoted: &[u8]) -> Vec<u8> {
    let last = quoted.len().saturating_sub(1);
    let blanked = blank(quoted);
    let keeps = |at: usize| at == 0 || (at == last && quoted[at] == b'"');
    quoted.iter().zip(blanked).enumerate().map(|(at, (was, blank))| if keeps(at) { *was } else { blank }).collect()
}

fn blank(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| if matches!(byte, b'\r' | b'\n') { *byte } else { b'x' }).collect()
}

/// How long the literal is that a line announces at its end.
fn announced(line: &[u8]) -> usize {
    let line = line.trim_ascii_end();
    let length = line.strip_suffix(b"}").and_then(|line| line.rsplit(|byte| *byte == b'{').next());
    let digits = length.and_then(|length| std::str::from_utf8(length).ok());
    digits.and_then(|digits| digits.trim_end_matches('+').parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(said: &[u8]) -> String {
        let mut private = Private::default();
        let lines = said.split_inclusive(|byte| *byte == b'\n');
        String::from_utf8_lossy(&lines.flat_map(|line| private.blanked(line)).collect::<Vec<_>>()).into_owned()
    }

    #[test]
    fn what_a_message_says_is_blanked() {
        let said = b"* 1 FETCH (RFC822 {12}\r\nDear Anna,\r\n UID 7)\r\n* 2 EXISTS\r\nM4 OK {5}\r\n\
            * 1 FETCH (BODY[]<0> \"Dear \\\"Anna\" UID 7)\r\n* LIST () \"/\" \"Sent\"\r\n";
        let expected = "* 1 FETCH (RFC822 {12}\r\nxxxxxxxxxx\r\n UID 7)\r\n* 2 EXISTS\r\nM4 OK {5}\r\n\
            * 1 FETCH (BODY[]<0> \"xxxxxxxxxxx\" UID 7)\r\n* LIST () \"/\" \"Sent\"\r\n";
        assert_eq!(blanked(said), expected);
    }

    #[test]
    fn oddly_written_messages_are_blanked_too() {
        for (said, expected) in [
            ("*  1  fetch  (RFC822 \"Anna\")\r\n", "*  1  fetch  (RFC822 \"xxxx\")\r\n"),
            ("* 1 FETCH (BODY[]<0> Anna UID 7)\r\n", "* 1 FETCH (BODY[]<0> xxxx UID 7)\r\n"),
            ("* 1 FETCH (RFC822 {4+}\r\nAnna)\r\n", "* 1 FETCH (RFC822 {4+}\r\nxxxx)\r\n"),
            ("* 1 FETCH (RFC822 {2}\r\nAnna\r\n* Anna\r\n)\r\n", "* 1 FETCH (RFC822 {2}\r\nxxxx\r\nxxxxxx\r\nx\r\n"),
            ("* 1 FETCH (RFC822 \"An\r\nna\")\r\nM4 OK\r\n", "* 1 FETCH (RFC822 \"xx\r\nxxxx\r\nM4 OK\r\n"),
        ] {
            assert_eq!(blanked(said.as_bytes()), expected);
        }
    }

    #[test]
    fn a_folder_is_named_only_where_every_account_has_it() {
        for (said, expected) in [
            ("* LIST () \"/\" \"Divorce\"\r\n", "* LIST () \"/\" \"xxxxxxx\"\r\n"),
            ("* LSUB (\\Sent) \"/\" Divorce\r\n", "* LSUB (\\Sent) \"/\" xxxxxxx\r\n"),
            ("* STATUS \"Divorce\" (MESSAGES 3)\r\n", "* STATUS \"xxxxxxx\" (MESSAGES 3)\r\n"),
            ("* LIST () \"/\" {7}\r\nDivorce\r\n", "* LIST () \"/\" {7}\r\nxxxxxxx\r\n"),
            ("* LIST (\\Sent) \"/\" \"Sent Messages\"\r\n", "* LIST (\\Sent) \"/\" \"Sent Messages\"\r\n"),
        ] {
            assert_eq!(blanked(said.as_bytes()), expected);
        }
    }
}
