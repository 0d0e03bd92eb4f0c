//! What a run has read of the ledger already: one over thousands of accounts reads every line once, and not at each sign-in.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::attempts::line::Line;
use crate::network::plain_file::{self, NotRead};

/// The lines that were read, by the account that they are about. It keeps their places and not their text, so that it stays
/// small.
#[derive(Default)]
pub(super) struct Known {
    /// How many bytes of the file are whole lines that were read.
    length: u64,
    /// The last of them. Its number is one at random: where it stands at its place, the file is the one that was read.
    last: Vec<u8>,
    places: HashMap<u64, Vec<Place>>,
    /// When the first sign-in was.
    pub(super) first: Option<OffsetDateTime>,
    /// The latest time of a sign-in, as it is written. It may lie ahead.
    latest: Vec<u8>,
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

    /// The latest time of a sign-in.
    pub(super) fn latest(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::parse(std::str::from_utf8(&self.latest).ok()?, &Rfc3339).ok()
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
        Ok(())
    }

    /// The lines that are about the account with this tag, in their order.
    pub(super) fn of(&self, path: &Path, account: &str) -> Result<String, NotRead> {
        let mut text = Vec::new();
        if let Some(places) = number(account).and_then(|account| self.places.get(&account)) {
            // Opened anew: where a program has it open, Windows may refuse to replace it.
            let mut file = plain_file::open(path)?;
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
        let glance = Glance::at(bytes).or_else(|| Glance::into(bytes));
        let is_blank = bytes.trim_ascii().is_empty();
        self.broken += usize::from(glance.is_none() && !is_blank);
        if !bytes.ends_with(b"\n") {
            return;
        }
        if let Some(Glance { when, account }) = glance {
            if self.length == 0 {
                self.first =
                    std::str::from_utf8(&when).ok().and_then(|when| OffsetDateTime::parse(when, &Rfc3339).ok());
            }
            if self.latest.as_slice() < when.as_ref() {
                self.latest = when.into_owned();
            }
            let place = u32::try_from(self.length).ok().zip(u32::try_from(bytes.len()).ok());
            if let Some((account, place)) = account.zip(place) {
                self.places.entry(account).or_default().push(place);
            }
        }
        self.length += bytes.len() as u64;
        self.last.clear();
        self.last.extend_from_slice(bytes);
    }
}

/// As much of a line as a run that is about other accounts needs. A ledger of many accounts has tens of thousands of lines,
/// and each check reads them: where a line is as this program writes it, it is not parsed for that.
struct Glance<'l> {
    /// In the form of which the later one is the greater one.
    when: Cow<'l, [u8]>,
    account: Option<u64>,
}

impl<'l> Glance<'l> {
    /// Of a line as it is written; `None` where it looks otherwise.
    fn at(line: &'l [u8]) -> Option<Self> {
        let (when, rest) = line.strip_prefix(b"{\"when\":\"")?.split_at_checked(TIME.len())?;
        let is_time = when.iter().zip(TIME).all(|(byte, form)| byte == form || *form == b'0' && byte.is_ascii_digit());
        let rest = rest.strip_prefix(b"\",\"id\":\"").filter(|_| is_time)?.get(16..)?;
        let rest = rest.strip_prefix(b"\",\"server\":\"")?;
        let rest = rest[rest.iter().position(|byte| *byte == b'"')?..].strip_prefix(b"\",\"account\":\"")?;
        let account = &rest[..rest.iter().position(|byte| *byte == b'"')?];
        let is_whole = rest.trim_ascii_end().ends_with(b"\"}");
        is_whole
            .then(|| Self { when: Cow::Borrowed(when), account: std::str::from_utf8(account).ok().and_then(number) })
    }

    /// Of a line that has to be parsed.
    fn into(line: &[u8]) -> Option<Self> {
        let line: Line = serde_json::from_slice(line).ok()?;
        let when = line.when.to_offset(UtcOffset::UTC).replace_nanosecond(0).ok()?.format(&Rfc3339).ok()?;
        Some(Self { when: Cow::Owned(when.into_bytes()), account: number(&line.account) })
    }
}

/// The form of a time, with 0 for any digit.
const TIME: &[u8] = b"0000-00-00T00:00:00Z";

/// The number that a tag is.
fn number(tag: &str) -> Option<u64> {
    u64::from_str_radix(tag, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_sees_what_parsing_sees() {
        let line = br#"{"when":"2026-11-29T12:00:00Z","id":"0000000000000007","server":"imap.mail.me.com","account":"0a1b","form":"name-part","mechanism":"plain","secret":"1b","outcome":"refused","by":"check"}"#;
        let seen = |glance: Option<Glance<'_>>| glance.map(|glance| (glance.when.into_owned(), glance.account));
        assert_eq!(seen(Glance::at(line)), seen(Glance::into(line)));
        assert_eq!(seen(Glance::at(line)), Some((b"2026-11-29T12:00:00Z".to_vec(), Some(0x0a1b))));
        let spaced = String::from_utf8_lossy(line).replace("\",\"", "\", \"").replace("12:00:00Z", "14:00:00.5+02:00");
        assert!(Glance::at(spaced.as_bytes()).is_none());
        assert_eq!(seen(Glance::into(spaced.as_bytes())), seen(Glance::at(line)));
        for cut in 0..line.len() {
            assert!(Glance::at(&line[..cut]).is_none(), "{cut}");
        }
    }
}
