//! What a run has read of the ledger already: one over thousands of accounts reads every line once, and not at each sign-in.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use time::OffsetDateTime;

use crate::attempts::line::Line;
use crate::network::plain_file::{self, NotRead};

/// The lines that were read, by the account that they are about. It keeps their places and not their text, so that it stays
/// small.
#[derive(Default)]
pub(super) struct Known {
    /// Until the lines that are looked for are read: where a program has it open, Windows may refuse to replace it.
    file: Option<File>,
    /// How many bytes of the file are whole lines that were read.
    length: u64,
    /// The last of them. Its number is one at random: where it stands at its place, the file is the one that was read.
    last: Vec<u8>,
    places: HashMap<u64, Vec<Place>>,
    /// When the first sign-in was.
    pub(super) first: Option<OffsetDateTime>,
    /// How many lines cannot be read, with what another program tore off at the end.
    pub(super) broken: usize,
}

/// Where a line begins, and how long it is.
type Place = (u32, u32);

impl Known {
    /// How many bytes the ledger has, without a last line that is not whole.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Reads what is new in the ledger; all of it, if it is not the one that was read before.
    pub(super) fn look(&mut self, path: &Path, longest: u64) -> Result<(), NotRead> {
        let mut file = match plain_file::open(path) {
            Err(NotRead::Failed(fault)) if fault.kind() == io::ErrorKind::NotFound => {
                *self = Self::default();
                return Ok(());
            }
            opened => opened?,
        };
        if !self.is_read_from(&mut file)? {
            *self = Self::default();
        }
        if file.metadata()?.len() > longest {
            return Err(NotRead::TooLong(longest));
        }
        file.seek(SeekFrom::Start(self.length))?;
        let bytes = plain_file::within(&mut file, longest)?;
        bytes.split_inclusive(|byte| *byte == b'\n').for_each(|line| self.take(line));
        self.file = Some(file);
        Ok(())
    }

    /// The lines that are about the account with this tag, in their order.
    pub(super) fn of(&mut self, account: &str) -> io::Result<String> {
        let mut text = Vec::new();
        let places = number(account).and_then(|account| self.places.get(&account));
        if let (Some(places), Some(mut file)) = (places, self.file.take()) {
            for (at, length) in places {
                file.seek(SeekFrom::Start(u64::from(*at)))?;
                file.by_ref().take(u64::from(*length)).read_to_end(&mut text)?;
            }
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn is_read_from(&self, file: &mut File) -> io::Result<bool> {
        if file.metadata()?.len() < self.length {
            return Ok(false);
        }
        let mut there = vec![0; self.last.len()];
        file.seek(SeekFrom::Start(self.length - self.last.len() as u64))?;
        file.read_exact(&mut there)?;
        Ok(there == self.last)
    }

    fn take(&mut self, bytes: &[u8]) {
        let is_blank = bytes.trim_ascii().is_empty();
        let line = serde_json::from_slice::<Line>(bytes);
        self.broken += usize::from(line.is_err() && !is_blank);
        if !bytes.ends_with(b"\n") {
            return;
        }
        if let Ok(line) = line {
            if self.length == 0 {
                self.first = Some(line.when);
            }
            let place = u32::try_from(self.length).ok().zip(u32::try_from(bytes.len()).ok());
            if let Some((account, place)) = number(&line.account).zip(place) {
                self.places.entry(account).or_default().push(place);
            }
        }
        self.length += bytes.len() as u64;
        self.last.clear();
        self.last.extend_from_slice(bytes);
    }
}

/// The number that a tag is.
fn number(tag: &str) -> Option<u64> {
    u64::from_str_radix(tag, 16).ok()
}
