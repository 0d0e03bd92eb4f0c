//! Does the SMTP server let the account in, and may this address send?

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::attempts::gate::Gate;
use crate::conversation::{self, Awaiting, Conversation, Sender, Speaks, Starttls, Wishes};
use crate::meaning::{self, Heard, Meaning};
use crate::network::Stream;
use crate::plan::{Plan, Protocol};
use crate::protocol::smtp::{Ehlo, Reader, Reply, command};
use crate::round_trip::{Handed, Meeting};
use crate::secret::Secret;
use crate::sign_in::{Credentials, Mechanism, Outcome, SignIn};
use crate::talk::{NoAnswer, Talk};
use crate::tls::Verified;

/// The facts about the SMTP server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SmtpFacts")]
pub struct Facts {
    /// How it greeted.
    pub greeting: Option<ReplyFacts>,
    /// What it offered before encryption, as keywords with their parameters.
    pub offers_in_plain: Option<Vec<String>>,
    /// What it offered once encrypted.
    pub offers: Option<Vec<String>>,
    /// The facts that are collected from either server.
    #[serde(flatten)]
    pub shared: conversation::Facts,
    /// Its answer to `--from`; nothing was sent.
    pub from: Option<FromFacts>,
}

/// A reply (RFC 5321 section 4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyFacts {
    /// The code of three digits.
    pub code: u16,
    /// The enhanced status code (RFC 3463).
    pub enhanced: Option<String>,
    /// The text, its lines joined.
    pub text: String,
}

/// Whether an address may send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FromFacts {
    /// The address.
    pub address: String,
    /// The answer to MAIL FROM.
    pub mail: ReplyFacts,
    /// The answer to RCPT TO, if it got that far.
    pub rcpt: Option<ReplyFacts>,
    /// The answer to the message itself, where one was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<ReplyFacts>,
}

pub(crate) fn contacts(plan: &Plan) -> Vec<String> {
    vec![format!("{}:{}  the SMTP server", plan.smtp.host, plan.smtp.port)]
}

impl Conversation for Facts {
    fn shared(&self) -> &conversation::Facts {
        &self.shared
    }

    fn greeted(&self) -> bool {
        self.greeting.is_some()
    }

    fn turned_away(&self) -> Option<String> {
        let greeting = self.greeting.as_ref().filter(|greeting| greeting.code != 220)?;
        Some(greeting.line())
    }

    fn is_troubled(&self) -> bool {
        let is_refused = self.from.as_ref().is_some_and(|from| from.refusal().is_some());
        self.shared.is_troubled() || self.turned_away().is_some() || is_refused
    }
}

impl Speaks for Facts {
    const OF: Protocol = Protocol::Smtp;

    type Reader = Reader;

    async fn starttls<S: Stream>(&mut self, talk: SmtpTalk<'_, S>) -> Option<S> {
        starttls(talk, self).await
    }

    async fn converse<S: Stream>(&mut self, talk: SmtpTalk<'_, Verified<S>>, wishes: Wishes<'_>) {
        converse(talk, wishes, self).await;
    }
}

impl Facts {
    /// Reads the greeting and sends EHLO.
    async fn greet<S: Stream>(&mut self, talk: &mut SmtpTalk<'_, S>) -> Option<Ehlo> {
        let greeting =
            talk.hear().await.map_err(|no_answer| self.shared.interrupt(Awaiting::Greeting, no_answer)).ok()?;
        let is_welcome = greeting.code == 220;
        self.greeting = Some((&greeting).into());
        if !is_welcome {
            return None;
        }
        self.hello(talk).await
    }

    async fn hello<S: Stream>(&mut self, talk: &mut SmtpTalk<'_, S>) -> Option<Ehlo> {
        let reply = ask(talk, command::ehlo(OWN_NAME)?).await;
        let reply = reply.map_err(|no_answer| self.shared.interrupt(Awaiting::Capabilities, no_answer)).ok()?;
        Some(Ehlo::read(&reply))
    }

    /// Whether it offered a mechanism for signing in once encrypted.
    pub(crate) fn offers_mechanism(&self, name: &str) -> bool {
        self.offers.iter().flatten().any(|line| line.starts_with("AUTH ") && line.split(' ').any(|word| word == name))
    }
}

impl FromFacts {
    /// The reply that refused, if one did.
    pub fn refusal(&self) -> Option<&ReplyFacts> {
        std::iter::once(&self.mail).chain(&self.rcpt).chain(&self.data).find(|reply| reply.code >= 400)
    }
}

impl ReplyFacts {
    /// It as one line, with its codes.
    pub fn line(&self) -> String {
        match &self.enhanced {
            Some(enhanced) => format!("{} {enhanced} {}", self.code, self.text),
            None => format!("{} {}", self.code, self.text),
        }
    }

    /// What it means, where it refuses.
    pub fn heard(&self) -> Option<Heard> {
        meaning::of(&self.line())
    }
}

impl From<&Reply> for ReplyFacts {
    fn from(reply: &Reply) -> Self {
        Self { code: reply.code, enhanced: reply.enhanced.map(|code| code.to_string()), text: reply.text() }
    }
}

/// The client's name: an address literal (RFC 5321 section 4.1.3) reveals nothing about the machine.
const OWN_NAME: &str = "[127.0.0.1]";

type SmtpTalk<'t, S> = Talk<'t, S, Reader>;

/// Reads the greeting and asks for encryption on an unencrypted connection; the handshake follows.
async fn starttls<S: Stream>(mut talk: SmtpTalk<'_, S>, facts: &mut Facts) -> Option<S> {
    let ehlo = facts.greet(&mut talk).await?;
    facts.offers_in_plain = Some(keywords(&ehlo));
    if !ehlo.offers("STARTTLS") {
        facts.shared.starttls = Some(Starttls::NotOffered);
        // Nothing more can be asked here; the goodbye is a courtesy that need not be answered.
        let _ = talk.say(&[command::quit()]).await;
        return None;
    }
    let reply = ask(&mut talk, command::starttls()).await;
    let reply = reply.map_err(|no_answer| facts.shared.interrupt(Awaiting::Starttls, no_answer)).ok()?;
    let (stream, leftover) = talk.end();
    let outcome = match reply.code {
        220 if leftover.is_empty() => Starttls::Ready,
        220 => Starttls::Injected,
        _ => Starttls::Refused { answer: reply.shown.join(" ") },
    };
    let is_ready = outcome == Starttls::Ready;
    facts.shared.starttls = Some(outcome);
    is_ready.then_some(stream)
}

/// Signs in with the password, asks whether the address may send, and says goodbye.
async fn converse<S: Stream>(
    mut talk: SmtpTalk<'_, Verified<S>>,
    Wishes { credentials, gate, sender, meeting, .. }: Wishes<'_>,
    facts: &mut Facts,
) {
    // What the server offered before STARTTLS must be forgotten (RFC 3207 section 4.2).
    let ehlo = match facts.shared.starttls {
        Some(_) => facts.hello(&mut talk).await,
        None => facts.greet(&mut talk).await,
    };
    let Some(ehlo) = ehlo else { return };
    facts.offers = Some(keywords(&ehlo));
    let signed_in = match credentials {
        Some(credentials) => sign_in(&mut talk, credentials, gate, &ehlo, &mut facts.shared).await,
        None => None,
    };
    if let Some(sign_in) = signed_in {
        let is_accepted = sign_in.is_accepted();
        let is_unanswered = matches!(sign_in.outcome, Outcome::Unanswered { .. });
        facts.shared.sign_in = Some(sign_in);
        if is_unanswered {
            return;
        }
        let asked = match (meeting, sender) {
            (Some(meeting), _) if is_accepted => Some(send(&mut talk, meeting).await),
            (None, Some(sender)) if is_accepted => Some(may_send(&mut talk, sender).await),
            _ => None,
        };
        if let Some(asked) = asked {
            match asked {
                Ok(answer) => facts.from = answer,
                Err(no_answer) => return facts.shared.interrupt(Awaiting::AfterSignIn, no_answer),
            }
        }
    }
    // RFC 5321 section 4.1.1.10 would have us wait for the answer, which is not needed: it would cost every healthy run
    // a round trip.
    let _ = talk.say(&[command::quit()]).await;
}

/// The one sign-in, unless earlier ones say to wait.
async fn sign_in<S: Stream>(
    talk: &mut SmtpTalk<'_, Verified<S>>,
    credentials: Credentials<'_>,
    gate: Gate<'_>,
    ehlo: &Ehlo,
    facts: &mut conversation::Facts,
) -> Option<SignIn> {
    let Credentials { login, password, mechanism, .. } = credentials;
    let secret = password.secret();
    let offered = ehlo.mechanisms();
    let offers = |name: &str| offered.iter().any(|mechanism| mechanism == name);
    let wants_plain = offers("PLAIN") && mechanism != Some(Mechanism::Login);
    let plain = command::auth_plain(login, secret).filter(|_| wants_plain);
    if plain.is_none() && !offers("LOGIN") {
        let outcome = Outcome::NoMechanism { offered };
        return Some(SignIn { mechanism: None, login: login.to_owned(), outcome, code: None, answer: None });
    }
    let mechanism = if plain.is_some() { Mechanism::Plain } else { Mechanism::Login };
    let passed = facts.pass(gate, credentials.attempt(mechanism))?;
    let answer = match plain {
        Some(line) => ask_secretly(talk, line).await,
        None => auth_login(talk, login, secret).await,
    };
    let sign_in = match answer {
        Ok(reply) => SignIn {
            mechanism: Some(mechanism),
            login: login.to_owned(),
            outcome: judge(&reply),
            code: reply.enhanced.map(|code| code.to_string()),
            answer: Some(reply.shown.join(" ")),
        },
        Err(no_answer) => SignIn::unanswered(Some(mechanism), login, no_answer),
    };
    passed.ended((&sign_in.outcome).into());
    Some(sign_in)
}

async fn auth_login<S: Stream>(
    talk: &mut SmtpTalk<'_, Verified<S>>,
    login: &str,
    secret: &Secret,
) -> Result<Reply, NoAnswer> {
    let mut reply = ask(talk, command::auth_login()).await?;
    if reply.is_intermediate() {
        reply = ask_secretly(talk, command::auth_login_name(login)).await?;
    }
    if reply.is_intermediate() {
        reply = ask_secretly(talk, command::auth_login_password(secret)).await?;
    }
    Ok(reply)
}

/// What a reply means for a sign-in (RFC 4954 section 6).
fn judge(reply: &Reply) -> Outcome {
    let heard = ReplyFacts::from(reply).heard().map(|heard| heard.meaning);
    match (reply.code, heard) {
        (235, _) => Outcome::Accepted,
        // A command that was not understood is no judgement of the password.
        (500..=504, None | Some(Meaning::Refused)) => Outcome::NotUnderstood,
        (code, heard) => heard.and_then(Meaning::of_a_sign_in).unwrap_or(match code {
            400..=499 => Outcome::Unavailable,
            500..=504 => Outcome::NotUnderstood,
            _ => Outcome::Refused,
        }),
    }
}

/// Asks whether an address may send, to the account itself, and takes it back: nothing is sent.
async fn may_send<S: Stream>(talk: &mut SmtpTalk<'_, S>, sender: Sender<'_>) -> Result<Option<FromFacts>, NoAnswer> {
    let (mail, rcpt) = (command::mail_from(sender.from), command::rcpt_to(sender.account));
    let (Some(mail), Some(rcpt)) = (mail, rcpt) else { return Ok(None) };
    let mail = ask(talk, mail).await?;
    let rcpt = if mail.is_positive() { Some(ask(talk, rcpt).await?) } else { None };
    if mail.is_positive() {
        ask(talk, command::rset()).await?;
    }
    Ok(Some(FromFacts {
        address: sender.from.to_owned(),
        mail: (&mail).into(),
        rcpt: rcpt.as_ref().map(Into::into),
        data: None,
    }))
}

/// Sends the message, as soon as the folders in which it may arrive are known.
async fn send<S: Stream>(talk: &mut SmtpTalk<'_, S>, meeting: &Meeting<'_>) -> Result<Option<FromFacts>, NoAnswer> {
    let message = &meeting.message;
    let (mail, rcpt) = (command::mail_from(&message.from), command::rcpt_to(&message.to));
    let (Some(mail), Some(rcpt)) = (mail, rcpt) else { return Ok(None) };
    if !meeting.may_send().await {
        return Ok(None);
    }
    let mail = ask(talk, mail).await?;
    let rcpt = if mail.is_positive() { Some(ask(talk, rcpt).await?) } else { None };
    let mut data = None;
    if rcpt.as_ref().is_some_and(Reply::is_positive) && !meeting.is_hurried() {
        let sent_ms = meeting.began.milliseconds();
        let mut reply = ask(talk, command::data().by(meeting)).await?;
        if reply.is_intermediate() {
            reply = ask(talk, command::message(&message.text).by(meeting)).await?;
        }
        let reply = ReplyFacts::from(&reply);
        meeting.hand(match reply.code {
            200..300 => Handed::Taken { sent_ms, taken_ms: meeting.began.milliseconds() },
            _ => Handed::Refused { answer: reply.line() },
        });
        data = Some(reply);
    }
    let (mail, rcpt) = ((&mail).into(), rcpt.as_ref().map(Into::into));
    Ok(Some(FromFacts { address: message.from.clone(), mail, rcpt, data }))
}

async fn ask<S: Stream>(talk: &mut SmtpTalk<'_, S>, line: crate::protocol::Line) -> Result<Reply, NoAnswer> {
    talk.say(&[line]).await?;
    talk.hear().await
}

async fn ask_secretly<S: Stream>(
    talk: &mut SmtpTalk<'_, Verified<S>>,
    line: crate::protocol::SecretLine,
) -> Result<Reply, NoAnswer> {
    talk.say_secret(line).await?;
    talk.hear().await
}

fn keywords(ehlo: &Ehlo) -> Vec<String> {
    ehlo.keywords
        .iter()
        .map(|keyword| match keyword.parameters.as_slice() {
            [] => keyword.name.clone(),
            parameters => format!("{} {}", keyword.name, parameters.join(" ")),
        })
        .collect()
}
