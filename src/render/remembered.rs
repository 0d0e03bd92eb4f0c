//! The sign-ins that are remembered, for a person: a line each.

use std::io;

use super::{Look, list};
use crate::report::remembered::Remembered;

pub(super) fn write(remembered: &Remembered, look: Look, out: &mut dyn io::Write) -> io::Result<()> {
    let sign_ins = &remembered.sign_ins;
    match remembered.forgotten {
        Some(0) => writeln!(out, "No sign-in was remembered."),
        Some(1) => writeln!(out, "One sign-in is forgotten."),
        Some(count) => writeln!(out, "{count} sign-ins are forgotten."),
        None if sign_ins.is_empty() => writeln!(out, "No sign-in is remembered."),
        None => {
            let items: Vec<_> = sign_ins.iter().map(|one| (one.time(), one.summary.clone())).collect();
            writeln!(out, "{}", list(&items, look.width, 0))
        }
    }
}
