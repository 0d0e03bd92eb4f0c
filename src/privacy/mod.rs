//! Keeps the identity of the user out of every output, unless the user asks for it.

mod computer;
mod kinds;
mod names;
pub(crate) mod notice;
mod numbers;
#[cfg(test)]
mod properties;

use checks::network::case::Case;
use checks::plan::Plan;

use crate::report::{Draft, Report};
pub(crate) use computer::Computer;
use kinds::Kind;
use names::Names;
pub(crate) use names::mask;
use numbers::Blocks;

/// The report on a run, for two kinds of readers.
pub(crate) struct Masked {
    /// For the user at this terminal, who may need the local IP addresses: which router refuses? `None` where there is
    /// no terminal, or where both reports are the same.
    pub(crate) for_oneself: Option<Report>,
    /// For everyone who gets the file.
    pub(crate) for_others: Report,
}

/// Masks the addresses and login names in a report, except for the first letter and the domain; and for other readers
/// also what identifies the computer and its network.
pub(crate) fn masked(
    mut draft: Draft,
    plan: &Plan,
    computer: &Computer,
    is_at_terminal: bool,
) -> Result<Masked, serde_json::Error> {
    let names = Names::of(plan);
    let is_encoded = names.leave_talk(draft.said_by_servers());
    let mut value = draft.to_value()?;
    names.leave(&mut value, is_encoded);
    let masked = |value, stand_ins| Ok(Report { is_masked: true, stand_ins, ..draft.changed(value)?.unmasked() });
    let for_oneself = is_at_terminal.then(|| masked(value.clone(), Vec::new())).transpose()?;
    computer.leave(&mut value, asked(plan), kinds::of_report);
    let stand_ins = numbers::mask(&mut value, Blocks::Examples, |place| kinds::of_report(place) == Kind::Ours);
    Ok(Masked { for_oneself, for_others: masked(value, stand_ins)? })
}

/// Replaces the addresses and login names in a case that others will read by invented ones, and also what identifies
/// the computer and its network.
pub(crate) fn anonymous(case: Case, plan: &Plan) -> Result<Case, String> {
    let mut case = names::telling_ones(plan, names::stand_in).case(case).map_err(|fault| fault.to_string())?;
    let names = names::every_one(plan, names::stand_in);
    for word in &mut case.run.arguments {
        *word = names.text(word).into_owned();
    }
    for connection in &mut case.connections {
        connection.talk = names.text(&connection.talk).into_owned();
    }
    let fault = |fault: serde_json::Error| fault.to_string();
    let mut value = serde_json::to_value(&case).map_err(fault)?;
    Computer::this().leave(&mut value, asked(plan), |_| Kind::Learned);
    numbers::mask(&mut value, Blocks::OwnKind, |_| false);
    serde_json::from_value(value).map_err(fault)
}

fn asked(plan: &Plan) -> [&str; 2] {
    [&plan.imap.host, &plan.smtp.host]
}
