//! What was seen, a sentence a fact: the diagnosis gives its reasons in these words, and a report its summaries.

use std::net::SocketAddr;

use checks::conversation::{Awaiting, Interruption};
use checks::dns::{self, Outcome as Names};
use checks::mailbox::{Fetched, MessageFacts, NotAsked, Storage};
use checks::network::certificate::Certificate;
use checks::network::{ConnectFailed, FetchFailed, Judgement, QueryFailed, TlsFailed};
use checks::plan::Protocol;
use checks::second_look::other_sign_in::{Difference, Try};
use checks::second_look::plain_page;
use checks::sign_in::{Outcome, SignIn};
use checks::talk::NoAnswer;
use checks::tcp;
use checks::tls;

use crate::quoted;

/// What came of asking for a name.
pub(crate) fn names(facts: &dns::Facts) -> String {
    let name = &facts.name;
    let whom = match facts.source {
        dns::Source::HostsFile => "this machine's hosts file".to_owned(),
        _ => facts
            .attempts
            .last()
            .map_or("the resolver".to_owned(), |last| format!("the resolver {}", last.resolver.ip())),
    };
    match facts.outcome {
        Names::Found if facts.source == dns::Source::Literal => format!("{name} is an address already"),
        Names::Found => {
            let mut shown: Vec<String> =
                facts.addresses.iter().take(2).map(|found| found.address.to_string()).collect();
            if facts.addresses.len() > 2 {
                shown.push(format!("{} more", facts.addresses.len() - 2));
            }
            let by = if facts.source == dns::Source::HostsFile { " (from this machine's hosts file)" } else { "" };
            format!("{name} is {}{by}", shown.join(", "))
        }
        Names::NoSuchName => format!("{whom} says that there is no name {name} (NXDOMAIN)"),
        Names::NoAddress => format!("{whom} knows {name}, but no address for it"),
        Names::ServerFailure => format!("{whom} could not find out about {name} ({})", code(facts)),
        Names::Refused => format!("{whom} refuses to tell the address of {name} (REFUSED)"),
        Names::Unanswered => format!("no answer about {name}: {}", unanswered(facts)),
        Names::NoResolver => format!(
            "this machine is set to ask no resolver{}",
            facts.resolvers_unreadable.as_ref().map(|why| format!(" ({why})")).unwrap_or_default()
        ),
    }
}

fn code(facts: &dns::Facts) -> String {
    let mut answers = facts.attempts.iter().rev().filter_map(|attempt| attempt.answer.as_ref());
    answers.next().map_or_else(String::new, |answer| answer.code.clone())
}

fn unanswered(facts: &dns::Facts) -> String {
    let Some(last) = facts.attempts.last() else { return "nobody was asked".to_owned() };
    no_answer(last.resolver, last.failed.as_ref().unwrap_or(&QueryFailed::TimedOut))
}

/// Why a resolver gave no answer.
pub(crate) fn no_answer(resolver: SocketAddr, failed: &QueryFailed) -> String {
    match failed {
        QueryFailed::Refused => format!("nothing listens at the resolver {resolver}"),
        QueryFailed::NoRoute => format!("this machine has no way to the resolver {resolver}"),
        QueryFailed::Unreachable => format!("a router says that the resolver {resolver} cannot be reached"),
        QueryFailed::Prohibited => format!("a firewall forbids asking the resolver {resolver}"),
        QueryFailed::Unreadable => format!("the resolver {resolver} sends something that is no DNS answer"),
        QueryFailed::Other(words) => format!("asking the resolver {resolver} failed ({words})"),
        QueryFailed::NotRecorded => format!("the recorded case holds no answer of {resolver}"),
        QueryFailed::TimedOut => format!("the resolver {resolver} stays silent"),
    }
}

/// What came of connecting.
pub(crate) fn connection(facts: &tcp::Facts) -> String {
    match facts.open() {
        Some(open) => format!("port {} of {} opened after {} ms", facts.port, open.to.ip(), open.duration_ms),
        None => {
            let failures: Vec<String> = facts.attempts.iter().map(attempt).collect();
            format!("no connection to port {}: {}", facts.port, failures.join("; "))
        }
    }
}

/// What came of one attempt to connect.
pub(crate) fn attempt(attempt: &tcp::Attempt) -> String {
    let (to, seconds) = (attempt.to.ip(), f64::from(u32::try_from(attempt.duration_ms).unwrap_or(u32::MAX)) / 1000.0);
    // Who reports it by ICMP and is not the address itself stands before it: a firewall, or a router on the way.
    if let (Some(by), Some(failed)) = (attempt.by.filter(|by| *by != to), &attempt.failed) {
        return match failed {
            ConnectFailed::Unreachable => format!("{by}, which stands before {to}, says that it cannot be reached"),
            _ => format!("{by}, which stands before {to}, does not let the connection through"),
        };
    }
    match &attempt.failed {
        None => format!("{to} answered after {} ms", attempt.duration_ms),
        Some(ConnectFailed::TimedOut) => format!("{to} stayed silent for {seconds:.1} s"),
        Some(ConnectFailed::Refused) => format!("{to} refused the connection"),
        Some(ConnectFailed::Reset) => format!("the connection to {to} was reset"),
        Some(ConnectFailed::NoRoute) => format!("this machine has no way to {to}"),
        Some(ConnectFailed::Unreachable) => format!("a router says that {to} cannot be reached"),
        Some(ConnectFailed::Prohibited) => format!("a firewall forbids the connection to {to}"),
        Some(ConnectFailed::Overtaken) => format!("{to} was given up because another address was quicker"),
        Some(ConnectFailed::Other(words)) => format!("connecting to {to} failed ({words})"),
        Some(ConnectFailed::NotRecorded) => format!("the recorded case holds no connection to {to}"),
    }
}

/// What came of a handshake.
pub(crate) fn handshake(facts: &tls::Facts) -> String {
    let name = &facts.name;
    if let Some(failed) = &facts.failed {
        return match failed {
            TlsFailed::TimedOut => format!("{name} did not answer the TLS handshake"),
            TlsFailed::NotTls => format!(
                "what answers for {name} does not speak TLS here; it begins with \"{}\"",
                shortened(&facts.first_bytes)
            ),
            TlsFailed::TooOld => format!("what answers for {name} knows only TLS versions that are too old to be safe"),
            TlsFailed::Closed => format!("the connection to {name} was closed during the TLS handshake"),
            TlsFailed::Reset => format!("the connection to {name} was reset during the TLS handshake"),
            TlsFailed::Alert(alert) => format!("{name} refused the TLS handshake (alert {alert})"),
            TlsFailed::Other(words) => format!("the TLS handshake with {name} failed ({words})"),
            TlsFailed::NotRecorded => format!("the recorded case holds no TLS handshake with {name}"),
        };
    }
    let version = facts.negotiated.as_ref().map_or("TLS", |negotiated| negotiated.version.as_str());
    let (Some(first), Some(trust)) = (facts.chain.first(), &facts.trust) else {
        return format!("{name} speaks {version} and shows no certificate");
    };
    let issuer = common_name(&first.issuer);
    let from_to = |at: time::OffsetDateTime| format!("{} {} {}", at.day(), at.month(), at.year());
    let whose = |certificate: &Certificate| match certificate == first {
        true => format!("the certificate of {name}, by \"{issuer}\","),
        false => format!("\"{}\", the authority above {name}'s certificate,", common_name(&certificate.subject)),
    };
    match &trust.system.now {
        Judgement::Trusted if !trust.name_matches => {
            format!(
                "the certificate is for {}, not for {name}",
                first.names.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
            )
        }
        Judgement::Trusted if facts.is_trusted_by_system_only() => {
            format!(
                "the certificate of {name} is signed by \"{issuer}\", which this machine trusts and no public list does"
            )
        }
        Judgement::Trusted => {
            let days = (first.not_after - facts.seen_at).whole_days();
            format!(
                "{name} speaks {version}; its certificate, by \"{issuer}\", is trusted and valid for {days} more days"
            )
        }
        Judgement::UnknownIssuer => {
            format!("the certificate of {name} is signed by \"{issuer}\", which this machine does not know")
        }
        Judgement::Expired => {
            let expired = facts.out_of_date().unwrap_or(first);
            format!("by this machine's clock, {} expired on {}", whose(expired), from_to(expired.not_after))
        }
        Judgement::NotYetValid => {
            let early = facts.out_of_date().unwrap_or(first);
            format!("by this machine's clock, {} becomes valid only on {}", whose(early), from_to(early.not_before))
        }
        Judgement::Other(words) => format!("the certificate of {name} is not accepted ({words})"),
    }
}

/// The common name in a subject or issuer, or all of it where there is none.
pub(crate) fn common_name(name: &str) -> &str {
    name.split(", ").find_map(|part| part.strip_prefix("CN=")).unwrap_or(name)
}

/// The organisation in a subject or issuer.
pub(crate) fn organisation(name: &str) -> Option<&str> {
    name.split(", ").find_map(|part| part.strip_prefix("O="))
}

/// What came of a sign-in.
pub(crate) fn sign_in(protocol: Protocol, sign_in: &SignIn) -> String {
    let (server, login) = (protocol.name(), quoted::name(&sign_in.login));
    let answer = sign_in.answer.as_deref().map(|line| format!(": {}", quoted::said(line))).unwrap_or_default();
    match &sign_in.outcome {
        Outcome::Accepted => format!("{server} let \"{login}\" sign in"),
        Outcome::Refused => format!("{server} refused to sign \"{login}\" in{answer}"),
        Outcome::Unavailable => format!("{server} cannot check the password now{answer}"),
        Outcome::Throttled => format!("{server} has had too many attempts or connections{answer}"),
        Outcome::NotUnderstood => format!("{server} did not understand the sign-in{answer}"),
        Outcome::NoMechanism { offered } => {
            format!("{server} offers no way to sign in with a password; it offers {}", shortened(&offered.join(" ")))
        }
        Outcome::Unanswered { no_answer } => {
            format!("{server} did not answer the sign-in: {}", no_answer_words(no_answer))
        }
    }
}

/// What came of asking for a message, and why it was not asked for in a way.
pub(crate) fn message(message: &MessageFacts) -> String {
    let peeked = match &message.peeked {
        Fetched::Came => "a message came as BODY.PEEK[]",
        Fetched::Empty => return "a message was asked for as BODY.PEEK[], and nothing came".to_owned(),
        Fetched::Refused { answer } => return format!("messages are refused: {}", shortened(answer)),
        Fetched::NotAsked { .. } => {
            return "no message was asked for, because the inbox has none that is small enough".to_owned();
        }
    };
    let why_not = match &message.rfc822 {
        Fetched::Came => return format!("{peeked} and as RFC822"),
        Fetched::Empty => return format!("{peeked} but not as RFC822"),
        Fetched::Refused { answer } => return format!("{peeked} and was refused as RFC822: {}", shortened(answer)),
        Fetched::NotAsked { because: NotAsked::ReadNoMore } => "the message was marked as unread meanwhile",
        Fetched::NotAsked { because: NotAsked::NoneRead | NotAsked::NoMessage | NotAsked::NotPeeked } => {
            "none of the newest messages is read"
        }
    };
    format!("{peeked}; RFC822 was not asked for, because {why_not} and asking would mark one as read")
}

/// What came of one more sign-in.
pub(crate) fn other_sign_in(tried: &Try) -> String {
    let how = match tried.differs_by {
        Difference::LoginName => "with the other form of the login name",
        Difference::Mechanism => "with LOGIN in PLAIN's place",
    };
    match &tried.sign_in {
        Some(again) => format!("once more, {how}: {}", sign_in(tried.protocol, again)),
        None => format!("{} was to be asked once more, {how}; it did not come to that", tried.protocol.name()),
    }
}

/// What the plain page came to.
pub(crate) fn plain_page(outcome: &plain_page::Outcome) -> String {
    match outcome {
        plain_page::Outcome::Success => "the web is there, and it is Apple's".to_owned(),
        plain_page::Outcome::SomethingElse { status, .. } => {
            format!("something else than Apple's page answered (HTTP {status})")
        }
        plain_page::Outcome::NotFetched { why } => not_fetched(why),
        plain_page::Outcome::NoAddress => "its name has no address".to_owned(),
    }
}

/// How much of the storage is used.
pub(crate) fn used(storage: Storage) -> String {
    format!("{} of {} are used", size(storage.used_kib), size(storage.limit_kib))
}

/// An amount of storage in the unit that people know it by, as Apple counts.
fn size(kib: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "TB"), (1 << 20, "GB"), (1 << 10, "MB")];
    let (unit, name) = UNITS.into_iter().find(|(unit, _)| kib >= *unit).unwrap_or((1, "KB"));
    // Rounded down, so that what is nearly full does not read as full.
    match (kib / unit, kib % unit * 10 / unit) {
        (whole, 0) => format!("{whole} {name}"),
        (whole, tenth) => format!("{whole}.{tenth} {name}"),
    }
}

/// Where a conversation ended before it was over.
pub(crate) fn interruption(protocol: Protocol, interruption: &Interruption) -> String {
    let asked_for = match interruption.awaiting {
        Awaiting::Greeting => "its greeting",
        Awaiting::Capabilities => "what it offers",
        Awaiting::Starttls => "its answer to STARTTLS",
        Awaiting::AfterSignIn => "its answers after the sign-in",
    };
    format!("{} was to send {asked_for}: {}", protocol.name(), no_answer_words(&interruption.no_answer))
}

fn no_answer_words(no_answer: &NoAnswer) -> String {
    match no_answer {
        NoAnswer::TimedOut => "nothing came in time".to_owned(),
        NoAnswer::Closed => "the connection was closed instead".to_owned(),
        NoAnswer::Reset => "the connection was reset instead".to_owned(),
        NoAnswer::Broken { words } => format!("the connection broke ({words})"),
        NoAnswer::Unreadable { line } => format!("something came that is not this protocol: \"{}\"", shortened(line)),
        NoAnswer::TooLong => "an answer came that is longer than any honest server's".to_owned(),
    }
}

/// Why a page was not fetched.
pub(crate) fn not_fetched(why: &FetchFailed) -> String {
    match why {
        FetchFailed::TimedOut => "no answer in time".to_owned(),
        FetchFailed::NotConnected(words) => format!("no connection ({words})"),
        FetchFailed::NotTrusted(judgement) => match judgement {
            Judgement::UnknownIssuer => {
                "its certificate is signed by somebody whom this machine does not know".to_owned()
            }
            Judgement::Expired => "its certificate has expired, by this machine's clock".to_owned(),
            Judgement::NotYetValid => "its certificate is not valid yet, by this machine's clock".to_owned(),
            Judgement::Other(words) => format!("its certificate is not accepted ({words})"),
            Judgement::Trusted => "its certificate is accepted".to_owned(),
        },
        FetchFailed::Other(words) => words.clone(),
        FetchFailed::NotRecorded => "the recorded case does not hold it".to_owned(),
    }
}

/// A line of a server; of a long one, as much as a sentence can carry.
pub(crate) fn shortened(text: &str) -> String {
    quoted::line(text)
}
