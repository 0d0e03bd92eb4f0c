//! A copy of a file, kept beside it under a name that is free.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind};

use super::place::Place;
use super::whole::create;

/// So many copies of one file are kept.
const MOST_COPIES: u32 = 1000;

/// Writes these bytes, which a file held, beside it, with its owner and permissions. Returns the name of the copy: the
/// file's own with `ending` after it, and with a number where that name is taken.
pub(crate) fn keep_copy(place: &Place, file: &File, bytes: &[u8], ending: &str) -> io::Result<OsString> {
    let numbers = std::iter::once(String::new()).chain((2..MOST_COPIES).map(|nth| format!("-{nth}")));
    for number in numbers {
        let mut name = place.path().file_name().unwrap_or_default().to_owned();
        name.push(format!("{ending}{number}"));
        match create(&place.beside(&name)?, bytes, Some(file)) {
            Ok(()) => return Ok(name),
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => {}
            Err(fault) => return Err(fault),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
