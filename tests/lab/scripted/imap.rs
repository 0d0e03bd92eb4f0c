//! IMAP in Apple's words.

use super::connection::Connection;
use super::icloud_mailbox::Mailbox;
use super::manners::{Manner, Manners};
use super::{decode, echo, knows, mailbox};
use crate::fault::{ADDRESS, NAME_PART};
use crate::world::journal::CHANGED;
use std::io::Result;
use tokio::io::{AsyncRead, AsyncWrite};

const BUILD: &str = "(2606B15-0579518368c0) p00-iscream-55668b59f7-6f7mg";
const SIGNED_IN: &str = "XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 CONDSTORE ENABLE QRESYNC QUOTA XAPPLELITERAL NAMESPACE \
                         UIDPLUS UNSELECT SORT ESEARCH ESORT CONTEXT=SORT WITHIN SASL-IR ID IDLE \
                         X-APPLE-REMOTE-LINKS LIST-STATUS";
const QUOTA_ROOT: &str = "* QUOTAROOT INBOX \"default\"";
/// What is refused where the folders are.
const OF_FOLDERS: [&str; 6] = ["LIST", "GETQUOTAROOT", "STATUS", "SELECT", "EXAMINE", "FETCH"];
/// Unsolicited data that every client must accept (RFC 9051 section 5.2).
const UNASKED: [&str; 4] =
    ["* 3 EXISTS", "* OK Still here", "* 2 FETCH (UID 5 FLAGS (\\Seen))", "* OK [ALERT] A notice for everybody"];

/// From the greeting to the end. The answers stand in `reply`; only the sign-in takes more than one line.
pub(super) async fn converse<S>(line: &mut Connection<S>, manners: &Manners) -> Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if !greet(line, manners).await? {
        return line.close().await;
    }
    let mut signed_in = false;
    let mut mailbox = mailbox::of(manners);
    while let Some(said) = line.line().await? {
        let (tag, command) = said.split_once(' ').unwrap_or((&said, ""));
        let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
        if manners.has(Manner::UnaskedData) {
            for data in UNASKED {
                line.say(data).await?;
            }
        }
        match verb.to_ascii_uppercase().as_str() {
            "LOGOUT" => {
                line.say("* BYE iSCREAM says goodbye").await?;
                line.say(&format!("{tag} OK LOGOUT completed")).await?;
                return line.close().await;
            }
            "LOGIN" | "AUTHENTICATE" => {
                signed_in = sign_in(line, manners, tag, verb, rest).await?;
                let leaves = if signed_in { Manner::CloseAfterSignIn } else { Manner::DropAfterRefusal };
                if manners.has(leaves) {
                    return line.close().await;
                }
            }
            "CAPABILITY" => {
                let capabilities = if signed_in { after_sign_in(manners) } else { before_sign_in(manners) };
                line.say(&format!("* CAPABILITY {capabilities}")).await?;
                line.say(&format!("{tag} OK Completed")).await?;
            }
            verb => {
                let before = mailbox.store.clone();
                let may = signed_in || manners.has(Manner::OffersId);
                for answer in reply(verb, rest, tag, may.then_some(&mut mailbox), manners) {
                    line.say(&answer).await?;
                }
                if mailbox.store != before {
                    line.journal.note(&format!("{CHANGED} {}", mailbox.store.differs_from(&before)));
                }
            }
        }
    }
    Ok(())
}

/// False when there is nothing more to say.
async fn greet<S>(line: &mut Connection<S>, manners: &Manners) -> Result<bool>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if manners.has(Manner::Silent) {
        while line.line().await?.is_some() {}
        return Ok(false);
    }
    if manners.has(Manner::Bye) {
        line.say("* BYE Service temporarily unavailable").await?;
        return Ok(false);
    }
    if manners.has(Manner::TooManyConnections) {
        line.say("* BYE Too many connections from your network").await?;
        return Ok(false);
    }
    if manners.has(Manner::Nonsense) {
        line.say("\u{1b}[2J{\"error\": \"<b>wrong door</b>\", \"code\": 418}").await?;
        while line.line().await?.is_some() {
            line.say("(no)").await?;
        }
        return Ok(false);
    }
    let padding = if manners.has(Manner::GiantLine) { "x".repeat(1 << 20) } else { String::new() };
    let greeting = if manners.has(Manner::OddGreeting) {
        "* OK \"Ready\" (really) {3} [not a code] \\ * NO BYE 100%".to_string()
    } else if manners.has(Manner::PlainGreeting) {
        format!("* OK {BUILD}")
    } else {
        format!("* OK [CAPABILITY {}] {BUILD}{padding}", before_sign_in(manners))
    };
    line.say(&greeting).await?;
    Ok(!manners.has(Manner::CloseAfterGreeting))
}

fn before_sign_in(manners: &Manners) -> String {
    let mut words = vec!["XAPPLEPUSHSERVICE", "IMAP4", "IMAP4rev1"];
    if !manners.has(Manner::NoSaslIr) {
        words.push("SASL-IR");
    }
    words.push("AUTH=ATOKEN");
    if manners.has(Manner::NoPasswordMechanism) {
        words.push("LOGINDISABLED");
    } else if !manners.has(Manner::NoAuthPlain) {
        words.push("AUTH=PLAIN");
    }
    words.extend(["AUTH=ATOKEN2", "AUTH=XOAUTH2"]);
    if manners.has(Manner::OffersId) {
        words.extend(["ID", "QUOTA"]);
    }
    much(manners) + &words.join(" ")
}

fn after_sign_in(manners: &Manners) -> String {
    let offered = |word: &&str| match *word {
        "ID" => !manners.has(Manner::NoId),
        "QUOTA" => !manners.has(Manner::NoQuota),
        _ => true,
    };
    much(manners) + &SIGNED_IN.split(' ').filter(offered).collect::<Vec<_>>().join(" ")
}

/// Two kilobytes of names that mean nothing, with a space after each.
fn much(manners: &Manners) -> String {
    let count = if manners.has(Manner::OffersMuch) { 100 } else { 0 };
    "X-EXTENSION=YES-IT-IS ".repeat(count)
}

/// What is answered; no mailbox is there for a command that comes before its time.
fn reply(verb: &str, rest: &str, tag: &str, mailbox: Option<&mut Mailbox>, manners: &Manners) -> Vec<String> {
    let may = mailbox.is_some();
    let refusal = match () {
        () if manners.has(Manner::FoldersUnavailable) => Some("NO [UNAVAILABLE] Service temporarily unavailable"),
        () if manners.has(Manner::FoldersThrottled) => Some("NO [UNAVAILABLE] Too many requests, try again later"),
        () => None,
    };
    if let Some(words) = refusal.filter(|_| may && OF_FOLDERS.contains(&verb)) {
        return vec![format!("{tag} {words}")];
    }
    if let Some((untagged, end)) = mailbox.and_then(|mailbox| mailbox.reply(verb, rest)) {
        return untagged.into_iter().chain([format!("{tag} {end}")]).collect();
    }
    let (untagged, end): (&[&str], &str) = match verb {
        "NOOP" => (&[], "OK NOOP completed"),
        "ID" if may && !manners.has(Manner::NoId) => {
            (&["* ID (\"name\" \"iscream\" \"vendor\" \"Apple\")"], "OK ID completed (took 0 ms)")
        }
        "NAMESPACE" if may => (&["* NAMESPACE ((\"\" \"/\")) NIL NIL"], "OK NAMESPACE completed (took 0 ms)"),
        "GETQUOTAROOT" if may && !manners.has(Manner::NoQuota) => (
            match () {
                () if manners.has(Manner::Full) => &[QUOTA_ROOT, "* QUOTA \"default\" (STORAGE 5242880 5242880)"],
                () if manners.has(Manner::NearlyFull) => &[QUOTA_ROOT, "* QUOTA \"default\" (STORAGE 5242879 5242880)"],
                () => &[QUOTA_ROOT, "* QUOTA \"default\" (STORAGE 204800 5242880)"],
            },
            "OK GETQUOTAROOT completed",
        ),
        "ENABLE" if may => (&[], "OK ENABLE completed"),
        "" => return vec!["* BAD Parse Error".to_string()],
        _ => (&[], "BAD Parse Error (took 0 ms)"),
    };
    untagged.iter().map(ToString::to_string).chain([format!("{tag} {end}")]).collect()
}

async fn sign_in<S>(line: &mut Connection<S>, manners: &Manners, tag: &str, verb: &str, rest: &str) -> Result<bool>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let is_login = verb.eq_ignore_ascii_case("LOGIN");
    let given = if is_login { login(line, rest).await? } else { plain(line, manners, rest).await? };
    let (name, password) = match given {
        Ok(given) => given,
        Err(complaint) => {
            line.say(&format!("{tag} BAD {complaint}")).await?;
            return Ok(false);
        }
    };
    if let Some(words) = turned_down(manners, is_login) {
        line.say(&format!("{tag} {words}")).await?;
        return Ok(false);
    }
    let takes: &[&str] = match () {
        () if manners.has(Manner::OnlyFullAddress) => &[ADDRESS],
        () if manners.has(Manner::OnlyNamePart) => &[NAME_PART],
        () => &[NAME_PART, ADDRESS],
    };
    let accepted = takes.iter().any(|login| name.eq_ignore_ascii_case(login)) && knows(&password);
    if !accepted || manners.has(Manner::Refuse) {
        let echo = echo(manners, &name, &password);
        line.say(&format!("{tag} NO [AUTHENTICATIONFAILED] Authentication Failed{echo}")).await?;
        return Ok(false);
    }
    let words = if is_login {
        format!("OK [CAPABILITY {}] User {NAME_PART} logged in", after_sign_in(manners))
    } else {
        format!("OK user {NAME_PART} authenticated{}", echo(manners, &name, &password))
    };
    line.say(&format!("{tag} {words}")).await?;
    Ok(true)
}

/// The answer to a sign-in that has nothing to do with its name and password.
fn turned_down(manners: &Manners, is_login: bool) -> Option<&'static str> {
    let answers = [
        (Manner::Unavailable, "BAD [UNAVAILABLE] Service temporarily unavailable"),
        (Manner::UnavailableNo, "NO [UNAVAILABLE] Temporary authentication failure."),
        (Manner::Throttled, "NO [LIMIT] Sign-in rate exceeded"),
        (Manner::Disabled, "NO [AUTHORIZATIONFAILED] IMAP access is disabled for this account"),
    ];
    let of_plain = [
        (Manner::PlainRefused, "NO [AUTHENTICATIONFAILED] Authentication Failed"),
        (Manner::PlainRefusedBad, "BAD Unknown authentication error"),
        (Manner::PlainRefusedNoCode, "NO Authentication Failed"),
    ];
    let mut all = answers.iter().chain(of_plain.iter().filter(|_| !is_login));
    all.find(|(manner, _)| manners.has(*manner)).map(|(_, words)| *words)
}

/// What came with AUTHENTICATE PLAIN, or the words that refuse it.
async fn plain<S>(
    line: &mut Connection<S>,
    manners: &Manners,
    rest: &str,
) -> Result<std::result::Result<(String, String), &'static str>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
    if !mechanism.eq_ignore_ascii_case("PLAIN")
        || manners.has(Manner::NoAuthPlain)
        || manners.has(Manner::NoPasswordMechanism)
    {
        return Ok(Err("Unsupported authentication mechanism"));
    }
    if !initial.is_empty() && manners.has(Manner::NoSaslIr) {
        return Ok(Err("Unexpected extra arguments"));
    }
    let response = if initial.is_empty() {
        line.say("+ ").await?;
        line.line().await?.unwrap_or_default()
    } else {
        initial.to_string()
    };
    Ok(decode(&response).ok_or("Invalid SASL response"))
}

/// The two arguments of LOGIN: bare, quoted or literal.
async fn login<S>(line: &mut Connection<S>, rest: &str) -> Result<std::result::Result<(String, String), &'static str>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut rest = rest.to_string();
    let mut arguments = Vec::new();
    while arguments.len() < 2 {
        let text = rest.trim_start().to_string();
        if let Some(quoted) = text.strip_prefix('"') {
            let Some((argument, after)) = unquote(quoted) else { return Ok(Err("unmatch quote")) };
            arguments.push(argument);
            rest = after;
        } else if let Some((length, waits)) = literal_length(&text) {
            if waits {
                line.say("+ Ready").await?;
            }
            arguments.push(line.literal(length).await?.unwrap_or_default());
            rest = line.line().await?.unwrap_or_default();
        } else if text.is_empty() {
            return Ok(Err("Missing argument"));
        } else {
            let (argument, after) = text.split_once(' ').unwrap_or((&text, ""));
            arguments.push(argument.to_string());
            rest = after.to_string();
        }
    }
    let password = arguments.pop().unwrap_or_default();
    Ok(Ok((arguments.pop().unwrap_or_default(), password)))
}

fn unquote(text: &str) -> Option<(String, String)> {
    let mut argument = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Some((argument, characters.as_str().to_string())),
            '\\' => argument.push(characters.next()?),
            other => argument.push(other),
        }
    }
    None
}

/// `{12}` waits for the server's leave, `{12+}` does not.
fn literal_length(text: &str) -> Option<(usize, bool)> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let digits = inner.strip_suffix('+');
    Some((digits.unwrap_or(inner).parse().ok()?, digits.is_none()))
}
