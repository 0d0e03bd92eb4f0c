//! IMAP (RFC 3501, RFC 9051) as servers really speak it: everything that can be understood is read.

pub mod change;
pub mod command;
mod frame;
mod literal;
mod message;
mod parse;
mod private;
mod reader;
mod response;
#[cfg(test)]
mod tests;
mod values;

pub use frame::FRAME_MAX;
pub use message::{Described, Message, Seen, Watched};
pub use private::Private;
pub use reader::Reader;
pub use response::{Answer, Code, Response, StatusKind, VALUES_MAX, Value};
pub use values::DEPTH_MAX;
