//! Handshakes that never end, and certificates that are too long.

use std::io;

use super::{for_ever, in_time, slowly};
use crate::certificates::{Authority, Identity, NAMES, authority, of_an_authority, params, root};
use crate::cloud::Cloud;
use crate::imap::Imap;
use crate::smtp::Smtp;
use crate::wire::Wire;
use crate::{Attack, Held, attack};

/// What an attacker sends in place of TLS: a name, and what is sent first and then without end.
const TALKS: [(&str, &[u8], &[u8]); 6] = [
    ("noise", b"", &[0x7f; 16_384]),
    ("handshake records of one byte", b"", &[22, 3, 3, 0, 1, 2]),
    ("empty records", b"", &[22, 3, 3, 0, 0]),
    ("warnings", b"", &[21, 3, 3, 0, 2, 1, 90]),
    ("a message of sixteen megabytes", &[22, 3, 3, 0x40, 0, 2, 0xff, 0xff, 0xff], &[0; 16_384]),
    ("changes of the cipher", b"", &[20, 3, 3, 0, 1, 1]),
];

pub(super) fn all() -> Vec<Attack> {
    let talk = |(name, first, then): (&'static str, &'static [u8], &'static [u8])| {
        attack(format!("TLS, without end: {name}"), move || {
            instead_of_tls(move |wire| {
                wire.send(first)?;
                for_ever(wire, then)
            })
        })
    };
    let mut attacks: Vec<Attack> = TALKS.into_iter().map(talk).collect();
    attacks.push(attack("TLS, slowly", || instead_of_tls(|wire| slowly(wire, &[22, 3, 3, 0, 200, 2]))));
    attacks.push(attack("TLS: a certificate for three thousand names", || {
        let names: Vec<String> = (0..3_000).map(|nth| format!("n{nth}.example")).collect();
        let all: Vec<&str> = NAMES.into_iter().chain(names.iter().map(String::as_str)).collect();
        shown(&Identity::honest(&all))
    }));
    attacks.push(attack("TLS: a certificate whose subject has 40 kB", || {
        let mut params = params(&NAMES);
        params.distinguished_name.push(rcgen::DnType::OrganizationName, "o".repeat(40_000));
        shown(&Identity::signed(&params, root(), &[]))
    }));
    attacks.push(attack("TLS: a chain of sixty", || {
        let others: Vec<Authority> = (0..60).map(|nth| authority(&format!("Authority {nth}"))).collect();
        shown(&Identity::signed(&params(&NAMES), root(), &others.iter().collect::<Vec<_>>()))
    }));
    attacks.push(attack("TLS: a certificate that lasts from the first year to the last", || {
        let mut params = params(&NAMES);
        params.not_before = rcgen::date_time_ymd(1, 1, 1);
        params.not_after = rcgen::date_time_ymd(9999, 12, 31);
        shown(&Identity::signed(&params, root(), &[]))
    }));
    attacks.push(attack("TLS: an authority that lasted for one day in the last year", || {
        let mut params = of_an_authority("Late");
        params.not_before = rcgen::date_time_ymd(9999, 12, 31);
        params.not_after = rcgen::date_time_ymd(9999, 12, 31);
        shown(&Identity::signed(&params, root(), &[]))
    }));
    attacks
}

fn instead_of_tls(serve: impl Fn(&mut Wire) -> io::Result<()> + Send + Sync + 'static) -> Held {
    let smtp = Smtp::default();
    in_time(Cloud::serving(serve, move |wire| smtp.serve(wire)).check())
}

fn shown(identity: &Identity) -> Held {
    let tls = identity.config();
    in_time(Cloud::of(Imap { tls: tls.clone(), ..Imap::default() }, Smtp { tls, ..Smtp::default() }).check())
}
