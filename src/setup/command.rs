//! The command `setup`: prints or writes the settings for a mail program, and tries them.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use checks::login::{AddressKind, address_kind};

use super::fill::Values;
use super::outlook::Meant;
use super::programs::{Program, all, archives};
use super::{SOMEBODY, fill, outlook, tell};
use crate::cli::Arguments;
use crate::cli::address::domain::{self, Domain};
use crate::cli::address::{address, pasted::tidy};
use crate::cli::setup::SetupArguments;
use crate::files::{self, Place};
use crate::misuse::Misuse;
use crate::programs::Use;
use crate::render::{self, Detail};
use crate::signals::HeldBack;
use crate::{aside, check, cli, output};

/// A longer file, in bytes, is not a settings file, and is not replaced.
const LONGEST_REPLACED: u64 = 1 << 20;

/// Prints or writes the settings, and checks them if that was asked for.
pub(crate) fn run(arguments: &SetupArguments) -> Result<u8, Misuse> {
    if arguments.list {
        let pages = if arguments.archive { archives() } else { all() };
        return output::print(list(pages, arguments.screen.look(Detail::Usual).width).as_bytes());
    }
    let arguments = &tidied(arguments);
    if arguments.check && arguments.email.is_none() {
        return Err(Misuse::new("without an address nothing can be tried", "write it after the program's name"));
    }
    let Some(name) = &arguments.client else {
        return Err(Misuse::new("no mail program is named", format!("write its name; {}", Use::Setup)));
    };
    let named = crate::programs::find(name, Use::Setup)?;
    let values = values(arguments)?;
    let (id, note) = match outlook::meant(name, named, !arguments.no_input) {
        Ok(Meant::Program(id)) => (id, None),
        Ok(Meant::PerhapsClassic) => (named.id, Some(outlook::IF_CLASSIC)),
        Err(unanswered) => return unanswered.ended(),
    };
    let program = if arguments.archive { archive(id)? } else { program(id)? };
    let filled = fill::fill(&program, &values)?;
    let words = tell::words(&filled, arguments, note);
    match (&filled.file, &arguments.output) {
        (Some(file), Some(path)) => {
            let copy = write(path, &file.text, arguments.force)?;
            output::print_colored(&words, arguments.screen.color_choice())?;
            if let Some(copy) = copy {
                aside::say(format_args!("What {} held before is in {}.", path.display(), copy.display()));
            }
        }
        (Some(file), None) => {
            // Standard output may be redirected to a file, and the user still has to read these words.
            aside::page(&words, arguments.screen.color_choice());
            output::print(file.text.as_bytes())?;
        }
        (None, Some(_)) => {
            return Err(Misuse::new(
                format!("{} reads no file that could be written", filled.title),
                "leave --output out, and follow the steps",
            ));
        }
        (None, None) => {
            output::print_colored(&words, arguments.screen.color_choice())?;
        }
    }
    if arguments.check { try_out(arguments, program.id, &values) } else { Ok(0) }
}

/// The same arguments without what was pasted along with addresses.
fn tidied(arguments: &SetupArguments) -> SetupArguments {
    let mut arguments = arguments.clone();
    for (text, what) in [(&mut arguments.email, "the address"), (&mut arguments.login, "the address after --login")] {
        if let Some(text) = text {
            tidy(text, what);
        }
    }
    arguments
}

fn list(pages: Vec<Program>, width: usize) -> String {
    let line = |program: Program| {
        let way = if program.file.is_some() { "file " } else { "steps" };
        (program.id.to_owned(), format!("{way}  {}", program.title))
    };
    render::list(&pages.into_iter().map(line).collect::<Vec<_>>(), width, 0)
}

fn program(id: &str) -> Result<Program, Misuse> {
    // A test checks that each of these programs has a page.
    let page = all().into_iter().find(|program| program.id == id);
    page.ok_or_else(|| Misuse::fault(format!("{id} has no page"), "`icloud-mail-doctor setup other` has the settings"))
}

fn archive(id: &str) -> Result<Program, Misuse> {
    let names: Vec<&str> = archives().iter().map(|program| program.id).collect();
    archives().into_iter().find(|program| program.id == id).ok_or_else(|| {
        Misuse::new(
            "for that program there are no settings of an archive",
            format!(
                "there are for {}; `icloud-mail-doctor explain archiving` says what else there is",
                names.join(", ")
            ),
        )
    })
}

/// The values for the open places of a page.
fn values(arguments: &SetupArguments) -> Result<Values, Misuse> {
    let email = arguments.email.as_deref().unwrap_or(SOMEBODY);
    address(email, "the address")?;
    let login = arguments.login.as_deref().unwrap_or(email);
    address(login, "the address after --login")?;
    if let Domain::SlipOf(own) = Domain::of(login) {
        let domain = domain::named(login);
        return Err(Misuse::new(
            format!("the address is at {domain}, which is very like {own}"),
            format!("correct it, or, if {domain} is your own, add the account's own address: --login you@icloud.com"),
        ));
    }
    if address_kind(login) != AddressKind::Icloud {
        // Apple: sign in with the account's own address, send from the custom domain (https://support.apple.com/102540).
        return Err(Misuse::new(
            "an address at another domain is no login name of iCloud Mail",
            "add the account's own address, for instance --login you@icloud.com",
        ));
    }
    let name = arguments.name.as_deref().map(str::trim);
    let command = arguments.password_command.as_deref();
    for (flag, text) in [("--password-command", command), ("--name", name)] {
        if text.is_some_and(|text| !is_one_line(text)) {
            return Err(Misuse::new(
                format!("what follows {flag} is not one line of text as it is read"),
                "write it in one line, without characters that cannot be seen",
            ));
        }
    }
    Ok(Values::new(email, login, name, command, std::env::consts::OS))
}

/// Whether every program reads this as one line, and people read it in the same order as programs.
fn is_one_line(text: &str) -> bool {
    let is_hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{2028}' | '\u{2029}')
            // Characters that change the direction of text: Trojan Source (https://trojansource.codes).
            || matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            // XML cannot contain these characters.
            || matches!(letter, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    !text.trim().is_empty() && !text.chars().any(is_hidden)
}

/// Writes the file readable by its owner only: it contains no password, but it identifies the account. Returns the path
/// of a copy of the old content, if there was any.
fn write(path: &Path, text: &str, force: bool) -> Result<Option<PathBuf>, Misuse> {
    let written = Place::of(path).and_then(|place| match force {
        true => {
            let copy = copy(&place, text)?;
            files::replace(&place, text.as_bytes(), || Ok(())).map(|()| copy)
        }
        false => files::create(&place, text.as_bytes(), None).map(|()| None),
    });
    written.map_err(|fault| match fault.kind() {
        std::io::ErrorKind::AlreadyExists => Misuse::new(
            format!("{} is there already, and nothing was written", path.display()),
            "name another file and add what it holds to yours, or replace it with --force, which keeps a copy",
        ),
        _ => Misuse::new(format!("{} cannot be written: {fault}", path.display()), "name another file"),
    })
}

/// Keeps a copy of a file that is about to be replaced by another text.
fn copy(place: &Place, text: &str) -> io::Result<Option<PathBuf>> {
    if place.path().symlink_metadata().is_err() {
        return Ok(None);
    }
    let (mut file, _) = place.read().map_err(|why| io::Error::other(why.to_string()))?;
    let mut old = Vec::new();
    file.by_ref().take(LONGEST_REPLACED + 1).read_to_end(&mut old)?;
    if old.len() as u64 > LONGEST_REPLACED {
        return Err(io::Error::other("it is too large to be a settings file"));
    }
    if old == text.as_bytes() {
        return Ok(None);
    }
    let name = files::keep_copy(place, &file, &old, ".before-setup")?;
    Ok(Some(place.path().with_file_name(name)))
}

/// Runs the check with exactly these settings.
fn try_out(arguments: &SetupArguments, program: &str, values: &Values) -> Result<u8, Misuse> {
    let mut words = vec![env!("CARGO_PKG_NAME").to_owned(), "check".to_owned()];
    words.extend(arguments.email.clone());
    let client = crate::programs::find(program, Use::Words).ok().map(|program| program.id.to_owned());
    let options = [
        ("--imap-username", Some(&values.imap_login)),
        ("--smtp-username", Some(&values.smtp_login)),
        ("--client", client.as_ref()),
        ("--password-command", arguments.password_command.as_ref()),
    ];
    words.extend(options.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))));
    let Arguments { command: Some(cli::Command::Check(call)), .. } = cli::read(words.into_iter().map(Into::into))?
    else {
        return Err(Misuse::fault("the check cannot be called from here", "run `icloud-mail-doctor check` by itself"));
    };
    check::run(&call.check, Some(HeldBack::begin()))
}
