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
        vec!["explain", &format!("--{CANARY}")],
        vec!["explain", &format!("-{CANARY}")],
        vec!["explain", "text", "--format", CANARY],
        vec!["explain", "text", "--client", CANARY],
    ] {
        let (code, out, error) = run(&arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {out}{error}");
        assert!(!out.contains("zkqj") && !error.contains("zkqj"), "{arguments:?}: {out}{error}");
    }
    for words in [&["explain", CANARY][..], &["explain", "my password", CANARY, "does nothing"]] {
        let (code, out, error) = run(words);
        assert!(code.is_some() && !out.contains("zkqj") && !error.contains("zkqj"), "{out}{error}");
    }
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

/// A line of a log in which nothing is wrong.
const WELL: &str = "2026-11-24 10:00:00 imap worker: all is well, nothing new in INBOX\n";

#[test]
fn of_a_long_log_the_end_is_read_too_and_what_was_left_out_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail.log");
    let well = WELL.repeat((9 << 20) / WELL.len());
    for (log, place) in [
        (format!("{well}535 5.7.8 authentication failed\n"), "(the last line)"),
        (format!("{well}535 5.7.8 authentication failed\n{WELL}{WELL}"), "(line 3 from the end)"),
        (format!("{WELL}535 5.7.8 authentication failed\n{well}"), "(line 2)"),
    ] {
        std::fs::write(&path, &log).unwrap();
        for output in
            [doctor(&["explain", path.to_str().unwrap()]).output().unwrap(), piped(&["explain", "-"], log.as_bytes())]
        {
            let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
            assert_eq!(output.status.code(), Some(0), "{out}{error}");
            let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(out.contains("apple-password-used") && out.contains(place), "{out}");
            assert!(error.contains("is long: its first 128 KB and its last 896 KB were read, and 8 MB"), "{error}");
        }
    }
}

#[test]
fn a_log_of_a_hundred_megabytes_is_read_soon() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mail.log");
    let mut file = std::fs::File::create(&path).unwrap();
    file.set_len(100 << 20).unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0)).unwrap();
    file.write_all(b"\n535 5.7.8 authentication failed\n").unwrap();
    let began = std::time::Instant::now();
    let output = doctor(&["explain", path.to_str().unwrap()]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stdout).unwrap().contains("apple-password-used"));
    // A program built for tests takes ten times as long as the released one, and other tests run beside it.
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn icloud_is_not_blamed_for_another_providers_server() {
    for (line, server) in [
        (
            "Nov 24 10:00:00 mx postfix/smtp[9]: SASL authentication failed; server mail.gmx.net said: 535 Authentication credentials invalid",
            "mail.gmx.net",
        ),
        ("imap.gmail.com: AUTHENTICATE failed: invalid credentials", "imap.gmail.com"),
        ("smtp.office365.com said: 535 5.7.3 Authentication unsuccessful", "smtp.office365.com"),
        ("imap.gmx.net:993 timed out", "imap.gmx.net"),
        ("Login to server mail.mycompany.de failed: Authentication failed", "mail.mycompany.de"),
    ] {
        let (code, out, _) = run(&["explain", line]);
        assert_eq!(code, Some(3), "{out}");
        let about = format!("These lines are about {server}, not about iCloud Mail.");
        assert!(out.contains(&about) && !out.contains("account.apple.com"), "{out}");
        let (_, json, _) = run(&["explain", line, "--format", "json"]);
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap()["findings"], serde_json::json!([]));
        // Beside a line about iCloud it counts for nothing, and this is said.
        let both = format!("{line}\nimap.mail.me.com: certificate has expired\n");
        let out = String::from_utf8(piped(&["explain", "-"], both.as_bytes()).stdout).unwrap();
        assert!(out.contains("certificate-expired") && !out.contains("apple-password-used"), "{out}");
        assert!(out.contains(&format!("Lines about {server} were left aside")), "{out}");
    }
}

#[test]
fn mail_that_others_send_to_icloud_is_told_apart() {
    let said = "about mail that others send to iCloud, not about this account's settings.";
    for line in [
        "connect to mx01.mail.icloud.com[17.57.156.30]:25: Connection timed out",
        "mx01.mail.icloud.com said: 421 4.7.1 try again later",
    ] {
        let (code, out, _) = run(&["explain", line]);
        assert_eq!(code, Some(3), "{out}");
        assert!(out.split_whitespace().collect::<Vec<_>>().join(" ").contains(said), "{out}");
        assert_eq!(causes(&format!("{line}\nsmtp.mail.me.com said: 535 5.7.8 failed"))[0], "apple-password-used");
    }
}

#[test]
fn the_words_of_another_server_are_not_icloud_s() {
    for line in [
        "relay.corp.example: 550 5.7.0 From address is not one of your addresses",
        "localhost:1025 proton bridge: 535 5.7.8 authentication failed",
    ] {
        let (code, out, _) = run(&["explain", line]);
        assert_eq!(code, Some(0), "{out}");
        assert!(out.contains("possible: ") && !out.contains("certain:") && !out.contains("likely"), "{out}");
        assert!(!out.contains("iCloud's server for sending says"), "{out}");
    }
}

#[test]
fn who_got_no_answer_was_not_refused() {
    let text = "Sending of the message failed. The message could not be sent because the connection to Outgoing server \
                (SMTP) smtp.mail.me.com timed out. Try again.";
    let found = causes(text);
    assert_eq!(found[0], "port-blocked");
    for cause in ["apple-password-used", "sender-not-owned", "smtp-username-form", "not-an-icloud-login"] {
        assert!(!found.iter().any(|found| found == cause), "{found:?}");
    }
    let sure = |code| run(&["explain", code]).1;
    assert!(!sure("0x800CCC78").contains("likely") && !sure("0x800CCC78").contains("The sign-in was right"));
    assert!(sure("0x800CCC0E").contains("Outlook says that it did not reach the server"));
}

#[test]
fn a_lone_code_or_word_is_a_text_and_a_mistyped_cause_is_not() {
    for (word, cause) in [
        ("535", Some("apple-password-used")),
        ("550", Some("sender-not-owned")),
        ("421", Some("service-unavailable")),
        ("-1012", Some("apple-password-used")),
        ("0x80070057", None),
        ("0x80048802", None),
        ("0x80040600", None),
        ("moon", None),
        ("no-such-cause", None),
    ] {
        let (code, out, error) = run(&["explain", word, "--format", "json"]);
        let found: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{word}: {out}{error}"));
        assert_eq!(found["findings"][0]["cause"].as_str(), cause, "{word}");
        assert_eq!(code, Some(if cause.is_some() { 0 } else { 3 }), "{word}");
    }
    for (word, meant) in
        [("pasword-refused", "password-refused"), ("port-blocke", "port-blocked"), ("pasword", "password-refused")]
    {
        let (code, out, error) = run(&["explain", word]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{word}: {error}");
        assert!(error.contains("did you mean") && error.contains(meant), "{word}: {error}");
    }
}

#[test]
fn what_is_not_a_text_is_called_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::create_dir(path("folder")).unwrap();
    for (name, bytes) in [
        ("shot.png", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..]),
        ("photo", b"\xff\xd8\xff\xe0\0\x10JFIF"),
        ("mail.log.1.gz", b"\x1f\x8b\x08\0authentication failed"),
        ("form.pdf", b"%PDF-1.7 authentication failed"),
        (".msmtprc", b"account icloud\nhost smtp.mail.me.com\ntls_trust_file system\n"),
    ] {
        std::fs::write(path(name), bytes).unwrap();
    }
    std::fs::write(path("from-setup"), run(&["setup", "msmtp", "you@icloud.com"]).1).unwrap();
    std::fs::write(path("report.json"), run(&["rehearse", "password-refused", "--format", "json"]).1).unwrap();
    for (word, said) in [
        (path("shot.png"), "is a picture: type the words that are in it"),
        (path("photo"), "is a picture: type the words"),
        (path("mail.log.1.gz"), "is a compressed file: unpack it"),
        (path("form.pdf"), "is a PDF: copy the words"),
        (path("folder"), "is a folder: name a file in it"),
        (path(".msmtprc"), "`icloud-mail-doctor review FILE`"),
        (path("from-setup"), "`icloud-mail-doctor review FILE`"),
        (path("report.json"), "`icloud-mail-doctor render FILE`"),
        ("tests/imap/password-refused/case.toml".to_owned(), "`icloud-mail-doctor rehearse FILE`"),
        (path("missing"), "there is no such file"),
        ("missing.log".to_owned(), "there is no such file"),
        ("./missing.log".to_owned(), "there is no such file"),
        ("shot.png".to_owned(), "there is no such file"),
    ] {
        let (code, out, error) = run(&["explain", &word]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{word}: {error}");
        assert!(error.contains(said) && error.lines().count() == 1, "{word}: {error}");
    }
    // What comes through a pipe may be a picture too.
    let output = piped(&["explain", "-"], b"\x89PNG\r\n\x1a\n");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_log_of_windows_is_read_in_every_dress() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let text = "Zeitüberschreitung\r\n535 5.7.8 authentication failed\r\n";
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let marked = format!("\u{feff}{text}");
    let expected = piped(&["explain", "-"], text.as_bytes()).stdout;
    for bytes in [
        marked.clone().into_bytes(),
        wide(text, u16::to_le_bytes),
        wide(&marked, u16::to_le_bytes),
        wide(text, u16::to_be_bytes),
        wide(&marked, u16::to_be_bytes),
    ] {
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(piped(&["explain", "-"], &bytes).stdout, expected);
        assert_eq!(doctor(&["explain", path.to_str().unwrap()]).output().unwrap().stdout, expected);
    }
}

#[test]
fn nobody_is_told_what_was_just_done_or_what_nobody_saw() {
    let advice = "explain - < FILE";
    assert!(run(&["explain", "the moon is made of cheese"]).1.contains(advice));
    let output = piped(&["explain", "-"], b"the moon is made of cheese");
    assert!(!String::from_utf8(output.stdout).unwrap().contains(advice));
    let (_, out, _) = run(&["explain", "535 5.7.8 authentication failed"]);
    assert!(out.contains("What the text says") && out.contains("nothing was checked"), "{out}");
    for seen in ["What we saw", "The password that was tried"] {
        assert!(!out.contains(seen), "{seen}: {out}");
    }
    let (_, page, _) = run(&["explain", "apple-password-used"]);
    assert!(page.contains("nothing was checked for it") && !page.contains("that was tried does not"), "{page}");
}
