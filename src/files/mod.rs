//! Files that the user names: only plain files are read, and a file is written completely or not at all.

mod attributes;
mod copies;
mod folder;
mod given;
mod place;
mod whole;

pub(crate) use copies::keep_copy;
pub(crate) use given::{descriptor, open as open_given, text as given_text};
pub(crate) use place::{Identity, Place};
pub(crate) use whole::{can_be_written, create, replace};
