//! Handshakes that keep what the peer shows, even if it cannot be trusted.

use std::io;
use std::sync::{Arc, Mutex};

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, ClientConfig, DigitallySignedStruct, Error, InvalidMessage, NamedGroup, PeerIncompatible,
    SignatureScheme,
};
use time::OffsetDateTime;
use tokio_rustls::TlsConnector;

use super::super::certificate::Certificate;
use super::super::{Handshake, Negotiated, TlsFailed};
use super::connect::Connection;
use super::roots::Roots;
use super::system_verdict;
use super::tee::Tee;

/// Makes a handshake over a plain connection.
pub(super) async fn shake(
    stream: Connection,
    name: &str,
    provider: &Arc<CryptoProvider>,
    roots: &Roots,
) -> Handshake<Connection> {
    let Connection::Plain(tcp) = stream else {
        return Handshake::failed(TlsFailed::Other("the connection is encrypted already".to_owned()));
    };
    let Ok(server_name) = ServerName::try_from(name.to_owned()) else {
        return Handshake::failed(TlsFailed::Other(format!("\"{name}\" is no host name")));
    };
    let presented = Arc::new(Presented { provider: Arc::clone(provider), seen: Mutex::default() });
    let config = ClientConfig::builder_with_provider(Arc::clone(provider)).with_safe_default_protocol_versions();
    let mut config = match config {
        Ok(config) => {
            let keeper: Arc<dyn ServerCertVerifier> = Arc::<Presented>::clone(&presented);
            config.dangerous().with_custom_certificate_verifier(keeper).with_no_client_auth()
        }
        Err(fault) => return Handshake::failed(TlsFailed::Other(fault.to_string())),
    };
    // A resumed session shows no certificates.
    config.resumption = Resumption::disabled();
    let (tee, first) = Tee::over(tcp);
    let ended = TlsConnector::from(Arc::new(config)).connect(server_name.clone(), tee).await;
    let seen = presented.seen.lock().map(|mut seen| std::mem::take(&mut *seen)).unwrap_or_default();
    let first = first.lock().map(|first| first.clone()).unwrap_or_default();
    #[allow(clippy::disallowed_methods, reason = "this is the door")]
    let now = OffsetDateTime::now_utc();
    let trust = roots.judge(&seen.chain, &server_name, now, &provider.signature_verification_algorithms);
    let trust = match (trust, &roots.verifier) {
        (Some(trust), Some(verifier)) => {
            Some(system_verdict::ask(trust, &seen.chain, &server_name, now, Arc::clone(verifier)).await)
        }
        (trust, _) => trust,
    };
    let chain = seen.chain.iter().filter_map(|der| Certificate::read(der)).collect();
    match ended {
        Ok(stream) => {
            let session = stream.get_ref().1;
            let negotiated = Negotiated {
                version: match session.protocol_version() {
                    Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3".to_owned(),
                    Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2".to_owned(),
                    other => format!("{other:?}"),
                },
                cipher_suite: session
                    .negotiated_cipher_suite()
                    .map_or_else(String::new, |suite| format!("{:?}", suite.suite())),
                key_exchange: session.negotiated_key_exchange_group().map(|group| format!("{:?}", group.name())),
                alpn: session.alpn_protocol().map(|name| name.escape_ascii().to_string()),
                ocsp_stapled: seen.ocsp_stapled,
            };
            Handshake {
                outcome: Ok(Connection::Encrypted(Box::new(stream))),
                negotiated: Some(negotiated),
                chain,
                trust,
                first_bytes: String::new(),
            }
        }
        Err(fault) => Handshake {
            outcome: Err(failed(&fault, &first)),
            negotiated: None,
            chain,
            trust,
            first_bytes: first.escape_ascii().to_string(),
        },
    }
}

/// The same cryptography without the key exchanges whose shares do not fit into one packet.
pub(super) fn small(provider: &CryptoProvider) -> Arc<CryptoProvider> {
    // ML-KEM's shares take more than a thousand bytes (FIPS 203); those of elliptic curves 32 to 133.
    let is_small =
        |name: NamedGroup| matches!(name, NamedGroup::X25519 | NamedGroup::secp256r1 | NamedGroup::secp384r1);
    let mut provider = provider.clone();
    provider.kx_groups.retain(|group| is_small(group.name()));
    Arc::new(provider)
}

fn failed(fault: &io::Error, first: &[u8]) -> TlsFailed {
    // Content types 20 to 24 open a TLS record (RFC 8446 section 5.1); letters and digits do not.
    let is_tls = first.first().is_none_or(|byte| (20..=24).contains(byte));
    let Some(fault) = fault.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) else {
        return match fault.kind() {
            _ if !is_tls => TlsFailed::NotTls,
            io::ErrorKind::UnexpectedEof => TlsFailed::Closed,
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
                TlsFailed::Reset
            }
            io::ErrorKind::TimedOut => TlsFailed::TimedOut,
            _ => TlsFailed::Other(fault.to_string()),
        };
    };
    match fault {
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => TlsFailed::NotTls,
        Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13)
        | Error::AlertReceived(AlertDescription::ProtocolVersion) => TlsFailed::TooOld,
        Error::AlertReceived(alert) => TlsFailed::Alert(format!("{alert:?}")),
        _ if !is_tls => TlsFailed::NotTls,
        other => TlsFailed::Other(other.to_string()),
    }
}

#[derive(Debug, Default)]
struct Seen {
    chain: Vec<CertificateDer<'static>>,
    ocsp_stapled: bool,
}

/// Keeps the chain that a peer presents and lets every chain pass: the root sets judge it afterwards, and
/// [`crate::tls::Verified`] is what a password needs. The peer still has to prove that it holds the key.
#[derive(Debug)]
struct Presented {
    provider: Arc<CryptoProvider>,
    seen: Mutex<Seen>,
}

impl ServerCertVerifier for Presented {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Ok(mut seen) = self.seen.lock() {
            seen.chain = std::iter::once(end_entity).chain(intermediates).map(|der| der.clone().into_owned()).collect();
            seen.ocsp_stapled = !ocsp_response.is_empty();
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
