//! The settings that `setup` prints and writes: for whom, where to, and what it refuses.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod doctor;

use std::fs;

use doctor::{CANARY, Doctor};

fn setup(arguments: &[&str]) -> (Option<i32>, String, String) {
    Doctor::new(&["setup"]).args(arguments).run().told()
}

/// Every program, and whether it reads a file.
fn programs() -> Vec<(String, bool)> {
    let (code, list, _) = setup(&["--list"]);
    assert_eq!(code, Some(0));
    let row = |line: &str| {
        let mut words = line.split_whitespace();
        (words.next().unwrap().to_owned(), words.next() == Some("file"))
    };
    list.lines().map(row).collect()
}

#[test]
fn every_program_is_told_for_the_account_that_is_given() {
    let programs = programs();
    assert!(programs.iter().any(|(_, is_file)| *is_file) && programs.iter().any(|(_, is_file)| !is_file));
    for (program, is_file) in &programs {
        let command = "/usr/bin/pass show icloud";
        let (code, out, error) = setup(&[program, "jane.doe@icloud.com", "--password-command", command]);
        assert_eq!(code, Some(0), "{program}: {error}");
        assert!(format!("{out}{error}").contains("jane.doe"), "{program}: {out}{error}");
        assert!(!out.contains("{{") && !error.contains("{{"), "{program}: {out}{error}");
        // The file alone goes to standard output, so that it can be led into one.
        let words = if *is_file { &error } else { &out };
        assert!(words.contains("What to do") && words.contains("https://account.apple.com"), "{program}: {words}");
        assert!(!is_file || !out.contains("What to do"), "{program}: {out}");
        assert!(*is_file || error.is_empty(), "{program}: {error}");
    }
}

#[test]
fn a_program_is_known_by_each_of_its_names() {
    for (name, title) in [
        ("mutt", "NeoMutt and Mutt"),
        ("isync", "isync (mbsync)"),
        ("K-9 Mail", "Thunderbird for Android and K-9 Mail"),
        ("thunderbird-mobile", "Thunderbird for Android and K-9 Mail"),
        ("Outlook (classic)", "Outlook (classic)"),
        ("iphone", "Mail on iPhone and iPad"),
    ] {
        let (code, out, error) = setup(&[name]);
        assert_eq!(code, Some(0), "{name}: {error}");
        assert!(format!("{out}{error}").contains(&format!("iCloud Mail in {title}")), "{name}: {out}{error}");
        let (code, _, error) = doctor::run(&["explain", "port-blocked", "--client", name]);
        assert_eq!(code, Some(0), "{name}: {error}");
    }
}

#[test]
fn outlook_alone_is_the_new_one_and_says_first_what_the_other_one_is_called() {
    for name in ["outlook", "Outlook"] {
        let (code, out, _) = setup(&[name]);
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(code, Some(0));
        let first =
            "This is for the new Outlook. If yours has a File menu: `icloud-mail-doctor setup outlook-classic`. ";
        assert!(out.starts_with(&format!("{first}iCloud Mail in Outlook (new)")), "{out}");
    }
    for name in ["new-outlook", "outlook-classic"] {
        assert!(setup(&[name]).1.starts_with("iCloud Mail in Outlook"), "{name}");
    }
}

#[test]
fn an_address_at_another_domain_needs_the_accounts_own() {
    let (code, _, error) = setup(&["msmtp", "me@shop.example"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("--login you@icloud.com"), "{error}");
    let (code, out, _) = setup(&["msmtp", "me@shop.example", "--login", "jane@icloud.com"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("from \"me@shop.example\"") && out.contains("user \"jane@icloud.com\""), "{out}");
}

#[test]
fn a_file_is_replaced_only_when_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mbsyncrc");
    let output = format!("--output={}", path.display());
    fs::write(&path, "mine").unwrap();
    let (code, _, error) = setup(&["mbsync", "you@icloud.com", &output]);
    assert_eq!((code, fs::read_to_string(&path).unwrap().as_str()), (Some(2), "mine"));
    assert!(error.contains("is there already") && error.contains("--force"), "{error}");
    let (code, told, aside) = setup(&["mbsync", "you@icloud.com", &output, "--force"]);
    assert_eq!(code, Some(0));
    let copy = folder.path().join("mbsyncrc.before-setup");
    assert_eq!(fs::read_to_string(&copy).unwrap(), "mine");
    assert!(aside.contains("mbsyncrc.before-setup"), "{aside}");
    setup(&["mbsync", "you@icloud.com", &output, "--force"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "what is the same needs no second copy");
    assert!(fs::read_to_string(&path).unwrap().contains("imap.mail.me.com"));
    assert!(told.contains("is written") && !told.contains("IMAPAccount"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_new_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("msmtprc");
    setup(&["msmtp", "you@icloud.com", "--output", path.to_str().unwrap()]);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_cannot_be_set_up_is_said_with_what_to_type() {
    for (arguments, what, next) in [
        (vec![], "no mail program is named", "--list"),
        (vec!["no-such-program"], "is known here", "setup other"),
        (vec!["Outlok"], "`Outlok` is not a mail program", "did you mean outlook?"),
        (vec!["thunderbrid"], "`thunderbrid` is not a mail program", "did you mean thunderbird?"),
        (vec!["ruby"], "`setup` has no page for Ruby", "setup other"),
        (vec![CANARY], "what was given is not a mail program", "--list"),
        (vec!["mbsync", CANARY], "the address is not an email address", "you@icloud.com"),
        (vec!["mbsync", "you@icloud.com", "--name", "a\nb"], "not one line", "one line"),
        (vec!["neomutt", "you@icloud.com", "--password-command", "echo $X"], "password command", "script"),
        (vec!["msmtp", "%H@shop.example", "--login", "you@icloud.com"], "the address", "another one"),
        (vec!["aerc", "you@icloud.com", "--name", "%(source)s"], "the name", "--name"),
        (vec!["aerc", "evil.example:993/x@icloud.com"], "not an email address", "you@icloud.com"),
        (vec!["mbsync", "o'brien@icloud.com"], "not one of iCloud's", "check the spelling"),
        (vec!["mbsync", "me@shop.example", "--login", "a;b@icloud.com"], "not an email address", "you@icloud.com"),
        (vec!["mbsync", "you@icloud.com", "--name", "a\u{202e}b"], "not one line", "one line"),
        (vec!["mbsync", "you@icloud.com", "--name", " "], "not one line", "one line"),
        (vec!["outlook", "you@icloud.com", "--output", "x"], "reads no file", "follow the steps"),
        (vec!["mbsync", "--check"], "without an address", "after the program's name"),
    ] {
        let (code, _, error) = setup(&arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {error}");
        assert!(error.contains(what) && error.contains(next), "{arguments:?}: {error}");
        assert!(!error.contains(CANARY), "{error}");
    }
}
