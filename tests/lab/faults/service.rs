//! Apple's side is down, or says so.

use crate::fault::{Expected, Fault, HEALTHY_APPLE, ONE_EACH, Servers, SignIns, StatusPage};

const UNAVAILABLE: Fault = Fault {
    servers: Servers::Scripted(&["imap=unavailable", "smtp=unavailable"]),
    expected: Expected::Cause("service-unavailable"),
    // A client that is told to come later and asks again at once adds to the load, and may be locked out.
    most_sign_ins: ONE_EACH,
    seconds: 10.0,
    ..HEALTHY_APPLE
};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "apple-outage",
        status_page: StatusPage::MailOutage,
        expected: Expected::Cause("apple-outage"),
        case: Some("apple-status/apple-outage"),
        ..UNAVAILABLE
    },
    // The near miss of apple-outage: the page shows nothing yet.
    Fault { name: "service-unavailable", case: Some("imap/service-unavailable"), ..UNAVAILABLE },
    Fault {
        name: "service-unavailable-imap",
        servers: Servers::Scripted(&["imap=unavailable"]),
        clean: &["smtp"],

        ..UNAVAILABLE
    },
    Fault {
        name: "service-unavailable-accounts-lost",
        servers: Servers::RealWithoutAccounts,
        seconds: 15.0,
        case: Some("imap/service-unavailable-accounts-lost"),
        ..UNAVAILABLE
    },
    Fault {
        name: "service-says-goodbye",
        servers: Servers::Scripted(&["imap=bye", "smtp=bye"]),
        most_sign_ins: SignIns { imap: 0, smtp: 0 },
        case: Some("imap/service-says-goodbye"),
        ..UNAVAILABLE
    },
    Fault {
        name: "unexplained-nonsense",
        servers: Servers::Scripted(&["imap=nonsense"]),
        expected: Expected::Cause("unexplained"),
        clean: &["smtp"],
        most_sign_ins: SignIns { imap: 0, smtp: 1 },
        seconds: 12.0,
        case: Some("imap/unexplained"),
        ..HEALTHY_APPLE
    },
];
