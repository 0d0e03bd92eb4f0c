//! Settings: servers, ports, login names and the shape of the password, and where they are not as Apple says.

use checks::password::{Kind, Mangling};
use checks::plan::{Protocol, Security, apples};
use checks::settings::{Facts, HostKind, LoginForm, ServerFacts};

use super::said::list;
use super::{host, server};
use crate::diagnosis::saw::Setting;

pub(super) fn said(saw: &Setting) -> String {
    match saw {
        Setting::Host { of, host, host_is } => match host::in_a_run(host_is, *of) {
            Some(why) => format!("{} is set to {host}, which {why}", server(*of)),
            None => format!("{} is set to {host}", server(*of)),
        },
        Setting::Port(of, port) => format!("the {} port is set to {port}; Apple's is {}", of.name(), apples(*of).1),
        Setting::TlsTooEarly(of, port) => format!(
            "{} is set to SSL/TLS on port {port}, but this port begins unencrypted and changes over by STARTTLS",
            of.name()
        ),
        Setting::TlsTooLate(of, port) => {
            format!(
                "{} is set to STARTTLS on port {port}, but this port is encrypted from the start (SSL/TLS)",
                of.name()
            )
        }
        Setting::PortIsForTls(port) => format!("port {port} is encrypted from the start (SSL/TLS)"),
        Setting::NotAtIcloud { is_account, slip } => {
            let what = if *is_account { "the address given" } else { "a login name given" };
            let slip = slip.as_ref().map(|(domain, own)| format!("; {domain} may be a typing error for {own}"));
            format!("{what} is not at icloud.com, me.com or mac.com{}", slip.unwrap_or_default())
        }
        Setting::LoginIsRefusedAnyway => {
            "the login name is not an iCloud address, and such a name is usually refused with any password".to_owned()
        }
        Setting::UnusualLogin(Protocol::Imap) => {
            "the IMAP server was given the whole address; Apple says to try the part before the @ first".to_owned()
        }
        Setting::UnusualLogin(Protocol::Smtp) => {
            "the SMTP server was given the part before the @; Apple says to use the whole address".to_owned()
        }
        Setting::PasswordOfOtherShape => {
            "the password does not look like one that Apple makes for an app (four groups of four letters)".to_owned()
        }
        Setting::PasswordOfRightShape => "the password looks like an app-specific one".to_owned(),
        Setting::PasswordWithoutDashes => "the password looks like an app-specific one without its dashes".to_owned(),
        Setting::PasswordInCapitals => {
            "the password looks like an app-specific one, but has capital letters: Apple's have none".to_owned()
        }
        Setting::PasswordIsExample => {
            "the password is the example that guides show, such as xxxx-xxxx-xxxx-xxxx, and not one that Apple made"
                .to_owned()
        }
        Setting::PasswordCameWith(mangled_by) => {
            let came_along = list(&mangled_by.iter().copied().map(mangling).collect::<Vec<_>>(), "and");
            format!("the password came with {came_along}; what does not belong to it was left out")
        }
    }
}

fn mangling(mangling: Mangling) -> String {
    let words = match mangling {
        Mangling::Quotes => "quotes around it",
        Mangling::OuterBlanks => "spaces before or after it",
        Mangling::LineBreak => "a line break",
        Mangling::InvisibleCharacters => "invisible characters",
        Mangling::InnerBlanks => "spaces inside it",
        Mangling::OtherDashes => "dashes of another kind than the keyboard's",
    };
    words.to_owned()
}

/// Whether a server is set as Apple says.
pub(crate) fn is_apples(facts: &ServerFacts) -> bool {
    facts.host_is == HostKind::Apples && facts.port_is_apples && facts.security_fits_port == Some(true)
}

/// What the settings are, in one sentence.
pub(super) fn sentence(settings: &Facts) -> String {
    let of = |of: Protocol| {
        let facts = settings.server(of);
        let set = &facts.server;
        let (host, port) = apples(of);
        let own = match of {
            Protocol::Imap => Security::Tls,
            Protocol::Smtp => Security::Starttls,
        };
        let is_elsewhere = facts.login_form == Some(LoginForm::OtherAddress);
        let login = if is_elsewhere { ", with a login name that is not at icloud.com, me.com or mac.com" } else { "" };
        let verdict = match (facts.host_is == HostKind::Apples, facts.port_is_apples) {
            _ if is_apples(facts) => String::new(),
            (true, true) => format!(" with {}; Apple's is {port} with {}", short(set.security), short(own)),
            (true, false) => format!("; Apple's is {port} with {}", short(own)),
            (false, _) => format!("; Apple's is {host}:{port}"),
        };
        format!("{} {}:{}{verdict}{login}", of.name(), set.host, set.port)
    };
    let password = settings.password.as_ref().map(|shape| match shape.kind {
        Kind::AppSpecific => "; the password looks like an app-specific one",
        Kind::AppSpecificWithoutDashes => "; the password looks like an app-specific one without its dashes",
        Kind::AppSpecificInCapitals => "; the password looks like an app-specific one, but has capital letters",
        Kind::Example => "; the password is the example that guides show",
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

/// How a server is to be spoken to, as mail programs call it.
pub(crate) fn security(security: Security) -> &'static str {
    match security {
        Security::Tls => "SSL/TLS, encrypted from the start",
        Security::Starttls => "STARTTLS",
    }
}
