//! Files that the user names as input: a plain file, or a descriptor that the shell opened.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use checks::network::plain_file::{self, NotRead};

use crate::{decode, limits};

/// Opens the file. `-` is standard input, and the shell passes `<(command)` as a path such as `/dev/fd/63`: reading
/// these may wait for more input, as the user intends. A pipe or a device with any other name is refused.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>, NotRead> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin()));
    }
    match descriptor(path) {
        Some(0) => Ok(Box::new(io::stdin())),
        Some(_) => Ok(Box::new(File::open(path)?)),
        None => Ok(Box::new(plain_file::open(path)?)),
    }
}

/// Returns the whole text of a report or a case. The error is half a sentence that says why it cannot be read.
pub(crate) fn text(path: &Path) -> Result<String, String> {
    let bytes = open(path).and_then(|source| plain_file::within(source, limits::LONGEST));
    decode::text(&bytes.map_err(|why| why.to_string())?).ok_or_else(|| "it is not text".to_owned())
}

/// Returns the number of the open descriptor that a path means.
pub(crate) fn descriptor(path: &Path) -> Option<u32> {
    let path = path.to_str().filter(|_| cfg!(unix))?;
    match path {
        "/dev/stdin" => Some(0),
        "/dev/stdout" => Some(1),
        "/dev/stderr" => Some(2),
        _ => path.strip_prefix("/dev/fd/").or_else(|| path.strip_prefix("/proc/self/fd/"))?.parse().ok(),
    }
}
