//! Who it is about: left out of what is told, unless it was asked for.
//!
//! A whole address is replaced wherever it stands, and so is the name in it. Where that is an ordinary word, `imap` or
//! `mail`, it is replaced only where a server or a person may have written it as a name.

mod computer;
pub(crate) mod notice;
mod numbers;

use std::net::IpAddr;

use checks::conceal::{Concealer, is_ordinary};
use checks::evidence::Evidence;
use checks::network::case::Case;
use checks::plan::Plan;
use checks::sign_in::SignIn;

pub(crate) use computer::Computer;
use numbers::Blocks;

/// What a run learnt, for two kinds of readers.
pub(crate) struct Masked {
    /// For the person at this terminal, who may need the local numbers: which router is it that refuses?
    pub(crate) for_oneself: Evidence,
    /// For whoever gets the file.
    pub(crate) for_others: Evidence,
    /// The addresses in it that stand for others.
    pub(crate) stand_ins: Vec<IpAddr>,
}

/// Masks the addresses and login names of a run, of which the first letter and the domain stay, and for other readers
/// what tells of the computer and its network.
pub(crate) fn masked(evidence: &Evidence, plan: &Plan, computer: &Computer) -> Result<Masked, serde_json::Error> {
    let for_oneself = without_names(evidence, plan)?;
    let (for_others, stand_ins) = numbers::masked(&computer.unnamed(&for_oneself, asked(plan))?, Blocks::Examples)?;
    Ok(Masked { for_oneself, for_others, stand_ins })
}

fn without_names(evidence: &Evidence, plan: &Plan) -> Result<Evidence, serde_json::Error> {
    let mut evidence = concealer(plan, is_telling, mask).evidence(evidence.clone())?;
    let names = concealer(plan, |_, _| true, mask);
    let each = |text: &mut Option<String>| *text = text.as_deref().map(|text| names.text(text));
    let sign_in = |sign_in: Option<&mut SignIn>| {
        if let Some(sign_in) = sign_in {
            sign_in.login = names.text(&sign_in.login);
            each(&mut sign_in.answer);
        }
    };
    let settings = &mut evidence.first.settings;
    each(&mut settings.email);
    each(&mut settings.imap.server.login);
    each(&mut settings.smtp.server.login);
    sign_in(evidence.first.imap.spoken.as_mut().and_then(|asked| asked.facts.shared.sign_in.as_mut()));
    sign_in(evidence.first.smtp.spoken.as_mut().and_then(|asked| asked.facts.shared.sign_in.as_mut()));
    let mut transcripts = vec![&mut evidence.first.imap.transcript, &mut evidence.first.smtp.transcript];
    for tried in evidence.second_look.other_sign_in.iter_mut().flat_map(|asked| &mut asked.facts.tries) {
        sign_in(tried.sign_in.as_mut());
        transcripts.push(&mut tried.transcript);
    }
    for said in transcripts.into_iter().flat_map(|transcript| &mut transcript.lines) {
        said.text = names.text(&said.text);
    }
    Ok(evidence)
}

/// Replaces the addresses and login names of a run by those of nobody, in a case that others will read, and what tells
/// of the computer and its network.
pub(crate) fn anonymous(case: Case, plan: &Plan) -> Result<Case, String> {
    let mut case = concealer(plan, is_telling, stand_in).case(case).map_err(|fault| fault.to_string())?;
    let names = concealer(plan, |_, _| true, stand_in);
    for word in &mut case.run.arguments {
        *word = names.text(word);
    }
    for connection in &mut case.connections {
        connection.talk = names.text(&connection.talk);
    }
    let case = Computer::this().unnamed(&case, asked(plan)).and_then(|case| numbers::masked(&case, Blocks::OwnKind));
    case.map(|(case, _)| case).map_err(|fault| fault.to_string())
}

fn asked(plan: &Plan) -> [&str; 2] {
    [&plan.imap.host, &plan.smtp.host]
}

fn concealer(plan: &Plan, is_wanted: fn(&str, &Plan) -> bool, replaced: fn(&str) -> String) -> Concealer {
    let wanted = identities(plan).into_iter().filter(|identity| is_wanted(identity, plan));
    wanted.fold(Concealer::default(), |concealer, identity| concealer.identity(&identity, &replaced(&identity)))
}

/// Every text that tells whose account it is, the longest first: an address before the name in it.
fn identities(plan: &Plan) -> Vec<String> {
    let given = [&plan.email, &plan.imap.login, &plan.smtp.login, &plan.from];
    let mut identities: Vec<String> = given.into_iter().flatten().cloned().collect();
    let names = identities.iter().filter_map(|text| text.split_once('@')).map(|(name, _)| name.to_owned());
    identities.extend(names.collect::<Vec<_>>());
    identities.sort_by_key(|text| std::cmp::Reverse(text.len()));
    identities.dedup();
    identities
}

/// Whether a text tells whose account it is wherever it is found: an address, or a name that is no ordinary word.
fn is_telling(identity: &str, plan: &Plan) -> bool {
    let is_of_a_server =
        || asked(plan).iter().flat_map(|name| name.split('.')).any(|label| label.eq_ignore_ascii_case(identity));
    identity.contains('@') || (identity.chars().count() > 2 && !is_ordinary(identity) && !is_of_a_server())
}

/// The first letter and the domain.
pub(crate) fn mask(identity: &str) -> String {
    let first: String = identity.chars().take(1).collect();
    match identity.split_once('@') {
        Some((_, domain)) => format!("{first}…@{domain}"),
        None => format!("{first}…"),
    }
}

fn stand_in(identity: &str) -> String {
    match identity.split_once('@') {
        Some((_, domain)) => format!("you@{domain}"),
        None => "you".to_owned(),
    }
}
