//! Reports, records and new settings: where they may not go, and what becomes of the rest when one fails.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::Instant;

use super::{Disk, Place, TOLD, ended, holds_only, is_root, keeps, mode, owner};
use crate::doctor::Ended;
use crate::{Attack, Held, attack, holds, not_here};

pub(super) const RECORD: [&str; 6] =
    ["check", "ottilie@icloud.com", "--no-sign-in", "--only", "settings", "--no-second-look"];
const SETUP: [&str; 3] = ["setup", "mbsync", "ottilie@icloud.com"];

pub(super) fn all() -> Vec<Attack> {
    let mut attacks = vec![
        attack("a report on a full device, the result in a file", output_on_a_full_device),
        attack("a record on a full device", record_on_a_full_device),
        attack("the second of three reports fails", second_of_three),
        attack("standard output is full, and the report is not", standard_output_is_full),
        attack("the report is the file that is read", report_is_input),
        attack("standard output is the report", standard_output_is_report),
        attack("the run fails, and the report of yesterday", run_fails),
        attack("a new report, where everybody may read", || {
            private("umask 0; \"$0\" rehearse password-refused --report json=new")
        }),
        attack("a new output, where everybody may read", || {
            private("umask 0; \"$0\" rehearse password-refused --output new")
        }),
        attack("a new record, where everybody may read", || {
            private("umask 0; \"$0\" check o@icloud.com --no-sign-in --only settings --record new")
        }),
        attack("new settings, where everybody may read", || private("umask 0; \"$0\" setup mbsync --output new")),
        attack("an old report of somebody else's", old_report_of_another),
        attack("an old report with another name", old_report_with_another_name),
        attack("an old report where nothing new may be written", old_report_in_a_closed_folder),
        attack("an old report that may not be written", closed_report),
        attack("an old report on a full disk", old_report_on_a_full_disk),
        attack("a new report on a full disk", new_report_on_a_full_disk),
        attack("an old report that may grow no longer", file_size_limit),
        attack("killed while a report is written", killed),
        attack("a pipe that something reads from", pipe_with_a_reader),
        attack("a pipe of the shell's", pipe_of_the_shell),
        attack("standard output by its path", || special("/dev/stdout", TOLD)),
        attack("standard error by its path", || special("/dev/stderr", TOLD)),
        attack("the device that forgets", || special("/dev/null", "")),
        attack("setup beside a file of that name", || setup(&[], "mine", |_, _| ())),
        attack("setup through a link", || setup(&[], "mine", link)),
        attack("setup through a dangling link", || setup_refused(&[], |_, path| symlink("nowhere", path).unwrap())),
        attack("setup --force through a dangling link", || {
            setup_refused(&["--force"], |_, path| symlink("nowhere", path).unwrap())
        }),
        attack("setup --force onto a pipe", || setup_refused(&["--force"], |place, _| drop(place.pipe("new")))),
        attack("setup --force onto a folder", || setup_refused(&["--force"], |_, path| fs::create_dir(path).unwrap())),
        attack("setup --force onto a loop of links", || {
            setup_refused(&["--force"], |_, path| symlink(path, path).unwrap())
        }),
        attack("setup --force onto a link", setup_onto_a_link),
        attack("setup on a full disk", || setup_on_a_full_disk(&[])),
        attack("setup --force on a full disk", || setup_on_a_full_disk(&["--force"])),
    ];
    for format in ["text", "json", "html", "markdown", "junit", "nagios", "github", "openmetrics"] {
        attacks.push(attack(format!("a report on a full device, the result as {format}"), move || {
            on_a_full_device(format)
        }));
    }
    attacks.extend(TWICE.map(|(name, put, arguments)| {
        attack(format!("two outputs in one file: {name}"), move || twice(put, arguments))
    }));
    attacks.extend(
        REFUSED.map(|(name, path, put)| {
            attack(format!("the second report is {name}"), move || second_is_refused(path, put))
        }),
    );
    attacks
}

/// What a report of an earlier run begins with, which a new one may replace.
fn yesterdays(format: &str) -> String {
    yesterdays_with(format, "yesterday's")
}

/// The same with this text in it.
fn yesterdays_with(format: &str, text: &str) -> String {
    match format {
        "text" => format!("icloud-mail-doctor 0.0.9: {text}\n\nAll is well as far as it was asked.\n"),
        "json" => {
            format!("{{\"schema_version\": 1, \"tool\": {{\"name\": \"icloud-mail-doctor\"}}, \"old\": \"{text}\"}}\n")
        }
        _ => format!("<!doctype html><meta name=\"generator\" content=\"icloud-mail-doctor\">{text}</html>\n"),
    }
}

fn has_result(end: &Ended) -> Held {
    holds(!end.out.is_empty(), || format!("nothing is on standard output: {}", end.text()))
}

fn on_a_full_device(format: &str) -> Held {
    let place = Place::new();
    let alone = place.rehearse(&["--format", format]).run();
    let end = place.rehearse(&["--format", format, "--report", "json=/dev/full"]).run();
    ended(&end, if format == "nagios" { 3 } else { 2 })?;
    holds(end.out.len() == alone.out.len(), || {
        format!("{} bytes in the place of {} are on standard output", end.out.len(), alone.out.len())
    })?;
    holds(String::from_utf8_lossy(&end.error).contains("/dev/full could not be written"), || end.text())
}

fn output_on_a_full_device() -> Held {
    let place = Place::new();
    let end = place.rehearse(&["--format", "json", "--output", "/dev/full"]).run();
    ended(&end, 2)?;
    holds(String::from_utf8_lossy(&end.out).contains(TOLD), || "the result is nowhere".to_owned())
}

fn record_on_a_full_device() -> Held {
    let place = Place::new();
    let end = place.doctor(&RECORD).args(&["--record", "/dev/full"]).run();
    ended(&end, 2)?;
    has_result(&end)
}

fn second_of_three() -> Held {
    let place = Place::new();
    let reports = ["--report", "json=first", "--report", "html=/dev/full", "--report", "markdown=third"];
    let end = place.rehearse(&reports).run();
    ended(&end, 2)?;
    has_result(&end)?;
    for name in ["first", "third"] {
        let text = fs::read_to_string(place.path(name)).unwrap_or_default();
        holds(text.contains(TOLD), || format!("{name} was not written"))?;
    }
    Ok(())
}

fn standard_output_is_full() -> Held {
    let place = Place::new();
    let end = place.shell("\"$0\" rehearse password-refused --report json=report > /dev/full").output().unwrap();
    holds(end.status.code() == Some(2), || format!("the code is {:?}", end.status.code()))?;
    holds(fs::read_to_string(place.path("report")).unwrap_or_default().contains(TOLD), || "no report".to_owned())
}

fn report_is_input() -> Held {
    let place = Place::new();
    ended(&place.rehearse(&["--format", "json", "--output", "report"]).run(), 1)?;
    let before = fs::read(place.path("report")).unwrap();
    for arguments in [["render", "report", "--output", "./report"], ["diagnose", "report", "--report", "html=report"]] {
        ended(&place.doctor(&arguments).run(), 2)?;
        keeps(&place.path("report"), &before)?;
    }
    Ok(())
}

fn standard_output_is_report() -> Held {
    let place = Place::new();
    let end = place.shell("\"$0\" rehearse password-refused --report json=out > out").output().unwrap();
    holds(end.status.code() == Some(2), || format!("the code is {:?}", end.status.code()))?;
    keeps(&place.path("out"), "")
}

fn run_fails() -> Held {
    let place = Place::new();
    let old = yesterdays("text");
    let report = place.file("report", &old);
    let end = place.doctor(&RECORD).args(&["--ca-file", "missing", "--output", "report", "--record", "record"]).run();
    ended(&end, 2)?;
    holds(end.text().contains("file of certificates"), || end.text())?;
    keeps(&report, &old)?;
    holds_only(place.folder.path(), &["report"])
}

fn private(script: &str) -> Held {
    let place = Place::new();
    place.shell(script).output().unwrap();
    let is = mode(&place.path("new"));
    holds(is == 0o600, || format!("it has {is:o}"))?;
    holds_only(place.folder.path(), &["new"])
}

fn old_report_of_another() -> Held {
    let place = Place::new();
    let report = place.file("report", yesterdays("text"));
    fs::set_permissions(&report, fs::Permissions::from_mode(0o640)).unwrap();
    if is_root() {
        chown(&report, Some(4711), Some(4712)).unwrap();
    }
    let before = owner(&report);
    ended(&place.rehearse(&["--output", "report"]).run(), 1)?;
    holds((mode(&report), owner(&report)) == (0o640, before), || format!("{:o} {:?}", mode(&report), owner(&report)))?;
    holds(fs::read_to_string(&report).unwrap().contains(TOLD), || "it was not written".to_owned())?;
    holds_only(place.folder.path(), &["report"])
}

fn old_report_with_another_name() -> Held {
    let place = Place::new();
    let report = place.file("report", yesterdays_with("json", &"yesterday's".repeat(10_000)));
    fs::hard_link(&report, place.path("other")).unwrap();
    ended(&place.rehearse(&["--format", "json", "--output", "report"]).run(), 1)?;
    let text = fs::read_to_string(place.path("other")).unwrap();
    holds(text.contains(TOLD) && !text.contains("yesterday's"), || "the two have parted".to_owned())
}

const NOBODY: u32 = 65534;

fn of_nobody(place: &Place, permissions: u32) -> std::path::PathBuf {
    let report = place.file("report", yesterdays("text"));
    chown(&report, Some(NOBODY), Some(NOBODY)).unwrap();
    fs::set_permissions(&report, fs::Permissions::from_mode(permissions)).unwrap();
    fs::set_permissions(place.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    report
}

fn old_report_in_a_closed_folder() -> Held {
    if !is_root() {
        return not_here("needs root");
    }
    let place = Place::new();
    let report = of_nobody(&place, 0o600);
    ended(&place.rehearse(&["--output", "report"]).user(NOBODY).run(), 1)?;
    holds(fs::read_to_string(&report).unwrap().contains(TOLD), || "it was not written".to_owned())?;
    let end = place.rehearse(&["--output", "new"]).user(NOBODY).run();
    ended(&end, 2)?;
    holds(end.out.is_empty(), || "the run was made all the same".to_owned())
}

fn closed_report() -> Held {
    if !is_root() {
        return not_here("needs root");
    }
    let place = Place::new();
    let report = of_nobody(&place, 0o444);
    chown(place.folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    ended(&place.rehearse(&["--output", "report"]).user(NOBODY).run(), 2)?;
    keeps(&report, yesterdays("text"))
}

fn old_report_on_a_full_disk() -> Held {
    let Some(disk) = Disk::of(64) else { return not_here("needs root, and a file system in memory") };
    let report = disk.place.file("report", yesterdays("json"));
    disk.fill();
    let before = disk.place.names();
    let end = disk.place.rehearse(&["--report", "json=report"]).run();
    ended(&end, 2)?;
    has_result(&end)?;
    keeps(&report, yesterdays("json"))?;
    holds(disk.place.names() == before, || format!("it left something: {:?}", disk.place.names()))
}

fn new_report_on_a_full_disk() -> Held {
    let Some(disk) = Disk::of(64) else { return not_here("needs root, and a file system in memory") };
    disk.fill();
    let before = disk.place.names();
    let end = disk.place.rehearse(&["--report", "html=report"]).run();
    ended(&end, 2)?;
    has_result(&end)?;
    holds(disk.place.names() == before, || format!("it left something: {:?}", disk.place.names()))
}

fn file_size_limit() -> Held {
    let place = Place::new();
    let report = place.file("report", yesterdays("html"));
    place.shell("ulimit -f 1; exec \"$0\" rehearse password-refused --report html=report").output().unwrap();
    keeps(&report, yesterdays("html"))
}

fn killed() -> Held {
    let place = Place::new();
    let began = Instant::now();
    ended(&place.rehearse(&["--report", "html=report"]).run(), 1)?;
    let took = began.elapsed();
    let whole = fs::read(place.path("report")).unwrap();
    let old = yesterdays_with("html", &"yesterday's".repeat(20_000));
    for part in 1..=16 {
        let report = place.file("report", &old);
        let mut doctor = place.rehearse(&["--report", "html=report"]).spawn();
        std::thread::sleep(took * part / 16);
        doctor.kill().unwrap();
        doctor.wait().unwrap();
        let is = fs::read(&report).unwrap();
        let is_whole = is == old.as_bytes() || is == whole;
        holds(is_whole, || format!("killed, the report has {} bytes: neither the old nor the new", is.len()))?;
    }
    Ok(())
}

fn pipe_with_a_reader() -> Held {
    let place = Place::new();
    place.pipe("pipe");
    // The shell holds the pipe open, so that the reader is there before the report.
    let script = "exec 3<>pipe; timeout 10 head -c 200 <&3 > out & \"$0\" rehearse password-refused --report json=pipe; \
                  code=$?; wait; exit $code";
    let end = place.shell(script).output().unwrap();
    holds(end.status.code() == Some(1), || format!("{:?} {}", end.status, String::from_utf8_lossy(&end.stderr)))?;
    holds(fs::read(place.path("out")).unwrap().starts_with(b"{"), || "nothing came through the pipe".to_owned())
}

fn pipe_of_the_shell() -> Held {
    let place = Place::new();
    let end = place
        .shell("\"$0\" rehearse password-refused --report json=>(cat > out); code=$?; wait $!; exit $code")
        .output()
        .unwrap();
    holds(end.status.code() == Some(1), || format!("{:?} {}", end.status, String::from_utf8_lossy(&end.stderr)))?;
    holds(fs::read_to_string(place.path("out")).unwrap().contains(TOLD), || "nothing came through".to_owned())
}

fn special(path: &str, told: &str) -> Held {
    let place = Place::new();
    let end = place.rehearse(&["--format", "json", "--output", path]).run();
    ended(&end, 1)?;
    holds(end.text().contains(told), || "the report is not there".to_owned())?;
    holds_only(place.folder.path(), &[])
}

pub(super) type Put = fn(&Place, &Path);

fn setup(arguments: &[&str], kept: &str, put: Put) -> Held {
    let place = Place::new();
    let path = place.path("new");
    put(&place, &path);
    if !path.exists() {
        place.file("new", kept);
    }
    let before = place.names();
    ended(&place.doctor(&SETUP).args(&["--output", "new"]).args(arguments).run(), 2)?;
    keeps(&path, kept)?;
    holds(place.names() == before, || format!("{:?}", place.names()))
}

fn link(place: &Place, path: &Path) {
    symlink(place.file("victim", "mine"), path).unwrap();
}

fn setup_refused(arguments: &[&str], put: Put) -> Held {
    let place = Place::new();
    put(&place, &place.path("new"));
    ended(&place.doctor(&SETUP).args(&["--output", "new"]).args(arguments).run(), 2)?;
    holds_only(place.folder.path(), &["new"])
}

fn setup_onto_a_link() -> Held {
    let place = Place::new();
    link(&place, &place.path("new"));
    ended(&place.doctor(&SETUP).args(&["--output", "new", "--force"]).run(), 0)?;
    holds(place.path("new").is_symlink(), || "the link is gone".to_owned())?;
    holds(fs::read_to_string(place.path("victim")).unwrap().contains("IMAPAccount"), || "not written".to_owned())?;
    holds_only(place.folder.path(), &["new", "victim"])
}

fn setup_on_a_full_disk(arguments: &[&str]) -> Held {
    let Some(disk) = Disk::of(64) else { return not_here("needs root, and a file system in memory") };
    let is_forced = !arguments.is_empty();
    if is_forced {
        disk.place.file("new", "mine");
    }
    disk.fill();
    let before = disk.place.names();
    ended(&disk.place.doctor(&SETUP).args(&["--output", "new"]).args(arguments).run(), 2)?;
    holds(disk.place.names() == before, || format!("it left something: {:?}", disk.place.names()))?;
    if is_forced { keeps(&disk.place.path("new"), "mine") } else { Ok(()) }
}

/// Two outputs that are one, each in the words that name it.
const TWICE: [(&str, Put, &[&str]); 10] = [
    ("the same name", |_, _| (), &["--report", "json=a", "--report", "html=a"]),
    ("the output and a report", |_, _| (), &["--output", "a", "--report", "json=a"]),
    ("by way of the folder", |_, _| (), &["--output", "a", "--report", "json=./a"]),
    (
        "by way of another folder",
        |place, _| fs::create_dir(place.path("b")).unwrap(),
        &["--output", "a", "--report", "json=b/../a"],
    ),
    (
        "by way of a link to the folder",
        |place, _| symlink(".", place.path("b")).unwrap(),
        &["--output", "a", "--report", "json=b/a"],
    ),
    ("there already", |place, _| drop(place.file("a", "mine")), &["--output", "a", "--report", "json=./a"]),
    (
        "a link and its file",
        |place, _| symlink(place.file("a", "mine"), place.path("b")).unwrap(),
        &["--output", "a", "--report", "json=b"],
    ),
    (
        "two links to one file",
        |place, _| {
            let a = place.file("a", "mine");
            symlink(&a, place.path("b")).unwrap();
            symlink(&a, place.path("c")).unwrap();
        },
        &["--output", "b", "--report", "json=c"],
    ),
    (
        "two names of one file",
        |place, _| fs::hard_link(place.file("a", "mine"), place.path("b")).unwrap(),
        &["--output", "a", "--report", "json=b"],
    ),
    ("the output and the record", |_, _| (), &["--output", "a", "--record", "a"]),
];

fn twice(put: Put, arguments: &[&str]) -> Held {
    let place = Place::new();
    put(&place, place.folder.path());
    let before = place.names();
    let is_recorded = arguments.contains(&"--record");
    let doctor = if is_recorded { place.doctor(&RECORD) } else { place.rehearse(&[]) };
    let end = doctor.args(arguments).run();
    ended(&end, 2)?;
    holds(end.text().contains("two outputs"), || end.text())?;
    holds(place.names() == before, || format!("{:?}", place.names()))?;
    if before.contains(&"a".to_owned()) { keeps(&place.path("a"), "mine") } else { Ok(()) }
}

/// What a second report cannot be written to.
const REFUSED: [(&str, &str, Put); 8] = [
    ("in a missing folder", "missing/x", |_, _| ()),
    ("a folder", "x", |place, _| fs::create_dir(place.path("x")).unwrap()),
    ("named as a folder", "x/", |_, _| ()),
    ("a dangling link", "x", |place, _| symlink("nowhere", place.path("x")).unwrap()),
    ("a loop of links", "x", |place, _| symlink("x", place.path("x")).unwrap()),
    ("a pipe that nothing reads from", "x", |place, _| drop(place.pipe("x"))),
    ("a socket", "x", |place, _| drop(UnixListener::bind(place.path("x")).unwrap())),
    ("below a file", "x/y", |place, _| drop(place.file("x", "mine"))),
];

fn second_is_refused(path: &str, put: Put) -> Held {
    let place = Place::new();
    let old = place.file("old", yesterdays("text"));
    put(&place, place.folder.path());
    let before = place.names();
    let second = format!("html={path}");
    let end = place.rehearse(&["--output", "old", "--report", "json=first", "--report", &second]).run();
    ended(&end, 2)?;
    keeps(&old, yesterdays("text"))?;
    holds(place.names() == before, || format!("{:?}", place.names()))
}
