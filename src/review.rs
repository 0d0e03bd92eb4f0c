//! `review`: what in the settings of the mail programs on this computer would fail or endanger on iCloud.

mod account;
mod files;
mod lines;
mod mend;
mod programs;
mod rules;
mod tell;

use std::path::PathBuf;

use crate::cli::ReviewArguments;
use crate::diagnosis::{Severity, Sure};
use crate::{Misuse, output};
use account::{Account, Edit};
use files::Found;
use rules::{Remark, Seen, remarks};

/// A file, what it says, and what is to be said of that.
struct Reviewed {
    file: Found,
    accounts: usize,
    remarks: Vec<Remark>,
}

/// Reads the settings, and tells what is wrong with them.
pub(crate) fn run(arguments: &ReviewArguments) -> Result<u8, Misuse> {
    let found = files::find(&arguments.paths)?;
    if found.is_empty() {
        return Err(nothing(arguments));
    }
    let reviewed: Vec<Reviewed> = found.into_iter().map(review).collect::<Result<_, _>>()?;
    let text = tell::told(&reviewed, arguments);
    output::print_colored(&text, arguments.screen.color_choice())?;
    let mut code = u8::from(reviewed.iter().any(Reviewed::is_troubled));
    if arguments.fix {
        for one in &reviewed {
            let edits = one.certain();
            if !edits.is_empty() {
                let copy = mend::write(&one.file.path, &one.file.text, &edits)?;
                let said = format!("{} is mended; as it was, it is kept as {}", one.file.shown, copy.display());
                output::note(&said);
            }
        }
        let is_left = |one: &Reviewed| one.remarks.iter().any(|remark| remark.is_trouble() && !remark.is_mended());
        code = u8::from(reviewed.iter().any(is_left));
    }
    Ok(code)
}

fn nothing(arguments: &ReviewArguments) -> Misuse {
    match arguments.paths.is_empty() {
        true => Misuse::new(
            "no settings of a mail program that is known here were found in their usual places",
            "name the file, for instance `icloud-mail-doctor review ~/.mbsyncrc`",
        ),
        false => Misuse::new("no file there names a server of iCloud Mail", "name the settings file itself"),
    }
}

fn review(file: Found) -> Result<Reviewed, Misuse> {
    let accounts = (file.program.read)(&file.text).map_err(|why| {
        Misuse::new(format!("{} cannot be understood: {why}", file.shown), "mend that first, then review it again")
    })?;
    let mut remarks: Vec<Remark> = accounts.iter().flat_map(|account| of(account, &file)).collect();
    remarks.sort_by_key(|remark| (remark.at, remark.severity));
    remarks.dedup();
    Ok(Reviewed { accounts: accounts.len(), file, remarks })
}

fn of(account: &Account, file: &Found) -> Vec<Remark> {
    let is_readable_by_others = file.is_readable_by_others;
    remarks(&Seen { account, text: &file.text, is_readable_by_others, can_be_run: &can_be_run })
}

/// Whether there is such a program: at this path, or in one of the folders that are searched.
fn can_be_run(program: &str) -> bool {
    let home = || std::env::home_dir().unwrap_or_default();
    if let Some(rest) = program.strip_prefix("~/") {
        return home().join(rest).is_file();
    }
    if program.contains('/') {
        return PathBuf::from(program).is_file();
    }
    // What a shell knows by itself.
    const BUILT_IN: [&str; 8] = ["echo", "printf", "cat", "read", "exec", "command", "eval", "."];
    let path = std::env::var_os("PATH").unwrap_or_default();
    BUILT_IN.contains(&program) || std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

impl Reviewed {
    fn is_troubled(&self) -> bool {
        self.remarks.iter().any(Remark::is_trouble)
    }

    /// The changes that are certain.
    fn certain(&self) -> Vec<Edit> {
        self.remarks.iter().filter(|remark| remark.is_mended()).flat_map(|remark| remark.mends.clone()).collect()
    }
}

impl Remark {
    fn is_trouble(&self) -> bool {
        self.severity == Severity::Trouble
    }

    /// Whether --fix writes it.
    fn is_mended(&self) -> bool {
        self.sure == Sure::Certain && !self.mends.is_empty()
    }
}
