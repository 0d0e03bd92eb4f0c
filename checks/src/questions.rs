//! Every question that a run can ask, once and in order: its name, its words, what it depends on, and the type of its
//! facts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The list. It calls a macro with each question, so that no user of the list can forget one.
///
/// A check names its file, whether it has facts for `each` of the two servers, `once`, or `one` fact that is known
/// without asking, and where the first look keeps them. A second look names its file in `second_look`.
macro_rules! questions {
    ($make:ident) => {
        $make! {
            checks {
                /// What was asked of whom.
                Settings = "settings": one settings, kept settings,
                { asks "Are the server names, ports and login names the ones that Apple gives?", depends on [] };

                /// Names.
                Dns = "dns": each dns, kept dns,
                { asks "Do the servers' names have an address?", depends on [] };

                /// Connections.
                Tcp = "tcp": each tcp, kept tcp,
                { asks "Does a connection open?", depends on [Dns] };

                /// Encryption and certificates.
                Tls = "tls": each tls, kept tls,
                { asks "Is the connection encrypted, and does the right server answer?", depends on [Dns Tcp] };

                /// The conversation with the IMAP server.
                Imap = "imap": once imap, kept imap.spoken,
                { asks "Does the IMAP server accept the sign-in?", depends on [Dns Tcp Tls] };

                /// The mailbox behind the sign-in.
                Mailbox = "mailbox": once survey, kept mailbox,
                { asks "What is in the mailbox, and how fast does it answer?", depends on [Dns Tcp Tls Imap] };

                /// The conversation with the SMTP server.
                Smtp = "smtp": once smtp, kept smtp.spoken,
                { asks "Does the SMTP server accept the sign-in?", depends on [Dns Tcp Tls] };

                /// A message from the account to itself.
                RoundTrip = "round-trip": once round_trip, kept round_trip,
                { asks "Does a message that the account sends to itself arrive?", depends on [Dns Tcp Tls Imap Smtp] };

                /// Apple's status page.
                AppleStatus = "apple-status": once apple_status, kept apple_status,
                { asks "Does Apple itself report a problem?", depends on [] };
            }
            looks {
                /// What does another name server (DNS resolver) say of the name?
                AnotherResolver = "another-resolver": another_resolver,
                { asks "What does another name server (DNS resolver) say of the name?",
                  after "a name without an address that can be Apple's, or with one where no server of Apple's answers" };

                /// Does anything answer by its number?
                ByNumber = "by-number": by_number,
                { asks "Does anything on the internet answer by its number?",
                  after "no name server answers, or none of them knows any name" };

                /// Does the address of the other kind (IPv4 or IPv6) answer at all?
                OtherFamily = "other-family": other_family,
                { asks "Does the address of the other kind (IPv4 or IPv6) answer at all?",
                  after "an address that was slower than another and said nothing" };

                /// Does another port of the same address answer?
                OtherPort = "other-port": other_port,
                { asks "Does another port of the same address answer?",
                  after "no connection opens" };

                /// Can Apple's web pages be reached, and what time is it there?
                PlainPage = "plain-page": plain_page,
                { asks "Can Apple's web pages be reached, and what time is it there?",
                  after "a problem with a name, a connection or a certificate" };

                /// Is another form of the first TLS message answered?
                OtherHello = "other-hello": other_hello,
                { asks "Is another form of the first TLS message answered?",
                  after "a TLS handshake that ends without a certificate" };

                /// Who signs the certificate of another host of Apple's?
                ControlHost = "control-host": control_host,
                { asks "Who signs the certificate of another host of Apple's?",
                  after "a certificate that is not trusted, or on this computer alone" };

                /// Is one other way to sign in accepted?
                OtherSignIn = "other-sign-in": other_sign_in,
                { asks "Is one other way to sign in accepted?",
                  after "a refused sign-in, once a server, never after a throttle or an outage" };
            }
        }
    };
}
pub(crate) use questions;

/// What a question declares.
#[derive(Debug)]
#[non_exhaustive]
pub struct Listed {
    /// Its name: on the command line, in a report, and of its folder of cases.
    pub id: &'static str,
    /// What it asks.
    pub asks: &'static str,
    /// The checks that must have a good answer before it is asked, in their order.
    pub depends_on: &'static [Question],
    /// The problem after which a second look is asked; `None` for a check.
    pub asked_after: Option<&'static str>,
}

macro_rules! names {
    (
        checks { $(
            $(#[$check_doc:meta])*
            $check:ident = $check_id:literal: $how:ident $facts:ident, kept $($place:ident).+,
            { asks $check_asks:literal, depends on [$($ground:ident)*] };
        )* }
        looks { $(
            $(#[$look_doc:meta])*
            $look:ident = $look_id:literal: $module:ident,
            { asks $look_asks:literal, after $after:literal };
        )* }
    ) => {
        /// The questions by name: the checks in their order, and after them the second looks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum Question {
            $( $(#[$check_doc])* #[serde(rename = $check_id)] $check, )*
            $( $(#[$look_doc])* #[serde(rename = $look_id)] $look, )*
        }

        impl Question {
            /// The checks, in their order.
            pub const CHECKS: &[Self] = &[$( Self::$check ),*];
            /// The second looks.
            pub const LOOKS: &[Self] = &[$( Self::$look ),*];

            /// What it declares.
            pub const fn listed(self) -> &'static Listed {
                match self {
                    $( Self::$check => &Listed {
                        id: $check_id, asks: $check_asks, depends_on: &[$( Self::$ground ),*], asked_after: None,
                    }, )*
                    $( Self::$look => &Listed {
                        id: $look_id, asks: $look_asks, depends_on: &[], asked_after: Some($after),
                    }, )*
                }
            }
        }
    };
}

questions!(names);

impl Question {
    /// Returns the questions: the checks in their order, and after them the second looks.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::CHECKS.iter().chain(Self::LOOKS).copied()
    }

    /// Returns the question of that name.
    pub fn named(id: &str) -> Option<Self> {
        Self::all().find(|question| question.id() == id)
    }

    /// Its name: on the command line, in a report, and of its folder of cases.
    pub const fn id(self) -> &'static str {
        self.listed().id
    }

    /// Whether it is asked by a command of its own, and never by `check`.
    pub const fn has_own_command(self) -> bool {
        matches!(self, Self::Mailbox | Self::RoundTrip)
    }

    /// Whether it is a second look, which is asked only after a problem.
    pub const fn is_second_look(self) -> bool {
        self.listed().asked_after.is_some()
    }
}
