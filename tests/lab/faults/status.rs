//! What Apple's status page says, beside mail that works or does not. It lags, and it alone proves nothing.

use crate::fault::{Expected, Fault, HEALTHY, HEALTHY_APPLE, ONE_EACH, Servers, StatusPage, TWO_EACH};

const REFUSED: &[&str] = &["imap=refuse", "smtp=refuse"];
const DOWN: Fault = Fault {
    servers: Servers::Scripted(&["imap=unavailable", "smtp=unavailable"]),
    most_sign_ins: ONE_EACH,
    seconds: 10.0,
    ..HEALTHY_APPLE
};

pub(super) const FAULTS: &[Fault] = &[
    Fault { name: "healthy-maintenance-tomorrow", status_page: StatusPage::MailMaintenanceTomorrow, ..HEALTHY_APPLE },
    Fault {
        name: "healthy-outage-ended",
        case: Some("apple-status/healthy-outage-ended"),
        status_page: StatusPage::MailOutageEnded,
        ..HEALTHY_APPLE
    },
    Fault { name: "healthy-other-service-out", status_page: StatusPage::OtherOutage, ..HEALTHY_APPLE },
    // Some users are affected, and this one is not, or not yet.
    Fault {
        name: "healthy-despite-outage",
        case: Some("apple-status/outage-without-trouble"),
        status_page: StatusPage::MailOutage,
        expected: Expected::HealthyDespite(&["apple-outage"]),
        ..HEALTHY_APPLE
    },
    Fault { name: "healthy-status-not-the-feed", status_page: StatusPage::NotTheFeed, ..HEALTHY_APPLE },
    Fault {
        name: "healthy-status-dropped",
        cloud_firewall: &["tcp dport 443 drop"],
        // Not longer than mail needs: a page that proves nothing is not worth waiting for.
        seconds: 6.0,
        ..HEALTHY
    },
    Fault {
        name: "healthy-status-refused",
        cloud_firewall: &["meta l4proto tcp tcp dport 443 reject with tcp reset"],
        ..HEALTHY
    },
    // No sign-in can succeed while the service itself is out; and the password may be wrong all the same.
    Fault {
        name: "apple-outage-of-sign-in",
        case: Some("apple-status/outage-of-sign-in"),
        servers: Servers::Scripted(REFUSED),
        status_page: StatusPage::SignInOutage,
        expected: Expected::Cause("apple-outage"),
        beside: &["password-refused"],
        most_sign_ins: TWO_EACH,
        seconds: 10.0,
        ..HEALTHY_APPLE
    },
    Fault {
        name: "service-unavailable-outage-ended",
        status_page: StatusPage::MailOutageEnded,
        expected: Expected::Cause("service-unavailable"),
        ..DOWN
    },
    Fault {
        name: "service-unavailable-other-service-out",
        status_page: StatusPage::OtherOutage,
        expected: Expected::Cause("service-unavailable"),
        ..DOWN
    },
    Fault {
        name: "service-unavailable-maintenance-tomorrow",
        status_page: StatusPage::MailMaintenanceTomorrow,
        expected: Expected::Cause("service-unavailable"),
        ..DOWN
    },
    Fault {
        name: "service-unavailable-status-dropped",
        cloud_firewall: &["tcp dport 443 drop"],
        expected: Expected::Cause("service-unavailable"),
        ..DOWN
    },
];
