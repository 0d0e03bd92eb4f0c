//! `--web-config`: the file in which programs for Prometheus are told who may ask them.
//! <https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md>

mod hash;
mod tls;
mod yaml;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use checks::network::plain_file;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use crate::cli::length;
use crate::limits;
use crate::meant::{meant, shown};
use crate::misuse::{Misuse, file_name};
pub(super) use hash::Hash;
use yaml::Entry;

/// The sections and their keys. A section without keys has names of the user's own.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "tls_server_config",
        &["cert_file", "key_file", "client_ca_file", "client_auth_type", "min_version", "max_version"],
    ),
    ("http_server_config", &["http2"]),
    ("basic_auth_users", &[]),
    ("rate_limit", &["interval", "burst"]),
];

/// What the file says.
pub(super) struct WebConfig {
    pub(super) tls: Option<TlsAcceptor>,
    /// Who may ask; empty where nobody is asked for a password.
    pub(super) users: BTreeMap<String, Hash>,
    /// Whether a client needs a certificate.
    pub(super) asks_for_certificates: bool,
    pub(super) rate: Option<Rate>,
}

/// How many requests are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rate {
    /// One in so long.
    pub(super) interval: Duration,
    /// So many at once.
    pub(super) burst: u32,
}

impl WebConfig {
    /// Whether not everybody may ask.
    pub(super) fn protects(&self) -> bool {
        !self.users.is_empty() || self.asks_for_certificates
    }
}

/// Reads the file.
pub(super) fn read(path: &Path) -> Result<WebConfig, Misuse> {
    let called = file_name(path);
    let unread =
        |why: String| Misuse::new(format!("{called} cannot be read: {why}"), "correct it, or name another file");
    let bytes = plain_file::read(path, limits::LONGEST).map_err(|why| unread(why.to_string()))?;
    let bytes = Zeroizing::new(bytes);
    let text = std::str::from_utf8(&bytes).map_err(|_| unread("it is not text".to_owned()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let entries = yaml::read(text).map_err(&unread)?;
    of_entries(entries, folder).map_err(unread)
}

fn of_entries(entries: Vec<Entry>, folder: &Path) -> Result<WebConfig, String> {
    let (mut files, mut users, mut limit) = (tls::Files::default(), BTreeMap::new(), BTreeMap::new());
    for entry in entries {
        let line = entry.line;
        let key = known(&entry).map_err(|why| format!("line {line}: {why}"))?;
        let value = entry.value;
        let path = || -> PathBuf { folder.join(&value) };
        match (entry.section.as_str(), key.as_str()) {
            ("basic_auth_users", _) => {
                let hash =
                    Hash::of(&value).ok_or_else(|| format!("line {line}: the password is not a hash by bcrypt"))?;
                users.insert(key, hash);
            }
            ("rate_limit", _) => drop(limit.insert(key, (value, line))),
            ("tls_server_config", "cert_file") => files.certificate = Some(path()),
            ("tls_server_config", "key_file") => files.key = Some(path()),
            ("tls_server_config", "client_ca_file") => files.authority = Some(path()),
            ("tls_server_config", "client_auth_type") => {
                files.client = tls::Client::named(&value).ok_or_else(|| {
                    format!("line {line}: client_auth_type is one of {}", tls::Client::names().join(", "))
                })?;
            }
            ("tls_server_config", _) => {
                let version = tls::version(&value);
                let version = version.ok_or_else(|| format!("line {line}: a version is TLS12 or TLS13"))?;
                if key == "min_version" { files.least = version } else { files.most = version }
            }
            // HTTP/2 is not spoken either way.
            _ if ["true", "false"].contains(&value.as_str()) => {}
            _ => return Err(format!("line {line}: http2 is true or false")),
        }
    }
    let asks_for_certificates = files.client == tls::Client::Verified;
    Ok(WebConfig { tls: files.acceptor()?, users, asks_for_certificates, rate: rate(&limit)? })
}

/// The key of an entry, if there is such a one.
fn known(entry: &Entry) -> Result<String, String> {
    let sections = || KNOWN.iter().map(|(section, _)| *section);
    let unknown = |name: &str, names: &mut dyn Iterator<Item = &'static str>| {
        let names: Vec<&'static str> = names.collect();
        let meant = meant(name, names.iter().copied()).map(|meant| format!("; did you mean {meant}?"));
        let name = shown(name, names.iter().copied(), "a key");
        format!("{name} is not known here{}", meant.unwrap_or_default())
    };
    let Some((_, keys)) = KNOWN.iter().find(|(section, _)| *section == entry.section) else {
        return Err(unknown(&entry.section, &mut sections()));
    };
    match &entry.key {
        None => Err("it has a value where keys belong below it".to_owned()),
        Some(key) if keys.is_empty() || keys.contains(&key.as_str()) => Ok(key.clone()),
        Some(key) => Err(unknown(key, &mut keys.iter().copied())),
    }
}

fn rate(limit: &BTreeMap<String, (String, usize)>) -> Result<Option<Rate>, String> {
    let burst = match limit.get("burst") {
        None => 1,
        Some((text, line)) => {
            let burst = text.parse().ok().filter(|burst| *burst > 0);
            burst.ok_or_else(|| format!("line {line}: burst is a number above 0"))?
        }
    };
    let Some((text, line)) = limit.get("interval") else { return Ok(None) };
    let interval = duration(text).ok_or_else(|| format!("line {line}: interval is a time such as 100ms or 1s"))?;
    Ok((!interval.is_zero()).then_some(Rate { interval, burst }))
}

/// A time as Go writes it, with one unit.
fn duration(text: &str) -> Option<Duration> {
    if text == "0" { Some(Duration::ZERO) } else { length::fractional(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "$2y$04$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

    fn of(text: &str) -> Result<WebConfig, String> {
        of_entries(yaml::read(text)?, Path::new("/nowhere"))
    }

    #[test]
    fn what_is_documented_is_understood() {
        let config = of(&format!(
            "basic_auth_users:\n  alice: {HASH}\nrate_limit:\n  interval: 100ms\n  burst: 5\n\
             http_server_config:\n  http2: false\n"
        ))
        .map_err(|why| panic!("{why}"));
        let config = config.unwrap_or_else(|()| unreachable!());
        assert!(config.tls.is_none() && config.users.contains_key("alice"));
        assert_eq!(config.rate, Some(Rate { interval: Duration::from_millis(100), burst: 5 }));
    }

    #[test]
    fn what_is_not_is_one_sentence_without_a_hash() {
        for (text, says) in [
            ("tls_server_confg:\n  cert_file: x\n", "did you mean tls_server_config"),
            ("tls_server_config:\n  cert_fil: x\n", "did you mean cert_file"),
            ("tls_server_config: x\n", "keys belong below it"),
            ("tls_server_config:\n  cert_file: x\n", "key_file"),
            (
                "tls_server_config:\n  cert_file: x\n  key_file: y\n",
                if cfg!(windows) { "/nowhere\\x" } else { "/nowhere/x" },
            ),
            ("tls_server_config:\n  client_auth_type: RequestClientCert\n", "RequireAndVerifyClientCert"),
            ("tls_server_config:\n  min_version: TLS10\n", "TLS12"),
            ("basic_auth_users:\n  alice: s3cret\n", "bcrypt"),
            ("rate_limit:\n  interval: fast\n", "interval"),
            ("rate_limit:\n  interval: 1s\n  burst: 0\n", "burst"),
            ("http_server_config:\n  http2: maybe\n", "http2"),
        ] {
            let why = of(text).err().unwrap_or_default();
            assert!(why.contains(says) && !why.contains("s3cret"), "{text}: {why}");
        }
    }
}
