//! What to ask a user whose text fits several causes and decides between none of them.

use checks::plan::Protocol;

/// A question, and the causes that each answer points to.
pub(crate) struct Deciding {
    /// The causes of general phrases: the question is for a text that points to one of them most of all.
    pub(crate) after: &'static [&'static str],
    /// Who can answer it.
    pub(crate) to: To,
    pub(crate) asks: &'static str,
    pub(crate) answers: &'static [Answer],
}

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    Anyone,
    /// A person at the device in question.
    Person,
    /// A person who can run a command on a server, or where a script runs; it uses this protocol.
    Server(Protocol),
}

/// An answer that the user may give.
pub(crate) struct Answer {
    pub(crate) says: &'static str,
    /// The causes that it points to; the first of them that the text fits counts.
    pub(crate) causes: &'static [&'static str],
}

const fn answer(says: &'static str, causes: &'static [&'static str]) -> Answer {
    Answer { says, causes }
}

/// Each asks for what a user can see without help.
pub(crate) static DECIDING: [Deciding; 11] = [
    Deciding {
        after: &["apple-password-used"],
        to: To::Anyone,
        asks: "Which password did you give the mail program?",
        answers: &[
            answer("The password of my Apple Account, or I am not sure", &["apple-password-used"]),
            answer(
                "An app-specific password: sixteen letters in four groups, which Apple made for me",
                &["password-refused"],
            ),
            answer(
                "An app-specific password, but my user name is an address that does not end in icloud.com, me.com or mac.com",
                &["not-an-icloud-login"],
            ),
        ],
    },
    Deciding {
        after: &["apple-password-used"],
        to: To::Anyone,
        asks: "Do new messages still arrive in the same mail program?",
        answers: &[
            answer("No, receiving fails too", &["apple-password-used"]),
            answer("Yes, and sending works over another network, such as my phone's hotspot", &["port-blocked"]),
            answer("Yes, and sending fails over every network", &["tls-on-starttls-port"]),
            answer("Yes, and sending fails only from one of my addresses", &["sender-not-owned"]),
        ],
    },
    Deciding {
        after: &["apple-password-used", "apple-outage", "mail-in-archive"],
        to: To::Anyone,
        asks: "Does a browser on the same device show the new messages at `https://www.icloud.com/mail`?",
        answers: &[
            answer("Yes, and the mail program asks for the password or refuses it", &["apple-password-used"]),
            answer("Yes, and the mail program reports that it cannot connect", &["port-blocked"]),
            answer("Yes, but in Archive and not in the inbox", &["mail-in-archive"]),
            answer("No, and Mail on icloud.com reports an error", &["apple-outage"]),
            answer("No, and the storage of the account is full", &["mailbox-full"]),
        ],
    },
    Deciding {
        after: &["port-blocked", "wrong-port", "ipv6-broken", "offline"],
        to: To::Person,
        asks: "Does mail work with the same settings over another network, such as your phone's hotspot?",
        answers: &[
            answer("Yes", &["port-blocked", "ipv6-broken"]),
            answer("No, it fails there too", &["wrong-server-name", "wrong-port", "no-greeting"]),
            answer("I cannot open web pages either", &["offline"]),
        ],
    },
    Deciding {
        after: &["port-blocked", "wrong-port", "ipv6-broken", "offline"],
        to: To::Server(Protocol::Smtp),
        asks: "What does `nc -vz smtp.mail.me.com 587` say on the machine that fails?",
        answers: &[
            answer("It waits, or the connection is refused", &["port-blocked", "ipv6-broken"]),
            answer("It connects", &["wrong-server-name", "wrong-port", "no-greeting"]),
            answer("It finds no such name, or no network", &["offline"]),
        ],
    },
    Deciding {
        after: &["port-blocked", "wrong-port", "ipv6-broken", "offline"],
        to: To::Server(Protocol::Imap),
        asks: "What does `nc -vz imap.mail.me.com 993` say on the machine that fails?",
        answers: &[
            answer("It waits, or the connection is refused", &["port-blocked", "ipv6-broken"]),
            answer("It connects", &["wrong-server-name", "wrong-port", "no-greeting"]),
            answer("It finds no such name, or no network", &["offline"]),
        ],
    },
    Deciding {
        after: &["dns-server-failure", "wrong-server-name", "dns-resolver-unreachable"],
        to: To::Anyone,
        asks: "Do web pages open on the same computer?",
        answers: &[
            answer("No", &["offline", "dns-resolver-unreachable"]),
            answer(
                "Yes, but the server in the mail program is not exactly `imap.mail.me.com` or `smtp.mail.me.com`",
                &["wrong-server-name"],
            ),
            answer("Yes, and mail works over another network, such as my phone's hotspot", &["dns-filtered"]),
            answer("Yes, and mail fails over every network", &["dns-server-failure"]),
        ],
    },
    // The issuer's organisation in the chains of both servers: MailKit/MailService.cs, 2020 to 2026.
    Deciding {
        after: &["untrusted-issuer", "tls-intercepted", "ca-store-missing"],
        to: To::Person,
        asks: "Who issued the certificate? Many mail programs show this behind a button such as View Certificate.",
        answers: &[
            answer("Apple", &["ca-store-missing"]),
            answer("An antivirus program, a company or a router", &["tls-intercepted"]),
            answer("Anyone else", &["untrusted-issuer"]),
        ],
    },
    Deciding {
        after: &["untrusted-issuer", "tls-intercepted", "ca-store-missing"],
        to: To::Server(Protocol::Smtp),
        asks: "Who issued the certificate? `openssl s_client -connect smtp.mail.me.com:587 -starttls smtp` prints it behind the letter i, on the machine that fails.",
        answers: &[
            answer("Apple", &["ca-store-missing"]),
            answer("A company, a firewall or a security product", &["tls-intercepted"]),
            answer("Anyone else", &["untrusted-issuer"]),
        ],
    },
    Deciding {
        after: &["untrusted-issuer", "tls-intercepted", "ca-store-missing"],
        to: To::Server(Protocol::Imap),
        asks: "Who issued the certificate? `openssl s_client -connect imap.mail.me.com:993` prints it behind the letter i, on the machine that fails.",
        answers: &[
            answer("Apple", &["ca-store-missing"]),
            answer("A company, a firewall or a security product", &["tls-intercepted"]),
            answer("Anyone else", &["untrusted-issuer"]),
        ],
    },
    Deciding {
        after: &["plaintext-on-tls-port", "tls-on-starttls-port"],
        to: To::Anyone,
        asks: "Which port and which kind of encryption are set in the mail program?",
        answers: &[
            answer("Port 993 or 465, with STARTTLS or without encryption", &["plaintext-on-tls-port"]),
            answer("Port 587 or 143, with SSL/TLS", &["tls-on-starttls-port"]),
            answer("Another port than 993 for receiving or 587 for sending", &["wrong-port"]),
            answer(
                "Port 993 with SSL/TLS for receiving, port 587 with STARTTLS for sending",
                &["port-blocked", "tls-intercepted"],
            ),
        ],
    },
];
