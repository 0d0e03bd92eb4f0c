//! What is asked only after trouble: one question a file, each with the trouble that it is asked after.

mod anew;
pub mod another_resolver;
pub mod by_number;
pub mod control_host;
pub mod other_family;
pub mod other_hello;
pub mod other_port;
pub mod other_sign_in;
pub mod plain_page;

use std::pin::Pin;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::asked::{Asked, PerServer};
use crate::network::Network;
use crate::network::clock::within;
use crate::plan::Look;
use crate::run::Run;
use crate::{apple_status, dns, imap, settings, smtp, tcp, tls};

/// A second look as it is listed: its name, its question and the trouble that it is asked after.
pub struct Listed {
    /// Which look.
    pub look: Look,
    /// Its name: on the command line and in a report.
    pub id: &'static str,
    /// What it asks.
    pub question: &'static str,
    /// When it is asked.
    pub asked_after: &'static str,
}

/// The second looks.
pub const LOOKS: [Listed; 8] = [
    Listed {
        look: Look::AnotherResolver,
        id: "another-resolver",
        question: "What does another resolver say of the name?",
        asked_after: "a name without an address that can be Apple's, or where nobody or somebody else answers",
    },
    Listed {
        look: Look::ByNumber,
        id: "by-number",
        question: "Does anything on the internet answer by its number?",
        asked_after: "no resolver answers, or none of them knows any name",
    },
    Listed {
        look: Look::OtherFamily,
        id: "other-family",
        question: "Does the other family's address answer at all?",
        asked_after: "an address that was overtaken without a word",
    },
    Listed {
        look: Look::OtherPort,
        id: "other-port",
        question: "Does another port of the same address answer?",
        asked_after: "no connection opens",
    },
    Listed {
        look: Look::PlainPage,
        id: "plain-page",
        question: "Is the web there, is it Apple's, and what time is it?",
        asked_after: "trouble with a name, a connection or a certificate",
    },
    Listed {
        look: Look::OtherHello,
        id: "other-hello",
        question: "Is another form of the first TLS message answered?",
        asked_after: "a TLS handshake that ends without a certificate",
    },
    Listed {
        look: Look::ControlHost,
        id: "control-host",
        question: "Who signs the certificate of another host of Apple's?",
        asked_after: "a certificate that is not trusted, or only on this machine",
    },
    Listed {
        look: Look::OtherSignIn,
        id: "other-sign-in",
        question: "Is one other way to sign in accepted?",
        asked_after: "a refused sign-in, once a server, never after a throttle or an outage",
    },
];

/// What the second looks brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SecondLookFacts")]
pub struct Facts {
    /// What does another resolver say of the name?
    pub another_resolver: Option<Asked<another_resolver::Facts>>,
    /// Does anything answer by its number?
    pub by_number: Option<Asked<by_number::Facts>>,
    /// Does the other family's address answer at all?
    pub other_family: Option<Asked<other_family::Facts>>,
    /// Does another port of the same address answer?
    pub other_port: Option<Asked<other_port::Facts>>,
    /// Is the web there, is it Apple's, and what time is it?
    pub plain_page: Option<Asked<plain_page::Facts>>,
    /// Is another form of the first TLS message answered?
    pub other_hello: Option<Asked<other_hello::Facts>>,
    /// Who signs the certificate of another host of Apple's?
    pub control_host: Option<Asked<control_host::Facts>>,
    /// Is one other way to sign in accepted?
    pub other_sign_in: Option<Asked<other_sign_in::Facts>>,
}

/// How long a step of a second look may take: the person has waited for the first one already.
const LIMIT: Duration = Duration::from_millis(2500);
/// How long a whole second look may take, however many slow steps it has: the deadline must not come first.
const LIMIT_OF_ALL: Duration = Duration::from_secs(10);

/// What the first look brought, as far as a second one may be called for by it.
pub(crate) struct FirstLook<'e> {
    pub(crate) settings: &'e settings::Facts,
    pub(crate) dns: &'e PerServer<dns::Facts>,
    pub(crate) tcp: &'e PerServer<tcp::Facts>,
    pub(crate) tls: &'e PerServer<tls::Facts>,
    pub(crate) imap: Option<&'e imap::Facts>,
    pub(crate) smtp: Option<&'e smtp::Facts>,
    pub(crate) status: Option<&'e apple_status::Facts>,
}

impl FirstLook<'_> {
    /// Whether a name, a connection or a certificate is in trouble.
    fn is_troubled_on_the_way(&self) -> bool {
        self.dns.any(dns::Facts::is_troubled)
            || self.tcp.any(tcp::Facts::is_troubled)
            || self.tls.any(tls::Facts::is_troubled)
    }

    /// Whether any check on the way to the mail servers is in trouble, or a server itself.
    pub(crate) fn is_troubled(&self) -> bool {
        self.is_troubled_on_the_way()
            || self.imap.is_some_and(imap::Facts::is_troubled)
            || self.smtp.is_some_and(smtp::Facts::is_troubled)
    }
}

/// Asks, side by side, whatever the first look calls for.
pub(crate) async fn at<N: Network, W>(first: &FirstLook<'_>, run: &Run<'_, N, W>) -> Facts {
    let asks = |look| run.plan.looks_again(look);
    let (another_resolver, by_number, other_family, other_port, plain_page, other_hello, control_host, other_sign_in) = tokio::join!(
        when(asks(Look::AnotherResolver), another_resolver::ask(first, run)),
        when(asks(Look::ByNumber), by_number::ask(first, run)),
        when(asks(Look::OtherFamily), other_family::ask(first, run)),
        when(asks(Look::OtherPort), other_port::ask(first, run)),
        when(asks(Look::PlainPage), plain_page::ask(first, run)),
        when(asks(Look::OtherHello), other_hello::ask(first, run)),
        when(asks(Look::ControlHost), control_host::ask(first, run)),
        when(asks(Look::OtherSignIn), other_sign_in::ask(first, run)),
    );
    Facts {
        another_resolver,
        by_number,
        other_family,
        other_port,
        plain_page,
        other_hello,
        control_host,
        other_sign_in,
    }
}

/// On the heap, because a question holds every step that it may come to, and the eight together would fill a stack.
fn when<'f, T: 'f>(
    is_asked: bool,
    question: impl Future<Output = Option<T>> + 'f,
) -> Pin<Box<dyn Future<Output = Option<T>> + 'f>> {
    let question = Box::pin(question);
    Box::pin(async move { if is_asked { within(LIMIT_OF_ALL, question).await.flatten() } else { None } })
}
