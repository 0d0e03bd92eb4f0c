//! Steps that the evidence has refuted: a name server that has just been silent is no remedy.

use std::collections::BTreeSet;
use std::net::IpAddr;

use checks::dns;
use checks::evidence::Evidence;

/// The steps that are left.
pub(super) fn without(steps: Vec<String>, evidence: &Evidence) -> Vec<String> {
    let failed = failed_resolvers(evidence);
    let names_one = |step: &String| words(step).any(|word| failed.iter().any(|ip| ip.to_string() == word));
    steps.into_iter().filter(|step| !names_one(step)).collect()
}

/// The resolvers that were asked for a mail server and had no address for it.
fn failed_resolvers(evidence: &Evidence) -> BTreeSet<IpAddr> {
    let own = evidence.dns.each().filter(|(_, asked)| asked.facts.is_troubled()).flat_map(|(_, asked)| {
        let attempts = &asked.facts.attempts;
        attempts.iter().map(|attempt| attempt.resolver.ip())
    });
    let opinions = evidence.second_look.another_resolver.iter().flat_map(|asked| &asked.facts.opinions);
    let has_failed = |says: &Option<dns::Facts>| says.as_ref().is_none_or(dns::Facts::is_troubled);
    own.chain(opinions.filter(|opinion| has_failed(&opinion.says)).map(|opinion| opinion.resolver.ip())).collect()
}

fn words(step: &str) -> impl Iterator<Item = &str> {
    step.split(|letter: char| !(letter.is_ascii_hexdigit() || matches!(letter, '.' | ':')))
        .map(|word| word.trim_end_matches(['.', ':']))
}
