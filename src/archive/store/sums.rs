//! `SHA256SUMS`, as `sha256sum -c` reads it: one line for each file of the copy.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;

use checks::archive::digest::Sha256;
use checks::archive::key;

use super::options;

const NAME: &str = "SHA256SUMS";
/// What it is rewritten as, before it takes the old one's name.
const REWRITTEN: &str = "SHA256SUMS.new";

/// The list, which is appended to while messages come.
pub(super) struct Sums {
    file: File,
    /// The names that it has, each as a number.
    known: HashSet<u64>,
    /// Those that were seen to be there, or were added.
    seen: HashSet<u64>,
    is_torn: bool,
}

impl Sums {
    pub(super) fn read(root: &Path) -> io::Result<Self> {
        let mut file = options().create(true).read(true).append(true).open(root.join(NAME))?;
        let mut known = HashSet::new();
        for line in BufReader::new(&file).split(b'\n') {
            let line = line?;
            known.extend(name(&line).map(key));
        }
        let mut last = [b'\n'];
        let length = file.metadata()?.len();
        if length > 0 {
            io::Seek::seek(&mut file, io::SeekFrom::Start(length - 1))?;
            file.read_exact(&mut last)?;
        }
        // A line that a killed run did not finish is left out at the end; the next begins on its own.
        let is_torn = last != *b"\n";
        if is_torn {
            file.write_all(b"\n")?;
        }
        Ok(Self { file, known, seen: HashSet::new(), is_torn })
    }

    /// A file is there: if the list lacks it, it is read and added.
    pub(super) fn see(&mut self, root: &Path, name: String) -> io::Result<()> {
        let number = key(name.as_bytes());
        self.seen.insert(number);
        if self.known.contains(&number) {
            return Ok(());
        }
        let mut file = File::open(root.join(&name))?;
        let (mut sum, mut bytes) = (Sha256::default(), vec![0; super::AT_ONCE]);
        loop {
            let length = file.read(&mut bytes)?;
            if length == 0 {
                break;
            }
            sum.take(&bytes[..length]);
        }
        self.add([(sum.hexadecimal(), name)])
    }

    /// Adds lines, and puts them on the disk.
    pub(super) fn add(&mut self, lines: impl IntoIterator<Item = (String, String)>) -> io::Result<()> {
        let mut text = String::new();
        for (sum, name) in lines {
            let number = key(name.as_bytes());
            self.seen.insert(number);
            if self.known.insert(number) {
                text.extend([&sum, "  ", &name, "\n"]);
            }
        }
        if text.is_empty() {
            return Ok(());
        }
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()
    }

    /// Leaves out the lines of files that are no longer there under that name, if there are any.
    pub(super) fn end(&mut self, root: &Path) -> io::Result<()> {
        if !self.is_torn && self.known.is_subset(&self.seen) {
            return Ok(());
        }
        let mut new = io::BufWriter::new(options().create(true).truncate(true).write(true).open(root.join(REWRITTEN))?);
        for line in BufReader::new(File::open(root.join(NAME))?).split(b'\n') {
            let line = line?;
            let Some(name) = name(&line) else { continue };
            let is_there =
                self.seen.contains(&key(name)) || std::str::from_utf8(name).is_ok_and(|name| root.join(name).is_file());
            if is_there {
                new.write_all(&line)?;
                new.write_all(b"\n")?;
            }
        }
        // The old file is closed by this: Windows may refuse to replace one that is open.
        self.file = new.into_inner().map_err(io::IntoInnerError::into_error)?;
        self.file.sync_all()?;
        fs::rename(root.join(REWRITTEN), root.join(NAME))
    }
}

/// 64 digits and two spaces.
const SUM_AND_SPACES: usize = 66;

/// The name in a line.
fn name(line: &[u8]) -> Option<&[u8]> {
    line.get(SUM_AND_SPACES..).filter(|name| !name.is_empty())
}
