//! Finds each message of the server in a copy: one for one, by Message-ID and size, first in the folder of its name.

use super::Row;

/// A message of a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    /// The number of its folder in the copy.
    pub folder: u32,
    /// What its Message-ID is, by [`key`](super::key); 0 for none.
    pub key: u64,
    /// The sizes in bytes that it may have on the server: as it is, without the header fields that programs add, and without
    /// those too that they rewrite.
    pub sizes: [u32; 3],
    /// How much smaller it may be there, because of `>From` and of empty lines at its end.
    pub slack: u32,
    /// Whether it looks damaged: it has a NUL, or nothing.
    pub is_odd: bool,
}

impl Local {
    fn fits(&self, size: u32) -> bool {
        self.sizes.iter().any(|most| (most.saturating_sub(self.slack)..=*most).contains(&size))
    }
}

/// Where a message of the server is in a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nowhere.
    Missing,
    /// A message with its Message-ID and its size.
    Fits(usize),
    /// A message with its Message-ID and another size.
    OtherSize(usize),
}

/// The messages of a copy, and which of them stand for one of the server already.
pub(super) struct Copies<'c> {
    locals: &'c [Local],
    by_key: Vec<u32>,
    is_used: Vec<bool>,
}

impl<'c> Copies<'c> {
    pub(super) fn of(locals: &'c [Local]) -> Self {
        let mut by_key: Vec<u32> = (0..u32::try_from(locals.len()).unwrap_or(u32::MAX)).collect();
        by_key.sort_unstable_by_key(|at| locals[*at as usize].key);
        Self { locals, by_key, is_used: vec![false; locals.len()] }
    }

    /// Those with this Message-ID.
    fn with(&self, key: u64) -> &[u32] {
        let from = self.by_key.partition_point(|at| self.locals[*at as usize].key < key);
        let to = from + self.by_key[from..].partition_point(|at| self.locals[*at as usize].key == key);
        &self.by_key[from..to]
    }

    fn unused(&self, key: u64, is_it: impl Fn(&Local) -> bool) -> Option<usize> {
        let mut found = self.with(key).iter().map(|at| *at as usize);
        found.find(|at| !self.is_used[*at] && is_it(&self.locals[*at]))
    }

    /// Finds the messages of all folders, each with the number of the copy's folder of its name.
    pub(super) fn find(&mut self, folders: &[(&[Row], Option<u32>)]) -> Vec<Vec<Found>> {
        let mut found: Vec<Vec<Found>> = folders.iter().map(|(rows, _)| vec![Found::Missing; rows.len()]).collect();
        // What is in its own folder comes first: the same message may be in several.
        for (is_own, is_its_size) in [(true, true), (false, true), (true, false), (false, false)] {
            for ((rows, own), found) in folders.iter().zip(&mut found) {
                for (row, found) in rows.iter().zip(found).filter(|(_, found)| **found == Found::Missing) {
                    // Without a Message-ID only a size tells that it is the same: a program may have added a field to it.
                    let may_be = |local: &Local| match row.key {
                        0 => is_own && (row.size..row.size.saturating_add(MOST_ADDED)).contains(&local.sizes[0]),
                        _ => true,
                    };
                    let is_it = |local: &Local| {
                        let has_size = if is_its_size { local.fits(row.size) } else { may_be(local) };
                        has_size && (!is_own || Some(local.folder) == *own)
                    };
                    if let Some(at) = self.unused(row.key, is_it) {
                        self.is_used[at] = true;
                        *found = if is_its_size { Found::Fits(at) } else { Found::OtherSize(at) };
                    }
                }
            }
        }
        found
    }

    /// The others that may be a message: they have its Message-ID, and its size or no match.
    pub(super) fn others(&self, row: Row, but: usize) -> Vec<usize> {
        let others = self.with(row.key).iter().map(|at| *at as usize);
        others
            .filter(|at| *at != but && (self.locals[*at].fits(row.size) || !self.is_used[*at]))
            .take(MOST_OTHERS)
            .collect()
    }

    /// The messages that stand for none of the server: whether the server has another with this Message-ID, and the folder.
    pub(super) fn left(&self, is_known: impl Fn(u64) -> bool) -> impl Iterator<Item = (u32, bool)> {
        let left = self.locals.iter().zip(&self.is_used).filter(|(_, is_used)| !**is_used);
        left.map(move |(local, _)| (local.folder, local.key != 0 && is_known(local.key)))
    }
}

/// The header fields that a program adds are no longer, in bytes.
const MOST_ADDED: u32 = 4096;
/// No message is kept more often.
const MOST_OTHERS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    fn local(folder: u32, key: u64, size: u32) -> Local {
        Local { folder, key, sizes: [size, size - 10, size - 10], slack: 0, is_odd: false }
    }

    fn row(key: u64, size: u32) -> Row {
        Row { uid: 1, size, key, unix: 0 }
    }

    #[test]
    fn each_message_is_found_once_and_first_in_its_own_folder() {
        let locals = [local(0, 5, 100), local(1, 5, 100), local(1, 6, 100), local(0, 0, 70), local(0, 8, 50)];
        let mut copies = Copies::of(&locals);
        let inbox = [row(5, 100), row(6, 90), row(0, 60), row(0, 60), row(8, 49)];
        let archive = [row(5, 100), row(5, 100)];
        let found = copies.find(&[(&inbox, Some(0)), (&archive, Some(1))]);
        let expected = [Found::Fits(0), Found::Fits(2), Found::Fits(3), Found::Missing, Found::OtherSize(4)];
        assert_eq!(found[0], expected);
        assert_eq!(found[1], [Found::Fits(1), Found::Missing]);
        assert_eq!(copies.left(|_| true).count(), 0);
    }

    #[test]
    fn a_size_fits_with_or_without_the_fields_of_programs_and_nothing_in_between() {
        let local = Local { slack: 2, ..local(0, 1, 100) };
        let fitting: Vec<u32> = (80..=110).filter(|size| local.fits(*size)).collect();
        assert_eq!(fitting, [88, 89, 90, 98, 99, 100]);
    }
}
