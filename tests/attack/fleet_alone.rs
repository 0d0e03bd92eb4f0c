//! The servers of many accounts without an attack, for `.ci/fleet`, which runs the program from elsewhere: under a batch
//! engine, with a monitor, killed in the middle.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::ExitCode;
use std::sync::Mutex;

use crate::lists::{FAULTS, Fleet};

/// The first argument that asks for it.
pub(crate) const NAME: &str = "accounts-alone";

/// Serves until standard input ends: `accounts-alone COUNT [well | mixed | refused]`. Prints the folder, in which are:
/// `flags`, the arguments of a check of these accounts, one a line; `accounts.csv`, the list; `truth`, a line for each
/// account with the cause that must be named; and `sign-ins`, a line for each sign-in with its millisecond, the server, the
/// login and the most connections so far.
pub(crate) fn serve(arguments: &[String]) -> ExitCode {
    let count = arguments.first().and_then(|count| count.parse().ok());
    let kind = arguments.get(1).map_or("well", String::as_str);
    let fleet = match (count, kind) {
        (Some(count), "well") => Fleet::of(count, |_| None),
        (Some(count), "mixed") => Fleet::mixed(count),
        (Some(count), "refused") => Fleet::of(count, |_| Some(&FAULTS[0])),
        _ => {
            eprintln!("{NAME} COUNT [well | mixed | refused]");
            return ExitCode::FAILURE;
        }
    };
    let write = |name: &str, lines: &[String]| std::fs::write(fleet.cloud.path(name), lines.join("\n") + "\n").unwrap();
    write("flags", &fleet.cloud.check_many(&fleet.list).arguments());
    let truth = |(name, fault): &(String, Option<&crate::lists::Fault>)| match fault {
        None => format!("{name} healthy"),
        Some((_, _, None)) => format!("{name} not-asked"),
        Some((_, _, Some(cause))) => format!("{name} {cause}"),
    };
    write("truth", &fleet.names.iter().map(truth).collect::<Vec<_>>());
    let journal = File::create(fleet.cloud.path("sign-ins")).unwrap();
    assert!(fleet.noted.journal.set(Mutex::new(journal)).is_ok(), "it is set once");
    println!("{}", fleet.cloud.folder.path().display());
    std::io::stdout().flush().unwrap();
    // Whoever started it closes the pipe, or is gone.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    ExitCode::SUCCESS
}
