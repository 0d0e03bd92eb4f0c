//! Whether what a user reads is in the plain English of the field: no sentence holds a word of the dialect that this project
//! once had.

use super::{Tree, code};

/// Words and phrases of the dialect, each with what to write instead.
const DIALECT: &[(&str, &str)] = &[
    ("whom", "the user, the server, the caller"),
    ("nobody", "no one, nothing, or a sentence about what is not done"),
    ("somebody", "someone, another person"),
    ("whoever", "the person who, the administrator of"),
    ("whatever", "what, anything that"),
    ("mend", "fix"),
    ("mends", "fixes"),
    ("mended", "fixed"),
    ("mending", "fixing"),
    ("second look", "follow-up check"),
    ("second looks", "follow-up checks"),
    ("rest on", "depend on"),
    ("rests on", "depends on"),
    ("is none", "is not a"),
    ("are none", "are not"),
    ("called wrongly", "usage error"),
    ("tell again", "run again"),
    ("tells again", "reports once more"),
    ("troubled", "problem"),
];

/// What holds such a word and is not the dialect.
const ORDINARY: &[&str] = &[
    // What "is none" is in the dialect for is "is not a"; this says that a thing does not exist.
    "there is none",
];

/// Pages that a user reads outside of the program.
const DOCUMENTS: [&str; 3] = ["README.md", "CHANGELOG.md", ".github/SECURITY.md"];

/// The words of the dialect in the string literals of the program, in the help of its flags, in the templates and pages that
/// it fills, and in the documents that come with it.
pub(crate) fn no_sentence_is_in_the_dialect(tree: &Tree) -> Vec<String> {
    let mut broken = Vec::new();
    for (path, text) in ["src", "checks/src"].iter().flat_map(|folder| code(tree, folder)) {
        let help = if path.starts_with("src/cli/") { help(&text) } else { Vec::new() };
        for said in literals(&text).into_iter().chain(help) {
            broken.extend(dialect(&said).map(|found| format!("{path}: {found} in \"{said}\"")));
        }
    }
    let is_page = |path: &str| path.starts_with("src/") && !path.ends_with(".rs") && path != "src/architecture.md";
    for (path, text) in tree.iter().filter(|(path, _)| is_page(path) || DOCUMENTS.contains(&path.as_str())) {
        for paragraph in text.split("\n\n") {
            let begins = paragraph.trim().lines().next().unwrap_or_default();
            broken.extend(dialect(paragraph).map(|found| format!("{path}: {found} below \"{begins}\"")));
        }
    }
    broken
}

/// Every word of the dialect in a text, with what to write instead.
fn dialect(text: &str) -> impl Iterator<Item = String> {
    let mut words = words(&without_places(text));
    for ordinary in ORDINARY {
        words = words.replace(&format!(" {ordinary} "), " ");
    }
    let found = DIALECT.iter().filter(move |(word, _)| words.contains(&format!(" {word} ")));
    found.map(|(word, instead)| format!("`{word}` (write: {instead})"))
}

/// In small letters, with one space around each word, and the punctuation that parts two clauses as a word of its own.
fn words(text: &str) -> String {
    let mut spaced = String::new();
    for c in text.chars() {
        match c {
            c if c.is_alphanumeric() || matches!(c, '-' | '_') => spaced.extend(c.to_lowercase()),
            '.' | ',' | ';' | ':' | '?' | '!' => spaced.push_str(" | "),
            _ => spaced.push(' '),
        }
    }
    format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Without the places that are filled in (`{whom}`, `{{ link.whom }}`): they hold names of the code. One with a quoted text in
/// it stays, because that text is shown.
fn without_places(text: &str) -> String {
    let mut pieces = text.split('{');
    let mut left = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once('}') {
            Some((place, rest)) if !place.contains('"') => left.push_str(rest),
            _ => left.push_str(piece),
        }
    }
    left
}

/// The string literals that hold a space, in one line each. The reason of an `allow` is for the reader of the code.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find(['"', '/', '\'']) {
        let (before, from) = rest.split_at(start);
        if from.starts_with("//") {
            rest = from.split_once('\n').map_or("", |(_, after)| after);
        } else if from.starts_with("'\\") {
            rest = from.get(3..).unwrap_or_default();
        } else if from.starts_with("'\"'") {
            rest = &from[3..];
        } else if let Some(quoted) = from.strip_prefix('"') {
            let hashes = before.len() - before.trim_end_matches('#').len();
            let is_raw = before.trim_end_matches('#').ends_with('r');
            let length = if is_raw { raw_length(quoted, hashes) } else { length(quoted) };
            let said = &quoted[..length];
            rest = quoted.get(length + 1..).unwrap_or_default();
            if said.contains(' ') && !before.trim_end().ends_with("reason =") {
                let lines: Vec<&str> = said.split("\\\n").collect();
                let mut whole = lines[0].to_owned();
                whole.extend(lines[1..].iter().map(|line| line.trim_start()));
                found.push(whole);
            }
        } else {
            rest = &from[1..];
        }
    }
    found
}

fn raw_length(quoted: &str, hashes: usize) -> usize {
    quoted.find(&format!("\"{}", "#".repeat(hashes))).unwrap_or(quoted.len())
}

fn length(quoted: &str) -> usize {
    let mut is_escaped = false;
    let end = quoted.find(|c| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    end.unwrap_or(quoted.len())
}

/// What `--help` shows: the comments above flags and commands, which have no final stop in their first paragraph.
fn help(code: &str) -> Vec<String> {
    let lines: Vec<Option<&str>> = code.lines().map(|line| line.trim_start().strip_prefix("///")).collect();
    let runs = lines.split(Option::is_none).map(|run| run.iter().flatten().copied().collect::<Vec<_>>().join("\n"));
    runs.filter(|run| !run.split("\n\n").next().is_some_and(|first| first.is_empty() || first.ends_with('.'))).collect()
}

#[test]
fn what_is_said_is_told_apart_from_the_code() {
    let code = "// \"a comment\"\n#[allow(x, reason = \"a reason\")]\nlet c = ['\"', '\\'', '\\\\'];\n\
                say(\"one \\\"quoted\\\" \\\n    line\", r#\"a \"raw\" one\"#, \"word\");";
    assert_eq!(literals(code), ["one \\\"quoted\\\" line", "a \"raw\" one"]);
    assert_eq!(
        help("/// Does it\n///\n/// At once.\nflag: bool,\n/// A comment.\nfn of() {}"),
        [" Does it\n\n At once."]
    );
    assert_eq!(dialect("{whom} knows {{ link.whom }}: there is none. Rests: on").count(), 0);
    assert_eq!(dialect("Nobody's {{ of.unwrap_or(\"somebody\") }} rests\n    on").count(), 3);
}
