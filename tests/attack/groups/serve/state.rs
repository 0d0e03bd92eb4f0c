//! What outlasts a service, and what signals do to one.

use std::time::{Duration, Instant};

use super::{Service, count};
use crate::lists::{FAULTS, Fleet};
use crate::{Held, holds};

pub(super) fn restarted() -> Held {
    let fleet = Fleet::of(4, |number| (number == 1).then_some(&FAULTS[0]));
    let state = fleet.cloud.path("state");
    let flags = ["--pace", "0", "--state", &state.to_string_lossy()];
    let is_done = |metrics: &str| count(metrics, "icloud_mail_account_asked", "1") == 4;
    let mut service = Service::of(&fleet, &flags)?;
    let first = service.metrics_with(is_done)?;
    holds(count(&first, "probe_success", "0") == 1, || first.clone())?;
    service.child.kill().unwrap();
    service.child.wait().unwrap();
    let service = Service::of(&fleet, &flags)?;
    // At once, and without a sign-in.
    let again = service.get("/metrics")?.body;
    let next = |metrics: &str| -> Vec<String> {
        metrics.lines().filter(|line| line.starts_with("icloud_mail_verdict{")).map(str::to_owned).collect()
    };
    holds(is_done(&again) && next(&again) == next(&first), || again.clone())?;
    let turns = |metrics: &str| -> Vec<f64> {
        let lines = metrics.lines().filter(|line| line.starts_with("icloud_mail_next_run_timestamp_seconds{"));
        lines.filter_map(|line| line.rsplit(' ').next()?.parse().ok()).collect()
    };
    // The time of day is kept in whole seconds.
    let is_same = turns(&first).iter().zip(turns(&again)).all(|(before, after)| (before - after).abs() <= 1.0);
    holds(is_same && turns(&again).len() == 4, || format!("{:?} {:?}", turns(&first), turns(&again)))?;
    std::thread::sleep(Duration::from_millis(500));
    let counts = fleet.noted.counts();
    holds(counts.len() == 8 && counts.values().all(|count| *count == 1), || format!("{counts:?}"))?;
    let report = service.get("/report?target=refused-1&which=failing")?;
    holds(report.status == 200 && report.body.contains("app-specific"), || report.head.clone())?;
    is_private(&state)
}

/// Every file and folder is its owner's alone.
#[cfg(unix)]
pub(super) fn is_private(folder: &std::path::Path) -> Held {
    use std::os::unix::fs::PermissionsExt as _;
    for path in below(folder).into_iter().chain([folder.to_owned()]) {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        holds(mode == expected, || format!("{}: {mode:o}", path.display()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn is_private(_: &std::path::Path) -> Held {
    Ok(())
}

/// All that is in a folder.
pub(super) fn below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(below(&path));
        }
        all.push(path);
    }
    all
}

pub(super) fn second() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let state = fleet.cloud.path("state").to_string_lossy().into_owned();
    let _first = Service::of(&fleet, &["--state", &state])?;
    let second = fleet.cloud.serve(&fleet.list).args(&["--listen", "127.0.0.1:0", "--state", &state]).run();
    holds(second.code == Some(2) && second.text().contains("another service"), || second.text())
}

#[cfg(unix)]
pub(super) fn signal(service: &Service, signal: nix::sys::signal::Signal) {
    let process = nix::unistd::Pid::from_raw(i32::try_from(service.child.id()).unwrap());
    nix::sys::signal::kill(process, signal).unwrap();
}

#[cfg(unix)]
pub(super) fn reloaded() -> Held {
    use nix::sys::signal::Signal;
    let fleet = Fleet::of(3, |_| None);
    let whole = std::fs::read_to_string(&fleet.list).unwrap();
    let two: String = whole.lines().take(3).flat_map(|line| [line, "\n"]).collect();
    std::fs::write(&fleet.list, &two).unwrap();
    let mut service = Service::of(&fleet, &["--pace", "0"])?;
    service.metrics_with(|metrics| count(metrics, "probe_success", "1") == 2)?;
    for broken in ["nothing at all", "name,email\nanna,anna\n", ""] {
        std::fs::write(&fleet.list, broken).unwrap();
        let answer = service.ask("POST", "/-/reload", "")?;
        holds(answer.status == 500 && answer.body.contains("the old list stays"), || answer.body.clone())?;
        signal(&service, Signal::SIGHUP);
        service.says("Not reloaded")?;
        let metrics = service.get("/metrics")?.body;
        holds(count(&metrics, "probe_success", "1") == 2, || metrics.clone())?;
    }
    std::fs::write(&fleet.list, &whole).unwrap();
    signal(&service, Signal::SIGHUP);
    service.says("Reloaded: the list has 3")?;
    service.metrics_with(|metrics| count(metrics, "probe_success", "1") == 3)?;
    std::fs::write(&fleet.list, &two).unwrap();
    let answer = service.ask("POST", "/-/reload", "")?;
    holds(answer.status == 200, || answer.body.clone())?;
    holds(service.get("/probe?target=well-2")?.status == 404, || "it is still there".to_owned())?;
    let counts = fleet.noted.counts();
    holds(counts.len() == 6 && counts.values().all(|count| *count == 1), || format!("{counts:?}"))
}

#[cfg(not(unix))]
pub(super) fn reloaded() -> Held {
    crate::not_here("has no SIGHUP")
}

/// Nothing of a mailbox is shown for another one of the same name.
pub(super) fn another_mailbox() -> Held {
    let fleet = Fleet::of(2, |number| (number == 1).then_some(&FAULTS[0]));
    let state = fleet.cloud.path("state");
    let flags = ["--pace", "0", "--state", &state.to_string_lossy()];
    let service = Service::of(&fleet, &flags)?;
    service.metrics_with(|metrics| count(metrics, "icloud_mail_account_asked", "1") == 2)?;
    let list = std::fs::read_to_string(&fleet.list).unwrap();
    let other = |number| list.replace(&format!("u{number}@icloud.com"), "another@icloud.com");
    std::fs::write(&fleet.list, other(1)).unwrap();
    holds(service.ask("POST", "/-/reload", "")?.status == 200, || "the list is not taken".to_owned())?;
    let is_gone = |service: &Service, name: &str| -> Held {
        let answers = [service.get(&format!("/report?target={name}"))?, service.get(&format!("/probe?target={name}"))?];
        holds(answers[0].status == 404 && !answers[1].body.contains("probe_success{"), || answers[1].body.clone())?;
        let failing = service.get(&format!("/report?which=failing&target={name}"))?;
        holds(failing.status == 404 && answers[1].body.contains("next_run"), || failing.body.clone())
    };
    is_gone(&service, "refused-1")?;
    holds(service.get("/report?target=well-0")?.status == 200, || "the other one is gone too".to_owned())?;
    drop(service);
    // The service is not there when the list changes.
    std::fs::write(&fleet.list, other(0)).unwrap();
    let service = Service::of(&fleet, &flags)?;
    is_gone(&service, "well-0")?;
    let counts = fleet.noted.counts();
    holds(counts.values().all(|count| *count == 1), || format!("{counts:?}"))
}

/// Why nobody was asked is in the log.
pub(super) fn reasons() -> Held {
    let without = FAULTS.iter().find(|fault| fault.0 == "no-file");
    let fleet = Fleet::of(2, |number| if number == 0 { without } else { Some(&FAULTS[0]) });
    let path = |name: &str| fleet.cloud.path(name).to_string_lossy().into_owned();
    let at_home = |state: &str| {
        let flags = ["--pace", "0", "--state", &path(state)];
        Service::started(&fleet, &flags, |doctor| doctor.env("XDG_STATE_HOME", fleet.cloud.path("home")))
    };
    let mut service = at_home("first")?;
    service.says("no-file-0: was not asked, because its password could not be read: ")?;
    service.says("refused-1: has a problem (password-refused)")?;
    drop(service);
    // Another state, and the same record of sign-ins.
    let mut service = at_home("second")?;
    let said = service.says("refused-1: was not asked, because ")?;
    holds(said.contains("refused this same password"), || said.clone())
}

/// What a clock that was years ahead has left hides nothing.
pub(super) fn ahead() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let state = fleet.cloud.path("state");
    let flags = ["--pace", "0", "--state", &state.to_string_lossy()];
    let service = Service::of(&fleet, &flags)?;
    service.metrics_with(|metrics| count(metrics, "icloud_mail_account_asked", "1") == 1)?;
    drop(service);
    let known = below(&state).into_iter().find(|path| path.ends_with("known.json")).unwrap();
    let text = std::fs::read_to_string(&known).unwrap();
    let ahead = regex::Regex::new(r#"_run":"\d{4}-"#).unwrap().replace_all(&text, "_run\":\"2099-");
    std::fs::write(&known, &*ahead).unwrap();
    std::fs::write(state.join("pause.json"), "4102444800").unwrap();
    let service = Service::of(&fleet, &flags)?;
    let metrics = service.get("/metrics")?.body;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    for (name, latest) in [("icloud_mail_last_run", now + 1.0), ("icloud_mail_next_run", now + 3_601.0)] {
        let line = metrics.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        let at: f64 = line.rsplit(' ').next().and_then(|at| at.parse().ok()).unwrap_or(f64::MAX);
        holds(at <= latest, || format!("{now}: {line}"))?;
    }
    // There was a reason for the pause.
    let pause: f64 = std::fs::read_to_string(state.join("pause.json")).unwrap().parse().unwrap();
    holds((now + 3_500.0..now + 3_601.0).contains(&pause), || format!("{now}: {pause}"))
}

#[cfg(unix)]
pub(super) fn terminated() -> Held {
    use nix::sys::signal::Signal;
    // The IMAP server says nothing to the sign-in of the second account.
    let silent = FAULTS.iter().find(|fault| fault.0 == "imap-is-silent");
    let fleet = Fleet::of(3, |number| (number == 1).then_some(silent).flatten());
    let doctor_waits = ["--pace", "0", "--timeout", "4", "--at-once", "2"];
    let mut service = Service::of(&fleet, &doctor_waits)?;
    service.metrics_with(|metrics| count(metrics, "probe_success", "1") == 2)?;
    let began = Instant::now();
    signal(&service, Signal::SIGTERM);
    service.says("Stopping")?;
    let ready = service.get("/-/ready")?;
    holds(ready.status == 503, || ready.head.clone())?;
    service.says("Stopped")?;
    let status = service.child.wait().unwrap();
    holds(status.code() == Some(0), || format!("{status:?}"))?;
    holds(began.elapsed() < Duration::from_secs(15), || format!("{:?}", began.elapsed()))?;
    let heard = fleet.cloud.all_heard();
    // One more SMTP conversation is of what was asked without an account.
    holds(heard.matches("QUIT").count() == 4, || format!("{} goodbyes", heard.matches("QUIT").count()))?;
    holds(heard.matches("LOGOUT").count() >= 3, || format!("{} goodbyes", heard.matches("LOGOUT").count()))
}

#[cfg(not(unix))]
pub(super) fn terminated() -> Held {
    crate::not_here("has no SIGTERM")
}
