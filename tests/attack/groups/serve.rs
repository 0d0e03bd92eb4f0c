//! The service: nobody who asks it makes it sign in, its accounts sign in once an interval, it stays up whatever a client
//! does, and nothing secret comes out of it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::lists::{FAULTS, Fleet};
use crate::{Attack, Held, attack, certificates, holds};

/// How long something that has to happen may take.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) fn all() -> Vec<Attack> {
    vec![
        attack("a scrape never signs in", scraped),
        attack("whatever a client does, the others are answered", hostile_clients),
        attack("each page has its methods and its headers", pages),
        attack("a restart shows the last results and signs in no earlier", restarted),
        attack("a second service over the same state is refused", second),
        attack("a broken list changes nothing, and a new one is taken", reloaded),
        attack("SIGTERM ends what is under way, with a goodbye", terminated),
        attack("no answer, no state and no log has a password or an address", secrets),
        attack("what cannot start is one sentence", not_started),
        attack("a user and a password are needed where the file says so", passwords),
        attack("TLS as the file says, with a certificate of the client", encrypted),
        attack("promtool finds nothing to say about the metrics", promtool),
        attack("hundreds of accounts", || many(200)),
    ]
}

/// Whoever asks a service at this address.
#[derive(Clone, Copy)]
struct Client {
    address: SocketAddr,
}

/// A running service.
struct Service {
    child: Child,
    client: Client,
    log: Receiver<String>,
    said: Vec<String>,
}

/// An answer: the status, the head and the body.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Service {
    /// Starts it over the accounts of a fleet, on a port that is free.
    fn of(fleet: &Fleet, flags: &[&str]) -> Result<Self, String> {
        let timeout: &[&str] = if flags.contains(&"--timeout") { &[] } else { &["--timeout", "1"] };
        let doctor = fleet.cloud.serve(&fleet.list).args(&["--listen", "127.0.0.1:0"]).args(timeout).args(flags);
        let mut child = doctor.spawn();
        let (sender, log) = channel();
        let errors = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                // The test may have seen enough.
                let _ = sender.send(line);
            }
        });
        let client = Client { address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let mut service = Self { child, client, log, said: Vec::new() };
        let line = service.says("Started: ")?;
        let address = line.split("://").nth(1).and_then(|rest| rest.split('/').next());
        service.client.address = address.and_then(|address| address.parse().ok()).ok_or(line)?;
        Ok(service)
    }

    /// Waits for a line in the log.
    fn says(&mut self, what: &str) -> Result<String, String> {
        let began = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(began.elapsed());
            match self.log.recv_timeout(left) {
                Ok(line) => {
                    self.said.push(line.clone());
                    if line.contains(what) {
                        return Ok(line);
                    }
                }
                Err(_) => return Err(format!("it did not say `{what}`: {:?}", self.said)),
            }
        }
    }
}

impl std::ops::Deref for Service {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Client {
    /// Sends these bytes, and reads to the end of the connection.
    fn sent(&self, bytes: &[u8]) -> Result<String, String> {
        let fault = |fault: std::io::Error| fault.to_string();
        let mut stream = TcpStream::connect(self.address).map_err(fault)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(fault)?;
        stream.write_all(bytes).map_err(fault)?;
        let mut answer = Vec::new();
        // A server that resets the connection has answered before.
        let _ = stream.read_to_end(&mut answer);
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Result<Answer, String> {
        let text = self.sent(format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").as_bytes())?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| format!("no answer: {text:?}"))?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| head.to_owned())?;
        Ok(Answer { status, head: head.to_lowercase(), body: body.to_owned() })
    }

    fn get(&self, path: &str) -> Result<Answer, String> {
        self.ask("GET", path, "")
    }

    /// Asks until the metrics hold this.
    fn metrics_with(&self, what: impl Fn(&str) -> bool) -> Result<String, String> {
        let began = Instant::now();
        loop {
            let body = self.get("/metrics")?.body;
            if what(&body) {
                return Ok(body);
            }
            if began.elapsed() > PATIENCE {
                return Err(format!("it did not come: {body}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How many samples of a metric have this value.
fn count(metrics: &str, name: &str, value: &str) -> usize {
    let lines = metrics.lines().filter(|line| line.starts_with(name) && line.ends_with(&format!(" {value}")));
    lines.filter(|line| ["{", " "].iter().any(|next| line[name.len()..].starts_with(next))).count()
}

fn scraped() -> Held {
    let fleet = Fleet::of(3, |_| None);
    let service = Service::of(&fleet, &["--pace", "0"])?;
    let metrics = service.metrics_with(|metrics| count(metrics, "probe_success", "1") == 3)?;
    let sign_ins = |metrics: &str| count(metrics, "icloud_mail_sign_ins_total", "3");
    holds(sign_ins(&metrics) == 2, || metrics.clone())?;
    // Two clients, as fast as they can.
    let began = Instant::now();
    let asked = std::thread::scope(|scope| {
        let clients: Vec<_> = ["/metrics", "/probe?target=well-1"]
            .into_iter()
            .map(|path| {
                let service = service.client;
                scope.spawn(move || {
                    let mut asked = 0;
                    while began.elapsed() < Duration::from_secs(3) {
                        let answer = service.get(path)?;
                        holds(answer.status == 200, || answer.head.clone())?;
                        asked += 1;
                    }
                    Ok::<_, String>(asked)
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).sum::<Result<usize, String>>()
    })?;
    let counts = fleet.noted.counts();
    holds(counts.len() == 6 && counts.values().all(|count| *count == 1), || format!("{counts:?} after {asked}"))?;
    println!("serve: {asked} scrapes in 3 s, and {} sign-ins of 3 accounts", counts.values().sum::<usize>());
    holds(service.get("/-/healthy")?.status == 200, || "it is not healthy".to_owned())?;
    holds(service.get("/probe?target=nobody")?.status == 404, || "an unknown account is known".to_owned())
}

fn hostile_clients() -> Held {
    let fleet = Fleet::of(2, |_| None);
    let service = Service::of(&fleet, &["--pace", "0"])?;
    let connected = || TcpStream::connect(service.address).unwrap();
    // Half a request, a slow one, and nothing at all, each on many connections that stay open.
    let mut kept = Vec::new();
    for bytes in [
        &b"GET /metr"[..],
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: ",
        b"POST /-/reload HTTP/1.1\r\nContent-Length: 99\r\n\r\nx",
    ] {
        for _ in 0..60 {
            let mut stream = connected();
            // The service may have closed it by now.
            let _ = stream.write_all(bytes);
            kept.push(stream);
        }
    }
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(500));
    let huge = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "y".repeat(1_000_000));
    let garbage: Vec<u8> =
        (0..100_000_u32).map(|at| u8::try_from(at.wrapping_mul(2_654_435_761) >> 24).unwrap()).collect();
    for bytes in
        [long.as_bytes(), many.as_bytes(), huge.as_bytes(), &garbage, b"\r\n\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"]
    {
        let mut stream = connected();
        // It may be closed before all is written.
        let _ = stream.write_all(bytes);
        kept.push(stream);
    }
    let began = Instant::now();
    // Those that send nothing are closed after some seconds, and then there is room.
    let answer = service.get("/-/healthy")?;
    holds(answer.status == 200, || answer.head.clone())?;
    holds(began.elapsed() < Duration::from_secs(30), || format!("{:?}", began.elapsed()))?;
    let two = service.sent(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n\x00\x01GARBAGE\r\n\r\n")?;
    holds(two.matches("HTTP/1.1").count() == 1 && two.starts_with("HTTP/1.1 200"), || two.clone())?;
    let metrics = service.metrics_with(|metrics| count(metrics, "probe_success", "1") == 2)?;
    holds(count(&metrics, "icloud_mail_sign_ins_total", "2") == 2, || metrics.clone())
}

fn pages() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let service = Service::of(&fleet, &["--pace", "0"])?;
    service.metrics_with(|metrics| count(metrics, "probe_success", "1") == 1)?;
    for (method, path, status) in [
        ("GET", "/", 200),
        ("GET", "/metrics", 200),
        ("GET", "/probe?target=well-0", 200),
        ("GET", "/report?target=well-0", 200),
        ("GET", "/report?target=well-0&which=failing", 404),
        ("GET", "/report?target=nobody", 404),
        ("GET", "/report?target=..%2f..%2fserve.lock", 404),
        ("GET", "/probe", 400),
        ("GET", "/-/ready", 200),
        ("GET", "/favicon.ico", 404),
        ("POST", "/metrics", 405),
        ("GET", "/-/reload", 405),
        ("TRACE", "/", 405),
        ("OPTIONS", "/", 405),
    ] {
        let answer = service.ask(method, path, "")?;
        holds(answer.status == status, || format!("{method} {path}: {}", answer.head))?;
        holds(answer.head.contains("cache-control: no-store"), || format!("{path}: {}", answer.head))?;
        let is_page = answer.head.contains("text/html");
        let has_policy = answer.head.contains("content-security-policy: default-src 'none'");
        holds(is_page == has_policy, || format!("{path}: {}", answer.head))?;
        let is_open = answer.head.contains("access-control-allow");
        holds(!is_open, || format!("{path}: {}", answer.head))?;
        let head = service.ask("HEAD", path, "")?;
        holds(method != "GET" || (head.status == status && head.body.is_empty()), || format!("{path}: {}", head.head))?;
    }
    let other = service.sent(b"GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n")?;
    holds(other.starts_with("HTTP/1.1 421"), || other.clone())?;
    let from_a_page = service.ask("POST", "/-/reload", "Origin: http://evil.example\r\n")?;
    holds(from_a_page.status == 403, || from_a_page.head.clone())
}

fn restarted() -> Held {
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
fn is_private(folder: &std::path::Path) -> Held {
    use std::os::unix::fs::PermissionsExt as _;
    for path in below(folder).into_iter().chain([folder.to_owned()]) {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        holds(mode == expected, || format!("{}: {mode:o}", path.display()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn is_private(_: &std::path::Path) -> Held {
    Ok(())
}

/// All that is in a folder.
fn below(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
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

fn second() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let state = fleet.cloud.path("state").to_string_lossy().into_owned();
    let _first = Service::of(&fleet, &["--state", &state])?;
    let second = fleet.cloud.serve(&fleet.list).args(&["--listen", "127.0.0.1:0", "--state", &state]).run();
    holds(second.code == Some(2) && second.text().contains("another service"), || second.text())
}

#[cfg(unix)]
fn signal(service: &Service, signal: nix::sys::signal::Signal) {
    let process = nix::unistd::Pid::from_raw(i32::try_from(service.child.id()).unwrap());
    nix::sys::signal::kill(process, signal).unwrap();
}

#[cfg(unix)]
fn reloaded() -> Held {
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
fn reloaded() -> Held {
    crate::not_here("has no SIGHUP")
}

#[cfg(unix)]
fn terminated() -> Held {
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
fn terminated() -> Held {
    crate::not_here("has no SIGTERM")
}

fn secrets() -> Held {
    let fleet = Fleet::mixed(36 * 3);
    let state = fleet.cloud.path("state");
    let flags = ["--pace", "0", "--at-once", "8", "--go-on", "--state", &state.to_string_lossy()];
    let mut service = Service::of(&fleet, &flags)?;
    let names: Vec<&String> = fleet.names.iter().map(|(name, _)| name).collect();
    let is_done = |metrics: &str| {
        metrics.lines().filter(|line| line.starts_with("icloud_mail_account_asked{")).count() == names.len()
    };
    let mut all = service.metrics_with(is_done)?;
    all.push_str(&service.get("/")?.body);
    all.push_str(&service.ask("GET", "/metrics", "Accept: application/openmetrics-text\r\n")?.body);
    all.push_str(&service.ask("POST", "/-/reload", "")?.body);
    for name in &names {
        for path in ["/probe?target=", "/report?target=", "/report?which=failing&target="] {
            all.push_str(&service.get(&format!("{path}{name}"))?.body);
        }
    }
    for path in below(&state).into_iter().filter(|path| path.is_file()) {
        all.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
    }
    #[cfg(unix)]
    signal(&service, nix::sys::signal::Signal::SIGTERM);
    #[cfg(unix)]
    service.says("Stopped")?;
    all.push_str(&service.said.join("\n"));
    fleet.shows_no_password(&all)?;
    let address = regex::Regex::new(r"u\d+@(icloud\.com|quokka\.example)").unwrap();
    let shown = address.find(&all).map(|found| &all[found.start().saturating_sub(80)..found.end()]);
    holds(shown.is_none(), || format!("an address is shown: {shown:?}"))?;
    println!("serve: nothing secret in {} kB of answers, state and log", all.len() / 1024);
    Ok(())
}

fn not_started() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let file = fleet.cloud.path("a-file");
    std::fs::write(&file, "x").unwrap();
    let named = fleet.cloud.path("named.csv");
    std::fs::write(&named, "name,email,password_command\nanna@icloud.com,anna@icloud.com,echo x\n").unwrap();
    let empty = fleet.cloud.path("web.yml");
    std::fs::write(&empty, "").unwrap();
    let unknown = fleet.cloud.path("unknown.yml");
    std::fs::write(&unknown, "basic_auth_user:\n  a: b\n").unwrap();
    let of = |path: &std::path::Path| path.to_string_lossy().into_owned();
    let missing = fleet.cloud.path("missing.csv");
    for (list, flags, says) in [
        (&fleet.list, vec!["--listen", &taken], "cannot listen"),
        (&missing, vec![], "cannot be read"),
        (&named, vec![], "@"),
        (&fleet.list, vec!["--state", &of(&file)], "state folder"),
        (&fleet.list, vec!["--listen", "0.0.0.0:0"], "beyond this computer"),
        (&fleet.list, vec!["--listen", "0.0.0.0:0", "--web-config", &of(&empty)], "beyond this computer"),
        (&fleet.list, vec!["--web-config", &of(&unknown)], "basic_auth_users"),
        (&fleet.list, vec!["--interval", "1m"], "5m"),
        (&fleet.list, vec!["--again"], "--again"),
        (&fleet.list, vec!["--watch"], "--watch"),
        (&fleet.list, vec!["you@icloud.com"], "address"),
        (&std::path::PathBuf::from("-"), vec![], "standard input"),
    ] {
        let listen: &[&str] = if flags.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
        let ended = fleet.cloud.serve(list).args(listen).args(&flags).run();
        let is_one_sentence = ended.text().trim_end().lines().count() == 1;
        holds(ended.code == Some(2) && is_one_sentence, || format!("{flags:?}: {:?} {}", ended.code, ended.text()))?;
        holds(ended.text().contains(says), || format!("{flags:?}: {}", ended.text()))?;
    }
    holds(fleet.noted.counts().is_empty(), || "it signed in".to_owned())
}

/// Of "U*U", from the vectors of `crypt_blowfish`.
const HASH: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

fn passwords() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let file = fleet.cloud.path("web.yml");
    std::fs::write(&file, format!("basic_auth_users:\n  alice: {HASH}\n")).unwrap();
    // With it, it may listen beyond this computer, and is asked by any name.
    let flags = ["--web-config", &file.to_string_lossy()];
    let service = Service::of(&fleet, &flags)?;
    for (given, status) in [
        (None, 401),
        (Some("alice:U*U"), 200),
        (Some("alice:U*U"), 200),
        (Some("alice:wrong"), 401),
        (Some("bob:U*U"), 401),
        (Some("alice:"), 401),
        (Some(":"), 401),
    ] {
        for path in ["/metrics", "/", "/report?target=well-0", "/-/healthy"] {
            let header = given.map(|given| format!("Authorization: Basic {}\r\n", STANDARD.encode(given)));
            let answer = service.ask("GET", path, &header.unwrap_or_default())?;
            let is_right = answer.status == status || (status == 200 && answer.status == 404);
            holds(is_right, || format!("{given:?} {path}: {}", answer.head))?;
            holds(status == 200 || answer.head.contains("www-authenticate: basic"), || answer.head.clone())?;
            holds(status == 200 || !answer.body.contains("well-0"), || answer.body.clone())?;
        }
    }
    Ok(())
}

fn encrypted() -> Held {
    let fleet = Fleet::of(1, |_| None);
    let (certificate, key) = certificates::pem();
    for (name, text) in [("server.pem", certificate), ("server.key", key), ("ca.pem", certificates::root().pem())] {
        std::fs::write(fleet.cloud.path(name), text).unwrap();
    }
    let file = fleet.cloud.path("web.yml");
    let files = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n";
    std::fs::write(&file, files).unwrap();
    let flags = ["--web-config", &file.to_string_lossy()];
    let service = Service::of(&fleet, &flags)?;
    let asked = certificates::asked_over_tls(service.address, "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
    holds(asked.as_ref().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200")), || format!("{asked:?}"))?;
    let plain = service.sent(b"GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n")?;
    holds(!plain.contains("HTTP/1.1"), || plain.clone())?;
    drop(service);
    let asks = format!("{files}  client_ca_file: ca.pem\n  client_auth_type: RequireAndVerifyClientCert\n");
    std::fs::write(&file, asks).unwrap();
    let service = Service::of(&fleet, &flags)?;
    let asked = certificates::asked_over_tls(service.address, "GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n");
    holds(!asked.as_ref().is_ok_and(|answer| answer.contains("HTTP/1.1")), || format!("{asked:?}"))
}

fn promtool() -> Held {
    use std::process::{Command, Stdio};
    let fleet = Fleet::mixed(36);
    let service = Service::of(&fleet, &["--pace", "0", "--at-once", "8", "--go-on"])?;
    service.metrics_with(|metrics| {
        metrics.lines().filter(|line| line.starts_with("icloud_mail_account_asked{")).count() == 36
    })?;
    for path in ["/metrics", "/probe?target=well-0"] {
        let metrics = service.get(path)?.body;
        let started = Command::new("promtool")
            .args(["check", "metrics"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut started) = started else { return crate::not_here("has no promtool") };
        started.stdin.take().unwrap().write_all(metrics.as_bytes()).unwrap();
        let ended = started.wait_with_output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        holds(ended.status.success() && said.trim().is_empty(), || said.clone())?;
    }
    Ok(())
}

fn many(accounts: usize) -> Held {
    let fleet = Fleet::of(accounts, |_| None);
    let service = Service::of(&fleet, &["--pace", "0", "--at-once", "8"])?;
    let began = Instant::now();
    let mut metrics = String::new();
    while count(&metrics, "probe_success", "1") < accounts {
        holds(began.elapsed() < Duration::from_mins(10), || "it takes too long".to_owned())?;
        std::thread::sleep(Duration::from_millis(500));
        metrics = service.get("/metrics")?.body;
    }
    let took = began.elapsed();
    let began = Instant::now();
    for _ in 0..20 {
        service.get("/metrics")?;
    }
    let each = began.elapsed() / 20;
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.child.id())).unwrap_or_default();
    let memory = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("?").trim().to_owned();
    println!(
        "serve: {accounts} accounts in {:.1} s; /metrics of {} kB in {:.1} ms; memory {} (most {})",
        took.as_secs_f32(),
        metrics.len() / 1024,
        each.as_secs_f32() * 1e3,
        memory("VmRSS:"),
        memory("VmHWM:"),
    );
    let counts = fleet.noted.counts();
    holds(counts.len() == 2 * accounts && counts.values().all(|count| *count == 1), || format!("{}", counts.len()))
}
