//! Who it is about: left out of what is told, unless it was asked for.

use checks::conceal::Concealer;
use checks::evidence::Evidence;
use checks::plan::Plan;

/// The stand-in for an address in a recorded case.
const NOBODY: &str = "you@icloud.com";

/// Masks the addresses and login names of a run: the first letter and the domain stay.
pub(crate) fn masked(evidence: &Evidence, plan: &Plan) -> Result<Evidence, serde_json::Error> {
    each_identity(plan)
        .into_iter()
        .fold(Concealer::default(), |concealer, identity| concealer.identity(&identity, &mask(&identity)))
        .all(evidence)
}

/// Replaces the addresses and login names of a run by those of nobody, for a case that others will read.
pub(crate) fn anonymous(plan: &Plan) -> Concealer {
    each_identity(plan).into_iter().fold(Concealer::default(), |concealer, identity| {
        let stand_in = match identity.split_once('@') {
            Some((_, domain)) => format!("you@{domain}"),
            None => NOBODY.split('@').next().unwrap_or(NOBODY).to_owned(),
        };
        concealer.identity(&identity, &stand_in)
    })
}

/// Every text that tells whose account it is, the longest first: an address before the name in it.
fn each_identity(plan: &Plan) -> Vec<String> {
    let given = [&plan.email, &plan.imap.login, &plan.smtp.login, &plan.from];
    let mut identities: Vec<String> = given.into_iter().flatten().cloned().collect();
    let names: Vec<String> =
        identities.iter().filter_map(|text| text.split_once('@')).map(|(name, _)| name.to_owned()).collect();
    identities.extend(names);
    identities.sort_by_key(|text| std::cmp::Reverse(text.len()));
    identities.dedup();
    identities
}

fn mask(identity: &str) -> String {
    let first: String = identity.chars().take(1).collect();
    match identity.split_once('@') {
        Some((_, domain)) => format!("{first}…@{domain}"),
        None => format!("{first}…"),
    }
}
