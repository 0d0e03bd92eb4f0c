//! SMTP submission in the words of Apple's Postfix.

use super::connection::Connection;
use super::manners::{Manner, Manners};
use super::{decode, echo, knows};
use crate::fault::ADDRESS;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::io::Result;
use tokio::io::{AsyncRead, AsyncWrite};

const HOST: &str = "p00-icloudmta-asmtp-us-east-1a-100-percent-2";

/// False when there is nothing more to say.
pub(super) async fn greet<S>(line: &mut Connection<S>, manners: &Manners) -> Result<bool>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if manners.has(Manner::Silent) {
        while line.line().await?.is_some() {}
        return Ok(false);
    }
    if manners.has(Manner::Bye) {
        line.say("421 4.3.2 Service not available, closing transmission channel").await?;
        return Ok(false);
    }
    if manners.has(Manner::TooManyConnections) {
        line.say(&format!("421 4.7.0 {HOST} Error: too many connections from your network")).await?;
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
        "220 \"Ready\" (really) {3} 550 5.7.8 [not a refusal] \\ 100%".to_string()
    } else if manners.has(Manner::PlainGreeting) {
        format!("220-{HOST}\r\n220-Not for the relaying of others' mail.\r\n220 Ready")
    } else {
        format!("220 {HOST} ESMTP Postfix{padding}")
    };
    line.say(&greeting).await?;
    Ok(!manners.has(Manner::CloseAfterGreeting))
}

/// True when the client was told to shake hands now.
pub(super) async fn converse<S>(line: &mut Connection<S>, manners: &Manners, secure: bool) -> Result<bool>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut signed_in = false;
    while let Some(said) = line.line().await? {
        let (verb, rest) = said.split_once(' ').unwrap_or((&said, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => line.say(&extensions(manners, secure).join("\r\n")).await?,
            "STARTTLS" if !secure && !has_no_starttls(manners) => {
                let injected = if manners.has(Manner::InjectAfterStarttls) { "\r\n250 2.0.0 Ok" } else { "" };
                line.say(&format!("220 2.0.0 Ready to start TLS{injected}")).await?;
                return Ok(true);
            }
            "AUTH" if secure => {
                signed_in = sign_in(line, manners, rest).await?;
                let leaves = if signed_in { Manner::CloseAfterSignIn } else { Manner::DropAfterRefusal };
                if manners.has(leaves) || (!signed_in && manners.has(Manner::ThrottledAndClosed)) {
                    line.close().await?;
                    return Ok(false);
                }
            }
            "QUIT" => {
                line.say("221 2.0.0 Bye").await?;
                line.close().await?;
                return Ok(false);
            }
            // The doctor never says it; the programs that are run beside it do.
            "DATA" if signed_in => {
                line.say("354 End data with <CR><LF>.<CR><LF>").await?;
                while line.line().await?.is_some_and(|text| text != ".") {}
                line.say("250 2.0.0 Ok: queued as 4ZzZzZ0").await?;
            }
            verb => line.say(&reply(verb, rest, signed_in, manners)).await?,
        }
    }
    Ok(false)
}

fn has_no_starttls(manners: &Manners) -> bool {
    manners.has(Manner::NoStarttls) || manners.has(Manner::MaskedStarttls)
}

fn extensions(manners: &Manners, secure: bool) -> Vec<String> {
    let mut lines = vec![format!("250-{HOST}"), "250-PIPELINING".to_string(), "250-SIZE 28311552".to_string()];
    if manners.has(Manner::OffersMuch) {
        lines.extend((0..60).map(|number| format!("250-X-EXTENSION-{number} with some parameters={number}")));
        lines.extend(secure.then(|| "250-AUTH=LOGIN PLAIN".to_string()));
    }
    if secure && manners.has(Manner::NoPasswordMechanism) {
        lines.push("250-AUTH ATOKEN WSTOKEN WETOKEN XOAUTH2".to_string());
    } else if secure {
        lines.push("250-AUTH LOGIN PLAIN ATOKEN WSTOKEN WETOKEN".to_string());
    } else if manners.has(Manner::MaskedStarttls) {
        lines.push("250-XXXXXXXA".to_string());
    } else if !manners.has(Manner::NoStarttls) {
        lines.push("250-STARTTLS".to_string());
    }
    lines.extend(["250-ENHANCEDSTATUSCODES".to_string(), "250-8BITMIME".to_string(), "250 DSN".to_string()]);
    lines
}

fn reply(verb: &str, rest: &str, signed_in: bool, manners: &Manners) -> String {
    let is_own = || rest.to_ascii_lowercase().contains(&format!("<{ADDRESS}>"));
    match verb {
        "HELO" => format!("250 {HOST}"),
        "NOOP" | "RSET" => "250 2.0.0 Ok".to_string(),
        "STARTTLS" => "502 5.5.1 Error: command not implemented".to_string(),
        "AUTH" => "530 5.7.0 Must issue a STARTTLS command first".to_string(),
        "MAIL" | "RCPT" | "DATA" if !signed_in => "530 5.7.0 Authentication required".to_string(),
        "MAIL" if manners.has(Manner::Stranger) => {
            "554 5.7.1 <unknown[198.18.1.2]>: Client host rejected: Access denied".to_string()
        }
        "MAIL" if manners.has(Manner::SendingLimit) => {
            format!("550 5.7.1 <{ADDRESS}>: You have exceeded your daily sending limit. Please try again later.")
        }
        "MAIL" if !is_own() => "550 5.7.0 From address is not one of your addresses".to_string(),
        "MAIL" => "250 2.1.0 Ok".to_string(),
        "RCPT" => "250 2.1.5 Ok".to_string(),
        _ => "502 5.5.2 Error: command not recognized".to_string(),
    }
}

async fn sign_in<S>(line: &mut Connection<S>, manners: &Manners, rest: &str) -> Result<bool>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
    let given = match mechanism.to_ascii_uppercase().as_str() {
        "PLAIN" if initial.is_empty() => decode(&ask(line, "").await?),
        "PLAIN" => decode(initial),
        "LOGIN" => {
            let name = if initial.is_empty() { ask(line, "Username:").await? } else { initial.to_string() };
            let password = ask(line, "Password:").await?;
            let text = |word: &str| String::from_utf8(BASE64_STANDARD.decode(word).ok()?).ok();
            text(&name).zip(text(&password))
        }
        _ => None,
    }
    .filter(|_| !manners.has(Manner::NoPasswordMechanism));
    let Some((name, password)) = given else {
        line.say("501 5.5.4 Syntax: AUTH mechanism").await?;
        return Ok(false);
    };
    if let Some(words) = turned_down(manners, mechanism) {
        line.say(words).await?;
        return Ok(false);
    }
    // Apple's page gives the full address as SMTP's login and no other form.
    let accepted = name.eq_ignore_ascii_case(ADDRESS) && knows(&password);
    let echo = echo(manners, &name, &password);
    if !accepted || manners.has(Manner::Refuse) {
        line.say(&format!("535 5.7.8 Error: authentication failed:{echo}")).await?;
        return Ok(false);
    }
    line.say(&format!("235 2.7.0 Authentication successful{echo}")).await?;
    Ok(true)
}

/// The answer to a sign-in that has nothing to do with its name and password.
fn turned_down(manners: &Manners, mechanism: &str) -> Option<&'static str> {
    let answers = [
        (Manner::Unavailable, "454 4.7.0 Temporary authentication failure: Connection lost to authentication server"),
        (Manner::Throttled, "454 4.7.0 Too many login attempts, please try again later"),
        (Manner::ThrottledAndClosed, "421 4.7.0 Too many login attempts, closing connection"),
    ];
    let of_plain = [(Manner::PlainRefused, "535 5.7.8 Error: authentication failed:")];
    let is_plain = mechanism.eq_ignore_ascii_case("PLAIN");
    let mut all = answers.iter().chain(of_plain.iter().filter(|_| is_plain));
    all.find(|(manner, _)| manners.has(*manner)).map(|(_, words)| *words)
}

async fn ask<S>(line: &mut Connection<S>, question: &str) -> Result<String>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    line.say(&format!("334 {}", BASE64_STANDARD.encode(question))).await?;
    Ok(line.line().await?.unwrap_or_default())
}
