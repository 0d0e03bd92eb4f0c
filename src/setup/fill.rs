//! A program's page with the account in it: `{{email}}` and the like, written as their context requires.

use checks::login::default_login;
use checks::plan::Protocol;

use super::context::{Context, Unwritable, word};
use super::programs::{File, Program};
use super::quote::quoted;
use crate::misuse::Misuse;

/// The values that a page leaves open.
pub(super) struct Values {
    email: String,
    name: String,
    pub(super) imap_login: String,
    pub(super) smtp_login: String,
    password_command: String,
    /// How to store the password where that command finds it.
    password_kept: String,
}

impl Values {
    /// `login` is an address at one of Apple's domains. Without a command, the keyring of that system is used.
    pub(super) fn new(email: &str, login: &str, name: Option<&str>, command: Option<&str>, system: &str) -> Self {
        let account = word(login);
        let (usual, kept) = keyring(system, &account);
        let kept = match command {
            Some(command) => format!("`{command}` has to print it, and nothing else"),
            None => kept,
        };
        Self {
            email: email.to_owned(),
            name: name.unwrap_or_else(|| email.split('@').next().unwrap_or(email)).to_owned(),
            imap_login: default_login(login, Protocol::Imap),
            smtp_login: default_login(login, Protocol::Smtp),
            password_command: command.unwrap_or(&usual).to_owned(),
            password_kept: kept,
        }
    }

    fn of(&self, place: &str) -> Option<&str> {
        Some(match place {
            "email" => &self.email,
            "name" => &self.name,
            "imap.login" => &self.imap_login,
            "smtp.login" => &self.smtp_login,
            "password.command" => &self.password_command,
            "password.kept" => &self.password_kept,
            _ => return None,
        })
    }
}

/// The command that prints the password from what the system has for secrets, and how to put it there.
fn keyring(system: &str, account: &str) -> (String, String) {
    let service = env!("CARGO_PKG_NAME");
    match system {
        "macos" => (
            format!("security find-generic-password -s {service} -a {account} -w"),
            format!(
                "`security add-generic-password -s {service} -a {account} -w` asks for it and keeps it in the keychain"
            ),
        ),
        // Windows has no command that prints what is in its Credential Manager. Export-Clixml encrypts for the user
        // (https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/export-clixml, example 4).
        "windows" => (
            "powershell -NoProfile -Command \"(Import-Clixml ~/icloud-mail.xml).GetNetworkCredential().Password\""
                .to_owned(),
            format!(
                "`Get-Credential {account} | Export-Clixml ~/icloud-mail.xml` in PowerShell asks for it and keeps it \
                 encrypted for your Windows account"
            ),
        ),
        _ => (
            format!("secret-tool lookup service {service} username {account}"),
            format!(
                "`secret-tool store --label='iCloud Mail' service {service} username {account}` asks for it and keeps it \
                 in the system's keyring (Debian's package libsecret-tools)"
            ),
        ),
    }
}

/// Returns the page with these values in it.
pub(super) fn fill(program: &Program, values: &Values) -> Result<Program, Misuse> {
    let filled = |text: &str, language: Option<&str>| {
        filled(text, values, language).map_err(|(place, unfilled)| unfilled.misuse(place, &program.title))
    };
    let file = program.file.as_ref().map(|file| {
        let text = filled(&file.text, Some(&file.language))?;
        Ok(File { text, ..file.clone() })
    });
    Ok(Program {
        file: file.transpose()?,
        steps: program.steps.iter().map(|step| filled(step, None)).collect::<Result<_, _>>()?,
        ..program.clone()
    })
}

/// Why a place could not be filled.
enum Unfilled {
    /// The page names an unknown place, context or language.
    Unknown,
    Unwritable(Unwritable),
}

impl Unfilled {
    fn misuse(&self, place: &str, title: &str) -> Misuse {
        let Self::Unwritable(Unwritable(what)) = self else {
            return Misuse::fault(
                format!("the page of {title} leaves \"{place}\" open"),
                "`icloud-mail-doctor check --list-hosts` shows the servers and ports to type in",
            );
        };
        let (value, instead) = match place.split('|').next() {
            Some("password.command") => ("password command", "put it into a script, and name that"),
            Some("name") => ("name", "give another one with --name"),
            _ => ("address", "give another one of yours"),
        };
        Misuse::new(format!("the settings of {title} cannot hold the {value} that was given: it has {what}"), instead)
    }
}

/// Returns the text with its places filled, or the place that could not be filled.
fn filled<'t>(text: &'t str, values: &Values, language: Option<&str>) -> Result<String, (&'t str, Unfilled)> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("{{") {
        let Some((place, after)) = from.split_once("}}") else { break };
        out.push_str(before);
        out.push_str(&written(place, values, language).map_err(|unfilled| (place, unfilled))?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// The text for a place such as `email` or `email|printf|single-quotes`.
fn written(place: &str, values: &Values, language: Option<&str>) -> Result<String, Unfilled> {
    let mut parts = place.split('|');
    let value = parts.next().and_then(|name| values.of(name)).ok_or(Unfilled::Unknown)?;
    let mut text = value.to_owned();
    let mut language = language;
    for name in parts {
        let context = Context::of(name).ok_or(Unfilled::Unknown)?;
        text = context.written(&text).map_err(Unfilled::Unwritable)?;
        language = language.filter(|_| !context.is_outermost());
    }
    let Some(language) = language else { return Ok(text) };
    quoted(&text, language).ok_or(Unfilled::Unknown)?.map_err(Unfilled::Unwritable)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;
    use crate::setup::programs::all;

    #[test]
    fn each_system_has_a_command_that_exists_there() {
        for (system, command) in [("linux", "secret-tool "), ("macos", "security "), ("windows", "powershell ")] {
            let (usual, kept) = keyring(system, "you@icloud.com");
            assert!(usual.starts_with(command) && kept.contains("you@icloud.com"), "{usual} {kept}");
        }
    }

    #[test]
    fn every_open_place_of_every_page_is_filled() {
        for program in all() {
            let values =
                Values::new("me@shop.example", "you@icloud.com", Some("Jo Doe"), Some("pass show 'icloud'"), "linux");
            let filled = fill(&program, &values).unwrap_or_else(|misuse| panic!("{misuse}"));
            let file = filled.file.clone().unwrap_or_default().text;
            let text = format!("{file}{}", filled.steps.concat());
            assert!(!text.contains("{{") && !text.contains("}}"), "{}: {text}", program.id);
        }
    }

    /// The open places of a text.
    fn places(text: &str) -> Vec<&str> {
        text.split("{{").skip(1).map(|rest| rest.split("}}").next().unwrap()).collect()
    }

    #[test]
    fn a_value_in_a_command_says_where_it_stands() {
        for program in all() {
            for span in program.steps.iter().flat_map(|step| step.split('`').skip(1).step_by(2)) {
                // A value alone is something to type into a field.
                let is_alone = span.starts_with("{{") && places(span).len() == 1 && span.ends_with("}}");
                let is_said = |place: &str| is_alone || place.contains('|') || span.ends_with(":PASSWORD");
                assert!(places(span).into_iter().all(is_said), "{}: {span}", program.id);
                assert!(
                    !span.contains("$env:") || places(span).is_empty(),
                    "{}: PowerShell quotes otherwise",
                    program.id
                );
            }
        }
    }

    #[test]
    fn a_login_in_a_url_is_encoded() {
        for program in all() {
            let text = format!("{}{}", program.file.unwrap_or_default().text, program.steps.concat());
            for after in text.split("://{{").skip(1) {
                assert!(after.split("}}").next().unwrap().ends_with("|url"), "{}: {after:.30}", program.id);
            }
        }
    }

    #[test]
    fn the_logins_are_in_the_form_that_apple_gives() {
        let values = Values::new("me@shop.example", "you@icloud.com", None, None, "linux");
        assert_eq!((values.imap_login.as_str(), values.smtp_login.as_str()), ("you", "you@icloud.com"));
        assert_eq!(values.email, "me@shop.example");
    }
}
