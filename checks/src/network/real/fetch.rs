//! Web pages: Apple's status feed and the portal page.

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::header::{CONTENT_TYPE, DATE, HeaderName, LOCATION};
use reqwest::redirect::Policy;
use rustls::crypto::CryptoProvider;
use rustls::{CertificateError, ClientConfig, Error};

use super::super::{Fetch, FetchFailed, Judgement, Page};
use super::roots::Roots;

/// How much of a page is read: Apple's feed is some thirty kilobytes.
const MOST_BYTES: usize = 512 * 1024;

/// Fetches a page, through the system's proxy where there is one.
pub(super) async fn get(fetch: &Fetch, provider: &Arc<CryptoProvider>, roots: &Roots) -> Result<Page, FetchFailed> {
    let other = |fault: &dyn std::fmt::Display| FetchFailed::Other(fault.to_string());
    let config = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|fault| other(&fault))?;
    let config = match &roots.verifier {
        Some(verifier) => config.dangerous().with_custom_certificate_verifier(Arc::clone(verifier)),
        None => config.with_root_certificates(Arc::clone(&roots.system)),
    };
    let mut config = config.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let url = reqwest::Url::parse(&fetch.url).map_err(|fault| other(&fault))?;
    // Port 0: the URL's own port stays.
    let addresses: Vec<_> = fetch.addresses.iter().map(|address| SocketAddr::new(*address, 0)).collect();
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(Policy::none())
        .user_agent(concat!("icloud-mail-doctor/", env!("CARGO_PKG_VERSION")));
    if let (Some(host), false) = (url.host_str(), addresses.is_empty()) {
        builder = builder.resolve_to_addrs(host, &addresses);
    }
    let client = builder.build().map_err(|fault| other(&fault))?;
    let request = client.get(url).header("cache-control", "no-cache");
    let mut response = request.send().await.map_err(|fault| failed(&fault))?;
    let header =
        |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (date, content_type, location) = (header(DATE), header(CONTENT_TYPE), header(LOCATION));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|fault| failed(&fault))? {
        body.extend_from_slice(&chunk);
        if body.len() >= MOST_BYTES {
            body.truncate(MOST_BYTES);
            break;
        }
    }
    Ok(Page {
        status: response.status().as_u16(),
        date,
        content_type,
        location,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

fn failed(fault: &reqwest::Error) -> FetchFailed {
    let mut innermost: &(dyn std::error::Error + 'static) = fault;
    let mut cause = fault.source();
    while let Some(fault) = cause {
        if let Some(Error::InvalidCertificate(why)) = certificate_fault(fault) {
            return FetchFailed::NotTrusted(match why {
                CertificateError::UnknownIssuer => Judgement::UnknownIssuer,
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => Judgement::Expired,
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Judgement::NotYetValid,
                other => Judgement::Other(format!("{other:?}")),
            });
        }
        innermost = fault;
        cause = fault.source();
    }
    if fault.is_timeout() {
        FetchFailed::TimedOut
    } else if fault.is_connect() {
        FetchFailed::NotConnected(innermost.to_string())
    } else {
        FetchFailed::Other(innermost.to_string())
    }
}

/// The TLS library's error, however many times it was wrapped into one of the system's I/O on its way up.
fn certificate_fault<'a>(fault: &'a (dyn std::error::Error + 'static)) -> Option<&'a Error> {
    match fault.downcast_ref::<std::io::Error>() {
        Some(wrapping) => certificate_fault(wrapping.get_ref()?),
        None => fault.downcast_ref(),
    }
}
