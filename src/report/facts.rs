//! The facts from a run that fill a page.

use std::net::IpAddr;

use checks::dns;
use checks::evidence::Evidence;
use checks::first_look::FirstLook;
use checks::login::AddressKind;
use checks::plan::Protocol;
use checks::second_look::other_sign_in::Difference;
use checks::second_look::plain_page;
use checks::settings::{HostKind, LoginForm};
use checks::sign_in::{Mechanism, Outcome, SignIn};
use checks::slip::slip_in;
use time::Duration;

use super::{Machine, held_back};
use crate::diagnosis::{WRONG_CLOCK, accepted_before};
use crate::guide::{Answer, Certificate, Clock, Facts, HeldBack, Pasted, Resolvers, Server, Slip, System};
use crate::words::chain as words;
use crate::words::timing::{ago, length, wait};

/// Returns the facts for a cause that was found in this evidence, about these servers.
pub(crate) fn of(evidence: &Evidence, about: &[Protocol], program: Option<&str>, machine: &Machine) -> Facts {
    let page = evidence.second_look.plain_page.as_ref();
    Facts {
        is_checked: true,
        imap: server(evidence, about, Protocol::Imap),
        smtp: server(evidence, about, Protocol::Smtp),
        program: program.map(str::to_owned),
        system: system(machine),
        resolvers: resolvers(evidence),
        certificate: certificate(evidence, about),
        clock: clock(evidence),
        web: page.map_or(Answer::Unknown, |asked| Answer::of(asked.facts.outcome == plain_page::Outcome::Success)),
        icloud_address: known(evidence.first.settings.address.map(|kind| kind == AddressKind::Icloud)),
        password_offered: password_offered(evidence),
        stopped_on_the_way: stopped_on_the_way(evidence, about),
        is_outage_posted: evidence.first.status().is_some_and(|status| !status.ongoing().is_empty()),
        ipv4_works: ipv4_works(evidence),
        percent_full: percent_full(evidence),
        slip: slip(evidence),
        working_mechanism: working_mechanism(evidence),
        held_back: held_back(evidence).map(|held| HeldBack { wait: wait(held.wait_s), why: held.why }),
        accepted_before: accepted_before(evidence).into_iter().map(|(_, ago_s)| ago_s).min().map(ago),
        sent_folders: sent_folders(evidence),
        pasted: Pasted::default(),
    }
}

fn slip(evidence: &Evidence) -> Option<Slip> {
    slip_in(&evidence.first.settings).map(|(domain, meant)| Slip { typed: harmless(domain), meant })
}

fn working_mechanism(evidence: &Evidence) -> Option<Mechanism> {
    let tries = evidence.second_look.other_sign_in.iter().flat_map(|asked| &asked.facts.tries);
    let mut worked = tries.filter(|tried| tried.differs_by == Difference::Mechanism && tried.is_accepted());
    worked.find_map(|tried| tried.sign_in.as_ref()?.mechanism)
}

fn percent_full(evidence: &Evidence) -> Option<u64> {
    let by_check = evidence.first.imap.spoken.as_ref().and_then(|asked| asked.facts.mailbox.storage);
    by_check.or_else(|| evidence.first.mailbox.as_ref()?.facts.storage)?.percent()
}

fn sent_folders(evidence: &Evidence) -> Vec<String> {
    let folders = evidence.first.imap.spoken.as_ref().and_then(|asked| asked.facts.mailbox.folders.as_ref());
    folders.into_iter().flatten().map(|folder| harmless(&folder.name)).collect()
}

fn known(is_so: Option<bool>) -> Answer {
    is_so.map_or(Answer::Unknown, Answer::of)
}

fn system(machine: &Machine) -> Option<System> {
    match machine.os.as_str() {
        "windows" => Some(System::Windows),
        "macos" => Some(System::Mac),
        "linux" => Some(System::Linux),
        _ => None,
    }
}

fn server(evidence: &Evidence, about: &[Protocol], of: Protocol) -> Server {
    let settings = evidence.first.server(of);
    let sign_in = evidence.first.sign_in(of);
    let is_refused = |sign_in: &SignIn| sign_in.outcome == Outcome::Refused;
    let again = evidence.second_look.other_sign_in.as_ref().and_then(|asked| asked.facts.of(of));
    let is_right_as_shown = again.is_some_and(|tried| tried.differs_by == Difference::Password && tried.is_accepted());
    let again = again.filter(|tried| tried.differs_by == Difference::LoginName);
    let again_refused = again.and_then(|tried| tried.sign_in.as_ref()).map(is_refused);
    let tls = evidence.first.tls(of);
    Server {
        is_affected: about.contains(&of),
        other_port: (!settings.port_is_apples).then_some(settings.server.port),
        other_host: (settings.host_is != HostKind::Apples).then(|| harmless(&settings.server.host)),
        accepted: known(sign_in.map(|sign_in| sign_in.is_accepted() || is_right_as_shown)),
        refused: known(sign_in.map(is_refused)),
        other_form_refused: known(
            again_refused
                .map(|is_refused_again| is_refused_again && evidence.first.sign_in(of).is_some_and(is_refused)),
        ),
        encryption_fits: known(settings.security_fits_port),
        login_form: settings.login_form,
        working_form: again.filter(|tried| tried.is_accepted()).and_then(|_| other(settings.login_form?)),
        certificate_accepted: known(tls.map(|tls| tls.is_verified() && !tls.is_trusted_by_system_only())),
    }
}

/// Whether the servers offer PLAIN or LOGIN. A missing offer does not count where a server did not understand the first
/// sign-in: another mechanism may be accepted there.
fn password_offered(evidence: &Evidence) -> Answer {
    let mut sign_ins = Protocol::BOTH.into_iter().filter_map(|of| evidence.first.sign_in(of)).peekable();
    if sign_ins.peek().is_none() {
        return Answer::Unknown;
    }
    let outcomes: Vec<&Outcome> = sign_ins.map(|sign_in| &sign_in.outcome).collect();
    let is_missing = outcomes.iter().any(|outcome| matches!(outcome, Outcome::NoMechanism { .. }));
    Answer::of(!is_missing || outcomes.contains(&&Outcome::NotUnderstood))
}

fn other(form: LoginForm) -> Option<LoginForm> {
    match form {
        LoginForm::NamePart => Some(LoginForm::FullAddress),
        LoginForm::FullAddress => Some(LoginForm::NamePart),
        LoginForm::OtherAddress => None,
    }
}

fn resolvers(evidence: &Evidence) -> Resolvers {
    let troubled = evidence.first.each(FirstLook::dns).filter(|(_, names)| names.is_troubled());
    let own = troubled.flat_map(|(_, names)| names.attempts.iter().map(|attempt| attempt.resolver.ip()));
    let opinions = || evidence.second_look.another_resolver.iter().flat_map(|asked| &asked.facts.opinions);
    let has_failed = |says: &Option<dns::Facts>| says.as_ref().is_none_or(dns::Facts::is_troubled);
    let failed = opinions().filter(|opinion| has_failed(&opinion.says)).map(|opinion| opinion.resolver.ip());
    let answered = opinions().filter(|opinion| !has_failed(&opinion.says)).map(|opinion| opinion.resolver.ip());
    let mut names = evidence.first.each(FirstLook::dns).map(|(_, names)| names.source).peekable();
    let hosts_file = names.peek().is_some().then(|| names.any(|source| source == dns::Source::HostsFile));
    Resolvers {
        failed: once_each(own),
        others_failed: once_each(failed),
        others_answered: once_each(answered),
        hosts_file: known(hosts_file),
    }
}

fn stopped_on_the_way(evidence: &Evidence, about: &[Protocol]) -> Answer {
    let tried = evidence.first.each(FirstLook::tcp).filter(|(of, _)| about.contains(of));
    let mut attempts = tried.flat_map(|(_, tcp)| &tcp.attempts).peekable();
    known(attempts.peek().is_some().then(|| attempts.any(|attempt| attempt.stopped_by().is_some())))
}

fn ipv4_works(evidence: &Evidence) -> Answer {
    let first = evidence.first.each(FirstLook::tcp).flat_map(|(_, tcp)| &tcp.attempts);
    let again = evidence.second_look.other_family.iter().flat_map(|asked| &asked.facts.attempts);
    let mut tried = first.chain(again).filter(|attempt| attempt.to.is_ipv4()).peekable();
    known(tried.peek().is_some().then(|| tried.any(|attempt| attempt.failed.is_none())))
}

fn once_each(all: impl Iterator<Item = IpAddr>) -> Vec<IpAddr> {
    let mut each: Vec<IpAddr> = Vec::new();
    all.for_each(|ip| {
        if !each.contains(&ip) {
            each.push(ip);
        }
    });
    each
}

/// The first certificate that was not accepted, of a server that the cause is about.
fn certificate(evidence: &Evidence, about: &[Protocol]) -> Option<Certificate> {
    let shown = evidence.first.each(FirstLook::tls).filter(|(of, tls)| tls.is_troubled() && about.contains(of));
    let (tls, first) = shown.into_iter().find_map(|(_, tls)| Some((tls, tls.chain.first()?)))?;
    let out_of_date = tls.out_of_date();
    let early = out_of_date.filter(|certificate| certificate.not_before > tls.seen_at);
    let expired = out_of_date.filter(|certificate| certificate.not_after < tls.seen_at);
    Some(Certificate {
        issuer: harmless(words::common_name(&first.issuer)),
        is_its_own: first.issuer == first.subject,
        is_apples: words::organisation(&first.issuer).is_some_and(|name| name.starts_with("Apple")),
        valid_from: early.map(|certificate| words::day(certificate.not_before)),
        expired_days: expired.map(|certificate| (tls.seen_at - certificate.not_after).whole_days()),
    })
}

fn clock(evidence: &Evidence) -> Clock {
    let ahead = evidence.clock_ahead_s().map(|(_, ahead_s)| Duration::seconds(ahead_s));
    let is_right = ahead.map(|ahead| ahead.abs() < WRONG_CLOCK);
    let off_by = ahead.filter(|_| is_right == Some(false));
    let there = off_by.and_then(|ahead| evidence.started_at.checked_sub(ahead));
    Clock { confirmed: known(is_right), there: there.map(words::day), off_by: off_by.map(difference) }
}

fn difference(ahead: Duration) -> String {
    let way = if ahead.is_positive() { "ahead" } else { "behind" };
    format!("{} {way}", length(ahead.abs()))
}

/// A name from outside, without anything that a page would take for a link or a command.
fn harmless(name: &str) -> String {
    const LONGEST: usize = 60;
    let is_safe = |character: char| character.is_alphanumeric() || " -.,&'()/+@".contains(character);
    let name: String = name.chars().map(|character| if is_safe(character) { character } else { ' ' }).collect();
    name.split_whitespace().collect::<Vec<_>>().join(" ").replace("//", "/").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_outside_is_neither_a_link_nor_a_command() {
        assert_eq!(harmless("Avast Web/Mail Shield Root"), "Avast Web/Mail Shield Root");
        assert_eq!(
            harmless("[a](https://evil.example) `rm -rf`\u{1b}[2J\n1. x"),
            "a (https /evil.example) rm -rf 2J 1. x"
        );
        assert_eq!(harmless(&"x".repeat(99)).len(), 60);
    }

    #[test]
    fn a_difference_is_said_in_days_or_hours() {
        assert_eq!(difference(Duration::days(3)), "3 days ahead");
        assert_eq!(difference(Duration::hours(-2)), "2 hours behind");
    }
}
