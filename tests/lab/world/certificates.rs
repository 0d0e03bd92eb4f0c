//! The authorities, the certificates that the servers present, and the stores of the user's machine.

use super::addresses::{IMAP_NAME, SMTP_NAME, STATUS_NAME};
use super::commands::Outcome;
use crate::fault::{Fault, Presented};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use std::fs;
use std::path::Path;
use time::{Duration, OffsetDateTime};

type Authority = CertifiedIssuer<'static, KeyPair>;

/// A leaf's file of certificates (the chain as it is sent) and its key, in PEM.
struct Identity {
    chain: String,
    key: String,
}

struct Authorities {
    root: Authority,
    apple: Authority,
    unknown: Authority,
    virus_scanner: Authority,
    /// In every store beside the one that matters, as a real store has many.
    other_root: Authority,
}

/// Writes imap.pem, smtp.pem and www.pem with their .key, and the stores: public.pem, and system.pem with its worse states.
pub(crate) fn write(folder: &Path, fault: &Fault) -> Outcome {
    let authorities = Authorities::create()?;
    let identities = [
        ("imap", authorities.identity(IMAP_NAME, fault.imap_certificate)?),
        ("smtp", authorities.identity(SMTP_NAME, fault.smtp_certificate)?),
        ("www", authorities.identity(STATUS_NAME, fault.web_certificate)?),
    ];
    for (name, identity) in identities {
        fs::write(folder.join(format!("{name}.pem")), identity.chain)?;
        fs::write(folder.join(format!("{name}.key")), identity.key)?;
    }
    let public = authorities.other_root.pem() + &authorities.root.pem();
    let presented = [fault.imap_certificate, fault.smtp_certificate, fault.web_certificate];
    let intercepted = presented.contains(&Presented::Intercepted);
    let added_by_scanner = if intercepted { authorities.virus_scanner.pem() } else { String::new() };
    fs::write(folder.join("system.pem"), format!("{public}{added_by_scanner}"))?;
    fs::write(folder.join("public.pem"), public)?;
    fs::write(folder.join("old.pem"), authorities.other_root.pem())?;
    fs::write(folder.join("empty.pem"), "")?;
    Ok(())
}

impl Authorities {
    fn create() -> Outcome<Self> {
        let root =
            Authority::self_signed(authority("Lab Root CA", "Laboratory Trust Services")?, KeyPair::generate()?)?;
        let apple = authority("Apple Public Server RSA CA 11 - G1", "Apple Inc.")?;
        let apple = Authority::signed_by(apple, KeyPair::generate()?, &root)?;
        let unknown = authority("Home Router CA", "Nobody In Particular")?;
        let virus_scanner = authority("Avast Web/Mail Shield Root", "Avast Web/Mail Shield")?;
        let other_root = authority("Another Lab Root CA", "Another Laboratory")?;
        Ok(Self {
            root,
            apple,
            unknown: Authority::self_signed(unknown, KeyPair::generate()?)?,
            virus_scanner: Authority::self_signed(virus_scanner, KeyPair::generate()?)?,
            other_root: Authority::self_signed(other_root, KeyPair::generate()?)?,
        })
    }

    fn identity(&self, name: &str, presented: Presented) -> Outcome<Identity> {
        let key = KeyPair::generate()?;
        let (first_day, last_day) = match presented {
            Presented::Expired => (-90, -2),
            Presented::NotYetValid => (20, 110),
            _ => (-30, 60),
        };
        let leaf = match presented {
            Presented::OtherName => leaf("portal.hotel.example", first_day, last_day)?,
            _ => leaf(name, first_day, last_day)?,
        };
        let chain = match presented {
            Presented::SelfSigned => leaf.self_signed(&key)?.pem(),
            Presented::UnknownIssuer => leaf.signed_by(&key, &self.unknown)?.pem() + &self.unknown.pem(),
            Presented::Intercepted => leaf.signed_by(&key, &self.virus_scanner)?.pem(),
            Presented::WithoutIntermediate => leaf.signed_by(&key, &self.apple)?.pem(),
            _ => leaf.signed_by(&key, &self.apple)?.pem() + &self.apple.pem(),
        };
        Ok(Identity { chain, key: key.serialize_pem() })
    }
}

/// Authorities live long: two years to either side, where the wrong clocks stand, they are valid too, as Apple's are.
fn authority(name: &str, organization: &str) -> Outcome<CertificateParams> {
    let mut params = parameters(name, organization, &[], -3650, 3650)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    Ok(params)
}

fn leaf(name: &str, first_day: i64, last_day: i64) -> Outcome<CertificateParams> {
    let mut params = parameters(name, "Apple Inc.", &[name], first_day, last_day)?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

fn parameters(name: &str, organization: &str, names: &[&str], first: i64, last: i64) -> Outcome<CertificateParams> {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.distinguished_name.push(DnType::OrganizationName, organization);
    params.distinguished_name.push(DnType::CountryName, "US");
    params.not_before = OffsetDateTime::now_utc() + Duration::days(first);
    params.not_after = OffsetDateTime::now_utc() + Duration::days(last);
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}
