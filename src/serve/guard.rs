//! Who is let in, as the web configuration says: a limit on requests, and passwords that are compared in the same time
//! whether a user is known or not.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use checks::archive::digest::Sha256;
use checks::network::clock::Stopwatch;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use super::web_config::{Hash, Rate, WebConfig};

/// How many passwords are compared at once: each takes a processor for a long time.
const AT_ONCE: usize = 1;

/// What decides on a connection and on a request.
pub(super) struct Guard {
    /// What encrypts connections.
    pub(super) tls: Option<TlsAcceptor>,
    /// Whether only this computer is asked for by name: a page in a browser can give any name the address of this computer.
    is_local: bool,
    users: BTreeMap<String, Hash>,
    /// What was let in, by user: a digest of the hash and of the password, so that each is compared only once.
    let_in: RefCell<BTreeMap<String, String>>,
    comparing: Semaphore,
    bucket: Option<Bucket>,
    clock: Stopwatch,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    LetIn,
    /// It is meant for another computer.
    NotForUs,
    /// A user and a password are needed, or they are wrong.
    WhoIsThere,
    TooMany,
}

impl Guard {
    /// As a web configuration says; without one, everybody on this computer is let in.
    pub(super) fn of(config: Option<WebConfig>) -> Self {
        // With TLS, a browser takes no name that is not in the certificate.
        let is_local = !config.as_ref().is_some_and(|config| config.protects() || config.tls.is_some());
        let (tls, users, rate) = config.map_or_else(Default::default, |config| (config.tls, config.users, config.rate));
        Self {
            tls,
            is_local,
            users,
            let_in: RefCell::default(),
            comparing: Semaphore::new(AT_ONCE),
            bucket: rate.map(Bucket::new),
            clock: Stopwatch::start(),
        }
    }

    /// Whether a request for this host is meant for this computer.
    fn is_for_us(&self, host: Option<&str>) -> bool {
        let name = host
            .map(|host| host.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(host, |(name, _)| name));
        let is_local = |name: &str| {
            let number = name.trim_start_matches('[').trim_end_matches(']');
            name.eq_ignore_ascii_case("localhost") || number.parse::<IpAddr>().is_ok()
        };
        !self.is_local || name.is_none_or(is_local)
    }

    /// Decides on a request with these headers `Host` and `Authorization`.
    pub(super) async fn decide(&self, host: Option<&str>, authorization: Option<&str>) -> Verdict {
        if !self.is_for_us(host) {
            return Verdict::NotForUs;
        }
        if self.bucket.as_ref().is_some_and(|bucket| !bucket.take(self.clock.milliseconds())) {
            return Verdict::TooMany;
        }
        let Some(any) = self.users.values().next() else { return Verdict::LetIn };
        let Some((user, password)) = authorization.and_then(given) else { return Verdict::WhoIsThere };
        let known = self.users.get(&user);
        let hash = known.cloned().unwrap_or_else(|| any.of_nobody());
        let digest = digest(&hash, &password);
        if known.is_some() && self.let_in.borrow().get(&user) == Some(&digest) {
            return Verdict::LetIn;
        }
        let Ok(_turn) = self.comparing.acquire().await else { return Verdict::WhoIsThere };
        let is_right = tokio::task::spawn_blocking(move || hash.is_of(&password)).await.unwrap_or(false);
        match known.is_some() && is_right {
            true => {
                self.let_in.borrow_mut().insert(user, digest);
                Verdict::LetIn
            }
            false => Verdict::WhoIsThere,
        }
    }
}

/// The user and the password in a header (RFC 7617).
fn given(authorization: &str) -> Option<(String, Zeroizing<Vec<u8>>)> {
    let (scheme, rest) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = Zeroizing::new(STANDARD.decode(rest.trim()).ok()?);
    let colon = bytes.iter().position(|byte| *byte == b':')?;
    let user = String::from_utf8(bytes[..colon].to_vec()).ok()?;
    Some((user, Zeroizing::new(bytes[colon + 1..].to_vec())))
}

fn digest(hash: &Hash, password: &[u8]) -> String {
    let mut digest = Sha256::default();
    digest.take(hash.text().as_bytes());
    digest.take(password);
    digest.hexadecimal()
}

/// A limit on requests: a token comes once an interval, and each request takes one.
struct Bucket {
    interval_ms: f64,
    most: f64,
    tokens: Cell<f64>,
    at_ms: Cell<u64>,
}

impl Bucket {
    fn new(Rate { interval, burst }: Rate) -> Self {
        let most = f64::from(burst);
        let interval_ms = (interval.as_secs_f64() * 1_000.0).max(f64::MIN_POSITIVE);
        Self { interval_ms, most, tokens: Cell::new(most), at_ms: Cell::new(0) }
    }

    /// Takes a token, if there is one at this time.
    fn take(&self, now_ms: u64) -> bool {
        let passed = Duration::from_millis(now_ms.saturating_sub(self.at_ms.replace(now_ms))).as_secs_f64() * 1_000.0;
        let tokens = (self.tokens.get() + passed / self.interval_ms).min(self.most);
        let is_there = tokens >= 1.0;
        self.tokens.set(if is_there { tokens - 1.0 } else { tokens });
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_a_user_and_a_password() {
        let of = |text: &str| given(&format!("Basic {}", STANDARD.encode(text)));
        assert!(of("alice:a:b").is_some_and(|(user, password)| user == "alice" && *password == b"a:b"));
        assert!(of(":").is_some_and(|(user, password)| user.is_empty() && password.is_empty()));
        for header in ["", "Basic", "Basic !", "Bearer YTpi", "Basic YWI="] {
            assert!(given(header).is_none(), "{header}");
        }
    }

    #[test]
    fn only_this_computer_is_meant_unless_the_file_says_who_may_ask() {
        let local = Guard::of(None);
        for host in
            [None, Some("localhost"), Some("LocalHost:9993"), Some("127.0.0.1:9993"), Some("[::1]:9993"), Some("[::1]")]
        {
            assert!(local.is_for_us(host), "{host:?}");
        }
        for host in ["evil.example", "evil.example:9993", "127.0.0.1.evil.example", "localhost.evil.example:1", ""] {
            assert!(!local.is_for_us(Some(host)), "{host}");
        }
        // A file that lets everybody in changes nothing of that.
        for asks_for_certificates in [false, true] {
            let config = WebConfig { tls: None, users: BTreeMap::new(), asks_for_certificates, rate: None };
            assert_eq!(Guard::of(Some(config)).is_for_us(Some("monitor.example")), asks_for_certificates);
        }
    }

    #[test]
    fn a_bucket_lets_a_burst_through_and_then_one_an_interval() {
        let bucket = Bucket::new(Rate { interval: Duration::from_millis(100), burst: 2 });
        let taken = [0, 0, 0, 99, 100, 150, 1_000, 1_000, 1_000].map(|at| bucket.take(at));
        assert_eq!(taken, [true, true, false, false, true, false, true, true, false]);
    }
}
