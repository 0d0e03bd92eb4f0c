//! Does the server search and sort as it is asked? Asked of the newest messages alone, whose sizes are known: each
//! question has one true answer.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::mailbox;
use crate::protocol::imap::{Value, command};
use crate::tagged::{Beside, Heard};

/// No message is as large, in bytes: RFC 3501 counts them in 32 bits, and iCloud takes no more than 20 MB.
const LARGER_THAN_ANY: u32 = 2_000_000_000;

/// What came of searching and sorting the newest messages of the inbox by their size.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "MailboxSearch")]
pub struct Search {
    /// The number of messages that were searched.
    pub of: u32,
    /// How many of them the server found that are larger than 2,000,000,000 bytes, which none is; `None` where it refused.
    pub larger: Option<u32>,
    /// How many of them the server found that are smaller, which all are; `None` where it refused.
    pub smaller: Option<u32>,
    /// Whether the server sorted them by their size (RFC 5256); `None` where it does not offer that, refused, or has them
    /// in this order anyway.
    pub is_sorted: Option<bool>,
}

impl Search {
    /// Whether an answer is not the true one. A message may go meanwhile, and so a few that are missing prove nothing.
    pub fn is_wrong(&self) -> bool {
        self.larger.is_some_and(|found| found > 0) || self.smaller == Some(0)
    }
}

/// The questions about the newest of some messages. They are sent beside others, and never two searches at once: a
/// server may answer the second one first, and nothing in the answers tells them apart.
pub(super) struct Questions {
    numbers: RangeInclusive<u32>,
    sorts: bool,
}

impl Questions {
    pub(super) fn of(exists: u32, offered: &[String]) -> Self {
        let sorts = offered.iter().any(|offered| offered == "SORT");
        Self { numbers: mailbox::newest_numbers(exists), sorts }
    }

    pub(super) fn first(&self) -> Beside {
        vec![("Q1", command::search_larger("Q1", &self.numbers, LARGER_THAN_ANY))]
    }

    /// Once the sizes are known; an order needs two of them.
    pub(super) fn second(&self, sizes: &BTreeMap<u32, u64>) -> Beside {
        let sort = (self.sorts && sizes.len() > 1).then(|| ("Q3", command::sort_by_size("Q3", &self.numbers)));
        let search = ("Q2", command::search_smaller("Q2", &self.numbers, LARGER_THAN_ANY));
        [search].into_iter().chain(sort).collect()
    }

    /// What the answers come to; `None` where there was no message to ask about.
    pub(super) fn answered(&self, sizes: &BTreeMap<u32, u64>, first: &Heard, second: &Heard) -> Option<Search> {
        let is_true = sizes.values().all(|size| *size < u64::from(LARGER_THAN_ANY));
        let count = |found: Vec<u32>| u32::try_from(found.len()).unwrap_or(u32::MAX);
        (!sizes.is_empty() && is_true).then(|| Search {
            of: self.numbers.end() - self.numbers.start() + 1,
            larger: self.found(first, "Q1", "SEARCH").map(count),
            smaller: self.found(second, "Q2", "SEARCH").map(count),
            is_sorted: self.found(second, "Q3", "SORT").and_then(|sorted| is_by_size(sizes, &sorted)),
        })
    }

    /// The numbers that the server found, in its order; `None` where it refused or was not asked. iCloud says nothing of
    /// them where it finds none (imap-backup, lib/email/account/folder.rb).
    fn found(&self, heard: &Heard, tag: &str, name: &str) -> Option<Vec<u32>> {
        let mut found = Vec::new();
        for (_, _, values) in heard.data.iter().filter(|(_, of, _)| of == name) {
            for number in values.iter().filter_map(Value::text).filter_map(|number| number.parse().ok()) {
                if self.numbers.contains(&number) && !found.contains(&number) {
                    found.push(number);
                }
            }
        }
        heard.is_done(tag).then_some(found)
    }
}

/// Whether the largest comes first; `None` where that is so by the numbers too.
fn is_by_size(sizes: &BTreeMap<u32, u64>, sorted: &[u32]) -> Option<bool> {
    let falls = |sizes: &[u64]| sizes.is_sorted_by(|one, next| one >= next);
    let by_number: Vec<u64> = sizes.values().copied().collect();
    let as_sorted: Vec<u64> = sorted.iter().filter_map(|number| sizes.get(number).copied()).collect();
    (!falls(&by_number) && as_sorted.len() == by_number.len()).then(|| falls(&as_sorted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_shows_something_where_the_numbers_have_another() {
        let sizes = |sizes: &[u64]| (1..).zip(sizes.iter().copied()).collect::<BTreeMap<u32, u64>>();
        for (known, sorted, expected) in [
            (&[10, 30, 20][..], &[2, 3, 1][..], Some(true)),
            (&[10, 30, 20], &[1, 2, 3], Some(false)),
            (&[10, 30, 20], &[3, 2, 1], Some(false)),
            (&[10, 30, 20], &[2, 3], None),
            (&[30, 20, 20], &[1, 2, 3], None),
            (&[20, 20], &[2, 1], None),
            (&[20], &[1], None),
        ] {
            assert_eq!(is_by_size(&sizes(known), sorted), expected, "{known:?} {sorted:?}");
        }
    }

    #[test]
    fn only_what_no_honest_server_finds_is_wrong() {
        for (larger, smaller, expected) in [
            (Some(0), Some(20), false),
            (Some(0), Some(19), false),
            (None, None, false),
            (Some(1), Some(20), true),
            (Some(0), Some(0), true),
            (None, Some(0), true),
        ] {
            assert_eq!(
                Search { of: 20, larger, smaller, is_sorted: None }.is_wrong(),
                expected,
                "{larger:?} {smaller:?}"
            );
        }
    }
}
