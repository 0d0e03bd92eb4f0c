//! Many accounts in one run: every fault is named, no account signs in more often than once at a server, a wrong list
//! locks nobody, and no password comes out.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::doctor::{Doctor, Ended};
use crate::lists::{FAULTS, Fleet};
use crate::{Attack, Held, attack, holds};

/// The lines that have an account, by its name, and the summary.
fn lines(text: &str) -> Result<(BTreeMap<String, Value>, Value), String> {
    let (mut accounts, mut summary) = (BTreeMap::new(), Value::Null);
    for line in text.lines().filter(|line| !line.is_empty()) {
        let line: Value = serde_json::from_str(line).map_err(|fault| format!("{fault}: {line}"))?;
        if let Some(name) = line["account"].as_str().map(str::to_owned) {
            holds(accounts.insert(name.clone(), line).is_none(), || format!("{name} is there twice"))?;
        } else if !line["summary"].is_null() {
            summary = line["summary"].clone();
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
        attack("a page and a report for each account", reports),
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
    let began = Instant::now();
    let flags = ["--pace", "1ms", "--at-once", "8", "--go-on"];
    let ended = fleet.check(&flags).run();
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
    holds(page.matches("class=\"row\"").count() == 60, || page.clone())?;
    shown(&fleet, &file)
}

/// `--no-sign-in` shows the results that are there, and asks nothing for those that are not.
fn shown(fleet: &Fleet, file: &std::path::Path) -> Held {
    let half: String =
        std::fs::read_to_string(file).unwrap().lines().take(20).fold(String::new(), |all, line| all + line + "\n");
    std::fs::write(file, half).unwrap();
    let before = fleet.cloud.heard.lock().unwrap().len();
    let page = fleet.cloud.path("shown.html").to_string_lossy().into_owned();
    let ended = fleet.check(&["--resume", &file.to_string_lossy(), "--no-sign-in", "--output", &page]).run();
    holds(ended.code == Some(3), || format!("{:?} {}", ended.code, ended.text()))?;
    holds(fleet.cloud.heard.lock().unwrap().len() == before, || "it asked a server".to_owned())?;
    let page = std::fs::read_to_string(page).unwrap();
    let rows = page.matches("class=\"row\"").count();
    holds((19..=20).contains(&rows) && page.contains("no-sign-in"), || format!("{rows} rows"))
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

fn reports() -> Held {
    let fleet = Fleet::mixed(3 * FAULTS.len());
    let folder = fleet.cloud.path("reports");
    let flags = ["--pace", "0", "--at-once", "8", "--go-on", "--report-dir"];
    let ended = fleet.cloud.check_many(&fleet.list).args(&flags).arg(&folder).within(Duration::from_mins(5)).run();
    ended_well(&ended)?;
    let mut all = String::new();
    let mut files = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        files += 1;
        all.push_str(&std::fs::read_to_string(file.unwrap().path()).unwrap());
    }
    fleet.shows_no_password(&all)?;
    let asked = fleet.names.iter().filter(|(_, fault)| !matches!(fault, Some((_, _, None)))).count();
    holds(files == 2 * asked + 1, || format!("{files} files for {asked} accounts"))?;
    let index = std::fs::read_to_string(folder.join("index.html")).unwrap();
    holds(index.matches("<a href=").count() == asked, || "an account has no page".to_owned())
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
