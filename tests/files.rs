//! The files that reports are written to, and those that are read again: which format, whose encoding, and what stays.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod doctor;

use doctor::{as_windows_writes, run};
use serde_json::Value;

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
        for bytes in as_windows_writes(text) {
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
