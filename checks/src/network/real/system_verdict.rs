//! What the system itself says of a chain, where it trusts more than the roots that it lists.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName};
use time::OffsetDateTime;

use super::super::certificate::Certificate;
use super::super::clock::within;
use super::super::{JudgedBy, Judgement, Trust, Verdict};
use super::roots::{judgement, unix};

/// How long the system may take: it may fetch a root, or ask whether a certificate was revoked.
const LIMIT: Duration = Duration::from_secs(3);

/// What the roots of the system's store prove: all that it trusts, or no more than what it lists today.
pub(super) fn of_the_store() -> JudgedBy {
    let is_replaced = ["SSL_CERT_FILE", "SSL_CERT_DIR"].into_iter().any(|name| std::env::var_os(name).is_some());
    if cfg!(any(windows, target_os = "macos")) && !is_replaced { JudgedBy::List } else { JudgedBy::Store }
}

/// The system's own check of certificates, where it trusts more than it lists; `None` where it cannot be had.
#[cfg(any(windows, target_os = "macos"))]
pub(super) fn verifier(
    additional: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Option<Arc<dyn ServerCertVerifier>> {
    use rustls_platform_verifier::Verifier;

    if of_the_store() == JudgedBy::Store {
        return None;
    }
    let provider = Arc::clone(provider);
    let made = match additional.is_empty() {
        true => Verifier::new(provider),
        false => Verifier::new_with_extra_roots(additional, provider),
    };
    Some(Arc::new(made.ok()?))
}

#[cfg(not(any(windows, target_os = "macos")))]
pub(super) fn verifier(
    _additional: Vec<CertificateDer<'static>>,
    _provider: &Arc<CryptoProvider>,
) -> Option<Arc<dyn ServerCertVerifier>> {
    None
}

/// Puts the system's own verdict in the place of the one by its list, if it comes in time.
pub(super) async fn ask(
    by_list: Trust,
    chain: &[CertificateDer<'static>],
    name: &ServerName<'static>,
    now: OffsetDateTime,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Trust {
    let Some((first, read)) = chain.first().and_then(|first| Some((first, Certificate::read(first)?))) else {
        return by_list;
    };
    // The system looks at the name too, which is judged apart.
    let own_name = || read.names.iter().find_map(|name| ServerName::try_from(name.replace('*', "any")).ok());
    let name = if by_list.name_matches { Some(name.clone()) } else { own_name() };
    let Some(name) = name else { return by_list };
    let (first, others, listed) = (first.clone(), chain[1..].to_vec(), by_list.system.clone());
    let judging = tokio::task::spawn_blocking(move || {
        let at = |moment: OffsetDateTime, listed: Judgement| match verifier.verify_server_cert(
            &first,
            &others,
            &name,
            &[],
            unix(moment),
        ) {
            Ok(_) => Judgement::Trusted,
            Err(fault) => refusal(judgement(&fault, &read), listed, &read, moment),
        };
        let now_judged = at(now, listed.now);
        let apart_from_dates = match &now_judged {
            Judgement::Trusted => Judgement::Trusted,
            _ => at(now.clamp(read.not_before, read.not_after.max(read.not_before)), listed.apart_from_dates),
        };
        Verdict { now: now_judged, apart_from_dates }
    });
    match within(LIMIT, judging).await {
        Some(Ok(system)) => Trust { system, system_by: JudgedBy::System, ..by_list },
        _ => by_list,
    }
}

/// The system's refusal, as precise as it can be: Windows has one error for both kinds of a wrong date, and macOS one
/// number for each fault.
fn refusal(system: Judgement, listed: Judgement, first: &Certificate, moment: OffsetDateTime) -> Judgement {
    match system {
        Judgement::Expired if moment < first.not_before => Judgement::NotYetValid,
        Judgement::Other(_) if listed != Judgement::Trusted => listed,
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified};
    use rustls::pki_types::UnixTime;
    use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

    use super::*;

    /// A system that trusts every certificate for one name, or nothing.
    #[derive(Debug)]
    struct System {
        trusts: Option<&'static str>,
        takes: Duration,
    }

    impl ServerCertVerifier for System {
        fn verify_server_cert(
            &self,
            _: &CertificateDer<'_>,
            _: &[CertificateDer<'_>],
            name: &ServerName<'_>,
            _: &[u8],
            _: UnixTime,
        ) -> Result<ServerCertVerified, Error> {
            std::thread::sleep(self.takes);
            match self.trusts == Some(&name.to_str()) {
                true => Ok(ServerCertVerified::assertion()),
                false => Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)),
            }
        }

        fn verify_tls12_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn verify_tls13_signature(
            &self,
            _: &[u8],
            _: &CertificateDer<'_>,
            _: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, Error> {
            Ok(HandshakeSignatureValid::assertion())
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            Vec::new()
        }
    }

    async fn asked(system: System, listed: Judgement, name_matches: bool) -> Trust {
        let certified = rcgen::generate_simple_self_signed(["mail.example".to_owned()]).unwrap();
        let verdict = |judgement: Judgement| Verdict { now: judgement.clone(), apart_from_dates: judgement };
        let by_list = Trust {
            system: verdict(listed),
            system_by: JudgedBy::List,
            system_roots: 12,
            public: verdict(Judgement::Trusted),
            name_matches,
            issuer_organisation_is_public: None,
        };
        let name = ServerName::try_from("asked.example").unwrap();
        let now = time::macros::datetime!(2026-11-29 12:00 UTC);
        ask(by_list, &[certified.cert.der().clone()], &name, now, Arc::new(system)).await
    }

    #[tokio::test]
    async fn the_system_decides_for_the_name_that_the_certificate_has() {
        let trusts = |name| System { trusts: Some(name), takes: Duration::ZERO };
        let trust = asked(trusts("asked.example"), Judgement::UnknownIssuer, true).await;
        assert_eq!((trust.system.now, trust.system_by), (Judgement::Trusted, JudgedBy::System));
        let trust = asked(trusts("mail.example"), Judgement::UnknownIssuer, false).await;
        assert_eq!((trust.system.now, trust.name_matches), (Judgement::Trusted, false));
        let refuses = System { trusts: None, takes: Duration::ZERO };
        assert_eq!(asked(refuses, Judgement::Trusted, true).await.system.now, Judgement::UnknownIssuer);
    }

    #[tokio::test]
    async fn a_late_verdict_is_not_waited_for() {
        let late = System { trusts: None, takes: LIMIT + Duration::from_millis(500) };
        let trust = asked(late, Judgement::UnknownIssuer, true).await;
        assert_eq!((trust.system.now, trust.system_by), (Judgement::UnknownIssuer, JudgedBy::List));
    }
}
