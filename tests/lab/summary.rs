//! The figures at the end: the right diagnoses, and the wrong ones that were called certain.

use crate::fault::{Expected, Fault};
use std::fmt::Write as _;

/// The outcome of one world.
pub(crate) struct Result {
    pub(crate) fault: &'static Fault,
    /// The doctor reported what the fault expects, besides any other complaint.
    pub(crate) is_right: bool,
    pub(crate) is_wrong_and_certain: bool,
    pub(crate) exit: Option<i32>,
    pub(crate) seconds: f64,
    pub(crate) complaints: Vec<String>,
}

impl Result {
    pub(crate) fn passed(&self) -> bool {
        self.complaints.is_empty()
    }
}

pub(crate) fn text(results: &[Result]) -> String {
    let share = |what: &str, of: fn(&Expected) -> bool| {
        let mine: Vec<_> = results.iter().filter(|result| of(&result.fault.expected)).collect();
        let right = mine.iter().filter(|result| result.is_right).count();
        format!("{what:<32} {right} of {}\n", mine.len())
    };
    let mut text = share("one fault, named first", |expected| matches!(expected, Expected::Cause(_)));
    text += &share("two faults, both named", |expected| matches!(expected, Expected::Causes(_)));
    text += &share("mail works, but: warned", |expected| matches!(expected, Expected::Warning(_)));
    text += &share("healthy, without trouble", |expected| {
        matches!(expected, Expected::Healthy | Expected::HealthyDespite(_))
    });
    let certain = results.iter().filter(|result| result.is_wrong_and_certain).count();
    let _ = writeln!(text, "{:<32} {certain}", "wrong and certain");
    if let Some(longest) = results.iter().max_by(|one, other| one.seconds.total_cmp(&other.seconds)) {
        let _ = writeln!(text, "{:<32} {:.1} s ({})", "longest run", longest.seconds, longest.fault.name);
    }
    let failed: Vec<_> = results.iter().filter(|result| !result.passed()).collect();
    let _ = writeln!(text, "{} passed, {} failed", results.len() - failed.len(), failed.len());
    for result in failed {
        let complaint = result.complaints.first().map_or("", String::as_str);
        let _ = writeln!(text, "    {}: {complaint}", result.fault.name);
    }
    text
}
