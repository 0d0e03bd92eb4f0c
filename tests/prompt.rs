//! The questions at a terminal before a password is sent, and how they can be interrupted.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
#![allow(clippy::disallowed_methods, reason = "a terminal is watched from outside")]

mod doctor;

use std::net::UdpSocket;
use std::process::Command;
use std::time::{Duration, Instant};

use doctor::{CANARY, asking_only, silent_resolver, unused_folder};
use expectrl::process::Termios as _;
use expectrl::session::OsSession;
use expectrl::{Eof, Expect as _, Session};

/// A password of another shape than the one that no output may contain.
const MAIN_PASSWORD: &str = "Zkqj2024!";

/// A run at a terminal, whose resolver never answers.
struct Run {
    terminal: OsSession,
    resolver: UdpSocket,
    shown: String,
}

impl Run {
    fn of(email: &str) -> Self {
        Self::called(&["check", email])
    }

    fn called(words: &[&str]) -> Self {
        let resolver = silent_resolver();
        // expectrl's terminal shows nothing of what is typed, so that any prompt on it would seem to be a silent one.
        // A key that interrupts reaches the shell too, which goes on.
        let script = r#"trap : INT QUIT; stty echo cols 200; echo ready; read -r line; "$@"; echo "exit $?"; stty -a"#;
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh"]).arg(doctor::path()).args(words);
        shell.args(["--format", "json", "--deadline", "0.3", "--no-progress"]);
        shell.args(asking_only(resolver.local_addr().unwrap())).env_remove("ICLOUD_APP_PASSWORD");
        shell.env("XDG_STATE_HOME", unused_folder());
        let mut terminal = Session::spawn(shell).unwrap();
        terminal.set_expect_timeout(Some(Duration::from_secs(30)));
        let mut run = Self { terminal, resolver, shown: String::new() };
        run.until("ready");
        run.terminal.send_line("in the open").unwrap();
        run.until("in the open");
        run
    }

    /// Waits for these words.
    fn until(&mut self, words: &str) {
        let found = self.terminal.expect(words);
        let found = found.unwrap_or_else(|fault| panic!("no \"{words}\" after {}: {fault}", self.shown));
        self.shown += &String::from_utf8_lossy(found.before());
        self.shown += words;
    }

    /// Answers a question that shows what is typed.
    fn answer(&mut self, question: &str, keys: &str) {
        self.until(question);
        self.terminal.send(keys).unwrap();
    }

    /// Answers the next question for a password.
    fn password(&mut self, email: &str, keys: &str) {
        self.until(&format!("App-specific password for {email}: "));
        // The prompt is there for a moment before the terminal falls silent.
        let began = Instant::now();
        while self.terminal.is_echo().unwrap() {
            assert!(began.elapsed() < Duration::from_secs(10), "the terminal shows what is typed");
            std::thread::sleep(Duration::from_millis(1));
        }
        self.terminal.send(keys).unwrap();
    }

    /// What was shown until the end, after which the terminal is as it was.
    fn ended(mut self, code: i32) -> String {
        self.until(&format!("exit {code}"));
        let modes = String::from_utf8_lossy(self.terminal.expect(Eof).unwrap().as_bytes()).into_owned();
        assert!(modes.split_whitespace().any(|mode| mode == "echo"), "the terminal is left mute: {modes}");
        for secret in [CANARY, MAIN_PASSWORD] {
            assert!(!self.shown.contains(secret), "{}", self.shown);
        }
        self.shown
    }

    fn asked_nobody(&self) {
        self.resolver.set_nonblocking(true).unwrap();
        assert!(self.resolver.recv(&mut [0; 512]).is_err(), "a server was looked for");
    }
}

#[test]
fn what_is_wanted_is_said_before_it_is_typed_and_what_is_typed_is_not_shown() {
    let mut run = Run::of("you@icloud.com");
    run.password("you@icloud.com", &format!("{CANARY}\n"));
    let shown = run.ended(3);
    let (before, after) = shown.split_once("App-specific password for").unwrap();
    let before = before.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in
        ["xxxx-xxxx-xxxx-xxxx", "not the password of your Apple Account", "account.apple.com", "Nothing is shown"]
    {
        assert!(before.contains(words), "{words}: {before}");
    }
    assert!(after.contains("\"sign_in\": true") && after.contains("\"kind\": \"app-specific\""), "{after}");
}

#[test]
fn a_password_of_another_shape_is_asked_about_once() {
    for (keys, kind) in [
        // Enter alone: it is really meant.
        ("\n".to_owned(), "other"),
        (format!("{CANARY}\n"), "app-specific"),
        ("Another1\n".to_owned(), "other"),
    ] {
        let mut run = Run::of("you@icloud.com");
        run.password("you@icloud.com", &format!("{MAIN_PASSWORD}\n"));
        run.until("does not look like an app-specific password");
        run.asked_nobody();
        run.password("you@icloud.com", &keys);
        let shown = run.ended(3);
        assert!(shown.contains(&format!("\"kind\": \"{kind}\"")), "{keys:?}: {shown}");
    }
}

/// What is copied may end in more than one line break.
#[test]
fn the_rest_of_a_paste_does_not_answer_the_question_whether_a_password_is_meant() {
    let mut run = Run::of("you@icloud.com");
    run.password("you@icloud.com", &format!("{MAIN_PASSWORD}\n\n\n"));
    run.password("you@icloud.com", "\x03");
    run.asked_nobody();
    run.ended(130);
}

#[test]
fn a_question_is_left_quietly() {
    let mut first = Run::of("you@icloud.com");
    first.password("you@icloud.com", &format!("{CANARY}\x15\x03"));
    let mut second = Run::of("you@icloud.com");
    second.password("you@icloud.com", &format!("{MAIN_PASSWORD}\n"));
    second.password("you@icloud.com", "\x03");
    let mut address = Run::of("you@iclod.com");
    address.answer("[Y/n] ", "\x03");
    let mut quit = Run::of("you@iclod.com");
    quit.answer("[Y/n] ", "\x1c");
    for (run, code) in [(first, 130), (second, 130), (address, 130), (quit, 131)] {
        run.asked_nobody();
        let shown = run.ended(code);
        assert!(!shown.contains("icloud-mail-doctor:") && !shown.contains('{'), "{shown}");
    }
}

#[test]
fn where_nothing_is_typed_it_is_said_what_to_do() {
    for keys in ["\x04", "\n", "   \n"] {
        let mut run = Run::of("you@icloud.com");
        run.password("you@icloud.com", keys);
        let shown = run.ended(2);
        assert!(shown.contains("account.apple.com") && shown.contains("--no-sign-in"), "{keys:?}: {shown}");
    }
}

#[test]
fn a_domain_that_was_not_meant_is_asked_about_before_anything_else() {
    for (answers, email) in
        [(vec!["\n"], "you@icloud.com"), (vec!["what?\n", "Yes\n"], "you@icloud.com"), (vec!["n\n"], "you@iclod.com")]
    {
        let mut run = Run::of("you@iclod.com");
        for answer in &answers {
            run.answer("Did you mean you@icloud.com? [Y/n] ", answer);
        }
        run.asked_nobody();
        run.password(email, &format!("{CANARY}\n"));
        let shown = run.ended(3);
        assert!(shown.contains(&format!("\"email\": \"{}\"", email.replace("you@", "y…@"))), "{answers:?}: {shown}");
    }
    let mut run = Run::of("you@iclod.com");
    run.answer("[Y/n] ", "\x04");
    let shown = run.ended(2);
    assert!(shown.contains("not answered"), "{shown}");
}

#[test]
fn an_address_at_another_provider_is_asked_about_before_anything_else() {
    for (typed, email) in [("\n", "you@gmail.com"), (" <lisa@me.com>\n", "lisa@me.com")] {
        let mut run = Run::of("you@gmail.com");
        run.until("gmail.com is not a domain of iCloud Mail");
        run.answer("all the same): ", typed);
        run.asked_nobody();
        run.password(email, &format!("{CANARY}\n"));
        run.ended(3);
    }
    let mut run = Run::of("you@gmail.com");
    run.answer("all the same): ", "lisa@mee.com\n");
    run.answer("Did you mean lisa@me.com? [Y/n] ", "y\n");
    run.password("lisa@me.com", "\n");
    run.ended(2);
}

#[test]
fn a_domain_of_ones_own_is_told_what_it_cannot_be_before_the_password_is_asked_for() {
    let mut run = Run::of("you@shop.example");
    run.until("shop.example is not one of iCloud's own domains");
    run.password("you@shop.example", "\n");
    run.ended(2);
}

/// The program as a new user starts it, with a resolver that never answers.
fn asking(more: &[&str]) -> Run {
    Run::called(&[&["--ask"], more].concat())
}

const ADDRESS: &str = "without one): ";
const PROGRAM: &str = "or another): ";
const TEXT: &str = "nothing):";

#[test]
fn three_questions_are_asked_and_then_it_goes_the_right_way() {
    let mut run = asking(&[]);
    run.answer(ADDRESS, "you@icloud.com\n");
    run.answer(PROGRAM, "2\n");
    run.answer(TEXT, "Outlook says:\n535 5.7.8 Error: authentication failed\n\n");
    run.until("points at this cause");
    run.asked_nobody();
    run.password("you@icloud.com", &format!("{CANARY}\n"));
    let shown = run.ended(3);
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "It asks you three questions",
        "The check that follows can find out",
        "App-Specific Passwords",
        "Press Enter alone to go on without a sign-in",
        "\"client\": \"outlook-classic\"",
        "\"sign_in\": true",
        "The text that you pasted points at this cause",
        "--client outlook-classic` says what to do.",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    // A shell goes on after it, and so does the window.
    assert!(!words.contains("Press Enter to close"), "{words}");
}

#[test]
fn every_question_can_be_skipped() {
    let mut run = asking(&[]);
    run.answer(ADDRESS, "\n");
    run.answer(PROGRAM, "\n");
    run.answer(TEXT, "\n");
    run.until("Without an address no sign-in is tried");
    let shown = run.ended(3);
    assert!(shown.contains("\"client\": null") && shown.contains("Next: "), "{shown}");
    let mut run = asking(&[]);
    run.answer(ADDRESS, "you@icloud.com\n");
    run.answer(PROGRAM, "thunderbird\n");
    run.answer(TEXT, "\n");
    run.password("you@icloud.com", "\n");
    run.until("No sign-in is tried");
    assert!(run.ended(3).contains("\"sign_in\": false"));
    // What is given is not asked for.
    let mut run = asking(&["you@icloud.com", "--client", "mutt"]);
    run.answer(TEXT, "\n");
    run.password("you@icloud.com", "\n");
    let shown = run.ended(3);
    assert!(!shown.contains("Which mail program") && shown.contains("\"client\": \"neomutt\""), "{shown}");
}

#[test]
fn every_question_is_left_quietly() {
    for asked in 0..3 {
        let mut run = asking(&[]);
        for question in [ADDRESS, PROGRAM].iter().take(asked) {
            run.answer(question, "\n");
        }
        run.answer([ADDRESS, PROGRAM, TEXT][asked], "\x03");
        run.asked_nobody();
        let shown = run.ended(130);
        assert!(!shown.contains("icloud-mail-doctor:") && !shown.contains("Next: "), "{shown}");
    }
    let mut slip = asking(&[]);
    slip.answer(ADDRESS, "you@iclod.com\n");
    slip.answer("[Y/n] ", "\x03");
    let mut password = asking(&["you@icloud.com", "--client", "mutt"]);
    password.answer(TEXT, "\n");
    password.password("you@icloud.com", &format!("{CANARY}\x03"));
    for run in [slip, password] {
        run.asked_nobody();
        let shown = run.ended(130);
        assert!(!shown.contains("icloud-mail-doctor:") && !shown.contains("Next: "), "there is no report: {shown}");
    }
}

#[test]
fn an_address_that_was_not_meant_is_asked_about_at_once_and_once() {
    for (answer, email) in [("y\n", "you@icloud.com"), ("n\n", "you@iclod.com")] {
        let mut run = asking(&[]);
        run.answer(ADDRESS, "you@iclod.com\n");
        run.answer("Did you mean you@icloud.com? [Y/n] ", answer);
        run.answer(PROGRAM, "\n");
        run.answer(TEXT, "\n");
        run.password(email, &format!("{CANARY}\n"));
        assert!(run.ended(3).contains("\"sign_in\": true"));
    }
    let mut run = asking(&["you@gmail.com"]);
    run.answer("all the same): ", "lisa@\n");
    run.until("is not an email address");
    run.answer("all the same): ", "lisa@me.com\n");
    run.answer(PROGRAM, "\n");
    run.answer(TEXT, "\n");
    run.password("lisa@me.com", "\n");
    run.ended(3);
}

#[test]
fn an_argument_that_cannot_be_used_is_refused_before_anything_is_asked() {
    for words in [&["lisa"][..], &["--imap-host", "a b"], &["lisa@icloud.com", "--mailbox", "--from", "x"]] {
        let shown = asking(words).ended(2);
        assert!(shown.contains("icloud-mail-doctor:") && !shown.contains("1. "), "{shown}");
    }
}

#[test]
fn where_the_input_ends_the_guided_check_goes_on_without_a_password() {
    for (first, keys) in [(None, "\x04"), (Some(MAIN_PASSWORD), "\x04")] {
        let mut run = asking(&["you@icloud.com", "--client", "mutt"]);
        run.answer(TEXT, "\n");
        if let Some(first) = first {
            run.password("you@icloud.com", &format!("{first}\n"));
        }
        run.password("you@icloud.com", keys);
        run.until("No sign-in is tried");
        assert!(run.ended(3).contains("\"sign_in\": false"));
    }
}

#[test]
fn a_paste_answers_one_question_whatever_is_in_it() {
    let mut run = asking(&[]);
    run.answer(ADDRESS, "you@icloud.com\n");
    run.answer(PROGRAM, "Outlok\n");
    run.until("Did you mean Outlook (new)?");
    run.answer(PROGRAM, "eudora\n");
    let long = format!("{}\n\n", "x \u{1b}]0;evil\u{7} y\n".repeat(40));
    run.answer(TEXT, &format!("one\n\ntwo\n{long}{long}\n"));
    run.until("Nothing in that text is known here");
    // Nothing of it is left over for the password.
    run.password("you@icloud.com", "\n");
    assert!(run.ended(3).contains("\"sign_in\": false"));
}

#[test]
fn what_is_no_address_is_not_repeated_and_asked_for_again() {
    let mut run = asking(&[]);
    run.answer(ADDRESS, "you\n");
    run.until("is not an email address");
    run.answer(ADDRESS, " <you@icloud.com>,\n");
    run.answer(PROGRAM, "\n");
    run.answer(TEXT, "\n");
    run.password("you@icloud.com", "\n");
    run.ended(3);
}

/// A call whose terminal was opened for it alone, as by a double click, or whose shell goes on after it.
#[test]
fn a_window_that_would_vanish_waits_for_enter() {
    for in_a_shell in [false, true] {
        let mut command = match in_a_shell {
            false => Command::new(doctor::path()),
            true => {
                let mut shell = Command::new("sh");
                shell.args(["-c", r#""$@"; echo "exit $?""#, "sh"]).arg(doctor::path());
                shell
            }
        };
        command.args(["--ask", "--format", "json", "--deadline", "0.3", "--no-progress"]);
        let resolver = silent_resolver();
        command.args(asking_only(resolver.local_addr().unwrap())).env_remove("SSH_CONNECTION");
        let mut terminal = Session::spawn(command).unwrap();
        terminal.set_expect_timeout(Some(Duration::from_secs(30)));
        for question in [ADDRESS, PROGRAM, TEXT] {
            terminal.expect(question).unwrap();
            terminal.send("\n").unwrap();
        }
        match in_a_shell {
            false => {
                terminal.expect("Press Enter to close this window.").unwrap();
                terminal.send("\n").unwrap();
                terminal.expect(Eof).unwrap();
            }
            true => {
                let shown = terminal.expect("exit 3").unwrap();
                assert!(!String::from_utf8_lossy(shown.before()).contains("Press Enter to close"));
            }
        }
    }
}

#[test]
fn the_bare_program_asks_at_a_terminal_and_nowhere_else() {
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"trap : INT; "$@"; echo "exit $?""#, "sh"]).arg(doctor::path());
    let mut terminal = Session::spawn(shell).unwrap();
    terminal.set_expect_timeout(Some(Duration::from_secs(30)));
    terminal.expect(ADDRESS).unwrap();
    terminal.send("\x03").unwrap();
    terminal.expect("exit 130").unwrap();
    let (code, out, error) = doctor::run(&["--ask"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(error.contains("--ask needs a terminal"), "{error}");
}

#[test]
fn nothing_is_asked_where_no_input_is_wanted() {
    let mut run = Run::called(&["check", "you@icloud.com", "--no-input"]);
    run.until("there is no password");
    run.ended(2);
    let mut run = Run::called(&["check", "you@iclod.com", "--no-input"]);
    run.until("was not tried");
    run.ended(2);
}

#[test]
fn which_outlook_is_meant_is_asked_at_a_terminal() {
    for (answers, title) in
        [(vec!["\n"], "Outlook (new)"), (vec!["what\n", "y\n"], "Outlook (classic)"), (vec!["N\n"], "Outlook (new)")]
    {
        let mut shell = Command::new("sh");
        shell.args(["-c", r#""$@"; echo "exit $?""#, "sh"]).arg(doctor::path()).args(["setup", "outlook"]);
        let mut terminal = Session::spawn(shell).unwrap();
        terminal.set_expect_timeout(Some(Duration::from_secs(30)));
        for answer in &answers {
            terminal.expect("File menu in its upper left corner? [y/N]").unwrap();
            terminal.send(answer).unwrap();
        }
        terminal.expect(format!("iCloud Mail in {title}")).unwrap();
        terminal.expect("exit 0").unwrap();
    }
}
