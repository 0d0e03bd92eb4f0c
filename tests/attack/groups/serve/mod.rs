//! The service: no one who asks it makes it sign in, its accounts sign in once an interval, it stays up whatever a client
//! does, and nothing secret comes out of it.

mod clients;
mod doors;
mod state;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::doctor::Doctor;
use crate::lists::Fleet;
use crate::{Attack, attack};

/// How long something that has to happen may take.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) fn all() -> Vec<Attack> {
    vec![
        attack("a scrape never signs in", clients::scraped),
        attack("whatever a client does, the others are answered", clients::hostile_clients),
        attack("each page has its methods and its headers", clients::pages),
        attack("a restart shows the last results and signs in no earlier", state::restarted),
        attack("a second service over the same state is refused", state::second),
        attack("a broken list changes nothing, and a new one is taken", state::reloaded),
        attack("a name that has another mailbox shows nothing of the old one", state::another_mailbox),
        attack("the log says why an account was not asked", state::reasons),
        attack("a clock that was years ahead hides nothing", state::ahead),
        attack("SIGTERM ends what is under way, with a goodbye", state::terminated),
        attack("no answer, no state and no log has a password or an address", doors::secrets),
        attack("what cannot start is one sentence", doors::not_started),
        attack("a file that is not what it should be is named", doors::files),
        attack("the list and the web config beside the unit are right", doors::samples),
        attack("a user and a password are needed where the file says so", doors::passwords),
        attack("TLS as the file says, with a certificate of the client", doors::encrypted),
        attack("promtool finds nothing to say about the metrics", clients::promtool),
        attack("hundreds of accounts", || clients::many(200)),
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
        Self::started(fleet, flags, |doctor| doctor)
    }

    fn started(fleet: &Fleet, flags: &[&str], how: impl FnOnce(Doctor) -> Doctor) -> Result<Self, String> {
        let timeout: &[&str] = if flags.contains(&"--timeout") { &[] } else { &["--timeout", "1"] };
        let doctor = fleet.cloud.serve(&fleet.list).args(&["--listen", "127.0.0.1:0"]).args(timeout).args(flags);
        let mut child = how(doctor).spawn();
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
