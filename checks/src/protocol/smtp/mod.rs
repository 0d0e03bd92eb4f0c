//! SMTP (RFC 5321, RFC 6409) as servers really speak it: everything that can be understood is read.

pub mod command;
mod ehlo;
mod frame;
mod reader;
mod reply;
#[cfg(test)]
mod tests;

pub use ehlo::{Ehlo, Keyword};
pub use frame::{LINE_MAX, LINES_MAX};
pub use reader::Reader;
pub use reply::{EnhancedCode, Reply};
