//! The certificates of a chain, and what each store says of it, as half sentences.

use checks::network::Judgement;
use time::Date;

pub(crate) use super::certificate::{common_name, day, organisation};

/// What is wrong with a certificate by itself.
pub(crate) enum Fault<'f> {
    Expired(Date),
    TooEarly(Date),
    NotFor(&'f str),
    SelfSigned,
}

impl Fault<'_> {
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Expired(on) => format!("expired on {on}"),
            Self::TooEarly(from) => format!("valid only from {from}"),
            Self::NotFor(name) => format!("not for {name}"),
            Self::SelfSigned => "signed by itself".to_owned(),
        }
    }
}

/// What the system's store is called.
pub(crate) fn own_store(roots: usize) -> String {
    format!("This computer's store ({roots} roots)")
}

pub(crate) const PUBLIC_LIST: &str = "The public list of roots";

/// What follows the store's name.
pub(crate) fn says(judgement: &Judgement) -> String {
    match judgement {
        Judgement::Trusted => "trusts it".to_owned(),
        Judgement::UnknownIssuer => "does not know its issuer".to_owned(),
        Judgement::Expired => "says that it has expired".to_owned(),
        Judgement::NotYetValid => "says that it is not valid yet".to_owned(),
        Judgement::Other(words) => format!("does not accept it ({words})"),
    }
}
