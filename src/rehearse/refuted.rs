//! Steps that evidence can refute, each by some of its words: no report may contain a refuted step.

use checks::dns;
use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::login::AddressKind;
use checks::plan::Protocol;
use checks::second_look::other_sign_in::Difference;
use checks::second_look::plain_page;
use checks::settings::LoginForm;
use checks::sign_in::{Mechanism, Outcome};

/// A step of a cause's page, given by words that only this step has, and whether the evidence has refuted it.
pub(crate) struct Refutable {
    pub(crate) cause: &'static str,
    pub(crate) words: &'static str,
    pub(crate) is_refuted: fn(&Evidence) -> bool,
}

const fn step(cause: &'static str, words: &'static str, is_refuted: fn(&Evidence) -> bool) -> Refutable {
    Refutable { cause, words, is_refuted }
}

/// Every step that some evidence refutes.
pub(crate) const REFUTABLE: &[Refutable] = &[
    step("not-authenticated", "Your settings cannot help", |evidence| !is_signed_in(evidence, Protocol::Smtp)),
    step("not-authenticated", "Switch authentication (the sign-in) on", |evidence| {
        is_signed_in(evidence, Protocol::Smtp)
    }),
    step("not-authenticated", "Enter the full iCloud Mail", |evidence| is_signed_in(evidence, Protocol::Smtp)),
    step("not-authenticated", "See that encryption", |evidence| is_signed_in(evidence, Protocol::Smtp)),
    step("not-authenticated", "whether it says AUTH", |evidence| is_signed_in(evidence, Protocol::Smtp)),
    step("not-authenticated", "the program is the one to look at", |evidence| is_signed_in(evidence, Protocol::Smtp)),
    step("sign-in-mechanism", "no password can be used", |evidence| !offers_no_password(evidence)),
    step("sign-in-mechanism", "Set the authentication method", offers_no_password),
    step("sign-in-mechanism", "Enter the app-specific password", offers_no_password),
    step("sign-in-mechanism", "choose between PLAIN and LOGIN", offers_no_password),
    step("dns-wrong-address", "comes from this computer's hosts file", |evidence| !is_from_hosts_file(evidence)),
    step("dns-wrong-address", "does not come from the hosts file", is_from_hosts_file),
    step("dns-wrong-address", "the first network gives the wrong address", is_from_hosts_file),
    step("dns-wrong-address", "change the router's password", is_from_hosts_file),
    step("port-blocked", "Allow the mail program in the firewall", |evidence| {
        let tried = evidence.first.each(FirstLook::tcp).flat_map(|(_, tcp)| &tcp.attempts);
        tried.filter(|attempt| attempt.by.is_some_and(|by| by != attempt.to.ip())).count() > 0
    }),
    step("password-refused", "even a right password can be refused", |evidence| {
        evidence.first.status().is_none_or(|status| status.ongoing().is_empty())
    }),
    step("tls-intercepted", "leave everything as it is", |evidence| {
        !Protocol::BOTH.into_iter().all(|of| is_signed_in(evidence, of))
    }),
    step("wrong-server-name", "iCloud has no POP", |evidence| !is_set_to_pop(evidence)),
    step("wrong-port", "add it again as IMAP", |evidence| !is_set_to_pop(evidence)),
    step("wrong-port", "because 587 did not work", |evidence| evidence.first.settings.smtp.port_is_apples),
    step("dns-wrong-address", "wants you to sign in first", |evidence| {
        let page = evidence.second_look.plain_page.as_ref();
        page.is_some_and(|asked| asked.facts.outcome == plain_page::Outcome::Success)
    }),
    step("imap-sign-in-refused", "For receiving, ", |evidence| is_other_form_refused(evidence, Protocol::Imap)),
    step("imap-sign-in-refused", "only the mail program is refused", |evidence| is_refused(evidence, Protocol::Imap)),
    step("smtp-sign-in-refused", "Set the user name for sending", |evidence| {
        evidence.first.server(Protocol::Smtp).login_form == Some(LoginForm::FullAddress)
    }),
    step("smtp-sign-in-refused", "only the mail program is refused", |evidence| is_refused(evidence, Protocol::Smtp)),
    step("password-refused", "see the user name: for sending", |evidence| {
        is_other_form_refused(evidence, Protocol::Imap)
    }),
    step("service-unavailable", "only messages are refused", |evidence| !is_signed_in(evidence, Protocol::Imap)),
    step("no-greeting", "If the certificate was not Apple's", |evidence| {
        let shown: Vec<_> = Protocol::BOTH.into_iter().filter_map(|of| evidence.first.tls(of)).collect();
        shown.len() == Protocol::BOTH.len()
            && shown.iter().all(|tls| tls.is_verified() && !tls.is_trusted_by_system_only())
    }),
    step("imap-disabled", "asks you to create one", is_at_icloud),
    step("imap-disabled", "the address that you created", is_at_icloud),
    step("imap-disabled", "really is an iCloud Mail address", is_at_icloud),
    step("sign-in-mechanism", "not the Apple Account password", is_password_right),
    step("sign-in-mechanism", "PLAIN and LOGIN, take PLAIN", |evidence| has_worked(evidence, Mechanism::Login)),
    step("sign-in-throttled", "make a new one", is_password_right),
    step("password-mangled", "make a new one", is_password_right),
    step("not-an-icloud-login", "only then think of a new password", is_password_right),
    step("sign-in-mechanism", "Choose LOGIN", |evidence| !has_worked(evidence, Mechanism::Login)),
    step("not-authenticated", "once in another network, such", |evidence| !is_signed_in(evidence, Protocol::Smtp)),
    step("certificate-expired", "a clock that runs ahead", |evidence| {
        let status = evidence.first.status().and_then(|status| status.clock_ahead_s);
        let page = evidence.second_look.plain_page.as_ref().and_then(|asked| asked.facts.clock_ahead_s);
        page.or(status).is_some_and(|ahead| ahead.unsigned_abs() < 3600)
    }),
];

fn is_signed_in(evidence: &Evidence, of: Protocol) -> bool {
    evidence.first.sign_in(of).is_some_and(checks::sign_in::SignIn::is_accepted)
}

fn is_refused(evidence: &Evidence, of: Protocol) -> bool {
    evidence.first.sign_in(of).is_some_and(|sign_in| sign_in.outcome == Outcome::Refused)
}

/// Whether a server refused both forms of the login name.
fn is_other_form_refused(evidence: &Evidence, of: Protocol) -> bool {
    let again = evidence.second_look.other_sign_in.as_ref().and_then(|asked| asked.facts.of(of));
    let again = again.filter(|tried| tried.differs_by == Difference::LoginName);
    is_refused(evidence, of)
        && again.and_then(|tried| tried.sign_in.as_ref()).is_some_and(|sign_in| sign_in.outcome == Outcome::Refused)
}

/// Whether a server offers neither PLAIN nor LOGIN, and none is tried with another mechanism after a misunderstanding.
fn offers_no_password(evidence: &Evidence) -> bool {
    let sign_ins = || Protocol::BOTH.into_iter().filter_map(|of| evidence.first.sign_in(of));
    sign_ins().any(|sign_in| matches!(sign_in.outcome, Outcome::NoMechanism { .. }))
        && sign_ins().all(|sign_in| sign_in.outcome != Outcome::NotUnderstood)
}

fn is_from_hosts_file(evidence: &Evidence) -> bool {
    evidence.first.each(FirstLook::dns).any(|(_, names)| names.source == dns::Source::HostsFile)
}

/// Whether a server accepted the password, at once, with another mechanism or in the form that Apple shows.
fn is_password_right(evidence: &Evidence) -> bool {
    let mut tries = evidence.second_look.other_sign_in.iter().flat_map(|asked| &asked.facts.tries);
    Protocol::BOTH.into_iter().any(|of| is_signed_in(evidence, of))
        || tries.any(|tried| tried.differs_by == Difference::Password && tried.is_accepted())
        || [Mechanism::Plain, Mechanism::Login].into_iter().any(|mechanism| has_worked(evidence, mechanism))
}

fn has_worked(evidence: &Evidence, mechanism: Mechanism) -> bool {
    let mut tries = evidence.second_look.other_sign_in.iter().flat_map(|asked| &asked.facts.tries);
    tries.any(|tried| {
        tried.differs_by == Difference::Mechanism
            && tried.is_accepted()
            && tried.sign_in.as_ref().is_some_and(|sign_in| sign_in.mechanism == Some(mechanism))
    })
}

fn is_set_to_pop(evidence: &Evidence) -> bool {
    let server = &evidence.first.settings.imap.server;
    matches!(server.port, 110 | 995) || server.host.contains("pop")
}

fn is_at_icloud(evidence: &Evidence) -> bool {
    evidence.first.settings.address == Some(AddressKind::Icloud)
}
