//! Causes in the mail program's own settings.

use checks::conversation::Awaiting;
use checks::evidence::Evidence;
use checks::network::TlsFailed;
use checks::plan::{Protocol, Security};
use checks::questions::Question;
use checks::settings::{HostKind, ServerFacts};
use checks::{dns, talk};

use super::saw::Setting;
use super::{Fit, Seen, Sure, saw, service};

/// The problems on the way to one server, in order.
fn troubles(evidence: &Evidence, of: Protocol) -> Vec<Seen> {
    super::troubled(evidence)
        .into_iter()
        .filter(|(_, whose, _)| *whose == of)
        .map(|(check, _, saw)| Seen::new(check, saw))
        .collect()
}

/// The host is not Apple's, and that shows.
pub(super) fn wrong_server_name(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let settings = evidence.first.server(of);
    let troubles = troubles(evidence, of);
    if settings.host_is == HostKind::Apples || troubles.is_empty() {
        return None;
    }
    let no_such_name = evidence.first.dns(of).is_some_and(|names| names.outcome == dns::Outcome::NoSuchName);
    let sure = if no_such_name || settings.host_is.is_slip() { Sure::Certain } else { Sure::Likely };
    Some(
        Fit::trouble(sure)
            .because(Question::Settings, saw::host(of, &settings.server.host, &settings.host_is))
            .because_all(troubles),
    )
}

/// The port is not Apple's, and nothing useful answers there.
pub(super) fn wrong_port(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let settings = evidence.first.server(of);
    let troubles = troubles(evidence, of);
    let is_early = troubles.first().is_some_and(|first| {
        matches!(first.by.question(), Some(Question::Tcp | Question::Tls))
            || service::greeted(evidence, of) == Some(false)
    });
    if settings.port_is_apples || !is_early {
        return None;
    }
    Some(
        Fit::trouble(Sure::Likely)
            .because(Question::Settings, Setting::Port(of, settings.server.port))
            .because_all(troubles),
    )
}

fn is_for(settings: &ServerFacts, security: Security) -> bool {
    settings.security_fits_port == Some(settings.server.security == security)
}

/// TLS from the first byte on a port that begins in plain text: the most common wrong setting.
pub(super) fn tls_on_starttls_port(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let settings = evidence.first.server(of);
    let tls = evidence.first.tls(of)?;
    let failed = tls.failed.as_ref()?;
    if settings.server.security != Security::Tls || is_for(settings, Security::Tls) {
        return None;
    }
    let answers_plainly = *failed == TlsFailed::NotTls;
    let is_known_port = settings.security_fits_port == Some(false);
    (answers_plainly || is_known_port).then(|| {
        Fit::trouble(if answers_plainly { Sure::Certain } else { Sure::Likely })
            .because(Question::Settings, Setting::TlsTooEarly(of, settings.server.port))
            .because(Question::Tls, saw::handshake(tls))
    })
}

/// Plain text where TLS is expected from the first byte, either because of the setting or by the server's answer.
pub(super) fn plaintext_on_tls_port(evidence: &Evidence, of: Protocol) -> Option<Fit> {
    let settings = evidence.first.server(of);
    let port = settings.server.port;
    if settings.server.security == Security::Starttls {
        let interruption = service::interruption(evidence, of)?;
        let no_greeting = matches!(interruption.awaiting, Awaiting::Greeting);
        return (no_greeting && settings.security_fits_port == Some(false)).then(|| {
            let fit = Fit::trouble(Sure::Certain)
                .because(Question::Settings, Setting::TlsTooLate(of, port))
                .because(of.check(), saw::interruption(of, interruption));
            match interruption.no_answer {
                talk::NoAnswer::Unreadable { .. } => Fit { sure: Sure::Likely, ..fit },
                _ => fit,
            }
        });
    }
    let tls = evidence.first.tls(of).filter(|tls| tls.failed == Some(TlsFailed::NotTls))?;
    is_for(settings, Security::Tls).then(|| {
        Fit::trouble(Sure::Likely)
            .because(Question::Tls, saw::handshake(tls))
            .because(Question::Settings, Setting::PortIsForTls(port))
    })
}
