//! What is typed wrongly, where passwords come from, and what a run leaves behind when it is cut short. What is asked at a
//! terminal is in `prompt.rs`.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::io::{Read, Write};
use std::net::UdpSocket;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A password that no output may hold.
const CANARY: &str = "zkqj-vwxb-nmpl-rtyd";

fn doctor(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_icloud-mail-doctor"));
    command.args(arguments).env_remove("ICLOUD_APP_PASSWORD").stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    ended(&doctor(arguments).output().unwrap())
}

fn ended(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// A resolver on loopback that never answers, so that a run waits until it is cut short.
fn silent_resolver() -> (UdpSocket, Vec<String>) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let arguments = [
        "check",
        "you@icloud.com",
        "--format",
        "json",
        "--second-resolver",
        "none",
        "--status-url",
        "http://127.0.0.1:1/",
        "--portal-url",
        "http://127.0.0.1:1/",
        "--resolver",
        &socket.local_addr().unwrap().to_string(),
    ];
    let arguments = arguments.iter().map(|word| (*word).to_owned()).collect();
    (socket, arguments)
}

#[test]
fn a_mistake_gets_one_sentence_what_to_type_instead_and_exit_code_2() {
    for (arguments, what, instead) in [
        (vec!["check", "you"], "the address is not an email address", "you@icloud.com"),
        (vec!["you@icloud"], "the address is not an email address", "you@icloud.com"),
        (vec!["check", "you@icloud.com"], "no password", "ICLOUD_APP_PASSWORD"),
        (vec!["check", "--only", "dns,smpt"], "not the name of a check", "did you mean smtp"),
        (vec!["check", "--ca-file", "/nowhere/roots.pem"], "/nowhere/roots.pem", "PEM"),
        (vec!["check", "--public-roots", "Cargo.toml"], "no certificate", "PEM"),
        (vec!["check", "--resolver", "one.one"], "the address of a resolver", "1.1.1.1"),
        (vec!["check", "--output", "/nowhere/report"], "/nowhere/report", "another file"),
        (vec!["check", "--report", "pdf=x"], "no such format", "json"),
        (
            vec!["check", "--imap-host", "imap mail"],
            "IMAP server is not one that a server can have",
            "imap.mail.me.com",
        ),
        (vec!["check", "--from", "me"], "--from is not an email address", "you@icloud.com"),
        (vec!["check", "--timeout", "0"], "number of seconds", "3600"),
        (vec!["check", "--imap-port", "ninety"], "what follows --imap-port cannot be used", "number from 1 to 65535"),
        (vec!["check", "--smtp-port", "0"], "what follows --smtp-port cannot be used", "number from 1 to 65535"),
        (vec!["check", "--password", CANARY], "never an argument", "--password-stdin"),
        (vec!["you@icloud.com", "--password=x"], "never an argument", "ICLOUD_APP_PASSWORD"),
        (vec!["rehearse", "--no-progress"], "no such flag", "icloud-mail-doctor rehearse --help"),
        (vec!["check", "--fromat", "json"], "did you mean --format", "icloud-mail-doctor check --help"),
        (vec!["render", "a", "b"], "one word more than `render` takes", "icloud-mail-doctor render --help"),
        (vec!["check", "you@icloud.com", "b"], "one word more than `check` takes", "you@icloud.com"),
        (vec!["check", "--format", "jsn"], "possible values: text, json", "did you mean json?"),
        (vec!["render"], "required", "icloud-mail-doctor render --help"),
        (vec!["chek"], "no command of that name", "did you mean `icloud-mail-doctor check`"),
        (vec!["explian", "password-refused"], "no command of that name", "`icloud-mail-doctor explain`"),
        (vec!["help"], "no command of that name", "icloud-mail-doctor --help"),
        (vec!["help", "check"], "no command of that name", "icloud-mail-doctor --help"),
        (vec!["rehearse", "no-such-case"], "no case", "rehearse"),
        (vec!["explain", "password-refusd"], "no cause", "did you mean password-refused"),
    ] {
        let (code, out, error) = run(&arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {error}");
        assert_eq!(out, "", "{arguments:?}");
        assert!(error.contains(what) && error.contains(instead), "{arguments:?}: {error}");
    }
}

/// What `check` calls an address that came with something around it; the resolver is one that asks nobody else.
fn asked_as(email: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let nobody = "http://127.0.0.1:1/";
    let mut arguments = vec!["check", email, "--format", "json", "--deadline", "1", "--resolver", "127.0.0.1:1"];
    arguments.extend(["--second-resolver", "none", "--status-url", nobody, "--portal-url", nobody]);
    arguments.extend(more);
    ended(&doctor(&arguments).env("ICLOUD_APP_PASSWORD", CANARY).output().unwrap())
}

#[test]
fn what_came_along_with_an_address_is_taken_off_and_said() {
    for (pasted, around) in [
        ("<lisa@icloud.com>", "the brackets around it"),
        ("lisa@icloud.com,", "the punctuation around it"),
        ("\u{a0}lisa@icloud.com ", "the spaces around it"),
        ("\u{201c}lisa@icloud.com\u{201d}", "the quotation marks around it"),
        ("mailto:lisa@icloud.com", "the mailto: around it"),
        ("Lisa <lisa@icloud.com>", "the name and brackets around it"),
    ] {
        let (code, out, error) = asked_as(pasted, &["--show-address"]);
        let report: Value = serde_json::from_str(&out).unwrap();
        assert_ne!(code, Some(2), "{pasted}: {error}");
        assert_eq!(report["settings"]["email"], "lisa@icloud.com", "{pasted}");
        assert_eq!(report["settings"]["imap"]["login"], "lisa", "{pasted}");
        assert!(error.starts_with("l…@icloud.com is used, without ") && error.contains(around), "{pasted}: {error}");
    }
    let more = ["--from", "<shop@shop.example>", "--imap-username", "'lisa'", "--smtp-username", "lisa@icloud.com;"];
    let (_, out, error) = asked_as("lisa@icloud.com", &[&more[..], &["--show-address"]].concat());
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["settings"]["imap"]["login"], "lisa");
    assert_eq!(report["settings"]["smtp"]["login"], "lisa@icloud.com");
    assert_eq!(error.lines().count(), 3, "{error}");
    let (code, out, _) = run(&["setup", "msmtp", "<lisa@icloud.com>"]);
    assert!(code == Some(0) && out.contains("lisa@icloud.com") && !out.contains("<lisa"), "{out}");
}

#[test]
fn what_came_along_with_a_password_in_the_wrong_place_is_not_said_with_it() {
    for pasted in [format!("<{CANARY}>"), format!("{CANARY},"), format!("{CANARY}@mine.example,")] {
        for flag in [None, Some("--from"), Some("--imap-username")] {
            let arguments: Vec<&str> = flag.into_iter().chain([pasted.as_str()]).collect();
            let (_, out, error) = asked_as("you@icloud.com", &arguments);
            assert!(!error.contains(CANARY) && !out.contains(CANARY), "{error}");
        }
        let (_, out, error) = asked_as(&pasted, &[]);
        assert!(!error.contains(CANARY) && !out.contains(CANARY), "{error}");
    }
}

#[test]
fn an_address_that_was_not_meant_costs_no_sign_in() {
    for (email, own) in [
        ("you@iclod.com", "icloud.com"),
        ("you@icould.com", "icloud.com"),
        ("you@icloud.con", "icloud.com"),
        ("you@icloud.de", "icloud.com"),
        ("you@mee.com", "me.com"),
        ("you@mac.con", "mac.com"),
        ("you@me.co", "me.com"),
        ("you@gmail.com", "icloud.com"),
    ] {
        let (code, out, error) = asked_as(email, &[]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{email}: {error}");
        assert!(error.contains(own) && error.contains("--imap-username"), "{email}: {error}");
        assert!(!error.contains("you@"), "{email}: {error}");
        // Whoever names the login names means it, and without a sign-in nothing is spent.
        for more in [&["--imap-username", "you", "--smtp-username", "you@icloud.com"][..], &["--no-sign-in"]] {
            let (code, _, error) = asked_as(email, more);
            assert_eq!((code, error.as_str()), (Some(1), ""), "{email} {more:?}");
        }
    }
    for email in ["you@shop.example", "you@apple.com"] {
        assert_eq!(asked_as(email, &[]).0, Some(1), "{email}");
    }
    let (code, out, error) = run(&["setup", "msmtp", "you@icloud.co"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(error.contains("icloud.co, which is very like icloud.com"), "{error}");
}

#[test]
fn who_reads_standard_output_alone_is_told_of_a_mistake_there() {
    let first = |format: &str| run(&["check", "you@icloud.com", "--format", format]);
    let (code, out, error) = first("nagios");
    assert_eq!(code, Some(3), "an alarm is for the account, not for the call");
    assert!(out.starts_with("ICLOUD MAIL UNKNOWN - there is no password") && out.lines().count() == 1, "{out}");
    assert!(error.contains("no password"), "{error}");
    let (code, out, _) = first("github");
    assert_eq!(code, Some(2));
    assert!(out.starts_with("::error title=iCloud Mail was not checked::there is no password"), "{out}");
    let (code, out, _) = run(&["check", "--format=nagios", "--timeout", CANARY]);
    assert_eq!(code, Some(3));
    assert!(
        out.starts_with("ICLOUD MAIL UNKNOWN - what follows --timeout cannot be used") && !out.contains(CANARY),
        "{out}"
    );
}

#[test]
fn a_password_in_the_wrong_place_is_not_repeated() {
    for arguments in [
        vec!["check", "you@icloud.com", CANARY],
        vec!["check", CANARY],
        vec![CANARY],
        vec!["you@icloud.com", CANARY],
        vec!["check", "you@icloud.com", "--from", CANARY],
    ] {
        let (code, out, error) = run(&arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {error}");
        assert!(!out.contains(CANARY) && !error.contains(CANARY), "{arguments:?}: {error}");
    }
}

#[test]
fn a_password_command_that_fails_is_shown_with_its_status_and_complaint() {
    let both = format!("echo {CANARY}; echo the store is locked, {CANARY} >&2; exit 3");
    let list = format!("[\"sh\", \"-c\", \"{both}\"]");
    for command in [both.as_str(), list.as_str()] {
        let (code, out, error) = run(&["check", "you@icloud.com", "--password-command", command]);
        assert_eq!((code, out.as_str()), (Some(2), ""));
        assert!(error.contains("exit status: 3") && error.contains("the store is locked"), "{error}");
        assert!(!error.contains(CANARY), "{error}");
    }
    let (code, _, error) = run(&["check", "you@icloud.com", "--password-command", "[\"/nowhere/pass\"]"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("cannot be started"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_in_the_place_of_a_file_is_called_one() {
    let mut command = doctor(&["check", "--settings-from", "/dev/stdin", "--dry-run"]);
    let (code, _, error) = ended(&command.stdin(Stdio::piped()).output().unwrap());
    assert_eq!(code, Some(2));
    assert!(error.contains("it is a pipe"), "{error}");
}

#[test]
fn an_empty_or_unreadable_password_is_refused() {
    for given in [&b""[..], b"\n", b" \r\n", b"\xff\xfe"] {
        let mut command = doctor(&["check", "you@icloud.com", "--password-stdin"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(given).unwrap();
        let (code, _, error) = ended(&child.wait_with_output().unwrap());
        assert_eq!(code, Some(2), "{given:?}");
        assert!(error.contains("app-specific password"), "{error}");
    }
}

#[test]
fn a_deadline_that_passes_says_so_and_leaves_one_document() {
    let (_resolver, mut arguments) = silent_resolver();
    arguments.extend(["--no-sign-in".to_owned(), "--deadline".to_owned(), "0.3".to_owned()]);
    let output = doctor(&[]).args(&arguments).output().unwrap();
    let (code, out, _) = ended(&output);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["complete"], false);
    assert_eq!(report["verdict"], "unclear");
    assert_eq!(code, Some(3));
    assert!(report["duration_ms"].as_u64().unwrap() < 5000);
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_one_document() {
    let (resolver, arguments) = silent_resolver();
    for signal in ["-INT", "-TERM"] {
        let mut child = doctor(&[])
            .args(&arguments)
            .env("ICLOUD_APP_PASSWORD", CANARY)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The first question shows that the run has begun.
        resolver.recv(&mut [0; 512]).unwrap();
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let mut out = String::new();
        child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        let report: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(report["complete"], false);
        assert!(!out.contains(CANARY));
        assert_eq!(child.wait().unwrap().code(), Some(3));
        while resolver.set_nonblocking(true).is_ok() && resolver.recv(&mut [0; 512]).is_ok() {}
        resolver.set_nonblocking(false).unwrap();
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_fault() {
    let mut child = doctor(&["explain"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!((child.wait().unwrap().code(), error.as_str()), (Some(0), ""));
}

#[test]
fn the_same_report_goes_to_files_and_to_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let (text, json) = (folder.path().join("report.txt"), folder.path().join("report.json"));
    let (code, out, error) = run(&[
        "rehearse",
        "imap/password-refused",
        "--color",
        "always",
        "--output",
        text.to_str().unwrap(),
        "--report",
        &format!("json={}", json.display()),
    ]);
    assert_eq!((code, out.as_str(), error.as_str()), (Some(1), "", ""));
    let text = std::fs::read_to_string(text).unwrap();
    assert!(text.contains("password-refused") && !text.contains('\x1b'), "{text}");
    let report: Value = serde_json::from_str(&std::fs::read_to_string(json).unwrap()).unwrap();
    assert_eq!(report["findings"][0]["cause"], "password-refused");
}

#[test]
fn the_ending_of_a_file_tells_its_format() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    for (name, begins) in [
        ("r.html", "<!doctype html>"),
        ("r.htm", "<!doctype html>"),
        ("r.json", "{"),
        ("r.md", "# "),
        ("r.xml", "<?xml"),
        ("r.prom", "# HELP"),
        ("r.txt", "icloud-mail-doctor "),
        ("r.log", "icloud-mail-doctor "),
        ("r", "icloud-mail-doctor "),
    ] {
        let (code, out, _) = run(&["rehearse", "password-refused", "--output", &place(name)]);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{name}");
        assert!(std::fs::read_to_string(place(name)).unwrap().starts_with(begins), "{name}");
    }
    for (words, name) in [
        (["--format", "json", "--output"], "new.html"),
        (["--format", "text", "--output"], "new.json"),
        (["--force", "--report", "json="], "new.md"),
    ] {
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        match words[2].ends_with('=') {
            true => words[2].push_str(&place(name)),
            false => words.push(place(name)),
        }
        let words: Vec<&str> =
            ["rehearse", "password-refused"].into_iter().chain(words.iter().map(String::as_str)).collect();
        let (code, out, error) = run(&words);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{words:?}");
        assert!(error.contains("the name of a file ends as") && error.lines().count() == 1, "{error}");
        assert!(!std::fs::exists(place(name)).unwrap());
    }
    // What many kinds of file share contradicts nothing.
    let (code, ..) = run(&["rehearse", "password-refused", "--format", "json", "--output", &place("json.txt")]);
    assert_eq!(code, Some(1));
}

#[test]
fn a_file_gets_the_whole_report_however_little_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| folder.path().join(name).display().to_string());
    let (_, out, _) = run(&["rehearse", "password-refused", "-q", "--report", &format!("text={one}")]);
    assert_eq!(out.lines().count(), 1, "{out}");
    run(&["rehearse", "password-refused", "--output", &two]);
    assert_eq!(std::fs::read_to_string(one).unwrap(), std::fs::read_to_string(two).unwrap());
}

#[test]
fn standard_output_can_be_named() {
    for name in ["-", "/dev/stdout"].into_iter().take(if cfg!(unix) { 2 } else { 1 }) {
        let (code, out, _) = run(&["rehearse", "password-refused", "-q", "--output", name]);
        assert_eq!((code, out.lines().count()), (Some(1), 1), "{name}: {out}");
        assert!(!std::fs::exists("-").unwrap());
    }
}

/// The bytes of a text as Windows writes them.
fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn a_report_and_a_case_are_read_however_windows_wrote_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    let (_, report, _) = run(&["rehearse", "password-refused", "--format", "json"]);
    let case = std::fs::read_to_string("tests/imap/password-refused/case.toml").unwrap();
    for (text, command) in [(&report, "render"), (&report, "diagnose"), (&case, "rehearse")] {
        std::fs::write(&file, text).unwrap();
        let words = [command, file.to_str().unwrap(), "--format", "json"];
        let expected = run(&words);
        assert_eq!(expected.0, Some(1));
        let marked = format!("\u{feff}{text}");
        for bytes in [
            marked.clone().into_bytes(),
            wide(text, u16::to_le_bytes),
            wide(&marked, u16::to_le_bytes),
            wide(text, u16::to_be_bytes),
            wide(&marked, u16::to_be_bytes),
        ] {
            std::fs::write(&file, &bytes).unwrap();
            assert_eq!(run(&words), expected, "{command} of {:?}", &bytes[..4]);
        }
    }
}

#[test]
fn a_file_of_another_kind_is_told_by_its_kind_and_what_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (_, report, _) = run(&["rehearse", "password-refused", "--format", "json"]);
    let later = report.replacen("\"schema_version\": 1", "\"schema_version\": 2", 1);
    std::fs::write(path("report.json"), &report).unwrap();
    std::fs::write(path("later.json"), later).unwrap();
    std::fs::write(path("latin"), b"f\xfcr").unwrap();
    for (words, said) in [
        (["rehearse", &path("report.json")], "is a report and not a recorded case: `icloud-mail-doctor render FILE`"),
        (["rehearse", &path("later.json")], "is a report"),
        (["render", "tests/imap/password-refused/case.toml"], "is a recorded case"),
        (["diagnose", "tests/imap/password-refused/case.toml"], "is a recorded case"),
        (["render", &path("later.json")], "update this program"),
        (["diagnose", &path("later.json")], "update this program"),
        (["render", &path("missing.json")], "No such file or directory: name a file"),
        (["render", &path("latin")], "it is not text"),
    ] {
        let (code, out, error) = run(&words);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{words:?}");
        assert!(
            error.contains(said) && !error.contains("os error") && error.lines().count() == 1,
            "{words:?}: {error}"
        );
    }
}

#[test]
fn a_report_that_is_there_stays_when_the_run_does_not_begin() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.txt");
    let last = "icloud-mail-doctor 0.0.9: the last report\n\nAll is well as far as it was asked.\n";
    std::fs::write(&path, last).unwrap();
    let (code, _, error) = run(&["check", "you@icloud.com", "--output", path.to_str().unwrap()]);
    assert_eq!(code, Some(2));
    assert!(error.contains("no password"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), last);
}

#[test]
fn nothing_is_asked_when_only_the_plan_is_wanted() {
    let (code, out, _) = run(&["check", "you@icloud.com", "--dry-run"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("sign in once at each server") && out.contains("imap.mail.me.com:993"), "{out}");
    let (code, out, _) = run(&["check", "--list-hosts"]);
    assert_eq!(code, Some(0));
    for host in ["imap.mail.me.com:993", "smtp.mail.me.com:587", "www.apple.com", "1.1.1.1", "captive.apple.com"] {
        assert!(out.contains(host), "{host}: {out}");
    }
}
