//! Which module may use which, and how every file begins: the laws that no compiler enforces, and the proof that each can be broken.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod doctor;
mod plain_english;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Every source file, template and page, by its path from the project's root.
type Tree = BTreeMap<String, String>;

/// What a law finds broken, one sentence for each.
type Law = fn(&Tree) -> Vec<String>;

/// A file, and what is written to its end.
type Planted = (&'static str, &'static str);

/// Every law, with violations of it: what is written to the end of which file, or what a new file holds.
const LAWS: &[(&str, Law, &[Planted])] = &[
    (
        "a renderer knows the report and how to show text, and nothing else",
        a_renderer_knows_the_report_alone,
        &[
            ("src/render/mod.rs", "use checks::evidence::Evidence;"),
            ("src/render/html/mod.rs", "use std::fs;"),
            ("src/render/text/mod.rs", "use crate::diagnosis::CAUSES;"),
            ("src/render/review.rs", "use crate::review::Outcome;"),
            ("src/render/sarif.rs", "use crate::guide;"),
        ],
    ),
    (
        "a question is known by its variant, and not by its name",
        no_question_is_known_by_its_name,
        &[
            ("src/render/nagios.rs", "fn of(row: &CheckRow) -> bool { row.id() == \"settings\" }"),
            ("src/report/rows.rs", "const FIRST: &str = \"dns\";"),
            ("src/diagnosis/mod.rs", "fn of(id: &str) -> bool { matches!(id, \"other-hello\") }"),
        ],
    ),
    (
        "a format is a file and a row",
        a_format_is_a_file_and_a_row,
        &[
            ("src/report/mod.rs", "const FORMAT: &str = \"nagios\";"),
            ("src/diagnosis/mod.rs", "fn of() { write(\"junit\") }"),
            ("src/review/tell.rs", "const FORMAT: &str = \"sarif\";"),
            ("src/explain/mod.rs", "fn of() { write(\"json\") }"),
        ],
    ),
    (
        "what programs read of a review or an explanation has a type",
        nothing_is_told_without_a_type,
        &[("src/review/tell.rs", "fn of() -> Value { json!({}) }"), ("src/explain/mod.rs", "use serde_json::Value;")],
    ),
    (
        "the diagnosis knows the evidence and nothing later",
        the_diagnosis_knows_nothing_later,
        &[("src/diagnosis/mod.rs", "use crate::render;"), ("src/diagnosis/causes.rs", "use crate::guide;")],
    ),
    (
        "a rule says nothing to a person",
        a_rule_says_nothing,
        &[
            ("src/diagnosis/reach.rs", "fn of() -> &'static str { \"no network answers\" }"),
            ("src/diagnosis/names.rs", "fn of(name: &str) -> String { format!(\"{name}:\") }"),
            ("src/diagnosis/would_decide.rs", "const WORDS: &str =\n    \"another clock\";"),
            ("src/diagnosis/mod.rs", "use crate::words;"),
        ],
    ),
    (
        "the protocol knows no socket and no clock",
        the_protocol_knows_no_socket_and_no_clock,
        &[
            ("checks/src/protocol/mod.rs", "use std::time::Instant;"),
            ("checks/src/protocol/imap/mod.rs", "use crate::network;"),
            ("checks/src/protocol/smtp/mod.rs", "async fn wait() {}"),
        ],
    ),
    (
        "a password is said over a verified connection alone",
        a_password_is_said_over_a_verified_connection_alone,
        &[("checks/src/talk.rs", "impl Proven for String {}"), ("checks/src/tls.rs", "impl<S> Proven for Open<S> {}")],
    ),
    (
        "the outside has one door",
        the_outside_has_one_door,
        &[
            ("checks/src/dns.rs", "use tokio::net::UdpSocket;"),
            ("checks/src/lib.rs", "fn of() { std::env::var(\"X\") }"),
        ],
    ),
    (
        "the network knows nothing that rests on it",
        the_network_knows_nothing_that_rests_on_it,
        &[("checks/src/network/mod.rs", "use crate::evidence::Evidence;")],
    ),
    (
        "no module is known by one that it knows",
        no_module_is_in_a_circle,
        &[
            ("src/guide/mod.rs", "use crate::report::Report;"),
            ("src/report/mod.rs", "use crate::{render, privacy};"),
            ("checks/src/protocol/mod.rs", "use crate::imap;"),
            ("checks/src/secret.rs", "use crate::dns;"),
        ],
    ),
    (
        "nobody is asked to report what there is no place to report to",
        nobody_is_asked_to_report,
        &[("src/check/tell.rs", "const NEXT: &str = \"please report this\";")],
    ),
    (
        "a user reads the plain English of the field",
        plain_english::no_sentence_is_in_the_dialect,
        &[
            ("src/words/next.rs", "const NEXT: &str = \"Change nothing: whatever \\\n    you did is mended.\";"),
            ("src/cli/check.rs", "    /// Ask whoever answers\n    who: bool,"),
            ("src/guide/offline.md", "Nobody can say why."),
            ("src/setup/programs/go.md", "4. Start what rests\n   on it."),
            ("src/render/markdown/ticket.md", "{{ report.name().unwrap_or(\"somebody\") }}"),
            ("checks/src/questions.rs", "const LOOK: &str = r#\"one \"second look\" more\"#;"),
            ("README.md", "An address at a domain of your own is none."),
        ],
    ),
    (
        "every file opens with what it is for",
        every_file_opens_with_what_it_is_for,
        &[("src/new.rs", "use std::fmt;"), ("checks/src/new.rs", "/// Something."), ("tests/new.rs", "fn main() {}")],
    ),
];

fn ends_in(path: impl AsRef<Path>, ending: &str) -> bool {
    path.as_ref().extension().is_some_and(|end| end == ending)
}

fn tree() -> Tree {
    fn walk(folder: &Path, root: &Path, tree: &mut Tree) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(&path, root, tree);
            } else if ["rs", "md", "html"].iter().any(|ending| ends_in(&path, ending)) {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                tree.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tree = Tree::new();
    for folder in ["src", "checks/src", "checks/tests", "packaging/page/src", "tests", ".github"] {
        walk(&root.join(folder), root, &mut tree);
    }
    for document in ["README.md", "CHANGELOG.md"] {
        tree.insert(document.to_owned(), fs::read_to_string(root.join(document)).unwrap());
    }
    tree
}

#[test]
fn every_law_is_kept() {
    let tree = tree();
    for (law, broken, _) in LAWS {
        assert_eq!(broken(&tree), Vec::<String>::new(), "{law}");
    }
}

#[test]
fn every_law_turns_red() {
    for (law, broken, violations) in LAWS {
        assert!(!violations.is_empty(), "{law}");
        for (file, text) in *violations {
            let mut tree = tree();
            let old = tree.remove(*file).map(|old| old + "\n").unwrap_or_default();
            tree.insert((*file).to_owned(), format!("{old}{text}\n"));
            assert!(!broken(&tree).is_empty(), "{law}: nobody sees `{text}` in {file}");
        }
    }
}

/// The files of a folder without tests. A module of tests ends a file; a test in a file of its own is left out whole.
fn code<'t>(tree: &'t Tree, folder: &str) -> Vec<(&'t str, String)> {
    let below = format!("{folder}/");
    let tests = test_files(tree);
    let is_code = |path: &str| {
        path.starts_with(&below) && ends_in(path, "rs") && !tests.iter().any(|test| is_of_module(path, test))
    };
    let files: Vec<_> =
        tree.iter().filter(|(path, _)| is_code(path)).map(|(path, text)| (path.as_str(), text)).collect();
    assert!(!files.is_empty(), "{folder}");
    files.into_iter().map(|(path, text)| (path, without_tests(text))).collect()
}

fn without_tests(text: &str) -> String {
    let Some((before, rest)) = text.split_once("#[cfg(test)]\n") else { return text.to_owned() };
    let mut lines = rest.lines().skip_while(|line| line.starts_with("#["));
    let is_inline = lines.next().is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'));
    // What is formatted ends with the first brace at a line's beginning.
    match rest.split_once("\n}\n").filter(|_| is_inline) {
        Some((_, after)) => format!("{before}{}", without_tests(after)),
        None => format!("{before}{}", without_tests(rest)),
    }
}

/// The modules that are declared for tests alone, as paths without an ending.
fn test_files(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| ends_in(path, "rs")) {
        let folder =
            match path.strip_suffix("/mod.rs").or(path.strip_suffix("/lib.rs")).or(path.strip_suffix("/main.rs")) {
                Some(folder) => folder,
                None => path.strip_suffix(".rs").unwrap(),
            };
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line == "#[cfg(test)]" {
                let declared = lines.by_ref().find(|line| !line.starts_with("#[")).unwrap_or_default();
                let declared = declared.strip_prefix("pub(crate) ").unwrap_or(declared);
                let name = declared.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
                found.extend(name.map(|name| format!("{folder}/{name}")));
            }
        }
    }
    found
}

fn is_of_module(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

/// The files below a folder that name any of these.
fn known(tree: &Tree, folder: &str, names: &[&str]) -> Vec<String> {
    let knows = |(path, text): (&str, String)| {
        names.iter().filter(|name| text.contains(*name)).map(|name| format!("{path} knows {name}")).collect::<Vec<_>>()
    };
    code(tree, folder).into_iter().flat_map(knows).collect()
}

fn a_renderer_knows_the_report_alone(tree: &Tree) -> Vec<String> {
    let mut broken = known(tree, "src/render", &["checks::", "std::env", "std::fs", "std::net"]);
    for (path, text) in code(tree, "src/render") {
        for named in text.split("crate::").skip(1) {
            if !["report", "render", "visible"].iter().any(|known| named.starts_with(known)) {
                broken.push(format!("{path} knows crate::{}", named.lines().next().unwrap_or_default()));
            }
        }
    }
    broken
}

fn no_question_is_known_by_its_name(tree: &Tree) -> Vec<String> {
    let list = &tree["checks/src/questions.rs"];
    let names: Vec<String> = list
        .lines()
        .filter(|line| line.ends_with(',') && line.contains(": "))
        .filter_map(|line| Some(format!("\"{}\"", line.split_once(" = \"")?.1.split_once('"')?.0)))
        .collect();
    assert!(names.contains(&"\"settings\"".to_owned()) && names.contains(&"\"other-hello\"".to_owned()), "{names:?}");
    let mut broken = Vec::new();
    for (path, text) in ["src/render", "src/report", "src/diagnosis"].iter().flat_map(|folder| code(tree, folder)) {
        // Text in a server's answer is not a name of a question.
        let lines = text.lines().map(|line| line.replace("answer.contains(\"imap\")", ""));
        let known = lines.filter(|line| names.iter().any(|name| line.contains(name.as_str())));
        broken.extend(known.map(|line| format!("{path}: {}", line.trim())));
    }
    broken
}

fn a_format_is_a_file_and_a_row(tree: &Tree) -> Vec<String> {
    let table = &tree["src/render/mod.rs"];
    let rows: Vec<&str> = table.split("name: \"").skip(1).map(|row| row.split('"').next().unwrap()).collect();
    let formats: Vec<&&str> = rows.iter().filter(|name| !name.is_empty()).collect();
    assert!(formats.len() > 1, "{rows:?}");
    let mut broken = Vec::new();
    for format in formats {
        if !table.contains(&format!("{format}::write")) {
            broken.push(format!("{format} is not written by the file of its name"));
        }
        // A format that is named elsewhere would have to be changed there too. The default is named as such, and the
        // names that `setup` quotes are its own. Files that end as a format does are found, and not written.
        let is_apart = |path: &str| {
            path == "src/review/files.rs"
                || ["render", "setup", "cli"].iter().any(|own| path.split(['/', '.']).any(|part| part == *own))
        };
        let names = code(tree, "src")
            .into_iter()
            .filter(|(path, text)| !is_apart(path) && text.contains(&format!("\"{format}\"")));
        broken.extend(names.map(|(path, _)| format!("{path} names {format}")));
    }
    broken
}

fn nothing_is_told_without_a_type(tree: &Tree) -> Vec<String> {
    ["src/review", "src/explain"].iter().flat_map(|folder| known(tree, folder, &["json!", "serde_json"])).collect()
}

fn the_diagnosis_knows_nothing_later(tree: &Tree) -> Vec<String> {
    known(tree, "src/diagnosis", &["crate::report", "crate::render", "crate::guide", "crate::cli", "crate::check"])
}

/// A rule returns a value that `words` puts into words. Not shown to users are the reasons in the table of causes, and
/// the texts of servers that are looked for.
fn a_rule_says_nothing(tree: &Tree) -> Vec<String> {
    let is_heard = |path: &str| ["causes.rs", "heard.rs"].iter().any(|file| path == format!("src/diagnosis/{file}"));
    let mut broken = known(tree, "src/diagnosis", &["crate::words", "format!"]);
    for (path, text) in code(tree, "src/diagnosis").into_iter().filter(|(path, _)| !is_heard(path)) {
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            // Every second piece is between quotes. The compiler alone says the reason of an `allow`, and a panic in a constant.
            let is_the_compilers = line.contains("reason = ") || line.contains("panic!(");
            let quoted = line.split('"').skip(1).step_by(2);
            let said = quoted.filter(|said| said.contains(' ') && !is_the_compilers);
            broken.extend(said.map(|said| format!("{path} says \"{said}\"")));
        }
    }
    broken
}

fn the_protocol_knows_no_socket_and_no_clock(tree: &Tree) -> Vec<String> {
    known(tree, "checks/src/protocol", &["tokio", "std::net", "std::time", "time::", "crate::network", "async "])
}

/// The compiler enforces the rest: a secret line can be sent only over what is proven.
fn a_password_is_said_over_a_verified_connection_alone(tree: &Tree) -> Vec<String> {
    let only = ("checks/src/tls.rs", "impl<S> Proven for Verified<S> {}");
    let proven = code(tree, "checks/src").into_iter().flat_map(|(path, text)| {
        let lines = text.lines().filter(|line| line.contains("Proven for")).map(str::to_owned).collect::<Vec<_>>();
        lines.into_iter().map(move |line| (path, line))
    });
    proven.filter(|(path, line)| (*path, line.as_str()) != only).map(|(path, line)| format!("{path}: {line}")).collect()
}

fn the_outside_has_one_door(tree: &Tree) -> Vec<String> {
    let outside =
        ["tokio::net", "TcpStream", "UdpSocket", "tokio_rustls", "rustls::", "reqwest", "hickory", "std::env::var"];
    let found = known(tree, "checks/src", &outside);
    found.into_iter().filter(|found| !found.starts_with("checks/src/network")).collect()
}

/// The network depends on nothing above it, and must know nothing above it.
fn the_network_knows_nothing_that_rests_on_it(tree: &Tree) -> Vec<String> {
    known(tree, "checks/src/network", &["crate::dns", "crate::tcp", "crate::imap", "crate::smtp", "crate::evidence"])
}

fn no_module_is_in_a_circle(tree: &Tree) -> Vec<String> {
    let circle = |folder: &&str| {
        let mut modules = modules(tree, folder);
        assert!(modules.len() > 10, "{folder}: {modules:?}");
        // Remove, again and again, each module that knows no module that is left: what stays is a circle.
        loop {
            let left: BTreeSet<String> = modules.keys().cloned().collect();
            let before = modules.len();
            modules.retain(|_, known| !known.is_disjoint(&left));
            if modules.len() == before {
                return modules;
            }
        }
    };
    let circles = ["src", "checks/src"].iter().map(|folder| (folder, circle(folder)));
    circles
        .filter(|(_, modules)| !modules.is_empty())
        .map(|(folder, modules)| format!("{folder}: a circle among {:?}", modules.keys()))
        .collect()
}

/// The modules at the top of a folder of sources, each with those that it names.
fn modules(tree: &Tree, folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in code(tree, folder) {
        let name = path[folder.len() + 1..].split(['/', '.']).next().unwrap().to_owned();
        if ["lib", "main"].contains(&name.as_str()) {
            continue;
        }
        let known = modules.entry(name.clone()).or_default();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
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

fn nobody_is_asked_to_report(tree: &Tree) -> Vec<String> {
    let has_a_place = include_str!("../Cargo.toml").lines().any(|line| line.starts_with("repository"));
    if has_a_place { Vec::new() } else { known(tree, "src", &["report this", "Report this"]) }
}

fn every_file_opens_with_what_it_is_for(tree: &Tree) -> Vec<String> {
    let silent = tree.iter().filter(|(path, text)| ends_in(path, "rs") && !text.starts_with("//! "));
    silent.map(|(path, _)| format!("{path} does not say what it is for")).collect()
}

#[test]
fn every_folder_of_cases_is_a_check() {
    let (_, listed, _) = doctor::run(&["check", "--list"]);
    let checks: BTreeSet<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(checks.contains("apple-status"), "{listed}");
    let others =
        ["mailbox", "round-trip", "lab", "attack", "doctor", "fuzz", "bench", "explain", "formats", "page", "review"];
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for path in fs::read_dir(tests).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(checks.contains(name.as_str()) || others.contains(&name.as_str()), "tests/{name} is no check's folder");
    }
}
