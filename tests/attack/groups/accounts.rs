//! Many accounts in one run: every fault is named, no account signs in more often than once at a server, a wrong list
//! locks nobody, and no password comes out.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::cloud::Cloud;
use crate::doctor::{Doctor, Ended};
use crate::fleet::{Manners, Noted, Says, serving};
use crate::{Attack, Held, attack, holds};

/// A fault of an account: its name, how the servers treat it, and the cause that must be named; none where the account
/// cannot be asked.
type Fault = (&'static str, Manners, Option<&'static str>);

const YES: Manners = Manners { imap: Says::Yes, smtp: Says::Yes, quota: None, mail: None, rcpt: None };
const REFUSED: Says = Says::Words("NO [AUTHENTICATIONFAILED] Authentication Failed");
const REFUSED_BY_SMTP: Says = Says::Words("535 5.7.8 Error: authentication failed:");
const BOTH_REFUSE: Manners = Manners { imap: REFUSED, smtp: REFUSED_BY_SMTP, ..YES };

const fn answering(imap: &'static str, smtp: &'static str) -> Manners {
    Manners { imap: Says::Words(imap), smtp: Says::Words(smtp), ..YES }
}

const fn at_mail(answer: &'static str) -> Manners {
    Manners { mail: Some(answer), ..YES }
}

/// The faults, with the truth about each.
const FAULTS: [Fault; 36] = [
    ("refused", BOTH_REFUSE, Some("password-refused")),
    (
        "revoked",
        answering("NO [EXPIRED] The password has expired", "535 5.7.8 The app-specific password was revoked"),
        Some("password-refused"),
    ),
    ("own-password", BOTH_REFUSE, Some("apple-password-used")),
    (
        "locked",
        answering(
            "NO [AUTHENTICATIONFAILED] This account has been locked for security reasons",
            "525 5.7.13 User account disabled",
        ),
        Some("sign-in-throttled"),
    ),
    (
        "throttled",
        answering("NO [LIMIT] Sign-in rate exceeded", "454 4.7.0 Too many login attempts, please try again later"),
        Some("sign-in-throttled"),
    ),
    (
        "throttled-imap",
        Manners { imap: Says::Words("NO [UNAVAILABLE] Too many login attempts"), ..YES },
        Some("sign-in-throttled"),
    ),
    (
        "throttled-smtp",
        Manners { smtp: Says::Words("421 4.7.0 Rate limited, slow down"), ..YES },
        Some("sign-in-throttled"),
    ),
    (
        "unavailable",
        answering(
            "BAD [UNAVAILABLE] Service temporarily unavailable",
            "454 4.7.0 Temporary authentication failure: Connection lost to authentication server",
        ),
        Some("service-unavailable"),
    ),
    (
        "unavailable-imap",
        Manners { imap: Says::Words("NO [UNAVAILABLE] Temporary authentication failure."), ..YES },
        Some("service-unavailable"),
    ),
    (
        "unavailable-smtp",
        Manners { smtp: Says::Words("454 4.7.0 Temporary authentication failure"), ..YES },
        Some("service-unavailable"),
    ),
    (
        "switched-off",
        Manners { imap: Says::Words("NO [AUTHORIZATIONFAILED] IMAP access is disabled for this account"), ..YES },
        Some("imap-disabled"),
    ),
    (
        "not-provisioned",
        answering(
            "NO [UNAVAILABLE] mail service is not enabled for this account",
            "535 5.7.8 Error: authentication failed: mail service is not enabled for this account",
        ),
        Some("imap-disabled"),
    ),
    ("imap-refuses", Manners { imap: REFUSED, ..YES }, Some("imap-sign-in-refused")),
    ("smtp-refuses", Manners { smtp: REFUSED_BY_SMTP, ..YES }, Some("smtp-sign-in-refused")),
    ("imap-closes", Manners { imap: Says::Closes, ..YES }, Some("connection-dropped")),
    ("smtp-closes", Manners { smtp: Says::Closes, ..YES }, Some("connection-dropped")),
    ("both-close", Manners { imap: Says::Closes, smtp: Says::Closes, ..YES }, Some("connection-dropped")),
    ("imap-is-silent", Manners { imap: Says::Nothing, ..YES }, Some("unexplained")),
    ("smtp-is-silent", Manners { smtp: Says::Nothing, ..YES }, Some("unexplained")),
    ("closes-after-it", Manners { imap: Says::YesAndCloses, ..YES }, Some("connection-dropped")),
    ("full", Manners { quota: Some("(STORAGE 5242880 5242880)"), ..YES }, Some("mailbox-full")),
    ("nearly-full", Manners { quota: Some("(STORAGE 5142880 5242880)"), ..YES }, Some("mailbox-nearly-full")),
    ("not-its-sender", at_mail("550 5.7.0 From address is not one of your addresses"), Some("sender-not-owned")),
    (
        "not-its-sender-in-other-words",
        at_mail("553 5.7.1 <x@icloud.com>: Sender address rejected: not owned by user x"),
        Some("sender-not-owned"),
    ),
    (
        "sent-too-much",
        at_mail("550 5.7.1 You have exceeded your daily sending limit. Please try again later."),
        Some("sending-limit"),
    ),
    ("full-at-mail", at_mail("552 5.2.2 user is over quota"), Some("mailbox-full")),
    ("not-signed-in", at_mail("530 5.7.0 Authentication required"), Some("not-authenticated")),
    ("full-at-recipient", Manners { rcpt: Some("552 5.2.2 user is over quota"), ..YES }, Some("mailbox-full")),
    (
        "many-connections",
        Manners { imap: Says::Words("NO [LIMIT] Too many simultaneous connections"), ..YES },
        Some("too-many-connections"),
    ),
    (
        "other-mechanism",
        Manners { smtp: Says::Words("504 5.5.4 Unrecognized authentication type"), ..YES },
        Some("sign-in-mechanism"),
    ),
    ("pasted-with-spaces", YES, Some("password-mangled")),
    ("in-capitals", BOTH_REFUSE, Some("password-refused")),
    ("custom-domain", BOTH_REFUSE, Some("not-an-icloud-login")),
    ("no-file", YES, None),
    ("empty-file", YES, None),
    ("broken-command", YES, None),
];

/// A list of accounts, and the servers that know them.
struct Fleet {
    cloud: Cloud,
    noted: Arc<Noted>,
    names: Vec<(String, Option<&'static Fault>)>,
    passwords: Vec<String>,
    list: std::path::PathBuf,
}

/// A password of the kind that Apple makes, and no other account's.
fn password(number: usize) -> String {
    let letters: Vec<char> = (0..16)
        .map(|at| {
            let mixed = (number * 7_919 + 104_729) * (at * 31 + 17) + number / (at + 1);
            char::from(b'a' + u8::try_from((mixed / 13 + at * number) % 26).unwrap())
        })
        .collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

impl Fleet {
    /// So many accounts, of which every third has a fault. Those that servers call too many sign-ins are far apart: three
    /// in a row would make the run wait.
    fn mixed(count: usize) -> Self {
        Self::of(count, |number| (number % 3 == 1).then(|| &FAULTS[number / 3 * 11 % FAULTS.len()]))
    }

    fn of(count: usize, fault_of: impl Fn(usize) -> Option<&'static Fault>) -> Self {
        let mut known = HashMap::new();
        let (mut names, mut passwords) = (Vec::new(), Vec::new());
        let mut rows = Vec::new();
        for number in 0..count {
            let fault = fault_of(number);
            let kind = fault.map_or("well", |(kind, ..)| kind);
            let name = format!("{kind}-{number}");
            let sent = match kind {
                "own-password" => format!("Summer-{number}!"),
                "in-capitals" => password(number).to_uppercase(),
                _ => password(number),
            };
            let written = if kind == "pasted-with-spaces" { sent.replace('-', " - ") } else { sent.clone() };
            let email = if kind == "custom-domain" {
                format!("u{number}@quokka.example")
            } else {
                format!("u{number}@icloud.com")
            };
            known.insert(sent.clone(), fault.map_or(YES, |(_, manners, _)| *manners));
            passwords.push(written.clone());
            rows.push((name.clone(), email, written, kind));
            names.push((name, fault));
        }
        let (cloud, noted) = serving(known);
        let mut list = "name,email,from,password_file,password_command\n".to_owned();
        for (name, email, password, kind) in rows {
            let file = format!("{name}.secret");
            match kind {
                "no-file" => {}
                "empty-file" => std::fs::write(cloud.path(&file), "\n").unwrap(),
                _ => std::fs::write(cloud.path(&file), format!("{password}\n")).unwrap(),
            }
            let (file, command) = if kind == "broken-command" { (String::new(), "exit 7") } else { (file, "") };
            writeln!(list, "{name},{email},{email},{file},{command}").unwrap();
        }
        let path = cloud.path("accounts.csv");
        std::fs::write(&path, list).unwrap();
        Self { cloud, noted, names, passwords, list: path }
    }

    fn check(&self, flags: &[&str]) -> Doctor {
        self.cloud.check_many(&self.list).args(flags).args(&["--timeout", "1"]).within(Duration::from_mins(10))
    }

    /// Nothing of a password is in a text, in the forms in which it is sent either.
    fn shows_no_password(&self, told: &str) -> Held {
        for (number, password) in self.passwords.iter().enumerate() {
            let forms = [
                password.clone(),
                password.replace('-', ""),
                STANDARD.encode(format!("\0u{number}\0{password}")),
                STANDARD.encode(format!("\0u{number}@icloud.com\0{password}")),
                STANDARD.encode(password),
            ];
            let shown = forms.iter().find(|form| told.contains(form.as_str()));
            holds(shown.is_none(), || format!("the password of account {number} is in the output"))?;
        }
        Ok(())
    }
}

/// The lines that have an account, by its name, and the summary.
fn lines(text: &str) -> Result<(BTreeMap<String, Value>, Value), String> {
    let (mut accounts, mut summary) = (BTreeMap::new(), Value::Null);
    for line in text.lines().filter(|line| !line.is_empty()) {
        let line: Value = serde_json::from_str(line).map_err(|fault| format!("{fault}: {line}"))?;
        match line["account"].as_str().map(str::to_owned) {
            Some(name) => {
                if accounts.insert(name.clone(), line).is_some() {
                    return Err(format!("{name} is there twice"));
                }
            }
            None if !line["summary"].is_null() => summary = line["summary"].clone(),
            None => {}
        }
    }
    Ok((accounts, summary))
}

/// The causes that are problems or warnings.
fn causes(line: &Value) -> Vec<&str> {
    let findings = line["findings"].as_array().into_iter().flatten().filter(|finding| finding["severity"] != "note");
    findings.filter_map(|finding| finding["cause"].as_str()).collect()
}

pub(crate) fn all() -> Vec<Attack> {
    vec![
        attack("a thousand accounts with thirty-six faults between them", || mixed(1_000)),
        attack("no two accounts begin too close to each other", || paced(40)),
        attack("a list with the wrong passwords stops after five", wrong_passwords),
        attack("a password that was refused is not sent again", refused_again),
        attack("a run that is killed is gone on with", killed),
        attack("Ctrl-C closes what is open, and the run is gone on with", interrupted),
        attack("shares together are the whole list", shares),
        attack("a port that is closed is told once, and no password is sent there", one_port),
        attack("where nothing can be reached nobody signs in", nothing_reached),
        attack("every line keeps to the schema", schema),
        attack("a table, a page and metrics", formats),
        attack("a list on standard input may have passwords", piped),
        attack("flags for one account are refused", refused_flags),
    ]
}

fn ended_well(ended: &Ended) -> Held {
    holds(!ended.was_killed && ended.code.is_some_and(|code| code < 4), || {
        format!("it ended with {:?}: {}", ended.status, String::from_utf8_lossy(&ended.error))
    })
}

fn mixed(count: usize) -> Held {
    let fleet = Fleet::mixed(count);
    let folder = fleet.cloud.path("reports");
    let began = Instant::now();
    let flags = ["--pace", "1ms", "--at-once", "8", "--go-on"];
    let ended = fleet.check(&flags).arg("--report-dir").arg(&folder).run();
    ended_well(&ended)?;
    holds(ended.code == Some(1), || format!("exit code {:?}: {}", ended.code, String::from_utf8_lossy(&ended.error)))?;
    let text = String::from_utf8_lossy(&ended.out).into_owned();
    let (told, summary) = lines(&text)?;
    holds(told.len() == count, || format!("{} of {count} accounts are told: {summary}", told.len()))?;
    let mut missed = Vec::new();
    for (name, fault) in &fleet.names {
        let line = &told[name];
        let found = causes(line);
        let is_right = match fault {
            None => line["verdict"] == "healthy" && found.is_empty(),
            Some((_, _, None)) => line["not_asked"].is_string(),
            Some((_, _, Some(cause))) => found.first() == Some(cause),
        };
        if !is_right {
            missed.push(format!("{name}: {} {found:?} {}", line["verdict"], line["not_asked"]));
        }
    }
    holds(missed.is_empty(), || format!("{} are wrong: {}", missed.len(), missed.join("\n")))?;
    holds(summary["shared"] == Value::Array(Vec::new()), || format!("told of all: {}", summary["shared"]))?;
    let peak = fleet.noted.peak();
    holds(peak <= 8, || format!("{peak} connections at once"))?;
    let most = fleet.noted.counts().into_iter().max_by_key(|(_, count)| *count);
    holds(most.as_ref().is_some_and(|(_, count)| *count == 1), || format!("{most:?} sign-ins"))?;
    holds(ended.megabytes <= 60, || format!("{} MB", ended.megabytes))?;
    fleet.shows_no_password(&ended.text())?;
    let mut files = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        files += 1;
        if files % 50 == 0 {
            fleet.shows_no_password(&std::fs::read_to_string(file.unwrap().path()).unwrap())?;
        }
    }
    let asked = fleet.names.iter().filter(|(_, fault)| !matches!(fault, Some((_, _, None)))).count();
    holds(files == 2 * asked + 1, || format!("{files} files for {asked} accounts"))?;
    println!(
        "accounts: {count} in {:.1} s, {} MB, at most {peak} connections a server",
        began.elapsed().as_secs_f32(),
        ended.megabytes
    );
    Ok(())
}

fn paced(count: usize) -> Held {
    let fleet = Fleet::of(count, |_| None);
    let began = Instant::now();
    let ended = fleet.check(&["--pace", "100ms", "--jitter", "10", "--at-once", "4"]).run();
    ended_well(&ended)?;
    let got = fleet.noted.got.lock().unwrap();
    for server in ["imap", "smtp"] {
        let at: Vec<Duration> = got.iter().filter(|got| got.server == server).map(|got| got.at - began).collect();
        holds(at.len() == count, || format!("{} sign-ins at {server}", at.len()))?;
        // Whatever makes one late makes it later, and never earlier.
        let early =
            at.iter().enumerate().find(|(nth, at)| **at < Duration::from_millis(100) * u32::try_from(*nth).unwrap());
        holds(early.is_none(), || format!("a sign-in at {server} came early: {early:?}"))?;
    }
    holds(fleet.noted.peak() <= 4, || format!("{} connections at once", fleet.noted.peak()))
}

fn wrong_passwords() -> Held {
    let fleet = Fleet::of(200, |_| Some(&FAULTS[0]));
    let ended = fleet.check(&["--pace", "0", "--at-once", "4"]).run();
    let (told, summary) = lines(&String::from_utf8_lossy(&ended.out))?;
    holds(ended.code == Some(3), || format!("exit code {:?}", ended.code))?;
    holds((5..=8).contains(&told.len()), || format!("{} accounts were asked", told.len()))?;
    holds(summary["stopped"].is_string() && summary["left"] == 200 - told.len(), || format!("{summary}"))?;
    let counts = fleet.noted.counts();
    holds(counts.values().all(|count| *count == 1), || format!("{counts:?}"))?;
    let shared = &summary["shared"][0];
    holds(shared["cause"] == "password-refused", || format!("told once: {shared}"))
}

fn refused_again() -> Held {
    for more in [&[][..], &["--no-ledger"], &["--again"]] {
        let fleet = Fleet::of(3, |number| (number == 1).then_some(&FAULTS[0]));
        let mut list = std::fs::read_to_string(&fleet.list).unwrap();
        list.push_str("again,u1@me.com,,refused-1.secret,\n");
        std::fs::write(&fleet.list, list).unwrap();
        let ended = fleet.check(&["--pace", "0", "--at-once", "1"]).args(more).run();
        let (told, _) = lines(&String::from_utf8_lossy(&ended.out))?;
        holds(told["again"]["not_asked"].is_string(), || format!("{more:?}: {}", told["again"]))?;
        let counts = fleet.noted.counts();
        let of_it: usize =
            counts.iter().filter(|((_, login), _)| login.starts_with("u1")).map(|(_, count)| count).sum();
        holds(of_it == 2, || format!("{more:?}: {counts:?}"))?;
    }
    Ok(())
}

fn killed() -> Held {
    let fleet = Fleet::of(60, |_| None);
    let file = fleet.cloud.path("run.jsonl");
    let path = file.to_string_lossy().into_owned();
    let mut child = fleet.check(&["--pace", "10ms", "--output", &path]).spawn();
    let whole = |file: &std::path::Path| std::fs::read_to_string(file).unwrap_or_default().matches('\n').count();
    while whole(&file) < 30 && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // As if it had been killed in the middle of a line.
    let half = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{half}{{\"account\":\"well-59\",\"labels\":{{}},\"compl")).unwrap();
    let refused = fleet.check(&["--output", &path]).run();
    holds(refused.code == Some(2), || "results were replaced without --force".to_owned())?;
    let ended = fleet.check(&["--pace", "0", "--resume", &path, "--output", &path]).run();
    ended_well(&ended)?;
    let text = std::fs::read_to_string(&file).unwrap();
    let (told, summary) = lines(&text)?;
    holds(told.len() == 60, || format!("{} accounts", told.len()))?;
    holds(summary["accounts"] == 60 && summary["left"] == 0, || format!("{summary}"))?;
    holds(summary["earlier"].as_u64().is_some_and(|count| count >= 30), || format!("{summary}"))?;
    // A list that is done asks nothing, and makes a page of all.
    let before = fleet.noted.got.lock().unwrap().len();
    let page = fleet.check(&["--resume", &path, "--format", "html"]).run();
    holds(fleet.noted.got.lock().unwrap().len() == before, || "it signed in again".to_owned())?;
    let page = String::from_utf8_lossy(&page.out).into_owned();
    holds(page.matches("class=\"row\"").count() == 60, || page.clone())
}

#[cfg(unix)]
fn interrupted() -> Held {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;
    let fleet = Fleet::of(60, |_| None);
    let file = fleet.cloud.path("run.jsonl");
    let path = file.to_string_lossy().into_owned();
    let child = fleet.check(&["--pace", "10ms", "--output", &path]).spawn();
    while fleet.noted.got.lock().unwrap().len() < 30 {
        std::thread::yield_now();
    }
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT).unwrap();
    let ended = Ended::of(child, Duration::from_secs(20));
    holds(ended.code == Some(3), || format!("{:?}", ended.status))?;
    let (told, summary) = lines(&std::fs::read_to_string(&file).unwrap())?;
    let signed_in: HashSet<String> = fleet.noted.got.lock().unwrap().iter().map(|got| got.password.clone()).collect();
    holds(told.len() == signed_in.len(), || format!("{} told, {} signed in", told.len(), signed_in.len()))?;
    holds(told.values().all(|line| line["complete"] == true), || "one was cut".to_owned())?;
    holds(summary["left"] == 60 - told.len() && summary["stopped"].is_string(), || format!("{summary}"))?;
    let goodbyes = fleet.cloud.all_heard().matches("LOGOUT").count();
    // One more is of what was asked once.
    holds(goodbyes == told.len() + 1, || format!("{goodbyes} goodbyes of {}", told.len()))?;
    let ended = fleet.check(&["--pace", "0", "--resume", &path, "--output", &path]).run();
    ended_well(&ended)?;
    let (told, _) = lines(&std::fs::read_to_string(&file).unwrap())?;
    holds(told.len() == 60 && fleet.noted.counts().values().all(|count| *count == 1), || format!("{}", told.len()))
}

fn shares() -> Held {
    let fleet = Fleet::of(50, |_| None);
    let mut merged = String::new();
    for share in ["0/3", "1/3", "2/3"] {
        let ended = fleet.check(&["--pace", "0", "--shard", share]).run();
        ended_well(&ended)?;
        merged.push_str(&String::from_utf8_lossy(&ended.out));
    }
    let (told, _) = lines(&merged)?;
    let counts = fleet.noted.counts();
    holds(told.len() == 50 && counts.len() == 100, || format!("{} told, {} sign-ins", told.len(), counts.len()))?;
    holds(counts.values().all(|count| *count == 1), || format!("{counts:?}"))
}

fn one_port() -> Held {
    let fleet = Fleet::of(12, |_| None);
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = closed.local_addr().unwrap().port().to_string();
    drop(closed);
    let ended = fleet.cloud.check_many_at(&fleet.list, Some(&port)).args(&["--pace", "0"]).run();
    let (told, summary) = lines(&String::from_utf8_lossy(&ended.out))?;
    holds(ended.code == Some(1) && told.len() == 12, || format!("{:?} {}", ended.code, told.len()))?;
    let signed_in = fleet.noted.counts();
    holds(signed_in.keys().all(|(server, _)| *server == "imap") && signed_in.len() == 12, || format!("{signed_in:?}"))?;
    let shared = summary["shared"].as_array().unwrap();
    holds(shared.len() == 1, || format!("{shared:?}"))?;
    let sentence = shared[0]["sentence"].as_str().unwrap();
    holds(sentence.contains("need not be wrong") && shared[0]["accounts"] == 12, || sentence.to_owned())
}

fn nothing_reached() -> Held {
    let fleet = Fleet::of(9, |_| None);
    let ended = fleet
        .cloud
        .check_many(&fleet.list)
        .args(&["--imap-host", "imap.mail.me.con", "--smtp-host", "smtp.mail.me.con"])
        .args(&["--trust-host", "imap.mail.me.con,smtp.mail.me.con"])
        .run();
    let (told, summary) = lines(&String::from_utf8_lossy(&ended.out))?;
    let is_told = |line: &Value| line["not_asked"].as_str().is_some_and(|why| why.starts_with("Not asked, because"));
    holds(told.len() == 9 && told.values().all(is_told), || format!("{} are told: {summary}", told.len()))?;
    holds(fleet.noted.counts().is_empty(), || "it signed in".to_owned())?;
    holds(ended.code == Some(3) && summary["shared"].as_array().is_some_and(|all| !all.is_empty()), || {
        format!("{:?} {summary}", ended.code)
    })
}

/// Every line of a run with all faults keeps to the schema, and so does that of a network in trouble.
fn schema() -> Held {
    let (_, schema, _) = Doctor::new(&["schema", "accounts"]).run().told();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema).unwrap();
    let fleet = Fleet::mixed(3 * FAULTS.len());
    let all = fleet.check(&["--pace", "0", "--at-once", "8", "--go-on"]).run();
    let closed = fleet.cloud.check_many_at(&fleet.list, Some("1")).args(&["--pace", "0", "--shard", "0/30"]).run();
    for ended in [all, closed] {
        let text = String::from_utf8_lossy(&ended.out).into_owned();
        holds(text.lines().count() > 2, || ended.text())?;
        for line in text.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let fault = validator.iter_errors(&line).map(|fault| format!("{}: {fault}", fault.instance_path())).next();
            holds(fault.is_none(), || format!("{fault:?} in {line}"))?;
        }
    }
    let broken = serde_json::json!({ "account": "anna", "labels": {}, "schema_version": 1 });
    holds(!validator.is_valid(&broken), || "half a report keeps to it".to_owned())
}

fn formats() -> Held {
    let fleet = Fleet::mixed(12);
    let junit = fleet.cloud.path("out.xml");
    let metrics = fleet.cloud.path("out.prom");
    let page = fleet.cloud.path("out.html");
    let report = |format: &str, path: &std::path::Path| format!("{format}={}", path.display());
    let ended = fleet
        .check(&["--pace", "0", "--format", "text", "--plain"])
        .args(&["--report", &report("junit", &junit), "--report", &report("openmetrics", &metrics)])
        .args(&["--report", &report("html", &page)])
        .run();
    holds(ended.code == Some(1), || format!("{:?} {}", ended.code, ended.text()))?;
    let text = String::from_utf8_lossy(&ended.out).into_owned();
    holds(text.starts_with("Mail fails for 4 of 12 accounts."), || text.clone())?;
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    for (name, _) in &fleet.names {
        for (what, told) in
            [("text", &text), ("junit", &read(&junit)), ("metrics", &read(&metrics)), ("page", &read(&page))]
        {
            holds(told.contains(name.as_str()), || format!("{name} is not in the {what}"))?;
        }
    }
    for path in [&junit, &metrics, &page] {
        fleet.shows_no_password(&read(path))?;
    }
    // The same may be written again, as a nightly job does.
    let again = fleet.check(&["--pace", "0", "--format", "text"]).args(&["--report", &report("html", &page)]).run();
    holds(again.code.is_some_and(|code| code != 2), || again.text())?;
    let refused = fleet.check(&["--format", "markdown"]).run();
    holds(refused.code == Some(2), || format!("{:?}", refused.code))
}

fn piped() -> Held {
    let fleet = Fleet::of(3, |_| None);
    let mut list = "name,email,password\n".to_owned();
    for (number, password) in fleet.passwords.iter().enumerate() {
        writeln!(list, "a{number},u{number}@icloud.com,{password}").unwrap();
    }
    let ended = fleet.cloud.check_many(std::path::Path::new("-")).args(&["--pace", "0"]).input(list.clone()).run();
    holds(ended.code == Some(0), || ended.text())?;
    fleet.shows_no_password(&ended.text())?;
    let file = fleet.cloud.path("passwords.csv");
    std::fs::write(&file, list).unwrap();
    let refused = fleet.cloud.check_many(&file).run();
    holds(refused.code == Some(2) && refused.text().contains("line 2"), || refused.text())?;
    fleet.shows_no_password(&refused.text())
}

fn refused_flags() -> Held {
    let fleet = Fleet::of(1, |_| None);
    for flags in [
        &["--watch"][..],
        &["--record", "x"],
        &["--mailbox"],
        &["--password-stdin"],
        &["--from", "a@icloud.com"],
        &["--no-sign-in"],
        &["you@icloud.com"],
        &["--shard", "3/3"],
        &["--report", "json=x.json"],
    ] {
        let ended = fleet.cloud.check_many(&fleet.list).args(flags).run();
        let is_one_sentence = ended.text().trim_end().lines().count() == 1;
        holds(ended.code == Some(2) && is_one_sentence, || format!("{flags:?}: {:?} {}", ended.code, ended.text()))?;
    }
    let alone = Doctor::new(&["check", "--resume", "x"]).run();
    holds(alone.code == Some(2), || alone.text())?;
    holds(fleet.noted.counts().is_empty(), || "it signed in".to_owned())
}
