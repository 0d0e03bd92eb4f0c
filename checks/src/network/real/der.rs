//! Reads certificates as they are sent, in DER form.

use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};
use x509_parser::public_key::PublicKey;

use super::super::certificate::Certificate;

/// More names than a certificate of a mail server has.
const MOST_NAMES: usize = 200;

impl Certificate {
    /// Reads the DER form; `None` if it is not a certificate.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let moment = |at: x509_parser::time::ASN1Time| at.to_datetime();
        let mut read = Self {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            names: Vec::new(),
            not_before: moment(certificate.validity().not_before),
            not_after: moment(certificate.validity().not_after),
            key: key_of(&certificate),
            signature: name_of(&certificate.signature_algorithm.algorithm),
            is_authority: certificate.is_ca(),
            subject_key: None,
            authority_key: None,
            says_where_issuer_is: false,
        };
        for extension in certificate.extensions() {
            match extension.parsed_extension() {
                ParsedExtension::SubjectAlternativeName(names) => {
                    read.names = names.general_names.iter().filter_map(host_name).take(MOST_NAMES).collect();
                }
                ParsedExtension::SubjectKeyIdentifier(key) => read.subject_key = Some(hexadecimal(key.0)),
                ParsedExtension::AuthorityKeyIdentifier(authority) => {
                    read.authority_key = authority.key_identifier.as_ref().map(|key| hexadecimal(key.0));
                }
                ParsedExtension::AuthorityInfoAccess(access) => {
                    // id-ad-caIssuers
                    read.says_where_issuer_is = access
                        .accessdescs
                        .iter()
                        .any(|place| place.access_method.to_id_string() == "1.3.6.1.5.5.7.48.2");
                }
                _ => {}
            }
        }
        Some(read)
    }
}

/// The organisation that a certificate's issuer, or a root's subject, names.
pub(super) fn organisation(name: &X509Name<'_>) -> Option<String> {
    name.iter_organization().next().and_then(|part| part.as_str().ok()).map(str::to_owned)
}

/// The organisation that issued a certificate in DER form.
pub(super) fn issuer_organisation(der: &[u8]) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    organisation(certificate.issuer())
}

fn host_name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match *bytes {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(*a, *b, *c, *d).to_string()),
            bytes => <[u8; 16]>::try_from(bytes).ok().map(|bytes| std::net::Ipv6Addr::from(bytes).to_string()),
        },
        _ => None,
    }
}

fn key_of(certificate: &X509Certificate<'_>) -> String {
    let algorithm = &certificate.public_key().algorithm.algorithm;
    match certificate.public_key().parsed() {
        Ok(PublicKey::RSA(key)) => format!("RSA {}", key.key_size()),
        Ok(PublicKey::EC(point)) => format!("EC {}", point.key_size()),
        // Ed25519 comes as unknown bytes: only the algorithm's identifier shows it.
        _ => name_of(algorithm),
    }
}

fn name_of(algorithm: &x509_parser::oid_registry::Oid<'_>) -> String {
    x509_parser::objects::oid2sn(algorithm, x509_parser::objects::oid_registry())
        .map_or_else(|_| algorithm.to_id_string(), str::to_owned)
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
