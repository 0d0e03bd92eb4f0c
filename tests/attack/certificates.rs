//! The attackers' own authority, and the certificates of servers that are what they claim to be.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, OnceLock};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, StreamOwned};

pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

/// The names that Apple's servers have.
pub(crate) const NAMES: [&str; 2] = ["imap.mail.me.com", "smtp.mail.me.com"];

/// The authority that the run trusts, made once.
pub(crate) fn root() -> &'static Authority {
    static ROOT: OnceLock<Authority> = OnceLock::new();
    ROOT.get_or_init(|| authority("Attack Suite Root"))
}

/// An authority of this name that signs itself.
pub(crate) fn authority(name: &str) -> Authority {
    Authority::self_signed(of_an_authority(name), KeyPair::generate().unwrap()).unwrap()
}

/// What a certificate of an authority says.
pub(crate) fn of_an_authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A server's certificates, its own first, and its key.
pub(crate) struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: KeyPair,
}

impl Identity {
    /// A server of these names, as the trusted authority signs it.
    pub(crate) fn honest(names: &[&str]) -> Self {
        Self::signed(&params(names), root(), &[])
    }

    /// A certificate that this authority signed, with what is sent after it.
    pub(crate) fn signed(params: &CertificateParams, by: &Authority, then: &[&Authority]) -> Self {
        let key = KeyPair::generate().unwrap();
        let own = params.signed_by(&key, by).unwrap();
        let chain = std::iter::once(own.der().clone()).chain(then.iter().map(|authority| authority.der().clone()));
        Self { chain: chain.collect(), key }
    }

    /// The server's side of the handshake.
    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), key)
            .unwrap();
        Arc::new(config)
    }
}

/// What a server's certificate says.
pub(crate) fn params(names: &[&str]) -> CertificateParams {
    let mut params = CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name.push(DnType::CommonName, names.first().copied().unwrap_or("nobody"));
    params.use_authority_key_identifier_extension = true;
    params
}

/// The handshake of a server that is both of Apple's, made once.
pub(crate) fn honest() -> Arc<ServerConfig> {
    static HONEST: OnceLock<Arc<ServerConfig>> = OnceLock::new();
    Arc::clone(HONEST.get_or_init(|| Identity::honest(&NAMES).config()))
}

/// The certificate of an honest server for localhost, and its key, in PEM form.
pub(crate) fn pem() -> (String, String) {
    let key = KeyPair::generate().unwrap();
    (params(&["localhost"]).signed_by(&key, root()).unwrap().pem(), key.serialize_pem())
}

/// What a server answers over TLS to a client that trusts our authority and has no certificate.
pub(crate) fn asked_over_tls(address: SocketAddr, request: &str) -> io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(root().der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(fault) if answer.is_empty() => Err(fault),
        _ => Ok(String::from_utf8_lossy(&answer).into_owned()),
    }
}
