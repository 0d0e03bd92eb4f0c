//! A message that came back: a report that names it, or a letter of a mail server that quotes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest sentence that is kept, in characters.
const LONGEST: usize = 300;

/// What a server says about a message that it returned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RoundTripReturned")]
pub struct Returned {
    /// The status code (RFC 3463), such as `5.2.2`.
    pub status: Option<String>,
    /// The reason in the words of a server (RFC 3464 section 2.3.6).
    pub reason: Option<String>,
}

/// Whether these lines of a header are those of a bounce: a report on delivery (RFC 3464), or a message that nobody may
/// answer (RFC 5321 section 4.5.5).
pub(super) fn is_bounce(header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    let is_report = header.contains("multipart/report") && header.contains("delivery-status");
    let nobody = |line: &str| line.strip_prefix("return-path:").is_some_and(|path| path.trim() == "<>");
    is_report || header.lines().any(nobody)
}

/// What a bounce says, if it names the message with this mark.
pub(super) fn read(text: &str, mark: &str) -> Option<Returned> {
    text.contains(mark).then(|| Returned { status: field(text, "status"), reason: field(text, "diagnostic-code") })
}

/// The first field of this name, with the lines that it goes on in.
fn field(text: &str, name: &str) -> Option<String> {
    let mut lines = text.lines();
    let value = lines.find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })?;
    let more = lines.take_while(|line| line.starts_with([' ', '\t'])).map(str::trim);
    let whole = std::iter::once(value.as_str()).chain(more).collect::<Vec<_>>().join(" ");
    Some(whole.chars().take(LONGEST).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
                          Final-Recipient: rfc822; you@icloud.com\r\nAction: failed\r\nStatus: 5.2.2\r\n\
                          Diagnostic-Code: smtp; 552 5.2.2 mailbox\r\n    is full\r\n\r\nMessage-ID: <mark@icloud.com>\r\n";

    #[test]
    fn a_report_is_of_the_message_that_it_names() {
        let returned = read(REPORT, "mark").unwrap();
        assert_eq!(returned.status.as_deref(), Some("5.2.2"));
        assert_eq!(returned.reason.as_deref(), Some("smtp; 552 5.2.2 mailbox is full"));
        assert_eq!(read(REPORT, "another"), None);
        assert_eq!(read("> Message-ID: <mark@icloud.com>", "mark"), Some(Returned::default()));
    }

    #[test]
    fn what_a_person_or_a_list_writes_is_no_bounce() {
        for (header, expected) in [
            ("Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=\"a\"\r\n", true),
            ("Return-Path: <>\r\nContent-Type: text/plain\r\n", true),
            ("Return-Path: <MAILER-DAEMON>\r\nContent-Type: text/plain\r\n", false),
            ("Content-Type: multipart/report; report-type=disposition-notification\r\n", false),
            ("Content-Type: multipart/mixed\r\n", false),
            ("", false),
        ] {
            assert_eq!(is_bounce(header), expected, "{header}");
        }
    }
}
