//! Does the IMAP server let the account in?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::archive;
use crate::asked::Asked;
use crate::attempts::gate::Gate;
use crate::conversation::{self, Awaiting, Conversation, Speaks, Starttls, Wishes};
use crate::mailbox;
use crate::meaning::{self, Meaning};
use crate::network::Stream;
use crate::plan::{Plan, Protocol};
use crate::protocol::imap::{Answer, Reader, Response, StatusKind, command};
use crate::round_trip;
use crate::sign_in::{Credentials, Mechanism, Outcome, SignIn};
use crate::survey;
use crate::tagged::{ImapTalk, until_challenged, until_tagged};
use crate::talk::NoAnswer;
use crate::tls::Verified;

/// The facts about the IMAP server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImapFacts")]
pub struct Facts {
    /// How it greeted.
    pub greeting: Option<Greeting>,
    /// What it offered before the sign-in.
    pub capabilities: Option<Vec<String>>,
    /// The facts that are collected from either server.
    #[serde(flatten)]
    pub shared: conversation::Facts,
    /// What it offered after the sign-in.
    pub capabilities_after: Option<Vec<String>>,
    /// The facts after the sign-in.
    #[serde(flatten)]
    pub mailbox: mailbox::Facts,
    /// What else was asked of the mailbox; a question of its own in a report.
    #[serde(skip)]
    pub(crate) survey: Option<Asked<survey::Facts>>,
    /// What was done with the messages, which is no evidence of a check.
    #[serde(skip)]
    pub(crate) archive: Option<archive::Done>,
    /// The message that was waited for; a question of its own in a report.
    #[serde(skip)]
    pub(crate) round_trip: Option<Asked<round_trip::Facts>>,
    /// Whether it said goodbye after ours.
    pub said_goodbye: bool,
}

/// A greeting (RFC 9051 section 7.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImapGreeting")]
pub struct Greeting {
    /// `OK`, `PREAUTH` or `BYE`.
    pub kind: GreetingKind,
    /// The response code, if there was one.
    pub code: Option<String>,
    /// The text after it.
    pub text: String,
}

/// The kind of a greeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImapGreetingKind")]
#[serde(rename_all = "kebab-case")]
pub enum GreetingKind {
    /// The server waits for a sign-in.
    Ok,
    /// The server regards the connection as signed in already.
    Preauth,
    /// The server turns the connection away.
    Bye,
}

pub(crate) fn contacts(plan: &Plan) -> Vec<String> {
    vec![format!("{}:{}  the IMAP server", plan.imap.host, plan.imap.port)]
}

impl Conversation for Facts {
    fn shared(&self) -> &conversation::Facts {
        &self.shared
    }

    fn greeted(&self) -> bool {
        self.greeting.is_some()
    }

    fn turned_away(&self) -> Option<String> {
        let greeting = self.greeting.as_ref().filter(|greeting| greeting.kind == GreetingKind::Bye)?;
        let code = greeting.code.as_ref().map(|code| format!("[{code}] ")).unwrap_or_default();
        Some(format!("BYE {code}{}", greeting.text))
    }

    fn is_troubled(&self) -> bool {
        self.shared.is_troubled()
            || self.turned_away().is_some()
            || self.mailbox.messages_refused().is_some()
            || self.mailbox.folders_refused.is_some()
    }
}

impl Speaks for Facts {
    const OF: Protocol = Protocol::Imap;

    type Reader = Reader;

    async fn starttls<S: Stream>(&mut self, talk: ImapTalk<'_, S>) -> Option<S> {
        starttls(talk, self).await
    }

    async fn converse<S: Stream>(&mut self, talk: ImapTalk<'_, Verified<S>>, wishes: Wishes<'_>) {
        converse(talk, wishes, self).await;
    }
}

/// Reads the greeting, and asks for the capabilities if it does not list them.
async fn greet<S: Stream>(talk: &mut ImapTalk<'_, S>, facts: &mut Facts) -> Option<()> {
    let answer = talk.hear().await.map_err(|no_answer| facts.shared.interrupt(Awaiting::Greeting, no_answer)).ok()?;
    let Response::Status { tag: None, kind, code, text } = &answer.response else {
        facts.shared.interrupt(Awaiting::Greeting, NoAnswer::Unreadable { line: answer.line });
        return None;
    };
    let kind = match kind {
        StatusKind::Ok => GreetingKind::Ok,
        StatusKind::Preauth => GreetingKind::Preauth,
        _ => GreetingKind::Bye,
    };
    facts.greeting = Some(Greeting { kind, code: code.as_ref().map(|code| code.name.clone()), text: text.clone() });
    facts.capabilities = answer.capabilities();
    if kind == GreetingKind::Bye {
        return None;
    }
    if facts.capabilities.is_none() {
        facts.capabilities =
            capabilities(talk, "A0").await.map_err(|s| facts.shared.interrupt(Awaiting::Capabilities, s)).ok()?;
    }
    Some(())
}

/// Asks for encryption on an unencrypted connection; the handshake follows.
async fn starttls<S: Stream>(mut talk: ImapTalk<'_, S>, facts: &mut Facts) -> Option<S> {
    greet(&mut talk, facts).await?;
    if !facts.offers("STARTTLS") {
        facts.shared.starttls = Some(Starttls::NotOffered);
        return None;
    }
    let reply = match talk.say(&[command::starttls("A1")]).await {
        Ok(()) => until_tagged(&mut talk, "A1").await,
        Err(no_answer) => Err(no_answer),
    };
    let reply = reply.map_err(|no_answer| facts.shared.interrupt(Awaiting::Starttls, no_answer)).ok()?;
    let (stream, leftover) = talk.end();
    let outcome = match &reply.tagged.response {
        Response::Status { kind: StatusKind::Ok, .. } if leftover.is_empty() => Starttls::Ready,
        Response::Status { kind: StatusKind::Ok, .. } => Starttls::Injected,
        _ => Starttls::Refused { answer: reply.tagged.line },
    };
    let is_ready = outcome == Starttls::Ready;
    facts.shared.starttls = Some(outcome);
    is_ready.then_some(stream)
}

/// Signs in with the password, asks the questions that follow, and says goodbye.
async fn converse<S: Stream>(
    mut talk: ImapTalk<'_, Verified<S>>,
    Wishes { credentials, gate, mailbox: looks_inside, survey: asking, archive: keeping, meeting, .. }: Wishes<'_>,
    facts: &mut Facts,
) {
    // After STARTTLS the server does not greet again, and what it offered before it must be forgotten.
    if facts.shared.starttls.is_some() {
        match capabilities(&mut talk, "A2").await {
            Ok(found) => facts.capabilities = found,
            Err(no_answer) => return facts.shared.interrupt(Awaiting::Capabilities, no_answer),
        }
    } else if greet(&mut talk, facts).await.is_none() {
        return;
    }
    // A server that regards the connection as signed in would reject a sign-in.
    let is_open = facts.greeting.as_ref().is_none_or(|greeting| greeting.kind == GreetingKind::Ok);
    let signed_in = match credentials.filter(|_| is_open) {
        Some(credentials) => sign_in(&mut talk, credentials, gate, facts).await,
        None => None,
    };
    if let Some((sign_in, offered)) = signed_in {
        let is_accepted = sign_in.is_accepted();
        let is_unanswered = matches!(sign_in.outcome, Outcome::Unanswered { .. });
        facts.shared.sign_in = Some(sign_in);
        facts.capabilities_after = offered;
        if is_unanswered {
            return;
        }
        if is_accepted && facts.capabilities_after.is_none() {
            match capabilities(&mut talk, "B0").await {
                Ok(found) => facts.capabilities_after = found,
                Err(no_answer) => return facts.shared.interrupt(Awaiting::AfterSignIn, no_answer),
            }
        }
        if is_accepted && looks_inside {
            match mailbox::message(&mut talk).await {
                Ok(message) => facts.mailbox.message = Some(message),
                Err(no_answer) => return facts.shared.interrupt(Awaiting::AfterSignIn, no_answer),
            }
        }
    }
    let is_signed_in = facts.shared.sign_in.as_ref().is_some_and(SignIn::is_accepted);
    let offered = facts.capabilities_after.as_deref().unwrap_or_default();
    let left = match is_signed_in {
        true if let Some(wishes) = keeping => archive::ask(talk, wishes, &mut facts.archive).await.map(|()| true),
        true if let Some(asking) = asking => survey::ask(&mut talk, offered, asking, &mut facts.survey).await,
        true if let Some(meeting) = meeting => {
            round_trip::ask(&mut talk, offered, meeting, &mut facts.round_trip).await.map(|()| true)
        }
        true => mailbox::ask(&mut talk, offered, &mut facts.mailbox).await.map(|()| true),
        false => mailbox::leave(&mut talk).await.map(|()| true),
    };
    match left {
        Ok(said_goodbye) => facts.said_goodbye = said_goodbye,
        Err(no_answer) if is_signed_in => facts.shared.interrupt(Awaiting::AfterSignIn, no_answer),
        // Apple has been seen to close the connection after a refusal (jstedfast/MailKit#295): a missing goodbye is not
        // a problem then.
        Err(_) => {}
    }
}

/// The one sign-in, unless earlier ones say to wait. Also yields the capabilities that came with its answer.
async fn sign_in<S: Stream>(
    talk: &mut ImapTalk<'_, Verified<S>>,
    credentials: Credentials<'_>,
    gate: Gate<'_>,
    facts: &mut Facts,
) -> Option<(SignIn, Option<Vec<String>>)> {
    let Credentials { login, password, mechanism, .. } = credentials;
    let secret = password.secret();
    let tag = "A3";
    let initial_response = facts.offers("SASL-IR");
    let (mechanism, line) = if facts.offers("AUTH=PLAIN") && mechanism != Some(Mechanism::Login) {
        (Mechanism::Plain, command::authenticate_plain(tag, login, secret, initial_response))
    } else {
        (Mechanism::Login, command::login(tag, login, secret).filter(|_| !facts.offers("LOGINDISABLED")))
    };
    let Some(line) = line else {
        let offered = facts.capabilities.clone().unwrap_or_default();
        let outcome = Outcome::NoMechanism { offered };
        return Some((SignIn { mechanism: None, login: login.to_owned(), outcome, code: None, answer: None }, None));
    };
    let passed = facts.shared.pass(gate, credentials.attempt(mechanism))?;
    let asked = async {
        talk.say_secret(line).await?;
        if mechanism == Mechanism::Plain && !initial_response {
            if let Some(reply) = until_challenged(talk, tag).await? {
                return Ok(reply);
            }
            if let Some(response) = command::plain_response(login, secret) {
                talk.say_secret(response).await?;
            }
        }
        until_tagged(talk, tag).await
    };
    let (sign_in, offered) = match asked.await {
        Ok(reply) => (judge(mechanism, login, &reply.tagged), reply.capabilities),
        Err(no_answer) => (SignIn::unanswered(Some(mechanism), login, no_answer), None),
    };
    passed.ended((&sign_in.outcome).into());
    Some((sign_in, offered))
}

/// What a tagged response means for a sign-in (RFC 9051 section 7.1).
fn judge(mechanism: Mechanism, login: &str, tagged: &Answer) -> SignIn {
    let Response::Status { kind, code, .. } = &tagged.response else {
        return SignIn::unanswered(Some(mechanism), login, NoAnswer::Unreadable { line: tagged.line.clone() });
    };
    let code = code.as_ref().map(|code| code.name.clone());
    let outcome = match (kind, meaning::of(&tagged.line)) {
        (StatusKind::Ok, _) => Outcome::Accepted,
        // Without a code, a failure of a command that was not understood is no judgement of the password.
        (StatusKind::Bad, Some(heard)) if heard.meaning == Meaning::Refused && code.is_none() => Outcome::NotUnderstood,
        (StatusKind::Bad, None) => Outcome::NotUnderstood,
        (_, heard) => heard.and_then(|heard| heard.meaning.of_a_sign_in()).unwrap_or(Outcome::Refused),
    };
    SignIn { mechanism: Some(mechanism), login: login.to_owned(), outcome, code, answer: Some(tagged.line.clone()) }
}

async fn capabilities<S: Stream>(talk: &mut ImapTalk<'_, S>, tag: &str) -> Result<Option<Vec<String>>, NoAnswer> {
    talk.say(&[command::capability(tag)]).await?;
    Ok(until_tagged(talk, tag).await?.capabilities)
}

impl Facts {
    pub(crate) fn offers(&self, name: &str) -> bool {
        self.capabilities.iter().flatten().any(|offered| offered == name)
    }
}
