//! A program's page with the account in it: `{{email}}` and the like, in the file quoted as its language wants it.

use checks::plan::Protocol;
use checks::settings::default_login;

use super::programs::{File, Program};
use super::quote::quoted;
use crate::Misuse;

/// What a page leaves open.
pub(super) struct Values {
    email: String,
    name: String,
    pub(super) imap_login: String,
    pub(super) smtp_login: String,
    password_command: String,
    /// How the password gets to where that command finds it.
    password_kept: String,
}

impl Values {
    /// `login` is an address at one of Apple's domains. Without a command the system's keyring is asked.
    pub(super) fn new(email: &str, login: &str, name: Option<&str>, command: Option<&str>) -> Self {
        let service = env!("CARGO_PKG_NAME");
        let (usual, kept) = if cfg!(target_os = "macos") {
            (
                format!("security find-generic-password -s {service} -a {login} -w"),
                format!(
                    "`security add-generic-password -s {service} -a {login} -w` asks for it and keeps it in the keychain"
                ),
            )
        } else {
            (
                format!("secret-tool lookup service {service} username {login}"),
                format!(
                    "`secret-tool store --label='iCloud Mail' service {service} username {login}` asks for it and keeps it \
                     in the system's keyring (Debian's package libsecret-tools)"
                ),
            )
        };
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

/// The page with these values in it.
pub(super) fn fill(program: &Program, values: &Values) -> Result<Program, Misuse> {
    let in_words = |text: &String| filled(text, values, |value| Some(value.to_owned())).map_err(unknown);
    let file = program.file.as_ref().map(|file| {
        let text = filled(&file.text, values, |value| quoted(value, &file.language)).map_err(|place| {
            Misuse::new(
                format!("{} cannot take the {place} that was given: it has a quotation mark in it", program.title),
                "put it into a script, and name that",
            )
        })?;
        Ok(File { text, ..file.clone() })
    });
    Ok(Program {
        file: file.transpose()?,
        steps: program.steps.iter().map(in_words).collect::<Result<_, _>>()?,
        ..program.clone()
    })
}

fn unknown(place: &str) -> Misuse {
    Misuse::new(format!("the page leaves \"{place}\" open"), "please report this")
}

/// The text with its open places filled, or the place that could not be.
fn filled<'t>(text: &'t str, values: &Values, quote: impl Fn(&str) -> Option<String>) -> Result<String, &'t str> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("{{") {
        let Some((place, after)) = from.split_once("}}") else { break };
        out.push_str(before);
        out.push_str(&values.of(place).and_then(&quote).ok_or(place)?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]
mod tests {
    use super::*;
    use crate::setup::programs::all;

    fn values() -> Values {
        Values::new("me@shop.example", "you@icloud.com", Some(r#"Jo "O" Doe"#), Some("pass show icloud"))
    }

    #[test]
    fn every_open_place_of_every_page_is_filled() {
        for program in all() {
            let program =
                fill(&program, &values()).or_else(|_| fill(&program, &Values { name: "Jo".into(), ..values() }));
            let program = program.unwrap_or_else(|misuse| panic!("{misuse}"));
            let file = program.file.clone().unwrap_or_default().text;
            let text = format!("{file}{}", program.steps.concat());
            assert!(!text.contains("{{") && !text.contains("}}"), "{}: {text}", program.id);
        }
    }

    #[test]
    fn the_logins_are_in_the_form_that_apple_gives() {
        let values = values();
        assert_eq!((values.imap_login.as_str(), values.smtp_login.as_str()), ("you", "you@icloud.com"));
        assert_eq!(values.email, "me@shop.example");
    }
}
