//! What was seen, as a value with its arguments: the rules give it as a reason, and `words` alone puts it into a
//! sentence.

use std::net::IpAddr;

use checks::apple_status::Event;
use checks::attempts::rules::HeldBack;
use checks::conversation::{Interruption, Starttls};
use checks::mailbox::{Folder, Storage};
use checks::network::FetchFailed;
use checks::password::Mangling;
use checks::plan::Protocol;
use checks::round_trip::{Found, Returned};
use checks::second_look::other_sign_in::{Difference, Try};
use checks::second_look::plain_page;
use checks::settings::HostKind;
use checks::sign_in::SignIn;
use checks::smtp::ReplyFacts;
use checks::survey;
use checks::{dns, tcp, tls};
use time::Duration;

/// What was seen, by its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Saw {
    Name(Name),
    Connection(Connection),
    Certificate(Certificate),
    Handshake(Handshake),
    Conversation(Conversation),
    Mailbox(Mailbox),
    Survey(Survey),
    RoundTrip(RoundTrip),
    Setting(Setting),
    Web(Web),
    /// Words in a text that was pasted, and which program or server says them.
    Pasted {
        told_by: String,
        line: String,
    },
    /// What a settings file says, and what is wrong with that.
    InFile(String),
}

macro_rules! subjects {
    ($($subject:ident)*) => {
        $( impl From<$subject> for Saw {
            fn from(saw: $subject) -> Self {
                Self::$subject(saw)
            }
        } )*
    };
}

subjects!(Name Connection Certificate Handshake Conversation Mailbox Survey RoundTrip Setting Web);

/// What was seen of a server's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    /// The result of resolving it.
    Asked(Box<dns::Facts>),
    /// The result of another resolver.
    AskedElsewhere(Box<dns::Facts>),
    /// Its address is in none of Apple's networks.
    NotInApplesNetworks(Box<dns::Facts>),
    /// Its address cannot belong to any server.
    OfNobody,
    /// It resolves.
    Found,
    /// None of these resolvers has an address for it either.
    NowhereElse(Vec<IpAddr>),
    /// None of these resolvers answered either.
    OthersAreSilent(Vec<IpAddr>),
    /// No resolver outside this network answered.
    OutsideIsSilent,
    /// A resolver outside this network answered.
    OutsideAnswers,
    /// A name that has nothing to do with mail has no address.
    UnrelatedHasNone(String),
    /// The name of Apple's status page has no address either.
    StatusPageHasNone(String),
}

/// What was seen of connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Connection {
    /// The result of connecting to a server.
    Tried(Protocol, tcp::Facts),
    /// The same, where only the other server has a problem.
    Reached(Protocol, tcp::Facts),
    /// An attempt over IPv6.
    OverIpv6(tcp::Attempt),
    /// An attempt over IPv6 to another server that did not fail.
    OtherOverIpv6(tcp::Attempt),
    /// The result of connecting over IPv4.
    OverIpv4(Protocol, tcp::Facts),
    /// The resolver answered over IPv4.
    Ipv4Answers(IpAddr),
    /// An attempt to reach an IP address without a name.
    ByNumber(tcp::Attempt),
    /// Another port of the same machine answered, even if with a refusal.
    OtherPortAnswers(tcp::Attempt),
    /// Of the web ports, only the one for unencrypted pages answers.
    PlainWebAlone,
    /// Neither of the web ports answers.
    WebPortsAreSilent,
    /// The refusal came after this many milliseconds, too soon to come from the server.
    RefusedTooQuickly(u64),
}

/// What was seen of a certificate, or of the clock that its dates are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Certificate {
    /// It covers these names, and not the right one.
    IsForOthers {
        covered: Vec<String>,
        name: String,
    },
    /// This machine does not know its issuer, and the public list does.
    IsKnownElsewhere(Box<tls::Facts>),
    /// The system's store has this many roots, and not the one that is needed.
    StoreLacksRoot {
        roots: usize,
    },
    /// The system itself does not know the authority.
    SystemLacksRoot,
    /// The roots that the system lists do not include the authority, and it may trust others.
    ListLacksRoot {
        /// How many it lists.
        roots: usize,
    },
    /// Another host of Apple's presents a certificate of the same issuer.
    OfSameIssuer {
        host: String,
    },
    /// Another host of Apple's presents its own certificate.
    OwnElsewhere {
        host: String,
    },
    /// The name of its issuer is that of a product that decrypts connections.
    OfProduct {
        issuer: String,
    },
    IssuerWasAdded,
    IssuerIsUnknown,
    /// The chain ends at this issuer, whose certificate was not sent.
    ChainEndsAt {
        issuer: String,
    },
    OtherServerSendsIt,
    OrganisationIsPublic,
    CallsItselfApples,
    SaysWhereIssuerIs,
    /// The address is in Apple's network, and the certificate is not Apple's.
    AddressIsApples(IpAddr),
    SignedItself,
    RootIsNotInStore,
    /// How far this machine's clock is ahead of a web server's; negative where it is behind.
    ClockIsOff {
        ahead: Duration,
    },
    ClockAgrees,
}

/// What was seen on the way to encryption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Handshake {
    /// The result of the handshake.
    Tried(Box<tls::Facts>),
    /// The result with an old kind of `ClientHello`.
    OfOldKind(Box<tls::Facts>),
    /// The result with a `ClientHello` that fits into one packet.
    Small(Box<tls::Facts>),
    /// A small `ClientHello` fails too.
    SmallToo(Box<tls::Facts>),
    /// The result in small TCP segments.
    SmallSegments(Box<tls::Facts>),
    /// Small TCP segments fail too.
    SmallSegmentsToo(Box<tls::Facts>),
    /// The result of the usual handshake, once more.
    Again(Box<tls::Facts>),
    /// The other server answered a `ClientHello` of the same size.
    SameSizeElsewhere(Box<tls::Facts>),
    /// The handshake with the other server had packets of the same size.
    SamePacketsElsewhere(Box<tls::Facts>),
    /// This host does not offer STARTTLS.
    NotOffered {
        host: String,
    },
    Injected,
}

/// What was seen in a conversation with a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Conversation {
    SignIn(Protocol, SignIn),
    /// This server accepted the password that the other server refuses.
    SignInProvesPassword(Protocol, SignIn),
    /// This server may have failed for the same reason as the other.
    SignInPerhapsAlike(Protocol, SignIn),
    /// No sign-in was made at this server, because earlier ones say to wait.
    HeldBack(Protocol, HeldBack),
    /// This server accepted this same password so many seconds ago.
    AcceptedBefore(Protocol, u64),
    /// One more sign-in; `None` where it did not get that far.
    Again {
        of: Protocol,
        differs_by: Difference,
        sign_in: Option<SignIn>,
    },
    Interrupted(Protocol, Interruption),
    TurnedAway(Protocol, String),
    MessagesRefused(String),
    /// The server refused to list the folders with this line, although it accepted the sign-in.
    FoldersRefused(String),
    SenderRefused(ReplyFacts),
    SenderAccepted {
        address: String,
    },
    Starttls(Protocol, Starttls),
    AsItShould(Protocol),
}

/// What was seen in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mailbox {
    Used(Storage),
    UsedInPercent(Storage, u64),
    /// More than one folder for sent messages.
    SentFolders(Vec<Folder>),
    CameByPeek,
    CameNotByRfc822,
    OffersQresync,
}

/// What was seen of the folders and of the speed, by the command `mailbox`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Survey {
    /// Both counts, in messages.
    InboxAndArchive {
        inbox: u64,
        archive: u64,
    },
    /// The server refused to look into this folder.
    FolderRefused(Box<survey::Folder>),
    /// How long the connection took to open, in milliseconds.
    Connected(u64),
    /// How long an empty command took, and how long the server says that it worked on it, in milliseconds.
    Answered {
        after: u64,
        worked: Option<u64>,
    },
    VeryLarge(Box<survey::Folder>),
    /// Messages that are larger than many servers take.
    LargeMessages(survey::Amount),
    /// The number of messages in the inbox by STATUS, and when it was opened.
    Counts {
        counted: u64,
        opened: u64,
    },
    /// EXAMINE opened the inbox for writing.
    OpenedForWriting,
    /// Answers to a search by size that cannot be true.
    SearchedWrongly(survey::Search),
    /// The server sorted by another order than it was asked for.
    NotSorted,
    /// A wait for new mail that was cut.
    IdleCut(Box<survey::Idle>),
}

/// What was seen of a message from the account to itself. Times are in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RoundTrip {
    NotArrived {
        waited_ms: u64,
    },
    Arrived {
        copy: Box<Found>,
        after_ms: Option<u64>,
    },
    Returned(Returned),
    /// How many copies the server filed.
    SentCopies(usize),
    NoSentCopy,
    /// The server did not tell of it for so long at least.
    Silent {
        for_ms: u64,
    },
    /// The line by which the server refused it.
    Refused(String),
    /// The line by which the server refused to look into the mailbox.
    Stopped(String),
}

/// What was seen in the settings, including the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Setting {
    Host {
        of: Protocol,
        host: String,
        host_is: HostKind,
    },
    Port(Protocol, u16),
    /// TLS from the first byte, on a port that begins in plain text.
    TlsTooEarly(Protocol, u16),
    /// STARTTLS, on a port that begins with TLS.
    TlsTooLate(Protocol, u16),
    PortIsForTls(u16),
    /// The account's address, or a login name, is not at iCloud; the domain may be a typing error for one that is.
    NotAtIcloud {
        is_account: bool,
        slip: Option<(String, &'static str)>,
    },
    LoginIsRefusedAnyway,
    /// The form of the login name is not the one that Apple names first.
    UnusualLogin(Protocol),
    PasswordOfOtherShape,
    PasswordOfRightShape,
    PasswordWithoutDashes,
    PasswordInCapitals,
    PasswordIsExample,
    PasswordCameWith(Vec<Mangling>),
}

/// What was seen on the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Web {
    /// A page of Apple's answered.
    Answers,
    StatusNotFetched(FetchFailed),
    /// What Apple's status page lists for a service.
    Posted(String, Event),
    /// What came instead of Apple's plain page.
    PlainPageMissing(plain_page::Outcome),
    Portal {
        url: String,
        status: u16,
        location: Option<String>,
    },
}

pub(super) fn names(facts: &dns::Facts) -> Saw {
    Name::Asked(Box::new(facts.clone())).into()
}

pub(super) fn names_elsewhere(facts: &dns::Facts) -> Saw {
    Name::AskedElsewhere(Box::new(facts.clone())).into()
}

pub(super) fn connection(of: Protocol, facts: &tcp::Facts) -> Saw {
    Connection::Tried(of, facts.clone()).into()
}

pub(super) fn handshake(facts: &tls::Facts) -> Saw {
    Handshake::Tried(Box::new(facts.clone())).into()
}

pub(super) fn sign_in(of: Protocol, sign_in: &SignIn) -> Saw {
    Conversation::SignIn(of, sign_in.clone()).into()
}

pub(super) fn other_sign_in(tried: &Try) -> Saw {
    let Try { protocol: of, differs_by, sign_in, .. } = tried;
    Conversation::Again { of: *of, differs_by: *differs_by, sign_in: sign_in.clone() }.into()
}

pub(super) fn interruption(of: Protocol, interruption: &Interruption) -> Saw {
    Conversation::Interrupted(of, interruption.clone()).into()
}

pub(super) fn sender_refused(refusal: &ReplyFacts) -> Saw {
    Conversation::SenderRefused(refusal.clone()).into()
}

pub(super) fn host(of: Protocol, host: &str, host_is: &HostKind) -> Saw {
    Setting::Host { of, host: host.to_owned(), host_is: host_is.clone() }.into()
}
