//! Reports and records: where they may not go, and what becomes of the rest when one fails.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;
use std::time::Instant;

use super::{Disk, NOBODY, Place, TOLD, ended, holds_only, is_root, keeps, mode, owner};
use crate::doctor::Ended;
use crate::{Attack, Held, attack, holds, not_here};

pub(super) const RECORD: [&str; 6] =
    ["check", "ottilie@icloud.com", "--no-sign-in", "--only", "settings", "--no-second-look"];

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
    ];
    for format in ["text", "json", "html", "markdown", "junit", "nagios", "github", "openmetrics"] {
        attacks.push(attack(format!("a report on a full device, the result as {format}"), move || {
            on_a_full_device(format)
        }));
    }
    attacks
}

/// What a report of an earlier run begins with, which a new one may replace.
pub(super) fn yesterdays(format: &str) -> String {
    yesterdays_with(format, "yesterday's")
}

/// The same with this text in it.
fn yesterdays_with(format: &str, text: &str) -> String {
    match format {
        "text" => format!(
            "All is well as far as it was asked.\n\n{text}\n\nChecked by icloud-mail-doctor 0.0.9 on 2026-11-24 02:23 UTC\n"
        ),
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
