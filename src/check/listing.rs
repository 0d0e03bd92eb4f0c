//! What a run would ask, and of whom, without asking it: `--list`, `--list-hosts` and `--dry-run`.

use checks::CHECKS;
use checks::plan::{Look, Plan};
use checks::second_look::LOOKS;

use crate::cli::check::CheckArguments;

/// The checks and the second looks.
pub(super) fn checks() -> String {
    let mut lines: Vec<String> = CHECKS.iter().map(|listed| format!("{:<17} {}", listed.id, listed.question)).collect();
    lines.push("\nand only after trouble (second looks):".to_owned());
    for listed in &LOOKS {
        lines.push(format!("{:<17} {}\n{:<17} after {}", listed.id, listed.question, "", listed.asked_after));
    }
    lines.join("\n")
}

/// The hosts that a run may contact, a line each.
pub(super) fn hosts(plan: &Plan) -> Vec<String> {
    let mut hosts = vec![
        format!("{}:{}  the server for reading", plan.imap.host, plan.imap.port),
        format!("{}:{}  the server for sending", plan.smtp.host, plan.smtp.port),
        format!("{}  Apple's status page", plan.status_url),
    ];
    match plan.resolver {
        Some(resolver) => hosts.insert(0, format!("{resolver}  the resolver")),
        None => hosts.insert(0, "the system's resolvers".to_owned()),
    }
    for listed in LOOKS.iter().filter(|listed| plan.looks_again(listed.look)) {
        let whom: Vec<String> = match listed.look {
            Look::AnotherResolver => plan.second_resolvers.iter().map(ToString::to_string).collect(),
            Look::ByNumber => {
                plan.second_resolvers.first().map(|first| format!("{}, port 443", first.ip())).into_iter().collect()
            }
            Look::OtherPort => vec!["ports 443 and 80 of the mail servers".to_owned()],
            Look::PlainPage => vec![plan.portal_url.clone()],
            Look::ControlHost => vec!["port 443 of the status page's host".to_owned()],
            // The mail servers themselves, once more.
            Look::OtherFamily | Look::OtherHello | Look::OtherSignIn => Vec::new(),
        };
        hosts.extend(whom.into_iter().map(|host| format!("{host}  only after {}", listed.asked_after)));
    }
    hosts
}

/// What would be asked of whom.
pub(super) fn intentions(arguments: &CheckArguments, plan: &Plan) -> String {
    let mut lines: Vec<String> = CHECKS
        .iter()
        .filter(|listed| plan.asks(listed.check))
        .map(|listed| format!("would ask  {:<13} {}", listed.id, listed.question))
        .collect();
    lines.push(match arguments.signs_in() {
        true if plan.looks_again(Look::OtherSignIn) => {
            "would sign in once at each server, and once more only where that is refused".to_owned()
        }
        true => "would sign in once at each server".to_owned(),
        false => "would sign in nowhere".to_owned(),
    });
    lines.extend(hosts(plan).into_iter().map(|host| format!("would contact  {host}")));
    lines.join("\n")
}
