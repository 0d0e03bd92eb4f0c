//! What a user sees at a terminal: its width, its colours, a screen reader's plain words, progress, and what a saved
//! report contains.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod doctor;

use std::fs;
use std::process::Command;
use std::time::Duration;

use doctor::{asking_only, silent_resolver, unused_folder};
use expectrl::{Eof, Expect as _, Session};

/// Run at a terminal of so many columns; what was shown, as it came.
fn at_a_terminal(columns: u16, environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut shell = Command::new("sh");
    // The library sets a size of its own once the shell has started; only after that may the shell set this one.
    let script = format!(r#"read -r _; stty cols {columns} rows 50; "$@"; echo; echo "exit $?""#);
    shell.args(["-c", &script, "sh"]).arg(doctor::path()).args(arguments);
    shell.env_remove("NO_COLOR").env("TERM", "xterm-256color").envs(environment.iter().copied());
    shell.env("XDG_STATE_HOME", unused_folder());
    let mut terminal = Session::spawn(shell).unwrap();
    terminal.send_line("").unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(30)));
    let shown = terminal.expect(Eof).unwrap();
    String::from_utf8(shown.as_bytes().to_vec()).unwrap().replace("\r\n", "\n")
}

/// Run into a pipe.
fn piped(arguments: &[&str]) -> (String, String) {
    let (_, out, error) = doctor::run(arguments);
    (out, error)
}

const BY_A_ROUTER: [&str; 2] = ["rehearse", "tcp/port-blocked-by-a-router"];

#[test]
fn no_line_is_longer_than_the_terminal_is_wide() {
    for columns in [60, 80, 120] {
        for case in ["imap/password-refused", "tcp/port-blocked", "dns/dns-wrong-address", "tls/tls-intercepted"] {
            let shown = at_a_terminal(columns, &[("NO_COLOR", "1")], &["rehearse", case]);
            for line in shown.lines() {
                // An address of the web stays whole, so that it can be clicked and copied.
                let is_whole = line.contains("https://");
                assert!(is_whole || line.chars().count() <= usize::from(columns), "{case} at {columns}: {line}");
            }
        }
    }
}

#[test]
fn lists_and_helps_fit_the_terminal() {
    let mut lists = vec![
        vec!["explain"],
        vec!["explain", "port-blocked"],
        vec!["rehearse"],
        vec!["check", "--list"],
        vec!["check", "you@icloud.com", "--dry-run"],
        vec!["check", "--list-hosts"],
        vec!["setup", "--list"],
    ];
    let (help, _) = piped(&["--help"]);
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    for command in commands.iter().filter(|command| !command.is_empty()).chain([&"check"]) {
        lists.extend([vec![command, "--help"], vec![command, "-h"]]);
    }
    lists.extend([vec!["--help"], vec!["-h"]]);
    assert!(lists.len() > 25, "{help}");
    for columns in [60, 80, 120] {
        for list in &lists {
            let shown = at_a_terminal(columns, &[("NO_COLOR", "1")], list);
            assert!(shown.lines().count() > 5, "{shown}");
            for line in shown.lines() {
                // An address of the web stays whole, so that it can be clicked and copied.
                let is_whole = line.contains("https://") || line.contains("http://");
                assert!(is_whole || line.chars().count() <= usize::from(columns), "{list:?} at {columns}: {line}");
            }
        }
    }
}

#[test]
fn a_cause_is_shown_as_a_report_shows_it() {
    let shown = at_a_terminal(60, &[], &["explain", "password-refused"]);
    assert!(shown.contains("\x1b[1mWhat to do\x1b["), "{shown}");
    assert!(shown.contains("  1. ") && shown.contains("outlook:") && shown.contains("thunderbird:"), "{shown}");
    for markdown in ["## ", "# The", "](", "\n- "] {
        assert!(!shown.contains(markdown), "{markdown}: {shown}");
    }
    let (worded, _) = piped(&["explain", "password-refused", "--client", "thunderbird"]);
    assert!(worded.contains("In Thunderbird:") && !worded.contains("outlook:"), "{worded}");
}

#[test]
fn who_records_a_run_is_told_how_it_is_played_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("case.toml").display().to_string();
    let resolver = silent_resolver();
    let alone = asking_only(resolver.local_addr().unwrap());
    let mut arguments = vec!["check", "--deadline", "0.3", "--record", &file];
    arguments.extend(alone.iter().map(String::as_str));
    let words = |shown: &str| shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = words(&at_a_terminal(80, &[("NO_COLOR", "1")], &arguments));
    assert!(shown.contains(&format!("`icloud-mail-doctor rehearse {file}`")), "{shown}");
    arguments.extend(["--force", "--quiet"]);
    let quiet = at_a_terminal(80, &[("NO_COLOR", "1")], &arguments);
    assert!(!quiet.contains("rehearse"), "{quiet}");
    let (played, _) = piped(&["rehearse", &file]);
    assert!(played.contains("cut short"), "{played}");
}

#[test]
fn colours_come_at_a_terminal_and_go_where_they_are_unwanted() {
    assert!(at_a_terminal(80, &[], &BY_A_ROUTER).contains("\x1b["));
    assert!(!at_a_terminal(80, &[("NO_COLOR", "1")], &BY_A_ROUTER).contains('\x1b'));
    assert!(!at_a_terminal(80, &[], &[BY_A_ROUTER[0], BY_A_ROUTER[1], "--color", "never"]).contains('\x1b'));
    assert!(!piped(&BY_A_ROUTER).0.contains('\x1b'));
    let explained = ["explain", "535 5.7.8 authentication failed"];
    assert!(at_a_terminal(80, &[], &explained).contains("\x1b["));
    assert!(!at_a_terminal(80, &[], &[explained[0], explained[1], "--color", "never"]).contains('\x1b'));
}

/// That no report of a case has any is checked by `src/rehearse/cases.rs`.
#[test]
fn plain_words_have_no_symbols_and_no_columns() {
    let explained = ["explain", "535 5.7.8 authentication failed"];
    for asked in [&["rehearse", "password-refused"][..], &BY_A_ROUTER, &explained, &["explain", "port-blocked"]] {
        let (shown, _) = piped(&[asked, &["--plain"]].concat());
        assert!(!shown.is_empty());
        for line in shown.lines() {
            let marks = ['✓', '✗', '·', '–'];
            assert!(!line.contains(marks), "{asked:?}: {line}");
            assert!(!line.trim_start().contains("   "), "{asked:?}: {line}");
        }
    }
}

#[test]
fn local_numbers_stay_on_ones_own_terminal_and_leave_in_no_file_and_no_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("report.json");
    let report = format!("--report=json={}", saved.display());
    let shown = at_a_terminal(80, &[], &[BY_A_ROUTER[0], BY_A_ROUTER[1], &report]);
    assert!(shown.contains("fd00:1::1"), "{shown}");
    let saved = fs::read_to_string(saved).unwrap();
    assert!(saved.contains("2001:db8:1::1") && !saved.contains("fd00:1::1"), "{saved}");
    let (piped_text, _) = piped(&BY_A_ROUTER);
    assert!(piped_text.contains("2001:db8:1::1") && !piped_text.contains("fd00:1::1"), "{piped_text}");
    assert!(piped_text.contains("2001:db8:1::1 is a stand-in for an address of your own network"), "{piped_text}");
    assert!(!shown.contains("stand-in for"), "{shown}");
    let (asked_for, _) = piped(&[BY_A_ROUTER[0], BY_A_ROUTER[1], "--show-address"]);
    assert!(asked_for.contains("fd00:1::1") && asked_for.contains("you@icloud.com"), "{asked_for}");
}

#[test]
fn who_saves_a_report_is_told_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let report = format!("--report=json={}", folder.path().join("report.json").display());
    let words = |shown: &str| shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = words(&at_a_terminal(80, &[], &[BY_A_ROUTER[0], BY_A_ROUTER[1], &report]));
    assert!(shown.contains("Before you share it: it tells the account as y…@icloud.com"), "{shown}");
    let whole = at_a_terminal(80, &[], &[BY_A_ROUTER[0], BY_A_ROUTER[1], &report, "--show-address"]);
    assert!(words(&whole).contains("whole address, you@icloud.com"), "{whole}");
    let quiet = at_a_terminal(80, &[], &[BY_A_ROUTER[0], BY_A_ROUTER[1], &report, "--quiet"]);
    assert!(!quiet.contains("Before"), "{quiet}");
    let (_, error) = piped(&[BY_A_ROUTER[0], BY_A_ROUTER[1], &report]);
    assert_eq!(error, "", "a program that reads standard error is told nothing but faults");
}

/// A run that has to wait: its resolver never answers.
fn waiting(more: &[&str]) -> String {
    let resolver = silent_resolver();
    let alone = asking_only(resolver.local_addr().unwrap());
    let mut arguments = vec!["check", "--timeout", "4", "--skip", "control-host"];
    arguments.extend(alone.iter().map(String::as_str).chain(more.iter().copied()));
    at_a_terminal(80, &[("NO_COLOR", "1")], &arguments)
}

#[test]
fn what_is_waited_for_is_shown_and_wiped_away_before_the_report() {
    let shown = waiting(&["--deadline", "1"]);
    let (waited, told) = shown.split_once("icloud-mail-doctor 0").unwrap();
    assert!(waited.contains("dns") && waited.contains("is asked"), "{shown:?}");
    assert!(waited.contains("\x1b["), "the lines are drawn again: {shown:?}");
    assert!(!told.contains('\x1b'), "nothing of the report is wiped away: {told:?}");
}

#[test]
fn a_screen_reader_hears_what_is_waited_for_in_sentences() {
    let shown = waiting(&["--plain", "--deadline", "3.5"]);
    assert!(shown.contains("Waiting for dns (IMAP), 3 s; dns (SMTP), 3 s"), "{shown:?}");
    assert!(!shown.contains('\x1b'), "{shown:?}");
    let silent = waiting(&["--plain", "--no-progress", "--deadline", "3.5"]);
    assert!(!silent.contains("Waiting"), "{silent:?}");
}

#[test]
fn the_answer_comes_first_and_once_more_where_it_has_scrolled_away() {
    const ANSWER: &str = "Mail fails, very likely because: the app-specific password is refused.";
    let shown = at_a_terminal(80, &[("NO_COLOR", "1")], &["rehearse", "password-refused"]);
    let (before, after) = (shown.find(ANSWER).unwrap(), shown.rfind(ANSWER).unwrap());
    let steps = shown.find("What to do").unwrap();
    assert!(before < steps && steps < shown.find("The checks").unwrap(), "{shown}");
    assert!(after > shown.find("Checked by").unwrap(), "{shown}");
    for short in [&["rehearse", "password-refused", "--short"][..], &["rehearse", "imap/healthy"]] {
        let shown = at_a_terminal(80, &[("NO_COLOR", "1")], short);
        assert!(!shown.contains("is at the top"), "{shown}");
    }
    let (piped, _) = piped(&["rehearse", "password-refused"]);
    assert!(piped.starts_with(ANSWER) && piped.matches(ANSWER).count() == 1, "{piped}");
}

#[test]
fn who_wants_it_short_gets_the_verdict_and_three_steps_and_files_get_all() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("report.txt");
    let (shown, _) =
        piped(&["rehearse", "password-refused", "--short", "--report", &format!("text={}", saved.display())]);
    assert!(shown.contains("  3. ") && !shown.contains("  4. ") && !shown.contains("The checks"), "{shown}");
    assert!(shown.contains("explain password-refused") && shown.contains("without `--short`"), "{shown}");
    assert!(fs::read_to_string(saved).unwrap().contains("The checks"));
}

#[test]
fn a_check_takes_one_line_until_more_is_wanted() {
    let (usual, _) = piped(&["rehearse", "tls/certificate-expired"]);
    let checks: Vec<&str> =
        usual.split("The checks\n").nth(1).unwrap().lines().take_while(|line| !line.starts_with('-')).collect();
    assert!(checks.iter().all(|line| line.starts_with(['✓', '✗', '–', '?', '!'])), "{checks:?}");
    assert!(checks.iter().any(|line| line.ends_with('…')), "{checks:?}");
    let (whole, _) = piped(&["rehearse", "tls/certificate-expired", "-v"]);
    let rows = whole.split("The checks\n").nth(1).unwrap().split("The evidence").next().unwrap();
    assert!(!rows.contains('…'), "{rows}");
    // Only the first cause is printed in full.
    let (several, _) = piped(&["rehearse", "not-an-icloud-login"]);
    assert!(
        several.contains("What else was found\n  2. ") && several.matches("How to see that it worked").count() == 1
    );
    let (all, _) = piped(&["rehearse", "not-an-icloud-login", "-v"]);
    assert!(all.matches("How to see that it worked").count() == 2, "{all}");
}
