//! The size and the date of every message: how much there is from which year, and which messages are the largest.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Facts;
use super::folders::{self, Name};
use super::pipeline::{self, Command, Heard};
use crate::dates;
use crate::network::Stream;
use crate::network::clock::Stopwatch;
use crate::plan::Survey;
use crate::protocol::imap::{Described, Value, command};
use crate::tagged::ImapTalk;
use crate::talk::NoAnswer;

/// How many messages one command asks for.
const AT_ONCE: u32 = 5000;
/// The most messages that are asked for in all.
const MOST_MESSAGES: u64 = 1_000_000;
/// What a mail program that keeps only this many days would hold.
const WINDOWS: [u32; 4] = [7, 30, 90, 365];
/// The years that a message can be from; others are a mistake of its sender or of the server.
const YEARS: RangeInclusive<i32> = 1980..=2099;
/// A larger message is a large one, in bytes: many servers take no more than this (support.apple.com/102198).
pub const LARGE: u64 = 20 << 20;
/// The parts of a message that are listed.
const MOST_PARTS: usize = 5;
/// A longer name of a kind of content is none.
const LONGEST_KIND: usize = 60;

/// The size and the date of every message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxSweep")]
pub struct Sweep {
    /// All messages whose size was read.
    pub all: Amount,
    /// The number of messages that were there to read.
    pub of: u64,
    /// What arrived in each year (UTC).
    pub years: BTreeMap<String, Amount>,
    /// What arrived within the last so many days.
    pub windows: Vec<Days>,
    /// What is older than so many days.
    pub older_than: Vec<Days>,
    /// What is larger than [`LARGE`].
    #[serde(default)]
    pub large: Amount,
    /// The largest messages, the largest first.
    pub largest: Vec<Large>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Whether it ended because its time was over.
    pub is_out_of_time: bool,
}

/// A number of messages, and their sizes together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    /// How many.
    pub messages: u64,
    /// In bytes.
    pub bytes: u64,
}

/// What is within a number of days, or older than that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Days {
    /// The number of days.
    pub days: u32,
    /// What that is.
    #[serde(flatten)]
    pub amount: Amount,
}

/// A large message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Large {
    /// The number of its folder.
    pub folder: usize,
    /// Its number there, which does not change (RFC 3501 section 2.3.1.1).
    pub uid: u32,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it arrived, by day (UTC).
    pub date: Option<String>,
    /// Its largest parts.
    pub parts: Vec<Part>,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Part {
    /// Its size as it is sent, in bytes.
    pub bytes: u64,
    /// Its kind, such as `application/pdf` (RFC 2046).
    pub kind: String,
}

impl Amount {
    fn add(&mut self, bytes: u64) {
        self.messages += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

impl Days {
    fn none(days: u32) -> Self {
        Self { days, amount: Amount::default() }
    }
}

/// What one of the commands is about.
enum About {
    Opening,
    /// Messages of this folder, which has so many. A server may answer several such commands at once.
    Messages(usize, u32),
}

/// A message among the largest: the smallest of them goes first when there are too many.
type Candidate = Reverse<(u64, usize, u32, Option<i64>)>;

/// Reads sizes and dates, folder by folder, then the parts of the largest messages.
pub(super) async fn ask<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    names: &[Name],
    (wishes, now): (&Survey, OffsetDateTime),
    facts: &mut Facts,
) -> Result<(), NoAnswer> {
    let began = Stopwatch::start();
    let (commands, of) = commands(names, facts);
    let mut sweep = Sweep { of, ..Sweep::default() };
    sweep.windows = WINDOWS.map(Days::none).into();
    sweep.older_than = wishes.older_than.iter().copied().map(Days::none).collect();
    let mut largest: BinaryHeap<Candidate> = BinaryHeap::new();
    let mut spans = BTreeMap::<usize, (i64, i64)>::new();
    let budget_ms = u64::try_from(wishes.budget.as_millis()).unwrap_or(u64::MAX);
    talk.keep_no_transcript(true);
    let swept = pipeline::run(talk, commands, None, |about, heard| {
        match (about, heard) {
            (About::Messages(folder, of), Heard::Data((number, name, values))) => {
                let described = Described::of(number, &name, &values);
                let described = described.filter(|described| (1..=*of).contains(&described.number()));
                // A server that tells of more messages than there are is not believed.
                let swept = folders::of(facts, *folder).and_then(|folder| folder.swept).unwrap_or(0);
                let has_room = swept < u64::from(*of);
                if let Some((described, bytes)) =
                    described.and_then(|described| Some((described, described.size()?))).filter(|_| has_room)
                {
                    let date = described.text("INTERNALDATE").and_then(dates::read);
                    sweep.count(bytes, date, now);
                    let unix = date.map(OffsetDateTime::unix_timestamp);
                    if let Some(kept) = folders::of(facts, *folder) {
                        kept.swept = Some(swept + 1);
                        kept.bytes = Some(kept.bytes.unwrap_or(0).saturating_add(bytes));
                    }
                    if let Some(unix) = unix {
                        let (oldest, newest) = spans.entry(*folder).or_insert((unix, unix));
                        (*oldest, *newest) = (unix.min(*oldest), unix.max(*newest));
                    }
                    largest.push(Reverse((bytes, *folder, described.uid().unwrap_or(0), unix)));
                    if largest.len() > wishes.largest {
                        largest.pop();
                    }
                }
            }
            (_, Heard::Done(answer)) => {
                if answer.is_refusal() {
                    facts.stopped_by = Some(answer.line.clone());
                    return false;
                }
            }
            (About::Opening, Heard::Data(_)) => {}
        }
        sweep.is_out_of_time |= began.milliseconds() > budget_ms;
        !sweep.is_out_of_time
    })
    .await;
    facts.round_trips += 1;
    for (number, (oldest, newest)) in spans {
        if let Some(folder) = folders::of(facts, number) {
            (folder.oldest, folder.newest) = (day(oldest), day(newest));
        }
    }
    let mut largest: Vec<_> = largest.into_iter().map(|Reverse(large)| large).collect();
    largest.sort_unstable_by(|a, b| b.cmp(a));
    sweep.largest = largest
        .into_iter()
        .map(|(bytes, folder, uid, date)| Large { folder, uid, bytes, date: date.and_then(day), parts: Vec::new() })
        .collect();
    let structures = match (&swept, &facts.stopped_by) {
        (Ok(()), None) => structures(talk, names, &mut sweep, facts).await,
        _ => Ok(()),
    };
    sweep.took_ms = began.milliseconds();
    facts.sweep = Some(sweep);
    talk.keep_no_transcript(false);
    swept.and(structures)
}

/// The commands for every folder, and how many messages they ask for.
fn commands(names: &[Name], facts: &Facts) -> (Vec<Command<About>>, u64) {
    let (mut commands, mut all) = (Vec::new(), 0);
    for name in names {
        let folder = facts.folders.iter().find(|folder| folder.number == name.number);
        let messages = folder.and_then(|folder| folder.messages).unwrap_or(0).min(MOST_MESSAGES - all);
        let (Ok(last @ 1..), tag) = (u32::try_from(messages), format!("F{}", name.number)) else { continue };
        let Some(line) = name.examine(&tag) else { continue };
        all += messages;
        commands.push(Command { tag, line, about: About::Opening });
        for first in (1..=last).step_by(AT_ONCE as usize) {
            let numbers = first..=last.min(first.saturating_add(AT_ONCE - 1));
            let tag = format!("F{}.{first}", name.number);
            let line = command::fetch_sizes_and_dates(&tag, &numbers);
            commands.push(Command { tag, line, about: About::Messages(name.number, last) });
        }
    }
    (commands, all)
}

impl Sweep {
    fn count(&mut self, bytes: u64, date: Option<OffsetDateTime>, now: OffsetDateTime) {
        self.all.add(bytes);
        if bytes > LARGE {
            self.large.add(bytes);
        }
        let Some(date) = date else { return };
        let year = date.to_offset(time::UtcOffset::UTC).year();
        if YEARS.contains(&year) {
            self.years.entry(year.to_string()).or_default().add(bytes);
        }
        let age = now - date;
        let within = |days: u32| age <= time::Duration::days(days.into());
        self.windows.iter_mut().filter(|of| within(of.days)).for_each(|of| of.amount.add(bytes));
        self.older_than.iter_mut().filter(|of| !within(of.days)).for_each(|of| of.amount.add(bytes));
    }
}

fn day(unix: i64) -> Option<String> {
    OffsetDateTime::from_unix_timestamp(unix).ok().map(|at| at.date().to_string())
}

/// Asks for the structures of the largest messages, all in one round trip.
async fn structures<S: Stream>(
    talk: &mut ImapTalk<'_, S>,
    names: &[Name],
    sweep: &mut Sweep,
    facts: &mut Facts,
) -> Result<(), NoAnswer> {
    let mut commands = Vec::new();
    for name in names {
        let here = sweep.largest.iter().filter(|large| large.folder == name.number);
        let uids: Vec<u32> = here.map(|large| large.uid).filter(|uid| *uid > 0).collect();
        let (opening, asking) = (format!("B{}", name.number), format!("B{}.1", name.number));
        let Some(line) = name.examine(&opening).filter(|_| !uids.is_empty()) else { continue };
        commands.push(Command { tag: opening, line, about: name.number });
        let line = command::fetch_structures(&asking, &uids);
        commands.push(Command { tag: asking, line, about: name.number });
    }
    let largest = &mut sweep.largest;
    let all = commands.len();
    let asked = pipeline::run(talk, commands, Some(all), |folder, heard| {
        let Heard::Data((number, name, values)) = heard else { return true };
        let Some(described) = Described::of(number, &name, &values) else { return true };
        let uid = described.uid();
        let large = largest.iter_mut().find(|large| large.folder == *folder && Some(large.uid) == uid);
        if let (Some(large), Some(structure)) = (large, described.item("BODYSTRUCTURE")) {
            large.parts = parts(structure);
        }
        true
    });
    asked.await?;
    facts.round_trips += u32::from(all > 0);
    Ok(())
}

/// The largest parts of a message (RFC 3501 section 7.4.2, BODYSTRUCTURE).
fn parts(structure: &Value) -> Vec<Part> {
    let mut found = Vec::new();
    collect(structure, &mut found);
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.truncate(MOST_PARTS);
    found
}

fn collect(value: &Value, found: &mut Vec<Part>) {
    let Value::List(items) = value else { return };
    match &items[..] {
        // The parts of a part of many come first in it.
        [Value::List(_), ..] => {
            items.iter().take_while(|item| matches!(item, Value::List(_))).for_each(|item| collect(item, found));
        }
        [main, sub, _, _, _, _, bytes, ..] => {
            let kind = main.text().zip(sub.text()).map(|(main, sub)| format!("{main}/{sub}").to_lowercase());
            let is_kind =
                |kind: &String| kind.len() <= LONGEST_KIND && kind.bytes().all(|byte| byte.is_ascii_graphic());
            let bytes = bytes.text().and_then(|bytes| bytes.parse().ok());
            if let (Some(kind), Some(bytes)) = (kind.filter(is_kind), bytes) {
                found.push(Part { bytes, kind });
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

    use super::*;
    use crate::protocol::Reader as _;
    use crate::protocol::imap::{Reader, Response};

    fn at(text: &str) -> OffsetDateTime {
        dates::read(text).unwrap()
    }

    #[test]
    fn a_message_counts_for_its_year_and_its_age() {
        let now = at("29-Nov-2026 12:00:00 +0000");
        let mut sweep = Sweep { windows: vec![Days::none(7), Days::none(365)], ..Sweep::default() };
        sweep.older_than = vec![Days::none(365)];
        sweep.count(10, Some(at("28-Nov-2026 12:00:00 +0000")), now);
        sweep.count(20, Some(at("01-Jan-2026 00:30:00 +0100")), now);
        sweep.count(40, Some(at("31-Dec-2024 23:30:00 -0100")), now);
        sweep.count(80, None, now);
        let amount = |messages, bytes| Amount { messages, bytes };
        assert_eq!(sweep.all, amount(4, 150));
        sweep.count(LARGE, None, now);
        assert_eq!(sweep.large, amount(0, 0));
        sweep.count(LARGE + 1, None, now);
        assert_eq!(sweep.large, amount(1, LARGE + 1));
        assert_eq!(sweep.years, [("2025".to_owned(), amount(2, 60)), ("2026".to_owned(), amount(1, 10))].into());
        let days = |days, messages, bytes| Days { days, amount: amount(messages, bytes) };
        assert_eq!(sweep.windows, [days(7, 1, 10), days(365, 2, 30)]);
        assert_eq!(sweep.older_than, [days(365, 1, 40)]);
    }

    #[test]
    fn the_parts_of_a_message_are_told_by_kind_and_size() {
        let line = "* 3 FETCH (UID 9 BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"utf-8\") NIL NIL \"7BIT\" 120 4 NIL) \
                    ((\"IMAGE\" \"PNG\" NIL NIL NIL \"BASE64\" 90000 NIL)(\"APPLICATION\" \"PDF\" (\"NAME\" \"divorce.pdf\") NIL NIL \
                    \"BASE64\" 2000000 NIL) \"MIXED\" NIL) \"MIXED\" (\"BOUNDARY\" \"x\") NIL NIL))\r\n";
        let mut reader = Reader::default();
        reader.take(line.as_bytes());
        let Response::Data { number, name, values } = reader.next().unwrap().unwrap().response else {
            panic!("no data")
        };
        let described = Described::of(number, &name, &values).unwrap();
        let told: Vec<_> = parts(described.item("BODYSTRUCTURE").unwrap());
        let told: Vec<_> = told.iter().map(|part| (part.kind.as_str(), part.bytes)).collect();
        assert_eq!(told, [("application/pdf", 2_000_000), ("image/png", 90_000), ("text/plain", 120)]);
    }
}
