//! What a text comes from: a person's device or a server, receiving or sending, and the system.

use std::sync::LazyLock;

use checks::plan::Protocol;
use regex_automata::meta::Regex;

use super::signatures::Signatures;
use crate::guide::{Command, Facts, Pasted, System, WITH_STEPS};
use crate::pattern::searched;
use crate::programs::Program;

/// What only servers, containers and scripts write.
static SERVERS: LazyLock<Regex> = LazyLock::new(|| {
    searched(
        r"/var/www|/opt/|(?:site|dist)-packages|/usr/(?:local/)?lib\d*/|node_modules|postfix/|\bexim|\bdocker|\bcontainers?\b|kubernetes|systemd|traceback \(most recent|/vendor/|\.rb:\d+:in|goroutine \d|phpmailer|swiftmailer|\bmailer error|stream_socket|sidekiq|mailcow|\bmox v\d|crontab|on (?:my |our |a |the )?(?:server|vps|nas)\b",
    )
});
/// What libraries and programs without a window write.
static LIBRARIES: LazyLock<Regex> = LazyLock::new(|| {
    searched(
        r"\berrno \d|smtplib|imaplib|nodemailer|mailkit|javax?\.mail|smtpconnection|\bat \S+ ?\(\S+\.(?:java|cs|js|ts|mjs):?\d*|\bmsmtp:|\bgpg:|\[err\]|remote certificate is invalid|invalid peer certificate|lettre|getaddrinfo e|\(node:|(?m:^environment:)|\bpanicked at|dial tcp|\berror:(?:0|1)[0-9a-f]{7}:",
    )
});
/// The greeting of a web host's own mail server.
static LED_ELSEWHERE: LazyLock<Regex> =
    LazyLock::new(|| searched(r"\b220[ -][^\n]{0,80}\bexim \d|we do not authorize the use of this system"));
/// What is on the screen of a person.
static DEVICES: LazyLock<Regex> = LazyLock::new(|| {
    searched(
        r"android|com\.fsck\.k9|\bk-?9\b|thunderbird|mailspring|outlook|iphone|\bipad|\bios\b|apple ?mail|mail\.app|airmail|evolution|geary|fairemail",
    )
});
static PHONES: LazyLock<Regex> = LazyLock::new(|| searched(r"android|com\.fsck\.k9|\biphone|\bipad"));
static RECEIVING: LazyLock<Regex> = LazyLock::new(|| {
    searched(
        r"imap|\b993\b|AUTHENTICATIONFAILED|\bincoming\b|receiv|\binbox\b|\bfolders?\b|\bfetch|\* (?:OK|BYE|NO) |\[NO, ",
    )
});
static SENDING: LazyLock<Regex> = LazyLock::new(|| {
    searched(
        r"smtp|\b(?:587|465)\b|\boutgoing\b|\bsend|\bsent\b|\bmailer\b|\b(?:EHLO|HELO)\b|MAIL FROM|RCPT TO|outbox|\b5[35]\d[ -]\d",
    )
});
/// What names the call that failed: it decides between receiving and sending, whatever else the text speaks of.
static RECEIVING_CALL: LazyLock<Regex> = LazyLock::new(|| {
    searched(r"'receiving' reported|imapflow|imaplib|imapclient|imapstore|imapconnection|imap_open|net::imap")
});
static SENDING_CALL: LazyLock<Regex> = LazyLock::new(|| {
    searched(
        r"'sending' reported|nodemailer|smtp-?connection|smtpsend|sendmail\b|smtpclient|smtptransport|smtplib|smtpcommand|phpmailer|net::smtp|greeting never received",
    )
});
/// Ports at which a page for the other side may be right after all.
static TLS_PORTS: LazyLock<Regex> = LazyLock::new(|| searched(r"\b(?:465|993)\b"));
static STARTTLS_PORT: LazyLock<Regex> = LazyLock::new(|| searched(r"\b587\b"));
static MANY_RECIPIENTS: LazyLock<Regex> = LazyLock::new(|| searched(r"too many recipients|\b[45]\.5\.3\b"));
static OWN_MACHINE: LazyLock<Regex> =
    LazyLock::new(|| searched(r"connect\w*[^\n]{0,40}\W(?:localhost|127\.0\.0\.1|\[::1\])\W"));
static PORT_25: LazyLock<Regex> = LazyLock::new(|| searched(r"(?:\]|[a-z>]|\d):25\b|\bport\W{0,3}25\b"));
static TOO_LARGE: LazyLock<Regex> = LazyLock::new(|| {
    searched(
        r"(?:message|mail|attachment|file|data)s? (?:\w+ )?(?:size |is |was |are |too )*(?:exceed|large|big|limit)|message size|5\.3\.4|5\.2\.3",
    )
});
static LIST_UNSET: LazyLock<Regex> =
    LazyLock::new(|| searched(r"no (?:\w+ ){0,2}(?:ca|root|trusted)[^\n]{0,60}(?:configured|set|specified|given)\b"));
static SYSTEMS: LazyLock<[(Regex, System); 3]> = LazyLock::new(|| {
    [
        (
            r"(?:^|[\s(:=])/(?:var|etc|usr|opt|home|run|srv)/|docker|systemd|apt-get|debian|ubuntu|alpine|raspberry",
            System::Linux,
        ),
        (r"\b[a-z]:\\|\bwindows\b|winsock", System::Windows),
        (r"/users/|\bmac ?os\b|/applications/", System::Mac),
    ]
    .map(|(words, system)| (searched(words), system))
});

/// Causes that only receiving has, or only sending: where a text is about the other alone, general words do not point
/// to them.
const OF_RECEIVING: [&str; 7] = [
    "imap-username-form",
    "imap-sign-in-refused",
    "imap-disabled",
    "mail-in-archive",
    "qresync-unreliable",
    "rfc822-fetch-empty",
    "idle-cut-short",
];
const OF_SENDING: [&str; 6] = [
    "smtp-username-form",
    "smtp-sign-in-refused",
    "sender-not-owned",
    "not-authenticated",
    "sending-limit",
    "message-vanished",
];

/// Where a text comes from.
pub(super) struct Scene {
    side: Option<Protocol>,
    /// What the call that failed was for.
    call: Option<Protocol>,
    has_tls_port: bool,
    has_starttls_port: bool,
}

impl Scene {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let one_of = |receiving: &Regex, sending: &Regex| match (receiving.is_match(bytes), sending.is_match(bytes)) {
            (true, false) => Some(Protocol::Imap),
            (false, true) => Some(Protocol::Smtp),
            _ => None,
        };
        let call = one_of(&RECEIVING_CALL, &SENDING_CALL);
        Self {
            side: call.or_else(|| one_of(&RECEIVING, &SENDING)),
            call,
            has_tls_port: TLS_PORTS.is_match(bytes),
            has_starttls_port: STARTTLS_PORT.is_match(bytes),
        }
    }

    /// Whether a cause is of the side that the text does not speak of.
    pub(super) fn is_of_other_side(&self, cause: &str) -> bool {
        match self.side {
            Some(Protocol::Imap) => OF_SENDING.contains(&cause),
            Some(Protocol::Smtp) => OF_RECEIVING.contains(&cause),
            None => false,
        }
    }

    /// Whether a cause's page tells what to change for the other side than that of the call that failed.
    pub(super) fn is_of_other_page(&self, cause: &str) -> bool {
        match self.call {
            Some(Protocol::Imap) => cause == "tls-on-starttls-port" && !self.has_starttls_port,
            Some(Protocol::Smtp) => cause == "plaintext-on-tls-port" && !self.has_tls_port,
            None => false,
        }
    }
}

/// Whether a server, a container or a script wrote a text.
pub(super) fn is_unattended(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_servers = SERVERS.is_match(bytes) && !PHONES.is_match(bytes);
    is_servers || LIBRARIES.is_match(bytes) && !DEVICES.is_match(bytes)
}

/// Whether a text says that a program works: then it is another one that does not.
pub(super) fn works_in(text: &str, program: &Program) -> bool {
    let (text, name) = (text.to_lowercase(), program.called().to_lowercase());
    let after = text.match_indices(&name).map(|(at, _)| text[at + name.len()..].chars().take(60).collect::<String>());
    let mut sentences = after.map(|after| after.split(['.', '\n']).next().unwrap_or_default().to_owned());
    sentences.any(|rest| [" works", " fine", " connects", " no problem"].iter().any(|words| rest.contains(words)))
}

/// What the text tells the pages.
/// The first of the products that a page has a step for.
fn product(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let begins_a_word = |at: usize| !text[..at].ends_with(char::is_alphanumeric);
    let names = |product: &&str| text.match_indices(*product).any(|(at, _)| begins_a_word(at));
    WITH_STEPS.into_iter().find(names)
}

/// What it tells a page.
pub(super) fn facts(text: &str, program: Option<&str>) -> Facts {
    let bytes = text.as_bytes();
    let says = |condition: &str| Signatures::once().says(condition, text);
    let mut systems = SYSTEMS.iter().filter(|(words, _)| words.is_match(bytes)).map(|(_, system)| *system);
    let mut facts = Facts {
        program: program.map(str::to_owned),
        system: systems.next().filter(|_| systems.next().is_none()),
        pasted: Pasted {
            is_unattended: is_unattended(text),
            is_port_25: PORT_25.is_match(bytes),
            is_too_large: TOO_LARGE.is_match(bytes),
            has_many_recipients: MANY_RECIPIENTS.is_match(bytes),
            is_own_machine: OWN_MACHINE.is_match(bytes),
            is_list_unset: LIST_UNSET.is_match(bytes),
            is_led_elsewhere: LED_ELSEWHERE.is_match(bytes),
            has_vpn: says("(?&vpn)") && !says("(?&no-vpn)"),
            product: product(text),
            command: command(&text.to_lowercase()),
            delivery: None,
        },
        ..Facts::default()
    };
    match Scene::of(text).side {
        Some(Protocol::Imap) => facts.imap.is_affected = true,
        Some(Protocol::Smtp) => facts.smtp.is_affected = true,
        None => {}
    }
    facts
}

/// What became of the command for the password.
fn command(text: &str) -> Command {
    let has = |words: &[&str]| words.iter().any(|words| text.contains(words));
    if has(&["permission denied", "not permitted", "not readable"]) {
        Command::Forbidden
    } else if has(&["gpg", "secret key", "pinentry", "is locked", "unlock"]) {
        Command::Locked
    } else if has(&["not found", "no such file"]) {
        Command::NotFound
    } else {
        Command::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs;

    #[test]
    fn a_vpn_is_one_where_mail_works_without_it_and_none_where_there_is_none() {
        for (text, has_vpn) in [
            ("cannot connect through my VPN", true),
            ("mail times out, and works without the VPN", true),
            ("I am not using a VPN, and mail times out", false),
            ("mail times out", false),
        ] {
            assert_eq!(facts(text, None).pasted.has_vpn, has_vpn, "{text}");
        }
    }

    #[test]
    fn a_server_is_told_from_a_device() {
        for text in [
            "Traceback (most recent call last):\n  File \"/opt/x.py\"",
            "stream_socket_enable_crypto() at /var/www/html/x.php",
            "postfix/smtp[1]: connect: Connection timed out",
            "[Errno 110] Connection timed out",
            "version: 3\nenvironment:\n  SMTP_HOST: smtp.mail.me.com",
            "Thunderbird connects just fine\nTraceback (most recent call last):",
        ] {
            assert!(is_unattended(text), "{text}");
        }
        for text in ["Login failed", "at com.fsck.k9.mail.X.open(X.java:4)", "Thunderbird: read ECONNRESET", "-1200"] {
            assert!(!is_unattended(text), "{text}");
        }
    }

    #[test]
    fn receiving_is_told_from_sending() {
        for (text, of_receiving, of_sending) in [
            ("imap.mail.me.com: LOGIN failed", false, true),
            ("535 5.7.8 Error: authentication failed", true, false),
            ("imap works, smtp does not", false, false),
            ("Error: Greeting never received\n at smtpSend (packages/email.js:110:13)", true, false),
            ("Login failed", false, false),
        ] {
            let scene = Scene::of(text);
            assert_eq!(scene.is_of_other_side("imap-username-form"), of_receiving, "{text}");
            assert_eq!(scene.is_of_other_side("smtp-username-form"), of_sending, "{text}");
        }
    }

    #[test]
    fn a_program_that_works_is_not_the_one_that_fails() {
        let thunderbird = programs::named("thunderbird").unwrap();
        assert!(works_in("and Thunderbird connects to the account just fine...\nerror", thunderbird));
        assert!(!works_in("Thunderbird cannot connect. Mail works", thunderbird));
    }

    #[test]
    fn what_became_of_a_command_is_read() {
        assert_eq!(command("cat: /run/x: permission denied"), Command::Forbidden);
        assert_eq!(command("gpg: decryption failed: no secret key"), Command::Locked);
        assert_eq!(command("sh: pass: not found"), Command::NotFound);
    }
}
