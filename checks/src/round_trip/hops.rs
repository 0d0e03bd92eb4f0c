//! The servers that a message came by, with their own times (RFC 5321 section 4.4, `Received`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

/// The most that are kept.
const MOST: usize = 12;
/// A longer name of a server is none (RFC 1035 section 2.3.4).
const LONGEST_NAME: usize = 255;

/// One server on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RoundTripHop")]
pub struct Hop {
    /// Its name, as it gives it itself.
    pub by: Option<String>,
    /// Its own time when it took the message (RFC 3339).
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
}

impl Hop {
    /// Its own time, in seconds since 1970.
    pub fn unix(&self) -> Option<i64> {
        OffsetDateTime::parse(&self.at, &Rfc3339).ok().map(OffsetDateTime::unix_timestamp)
    }
}

/// Reads the lines of a header, in the order in which the message came by.
pub(super) fn read(header: &str) -> Vec<Hop> {
    let mut lines: Vec<String> = Vec::new();
    for line in header.lines() {
        match (line.starts_with([' ', '\t']), lines.last_mut()) {
            (true, Some(last)) => last.push_str(line),
            _ => lines.push(line.to_owned()),
        }
    }
    let received = lines.iter().filter_map(|line| hop(line.split_once(':')?));
    let mut hops: Vec<Hop> = received.take(MOST).collect();
    hops.reverse();
    hops
}

fn hop((name, rest): (&str, &str)) -> Option<Hop> {
    let (path, date) = rest.rsplit_once(';').filter(|_| name.trim().eq_ignore_ascii_case("received"))?;
    let date = date.split('(').next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let at = OffsetDateTime::parse(&date, &Rfc2822).ok()?.format(&Rfc3339).ok()?;
    let mut words = path.split_whitespace().skip_while(|word| !word.eq_ignore_ascii_case("by")).skip(1);
    let is_name =
        |by: &&str| by.len() <= LONGEST_NAME && by.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    Some(Hop { by: words.next().filter(is_name).map(str::to_owned), at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_server_comes_first() {
        let header = "Received: from outbound.example (outbound.example [192.0.2.7])\r\n\tby mx.example (Postfix) with ESMTPS\r\n \
                      for <you@icloud.com>; Sun, 29 Nov 2026 12:00:03 +0000 (UTC)\r\n\
                      Received: from [127.0.0.1] by outbound.example;\r\n Sun, 29 Nov 2026 04:00:01 -0800\r\n\
                      Received: nonsense\r\nX-Other: by me; Sun, 29 Nov 2026 12:00:03 +0000\r\n\r\n";
        let hop = |by: &str, at: &str| Hop { by: Some(by.to_owned()), at: at.to_owned() };
        let hops = read(header);
        assert_eq!(
            hops,
            [hop("outbound.example", "2026-11-29T04:00:01-08:00"), hop("mx.example", "2026-11-29T12:00:03Z")]
        );
        assert_eq!(hops[1].unix().unwrap() - hops[0].unix().unwrap(), 2);
        assert_eq!(read(""), []);
    }
}
