//! `review`: finds settings of the mail programs on this computer that fail or are unsafe with iCloud.

mod account;
mod beside;
#[cfg(feature = "real")]
mod command;
mod computer;
#[cfg(feature = "real")]
mod done;
mod doubts;
mod encoding;
#[cfg(feature = "real")]
mod files;
#[cfg(feature = "real")]
mod fix;
mod given;
#[cfg(feature = "real")]
mod here;
mod lines;
mod mechanism;
mod mend;
#[cfg(test)]
mod near_misses;
#[cfg(feature = "real")]
mod origin;
mod placeholder;
mod programs;
#[cfg(test)]
mod properties;
mod python;
mod remark;
mod reviewed;
mod rules;
mod secrets;
mod server;
#[cfg(feature = "real")]
mod servers;
mod source;
mod switch;
mod tell;
mod tree;
mod url;
#[cfg(feature = "real")]
mod write;
mod xml;

use std::path::Path;

use crate::report::Review;
#[cfg(feature = "real")]
pub(crate) use command::run;
use given::Given;
use programs::Program;
#[cfg(feature = "real")]
pub(crate) use servers::servers;
use source::Source;

/// The longest settings file, in bytes.
pub(crate) const LONGEST: usize = 1 << 20;

/// Whether a file is named like the settings of a mail program.
pub(crate) fn is_settings_file(path: &Path) -> bool {
    programs::of(path).is_some()
}

/// Whether a text has the shape of a mail program's settings.
pub(crate) fn is_settings_text(text: &str) -> bool {
    programs::signed(text).is_some()
}

/// Returns the text of a file, as a review reads it.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    encoding::decode(bytes).0
}

/// Returns the program that a text with this name belongs to. The name is empty where the text has none.
pub(crate) fn whose(name: &str, text: &str) -> Option<&'static str> {
    let path = Path::new(name);
    let named = programs::of(path).filter(|_| !name.is_empty()).or_else(|| programs::shaped(path, text));
    named.or_else(|| programs::signed(text)).map(|program| program.id)
}

/// Whether a text may be settings of a kind that is known by the name of its file alone.
pub(crate) fn may_be_settings(text: &str) -> bool {
    doubts::names_server(text) && programs::is_of_code(text)
}

/// Reviews a text as the settings of a program, without a look at any computer.
pub(crate) fn of_text(name: &str, text: &str, program: &str) -> Option<Review> {
    let program = programs::called(program)?;
    let (mut reviewed, mut not_reviewed) = (None, Vec::new());
    match reviewed::review(given(name, text, program), &computer::UNKNOWN, false) {
        Ok(one) => reviewed = Some(one),
        Err(not) => not_reviewed.push(not),
    }
    Some(tell::composed(reviewed.iter(), &not_reviewed))
}

/// Returns the settings of a program without the secrets in them; `None` where they cannot be read as its settings.
pub(crate) fn concealed(name: &str, text: &str, program: &str) -> Option<String> {
    let file = given(name, text, programs::called(program)?);
    let secrets = reviewed::settings(&file).ok()?.secrets;
    Some(Source::of(file.text, secrets, file.program).blanked())
}

fn given(name: &str, text: &str, program: &'static Program) -> Given {
    let shown = if name.is_empty() { "this text" } else { name }.to_owned();
    Given { path: name.into(), shown, program, text: text.to_owned(), is_readable_by_others: false }
}

/// Reads any text with every reader.
#[cfg(fuzzing)]
pub(crate) fn read_by_all(text: &str) {
    for program in &programs::PROGRAMS {
        if let Ok(settings) = (program.read)(text) {
            let accounts = settings.accounts.iter();
            let places = accounts.flat_map(|account| account.host.at.clone());
            let mut places = places.chain(settings.secrets.passwords.iter().cloned());
            assert!(places.all(|at| text.get(at).is_some()), "{}", program.id);
        }
    }
}
