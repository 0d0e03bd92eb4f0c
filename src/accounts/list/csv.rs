//! A list in CSV (RFC 4180), with the names of the columns in its first line; a semicolon or a tab may separate them.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use zeroize::Zeroizing;

use super::Mistake;
use super::entry::{Entry, Fields, Value, field};

const MOST_CELLS: usize = 64;

/// One record: its cells, in a buffer that is wiped, and the line on which it begins.
struct Record {
    line: usize,
    text: Zeroizing<Vec<u8>>,
    ends: Vec<usize>,
}

impl Record {
    fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| std::str::from_utf8(&self.text[start..*end]).unwrap_or_default())
    }
}

/// Reads the entries.
pub(super) fn read(text: &str) -> (Vec<Entry>, Vec<Mistake>) {
    let (mut entries, mut mistakes) = (Vec::new(), Vec::new());
    let mut records = records(text);
    // A quotation mark that is alone takes the rest of the list into its cell.
    if !text.matches('"').count().is_multiple_of(2)
        && let Some(last) = records.pop()
    {
        let what = "a quotation mark (\") has no partner, here or in a line before; a cell with one in it is written as \
                    \"so \"\"quoted\"\"\"";
        mistakes.push((last.line, what.to_owned()));
    }
    let mut records = records.into_iter();
    let Some(header) = records.next() else { return (entries, mistakes) };
    let columns: Vec<String> = header.cells().map(field).collect();
    if !columns.iter().any(|name| name == "name") || !columns.iter().any(|name| name == "email") {
        let what = "the first line must name the columns, at least `name` and `email`; for instance \
                    name,email,password_command";
        return (entries, vec![(header.line, what.to_owned())]);
    }
    for record in records {
        if record.ends.len() > columns.len() {
            let what = format!(
                "it has {} cells, and the first line names {} columns; a cell with a {} in it is put in quotation marks",
                record.ends.len(),
                columns.len(),
                called(delimiter(without_sign(text).unwrap_or(text)))
            );
            mistakes.push((record.line, what));
            continue;
        }
        let cells = record.cells().map(|cell| Value::Text(Zeroizing::new(cell.to_owned())));
        let fields = columns.iter().cloned().zip(cells).collect();
        entries.push(Entry { line: record.line, fields: Fields(fields) });
    }
    (entries, mistakes)
}

/// The sign between the cells, by the line with the names.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    [b'\t', b';'].into_iter().find(|sign| !first.contains(',') && first.contains(char::from(*sign))).unwrap_or(b',')
}

/// What people call the sign.
fn called(delimiter: u8) -> &'static str {
    match delimiter {
        b';' => "semicolon",
        b'\t' => "tab",
        _ => "comma",
    }
}

/// The rest after the line `sep=;`, by which Excel is told the sign between the cells.
fn without_sign(text: &str) -> Option<&str> {
    let (first, rest) = text.split_once('\n')?;
    first
        .trim_start_matches('\u{feff}')
        .get(..4)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("sep="))
        .then_some(rest)
}

fn records(text: &str) -> Vec<Record> {
    let (text, above) = without_sign(text).map_or((text, 0), |rest| (rest, 1));
    let mut reader = ReaderBuilder::new().delimiter(delimiter(text)).build();
    // No record is longer than the whole text, and a buffer that grew would leave copies.
    let mut room = Zeroizing::new(vec![0; text.len()]);
    let (mut rest, mut records) = (text.as_bytes(), Vec::new());
    while let Some((record, left)) = next(&mut reader, rest, &mut room) {
        rest = left;
        let record = Record { line: record.line + above, ..record };
        let is_blank = record.cells().all(|cell| cell.trim().is_empty());
        records.extend((!is_blank).then_some(record));
    }
    records
}

/// The next record, and what follows it.
fn next<'t>(reader: &mut Reader, mut rest: &'t [u8], room: &mut [u8]) -> Option<(Record, &'t [u8])> {
    let mut ends = vec![0; MOST_CELLS];
    let (mut filled, mut ended) = (0, 0);
    // Blank lines before it are skipped with it.
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    let line = usize::try_from(reader.line()).unwrap_or(usize::MAX) + blank;
    loop {
        let (result, read, wrote, cells) = reader.read_record(rest, &mut room[filled..], &mut ends[ended..]);
        (rest, filled, ended) = (&rest[read..], filled + wrote, ended + cells);
        match result {
            ReadRecordResult::InputEmpty => {}
            // No list has so many columns: the rest of them is dropped, and the record said to be too long.
            ReadRecordResult::OutputEndsFull => ended = MOST_CELLS - 1,
            ReadRecordResult::Record => break,
            ReadRecordResult::OutputFull | ReadRecordResult::End => return None,
        }
    }
    ends.truncate(ended);
    Some((Record { line, text: Zeroizing::new(room[..filled].to_vec()), ends }, rest))
}
