//! Which files an output may replace: an empty one, and an older one of the same kind, so that a nightly job can write
//! its report again. Any other file may be the only copy of something.

use std::io::{self, Read as _};

use checks::network::case::Case;
use checks::network::plain_file::NotRead;

use crate::files::Place;
use crate::render::Format;
use crate::{decode, limits};

/// What is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Report(Format),
    Case,
}

impl Kind {
    /// Whether the file at that place is missing, or can be replaced without a loss.
    pub(super) fn may_replace(self, place: &Place) -> io::Result<bool> {
        let file = match place.read() {
            Ok((file, _)) => file,
            Err(NotRead::Failed(fault)) if fault.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(NotRead::Failed(fault)) => return Err(fault),
            Err(other) => return Err(io::Error::other(other.to_string())),
        };
        let mut bytes = Vec::new();
        // One more byte shows that a file is longer than any of ours.
        let length = file.take(limits::LONGEST + 1).read_to_end(&mut bytes)?;
        if length as u64 > limits::LONGEST {
            return Ok(false);
        }
        let text = decode::lossy(&bytes);
        Ok(text.is_empty()
            || match self {
                Self::Report(format) => format.is_report(&text),
                // This program writes no comments into a case.
                Self::Case => Case::read(&text).is_ok() && !text.lines().any(|line| line.starts_with('#')),
            })
    }

    /// Its name, after "one of this program's".
    pub(super) fn name(self) -> String {
        match self {
            Self::Report(format) => format!("{} reports", format.name),
            Self::Case => "recorded cases".to_owned(),
        }
    }
}
