//! The servers are well and refuse the account.

use crate::fault::{Expected, Fault, HEALTHY, HEALTHY_APPLE, Servers, SignIns, StatusPage, TWO_EACH};

/// App-specific in shape, and not the account's.
const REVOKED: &str = "hbtn-kqxf-wzpd-mvjr";

const REFUSED: Fault = Fault {
    password: REVOKED,
    expected: Expected::Cause("password-refused"),
    most_sign_ins: TWO_EACH,
    seconds: 10.0,
    ..HEALTHY
};

pub(super) const FAULTS: &[Fault] = &[
    Fault { name: "password-refused", case: Some("imap/password-refused"), ..REFUSED },
    Fault { name: "password-refused-apple", servers: Servers::Scripted(&[]), ..REFUSED },
    Fault {
        name: "password-refused-and-dropped",
        servers: Servers::Scripted(&["imap=drop-after-refusal", "smtp=drop-after-refusal"]),
        case: Some("imap/password-refused-and-dropped"),
        ..REFUSED
    },
    Fault {
        name: "password-refused-and-echoed",
        servers: Servers::Scripted(&["imap=echo-password", "smtp=echo-password"]),
        ..REFUSED
    },
    // The near miss of apple-outage: a refusal in plain words is not what an outage looks like.
    Fault {
        name: "password-refused-during-outage",
        servers: Servers::Scripted(&[]),
        status_page: StatusPage::MailOutage,
        case: Some("apple-status/outage-and-wrong-password"),
        ..REFUSED
    },
    Fault {
        name: "apple-password-used",
        password: "Sunflower!2019-Home",
        expected: Expected::Cause("apple-password-used"),
        case: Some("imap/apple-password-used"),
        ..REFUSED
    },
    Fault {
        name: "password-mangled",
        // The canary, as it comes out of a mail or a web page.
        password: "qzkv-wjxh-\r\nbfyd-npmt ",
        expected: Expected::Cause("password-mangled"),
        case: Some("imap/password-mangled"),
        ..REFUSED
    },
    // Such a login is refused with any password: whether this one is right cannot be known.
    Fault {
        name: "not-an-icloud-login",
        email: "hello@quokka.example",
        password: HEALTHY.password,
        expected: Expected::Cause("not-an-icloud-login"),
        beside: &["password-refused"],
        case: Some("imap/not-an-icloud-login"),
        ..REFUSED
    },
    Fault {
        name: "imap-sign-in-refused",
        servers: Servers::Scripted(&["imap=refuse"]),
        expected: Expected::Cause("imap-sign-in-refused"),
        clean: &["smtp"],
        most_sign_ins: SignIns { imap: 2, smtp: 1 },
        case: Some("imap/imap-sign-in-refused"),
        ..HEALTHY_APPLE
    },
    Fault {
        name: "smtp-sign-in-refused",
        servers: Servers::Scripted(&["smtp=refuse"]),
        expected: Expected::Cause("smtp-sign-in-refused"),
        clean: &["imap"],
        most_sign_ins: SignIns { imap: 1, smtp: 2 },
        case: Some("smtp/smtp-sign-in-refused"),
        ..HEALTHY_APPLE
    },
];
