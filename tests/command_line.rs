//! Usage errors, where passwords come from, and what an interrupted run leaves behind. Questions at a terminal are in
//! `prompt.rs`.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod doctor;

use std::io::Read as _;
#[cfg(unix)]
use std::io::{BufRead as _, BufReader};
#[cfg(unix)]
use std::process::Command;

use doctor::{CANARY, Doctor, asking_only, run, silent_resolver};
use serde_json::Value;

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
        (vec!["check", "--report", "pdf=x"], "`pdf` is not a format", "json"),
        (
            vec!["check", "--imap-host", "imap mail"],
            "IMAP server is not one that a server can have",
            "imap.mail.me.com",
        ),
        (vec!["check", "--from", "me"], "--from is not an email address (it has no @)", "you@icloud.com"),
        (vec!["check", "--timeout", "0"], "number of seconds", "3600"),
        (vec!["check", "--imap-port", "ninety"], "what follows --imap-port cannot be used", "number from 1 to 65535"),
        (vec!["check", "--smtp-port", "0"], "what follows --smtp-port cannot be used", "number from 1 to 65535"),
        (vec!["check", "--password", CANARY], "never an argument", "--password-stdin"),
        (vec!["you@icloud.com", "--password=x"], "never an argument", "ICLOUD_APP_PASSWORD"),
        (
            vec!["rehearse", "--no-progress"],
            "`rehearse` does not take --no-progress",
            "`check`, `mailbox`, `archive`, `round-trip` do",
        ),
        (vec!["check", "--fromat", "json"], "`--fromat` is not a flag of `check`", "did you mean --format?"),
        (vec!["rehearse", "x", "--plian"], "`--plian` is not a flag of `rehearse`", "did you mean --plain?"),
        (vec!["render", "--zebra"], "no such flag of `render`", "icloud-mail-doctor render --help"),
        (vec!["mailbox", "you@icloud.com", "--only", "imap"], "`mailbox` does not take --only", "`check` does"),
        (
            vec!["mailbox", "you@icloud.com", "--no-sign-in"],
            "`mailbox` does not take --no-sign-in",
            "leave --no-sign-in out",
        ),
        (
            vec!["mailbox", "you@icloud.com", "--full", "--largest", "abc"],
            "what follows --largest",
            "a number from 0 to 100",
        ),
        (vec!["mailbox", "you@icloud.com", "--idle", "90"], "what follows --idle", "a number of minutes from 1 to 29"),
        (vec!["check", "--timeout"], "--timeout needs a value", "icloud-mail-doctor check --help"),
        (vec!["check", "--format"], "--format needs a value", "text, json"),
        (vec!["check", "--only", "tsl"], "`tsl` is not the name of a check", "did you mean tls?"),
        (vec!["check", "--client", "Outlok"], "`Outlok` is not a mail program", "did you mean outlook?"),
        (vec!["check", "--client", "spark"], "no step has words of its own for Spark", "setup spark"),
        (vec!["check", "--report", "jsn=x"], "`jsn` is not a format", "did you mean json?"),
        (vec!["completions", "bsh"], "`bsh` is not one of the values", "did you mean bash?"),
        (vec!["check", "--color", "allways"], "`allways` is not one of the values of --color", "did you mean always?"),
        (
            vec!["--plain", "explain", "x"],
            "the command, `explain`, is not the first word",
            "write `icloud-mail-doctor explain`",
        ),
        (vec!["rehearse", "password-refusd"], "`password-refusd` is not a case", "did you mean password-refused?"),
        (vec!["rehearse", "intercepted"], "`intercepted` is not a case", "did you mean tls/"),
        (vec!["explain", "pasword"], "`pasword` is not a cause", "password-refused"),
        (vec!["render", "a", "b", "--format", "html"], "html shows one report, and several were named", "markdown"),
        (vec!["render", "a", "b", "--open"], "html shows one report, and several were named", "text"),
        (vec!["check", "you@icloud.com", "b"], "one word more than `check` takes", "you@icloud.com"),
        (
            vec!["check", "--format", "jsn"],
            "`jsn` is not one of the values of --format",
            "did you mean json? It takes text, json",
        ),
        (vec!["render"], "required", "icloud-mail-doctor render --help"),
        (vec!["chek"], "`chek` is not a command", "did you mean `icloud-mail-doctor check`"),
        (vec!["explian", "password-refused"], "`explian` is not a command", "`icloud-mail-doctor explain`"),
        (vec!["halp"], "`halp` is not a command", "did you mean `icloud-mail-doctor help`"),
        (vec!["rehearse", "no-such-thing"], "`no-such-thing` is not a case", "rehearse"),
        (vec!["explain", "password-refusd"], "`password-refusd` is not a cause", "did you mean password-refused"),
    ] {
        let (code, out, error) = run(&arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {error}");
        assert_eq!(out, "", "{arguments:?}");
        assert!(error.contains(what) && error.contains(instead), "{arguments:?}: {error}");
    }
}

#[test]
fn what_may_be_a_password_is_not_repeated_however_like_a_name_it_is() {
    for (words, meant) in [
        (&["Chek2024"][..], "is not an email address"),
        (&["Check1!", "you@icloud.com"], "did you mean `icloud-mail-doctor check`"),
        (&["help", "Explain1"], "did you mean `icloud-mail-doctor explain`"),
        (&["check", "--format1"], "did you mean --format"),
        (&["check", "--client", "Outlook1"], "did you mean outlook"),
        (&["setup", "iPhone16"], "did you mean apple-devices"),
        (&["rehearse", "Port-Blocked7"], "did you mean port-blocked"),
        (&["explain", "--client", "zkqj-vwxb-nmpl-rty", "x"], "takes one of"),
        (&["rehearse", "zkqj-vwxb-nmpl-rtydd"], "lists the cases"),
        (&["check", "--only", "zkqj-vwxb-nm"], "lists all names"),
        (&["check", "--from", "zkqj-vwxb@nmpl.rtyd1"], "is not an email address"),
    ] {
        let (code, out, error) = run(words);
        assert!(code == Some(2) && error.contains(meant), "{words:?}: {error}");
        let typed = words.iter().find(|word| word.chars().any(|c| c.is_ascii_digit()) || word.starts_with("zkqj"));
        assert!(!(out + &error).contains(typed.unwrap()), "{words:?}: {error}");
    }
}

#[test]
fn help_and_version_work_as_words() {
    for (words, flags) in [
        (vec!["help"], vec!["--help"]),
        (vec!["help", "explain"], vec!["explain", "--help"]),
        (vec!["help", "check", "--plain"], vec!["check", "--help"]),
        (vec!["version"], vec!["--version"]),
    ] {
        let (code, out, error) = run(&words);
        assert_eq!((code, error.as_str()), (Some(0), ""), "{words:?}");
        assert_eq!(out, run(&flags).1, "{words:?}");
    }
    let (code, _, error) = run(&["help", "explian"]);
    assert!(code == Some(2) && error.contains("did you mean `icloud-mail-doctor explain`"), "{error}");
}

/// How `check` shows an address with extra characters around it; the resolver is one that contacts nothing else.
/// How long a check may take whose ports are all closed, in seconds: Windows takes two to say that one is.
const CLOSED: &str = if cfg!(windows) { "20" } else { "1" };

fn asked_as(email: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let doctor = Doctor::new(&["check", email, "--format", "json", "--deadline", CLOSED]);
    let doctor = doctor.args(&asking_only(([127, 0, 0, 1], 1).into())).args(more);
    doctor.env("ICLOUD_APP_PASSWORD", CANARY).run().told()
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
        // A user who gives the login names means them, and without a sign-in nothing is spent.
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
    let (and, shell) = if cfg!(windows) { ("&", "\"cmd\", \"/C\"") } else { (";", "\"sh\", \"-c\"") };
    let both = format!("echo {CANARY}{and} echo the store is locked, {CANARY} >&2{and} exit 3");
    let list = format!("[{shell}, \"{both}\"]");
    for command in [both.as_str(), list.as_str()] {
        let (code, out, error) = run(&["check", "you@icloud.com", "--password-command", command]);
        assert_eq!((code, out.as_str()), (Some(2), ""));
        let status = if cfg!(windows) { "exit code: 3" } else { "exit status: 3" };
        assert!(error.contains(status) && error.contains("the store is locked"), "{error}");
        assert!(!error.contains(CANARY), "{error}");
    }
    let (code, _, error) = run(&["check", "you@icloud.com", "--password-command", "[\"/nowhere/pass\"]"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("cannot be started"), "{error}");
}

/// A batch file that sees whether its words came as they were written.
#[cfg(windows)]
#[test]
fn a_password_command_gets_its_words_as_they_are_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("show.cmd"), "@if not \"%~1\"==\"my item\" exit 7\r\n@exit 5\r\n").unwrap();
    for command in ["show \"my item\"", "show.cmd \"my item\"", "[\"show\", \"my item\"]"] {
        let doctor = Doctor::new(&["check", "you@icloud.com", "--password-command", command]);
        let (_, _, error) = doctor.folder(folder.path()).env("PATH", folder.path()).run().told();
        assert!(error.contains("exit code: 5"), "{command}: {error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_in_the_place_of_a_file_is_called_one() {
    let (code, _, error) = Doctor::new(&["check", "--settings-from", "/dev/stdin", "--dry-run"]).input("").run().told();
    assert_eq!(code, Some(2));
    assert!(error.contains("it is a pipe"), "{error}");
}

#[test]
fn an_empty_or_unreadable_password_is_refused() {
    for given in [&b""[..], b"\n", b" \r\n", b"\xff\xfe"] {
        let doctor = Doctor::new(&["check", "you@icloud.com", "--password-stdin"]);
        let (code, _, error) = doctor.input(given).run().told();
        assert_eq!(code, Some(2), "{given:?}");
        assert!(error.contains("app-specific password"), "{error}");
    }
}

#[test]
fn a_deadline_that_passes_says_so_and_leaves_one_document() {
    let resolver = silent_resolver();
    let doctor = Doctor::new(&["check", "you@icloud.com", "--format", "json", "--no-sign-in", "--deadline", "0.3"]);
    let (code, out, _) = doctor.args(&asking_only(resolver.local_addr().unwrap())).run().told();
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["complete"], false);
    assert_eq!(report["verdict"], "unclear");
    assert_eq!(code, Some(3));
    assert!(report["duration_ms"].as_u64().unwrap() < 5000);
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_one_document() {
    let resolver = silent_resolver();
    for signal in ["-INT", "-TERM"] {
        let doctor = Doctor::new(&["check", "you@icloud.com", "--format", "json"]);
        let doctor = doctor.args(&asking_only(resolver.local_addr().unwrap()));
        let mut child = doctor.env("ICLOUD_APP_PASSWORD", CANARY).spawn();
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
    let mut child = Doctor::new(&["explain"]).spawn();
    drop(child.stdout.take());
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!((child.wait().unwrap().code(), error.as_str()), (Some(0), ""));
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

#[test]
fn a_build_says_what_it_is() {
    let version = format!("icloud-mail-doctor {}", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["-V"]).1.trim_end(), version);
    let (_, out, _) = run(&["--version"]);
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], version);
    assert!(lines[1].starts_with("target: ") && lines[2].starts_with("keyring: "), "{out}");
    assert!(lines[3].starts_with("commit: "), "{out}");
}

#[test]
fn all_manual_pages_are_written_into_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, error) = Doctor::new(&["man", "--dir", "pages/man1"]).folder(folder.path()).run().told();
    assert_eq!((code, out.as_str(), error.as_str()), (Some(0), "", ""));
    let page = std::fs::read_to_string(folder.path().join("pages/man1/icloud-mail-doctor-check.1")).unwrap();
    assert_eq!(page, run(&["man", "check"]).1);
    assert!(folder.path().join("pages/man1/icloud-mail-doctor.1").exists());
    std::fs::write(folder.path().join("file"), "").unwrap();
    let (code, _, error) = Doctor::new(&["man", "--dir", "file"]).folder(folder.path()).run().told();
    assert!(code == Some(2) && error.contains("cannot be written"), "{error}");
}

#[test]
fn a_comparison_ends_with_whether_anything_differs() {
    let of = |name: &str| doctor::tests().join(name).join("report.json").display().to_string();
    let (healthy, blocked, other) = (of("imap/healthy"), of("tcp/port-blocked"), of("imap/not-an-icloud-login"));
    let (code, told, _) = run(&["compare", &healthy, &healthy]);
    assert_eq!(
        (code, told.lines().next()),
        (Some(0), Some("Receiving and sending work in A and in B. Nothing differs."))
    );
    let (code, told, _) = run(&["compare", &healthy, &blocked]);
    assert!(code == Some(1) && told.starts_with("Sending differs: port 587"), "{told}");
    let piped = std::fs::read(&blocked).unwrap();
    let (code, told, _) = doctor::piped(&["compare", &healthy, "-"], &piped).told();
    assert!(code == Some(1) && told.contains("B  standard input, "), "{told}");
    let (code, _, why) = run(&["compare", &healthy, &other]);
    assert!(code == Some(2) && why.contains("different accounts") && why.contains("--anyway"), "{why}");
    assert_eq!(run(&["compare", &healthy, &other, "--anyway"]).0, Some(1));
    let case = doctor::tests().join("imap/healthy/case.toml").display().to_string();
    for (arguments, said) in [
        (["compare", "-", "-"], "both reports would be read from standard input"),
        (["compare", &healthy, "/nowhere/b.json"], "b.json"),
        (["compare", &case, &healthy], "is a recorded case and not a report"),
    ] {
        let (code, _, why) = run(&arguments);
        assert!(code == Some(2) && why.contains(said), "{why}");
    }
}

/// The lines of a watch as programs read them, and what it ended with. A signal comes after the first line.
#[cfg(unix)]
fn watched(more: &[&str], signal: Option<&str>) -> (Option<i32>, Vec<Value>) {
    // Nothing listens on that port, so every check ends at once.
    let doctor = Doctor::new(&["check", "--watch", "5", "--format", "json", "--no-second-look"]).args(more);
    let mut child = doctor.args(&asking_only(([127, 0, 0, 1], 1).into())).spawn();
    let mut lines = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        assert!(line.starts_with("{\"ts\":\"20"), "{line}");
        if let (true, Some(signal)) = (lines.is_empty(), signal) {
            assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        }
        lines.push(serde_json::from_str(&line).unwrap());
    }
    (child.wait().unwrap().code(), lines)
}

#[cfg(unix)]
#[test]
fn a_watch_is_lines_and_ends_with_the_last_report() {
    let ended = [watched(&["--for", "7s"], None), watched(&[], Some("-INT")), watched(&["--for", "1h"], Some("-TERM"))];
    for (code, lines) in ended {
        let kinds: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
        assert_eq!((code, kinds), (Some(1), vec!["onset", "end"]));
        let report = &lines[1]["report"];
        assert_eq!((&report["verdict"], &report["complete"]), (&Value::from("trouble"), &Value::from(true)));
        assert_eq!(lines[0]["causes"][0], report["findings"][0]["cause"]);
    }
}

#[test]
fn a_watch_in_another_format_says_its_lines_beside_it_and_writes_the_files() {
    let folder = doctor::unused_folder();
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("last.json");
    let call = [
        "check",
        "--watch",
        "5",
        "--for",
        if cfg!(windows) { "20s" } else { "2s" },
        "--no-second-look",
        "--format",
        "markdown",
    ];
    let doctor = Doctor::new(&call).arg(format!("--report=json={}", file.display()));
    let (code, out, beside) = doctor.args(&asking_only(([127, 0, 0, 1], 1).into())).run().told();
    assert!(code == Some(1) && out.starts_with("# ") && beside.contains(" UTC  Mail fails"), "{out}{beside}");
    let report: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(report["verdict"], "trouble");
    std::fs::remove_dir_all(&folder).unwrap();
}
