//! The table of faults, an area a file. A new fault is one entry.

mod certificates;
mod healthy;
mod hostile;
mod names;
mod network;
mod service;
mod settings;
mod sign_in;

use crate::fault::Fault;

pub(crate) fn all() -> impl Iterator<Item = &'static Fault> {
    let areas = [
        healthy::FAULTS,
        sign_in::FAULTS,
        settings::FAULTS,
        network::FAULTS,
        names::FAULTS,
        certificates::FAULTS,
        service::FAULTS,
        hostile::FAULTS,
    ];
    areas.into_iter().flatten()
}
