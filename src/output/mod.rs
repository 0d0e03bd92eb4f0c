//! Everything that is written: standard output, messages beside it, and the files that the user named.

mod browser;
mod destinations;
mod replaceable;
mod target;

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

use crate::limits;
use crate::misuse::Misuse;
pub(crate) use destinations::{Destinations, can_write_in, write_in};

/// Writes plain bytes to standard output.
pub(crate) fn print(bytes: &[u8]) -> Result<u8, Misuse> {
    print_colored(bytes, ColorChoice::Never)
}

/// Writes to standard output. A reader that closes the pipe early (`| head`) is not an error.
pub(crate) fn print_colored(bytes: &[u8], choice: ColorChoice) -> Result<u8, Misuse> {
    limits::lift();
    let mut out = AutoStream::new(io::stdout(), choice);
    let newline: &[u8] = if bytes.ends_with(b"\n") { b"" } else { b"\n" };
    let written = out.write_all(bytes).and_then(|()| out.write_all(newline)).and_then(|()| out.flush());
    match written {
        Err(fault) if fault.kind() != io::ErrorKind::BrokenPipe => {
            Err(Misuse::new(format!("standard output cannot be written: {fault}"), "use --output FILE"))
        }
        _ => Ok(0),
    }
}
