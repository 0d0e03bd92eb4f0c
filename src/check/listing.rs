//! What a run would ask, and of whom, without asking it: `--list`, `--list-hosts` and `--dry-run`.

use checks::contacts;
use checks::plan::Plan;
use checks::questions::Question;

use crate::cli::check::CheckArguments;

/// The checks and the second looks.
pub(super) fn checks() -> String {
    let line = |question: Question| format!("{:<17} {}", question.id(), question.listed().asks);
    let mut lines: Vec<String> = Question::CHECKS.iter().map(|check| line(*check)).collect();
    lines.push("\nand only after trouble (second looks):".to_owned());
    for look in Question::LOOKS {
        lines.push(format!("{}\n{:<17} after {}", line(*look), "", look.listed().asked_after.unwrap_or_default()));
    }
    lines.join("\n")
}

/// The hosts that a run may contact, a line each.
pub(super) fn hosts(plan: &Plan) -> Vec<String> {
    let of = |question: Question| {
        let after = question.listed().asked_after.map(|after| format!("  only after {after}")).unwrap_or_default();
        contacts::of(question, plan).into_iter().map(move |host| format!("{host}{after}"))
    };
    let is_listed = |question: &Question| !question.is_second_look() || plan.looks_again(*question);
    Question::all().filter(is_listed).flat_map(of).collect()
}

/// What would be asked of whom.
pub(super) fn intentions(arguments: &CheckArguments, plan: &Plan) -> String {
    let mut lines: Vec<String> = Question::CHECKS
        .iter()
        .filter(|check| plan.asks(**check))
        .map(|check| format!("would ask  {:<13} {}", check.id(), check.listed().asks))
        .collect();
    lines.push(match arguments.signs_in() {
        true if plan.looks_again(Question::OtherSignIn) => {
            "would sign in once at each server, and once more only where that is refused".to_owned()
        }
        true => "would sign in once at each server".to_owned(),
        false => "would sign in nowhere".to_owned(),
    });
    lines.extend(hosts(plan).into_iter().map(|host| format!("would contact  {host}")));
    lines.join("\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use checks::network::case::Case;

    use super::*;
    use crate::rehearse;

    #[test]
    fn every_page_and_every_port_that_a_run_asks_is_listed() {
        for (name, text) in rehearse::CASES.all() {
            let plan = rehearse::plan(name);
            let listed = hosts(&plan).join("\n");
            let case = Case::read(text).unwrap();
            for page in &case.pages {
                assert!(
                    listed.contains(&page.url),
                    "{name}: {} is fetched, and --list-hosts does not say so",
                    page.url
                );
            }
            for port in case.connections.iter().map(|connection| connection.to.port().to_string()) {
                assert!(
                    listed.contains(&port),
                    "{name}: port {port} is connected to, and --list-hosts does not say so"
                );
            }
        }
    }
}
