//! A line of the ledger: one sign-in, without anything that tells whose it was.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::tags::Tags;
use super::{Attempt, Earlier, Entry, Outcome, ROUND_TRIP};
use crate::login::{LoginForm, Mechanism};

/// How long a sign-in is remembered.
pub const KEPT: Duration = Duration::days(90);

/// How far a time may lie ahead before it is no more the clock that was set a little.
const SET_BACK: Duration = Duration::minutes(1);

/// A sign-in as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// This computer's clock when it was made, or when it ended.
    #[serde(with = "time::serde::rfc3339")]
    pub when: OffsetDateTime,
    /// Its number: a later line with the same one says how it ended.
    #[serde(with = "in_hexadecimal")]
    pub id: u64,
    /// The name of the server.
    pub server: String,
    /// The tag of the account.
    pub account: String,
    /// The form of the login name.
    pub form: LoginForm,
    /// How the password was sent.
    pub mechanism: Mechanism,
    /// The tag of the password.
    pub secret: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The command that made it.
    pub by: String,
}

impl Line {
    /// The line for a sign-in.
    pub(crate) fn of(
        attempt: &Attempt<'_>,
        Tags { account, secret }: Tags,
        Entry(id): Entry,
        when: OffsetDateTime,
        outcome: Outcome,
        by: &str,
    ) -> Self {
        let (server, form, mechanism) = (attempt.server(), attempt.form(), attempt.mechanism);
        Self { when, id, server, account, form, mechanism, secret, outcome, by: by.to_owned() }
    }

    /// How many seconds ago it was. What lies in the future, because the clock was wrong then or is now, counts as of this
    /// moment: a refusal holds back in any case.
    fn ago_s(&self, now: OffsetDateTime) -> u64 {
        u64::try_from((now - self.when).whole_seconds()).unwrap_or_default()
    }

    /// Whether it is too old to be kept.
    pub(crate) fn is_old(&self, now: OffsetDateTime) -> bool {
        is_old(self.when, now)
    }
}

/// Whether what was then is too old to be kept.
pub(crate) fn is_old(when: OffsetDateTime, now: OffsetDateTime) -> bool {
    now - when > KEPT
}

/// Whether what was then was noted by a clock that was ahead.
pub(crate) fn is_ahead(when: OffsetDateTime, now: OffsetDateTime) -> bool {
    when - now > SET_BACK
}

/// The lines of a ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lines {
    /// Each sign-in with its last outcome, in the order in which they were begun.
    pub all: Vec<Line>,
    /// How many lines cannot be read.
    pub broken: usize,
}

impl Lines {
    /// Reads the text of a ledger. A line that cannot be read is counted and passed over.
    pub fn read(text: &str) -> Self {
        let mut lines = Self::default();
        let mut places = std::collections::HashMap::new();
        for text in text.lines().filter(|line| !line.trim().is_empty()) {
            match serde_json::from_str::<Line>(text) {
                Err(_) => lines.broken += 1,
                Ok(line) => match places.get(&line.id) {
                    Some(at) => lines.all[*at] = line,
                    None => {
                        places.insert(line.id, lines.all.len());
                        lines.all.push(line);
                    }
                },
            }
        }
        lines
    }

    /// What they say of an account at a server, the latest first.
    pub(crate) fn earlier(&self, server: &str, tags: &Tags, now: OffsetDateTime) -> Vec<Earlier> {
        let of_it = self.all.iter().filter(|line| line.server == server && line.account == tags.account);
        let mut earlier: Vec<Earlier> = of_it
            .rev()
            .filter(|line| !line.is_old(now))
            .map(|line| Earlier {
                ago_s: line.ago_s(now),
                outcome: line.outcome,
                same_password: line.secret == tags.secret,
                by_round_trip: line.by == ROUND_TRIP,
            })
            .collect();
        earlier.sort_by_key(|one| one.ago_s);
        earlier
    }
}

/// A number as eight bytes in hexadecimal: not every reader of JSON keeps large numbers.
mod in_hexadecimal {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
    pub(super) fn serialize<S: Serializer>(number: &u64, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&format!("{number:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(text: D) -> Result<u64, D::Error> {
        u64::from_str_radix(&String::deserialize(text)?, 16).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-29 12:00 UTC);

    fn line(id: u64, ago: Duration, outcome: Outcome) -> Line {
        Line {
            when: NOW - ago,
            id,
            server: "imap.mail.me.com".to_owned(),
            account: "0a".to_owned(),
            form: LoginForm::NamePart,
            mechanism: Mechanism::Plain,
            secret: "1b".to_owned(),
            outcome,
            by: "check".to_owned(),
        }
    }

    fn text(lines: &[Line]) -> String {
        lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect()
    }

    fn tags() -> Tags {
        Tags { account: "0a".to_owned(), secret: "1b".to_owned() }
    }

    #[test]
    fn a_line_reads_as_it_was_written() {
        let line = line(7, Duration::ZERO, Outcome::Refused);
        let written = concat!(
            r#"{"when":"2026-11-29T12:00:00Z","id":"0000000000000007","server":"imap.mail.me.com","account":"0a","#,
            r#""form":"name-part","mechanism":"plain","secret":"1b","outcome":"refused","by":"check"}"#,
            "\n"
        );
        assert_eq!(text(std::slice::from_ref(&line)), written);
        assert_eq!(Lines::read(written), Lines { all: vec![line], broken: 0 });
    }

    #[test]
    fn the_last_line_of_a_sign_in_counts() {
        let lines = [line(1, Duration::MINUTE, Outcome::Asked), line(2, Duration::SECOND, Outcome::Asked)];
        let ended = line(1, Duration::SECOND * 50, Outcome::Accepted);
        let read = Lines::read(&text(&[lines[0].clone(), lines[1].clone(), ended.clone()]));
        assert_eq!(read.all, [ended, lines[1].clone()]);
        let outcomes: Vec<_> = read.earlier("imap.mail.me.com", &tags(), NOW).iter().map(|one| one.outcome).collect();
        assert_eq!(outcomes, [Outcome::Asked, Outcome::Accepted]);
    }

    #[test]
    fn what_lies_in_the_future_is_of_now_and_what_lies_too_far_back_is_not_known() {
        let ago = |ago: Duration| {
            let read = Lines { all: vec![line(1, ago, Outcome::Refused)], broken: 0 };
            read.earlier("imap.mail.me.com", &tags(), NOW).first().map(|one| one.ago_s)
        };
        assert_eq!(ago(Duration::HOUR), Some(3600));
        assert_eq!(ago(-Duration::SECOND * 30), Some(0), "the clock was set back a little");
        assert_eq!(ago(-Duration::HOUR), Some(0));
        assert_eq!(ago(-Duration::days(3650)), Some(0));
        assert_eq!(ago(Duration::days(91)), None);
    }

    #[test]
    fn broken_lines_are_counted_and_the_others_read() {
        let whole = text(&[line(1, Duration::ZERO, Outcome::Other), line(2, Duration::ZERO, Outcome::Other)]);
        let torn = format!("{}\n{{\"when\":\n\u{0}\u{0}\n{whole}", &whole[..40]);
        let read = Lines::read(&torn);
        assert_eq!((read.all.len(), read.broken), (2, 3));
    }
}
