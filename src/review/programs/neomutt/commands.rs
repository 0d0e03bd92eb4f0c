//! The commands of a muttrc that set variables, directly or in a hook.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::words::Scanner;
use crate::review::account::Edit;
use crate::review::lines::Word;
use crate::review::secrets::Secrets;

/// The value of a variable.
#[derive(Debug, Clone)]
pub(super) struct Value<'t> {
    pub(super) word: Word<'t>,
    /// The quotes to put around a new value; `None` if the value is already quoted.
    pub(super) quotes: Option<&'static str>,
    /// The change to yes.
    pub(super) yes: Option<Edit>,
}

pub(super) type Variables<'t> = BTreeMap<&'t str, Value<'t>>;

/// What a file sets, and when that applies.
#[derive(Debug, Default)]
pub(super) struct Commands<'t> {
    pub(super) always: Variables<'t>,
    /// For the server that an account-hook names.
    pub(super) at_server: BTreeMap<String, Variables<'t>>,
    /// For the pattern of a folder-hook.
    pub(super) in_folder: BTreeMap<&'t str, Variables<'t>>,
    /// Further mailboxes.
    pub(super) mailboxes: Vec<Word<'t>>,
    /// Every assignment, in order.
    assigned: Vec<(&'t str, Word<'t>)>,
}

pub(super) fn read(text: &str) -> Commands<'_> {
    let (mut settings, mut always) = (Commands::default(), Variables::new());
    run(&mut Scanner::new(text), true, &mut always, &mut settings);
    settings.always = always;
    settings
}

/// Runs commands that set these variables; a hook cannot contain hooks.
fn run<'t>(scanner: &mut Scanner<'t>, is_always: bool, variables: &mut Variables<'t>, settings: &mut Commands<'t>) {
    while !scanner.is_at_end() {
        let command = scanner.word(false);
        match (command.map(|found| found.word.text), is_always) {
            (Some(set_or_unset @ ("set" | "unset")), _) => {
                let place = command.map(|found| found.word.at());
                set(scanner, place, variables, &mut settings.assigned, set_or_unset == "set");
            }
            (Some("reset"), _) => {
                while let Some(name) = scanner.word(false) {
                    variables.remove(own_name(name.word.text));
                }
            }
            (Some("mailboxes" | "named-mailboxes"), _) => {
                while let Some(found) = scanner.word(false) {
                    settings.mailboxes.push(found.word);
                }
            }
            (Some(hook @ ("account-hook" | "folder-hook")), true) => {
                let pattern = match scanner.word(false) {
                    Some(flag) if flag.word.text == "-noregex" => scanner.word(false),
                    pattern => pattern,
                };
                let pattern = pattern.map_or("", |found| found.word.text);
                let mut own = match hook {
                    "folder-hook" => settings.in_folder.remove(pattern),
                    _ => settings.at_server.remove(&server(pattern)),
                };
                let mut own = own.take().unwrap_or_default();
                run(&mut scanner.commands(), false, &mut own, settings);
                match hook {
                    "folder-hook" => settings.in_folder.insert(pattern, own),
                    _ => settings.at_server.insert(server(pattern), own),
                };
            }
            _ => {}
        }
        scanner.next_command();
    }
}

impl Commands<'_> {
    /// The values of variables whose names mean a secret, and of variables that they refer to.
    pub(super) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        let mut referred = BTreeSet::new();
        for (name, value) in &self.assigned {
            secrets.note_url(*value);
            if secrets.note(name, *value) {
                referred.extend(value.text.strip_prefix('$').map(|name| name.trim_matches(['{', '}'])));
            }
        }
        let others = self.assigned.iter().filter(|(name, _)| referred.contains(name));
        secrets.passwords.extend(others.map(|(_, value)| value.at()));
        self.mailboxes.iter().for_each(|word| secrets.note_url(*word));
        secrets
    }
}

/// `set a=b noc d` and `unset e f`; a variable without a value is set to yes.
fn set<'t>(
    scanner: &mut Scanner<'t>,
    command: Option<Range<usize>>,
    variables: &mut Variables<'t>,
    assigned: &mut Vec<(&'t str, Word<'t>)>,
    is_set: bool,
) {
    let mut names = 0;
    let mut last = None;
    while let Some(found) = scanner.word(true) {
        names += 1;
        let name = own_name(found.word.text);
        let denied = found.word.text.strip_prefix("no").filter(|_| is_set).map(own_name);
        if is_set && scanner.assigns() {
            let Some(value) = scanner.word(false) else { break };
            assigned.push((name, value.word));
            let yes = Some(Edit { at: value.word.at(), with: "yes".to_owned() });
            variables.insert(name, Value { word: value.word, quotes: value.quotes, yes });
        } else if let Some(name) = denied.filter(|name| is_switch(name)) {
            let (no, _) = found.word.parted(2);
            let yes = Some(Edit { at: no.at(), with: String::new() });
            variables.insert(name, Value { word: no, quotes: None, yes });
        } else {
            let word = Word { text: if is_set { "yes" } else { "no" }, start: found.word.start };
            variables.insert(name, Value { word, quotes: None, yes: None });
            last = Some(name);
        }
    }
    // A line that unsets only this variable can become a line that sets it.
    if let (1, false, Some(value)) = (names, is_set, last.and_then(|name| variables.get_mut(name))) {
        value.yes = command.map(|at| Edit { at, with: "set".to_owned() });
    }
}

fn is_switch(name: &str) -> bool {
    matches!(name, "ssl_force_tls" | "ssl_starttls" | "ssl_verify_host")
}

/// The new name of a variable that was renamed.
fn own_name(name: &str) -> &str {
    if name == "spool_file" { "spoolfile" } else { name }
}

/// The server in an account-hook's pattern: `imaps://you@host/`, perhaps with characters of a regular expression.
fn server(pattern: &str) -> String {
    let plain = pattern.replace(['\\', '^', '$'], "");
    let rest = plain.split_once("://").map_or(plain.as_str(), |(_, rest)| rest);
    let rest = rest.split(['/', '?']).next().unwrap_or_default();
    let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    rest.split(':').next().unwrap_or_default().to_lowercase()
}
