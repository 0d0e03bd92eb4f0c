//! Is one other way to sign in accepted? Asked once for each server after a refusal, on a new connection. It is chosen
//! to separate the two likeliest causes, and never used after a throttle or an outage, because Apple locks accounts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{LIMIT, anew};
use crate::asked::Asked;
use crate::attempts::gate::Gate;
use crate::attempts::rules::Which;
use crate::conversation::{Speaks, Wishes};
use crate::first_look::FirstLook;
use crate::login::other_form;
use crate::meaning::Meaning;
use crate::network::{Hello, Network, Segments};
use crate::password::Kind;
use crate::plan::{Plan, Protocol};
use crate::run::Run;
use crate::sign_in::{Credentials, Mechanism, Outcome, SignIn};
use crate::talk::Talk;
use crate::transcript::Transcript;
use crate::{imap, smtp, tls};

/// The outcome of the other way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OtherSignInFacts")]
pub struct Facts {
    /// One try for each server.
    pub tries: Vec<Try>,
}

/// One more sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OtherSignInTry")]
pub struct Try {
    /// Which server.
    pub protocol: Protocol,
    /// The one thing that differs from the first time.
    pub differs_by: Difference,
    /// The sign-in; `None` if it did not get that far.
    pub sign_in: Option<SignIn>,
    /// The transcript.
    pub transcript: Transcript,
}

/// How a second sign-in differs from the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "OtherSignInDifference")]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// The other form of the login name: the part before the `@`, or the whole address.
    LoginName,
    /// LOGIN where PLAIN was refused.
    Mechanism,
    /// The password in the form in which Apple shows it: with its dashes, in lower-case letters.
    Password,
}

impl Facts {
    /// Its outcome at a server.
    pub fn of(&self, protocol: Protocol) -> Option<&Try> {
        self.tries.iter().find(|tried| tried.protocol == protocol)
    }
}

impl Try {
    /// Whether the server let the account in this time.
    pub fn is_accepted(&self) -> bool {
        self.sign_in.as_ref().is_some_and(SignIn::is_accepted)
    }
}

pub(crate) fn contacts(_: &Plan) -> Vec<String> {
    // The mail servers themselves, once more.
    Vec::new()
}

pub(super) async fn ask<N: Network>(first: &FirstLook, run: &Run<'_, N>) -> Option<Asked<Facts>> {
    if is_overloaded(first) {
        return None;
    }
    let (imap, smtp) = (choice(first, Protocol::Imap, run), choice(first, Protocol::Smtp, run));
    if imap.is_none() && smtp.is_none() {
        return None;
    }
    let asked = run.timed(async {
        let (imap, smtp) =
            tokio::join!(one::<imap::Facts, _>(imap, first, run), one::<smtp::Facts, _>(smtp, first, run));
        Facts { tries: imap.into_iter().chain(smtp).collect() }
    });
    Some(asked.await)
}

/// Whether a server or Apple itself reports overload or an outage: then a refusal says little about the account, and
/// another try may harm it.
fn is_overloaded(first: &FirstLook) -> bool {
    let says_so = |sign_in: &SignIn| matches!(sign_in.outcome, Outcome::Throttled | Outcome::Unavailable);
    let conversations = || Protocol::BOTH.into_iter().filter_map(|of| first.conversation(of));
    conversations().filter_map(|spoken| spoken.shared().sign_in.as_ref()).any(says_so)
        || conversations().any(|spoken| spoken.turned_away().is_some())
        || first.status().is_some_and(|status| !status.ongoing().is_empty())
}

/// What to change, if anything is worth another sign-in.
struct Choice {
    differs_by: Difference,
    login: String,
    mechanism: Option<Mechanism>,
}

fn choice<N: Network>(first: &FirstLook, of: Protocol, run: &Run<'_, N>) -> Option<Choice> {
    let refused = first.sign_in(of)?;
    let login = || refused.login.clone();
    let other_mechanism = (refused.mechanism == Some(Mechanism::Plain) && offers_login(first, of)).then(|| Choice {
        differs_by: Difference::Mechanism,
        login: login(),
        mechanism: Some(Mechanism::Login),
    });
    // A command that was not understood says nothing about the name.
    if refused.outcome == Outcome::NotUnderstood {
        return other_mechanism;
    }
    if refused.outcome != Outcome::Refused || refused.heard().is_some_and(|heard| says_why(heard.meaning)) {
        return None;
    }
    let other = of.other();
    let is_password_right = first.sign_in(other).is_some_and(SignIn::is_accepted);
    // A form of the password that Apple does not show is likelier than a fault of the name.
    let is_other_form = run.plan.password.as_ref().is_some_and(|password| password.as_shown.is_some());
    if is_other_form && !is_password_right {
        return Some(Choice { differs_by: Difference::Password, login: login(), mechanism: None });
    }
    // The Apple Account's own password is refused under any name, and each refusal brings the account nearer to a lock.
    let looks_right = |kind| !matches!(kind, Kind::Other | Kind::Example);
    let looks_right = run.plan.password.as_ref().is_some_and(|password| looks_right(password.shape.kind));
    let other_name = other_form(&refused.login, run.plan.email.as_deref(), of)
        .filter(|_| is_password_right || looks_right)
        .map(|login| Choice { differs_by: Difference::LoginName, login, mechanism: None });
    let other_mechanism = other_mechanism.filter(|_| is_password_right);
    // A refusal without a code may be one of the command; with a code it is one of the name or the password.
    if refused.code.is_none() { other_mechanism.or(other_name) } else { other_name.or(other_mechanism) }
}

/// Whether the server names a fault of the account: another form of the sign-in would not fix it, and would make a lock
/// worse.
fn says_why(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::SwitchedOff | Meaning::Expired | Meaning::WrongKind | Meaning::Locked)
}

fn offers_login(first: &FirstLook, of: Protocol) -> bool {
    match of {
        // LOGIN needs no offer, only the absence of a ban (RFC 9051 section 6.2.3).
        Protocol::Imap => first.imap.spoken.as_ref().is_some_and(|asked| !asked.facts.offers("LOGINDISABLED")),
        Protocol::Smtp => first.smtp.spoken.as_ref().is_some_and(|asked| asked.facts.offers_mechanism("LOGIN")),
    }
}

async fn one<F: Speaks, N: Network>(choice: Option<Choice>, first: &FirstLook, run: &Run<'_, N>) -> Option<Try> {
    let choice = choice?;
    let mut transcript = Transcript::default();
    let sign_in = again::<F, _>(&choice, &mut transcript, first, run).await;
    transcript.lines = transcript.shown();
    Some(Try { protocol: F::OF, differs_by: choice.differs_by, sign_in, transcript })
}

async fn again<F: Speaks, N: Network>(
    Choice { differs_by, login, mechanism }: &Choice,
    transcript: &mut Transcript,
    first: &FirstLook,
    run: &Run<'_, N>,
) -> Option<SignIn> {
    let first_time = run.plan.credentials(F::OF)?;
    let password = match differs_by {
        Difference::Password => first_time.password.as_shown()?,
        Difference::LoginName | Difference::Mechanism => first_time.password,
    };
    let credentials = Some(Credentials { login, mechanism: *mechanism, password, ..first_time });
    let gate = Gate { ledger: run.net.ledger(), which: Which::Second, is_round_trip: false };
    let (open, mut facts) = anew::open::<F, _>(first, Segments::Usual, transcript, run).await?;
    let (_, verified) = tls::ask(open, &run.plan.server(F::OF).host, Hello::Usual, LIMIT, run).await;
    let talk = Talk::over(verified?, transcript, run.began, LIMIT);
    facts.converse(talk, Wishes { credentials, gate, ..Wishes::default() }).await;
    facts.shared().sign_in.clone()
}
