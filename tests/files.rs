//! The files that reports are written to, and those that are read again: the format, the encoding, and what is left
//! unchanged.

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
        ("r.txt", "Mail fails, very likely"),
        ("r.log", "Mail fails, very likely"),
        ("r", "Mail fails, very likely"),
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
        (
            ["render", &path("missing.json")],
            if cfg!(unix) { "No such file or directory: name a file" } else { ": name a file" },
        ),
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
    let last = "All is well as far as it was asked.\n\nChecked by icloud-mail-doctor 0.0.9 for y…@icloud.com on 2026-11-24 02:23 UTC\n";
    std::fs::write(&path, last).unwrap();
    let (code, _, error) = run(&["check", "you@icloud.com", "--output", path.to_str().unwrap()]);
    assert_eq!(code, Some(2));
    assert!(error.contains("no password"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), last);
}

#[test]
fn several_reports_make_one_table_with_the_worst_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).display().to_string();
    for (case, name) in [("password-refused", "refused.json"), ("imap/healthy", "healthy.json")] {
        run(&["rehearse", case, "--output", &place(name)]);
    }
    std::fs::write(place("note.json"), "a note").unwrap();
    let [refused, healthy, note] = ["refused.json", "healthy.json", "note.json"].map(place);
    for command in ["render", "diagnose"] {
        for (files, code) in [([&healthy, &healthy], 0), ([&healthy, &note], 3), ([&note, &refused], 1)] {
            let (ended, out, error) = run(&[command, files[0], files[1]]);
            assert_eq!(ended, Some(code), "{command} {files:?}: {error}");
            assert!(files.iter().all(|file| out.contains(file.as_str())), "{out}");
        }
        let (_, out, _) = run(&[command, &healthy, &note, &refused, "--format", "json"]);
        let rows: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(rows[0]["verdict"], "healthy");
        assert!(
            rows[1]["verdict"].is_null() && rows[1]["unreadable"].as_str().unwrap().contains("cannot be read"),
            "{out}"
        );
        assert_eq!((&rows[2]["cause"], &rows[2]["sure"]), (&"password-refused".into(), &"likely".into()));
        assert!(rows[2]["first_step"].as_str().unwrap().contains("account.apple.com"), "{out}");
    }
}

#[test]
fn a_saved_report_is_worded_for_the_mail_program_of_another() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("report.json").display().to_string();
    run(&["rehearse", "password-refused", "--output", &saved]);
    let client = ["--client", "thunderbird"];
    let worded = |command: &str| run(&[&[command, &saved], &client[..]].concat()).1;
    let (_, plain, _) = run(&["render", &saved]);
    let (_, fresh, _) = run(&["rehearse", "password-refused", "--client", "thunderbird"]);
    assert!(!plain.contains("Saved Passwords") && worded("render").contains("Saved Passwords"));
    assert_eq!(worded("render"), fresh);
    assert_eq!(worded("diagnose"), fresh);
}

/// The arguments and environment of the replaced browser: its page, its limit of memory and the password.
#[cfg(unix)]
fn opened(arguments: &[&str], folder: &std::path::Path) -> (Option<i32>, String, String) {
    use std::os::unix::fs::PermissionsExt as _;
    let browser = folder.join("xdg-open");
    let seen = folder.join("seen");
    let _ = std::fs::remove_file(&seen);
    assert!(std::process::Command::new("mkfifo").arg(&seen).status().unwrap().success());
    let say = "echo \"$1\"; ulimit -v; echo \"secret: $ICLOUD_APP_PASSWORD.\"";
    let script = format!("#!/bin/sh\n{{ {say}; }} > '{}'\n", seen.display());
    std::fs::write(&browser, script).unwrap();
    std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.display());
    let mut doctor = std::process::Command::new(doctor::path());
    doctor.args(arguments).env("PATH", path).env("TMPDIR", folder).env("ICLOUD_APP_PASSWORD", "abcd-efgh-ijkl-mnop");
    doctor.env("DISPLAY", ":0");
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(std::fs::read_to_string(seen).unwrap()));
    let ended = doctor.output().unwrap();
    let error = String::from_utf8(ended.stderr).unwrap();
    (ended.status.code(), error, receiver.recv_timeout(std::time::Duration::from_secs(20)).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_page_is_opened_in_the_browser_which_gets_no_password_and_no_limit() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("report.json").display().to_string();
    run(&["rehearse", "password-refused", "--output", &saved]);
    for arguments in [&["render", &saved, "--open"][..], &["rehearse", "password-refused", "--open", "-q"]] {
        let (code, error, seen) = opened(arguments, folder.path());
        assert_eq!(code, Some(1), "{error}");
        let (page, rest) = seen.split_once('\n').unwrap();
        assert_eq!(rest, "unlimited\nsecret: .\n", "{seen}");
        assert!(error.contains(page) && error.contains("Only you can read"), "{error}");
        assert_eq!(std::fs::metadata(page).unwrap().permissions().mode() & 0o777, 0o600);
        let page = std::fs::read_to_string(page).unwrap();
        assert!(page.starts_with("<!doctype html>") && page.contains("y…@icloud.com"), "{page}");
        assert!(!page.contains("you@icloud.com\n"), "{page}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_page_that_was_asked_for_is_the_one_that_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("mine.html").display().to_string();
    let (_, error, seen) = opened(&["rehearse", "imap/healthy", "--output", &page, "--open"], folder.path());
    assert!(seen.starts_with(&dunce::canonicalize(&page).unwrap().display().to_string()), "{seen}");
    assert!(error.contains("mine.html") && !error.contains("Only you"), "{error}");
}

/// A browser that cannot be started, a computer without a screen, and links that another user put where the page will be.
#[cfg(target_os = "linux")]
#[test]
fn a_page_is_said_to_be_opened_only_where_it_is_and_follows_no_link() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let victim = folder.path().join("victim");
    for (script, display, is_opened) in
        [("exit 3", Some(":0"), false), (": > \"$TMPDIR/started\"", None, false), ("exit 0", Some(":0"), true)]
    {
        let browser = folder.path().join("xdg-open");
        std::fs::write(&browser, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&browser, std::fs::Permissions::from_mode(0o755)).unwrap();
        let planted = r#"/bin/ln -s victim "$TMPDIR/icloud-mail-doctor-$$-0.html"; exec "$@""#;
        let mut shell = std::process::Command::new("/bin/sh");
        shell.args(["-c", planted, "sh"]).arg(doctor::path()).args(["rehearse", "imap/healthy", "--open", "-q"]);
        shell.env("PATH", folder.path()).env("TMPDIR", folder.path());
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"] {
            shell.env_remove(name);
        }
        shell.envs(display.map(|display| ("DISPLAY", display)));
        let ended = shell.output().unwrap();
        let error = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(0), "{error}");
        assert_eq!(error.contains("The browser opens"), is_opened, "{script}: {error}");
        assert_eq!(error.contains("No browser could be started"), !is_opened, "{script}: {error}");
        assert!(error.contains("-1.html"), "{error}");
        assert!(!victim.exists() && !folder.path().join("started").exists());
    }
}

#[test]
fn where_no_page_can_be_made_it_is_said_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut doctor = std::process::Command::new(doctor::path());
    let nowhere = folder.path().join("nowhere");
    doctor.args(["rehearse", "imap/healthy", "--open", "-q"]).env("TMPDIR", &nowhere).env("TMP", &nowhere);
    let ended = doctor.output().unwrap();
    let error = String::from_utf8(ended.stderr).unwrap();
    assert!(error.contains("--report html=") && !error.contains("os error"), "{error}");
}

// Windows shows a page without a program of that path.
#[cfg(unix)]
#[test]
fn where_no_browser_can_be_started_the_page_is_named_and_the_run_is_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut doctor = std::process::Command::new(doctor::path());
    doctor.args(["rehearse", "imap/healthy", "--open"]).env("PATH", folder.path()).env("TMPDIR", folder.path());
    let ended = doctor.output().unwrap();
    let error = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(0), "{error}");
    assert!(error.contains("No browser could be started") && error.contains(".html"), "{error}");
}
