//! Sign-ins across runs: an account is never brought near to a lock, and what is remembered says nothing about its owner.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

use crate::cloud::{ADDRESS, Cloud, PASSWORD};
use crate::doctor::{Doctor, Ended};
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::{Attack, Held, attack, holds};

pub(crate) fn all() -> Vec<Attack> {
    let mut all = vec![
        attack("a hundred runs with one wrong password", || a_hundred_runs(|_| PASSWORD.to_owned(), 2)),
        attack("a hundred runs with a wrong password each", || a_hundred_runs(password, 4)),
        attack("twenty runs at once with one wrong password", twenty_at_once),
        attack("a server that asks for a pause, in a loop", || a_loop(THROTTLING, 1)),
        attack("a right password, in a loop", || a_loop(ACCEPTING, 0)),
        attack("a server that gives no answer that can be read, in a loop", || a_loop(("", ""), 1)),
        attack("a user who insists, in a loop", insisting),
        attack("a run that is not to remember anything", nothing_remembered),
        attack("what is remembered, in the hands of a stranger", in_a_strangers_hands),
        attack("runs of many accounts at once lose no line", no_line_is_lost),
        attack("a clock that was years ahead", a_clock_that_was_ahead),
        attack("broken lines among the others", broken_lines),
        attack("a disk that is full from the beginning", full_disk),
        attack("a disk that is full in the middle of a line", full_within_a_line),
        attack("a folder of another user", anothers_folder),
        attack("no home folder", no_home),
        attack("control: a recorded run is held back again when it is played", recorded),
        attack("control: what was forgotten holds nothing back", forgotten),
        attack("control: another account, password or server is tried", another),
    ];
    all.extend(
        FAULTS.map(|(name, make)| attack(format!("a ledger that cannot be used: {name}"), move || unusable(make))),
    );
    all
}

/// What the IMAP server answers after its tag, and the SMTP server; nothing where it cannot be read.
type Answers = (&'static str, &'static str);

const REFUSING: Answers = ("NO [AUTHENTICATIONFAILED] Authentication failed", "535 5.7.8 Authentication failed");
const ACCEPTING: Answers = ("OK done", "235 2.7.0 Authentication successful");
const THROTTLING: Answers = ("NO [LIMIT] Sign-in rate exceeded", "454 4.7.0 Too many login attempts");

/// Two servers that count their sign-ins, and a computer that remembers them.
struct Remembering {
    cloud: Cloud,
    sign_ins: [Arc<AtomicUsize>; 2],
    state: TempDir,
}

impl Remembering {
    fn of((imap, smtp): Answers) -> Self {
        let sign_ins: [Arc<AtomicUsize>; 2] = Default::default();
        let [at_imap, at_smtp] = sign_ins.clone();
        let imap = Imap::answering(move |given| {
            at_imap.fetch_add(1, Ordering::SeqCst);
            if imap.is_empty() { b"so\r\n".to_vec() } else { format!("{} {imap}\r\n", given.tag).into_bytes() }
        });
        let smtp = Smtp::answering(move |_| {
            at_smtp.fetch_add(1, Ordering::SeqCst);
            if smtp.is_empty() { b"so\r\n".to_vec() } else { format!("{smtp}\r\n").into_bytes() }
        });
        Self { cloud: Cloud::of(imap, smtp), sign_ins, state: tempfile::tempdir().unwrap() }
    }

    fn run(&self, password: &str, arguments: &[&str]) -> Ended {
        self.run_of(ADDRESS, password, arguments)
    }

    fn run_of(&self, address: &str, password: &str, arguments: &[&str]) -> Ended {
        self.at_home(self.cloud.check_of(address, password)).args(arguments).run()
    }

    fn at_home(&self, doctor: Doctor) -> Doctor {
        doctor.env("XDG_STATE_HOME", self.state.path())
    }

    fn folder(&self) -> PathBuf {
        self.state.path().join("icloud-mail-doctor")
    }

    fn lines(&self) -> String {
        fs::read_to_string(self.folder().join("attempts.jsonl")).unwrap_or_default()
    }

    /// Each server got at least one sign-in, and no more than this.
    fn cost_at_most(&self, most: usize) -> Held {
        let counted = self.sign_ins.each_ref().map(|count| count.load(Ordering::SeqCst));
        holds(counted.iter().all(|count| (1..=most).contains(count)), || {
            format!("{counted:?} sign-ins, at most {most} are allowed: {}", self.lines())
        })
    }

    fn counted(&self) -> usize {
        self.sign_ins.iter().map(|count| count.load(Ordering::SeqCst)).sum()
    }
}

/// The run made no sign-in and says so.
fn is_held_back(ended: &Ended) -> Held {
    let text = ended.text();
    holds(ended.code == Some(3) && text.contains("sign-ins-held-back"), || text.clone())?;
    holds(text.contains("No result yet") && text.contains("--again"), || text)
}

/// One of many passwords of the right shape.
fn password(number: usize) -> String {
    let letter = |place: u32| char::from(b'a' + u8::try_from(number / 26_usize.pow(place) % 26).unwrap());
    format!("{}{}we-ruvz-mbhy-xgtn", letter(0), letter(1))
}

fn a_hundred_runs(password: impl Fn(usize) -> String, most: usize) -> Held {
    let world = Remembering::of(REFUSING);
    for number in 0..100 {
        let ended = world.run(&password(number), &[]);
        ended.is_bounded()?;
        if number == 99 {
            is_held_back(&ended)?;
        }
    }
    world.cost_at_most(most)
}

fn twenty_at_once() -> Held {
    let world = Remembering::of(REFUSING);
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| world.run(PASSWORD, &[]));
        }
    });
    world.cost_at_most(2)
}

fn a_loop(answers: Answers, first_code: i32) -> Held {
    let world = Remembering::of(answers);
    for number in 0..20 {
        let ended = world.run(PASSWORD, &[]);
        match number {
            0 => holds(ended.code == Some(first_code), || ended.text())?,
            _ => is_held_back(&ended)?,
        }
    }
    world.cost_at_most(1)
}

/// Each run makes the sign-in that was asked for; a second one only as long as the numbers allow it.
fn insisting() -> Held {
    let world = Remembering::of(REFUSING);
    for _ in 0..10 {
        let ended = world.run(PASSWORD, &["--again"]);
        holds(ended.code == Some(1), || ended.text())?;
    }
    // Four are reached after two runs of two; then each run makes one.
    world.cost_at_most(12)?;
    holds(world.counted() >= 20, || format!("{} sign-ins", world.counted()))
}

fn nothing_remembered() -> Held {
    let world = Remembering::of(ACCEPTING);
    for _ in 0..3 {
        let ended = world.run(PASSWORD, &["--no-ledger"]);
        holds(ended.code == Some(0), || ended.text())?;
    }
    world.run(PASSWORD, &["--no-sign-in"]);
    holds(!world.folder().exists(), || "there is a ledger".to_owned())?;
    holds(world.counted() == 6, || format!("{} sign-ins", world.counted()))
}

fn in_a_strangers_hands() -> Held {
    let world = Remembering::of(REFUSING);
    let ended = world.run(PASSWORD, &[]);
    holds(ended.code == Some(1), || ended.text())?;
    let listed = world.at_home(Doctor::new(&["attempts"])).run().text();
    let listed_for_programs = world.at_home(Doctor::new(&["attempts", "--format", "json"])).run().text();
    holds(listed.contains("imap.mail.me.com refused password 1 of account"), || listed.clone())?;
    let name = ADDRESS.split('@').next().unwrap();
    let bare = PASSWORD.replace('-', "");
    let mut secrets = vec![PASSWORD.to_owned(), bare, ADDRESS.to_owned(), name.to_owned(), "ottilie".to_owned()];
    secrets.extend([PASSWORD, ADDRESS, name].map(|secret| STANDARD.encode(secret)));
    let hexadecimal = |secret: &str| secret.bytes().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    secrets.extend([PASSWORD, ADDRESS, name].map(hexadecimal));
    for entry in fs::read_dir(world.folder()).unwrap().map(|entry| entry.unwrap().path()) {
        let bytes = fs::read(&entry).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for secret in &secrets {
            holds(!text.contains(&secret.to_lowercase()), || format!("{} holds {secret}", entry.display()))?;
        }
        is_for_its_owner(&entry, 0o600)?;
    }
    for secret in &secrets {
        holds(!listed.contains(secret) && !listed_for_programs.contains(secret), || format!("{secret} is listed"))?;
    }
    // Two bytes of a hash are too little to guess by.
    let line: serde_json::Value = serde_json::from_str(world.lines().lines().next().unwrap()).unwrap();
    holds(line["secret"].as_str().unwrap().len() == 4, || line.to_string())?;
    holds(!listed_for_programs.contains("\"secret\""), || listed_for_programs.clone())?;
    is_for_its_owner(&world.folder(), 0o700)
}

fn is_for_its_owner(path: &std::path::Path, wanted: u32) -> Held {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
    holds(mode == wanted, || format!("{} has the mode {mode:o}", path.display()))
}

fn no_line_is_lost() -> Held {
    let world = Remembering::of(ACCEPTING);
    std::thread::scope(|scope| {
        for number in 0..16 {
            let world = &world;
            scope.spawn(move || world.run_of(&format!("account{number}@icloud.com"), PASSWORD, &[]));
        }
    });
    let listed = world.at_home(Doctor::new(&["attempts", "--format", "json"])).run();
    let listed = listed.report()?;
    let accepted = listed["sign_ins"].as_array().unwrap().iter().filter(|one| one["outcome"] == "accepted").count();
    holds(accepted == 32, || format!("{accepted} of 32 are remembered: {}", world.lines()))
}

fn a_clock_that_was_ahead() -> Held {
    let world = Remembering::of(REFUSING);
    world.run(PASSWORD, &[]);
    let before = world.counted();
    let lines = world.lines();
    let year = lines.split_once("\"when\":\"").unwrap().1[..4].to_owned();
    fs::write(world.folder().join("attempts.jsonl"), lines.replace(&format!("\"when\":\"{year}"), "\"when\":\"2099"))
        .unwrap();
    is_held_back(&world.run(PASSWORD, &[]))?;
    holds(world.counted() == before, || world.lines())?;
    // From now on it has a time that passes.
    holds(!world.lines().contains("2099") && !world.lines().is_empty(), || world.lines())
}

fn broken_lines() -> Held {
    let world = Remembering::of(REFUSING);
    world.run(PASSWORD, &[]);
    let broken = format!("no JSON\n{{\"when\":\"2020\n{}\u{0}\u{0}torn", world.lines());
    fs::write(world.folder().join("attempts.jsonl"), &broken).unwrap();
    let ended = world.run(PASSWORD, &[]);
    is_held_back(&ended)?;
    holds(ended.text().contains("3 lines cannot be read; the others count."), || ended.text())?;
    world.run(&password(1), &[]);
    holds(world.lines().starts_with(&broken) && world.lines().len() > broken.len(), || world.lines())
}

fn forgotten() -> Held {
    let world = Remembering::of(REFUSING);
    world.run(PASSWORD, &[]);
    let before = world.counted();
    let told = world.at_home(Doctor::new(&["attempts", "clear"])).run().text();
    holds(told == format!("{before} sign-ins are forgotten.\n"), || told)?;
    let told = world.at_home(Doctor::new(&["attempts"])).run().text();
    holds(told == "No sign-in is remembered.\n", || told)?;
    world.run(PASSWORD, &[]);
    holds(world.counted() == 2 * before, || format!("{} after {before}", world.counted()))
}

fn another() -> Held {
    let world = Remembering::of(REFUSING);
    for (address, password) in [(ADDRESS, PASSWORD), ("other@icloud.com", PASSWORD), (ADDRESS, &password(1))] {
        let before = world.counted();
        let ended = world.run_of(address, password, &[]);
        holds(world.counted() >= before + 2, || ended.text())?;
    }
    Ok(())
}

fn warns(ended: &Ended, warning: &str) -> Held {
    let said = String::from_utf8_lossy(&ended.error).into_owned();
    holds(ended.code == Some(0), || ended.text())?;
    holds(said.starts_with(warning) && said.lines().count() == 1, || said.clone())?;
    holds(ended.took.as_secs() < 10, || format!("it took {} s", ended.took.as_secs_f32()))
}

fn full_disk() -> Held {
    let world = Remembering::of(ACCEPTING);
    let ended = world.at_home(world.cloud.check()).arg("--no-progress").on_a_full_disk(0).run();
    warns(&ended, "Earlier sign-ins are not known (")?;
    world.cost_at_most(1)
}

/// What is on the disk stays as it was, and still counts.
fn full_within_a_line() -> Held {
    let world = Remembering::of(ACCEPTING);
    world.run_of("other@icloud.com", PASSWORD, &[]);
    // A block has 512 bytes, or 1024 in some shells; this fills all but the beginning of one line.
    let mut before = world.lines();
    before += &" ".repeat(2048 - 100 - before.len());
    before.push('\n');
    fs::write(world.folder().join("attempts.jsonl"), &before).unwrap();
    let blocks = if shell_counts_in_kilobytes() { 2 } else { 4 };
    let ended = world.at_home(world.cloud.check()).arg("--no-progress").on_a_full_disk(blocks).run();
    warns(&ended, "This sign-in will not be remembered (")?;
    holds(world.lines() == before, || world.lines())
}

fn shell_counts_in_kilobytes() -> bool {
    let told = std::process::Command::new("sh").args(["-c", "ulimit -f 2; cat /proc/self/limits"]).output().unwrap();
    String::from_utf8_lossy(&told.stdout)
        .lines()
        .any(|line| line.starts_with("Max file size") && line.contains(" 2048 "))
}

fn anothers_folder() -> Held {
    use std::os::unix::fs::PermissionsExt as _;
    const NOBODY: u32 = 65_534;
    let world = Remembering::of(ACCEPTING);
    fs::create_dir(world.folder()).unwrap();
    fs::set_permissions(world.folder(), fs::Permissions::from_mode(0o500)).unwrap();
    for path in [world.state.path(), world.cloud.folder.path()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let check = world.at_home(world.cloud.check()).arg("--no-progress");
    let is_root = fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0);
    let ended = if is_root { check.user(NOBODY).run() } else { check.run() };
    warns(&ended, "Earlier sign-ins are not known (")?;
    world.cost_at_most(1)
}

fn no_home() -> Held {
    let world = Remembering::of(ACCEPTING);
    // A path that is not absolute does not count, and the tests set no HOME.
    let ended = world.cloud.check().env("XDG_STATE_HOME", "state").arg("--no-progress").run();
    warns(&ended, "Sign-ins are not remembered, because there is no home folder")?;
    let ended = Doctor::new(&["attempts"]).env("XDG_STATE_HOME", "state").run();
    holds(ended.code == Some(2), || ended.text())?;
    world.cost_at_most(1)
}

fn recorded() -> Held {
    let world = Remembering::of(REFUSING);
    world.run(PASSWORD, &[]);
    let case = world.cloud.path("case.toml");
    let ended = world.run(PASSWORD, &["--record", &case.to_string_lossy()]);
    is_held_back(&ended)?;
    let text = fs::read_to_string(&case).unwrap();
    holds(text.contains("[[earlier_sign_ins]]") && !text.contains("secret"), || text)?;
    is_held_back(&Doctor::new(&["rehearse"]).arg(&case).run())
}

/// How a folder is made unusable for the ledger in it; what is returned is kept until the run is over.
type Fault = fn(&PathBuf) -> Option<File>;

const FAULTS: [(&str, Fault); 7] = [
    ("its folder is a file", |folder| File::create(folder).ok()),
    ("it is a folder", |folder| made(folder, "attempts.jsonl", |path| fs::create_dir(path).unwrap())),
    ("it is a pipe", |folder| made(folder, "attempts.jsonl", pipe)),
    ("its lock is a pipe", |folder| made(folder, "attempts.lock", pipe)),
    ("its key is cut short", |folder| made(folder, "attempts.key", |path| fs::write(path, "short").unwrap())),
    ("it is a device", |folder| {
        made(folder, "attempts.jsonl", |path| std::os::unix::fs::symlink("/dev/full", path).unwrap())
    }),
    ("another program holds its lock", |folder| {
        fs::create_dir(folder).unwrap();
        let lock = File::create(folder.join("attempts.lock")).unwrap();
        lock.lock().unwrap();
        Some(lock)
    }),
];

fn made(folder: &PathBuf, name: &str, make: impl FnOnce(PathBuf)) -> Option<File> {
    fs::create_dir(folder).unwrap();
    make(folder.join(name));
    None
}

fn pipe(path: PathBuf) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// The run goes on as if there were no ledger, after one sentence.
fn unusable(make: Fault) -> Held {
    let world = Remembering::of(ACCEPTING);
    let kept = make(&world.folder());
    let ended = world.run(PASSWORD, &["--no-progress"]);
    drop(kept);
    warns(&ended, "Earlier sign-ins are not known (")?;
    world.cost_at_most(1)
}
