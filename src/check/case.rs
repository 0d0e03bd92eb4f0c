//! The run as a recorded case, without its secrets and with the address replaced.

use checks::conceal::Concealer;
use checks::evidence::Evidence;
use checks::network::case::{Call, Case};
use checks::network::recording::Tape;
use checks::plan::Plan;

use crate::cli::check::CheckArguments;
use crate::misuse::Misuse;
use crate::privacy;
use crate::report::{self, Verdict};

/// The case.
pub(super) fn of(arguments: &CheckArguments, plan: &Plan, evidence: &Evidence, tape: Tape) -> Result<Case, Misuse> {
    let fault = |fault: String| {
        Misuse::fault(format!("the case cannot be written ({fault})"), "run it again; the report does not depend on it")
    };
    let report = report::compose(evidence, None);
    let title = match (report.findings.first(), report.verdict) {
        (Some(finding), _) => finding.title.clone(),
        (None, Verdict::Healthy) => "All is well".to_owned(),
        (None, _) => report.conclusion,
    };
    let case = Case {
        title,
        source: None,
        run: Call {
            arguments: arguments.essentials(),
            password: plan.password.as_ref().map(|password| password.shape.clone()),
            started_at: evidence.started_at,
        },
        machine: tape.machine,
        earlier_sign_ins: tape.earlier_sign_ins,
        queries: tape.queries,
        connections: tape.connections,
        pages: tape.pages,
    };
    // Secrets first: if the password contains a name, replacing the name first would leave the rest of the password.
    let case = Concealer::of(plan).case(case).map_err(|why| fault(why.to_string()))?;
    privacy::anonymous(case, plan).map_err(fault)
}
