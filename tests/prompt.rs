//! What is asked at a terminal before a password is sent anywhere, and how that is left.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
#![allow(clippy::disallowed_methods, reason = "a terminal is watched from outside")]

mod doctor;

use std::net::UdpSocket;
use std::process::Command;
use std::time::{Duration, Instant};

use doctor::{CANARY, asking_only, silent_resolver};
use expectrl::process::Termios as _;
use expectrl::session::OsSession;
use expectrl::{Eof, Expect as _, Session};

/// A password of another shape than the one that no output may hold.
const MAIN_PASSWORD: &str = "Zkqj2024!";

/// A run at a terminal, whose resolver never answers.
struct Run {
    terminal: OsSession,
    resolver: UdpSocket,
    shown: String,
}

impl Run {
    fn of(email: &str) -> Self {
        let resolver = silent_resolver();
        // expectrl's terminal shows nothing of what is typed, so that any prompt on it would seem to be a silent one.
        // A key that interrupts reaches the shell too, which goes on.
        let script = r#"trap : INT QUIT; stty echo cols 200; echo ready; read -r line; "$@"; echo "exit $?"; stty -a"#;
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh"]).arg(doctor::path()).args(["check", email]);
        shell.args(["--format", "json", "--deadline", "0.3", "--no-progress"]);
        shell.args(asking_only(resolver.local_addr().unwrap())).env_remove("ICLOUD_APP_PASSWORD");
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
