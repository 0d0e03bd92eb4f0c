//! Finds out why iCloud Mail will not sign in, send or sync over IMAP and SMTP, and says how to fix it.
//!
#![doc = include_str!("architecture.md")]
#![cfg_attr(
    not(feature = "real"),
    allow(dead_code, unused_imports, reason = "what only the commands use is not cut out")
)]

#[cfg(feature = "real")]
mod accounts;
#[cfg(feature = "real")]
mod archive;
#[cfg(feature = "real")]
mod aside;
#[cfg(feature = "real")]
mod attempts;
#[cfg(feature = "real")]
mod check;
#[cfg(feature = "real")]
mod cli;
#[cfg(feature = "real")]
mod commands;
mod compare;
#[cfg(feature = "real")]
mod completions;
mod decode;
mod diagnosis;
#[cfg(feature = "real")]
mod executable;
#[cfg(test)]
#[path = "../tests/doctor/cases.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "the tests that go through the program use it too")]
mod expected;
mod explain;
#[cfg(feature = "real")]
mod files;
#[cfg(fuzzing)]
pub mod fuzzed;
mod guide;
#[cfg(feature = "real")]
mod guided;
#[cfg(feature = "real")]
mod hardening;
#[cfg(feature = "keyring")]
mod keyring;
#[cfg(feature = "real")]
mod limits;
#[cfg(feature = "real")]
mod manual;
mod meant;
mod misuse;
#[cfg(feature = "real")]
mod output;
mod packed;
#[doc(hidden)]
pub mod page;
mod pattern;
#[cfg(feature = "real")]
mod privacy;
mod programs;
#[cfg(feature = "real")]
mod progress;
mod quoted;
mod redact;
#[cfg(feature = "real")]
mod rehearse;
mod render;
mod report;
#[cfg(feature = "real")]
mod retell;
mod review;
#[cfg(feature = "real")]
mod runtime;
#[cfg(feature = "real")]
mod serve;
mod setup;
#[cfg(feature = "real")]
mod signals;
mod texts;
mod visible;
mod words;

#[cfg(feature = "real")]
pub use commands::main;
