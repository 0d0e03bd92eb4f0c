//! Two things are broken at once, and both can be seen: either may be told first, and nothing else.

mod of_certificates;
mod of_network;
mod of_settings;
mod of_sign_in;

use crate::fault::Fault;

pub(super) const FAULTS: [&[Fault]; 4] =
    [of_certificates::FAULTS, of_network::FAULTS, of_settings::FAULTS, of_sign_in::FAULTS];

/// App-specific in shape, and not the account's.
const REVOKED: &str = "hbtn-kqxf-wzpd-mvjr";
const STRANGER: [&str; 2] = ["--from", "hello@quokka.example"];
