//! The table of faults, one file for each area. A new fault is one entry.

mod backends;
mod certificates;
mod dropped;
mod handshake;
mod healthy;
mod hostile;
mod limits;
mod mailbox;
mod mechanisms;
mod names;
mod network;
mod pairs;
mod portal;
mod service;
mod settings;
mod sign_in;
mod status;
mod unusual;
mod usernames;

use crate::fault::Fault;

pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    let areas = [
        healthy::FAULTS,
        unusual::FAULTS,
        sign_in::FAULTS,
        usernames::FAULTS,
        mechanisms::FAULTS,
        backends::FAULTS,
        limits::FAULTS,
        mailbox::FAULTS,
        settings::FAULTS,
        network::FAULTS,
        names::FAULTS,
        certificates::FAULTS,
        handshake::FAULTS,
        portal::FAULTS,
        service::FAULTS,
        status::FAULTS,
        dropped::FAULTS,
        hostile::FAULTS,
    ];
    areas.into_iter().chain(pairs::FAULTS).flatten()
}
