//! Settings files of real programs, good and broken: what `review` says of each, and what `--fix` makes of it.
//!
//! A case is a folder `tests/review/PROGRAM/CASE`: the settings file, under the name that its program gives it;
//! `expect.toml` (written by a person); `report.text`, what a person is told; and `fixed`, the file after `--fix`, where
//! that changes anything. The last two are rewritten by `SNAPSHOTS=overwrite cargo test --test review`, and then read.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde::Deserialize;
use serde_json::Value;
use snapbox::{Assert, Data};
use tempfile::TempDir;

/// What a person expects of a case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    /// The causes, in the order of the file; none for good settings.
    found: Vec<String>,
    /// Causes that are near, and must not be found.
    not: Vec<String>,
    /// What must be in no output.
    #[serde(default)]
    secrets: Vec<String>,
    /// Whether others may read the file.
    #[serde(default)]
    is_readable_by_others: bool,
}

struct Case {
    folder: PathBuf,
    name: String,
    expectation: Expectation,
    /// The settings file, where a run may change it.
    place: TempDir,
    file: PathBuf,
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review");
    let below = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let mut folders: Vec<PathBuf> = below(&root).iter().flat_map(|program| below(program)).collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders.into_iter().map(|folder| case(folder, &root)).collect()
}

fn case(folder: PathBuf, root: &Path) -> Case {
    const OURS: [&str; 3] = ["expect.toml", "report.text", "fixed"];
    let name = folder.strip_prefix(root).unwrap().display().to_string();
    let expectation = fs::read_to_string(folder.join("expect.toml")).unwrap_or_else(|why| panic!("{name}: {why}"));
    let expectation: Expectation = toml::from_str(&expectation).unwrap_or_else(|why| panic!("{name}: {why}"));
    let place = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = walk(&folder)
        .into_iter()
        .map(|path| path.strip_prefix(&folder).unwrap().to_owned())
        .filter(|path| !OURS.iter().any(|own| path == Path::new(own)))
        .collect();
    let [file] = files.as_slice() else { panic!("{name} has not one settings file: {files:?}") };
    let copy = place.path().join(file);
    fs::create_dir_all(copy.parent().unwrap()).unwrap();
    fs::copy(folder.join(file), &copy).unwrap();
    let mode = if expectation.is_readable_by_others { 0o644 } else { 0o600 };
    fs::set_permissions(&copy, fs::Permissions::from_mode(mode)).unwrap();
    Case { folder, name, expectation, place, file: file.clone() }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

impl Case {
    fn review(&self, arguments: &[&str]) -> Output {
        let mut doctor = Command::new(env!("CARGO_BIN_EXE_icloud-mail-doctor"));
        doctor.current_dir(self.place.path()).env("NO_COLOR", "1").env("PATH", "/usr/bin:/bin");
        doctor.arg("review").arg(&self.file).args(arguments).output().unwrap()
    }

    fn found(&self) -> Vec<Value> {
        let output = self.review(&["--format", "json"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|why| {
            panic!("{}: {why}: {}", self.name, String::from_utf8_lossy(&output.stderr));
        });
        report["findings"].as_array().unwrap().clone()
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
        let is_trouble = found.iter().any(|finding| finding["severity"] == "trouble");
        assert_eq!(case.review(&[]).status.code(), Some(i32::from(is_trouble)), "{}", case.name);
    }
}

#[test]
fn every_case_is_told_as_it_was_last_read() {
    for case in cases() {
        let told = String::from_utf8(case.review(&[]).stdout).unwrap();
        let kept = Data::read_from(&case.folder.join("report.text"), None).raw();
        Assert::new().action_env("SNAPSHOTS").eq(told, kept);
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
        let mode = fs::metadata(case.place.path().join(&case.file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", case.name);
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
            let told =
                format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
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
    for program in programs {
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
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/review").join(case), &path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_icloud-mail-doctor"));
    doctor.current_dir(home.path()).env("HOME", home.path()).env("NO_COLOR", "1").env("PATH", "/usr/bin:/bin");
    let output = doctor.arg("review").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
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
    assert!(code == Some(0) && told.contains("files read: nothing to mend"), "{told}");
    let (code, told, _) = at_home(&files, &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("too-many-connections") && told.contains("3 programs read the account"), "{told}");
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
    assert!(
        error.contains("himalaya/config.toml cannot be understood") && told.contains("~/.mbsyncrc"),
        "{told}{error}"
    );
    let notes = [("notes/today.txt", "mbsync/good/expect.toml")];
    for (files, path, what) in [
        (&notes[..], "nowhere", "cannot be read"),
        (&notes[..], "notes", "no file there names"),
        (&files[..1], ".config/himalaya/config.toml", "cannot be understood"),
    ] {
        let (code, _, error) = at_home(files, &[path]);
        assert!(code == Some(2) && error.contains(what), "{path}: {error}");
    }
}
