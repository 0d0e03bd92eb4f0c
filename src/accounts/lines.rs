//! Where the JSON lines go: each is written at once, so that a run that is killed loses only what was under way.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write};
use std::path::Path;

use super::resume::Earlier;
use crate::misuse::{Misuse, file_name};
use crate::render::{Detail, Format, Look, render};
use crate::report::line::Line;

/// An open output for lines.
pub(super) struct Lines {
    to: Box<dyn Write>,
    format: Format<Line>,
}

impl Lines {
    /// To standard output.
    pub(super) fn to_output(format: Format<Line>, earlier: &Earlier) -> Result<Self, Misuse> {
        let mut to: Box<dyn Write> = Box::new(io::stdout());
        if earlier.is_torn {
            // `>>` to the same file goes on after half a line.
            to.write_all(b"\n").map_err(|fault| {
                Misuse::new(format!("standard output cannot be written: {fault}"), "use --output FILE")
            })?;
        }
        Ok(Self { to, format })
    }

    /// To a file: a new or an empty one; the one that is resumed, after its last whole line; or any other if the user
    /// insists.
    pub(super) fn to_file(
        path: &Path,
        format: Format<Line>,
        list: &Path,
        resumed: Option<(&Path, &Earlier)>,
        is_forced: bool,
    ) -> Result<Self, Misuse> {
        let unwritten = |fault: io::Error| {
            Misuse::new(format!("{} cannot be written: {fault}", file_name(path)), "name another file")
        };
        let file = opened(path).map_err(unwritten)?;
        let length = file.metadata().map_err(unwritten)?.len();
        let kept = match resumed.filter(|(resumed, _)| is_same(resumed, path)) {
            Some((_, earlier)) => earlier.whole,
            None if is_same(list, path) => {
                return Err(Misuse::new(format!("{} is the list itself", file_name(path)), "name another file"));
            }
            None if length == 0 || is_forced => 0,
            None => {
                let name = file_name(path);
                return Err(Misuse::new(
                    format!("{name} is there already"),
                    "go on with it by --resume and the same file, name another one, or replace it with --force",
                ));
            }
        };
        let at_its_end = |mut file: File| {
            file.set_len(kept)?;
            file.seek(SeekFrom::Start(kept)).map(|_| file)
        };
        Ok(Self { to: Box::new(at_its_end(file).map_err(unwritten)?), format })
    }

    /// Writes a line. An error means that nobody reads any more.
    pub(super) fn write(&mut self, line: &Line) -> io::Result<()> {
        let look = Look { width: 0, lines: None, is_plain: true, detail: Detail::Usual };
        let mut text = Vec::new();
        render(self.format, look, line, &mut text)?;
        self.to.write_all(&text)?;
        self.to.flush()
    }
}

/// Readable by its owner alone, as every report.
fn opened(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn is_same(one: &Path, other: &Path) -> bool {
    dunce::canonicalize(one).ok().zip(dunce::canonicalize(other).ok()).is_some_and(|(one, other)| one == other)
}
