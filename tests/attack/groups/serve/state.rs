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
