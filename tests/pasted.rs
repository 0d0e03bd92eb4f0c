//! What `explain` accepts as a text, from an argument, a file or a pipe, and that no secret in it is shown. The causes
//! of a text are in `explain.rs`.

#![allow(clippy::disallowed_methods, reason = "a test watches the clock")]
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod doctor;

use std::io::Write as _;

use doctor::{CANARY, Doctor, as_windows_writes, piped, run};
use serde_json::Value;

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
    assert_eq!(words, String::from_utf8(given.out).unwrap());
    // What is piped is meant, without a hyphen too; where nothing comes, the causes are listed.
    let given = piped(&["explain"], b"550 5.7.0 From address is not one of your addresses");
    assert_eq!(words, String::from_utf8(given.out).unwrap());
    let list = run(&["explain"]).1;
    assert!(list.contains("port-blocked") && list.contains("sender-not-owned"), "{list}");
    assert_eq!(list.as_bytes(), piped(&["explain"], b" \n").out);
    assert!(words.contains("problem, certain: sender-not-owned"), "{words}");
    assert!(!words.contains("What else fits"), "{words}");
}

#[test]
fn a_secret_does_not_come_out_again() {
    let dresses = std::fs::read_to_string(doctor::tests().join("explain/dresses.txt")).unwrap();
    // Both forms are made of the same findings, so any other encoding in each is enough.
    for (dress, format) in dresses.split("\n----\n").zip(["text", "json"].into_iter().cycle()) {
        // With words that are known on the same line and on the next, so that it is shown.
        let text = format!("login failed: {dress}\nauthentication failed\n");
        let output = piped(&["explain", "-", "--format", format], text.as_bytes());
        let shown = String::from_utf8(output.out).unwrap() + &String::from_utf8(output.error).unwrap();
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
        // Nothing at all is no text.
        let expected: &[u8] = if bytes.is_empty() { &[2] } else { &[0, 3] };
        assert!(
            piped(&["explain", "-"], &bytes).code.is_some_and(|code| expected.iter().any(|of| code == i32::from(*of)))
        );
        let output = piped(&["explain", "-"], &known);
        assert_eq!(output.code, Some(0));
        assert!(!output.out.iter().any(|byte| [0x07, 0x1b].contains(byte)), "{length}");
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
        for output in [Doctor::new(&["explain"]).arg(&path).run(), piped(&["explain", "-"], log.as_bytes())] {
            let (out, error) = (String::from_utf8(output.out).unwrap(), String::from_utf8(output.error).unwrap());
            assert_eq!(output.code, Some(0), "{out}{error}");
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
    let output = Doctor::new(&["explain"]).arg(&path).run();
    assert_eq!(output.code, Some(0));
    assert!(String::from_utf8(output.out).unwrap().contains("apple-password-used"));
    // A program built for tests takes ten times as long as the released one, and other tests run beside it.
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
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
    assert_eq!(output.code, Some(2));
}

#[test]
fn a_log_of_windows_is_read_in_every_dress() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let text = "Zeitüberschreitung\r\n535 5.7.8 authentication failed\r\n";
    let expected = piped(&["explain", "-"], text.as_bytes()).out;
    for bytes in as_windows_writes(text) {
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(piped(&["explain", "-"], &bytes).out, expected);
        assert_eq!(Doctor::new(&["explain"]).arg(&path).run().out, expected);
    }
}
