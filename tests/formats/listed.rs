//! The names of all formats, as an error lists them for a format that does not exist.

use std::path::Path;
use std::process::Command;

pub(crate) fn listed(doctor: &Path) -> Vec<String> {
    let asked = Command::new(doctor).args(["check", "--dry-run", "--format", "none"]).output();
    let complaint = asked.map(|output| String::from_utf8_lossy(&output.stderr).into_owned()).unwrap_or_default();
    let list = complaint.split_once(": it takes ").and_then(|(_, rest)| rest.split_once(';'));
    let names: Vec<String> = list.iter().flat_map(|(list, _)| list.split(", ")).map(str::to_owned).collect();
    assert!(names.len() > 1, "no formats are listed in: {complaint}");
    names
}
