//! The handshake itself: what is too old for it, too large for it, or lost on the way.

use crate::fault::{Expected, Fault, HEALTHY_APPLE, NONE, Servers, SignIns};

const ONLY_IMAP: SignIns = SignIns { imap: 1, smtp: 0 };
const ONLY_SMTP: SignIns = SignIns { imap: 0, smtp: 1 };
/// A `ClientHello` with today's key exchange has some 1500 bytes, one without it some 300. The rules drop a packet that
/// begins a TLS record of a handshake (22) by the length that the record names: so it is lost in any segments.
const LOST: Fault = Fault { expected: Expected::Cause("large-client-hello-dropped"), seconds: 20.0, ..HEALTHY_APPLE };
/// A path that carries only small packets, as a tunnel does, and whose ICMP is filtered (RFC 2923 section 2.1).
const TIGHT: &[&str] = &["meta l4proto tcp meta length > 1300 drop"];
/// A veth passes on what is not cut into packets yet, unless there is nothing to cut.
const IN_PACKETS: &[&str] = &["link set eth0 gso_max_segs 1"];
const PACKETS_LOST: Fault = Fault {
    expected: Expected::Cause("large-packets-lost"),
    link: IN_PACKETS,
    cloud_link: IN_PACKETS,
    most_sign_ins: NONE,
    seconds: 20.0,
    ..HEALTHY_APPLE
};
const TOO_OLD: Fault = Fault { expected: Expected::Cause("tls-too-old"), seconds: 10.0, ..HEALTHY_APPLE };

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "large-client-hello-dropped-993",
        case: Some("tls/large-client-hello-dropped"),
        cloud_firewall: &["tcp dport 993 @ih,0,8 22 @ih,24,16 > 600 drop"],
        clean: &["smtp"],
        most_sign_ins: SignIns { imap: 1, smtp: 1 },
        ..LOST
    },
    Fault {
        name: "large-client-hello-dropped-587",
        cloud_firewall: &["tcp dport 587 @ih,0,8 22 @ih,24,16 > 600 drop"],
        clean: &["imap"],
        most_sign_ins: SignIns { imap: 1, smtp: 1 },
        ..LOST
    },
    Fault {
        name: "large-packets-lost-towards-the-user",
        case: Some("tls/large-packets-lost"),
        way_back: TIGHT,
        ..PACKETS_LOST
    },
    Fault {
        name: "large-packets-lost-away-from-the-user",
        case: Some("tls/large-packets-lost-away"),
        cloud_firewall: TIGHT,
        ..PACKETS_LOST
    },
    Fault {
        name: "large-packets-lost-587",
        cloud_firewall: &["tcp dport 587 meta length > 1300 drop"],
        clean: &["imap"],
        most_sign_ins: ONLY_IMAP,
        ..PACKETS_LOST
    },
    Fault {
        name: "tls-cut-silent",
        case: Some("tls/tls-cut-silent"),
        cloud_firewall: &["tcp dport 993 @ih,0,8 22 drop"],
        expected: Expected::Cause("tls-cut"),
        never: &["large-packets-lost", "large-client-hello-dropped"],
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        ..LOST
    },
    Fault { name: "large-packets-lost-both-ways", cloud_firewall: TIGHT, way_back: TIGHT, ..PACKETS_LOST },
    Fault {
        name: "tls-too-old-imap",
        case: Some("tls/tls-too-old"),
        servers: Servers::Scripted(&["imap=old-tls"]),
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        ..TOO_OLD
    },
    Fault {
        name: "tls-too-old-smtp",
        servers: Servers::Scripted(&["smtp=old-tls"]),
        clean: &["imap"],
        most_sign_ins: ONLY_IMAP,
        ..TOO_OLD
    },
    Fault {
        name: "tls-too-old-imap-closes",
        servers: Servers::Scripted(&["imap=old-tls-closes"]),
        clean: &["smtp"],
        most_sign_ins: ONLY_SMTP,
        ..TOO_OLD
    },
    Fault {
        name: "tls-too-old-smtp-closes",
        case: Some("tls/tls-too-old-without-a-word"),
        servers: Servers::Scripted(&["smtp=old-tls-closes"]),
        clean: &["imap"],
        most_sign_ins: ONLY_IMAP,
        ..TOO_OLD
    },
    Fault {
        name: "tls-too-old-both",
        servers: Servers::Scripted(&["imap=old-tls", "smtp=old-tls"]),
        most_sign_ins: NONE,
        ..TOO_OLD
    },
];
