//! The mailbox, and the way of a message into it, as tables for every format that people read.

use checks::learned::Learned;
use checks::round_trip;
use checks::survey::{Amount, Facts, Role, Sweep};

use super::Report;
use crate::words;
use crate::words::survey::{self, counted, figures, size};

/// A table, with a sentence below it where something has to be said of it.
pub(crate) struct Table {
    pub(crate) title: &'static str,
    /// The first column is of words, and the others of figures.
    pub(crate) columns: Vec<&'static str>,
    /// Whether the last column is of words too.
    pub(crate) ends_in_words: bool,
    pub(crate) rows: Vec<Row>,
    pub(crate) below: Option<String>,
    /// Whether the rows are the stations of one way.
    pub(crate) is_way: bool,
}

/// A row, and its share of the largest one, in percent.
pub(crate) struct Row {
    pub(crate) cells: Vec<String>,
    pub(crate) share: u64,
}

impl Report {
    /// The tables of a run that looked at the mailbox or sent a message; none of any other.
    pub(crate) fn tables(&self) -> Vec<Table> {
        let sent = self.checks.iter().find_map(|row| match &row.learned {
            Learned::RoundTrip(Some(asked)) => Some(&asked.facts),
            _ => None,
        });
        if let Some(facts) = sent {
            return vec![way(facts)];
        }
        let learned = self.checks.iter().find_map(|row| match &row.learned {
            Learned::Mailbox(Some(asked)) => Some(&asked.facts),
            _ => None,
        });
        let Some(facts) = learned else { return Vec::new() };
        let swept = facts.sweep.iter().flat_map(|sweep| swept(sweep, facts));
        [folders(facts)].into_iter().chain(swept).filter(|table| !table.rows.is_empty()).collect()
    }
}

/// The stations of a message.
fn way(facts: &round_trip::Facts) -> Table {
    let stations = words::round_trip::stations(facts);
    let most = stations.iter().map(|(.., at_ms)| *at_ms).max();
    let rows =
        stations.into_iter().map(|(what, when, at_ms)| Row { cells: vec![what, when], share: share(at_ms, most) });
    Table {
        title: "The way of the message",
        columns: vec!["Station", "After"],
        ends_in_words: false,
        rows: rows.collect(),
        below: Some(words::round_trip::cleaning(facts)),
        is_way: true,
    }
}

fn folders(facts: &Facts) -> Table {
    let most = facts.folders.iter().filter_map(|folder| folder.messages).max();
    let is_swept = facts.sweep.is_some();
    let amount = |count: Option<u64>| count.map_or_else(|| "–".to_owned(), figures);
    let (inbox, others): (Vec<_>, Vec<_>) =
        facts.folders.iter().filter(|folder| folder.is_selectable).partition(|folder| folder.role == Some(Role::Inbox));
    let rows = inbox.into_iter().chain(others).map(|folder| {
        let mut cells = vec![survey::folder(folder), amount(folder.messages), amount(folder.unseen)];
        if is_swept {
            cells.push(folder.bytes.map_or_else(|| "–".to_owned(), size));
            cells.push(folder.oldest.clone().unwrap_or_else(|| "–".to_owned()));
        }
        Row { cells, share: share(folder.messages.unwrap_or(0), most) }
    });
    let mut columns = vec!["Folder", "Messages", "Unread"];
    if is_swept {
        columns.extend(["Size", "Oldest"]);
    }
    let below = survey::left_out(facts.folders_left_out, facts.stopped_by.as_deref());
    Table { title: "The mailbox", columns, ends_in_words: false, rows: rows.collect(), below, is_way: false }
}

/// What the sizes and dates of all messages tell.
fn swept(sweep: &Sweep, facts: &Facts) -> Vec<Table> {
    let amounts = |title, first, named: Vec<(String, Amount)>, below| {
        let most = named.iter().map(|(_, amount)| amount.bytes).max();
        let row = |(name, amount): (String, Amount)| Row {
            cells: vec![name, figures(amount.messages), size(amount.bytes)],
            share: share(amount.bytes, most),
        };
        Table {
            title,
            columns: vec![first, "Messages", "Size"],
            ends_in_words: false,
            rows: named.into_iter().map(row).collect(),
            below,
            is_way: false,
        }
    };
    let years = sweep.years.iter().rev().map(|(year, amount)| (year.clone(), *amount)).collect();
    let windows = sweep.windows.iter().map(|days| (counted(days.days.into(), "day"), days.amount)).collect();
    let older = sweep.older_than.iter().map(|days| (survey::age(days.days), days.amount)).collect();
    let largest = sweep.largest.iter().map(|large| {
        let folder = facts.folders.iter().find(|folder| folder.number == large.folder).map(survey::folder);
        let date = large.date.clone().unwrap_or_else(|| "–".to_owned());
        let place = folder.unwrap_or_default();
        let cells = vec![place, date, size(large.bytes), survey::parts(&large.parts)];
        Row { cells, share: share(large.bytes, sweep.largest.first().map(|first| first.bytes)) }
    });
    vec![
        amounts("By year", "Arrived in", years, survey::covered(sweep)),
        amounts("What a mail program holds that keeps only the last days", "The last", windows, None),
        amounts("What is old", "Older than", older, None),
        Table {
            title: "The largest messages",
            columns: vec!["Folder", "Arrived", "Size", "Parts"],
            ends_in_words: true,
            rows: largest.collect(),
            below: None,
            is_way: false,
        },
    ]
}

fn share(of: u64, most: Option<u64>) -> u64 {
    most.filter(|most| *most > 0).map_or(0, |most| of.saturating_mul(100) / most)
}
