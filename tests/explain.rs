//! What a pasted error or log is taken for, through the binary that a user gets: real incidents, healthy texts that must
//! yield nothing, and secrets that must not come out again. The larger corpus beside them is held in `src/explain`.

#![allow(clippy::disallowed_methods, reason = "a test speaks for itself")]
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde::Deserialize;
use serde_json::Value;

/// A password that no output may hold.
const CANARY: &str = "zkqj-vwxb-nmpl-rtyd";

fn doctor(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_icloud-mail-doctor"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn piped(arguments: &[&str], text: &[u8]) -> Output {
    let mut child = doctor(arguments).spawn().unwrap();
    // A program that reads only the beginning closes its end early.
    let _ = child.stdin.take().unwrap().write_all(text);
    child.wait_with_output().unwrap()
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = piped(arguments, b"");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The causes that the text is taken for, the likeliest first.
fn causes(text: &str) -> Vec<String> {
    let output = piped(&["explain", "-", "--format", "json"], text.as_bytes());
    let explanation: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = explanation["findings"].as_array().unwrap();
    assert_eq!(output.status.code(), Some(if findings.is_empty() { 3 } else { 0 }), "{text}");
    findings.iter().map(|finding| finding["cause"].as_str().unwrap().to_owned()).collect()
}

/// What each text is taken for; several at a time, since starting the program takes longest.
fn causes_of_all(texts: &[&str]) -> Vec<Vec<String>> {
    let share = texts.len().div_ceil(4).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = texts
            .chunks(share)
            .map(|texts| scope.spawn(|| texts.iter().map(|text| causes(text)).collect::<Vec<_>>()))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

fn data(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/explain").join(name)).unwrap()
}

fn say(line: &str) {
    // The figures are for whoever reads the tests; where nobody can, they are not missed.
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Incidents {
    incident: Vec<Incident>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Incident {
    id: String,
    text: String,
    causes: Vec<String>,
    #[allow(dead_code, reason = "for whoever doubts it")]
    source: String,
    /// Why the text alone cannot tell.
    hopeless: Option<String>,
}

#[test]
fn the_true_cause_of_an_incident_is_among_the_first_three() {
    let incidents = toml::from_str::<Incidents>(&data("incidents.toml")).unwrap().incident;
    let texts: Vec<&str> = incidents.iter().map(|incident| incident.text.as_str()).collect();
    let (mut first, mut among, mut missed) = (0, 0, Vec::new());
    for (incident, found) in incidents.iter().zip(causes_of_all(&texts)) {
        let is_true = |cause: &String| incident.causes.contains(cause);
        first += usize::from(found.first().is_some_and(is_true));
        let is_found = found.iter().take(3).any(is_true);
        among += usize::from(is_found);
        if !is_found && incident.hopeless.is_none() {
            missed.push(format!("{}: {:?} and not {:?}", incident.id, found, incident.causes));
        }
    }
    let hopeless = incidents.iter().filter(|incident| incident.hopeless.is_some()).count();
    let of = incidents.len();
    say(&format!("incidents: {first} first, {among} among the first three, of {of}, of which {hopeless} are hopeless"));
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_healthy_or_about_something_else_yields_nothing() {
    let texts = data("nothing.txt");
    for text in texts.split("\n----\n") {
        assert_eq!(causes(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn nothing_known_is_said_kindly_and_with_exit_code_3() {
    let (code, out, error) = run(&["explain", "the moon is made of cheese"]);
    assert_eq!((code, error.as_str()), (Some(3), ""));
    assert!(out.contains("icloud-mail-doctor check") && out.contains("Paste the whole message"), "{out}");
    let (code, out, _) = run(&["explain", "the moon", "--format", "json"]);
    assert_eq!(code, Some(3));
    let explanation: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(explanation, serde_json::json!({ "schema_version": 1, "findings": [] }));
}

#[test]
fn words_a_file_and_standard_input_are_the_same_text() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.txt");
    std::fs::write(&file, "550 5.7.0 From address is not one of your addresses").unwrap();
    let (code, words, _) =
        run(&["explain", "550", "5.7.0", "From", "address", "is", "not", "one", "of", "your", "addresses"]);
    assert_eq!(code, Some(0));
    let (_, read, _) = run(&["explain", file.to_str().unwrap()]);
    let given = piped(&["explain", "-"], b"550 5.7.0 From address is not one of your addresses");
    assert_eq!(words, read);
    assert_eq!(words, String::from_utf8(given.stdout).unwrap());
    assert!(words.contains("trouble, certain: sender-not-owned"), "{words}");
    assert!(!words.contains("What else fits"), "{words}");
}

#[test]
fn a_finding_has_the_shape_of_a_reports() {
    let report = run(&["rehearse", "imap/password-refused", "--format", "json"]).1;
    let report: Value = serde_json::from_str(&report).unwrap();
    let explanation: Value =
        serde_json::from_str(&run(&["explain", "authentication failed", "--format", "json"]).1).unwrap();
    let keys = |finding: &Value| finding.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let finding = &explanation["findings"][0];
    assert_eq!(keys(finding), keys(&report["findings"][0]));
    assert_eq!(keys(&finding["because"][0]), keys(&report["findings"][0]["because"][0]));
    assert!(explanation["findings"].as_array().unwrap().len() <= 5);
    let page: Value = serde_json::from_str(&run(&["explain", "port-blocked", "--format", "json"]).1).unwrap();
    assert_eq!(page["findings"][0]["cause"], "port-blocked");
}

#[test]
fn the_steps_can_be_worded_for_a_mail_program() {
    let (code, out, _) = run(&["explain", "535 5.7.8 authentication failed", "--client", "thunderbird"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("In thunderbird:"), "{out}");
}

#[test]
fn a_secret_does_not_come_out_again() {
    let dresses = data("dresses.txt");
    // Both forms are made of the same findings, so every other dress in each will do.
    for (dress, format) in dresses.split("\n----\n").zip(["text", "json"].into_iter().cycle()) {
        // With words that are known on the same line and on the next, so that it is shown.
        let text = format!("login failed: {dress}\nauthentication failed\n");
        let output = piped(&["explain", "-", "--format", format], text.as_bytes());
        let shown = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert!(shown.contains("apple-password-used"), "{text}: {shown}");
        for part in ["zkqj", "ZKQJ", "emtxa", "rtyd", "S3cr3t"] {
            assert!(!shown.contains(part), "{format}: {text}: {shown}");
        }
    }
}

#[test]
fn what_was_typed_in_a_wrong_place_is_not_repeated() {
    for arguments in [
        vec!["explain", CANARY],
        vec!["explain", &format!("--{CANARY}")],
        vec!["explain", &format!("-{CANARY}")],
        vec!["explain", "text", "--format", CANARY],
        vec!["explain", "text", "--client", CANARY],
    ] {
        let (code, out, error) = run(&arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {out}{error}");
        assert!(!out.contains("zkqj") && !error.contains("zkqj"), "{arguments:?}: {out}{error}");
    }
    let (code, out, error) = run(&["explain", "my password", CANARY, "does nothing"]);
    assert!(code.is_some() && !out.contains("zkqj") && !error.contains("zkqj"), "{out}{error}");
}

#[test]
fn any_bytes_are_a_text() {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    for length in [0, 1, 7, 4096, 100_000] {
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            bytes.extend(seed.to_le_bytes());
        }
        let known = [&bytes[..], b"\xff\x1b[2J\xc3 timed out \xe2\x80 \x07 535 5.7.8 \xf0\n", &bytes[..]].concat();
        assert!(matches!(piped(&["explain", "-"], &bytes).status.code(), Some(0 | 3)));
        let output = piped(&["explain", "-"], &known);
        assert_eq!(output.status.code(), Some(0));
        assert!(!output.stdout.iter().any(|byte| [0x07, 0x1b].contains(byte)), "{length}");
    }
}

#[test]
fn a_long_log_is_read_in_part_and_this_is_said() {
    let line = "2026-11-24 10:00:00 imap worker: all is well, nothing new in INBOX\n";
    let log = format!("535 5.7.8 authentication failed\n{}", line.repeat((5 << 20) / line.len()));
    let output = piped(&["explain", "-"], log.as_bytes());
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stderr).unwrap().contains("its first 1 MB were read"));
}
