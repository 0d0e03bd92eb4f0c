//! A log as it is read: whole, or of a long one the beginning and the end, because the fault is usually the last thing
//! in it.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};

use super::kinds;
use crate::decode::Encoding;

/// How much of the beginning and of the end is read, in bytes.
const BEGINNING: usize = 128 << 10;
const END: usize = 896 << 10;

/// Reading stops after this many bytes of a pipe that does not end.
const MOST_STREAMED: u64 = 1 << 30;

/// How much is read at once.
const PIECE: usize = 64 << 10;

/// A text that was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Log {
    pub(super) text: String,
    /// What the text lacks.
    pub(super) gap: Option<Gap>,
    /// What the file is if it is not a text, and what to do instead.
    pub(super) kind: Option<(&'static str, &'static str)>,
}

/// What was left out of the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    /// Where in the text the end begins.
    pub(super) at: usize,
    left_out: u64,
    is_endless: bool,
}

impl fmt::Display for Gap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (beginning, end) = (BEGINNING >> 10, END >> 10);
        write!(
            out,
            "its first {beginning} KB and its last {end} KB were read, and {} between them left out",
            size(self.left_out)
        )?;
        if self.is_endless { write!(out, "; after 1 GB reading stopped") } else { Ok(()) }
    }
}

fn size(bytes: u64) -> String {
    if bytes < 1 << 20 {
        format!("{} KB", bytes.div_ceil(1 << 10))
    } else {
        format!("{} MB", (bytes + (1 << 19)) >> 20)
    }
}

/// Reads a file.
pub(super) fn of_file(mut file: File) -> io::Result<Log> {
    let length = file.metadata()?.len();
    if length <= (BEGINNING + END) as u64 {
        return of_stream_to_its_end(file);
    }
    let mut beginning = vec![0; BEGINNING];
    file.read_exact(&mut beginning)?;
    // A UTF-16 character, which has two bytes, is not cut in the middle.
    let end = (length - END as u64) & !1;
    file.seek(SeekFrom::Start(end))?;
    let mut last = Vec::with_capacity(END);
    file.take(END as u64 + 1).read_to_end(&mut last)?;
    Ok(joined(&beginning, &last, end - BEGINNING as u64, false))
}

/// Reads from a pipe. The error is half a sentence that says why it cannot be read.
pub(super) fn of_stream(source: impl Read) -> Result<Log, String> {
    of_stream_to_its_end(source).map_err(|fault| fault.to_string())
}

fn of_stream_to_its_end(mut source: impl Read) -> io::Result<Log> {
    let mut beginning = Vec::new();
    (&mut source).take(BEGINNING as u64).read_to_end(&mut beginning)?;
    let (mut last, mut dropped) = (Vec::new(), 0_u64);
    let mut source = source.take(MOST_STREAMED);
    loop {
        let count = (&mut source).take(PIECE as u64).read_to_end(&mut last)?;
        if count == 0 {
            break;
        }
        // The buffer grows to twice the size that is needed, so that bytes are seldom moved.
        if last.len() > 2 * END {
            dropped += forget(&mut last);
        }
    }
    if last.len() > END {
        dropped += forget(&mut last);
    }
    Ok(joined(&beginning, &last, dropped, source.limit() == 0))
}

/// Drops everything but the end, and returns how many bytes that was: an even number, so that UTF-16 is not cut.
fn forget(last: &mut Vec<u8>) -> u64 {
    let surplus = (last.len() - END) & !1;
    last.drain(..surplus);
    surplus as u64
}

/// Joins both pieces; where something between them is missing, only their whole lines.
fn joined(beginning: &[u8], last: &[u8], left_out: u64, is_endless: bool) -> Log {
    let kind = kinds::of(beginning);
    let encoding = Encoding::of(beginning);
    let decoded = |bytes: &[u8]| encoding.lossy(bytes).replace('\0', "");
    if left_out == 0 {
        return Log { text: decoded(&[beginning, last].concat()), gap: None, kind };
    }
    let (beginning, last) = (decoded(beginning), decoded(last));
    let whole = beginning.rfind('\n').map_or(beginning.as_str(), |end| &beginning[..end]);
    let mut text = format!("{whole}\n");
    let at = text.len();
    text.push_str(last.split_once('\n').map_or(last.as_str(), |(_, rest)| rest));
    Log { text, gap: Some(Gap { at, left_out, is_endless }), kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(lines: usize) -> String {
        (0..lines).fold(String::new(), |log, number| log + &format!("line {number:>8} of a long log\n"))
    }

    #[test]
    fn a_short_text_is_read_whole() {
        let text = log(1000);
        assert_eq!(of_stream(text.as_bytes()).unwrap(), Log { text, gap: None, kind: None });
    }

    #[test]
    fn of_a_long_text_the_beginning_and_the_end_are_read_in_whole_lines() {
        for (lines, wide) in [(50_000, false), (200_000, false), (50_000, true), (50_001, true)] {
            let text = format!("{}ä\n", log(lines));
            let bytes = match wide {
                true => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                false => text.clone().into_bytes(),
            };
            let path = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(path.path(), &bytes).unwrap();
            for read in [of_stream(&bytes[..]).unwrap(), of_file(File::open(path.path()).unwrap()).unwrap()] {
                let gap = read.gap.unwrap();
                assert!(text.starts_with(&read.text[..gap.at]) && text.ends_with(&read.text[gap.at..]), "{lines}");
                assert!(gap.at > 50_000 && read.text.len() - gap.at > 400_000, "{gap:?}");
                assert!((gap.left_out + (BEGINNING + END) as u64).abs_diff(bytes.len() as u64) < 2, "{gap:?}");
            }
        }
    }
}
