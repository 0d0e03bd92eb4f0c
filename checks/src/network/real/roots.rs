//! The root sets that a chain is judged by.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::ServerCertVerifier;
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error, RootCertStore};
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, X509Name};

use super::super::certificate::Certificate;
use super::super::{Judgement, Trust, Verdict, plain_file};
use super::der::{issuer_organisation, organisation};
use super::system_verdict;

/// No file of certificates is longer, in bytes: all public roots together are a quarter of a megabyte.
const LONGEST: u64 = 8 << 20;

/// The system's store and the public roots.
pub(super) struct Roots {
    pub(super) system: Arc<RootCertStore>,
    public: RootCertStore,
    /// The system's own check, where it goes by more than the store.
    pub(super) verifier: Option<Arc<dyn ServerCertVerifier>>,
    /// What was judged last of each name: a run over many accounts is shown the same chain each time.
    judged: Mutex<BTreeMap<String, Judged>>,
}

/// A chain with its judgement, which holds for a minute.
struct Judged {
    chain: Vec<CertificateDer<'static>>,
    minute: i64,
    trust: Trust,
}

impl Default for Roots {
    fn default() -> Self {
        let (system, public) = (Arc::new(RootCertStore::empty()), RootCertStore::empty());
        Self { system, public, verifier: None, judged: Mutex::default() }
    }
}

/// Why a file of certificates cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoCertificates {
    /// The file.
    pub path: PathBuf,
    /// Why not.
    pub why: String,
}

impl fmt::Display for NoCertificates {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot read certificates from {}: {}", self.path.display(), self.why)
    }
}

impl std::error::Error for NoCertificates {}

/// The certificates of a PEM file.
pub(super) fn read_pem(path: &Path) -> Result<Vec<CertificateDer<'static>>, NoCertificates> {
    let fault = |why: &dyn fmt::Display| NoCertificates { path: path.to_owned(), why: why.to_string() };
    let pem = plain_file::read(path, LONGEST).map_err(|why| fault(&why))?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(&pem).collect::<Result<_, _>>().map_err(|why| fault(&why))?;
    let mut store = RootCertStore::empty();
    if store.add_parsable_certificates(found.iter().cloned()).0 == 0 {
        return Err(fault(&"it holds no certificate in PEM form (\"-----BEGIN CERTIFICATE-----\")"));
    }
    Ok(found)
}

impl Roots {
    /// Reads the system's store; `SSL_CERT_FILE` and `SSL_CERT_DIR` replace it if they are set.
    pub(super) fn load(
        additional: Vec<CertificateDer<'static>>,
        public: Option<Vec<CertificateDer<'static>>>,
        provider: &Arc<CryptoProvider>,
    ) -> Self {
        let mut system = RootCertStore::empty();
        system.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        system.add_parsable_certificates(additional.iter().cloned());
        let mut public_store = RootCertStore::empty();
        match public {
            Some(certificates) => {
                public_store.add_parsable_certificates(certificates);
            }
            None => public_store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        }
        let verifier = system_verdict::verifier(additional, provider);
        Self { system: Arc::new(system), public: public_store, verifier, judged: Mutex::default() }
    }

    /// Judges a chain, presented now by a server that was asked for under this name.
    pub(super) fn judge(
        &self,
        chain: &[CertificateDer<'static>],
        name: &ServerName<'_>,
        now: OffsetDateTime,
        algorithms: &WebPkiSupportedAlgorithms,
    ) -> Option<Trust> {
        let minute = now.unix_timestamp().div_euclid(60);
        let mut judged = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        let known = judged.get(&*name.to_str()).filter(|known| known.minute == minute && known.chain == chain);
        if let Some(known) = known {
            return Some(known.trust.clone());
        }
        let trust = self.judged_anew(chain, name, now, algorithms)?;
        judged.insert(name.to_str().into_owned(), Judged { chain: chain.to_vec(), minute, trust: trust.clone() });
        Some(trust)
    }

    fn judged_anew(
        &self,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: OffsetDateTime,
        algorithms: &WebPkiSupportedAlgorithms,
    ) -> Option<Trust> {
        let (first, others) = chain.split_first()?;
        let read = Certificate::read(first)?;
        let parsed = ParsedCertificate::try_from(first).ok();
        let verdict = |roots: &RootCertStore| {
            let at = |moment: OffsetDateTime| {
                let Some(parsed) = &parsed else {
                    return Judgement::Other("the certificate cannot be read".to_owned());
                };
                match verify_server_cert_signed_by_trust_anchor(parsed, roots, others, unix(moment), algorithms.all) {
                    Ok(()) => Judgement::Trusted,
                    Err(fault) => judgement(&fault, &read),
                }
            };
            let now_judged = at(now);
            // What is trusted now is trusted apart from its dates as well.
            let apart_from_dates = match &now_judged {
                Judgement::Trusted => Judgement::Trusted,
                _ => at(now.clamp(read.not_before, read.not_after.max(read.not_before))),
            };
            Verdict { now: now_judged, apart_from_dates }
        };
        let system = verdict(&self.system);
        let is_public = || {
            let issuer = chain.last().and_then(|last| issuer_organisation(last));
            issuer.is_some_and(|issuer| self.public_organisations().contains(&issuer))
        };
        Some(Trust {
            issuer_organisation_is_public: (system.apart_from_dates != Judgement::Trusted).then(is_public),
            system,
            system_by: system_verdict::of_the_store(),
            system_roots: self.system.len(),
            public: verdict(&self.public),
            name_matches: parsed.as_ref().is_some_and(|parsed| verify_server_name(parsed, name).is_ok()),
        })
    }

    fn public_organisations(&self) -> BTreeSet<String> {
        self.public
            .roots
            .iter()
            .filter_map(|root| {
                let name = sequence(&root.subject);
                X509Name::from_der(&name).ok().and_then(|(_, name)| organisation(&name))
            })
            .collect()
    }
}

/// Puts the header of an ASN.1 SEQUENCE before its content: a trust anchor keeps its subject without one.
fn sequence(content: &[u8]) -> Vec<u8> {
    let mut der = vec![0x30];
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().position(|byte| *byte != 0).unwrap_or(length.len() - 1)..];
    if content.len() > 0x7f {
        // There are at most eight bytes of a length.
        der.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
    }
    der.extend_from_slice(significant);
    der.extend_from_slice(content);
    der
}

pub(super) fn unix(moment: OffsetDateTime) -> UnixTime {
    UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(moment.unix_timestamp()).unwrap_or(0)))
}

/// A refusal of the TLS library in our words.
pub(super) fn judgement(fault: &Error, first: &Certificate) -> Judgement {
    match fault {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => Judgement::UnknownIssuer,
        // A certificate that signed itself leads nowhere but to itself; the library names its form instead.
        _ if first.is_self_signed() && !matches!(fault, Error::InvalidCertificate(known) if is_date(known)) => {
            Judgement::UnknownIssuer
        }
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            Judgement::Expired
        }
        Error::InvalidCertificate(CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. }) => {
            Judgement::NotYetValid
        }
        other => Judgement::Other(other.to_string()),
    }
}

fn is_date(fault: &CertificateError) -> bool {
    matches!(
        fault,
        CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. }
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use rcgen::{CertificateParams, KeyPair};
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_chain_that_is_known_is_judged_anew_after_a_minute_and_for_another_name() {
        let mut params = CertificateParams::new(vec!["mail.example.com".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (datetime!(2026-01-01 00:00 UTC), datetime!(2026-12-01 12:00:30 UTC));
        let chain = [params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone()];
        let mut roots = Roots::default();
        Arc::get_mut(&mut roots.system).unwrap().add(chain[0].clone()).unwrap();
        let algorithms = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
        let judge = |name: &'static str, now| {
            let trust = roots.judge(&chain, &ServerName::try_from(name).unwrap(), now, &algorithms).unwrap();
            (trust.system.now, trust.name_matches)
        };
        let noon = datetime!(2026-12-01 12:00:00 UTC);
        assert_eq!(judge("mail.example.com", noon), (Judgement::Trusted, true));
        assert_eq!(judge("mail.example.com", noon), (Judgement::Trusted, true));
        assert_eq!(judge("other.example.com", noon), (Judgement::Trusted, false));
        assert_eq!(judge("mail.example.com", noon + Duration::from_mins(1)), (Judgement::Expired, true));
    }
}
