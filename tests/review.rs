//! Settings files of real programs, good and broken: what `review` reports about each, and what `--fix` changes.
//!
//! A case is a folder `tests/review/PROGRAM/CASE`: the settings file, under the name that its program gives it;
//! `expect.toml` (written by a person); `report.text`, the output; and `fixed`, the file after `--fix`, if that changes
//! anything. The last two are rewritten by `SNAPSHOTS=overwrite cargo test --test review`, and then read.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod doctor;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use doctor::{Doctor, Ended, Expectation, below};
use serde_json::Value;
use snapbox::{Assert, Data};
use tempfile::TempDir;

struct Case {
    folder: PathBuf,
    name: String,
    expectation: Expectation,
    /// The settings file, where a run may change it.
    place: TempDir,
    file: PathBuf,
}

fn cases() -> Vec<Case> {
    let root = doctor::tests().join("review");
    let folders: Vec<PathBuf> = below(&root).iter().flat_map(|program| below(program)).collect();
    assert!(!folders.is_empty());
    let cases = folders.into_iter().map(|folder| case(folder, &root));
    // Who else may read a file is seen on Unix alone.
    cases.filter(|case| cfg!(unix) || !case.expectation.is_readable_by_others).collect()
}

fn case(folder: PathBuf, root: &Path) -> Case {
    const OURS: [&str; 3] = ["expect.toml", "report.text", "fixed"];
    let name = with_slashes(folder.strip_prefix(root).unwrap().display().to_string());
    let expectation = Expectation::of(&folder);
    let place = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = walk(&folder)
        .into_iter()
        .map(|path| path.strip_prefix(&folder).unwrap().to_owned())
        .filter(|path| !OURS.iter().any(|own| path == Path::new(own)))
        .collect();
    // A table of logins may be beside Postfix's main.cf.
    let is_beside = |path: &&PathBuf| files.len() > 1 && path.ends_with("sasl_passwd");
    let (beside, own): (Vec<&PathBuf>, Vec<&PathBuf>) = files.iter().partition(is_beside);
    let [file] = own.as_slice() else { panic!("{name} has not one settings file: {files:?}") };
    for path in beside.into_iter().chain([*file]) {
        let copy = place.path().join(path);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(folder.join(path), &copy).unwrap();
    }
    let copy = place.path().join(file);
    let mode = if expectation.is_readable_by_others { 0o644 } else { 0o600 };
    permit(&copy, mode);
    Case { folder, name, expectation, place, file: PathBuf::from(file) }
}

/// As Unix writes paths.
fn with_slashes(text: String) -> String {
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// The call, with the programs that print a password in the cases: every Unix has them.
fn with_programs(doctor: Doctor) -> Doctor {
    static PROGRAMS: LazyLock<TempDir> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        for name in ["cat.exe", "echo.exe", "sh.exe"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        folder
    });
    if cfg!(windows) { doctor.env("PATH", PROGRAMS.path()) } else { doctor }
}

/// Sets who may read the file, where a number says it.
#[cfg(unix)]
fn permit(path: impl AsRef<Path>, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn permit(_path: impl AsRef<Path>, _mode: u32) {}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

impl Case {
    fn review(&self, arguments: &[&str]) -> Ended {
        with_programs(Doctor::new(&["review"])).folder(self.place.path()).arg(&self.file).args(arguments).run()
    }

    fn report(&self) -> Value {
        let output = self.review(&["--format", "json"]);
        serde_json::from_slice(&output.out).unwrap_or_else(|why| {
            panic!("{}: {why}: {}", self.name, String::from_utf8_lossy(&output.error));
        })
    }

    fn found(&self) -> Vec<Value> {
        self.report()["findings"].as_array().unwrap().clone()
    }

    /// Whether the file belongs to no known program.
    fn is_unknown(&self) -> bool {
        self.name.starts_with("unknown/")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.place.path().join(&self.file)).unwrap()
    }
}

fn causes(findings: &[Value]) -> Vec<&str> {
    findings.iter().map(|finding| finding["cause"].as_str().unwrap()).collect()
}

#[test]
fn every_case_finds_what_is_expected_and_nothing_near_it() {
    for case in cases() {
        let found = case.found();
        assert_eq!(causes(&found), case.expectation.found, "{}", case.name);
        for near in &case.expectation.not {
            assert!(!causes(&found).contains(&near.as_str()), "{}: {near}", case.name);
        }
        let report = case.report();
        let doubts =
            report["files"].as_array().unwrap().iter().flat_map(|file| file["not_understood"].as_array().unwrap());
        let lines: Vec<u64> = doubts.map(|doubt| doubt["line"].as_u64().unwrap()).collect();
        assert_eq!(lines, case.expectation.not_understood, "{}", case.name);
        assert_eq!(report["not_reviewed"].as_array().unwrap().len(), usize::from(case.is_unknown()), "{}", case.name);
        let is_complete = lines.is_empty() && !case.is_unknown();
        assert_eq!(report["complete"], is_complete, "{}", case.name);
        let is_trouble = found.iter().any(|finding| finding["severity"] == "trouble");
        let code = if is_trouble {
            1
        } else if is_complete {
            0
        } else {
            3
        };
        assert_eq!(case.review(&[]).code, Some(code), "{}", case.name);
    }
}

#[test]
fn what_programs_are_told_of_every_case_keeps_to_the_schema() {
    let (_, printed, _) = doctor::run(&["schema", "review"]);
    let schema: Value = serde_json::from_str(&printed).unwrap();
    let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
    let holds = |report: &Value, name: &str| {
        let faults: Vec<String> = validator.iter_errors(report).map(|fault| format!("{fault}")).collect();
        assert_eq!(faults, Vec::<String>::new(), "{name}");
    };
    let mut causes = BTreeSet::new();
    for case in cases() {
        let report = case.report();
        holds(&report, &case.name);
        causes.extend(case.expectation.found);
        for key in report.as_object().unwrap().keys() {
            let mut without = report.clone();
            without.as_object_mut().unwrap().remove(key);
            assert!(!validator.is_valid(&without), "{}: {key} can be missing", case.name);
        }
        for (at, finding) in report["findings"].as_array().unwrap().iter().enumerate() {
            for key in finding.as_object().unwrap().keys() {
                let mut without = report.clone();
                without["findings"][at].as_object_mut().unwrap().remove(key);
                assert!(!validator.is_valid(&without), "{}: {key} of a finding can be missing", case.name);
            }
        }
    }
    assert!(causes.len() > 15, "{causes:?}");
    // Without a file, it also lists the programs that cannot be read.
    let (_, told, _) = at_home(&[(".mbsyncrc", "mbsync/all-wrong/.mbsyncrc")], &["--format", "json"]);
    let usual: Value = serde_json::from_str(&told).unwrap();
    assert_ne!(usual["cannot_be_read"], serde_json::json!([]));
    holds(&usual, "the usual places");
}

#[test]
fn a_finding_is_what_a_report_finds_and_its_place() {
    let explained = |cause: &str| {
        let (_, told, _) = doctor::run(&["explain", cause, "--format", "json"]);
        let page: Value = serde_json::from_str(&told).unwrap();
        page["findings"][0].clone()
    };
    let case = cases().into_iter().find(|case| case.name == "environment/django").unwrap();
    for found in case.found() {
        let page = explained(found["cause"].as_str().unwrap());
        for (key, value) in page.as_object().unwrap() {
            let is_of_the_file = ["severity", "sure", "because"].contains(&key.as_str());
            assert!(is_of_the_file || found[key] == *value, "{key}: {found}");
        }
        assert_eq!(found["because"], serde_json::json!([{ "by": "settings", "saw": found["why"] }]));
    }
}

#[test]
fn nothing_is_fine_where_something_was_not_understood() {
    for case in cases() {
        let told = String::from_utf8(case.review(&[]).out).unwrap();
        let is_complete = case.report()["complete"] == true;
        assert!(is_complete || !told.contains("nothing to fix"), "{}: {told}", case.name);
        assert!(is_complete || told.contains("not an all-clear"), "{}: {told}", case.name);
    }
}

#[test]
fn a_file_of_no_known_program_is_left_as_it_is() {
    let mut count = 0;
    for case in cases().into_iter().filter(Case::is_unknown) {
        let before = case.text();
        let output = case.review(&["--fix"]);
        assert_eq!(output.code, Some(3), "{}", case.name);
        let told = String::from_utf8(output.out).unwrap();
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        for next in ["is not a kind of settings file that is known", "--as PROGRAM", "setup PROGRAM", "explain"] {
            assert!(told.contains(next), "{}: {next}: {told}", case.name);
        }
        assert_eq!(case.text(), before, "{}", case.name);
        assert_eq!(walk(case.place.path()).len(), 1, "{}", case.name);
        count += 1;
    }
    assert!(count >= 5, "only {count} unknown files");
}

#[test]
fn every_case_is_told_as_it_was_last_read() {
    for case in cases() {
        let told = String::from_utf8(case.review(&[]).out).unwrap();
        let kept = Data::read_from(&case.folder.join("report.text"), None).raw();
        let file = case.file.display().to_string();
        Assert::new().action_env("SNAPSHOTS").eq(told.replace(&file, &with_slashes(file.clone())), kept);
    }
}

#[test]
fn what_is_certain_is_mended_and_a_copy_is_kept() {
    for case in cases() {
        let before = case.text();
        let changes = |finding: &Value| finding["is_fixable"] == true && finding["corrected"] != serde_json::json!([]);
        let is_fixable = case.found().iter().any(changes);
        case.review(&["--fix"]);
        let copy = case.place.path().join(format!("{}.before-review", case.file.display()));
        assert_eq!(copy.exists(), is_fixable, "{}", case.name);
        if !is_fixable {
            assert_eq!(case.text(), before, "{}", case.name);
            continue;
        }
        assert_eq!(fs::read_to_string(&copy).unwrap(), before, "{}", case.name);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(case.place.path().join(&case.file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", case.name);
        }
        let kept = Data::read_from(&case.folder.join("fixed"), None).raw();
        Assert::new().action_env("SNAPSHOTS").eq(case.text(), kept);
        let left = case.found();
        assert!(left.iter().all(|finding| finding["is_fixable"] == false), "{}: {left:?}", case.name);
    }
}

#[test]
fn no_secret_comes_out_in_any_format() {
    for case in cases() {
        for arguments in ["--format=text", "--format=json", "--format=sarif", "--format=github", "--fix"] {
            let output = case.review(&[arguments]);
            let told = format!("{}{}", String::from_utf8_lossy(&output.out), String::from_utf8_lossy(&output.error));
            for secret in &case.expectation.secrets {
                assert!(case.text().contains(secret.as_str()), "{}: there is no {secret}", case.name);
                assert!(!told.contains(secret.as_str()), "{} {arguments}: {told}", case.name);
            }
        }
    }
}

#[test]
fn every_program_has_a_good_case_and_a_broken_one() {
    let cases = cases();
    let programs: Vec<&str> = cases.iter().filter_map(|case| case.name.split_once('/').map(|(name, _)| name)).collect();
    for program in programs.into_iter().filter(|program| *program != "unknown") {
        let own = || cases.iter().filter(|case| case.name.split_once('/').is_some_and(|(name, _)| name == program));
        assert!(own().any(|case| case.expectation.found.is_empty()), "{program} has no good case");
        assert!(own().any(|case| !case.expectation.found.is_empty()), "{program} has no broken case");
    }
}

/// Runs `review` in a home with these files in it.
fn at_home(files: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String, String) {
    let home = tempfile::tempdir().unwrap();
    for (name, case) in files {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(doctor::tests().join("review").join(case), &path).unwrap();
        permit(&path, 0o600);
    }
    let (code, out, error) = Doctor::new(&["review"]).folder(home.path()).args(arguments).run().told();
    (code, if arguments.contains(&"json") { out } else { with_slashes(out) }, error)
}

#[test]
fn the_usual_places_are_looked_at_and_several_readers_are_told_together() {
    let files = [
        (".mbsyncrc", "mbsync/good/.mbsyncrc"),
        (".msmtprc", "msmtp/good/.msmtprc"),
        (".offlineimaprc", "offlineimap/good/.offlineimaprc"),
        (".thunderbird/x.default/prefs.js", "thunderbird/good/prefs.js"),
    ];
    let (code, told, _) = at_home(&files[..2], &[]);
    assert!(told.contains("~/.mbsyncrc") && told.contains("~/.msmtprc"), "{told}");
    // The system may have settings of its own beside them.
    assert!(code == Some(0) && told.contains("nothing to fix for iCloud Mail."), "{told}");
    let (code, told, _) = at_home(&files, &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("too-many-connections") && told.contains("3 programs read the account"), "{told}");
}

#[test]
fn a_profile_of_thunderbird_is_found_where_its_list_says() {
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(doctor::tests().join("review/thunderbird/good/prefs.js"), elsewhere.path().join("prefs.js")).unwrap();
    let list = format!("[Profile0]\nName=default\nIsRelative=0\nPath={}\n", elsewhere.path().display());
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".thunderbird")).unwrap();
    fs::write(home.path().join(".thunderbird/profiles.ini"), list).unwrap();
    let (code, told, _) = Doctor::new(&["review"]).folder(home.path()).run().told();
    let told = told.split_whitespace().collect::<String>();
    let profile = elsewhere.path().file_name().unwrap().to_string_lossy().into_owned();
    assert!(code == Some(0) && told.contains(&profile), "{told}");
}

#[test]
fn of_evolution_s_many_files_those_of_icloud_are_listed() {
    let source = |name: &str| format!(".config/evolution/sources/{name}.source");
    let [mail, sending, other] = ["1f0c", "2a77", "local"].map(source);
    let files = [
        (mail.as_str(), "evolution/good/1f0c.source"),
        (sending.as_str(), "evolution/transport/2a77.source"),
        (other.as_str(), "mbsync/good/expect.toml"),
        (".config/geary/account_01/geary.ini", "geary/good/account_01/geary.ini"),
    ];
    let (code, told, _) = at_home(&files, &[]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("tls-on-starttls-port") && told.contains("account_01/geary.ini (Geary)"), "{told}");
    assert!(told.contains("1f0c.source") && !told.contains("local.source"), "{told}");
}

#[test]
fn a_project_is_looked_through_and_what_is_not_about_mail_is_left_out() {
    let files = [
        ("app/.env", "environment/django/.env"),
        ("app/compose.yaml", "environment/compose/docker-compose.yml"),
        ("app/node_modules/x/.env", "environment/django/.env"),
        ("app/other.yml", "environment/good/expect.toml"),
    ];
    let (code, told, _) = at_home(&files, &["app"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("app/.env") && told.contains("app/compose.yaml"), "{told}");
    assert!(!told.contains("node_modules") && !told.contains("other.yml"), "{told}");
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_reviewed() {
    let files = [(".config/himalaya/config.toml", "mbsync/good/.mbsyncrc"), (".mbsyncrc", "mbsync/good/.mbsyncrc")];
    let (code, told, error) = at_home(&files, &[]);
    assert_eq!(code, Some(3), "{told}{error}");
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("himalaya/config.toml: not reviewed It cannot be understood"), "{told}");
    assert!(told.contains("~/.mbsyncrc"), "{told}");
    let (code, told, _) = at_home(&files[..1], &[".config/himalaya/config.toml"]);
    assert!(code == Some(3) && told.contains("cannot be understood"), "{told}");
    let notes = [("notes/today.txt", "mbsync/good/expect.toml")];
    for (path, what) in [("nowhere", "cannot be read"), ("notes", "no file there names")] {
        let (code, _, error) = at_home(&notes, &[path]);
        assert!(code == Some(2) && error.contains(what), "{path}: {error}");
    }
}

#[test]
fn the_usual_run_lists_what_it_read_and_what_nobody_can_read() {
    let (code, told, _) = at_home(&[(".gitconfig", "mbsync/good/expect.toml")], &[]);
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(code, Some(3), "{told}");
    assert!(words.contains("no account in it: ~/.gitconfig"), "{told}");
    assert!(words.contains("Not looked at, because their settings cannot be read"), "{told}");
    assert!(words.contains("Outlook (outlook-classic)") && words.contains("Apple Mail (apple-mail)"), "{told}");
    let (_, told, _) = at_home(&[(".gitconfig", "mbsync/good/expect.toml")], &["--format", "json"]);
    let report: Value = serde_json::from_str(&told).unwrap();
    let (_, list, _) = doctor::run(&["setup", "--list"]);
    for program in report["cannot_be_read"].as_array().unwrap() {
        let id = program["program"].as_str().unwrap();
        assert!(list.lines().any(|line| line.split_whitespace().next() == Some(id)), "setup has no {id}");
    }
}

#[test]
fn a_file_of_another_name_is_read_as_it_is_said_to_be() {
    let mail = [("mail", "msmtp/good/.msmtprc"), ("words", "mbsync/good/expect.toml")];
    // Its contents show the program; `--as` overrides that.
    let (code, told, _) = at_home(&mail, &["mail"]);
    assert!(code == Some(0) && told.contains("mail (msmtp)"), "{told}");
    let (code, told, _) = at_home(&mail, &["words", "--as", "msmtp"]);
    assert!(code == Some(3) && told.contains("words (msmtp)"), "{told}");
    let (code, _, error) = at_home(&mail, &["words", "--as", "outlok"]);
    assert!(
        code == Some(2)
            && error.contains("`outlok` is not a mail program")
            && error.contains("--as takes one of aerc, apple-devices, autoconfig, dotnet, env"),
        "{error}"
    );
    let (code, _, error) = at_home(&mail, &["words", "--as", "Outlook"]);
    assert!(
        code == Some(2) && error.contains("reads no settings of Outlook") && error.contains("setup outlook"),
        "{error}"
    );
    let (code, told, _) = at_home(&mail, &["words", "--as", "isync"]);
    assert!(code == Some(3) && told.contains("words (isync (mbsync))"), "{told}");
    let (code, _, error) = at_home(&mail, &[".", "--as", "msmtp"]);
    assert!(code == Some(2) && error.contains("name the settings file itself"), "{error}");
}

#[test]
fn what_was_fixed_and_what_is_left_is_said() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".msmtprc");
    let text = "account a\nhost smtp.mail.me.com\nport 465\ntls on\nauth on\nfrom john@icloud.com\nuser john\n\
                password qzkv-wjxh-bfyd-npmt\n";
    fs::write(&file, text).unwrap();
    permit(&file, 0o644);
    let (_, told, _) = Doctor::new(&["review", "--fix", ".msmtprc"]).folder(home.path()).run().told();
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "problem, certain: wrong-port (--fix writes it)",
        ".msmtprc: changed line 3: - port 465 + port 587",
        if cfg!(unix) { "Its permissions were 644 and are 600 now" } else { ".before-review is a copy" },
        "- user john + user john@icloud.com",
        if cfg!(unix) { "3 problems and 1 warning; 2 fixed now, 2 left" } else { "1 fixed now, 2 left" },
        " left: smtp-username-form (.msmtprc:7), password-in-file (.msmtprc:8).",
    ] {
        // What replaces a name in a pipe is not tested here.
        let words = words.replace("j…@icloud.com", "john@icloud.com");
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(!words.contains("qzkv"), "{words}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text.replace("465", "587"));
}

#[test]
fn files_of_windows_are_read_and_written_as_they_were() {
    let text = "IMAPAccount i\r\nHost imap.mail.me.com\r\nPort 143\r\nSSLType IMAPS\r\n";
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let marked = |text: &str| [b"\xff\xfe".to_vec(), wide(text)].concat();
    let with_mark = |text: &str| [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let fixed = text.replace("143", "993");
    let files = [(marked(text), marked(&fixed)), (wide(text), wide(&fixed)), (with_mark(text), with_mark(&fixed))];
    for (nth, (before, after)) in files.into_iter().enumerate() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("mbsyncrc");
        fs::write(&file, before).unwrap();
        let output = Doctor::new(&["review", "--fix", "mbsyncrc"]).folder(home.path()).run();
        assert_eq!(output.code, Some(0), "{nth}: {}", String::from_utf8_lossy(&output.out));
        assert_eq!(fs::read(&file).unwrap(), after, "{nth}");
    }
}

/// Runs `review` in a folder with these texts in it.
fn on(texts: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in texts {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        permit(&path, 0o600);
    }
    let (code, out, _) = Doctor::new(&["review"]).folder(folder.path()).args(arguments).run().told();
    (code, with_slashes(out.split_whitespace().collect::<Vec<_>>().join(" ")))
}

#[test]
fn xml_that_cannot_be_read_is_said_in_a_sentence() {
    let told = |name: &str, bytes: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        let (code, out, error) = Doctor::new(&["review", name]).folder(folder.path()).run().told();
        (code, format!("{out}{error}").split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let signed =
        [b"0\x82\x1b\x80\x06\x09*\x86H\x86\xf7\x0d\x01\x07\x02", "<plist>imap.mail.me.com</plist>".as_bytes()].concat();
    let entities = "<!DOCTYPE k9settings [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\">]>\n<k9settings>&b;</k9settings>";
    for (name, bytes, code, words) in [
        ("x.mobileconfig", signed.as_slice(), 3, "it is a signed profile"),
        ("x.mobileconfig", b"bplist00\xd1\x01", 3, "binary form"),
        ("x.k9s", entities.as_bytes(), 3, "line 1 defines an entity"),
        ("x.k9s", "<a>".repeat(100_000).as_bytes(), 3, "more elements than"),
        ("x.k9s", "<k9settings>\n<a>\n".as_bytes(), 3, "a part of the file is missing"),
        ("config-v1.1.xml", "<clientConfig>\n</a>".as_bytes(), 3, "line 2 is not well-formed XML"),
        ("x.k9s", &vec![b'<'; 50 << 20], 2, "cannot be read"),
    ] {
        let (ended, told) = told(name, bytes);
        assert!(ended == Some(code) && told.contains(words), "{name}: {told}");
    }
}

#[test]
fn a_file_that_setup_prints_has_nothing_to_fix() {
    for (program, name) in [("apple-devices", "icloud.mobileconfig"), ("k9", "icloud.k9s")] {
        let file = Doctor::new(&["setup", program, "you@icloud.com"]).run();
        let (code, told) = on(&[(name, &String::from_utf8(file.out).unwrap())], &[name]);
        assert!(code == Some(0) && told.contains("nothing to fix"), "{program}: {told}");
    }
}

#[test]
fn xml_in_a_project_is_known_by_its_root() {
    let server = "<hostname>smtp.mail.me.com</hostname><port>587</port><socketType>SSL</socketType>";
    let text =
        format!("<?xml?>\n<clientConfig>\n<outgoingServer type=\"smtp\">{server}</outgoingServer></clientConfig>\n");
    let (code, told) = on(&[("web/mail/office.xml", &text)], &["web"]);
    assert!(code == Some(1) && told.contains("tls-on-starttls-port"), "{told}");
    let quoted = format!("<page>{text}</page>\n").replace("<?xml?>", "");
    let (code, told) = on(&[("web/mail/office.xml", &quoted)], &["web"]);
    assert!(code == Some(3) && told.contains("not a kind of settings file"), "{told}");
}

#[test]
fn one_file_says_nothing_of_another_but_within_an_installation() {
    let complete = "SMTP_HOST=smtp.mail.me.com\nSMTP_PORT=587\nSMTP_SECURE=false\nSMTP_USER=you@icloud.com\n";
    let incomplete = "SMTP_HOST=smtp.mail.me.com\nSMTP_USER=you@icloud.com\n";
    let (code, told) = on(&[("s1.env", complete), ("s2.env", incomplete)], &["s1.env", "s2.env"]);
    assert!(code == Some(3) && told.contains("s2.env:1: not understood"), "{told}");
    let main = "relayhost = [smtp.mail.me.com]:587\nsmtp_tls_security_level = secure\nsmtp_tls_CApath = /etc/ssl/certs\n\
                smtp_sasl_auth_enable = yes\nsmtp_sasl_security_options = noanonymous\n\
                smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd\n";
    let passwords = "[smtp.mail.me.com]:587 you@icloud.com:abcd-efgh-ijkl-mnop\n";
    let beside = [("a/main.cf", main), ("a/sasl_passwd", passwords)];
    let (code, told) = on(&beside, &["a/main.cf", "a/sasl_passwd"]);
    assert!(code == Some(0) && !told.contains("not understood"), "{told}");
    let apart = [("a/main.cf", main), ("b/sasl_passwd", passwords)];
    let (code, told) = on(&apart, &["a/main.cf", "b/sasl_passwd"]);
    assert!(code == Some(3) && told.contains("b/sasl_passwd:1: not understood"), "{told}");
}

/// main.cf with this relay and this table, complete but for them.
fn main_cf(relay: &str, table: &str) -> String {
    format!(
        "relayhost = {relay}\nsmtp_tls_security_level = secure\nsmtp_tls_CApath = /etc/ssl/certs\nsmtp_sasl_auth_enable = yes\n\
         smtp_sasl_security_options = noanonymous\nsmtp_sasl_password_maps = {table}\n"
    )
}

#[test]
fn postfix_finds_a_login_where_its_table_has_the_server_in_the_same_form() {
    const RELAY: &str = "[smtp.mail.me.com]:587";
    let told = |relay: &str, key: &str| {
        let main = main_cf(relay, "texthash:/etc/postfix/sasl_passwd");
        let table = format!("{key} you@icloud.com:abcd-efgh-ijkl-mnop\n");
        on(&[("main.cf", &main), ("sasl_passwd", &table)], &["main.cf"])
    };
    for (relay, key) in [
        (RELAY, RELAY),
        (RELAY, "smtp.mail.me.com"),
        (RELAY, "[SMTP.mail.me.com]:587"),
        ("smtp.mail.me.com:587", "smtp.mail.me.com:587"),
    ] {
        let (code, told) = told(relay, key);
        assert_eq!(code, Some(0), "{relay}, {key}: {told}");
    }
    for (relay, key, words) in [
        (RELAY, "smtp.mail.me.com:587", "without brackets"),
        (RELAY, "[smtp.mail.me.com]", "in another form"),
        (RELAY, "[smtp.mail.me.com]:submission", "in another form"),
        ("smtp.mail.me.com:587", RELAY, "exactly alike"),
        ("[smtp.mail.me.com]:submission", RELAY, "exactly alike"),
        (RELAY, "[smtp.example.com]:587", "has no line for this server"),
        (RELAY, "# nothing", "is empty"),
    ] {
        let (code, told) = told(relay, key);
        assert!(
            code == Some(1) && told.contains("not-authenticated") && told.contains(words),
            "{relay}, {key}: {told}"
        );
        assert!(!told.contains("abcd"), "{told}");
    }
    let fixed = on(
        &[
            ("main.cf", &main_cf("smtp.mail.me.com:465", "texthash:/etc/postfix/sasl_passwd")),
            ("sasl_passwd", &format!("{RELAY} you@icloud.com:abcd-efgh-ijkl-mnop\n")),
        ],
        &["--fix", "main.cf"],
    );
    assert!(fixed.0 == Some(0) && fixed.1.contains("2 fixed now, 0 left."), "{}", fixed.1);
    assert!(
        fixed.1.contains("sudo postfix reload") && fixed.1.contains("+ relayhost = [smtp.mail.me.com]:587"),
        "{}",
        fixed.1
    );
}

#[test]
fn a_table_that_postfix_cannot_use_is_not_fine() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let told = |kind: &str, extra: &str| {
        let table = format!("{kind}:{}", path("sasl_passwd").display());
        fs::write(path("main.cf"), main_cf("[smtp.mail.me.com]:587", &format!("{table}{extra}"))).unwrap();
        let (code, out, _) = Doctor::new(&["review", "main.cf"]).folder(folder.path()).run().told();
        (code, with_slashes(out.split_whitespace().collect::<Vec<_>>().join(" ")))
    };
    let is = |(code, told): (Option<i32>, String), expected: i32, words: &str| {
        assert!(code == Some(expected) && told.contains(words), "{words}: {told}");
    };
    is(told("hash", ""), 1, "does not exist");
    is(told("mysql", ""), 3, "in a table that was not read");
    fs::write(path("sasl_passwd"), "[smtp.mail.me.com]:587 you@icloud.com:abcd-efgh-ijkl-mnop\n").unwrap();
    is(told("texthash", ""), 0, "nothing to fix");
    is(told("hash", ""), 1, "is not compiled");
    is(told("texthash", "x"), 1, "does not exist");
    fs::write(path("sasl_passwd.db"), "x").unwrap();
    is(told("hash", ""), 0, "nothing to fix");
    let older = fs::metadata(path("sasl_passwd")).unwrap().modified().unwrap() - std::time::Duration::from_mins(1);
    fs::File::options().write(true).open(path("sasl_passwd.db")).unwrap().set_modified(older).unwrap();
    is(told("hash", ""), 1, "was changed after it was compiled");
    fs::write(path("sasl_passwd"), "[smtp.mail.me.com]:587 you:abcd-efgh-ijkl-mnop\n").unwrap();
    is(told("texthash", ""), 1, "smtp-username-form");
    fs::write(path("sasl_passwd"), "[smtp.mail.me.com]:587 you@icloud.com\n").unwrap();
    is(told("texthash", ""), 1, "has no password");
    fs::write(path("main.cf"), main_cf("[smtp.mail.me.com]:587", "")).unwrap();
    let (code, out, _) = Doctor::new(&["review", "main.cf"]).folder(folder.path()).run().told();
    is((code, out), 1, "smtp_sasl_password_maps");
}

#[test]
fn what_is_left_is_what_the_next_review_finds() {
    let text = "[retriever]\ntype = SimpleIMAPRetriever\nserver = imap.mail.me.com\nusername = you\n";
    let (code, told) = on(&[("getmailrc", text)], &["--fix", "getmailrc"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("1 fixed now, 1 left (1 of them could not be seen before): certificate-not-verified (getmailrc:"),
        "{told}"
    );
}

#[test]
fn what_a_project_names_icloud_in_and_nobody_reviewed_is_mentioned() {
    let good = "SMTP_HOST=smtp.mail.me.com\nSMTP_PORT=587\nSMTP_SECURE=false\nSMTP_USER=you@icloud.com\n";
    let files = [
        ("app/.env", good),
        ("app/settings.rb", "EMAIL_HOST = 'smtp.mail.me.com'\n"),
        ("app/b.json", "{\"host\": \"smtp.mail.me.com\"}"),
        ("app/openapi.yml", "example:\n  smtp_host: smtp.mail.me.com\n  smtp_port: 993\n"),
        ("app/other.json", "{\"host\": \"smtp.example.com\"}"),
        ("app/README.md", "smtp.mail.me.com\n"),
    ];
    let (code, told) = on(&files, &["app"]);
    assert_eq!(code, Some(3), "{told}");
    for name in ["app/settings.rb", "app/b.json", "app/openapi.yml"] {
        assert!(told.contains(&format!("{name}: not reviewed")), "{name}: {told}");
    }
    assert!(!told.contains("README") && !told.contains("other.json"), "{told}");
    let (code, told) = on(&files[1..2], &["app"]);
    assert!(code == Some(3) && told.contains("not an all-clear"), "{told}");
    // YAML of any name with variables for a container in it is reviewed.
    let deploy =
        "app:\n  environment:\n    SMTP_HOST: smtp.mail.me.com\n    SMTP_PORT: 993\n    SMTP_SECURE: \"false\"\n";
    for arguments in [["app"], ["app/deploy.yml"]] {
        let (code, told) = on(&[("app/deploy.yml", deploy)], &arguments);
        assert!(code == Some(1) && told.contains("wrong-port"), "{told}");
    }
}

#[test]
fn the_help_names_every_program_that_can_be_named() {
    let told = |arguments: &[&str]| {
        let text = Doctor::new(arguments).run().text();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let refused = told(&["review", "--as", "nothing", "file"]);
    let (_, known) = refused.split_once("--as takes one of ").unwrap();
    let (known, _) = known.split_once(';').unwrap();
    let sorted = |names: &str| {
        let mut names: Vec<String> = names.split(", ").map(|name| name.trim_end_matches('.').to_owned()).collect();
        names.sort();
        names
    };
    let known = sorted(known);
    let help = told(&["review", "--help"]);
    let (_, listed) = help.split_once("One of ").unwrap();
    let listed: Vec<&str> = listed.split_whitespace().take(known.len()).collect();
    assert_eq!(sorted(&listed.join(" ")), known, "{help}");
}
