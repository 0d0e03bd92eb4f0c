//! The laboratory's report: one row for each fault.

use crate::fault::{Fault, SignIns};

/// The columns of `line`.
pub(crate) fn header() -> String {
    let [fault, expected, got, sure] = ["fault", "expected", "got", "sure"];
    format!("{fault:<44} {expected:<42} {got:<42} {sure:<9} exit seconds IMAP SMTP")
}

pub(crate) struct Row<'a> {
    pub(crate) fault: &'a Fault,
    pub(crate) got: String,
    pub(crate) sure: String,
    pub(crate) exit: Option<i32>,
    pub(crate) seconds: f64,
    pub(crate) sign_ins: SignIns,
    pub(crate) passed: bool,
}

impl Row<'_> {
    pub(crate) fn line(&self) -> String {
        format!(
            "{:<44} {:<42} {:<42} {:<9} {:>4} {:>7.2} {:>4} {:>4}  {}",
            self.fault.name,
            self.fault.expected.words(),
            self.got,
            self.sure,
            self.exit.map_or("-".to_string(), |exit| exit.to_string()),
            self.seconds,
            self.sign_ins.imap,
            self.sign_ins.smtp,
            if self.passed { "ok" } else { "FAILED" }
        )
    }
}
