//! How the settings are told: what they are, and where they are not the ones that Apple gives.

use checks::password::{Kind, Shape};
use checks::plan::{Protocol, Security};
use checks::settings::{Facts, HostKind, LoginForm, ServerFacts};

/// Whether the servers are set as Apple says, and the password looks like those that Apple makes for an app.
pub(super) fn are_as_apple_gives(facts: &Facts) -> bool {
    let is_usual = |shape: &Shape| shape.kind == Kind::AppSpecific && shape.mangled_by.is_empty();
    Protocol::BOTH.into_iter().all(|of| is_apples(facts.server(of))) && facts.password.as_ref().is_none_or(is_usual)
}

fn is_apples(facts: &ServerFacts) -> bool {
    facts.host_is == HostKind::Apples && facts.port_is_apples && facts.security_fits_port == Some(true)
}

/// What the settings are, in one sentence.
pub(super) fn sentence(settings: &Facts) -> String {
    let of = |of: Protocol| {
        let facts = settings.server(of);
        let server = &facts.server;
        let (host, port) = checks::plan::apples(of);
        let own = match of {
            Protocol::Imap => "SSL/TLS",
            Protocol::Smtp => "STARTTLS",
        };
        let set = format!("{} {}:{}", of.name(), server.host, server.port);
        let is_elsewhere = facts.login_form == Some(LoginForm::OtherAddress);
        let login = if is_elsewhere { ", with a login name that is not at icloud.com, me.com or mac.com" } else { "" };
        let verdict = match (facts.host_is == HostKind::Apples, facts.port_is_apples) {
            _ if is_apples(facts) => String::new(),
            (true, true) => format!(" with {}; Apple gives {port} with {own}", short(server.security)),
            (true, false) => format!("; Apple gives {port} with {own}"),
            (false, _) => format!("; Apple gives {host}:{port}"),
        };
        format!("{set}{verdict}{login}")
    };
    let password = settings.password.as_ref().map(|shape| match shape.kind {
        Kind::AppSpecific => "; the password looks like an app-specific one",
        Kind::AppSpecificWithoutDashes => "; the password looks like an app-specific one without its dashes",
        Kind::Other => "; the password does not look like an app-specific one",
    });
    let is_mangled = settings.password.as_ref().is_some_and(|shape| !shape.mangled_by.is_empty());
    let mangled = if is_mangled { ", and came with characters that do not belong to it" } else { "" };
    format!("{}; {}{}{mangled}", of(Protocol::Imap), of(Protocol::Smtp), password.unwrap_or_default())
}

fn short(security: Security) -> &'static str {
    match security {
        Security::Tls => "SSL/TLS",
        Security::Starttls => "STARTTLS",
    }
}
