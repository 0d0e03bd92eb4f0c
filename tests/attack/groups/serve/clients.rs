//! What a service answers, and that no client makes it sign in or takes it from the others.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{Service, count};
use crate::lists::Fleet;
use crate::{Held, holds};

pub(super) fn scraped() -> Held {
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

pub(super) fn hostile_clients() -> Held {
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

pub(super) fn pages() -> Held {
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

pub(super) fn promtool() -> Held {
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

pub(super) fn many(accounts: usize) -> Held {
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
