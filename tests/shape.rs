//! Who may know whom, and how every file begins: the laws that no compiler holds.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => walk(&path, found),
                false if path.extension().is_some_and(|end| end == "rs") => found.push(path),
                false => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    assert!(!found.is_empty(), "{folder}");
    found.sort();
    found.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// No file below `folder` may name any of these.
fn is_unknown_to(folder: &str, names: &[&str]) {
    for (path, text) in sources(folder) {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for name in names {
            assert!(!code.contains(name), "{} knows {name}", path.display());
        }
    }
}

#[test]
fn a_renderer_knows_the_report_and_nothing_else() {
    is_unknown_to("src/render", &["checks::", "crate::diagnosis", "crate::guide", "crate::cli", "crate::saw"]);
}

#[test]
fn the_diagnosis_knows_the_evidence_and_nothing_later() {
    is_unknown_to("src/diagnosis", &["crate::report", "crate::render", "crate::guide", "crate::cli", "crate::check"]);
}

#[test]
fn the_protocol_knows_no_socket_and_no_clock() {
    is_unknown_to("checks/src/protocol", &["tokio", "std::net", "std::time", "time::", "crate::network", "async "]);
}

#[test]
fn the_outside_has_one_door() {
    let outside =
        ["tokio::net", "TcpStream", "UdpSocket", "tokio_rustls", "rustls::", "reqwest", "hickory", "std::env::var"];
    for (path, text) in sources("checks/src") {
        let is_door = path.components().any(|part| part.as_os_str() == "network");
        for name in outside {
            assert!(is_door || !text.contains(name), "{} knows {name}", path.display());
        }
    }
}

#[test]
fn the_checks_do_not_look_at_one_another_backwards() {
    // What rests on nothing knows of nothing that rests on it.
    is_unknown_to("checks/src/network", &["crate::dns", "crate::tcp", "crate::imap", "crate::smtp", "crate::evidence"]);
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    for folder in ["src", "checks/src", "tests"] {
        for (path, text) in sources(folder) {
            assert!(text.starts_with("//! "), "{} does not say what it is for", path.display());
        }
    }
}

#[test]
fn every_folder_of_cases_is_a_check() {
    let known = ["settings", "dns", "tcp", "tls", "imap", "smtp", "apple-status", "lab", "bench", "explain"];
    for path in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")).unwrap().map(|entry| entry.unwrap().path())
    {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!path.is_dir() || known.contains(&name.as_str()), "tests/{name} is no check's folder");
    }
}
