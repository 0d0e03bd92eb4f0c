//! TLS of the service, by the files that the web configuration names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use checks::network::plain_file;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion, version};
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use crate::limits;

/// Whether clients need a certificate, by the names that Go has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Client {
    #[default]
    Any,
    VerifiedIfGiven,
    Verified,
}

const CLIENTS: [(&str, Client); 3] = [
    ("NoClientCert", Client::Any),
    ("VerifyClientCertIfGiven", Client::VerifiedIfGiven),
    ("RequireAndVerifyClientCert", Client::Verified),
];

impl Client {
    pub(super) fn named(name: &str) -> Option<Self> {
        CLIENTS.iter().find(|(known, _)| *known == name).map(|(_, client)| *client)
    }

    pub(super) fn names() -> Vec<&'static str> {
        CLIENTS.iter().map(|(name, _)| *name).collect()
    }
}

/// What the file says of TLS.
pub(super) struct Files {
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
    pub(super) authority: Option<PathBuf>,
    pub(super) client: Client,
    pub(super) least: Version,
    pub(super) most: Version,
}

impl Default for Files {
    fn default() -> Self {
        let (least, most) = (Version::Tls12, Version::Tls13);
        Self { certificate: None, key: None, authority: None, client: Client::Any, least, most }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    Tls12,
    Tls13,
}

/// A version by its name.
pub(super) fn version(name: &str) -> Option<Version> {
    match name {
        "TLS12" => Some(Version::Tls12),
        "TLS13" => Some(Version::Tls13),
        _ => None,
    }
}

impl Files {
    /// What encrypts connections; `None` where the file says nothing of TLS.
    pub(super) fn acceptor(&self) -> Result<Option<TlsAcceptor>, String> {
        let (certificate, key) = match (&self.certificate, &self.key) {
            (Some(certificate), Some(key)) => (certificate, key),
            (None, None) if self.client == Client::Any && self.authority.is_none() => return Ok(None),
            _ => return Err("TLS needs both a cert_file and a key_file".to_owned()),
        };
        let chain = certificates(certificate)?;
        let key = PrivateKeyDer::from_pem_slice(&bytes(key)?)
            .map_err(|_| format!("{} has no private key in PEM form", key.display()))?;
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
        let config = config.with_protocol_versions(&self.versions()?).map_err(|fault| fault.to_string())?;
        let config = match (self.client, &self.authority) {
            (Client::Any, None) => config.with_no_client_auth(),
            (Client::Any, Some(_)) => {
                return Err("a client_ca_file is there, and client_auth_type lets everybody in".to_owned());
            }
            (_, None) => return Err("client_auth_type needs a client_ca_file".to_owned()),
            (client, Some(authority)) => {
                let mut roots = RootCertStore::empty();
                for root in certificates(authority)? {
                    roots.add(root).map_err(|fault| format!("{}: {fault}", authority.display()))?;
                }
                let provider = Arc::new(aws_lc_rs::default_provider());
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                let verifier = if client == Client::Verified { verifier } else { verifier.allow_unauthenticated() };
                config.with_client_cert_verifier(verifier.build().map_err(|fault| fault.to_string())?)
            }
        };
        let mut config = config
            .with_single_cert(chain, key)
            .map_err(|fault| format!("the certificate and its key do not fit: {fault}"))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Some(Arc::new(config).into()))
    }

    fn versions(&self) -> Result<Vec<&'static SupportedProtocolVersion>, String> {
        let all = [(Version::Tls13, &version::TLS13), (Version::Tls12, &version::TLS12)];
        let wanted = all.into_iter().filter(|(version, _)| (self.least..=self.most).contains(version));
        let wanted: Vec<_> = wanted.map(|(_, version)| version).collect();
        if wanted.is_empty() { Err("min_version is above max_version".to_owned()) } else { Ok(wanted) }
    }
}

fn bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let read = plain_file::read(path, limits::LONGEST).map(Zeroizing::new);
    read.map_err(|why| format!("{} cannot be read ({why})", path.display()))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let bytes = bytes(path)?;
    let all: Vec<_> = CertificateDer::pem_slice_iter(&bytes).collect::<Result<_, _>>().unwrap_or_default();
    if all.is_empty() { Err(format!("{} has no certificate in PEM form", path.display())) } else { Ok(all) }
}
