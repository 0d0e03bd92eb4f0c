//! Which program a file belongs to: by its name, its place, its ending or its shape.

use std::path::Path;
use std::sync::LazyLock;

use super::signature::Shape;
use super::{PROGRAMS, Program, environment};

/// Returns the program that a file belongs to by its name or its place.
pub(crate) fn of(path: &Path) -> Option<&'static Program> {
    // A relative path may leave out the folder that identifies the program.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = path.to_string_lossy().replace('\\', "/").to_lowercase();
    let is_apart = |before: &str| before.is_empty() || before.ends_with(['/', '.', '_', '-']);
    let is_named = |name: &str| {
        let before = path.strip_suffix(name);
        before.is_some_and(|before| name.starts_with('.') || is_apart(before))
    };
    let names = PROGRAMS.iter().flat_map(|program| program.owns.names.iter().map(move |name| (program, name)));
    // A longer name says more: `goa-1.0/accounts.conf`.
    let by_name = names.filter(|(_, name)| is_named(name)).max_by_key(|(_, name)| name.len());
    by_name
        .map(|(program, _)| program)
        .or_else(|| called("environment").filter(|_| is_yaml_of_settings(&path) || sets_variables(&path)))
}

/// Whether YAML has a file name that container engines, Spring, Synapse, Home Assistant or Alertmanager use.
fn is_yaml_of_settings(path: &str) -> bool {
    const NAMES: [&str; 7] =
        ["docker-compose", "compose", "docker-stack", "application", "homeserver", "configuration", "alertmanager"];
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else { return false };
    let is_apart = |rest: &str| !rest.starts_with(|letter: char| letter.is_alphanumeric());
    NAMES.iter().any(|name| stem.strip_prefix(name).is_some_and(is_apart))
}

/// Whether a file has the name of a Dockerfile, a unit of systemd, or properties of Spring.
fn sets_variables(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    match ending {
        "service" | "dockerfile" => true,
        "properties" => stem == "application" || stem.starts_with("application-"),
        _ => ["dockerfile", "containerfile"].contains(&name.split('.').next().unwrap_or_default()),
    }
}

/// Returns the program that a file belongs to by its ending and its shape: YAML and XML are used for many things, seldom
/// for mail.
pub(crate) fn shaped(path: &Path, text: &str) -> Option<&'static Program> {
    match path.extension().and_then(|ending| ending.to_str())? {
        "yml" | "yaml" => called("environment").filter(|_| environment::is_in_yaml(text)),
        "xml" | "plist" => signed(text),
        _ => None,
    }
}

/// Returns the program that a file belongs to by its shape.
pub(crate) fn signed(text: &str) -> Option<&'static Program> {
    // A folder has many files, so each pattern is compiled only once.
    static SHAPES: LazyLock<Vec<(&Program, Shape)>> = LazyLock::new(|| {
        PROGRAMS.iter().filter_map(|program| Some((program, program.owns.signature.shape().ok()?))).collect()
    });
    SHAPES.iter().find(|(_, shape)| shape.is_in(text)).map(|(program, _)| *program)
}

/// Whether a text has words of a language whose files are known by their names alone.
pub(crate) fn is_of_code(text: &str) -> bool {
    // Python, JavaScript, PHP, Nix, Terraform, .NET, containers and Home Assistant.
    const WORDS: [&str; 19] = [
        "import smtplib",
        "import imaplib",
        "smtplib.",
        "imaplib.",
        "EMAIL_HOST",
        "nodemailer",
        "ImapFlow",
        "<?php",
        "PHPMailer",
        "imap_open",
        "programs.",
        "accounts.email",
        "resource \"",
        "smtp_",
        "\"Smtp",
        "environment:",
        "services:",
        "platform: ",
        "spring.mail",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

/// Returns the program with this name.
pub(crate) fn called(name: &str) -> Option<&'static Program> {
    let named = crate::programs::named(name)?;
    PROGRAMS.iter().find(|program| program.id == named.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_place_has_a_name_of_its_program() {
        for program in &PROGRAMS {
            for place in program.owns.places {
                // A list of profiles only says where the settings are.
                let settings = place.replace("profiles.ini", "prefs.js");
                let known = of(Path::new(&settings.replace('~', "/home/jane").replace('*', "x")));
                assert_eq!(known.map(|known| known.id), Some(program.id), "{place}");
            }
        }
    }

    #[test]
    fn a_name_belongs_to_a_program_only_as_a_whole() {
        let found = |path: &str| of(Path::new(path)).map(|program| program.id);
        assert_eq!(found("/x/.fetchmailrc"), Some("fetchmail"));
        assert_eq!(found("/x/dot_fetchmailrc"), Some("fetchmail"));
        assert_eq!(found("/x/prod.env"), Some("environment"));
        assert_eq!(found("/x/.neomuttrc"), Some("neomutt"));
        assert_eq!(found("/x/postfix/sasl_passwd"), Some("postfix"));
        assert_eq!(found("/x/user.js"), Some("thunderbird"));
        assert_eq!(found("/x/superuser.js"), Some("nodejs"));
        assert_eq!(found("/x/appsettings.Production.json"), Some("dotnet"));
        for path in ["/x/compose.yaml", "/x/docker-compose.prod.yml", "/x/application-prod.yml", "/x/homeserver.yaml"] {
            assert_eq!(found(path), Some("environment"), "{path}");
        }
        for path in ["/x/Dockerfile", "/x/Dockerfile.prod", "/x/mail.service", "/x/application-dev.properties"] {
            assert_eq!(found(path), Some("environment"), "{path}");
        }
        for path in [
            "/x/openapi.yml",
            "/x/gradle.properties",
            "/x/composer.yml",
            "/x/applications.yaml",
            "/x/fixtures/mail.yaml",
        ] {
            assert_eq!(found(path), None, "{path}");
        }
        for path in ["/x/domain.cf", "/x/accounts.configuration", "/etc/passwd", "/x/mail.ini"] {
            assert_eq!(found(path), None, "{path}");
        }
    }
}
