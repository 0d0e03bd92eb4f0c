//! A certificate as a person would read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What a certificate says of itself (RFC 5280).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// Its subject, for instance `CN=imap.mail.me.com, O=Apple Inc.`.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// The host names that it covers.
    pub names: Vec<String>,
    /// The first moment at which it is valid.
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub not_before: OffsetDateTime,
    /// The last moment at which it is valid.
    #[serde(with = "time::serde::rfc3339")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub not_after: OffsetDateTime,
    /// Its public key, for instance `RSA 2048` or `EC 256`.
    pub key: String,
    /// How it was signed, for instance `ecdsa-with-SHA256`.
    pub signature: String,
    /// Whether it may sign other certificates.
    pub is_authority: bool,
    /// The identifier of its own key, in hexadecimal.
    pub subject_key: Option<String>,
    /// The identifier of the key that signed it, in hexadecimal.
    pub authority_key: Option<String>,
    /// Whether it says where its issuer's certificate can be fetched (RFC 5280 section 4.2.2.1).
    pub says_where_issuer_is: bool,
}

impl Certificate {
    /// Whether it is valid at this moment, as far as its dates say.
    pub fn is_in_date(&self, at: OffsetDateTime) -> bool {
        self.not_before <= at && at <= self.not_after
    }

    /// Whether it signed itself, as far as the names and keys say.
    pub fn is_self_signed(&self) -> bool {
        self.is_signed_by(self)
    }

    /// Whether `issuer` is the certificate that signed this one, as far as the names and keys say.
    pub fn is_signed_by(&self, issuer: &Self) -> bool {
        self.issuer == issuer.subject
            && match (&self.authority_key, &issuer.subject_key) {
                (Some(wanted), Some(found)) => wanted == found,
                _ => true,
            }
    }
}
