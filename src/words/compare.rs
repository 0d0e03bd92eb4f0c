//! What differs between two runs, in sentences. A and B are the runs.

use checks::login::LoginForm;
use checks::password::Kind;
use checks::plan::{Protocol, Server};
use checks::survey::Role;

use super::certificate::{common_name, organisation};
use super::settings::security;
use super::{said, survey};
use crate::compare::{Change, Differences, End, Step, Time, Value, Way, What};

/// What it all comes to.
pub(crate) fn conclusion(differences: &Differences) -> String {
    let ways: Vec<&Way> = differences.differing_ways().collect();
    let ways: Vec<String> = match ways.as_slice() {
        [one, other] if (one.a, one.b) == (other.a, other.b) => vec![both_ways(one.a, one.b)],
        ways => ways.iter().map(|one| way(one)).collect(),
    };
    match ways.is_empty() {
        true if differences.is_empty() => format!("{} Nothing differs.", alike(&differences.ways)),
        true => format!("{} {}", alike(&differences.ways), beside(differences, "These differ")),
        false => format!("{} {}", ways.join(" "), beside(differences, "These differ too")),
    }
}

/// Where both runs ended alike.
fn alike(ways: &[Way]) -> String {
    let ends: Vec<(Protocol, End)> =
        ways.iter().map(|way| (way.of, way.a)).filter(|(_, end)| *end != End::NotAsked).collect();
    let each = ends.iter().map(|(of, end)| match end {
        End::Works => format!("{} works", direction(*of).to_lowercase()),
        End::FailsAt(step) => format!("{} fails at {}", direction(*of).to_lowercase(), place(*step)),
        End::HeldBack => format!("no sign-in was made at {}", super::server(*of)),
        End::NotAsked | End::CutShort => format!("{} was cut short", direction(*of).to_lowercase()),
    });
    match ends.as_slice() {
        [] => "No mail server was asked in A and in B.".to_owned(),
        [(_, End::Works), (_, End::Works)] => "Receiving and sending work in A and in B.".to_owned(),
        [(_, one), (_, other)] if one == other => match one {
            End::FailsAt(step) => format!("Receiving and sending fail in A and in B, at {}.", place(*step)),
            End::HeldBack => "No sign-in was made, in A and in B.".to_owned(),
            _ => "Both runs were cut short.".to_owned(),
        },
        _ => format!("In A and in B {}.", each.collect::<Vec<_>>().join(" and ")),
    }
}

/// What differs beside how the runs ended.
fn beside(differences: &Differences, differ: &str) -> String {
    let mut named: Vec<String> = differences.facts.iter().map(fact).collect();
    named.extend(differences.causes_apart().map(|cause| cause.cause.to_owned()));
    match (named.is_empty(), differences.times.is_empty()) {
        (true, true) => "All else is equal.".to_owned(),
        (true, false) => "All else is equal, except for how long it took.".to_owned(),
        (false, is_as_fast) => {
            named.extend((!is_as_fast).then(|| "how long it took".to_owned()));
            format!("{differ}: {}.", said::list(&named, "and"))
        }
    }
}

/// A server at which the runs ended differently.
fn way(way: &Way) -> String {
    let differs = ends((way.a, way.b), |step| claim(step, way.of, way.server.as_ref()));
    format!("{} differs: {differs}.", direction(way.of))
}

/// Both servers, where the runs ended in the same two ways at each.
fn both_ways(a: End, b: End) -> String {
    let claim = |step| match step {
        Step::Name => "the servers' names have an address",
        Step::Connection => "both servers can be reached",
        Step::Encryption => "both servers have the right encryption and certificate",
        Step::SignIn => "both servers accept the sign-in",
        Step::Conversation => "both servers answer as they should",
        Step::Mailbox => "the mailbox can be read",
    };
    format!("Receiving and sending differ: {}.", ends((a, b), |step| claim(step).to_owned()))
}

/// How A and B ended; `claim` is what is so where a step succeeds.
fn ends((a, b): (End, End), claim: impl Fn(Step) -> String) -> String {
    match (a, b) {
        (End::Works, End::FailsAt(step)) => format!("{} in A and not in B", claim(step)),
        (End::FailsAt(step), End::Works) => format!("{} in B and not in A", claim(step)),
        (a, b) => format!("in A {}, and in B {}", ended(a), ended(b)),
    }
}

fn direction(of: Protocol) -> &'static str {
    match of {
        Protocol::Imap => "Receiving",
        Protocol::Smtp => "Sending",
    }
}

/// What is so where a step succeeds.
fn claim(step: Step, of: Protocol, server: Option<&Server>) -> String {
    let host = server.map_or_else(|| super::server(of), |server| server.host.clone());
    let port = || server.map_or_else(|| super::server(of), |server| format!("port {} of {}", server.port, server.host));
    match step {
        Step::Name => format!("{host} has an address"),
        Step::Connection => format!("{} can be reached", port()),
        Step::Encryption => format!("{} has the right encryption and certificate", port()),
        Step::SignIn => format!("{host} accepts the sign-in"),
        Step::Conversation => format!("{} answers as it should", port()),
        Step::Mailbox => format!("{host} lets the mailbox be read"),
    }
}

fn ended(end: End) -> String {
    match end {
        End::Works => "it works".to_owned(),
        End::FailsAt(step) => format!("it fails at {}", place(step)),
        End::HeldBack => "no sign-in was made, because earlier ones say to wait".to_owned(),
        End::NotAsked => "it was not asked".to_owned(),
        End::CutShort => "the run was cut short".to_owned(),
    }
}

fn place(step: Step) -> &'static str {
    match step {
        Step::Name => "the name of the server",
        Step::Connection => "the connection",
        Step::Encryption => "the encryption",
        Step::SignIn => "the sign-in",
        Step::Conversation => "what the server answers",
        Step::Mailbox => "the mailbox",
    }
}

/// What a fact is called.
pub(crate) fn name(what: What) -> &'static str {
    match what {
        What::Questions => "what was asked",
        What::Settings => "the settings",
        What::Addresses => "the addresses",
        What::Issuer => "the issuer of the certificate",
        What::TlsVersion => "the version of TLS",
        What::Greeting => "the build of the server",
        What::Capabilities | What::Ehlo => "what the server offers",
        What::Limits => "the largest message that is taken",
        What::Quota => "the storage",
        What::Folders => "the folders",
        What::Uidvalidity => "the numbering of messages (UIDVALIDITY)",
    }
}

/// What a change means, where that is not said by itself.
pub(crate) fn meaning(what: What) -> Option<&'static str> {
    match what {
        What::Questions => Some("What one run alone asked is not compared."),
        What::Addresses => {
            Some("The name leads to other servers; Apple has many, and so has a network that diverts mail.")
        }
        What::Issuer => Some(
            "Another authority vouches for the server: Apple's own choice, or a program that decrypts the connection.",
        ),
        What::Uidvalidity => {
            Some("Every mail program takes these folders for new ones, and fetches everything in them anew.")
        }
        _ => None,
    }
}

/// What a run has.
pub(crate) fn value(value: &Value, what: What) -> String {
    match value {
        Value::Question(question) => question.id().to_owned(),
        Value::SignIn => "the sign-in".to_owned(),
        Value::Server(server) => format!("{}:{}, {}", server.host, server.port, security(server.security)),
        Value::Login(form) => login(*form).to_owned(),
        Value::Password(kind) => password(*kind).to_owned(),
        Value::Address(address) => address.to_string(),
        Value::Text(issuer) if what == What::Issuer => {
            let by = organisation(issuer).map(|by| format!(" ({by})")).unwrap_or_default();
            format!("{}{by}", common_name(issuer))
        }
        Value::Text(text) => text.clone(),
        Value::Size(bytes) => survey::size(*bytes),
        Value::Percent(percent) => format!("{percent} % full"),
        Value::Folder(role, name) => folder(*role, name.as_ref()),
        Value::Uidvalidity(role, name, number) => format!("{}: {number}", folder(*role, name.as_ref())),
    }
}

fn folder(role: Role, name: Option<&String>) -> String {
    name.cloned().unwrap_or_else(|| format!("the folder for {}", survey::use_of(role)))
}

fn login(form: LoginForm) -> &'static str {
    match form {
        LoginForm::NamePart => "login name: the part before the @",
        LoginForm::FullAddress => "login name: the whole address",
        LoginForm::OtherAddress => "login name: an address outside iCloud",
    }
}

fn password(kind: Kind) -> &'static str {
    match kind {
        Kind::AppSpecific => "an app-specific password",
        Kind::AppSpecificWithoutDashes => "an app-specific password without its dashes",
        Kind::AppSpecificInCapitals => "an app-specific password with capital letters",
        Kind::Example => "the example that guides show",
        Kind::Other => "another kind of password",
    }
}

/// What took long.
pub(crate) fn step(time: &Time) -> String {
    let what = match time.step {
        Step::Name => "finding the name of",
        Step::Connection => "connecting to",
        Step::Encryption => "the TLS handshake with",
        Step::SignIn | Step::Conversation | Step::Mailbox => "the conversation with",
    };
    format!("{what} {}", super::server(time.of))
}

/// Where a change is seen.
pub(crate) fn fact(change: &Change) -> String {
    match change.of {
        Some(of) => format!("{} ({})", name(change.what), of.name()),
        None => name(change.what).to_owned(),
    }
}

/// Why the causes are not those that the reports were written with.
pub(crate) const DIAGNOSED_ANEW: &str = "The reports are of different versions of this program. Both were diagnosed anew by the rules of this one, so that only what was seen differs.";

/// What masks cannot tell apart.
pub(crate) const MASKED: &str =
    "The address is masked, so two accounts with the same first letter and domain would look like one.";
