//! Who may know whom, and how every file begins: the laws that no compiler holds.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::collections::{BTreeMap, BTreeSet};
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
fn a_renderer_knows_the_report_and_how_to_show_text_and_nothing_else() {
    is_unknown_to("src/render", &["checks::", "std::env", "std::fs", "std::net"]);
    for (path, text) in sources("src/render") {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for named in code.split("crate::").skip(1) {
            let is_known = ["report", "render", "visible"].iter().any(|known| named.starts_with(known));
            assert!(is_known, "{} knows crate::{}", path.display(), named.lines().next().unwrap());
        }
    }
}

#[test]
fn a_format_is_a_file_and_a_row() {
    let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/render/mod.rs")).unwrap();
    let rows: Vec<&str> = table.split("name: \"").skip(1).map(|row| row.split('"').next().unwrap()).collect();
    let formats: Vec<&&str> = rows.iter().filter(|name| !name.is_empty()).collect();
    assert!(formats.len() > 1, "{rows:?}");
    for format in formats {
        assert!(table.contains(&format!("{format}::write")), "{format} is not written by the file of its name");
        // Whoever else names it would have to be changed with it; the one that is usual is named as such, and what
        // `review` writes and `setup` quotes is their own.
        for (path, text) in sources("src") {
            let is_own =
                path.components().any(|part| ["render", "review", "setup"].iter().any(|own| part.as_os_str() == *own));
            let is_usual = path.components().any(|part| part.as_os_str() == "cli");
            let code = text.split("#[cfg(test)]").next().unwrap();
            assert!(
                is_own || is_usual || !code.contains(&format!("\"{format}\"")),
                "{} names {format}",
                path.display()
            );
        }
    }
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

/// The modules at the top of a folder of sources, each with those that it names.
fn modules(folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources(folder) {
        let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap().with_extension("");
        let name = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let code = text.split("#[cfg(test)]").next().unwrap();
        // A file of properties is a test as a whole.
        if ["lib", "main"].contains(&name.as_str()) || code.contains("proptest!") {
            continue;
        }
        let known = modules.entry(name.clone()).or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let named = line.split("crate::").skip(1).flat_map(|rest| match rest.strip_prefix('{') {
                Some(list) => list.split([',', '}']).collect(),
                None => vec![rest],
            });
            let word =
                |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
            known.extend(named.map(word).filter(|word| *word != name));
        }
    }
    modules
}

#[test]
fn no_module_is_known_by_one_that_it_knows() {
    for folder in ["src", "checks/src"] {
        let mut modules = modules(folder);
        let names: BTreeSet<String> = modules.keys().cloned().collect();
        // Take away, again and again, whoever knows nobody that is left: a circle is what stays.
        while let Some(free) =
            modules.iter().find(|(_, known)| known.is_disjoint(&names_of(&modules))).map(|(name, _)| name.clone())
        {
            modules.remove(&free);
        }
        assert!(names.len() > 10, "{folder}: {names:?}");
        assert!(modules.is_empty(), "{folder}: a circle among {:?}", modules.keys());
    }
}

fn names_of(modules: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    modules.keys().cloned().collect()
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
    let known = [
        "settings",
        "dns",
        "tcp",
        "tls",
        "imap",
        "smtp",
        "apple-status",
        "lab",
        "attack",
        "fuzz",
        "bench",
        "explain",
        "formats",
        "page",
        "review",
    ];
    for path in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")).unwrap().map(|entry| entry.unwrap().path())
    {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!path.is_dir() || known.contains(&name.as_str()), "tests/{name} is no check's folder");
    }
}
