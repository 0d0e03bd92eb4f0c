//! What a run would ask, and which hosts it would contact, printed without a run: `--list`, `--list-hosts` and
//! `--dry-run`.

use checks::contacts;
use checks::plan::Plan;
use checks::questions::Question;

use crate::cli::check::CheckArguments;
use crate::render::{list, wrapped};

/// The checks and the follow-up checks.
pub(super) fn checks(width: usize) -> String {
    let asks = |question: &Question| (question.id().to_owned(), question.listed().asks.to_owned());
    let follows = |question: &Question| {
        let after = question.listed().asked_after.unwrap_or_default();
        (question.id().to_owned(), format!("{} After {after}.", question.listed().asks))
    };
    let of_this_command = |question: &&Question| !question.has_own_command();
    let checks: Vec<_> = Question::CHECKS.iter().filter(of_this_command).map(asks).collect();
    let looks: Vec<_> = Question::LOOKS.iter().map(follows).collect();
    format!("{}\n\nFollow-up checks, only after a problem:\n{}", list(&checks, width, 0), list(&looks, width, 0))
}

/// The hosts that a run may contact, one per line.
pub(super) fn hosts(plan: &Plan, width: usize) -> String {
    list(&contacted(plan), width, 0)
}

/// The hosts, each with what it is or when it is contacted.
fn contacted(plan: &Plan) -> Vec<(String, String)> {
    let of = |question: Question| {
        let after = question.listed().asked_after.map(|after| format!("only after {after}"));
        contacts::of(question, plan).into_iter().map(move |host| match host.split_once("  ") {
            Some((host, what)) => (
                host.to_owned(),
                [Some(what.to_owned()), after.clone()].into_iter().flatten().collect::<Vec<_>>().join(", "),
            ),
            None => (host, after.clone().unwrap_or_default()),
        })
    };
    let is_listed = |question: &Question| !question.is_second_look() || plan.looks_again(*question);
    Question::all().filter(is_listed).flat_map(of).collect()
}

/// What a run would do.
pub(super) fn intentions(arguments: &CheckArguments, plan: &Plan, width: usize) -> String {
    let asked = Question::CHECKS.iter().filter(|check| plan.asks(**check));
    let asked: Vec<_> = asked.map(|check| (check.id().to_owned(), check.listed().asks.to_owned())).collect();
    let signs_in = match arguments.signs_in() {
        true if plan.looks_again(Question::OtherSignIn) => {
            "Would sign in once at each server, and once more only if that is refused."
        }
        true => "Would sign in once at each server.",
        false => "Would not sign in anywhere.",
    };
    let sections = [
        format!("Would check:\n{}", list(&asked, width, 2)),
        wrapped(signs_in, width, "", ""),
        format!("Would contact:\n{}", list(&contacted(plan), width, 2)),
    ];
    sections.join("\n\n")
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
            let listed = hosts(&plan, 80);
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
