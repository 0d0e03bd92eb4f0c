//! Causes that keep a connection from becoming encrypted.

use checks::conversation::Starttls;
use checks::evidence::Evidence;
use checks::network::TlsFailed;
use checks::plan::{Check, Protocol};
use checks::settings::HostKind;

use super::{Fit, Sure, service};
use crate::saw;

/// The offer to encrypt is missing, or was tampered with. Apple's servers always make it.
pub(super) fn starttls_stripped(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let starttls = service::starttls(evidence, of)?;
    let is_apples = evidence.server(of).host_is == HostKind::Apples;
    match starttls {
        Starttls::NotOffered => Some(
            Fit::trouble(if is_apples { Sure::Certain } else { Sure::Likely }).because(
                of.check(),
                format!("what answers as {} does not offer STARTTLS, so no password was sent", evidence.server(of).server.host),
            ),
        ),
        Starttls::Injected => Some(Fit::trouble(Sure::Likely).because(
            of.check(),
            "more text came after the answer to STARTTLS and before the encryption: somebody between slipped it in, so no password was sent",
        )),
        Starttls::Ready | Starttls::Refused { .. } => None,
    }
}

/// The peer knows only TLS 1.0, 1.1 or SSL.
pub(super) fn tls_too_old(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let tls = evidence.tls.of(of).filter(|tls| tls.failed == Some(TlsFailed::TooOld))?;
    Some(Fit::trouble(Sure::Certain).because(Check::Tls, saw::handshake(tls)))
}

/// The connection ends in the middle of the handshake.
pub(super) fn tls_cut(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let tls = evidence.tls.of(of)?;
    match tls.failed.as_ref()? {
        TlsFailed::Closed | TlsFailed::Reset | TlsFailed::TimedOut => {
            Some(Fit::trouble(Sure::Likely).because(Check::Tls, saw::handshake(tls)))
        }
        _ => None,
    }
}
