//! The mail programs by name, one row each, for `setup`, `review`, `--client` and the words of the guide.

use std::fmt;

use crate::meant::{meant, shown};
use crate::misuse::Misuse;

/// A mail program, or a program that sends mail like one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// Its name on the command line, and the name of its page in `src/setup/programs/` and of its reader in
    /// `src/review/programs/`.
    pub(crate) id: &'static str,
    /// Its title for people.
    pub(crate) title: &'static str,
    /// Other names for it, in lower case, with a hyphen for each character that is neither a letter nor a digit.
    pub(crate) aliases: &'static [&'static str],
    /// The name of its words in the guide's pages. Programs with similar settings share them.
    pub(crate) words: Option<&'static str>,
    /// Whether `setup` has a page for it.
    pub(crate) is_set_up: bool,
    /// Whether `review` reads its settings.
    pub(crate) is_reviewed: bool,
}

/// The usual case: `setup` has a page, the guide has words for it, and its settings are not in a file that can be read.
const fn program(id: &'static str, title: &'static str, aliases: &'static [&'static str]) -> Program {
    Program { id, title, aliases, words: Some(id), is_set_up: true, is_reviewed: false }
}

impl Program {
    const fn reviewed(self) -> Self {
        Self { is_reviewed: true, ..self }
    }

    const fn with_words_of(self, words: &'static str) -> Self {
        Self { words: Some(words), ..self }
    }

    const fn without_words(self) -> Self {
        Self { words: None, ..self }
    }

    const fn without_setup(self) -> Self {
        Self { is_set_up: false, ..self }
    }
}

/// Every program, by its id.
pub(crate) static PROGRAMS: [Program; 43] = [
    program("aerc", "aerc", &[]).reviewed(),
    program("apple-devices", "Mail on iPhone and iPad", &["ios", "ipad", "iphone", "mobileconfig"])
        .with_words_of("apple-mail")
        .reviewed(),
    program("apple-mail", "Apple Mail on a Mac", &["mac-mail", "mail-app"]),
    program("autoconfig", "Mozilla autoconfiguration", &["autoconfiguration", "clientconfig", "ispdb"])
        .without_words()
        .without_setup()
        .reviewed(),
    program("dotnet", ".NET (MailKit)", &["csharp", "mailkit", "net"]).reviewed(),
    program("environment", "environment variables", &["env"]).without_words().without_setup().reviewed(),
    program("evolution", "GNOME Evolution and Online Accounts", &["gnome", "gnome-evolution", "gnome-online-accounts"])
        .reviewed(),
    program("fairemail", "FairEmail", &[]),
    program("fetchmail", "fetchmail", &[]).reviewed(),
    program("geary", "Geary", &[]).without_words().without_setup().reviewed(),
    program("getmail", "getmail", &["getmail6"]).reviewed(),
    program("git-send-email", "git send-email", &["git"]).reviewed(),
    program("gitea", "Gitea and Forgejo", &["forgejo"]).without_words().without_setup().reviewed(),
    program("gmail", "Gmail (the app on a phone)", &["gmail-app", "google-mail"]),
    program("go", "Go (go-imap and net/smtp)", &["go-imap", "golang"]),
    program("grafana", "Grafana", &[]).without_words().without_setup().reviewed(),
    program("himalaya", "Himalaya", &[]).reviewed(),
    program("home-assistant", "Home Assistant", &["hass", "homeassistant"]),
    program("imapsync", "imapsync", &[]).without_words(),
    program("java", "Java (Jakarta Mail)", &["jakarta-mail", "javamail"]),
    program(
        "k9",
        "Thunderbird for Android and K-9 Mail",
        &["k-9", "k-9-mail", "k9-mail", "thunderbird-android", "thunderbird-for-android", "thunderbird-mobile"],
    )
    .reviewed(),
    program("mbsync", "isync (mbsync)", &["isync"]).reviewed(),
    program("meli", "meli", &[]),
    program("msmtp", "msmtp", &[]).reviewed(),
    program("neomutt", "NeoMutt and Mutt", &["mutt"]).with_words_of("mutt").reviewed(),
    program("nextcloud", "Nextcloud Mail", &[]),
    program("nix", "Nix (home-manager, NixOS)", &["home-manager", "nixos"]).without_words().without_setup().reviewed(),
    program("nodejs", "Node.js (ImapFlow and Nodemailer)", &["imapflow", "node", "node-js", "nodemailer"])
        .with_words_of("nodemailer")
        .reviewed(),
    program("offlineimap", "OfflineIMAP", &["offlineimap3"]).reviewed(),
    program("other", "any other mail program", &["any", "manual", "settings"]).without_words(),
    program("outlook", "Outlook (new)", &["new-outlook", "outlook-for-mac", "outlook-mac"]),
    program("outlook-classic", "Outlook (classic)", &["classic-outlook", "old-outlook", "outlook-old"])
        .with_words_of("outlook"),
    program("php", "PHP (imap and PHPMailer)", &["php-imap", "phpmailer"]).reviewed(),
    program("postfix", "Postfix", &[]).reviewed(),
    program("python", "Python (imaplib and smtplib)", &["imaplib", "smtplib"]).reviewed(),
    program("ruby", "Ruby", &["net-imap"]).without_setup(),
    program("rust", "Rust (imap and lettre)", &["lettre"]),
    program("samsung", "Samsung Email", &[]).without_words(),
    program("spark", "Spark", &[]).without_words(),
    program("ssmtp", "sSMTP", &[]).without_words().without_setup().reviewed(),
    program("terraform", "Terraform", &["opentofu", "tofu"]).without_words().without_setup().reviewed(),
    program("thunderbird", "Thunderbird", &[]).reviewed(),
    program("wordpress", "WordPress", &["fluentsmtp", "wp-mail-smtp"]),
];

/// The program with this name, in any spelling: "K-9 Mail", "outlook (classic)".
pub(crate) fn named(name: &str) -> Option<&'static Program> {
    let name = plain(name);
    PROGRAMS.iter().find(|program| program.names().any(|own| own == name) || plain(program.title) == name)
}

/// The program that a mistyped name very likely means.
pub(crate) fn meant_by(name: &str) -> Option<&'static Program> {
    meant(&plain(name), PROGRAMS.iter().flat_map(Program::names)).and_then(named)
}

/// Names that a text may contain without meaning the program.
const ORDINARY: [&str; 14] = [
    "any",
    "env",
    "environment",
    "git",
    "gmail",
    "go",
    "java",
    "manual",
    "net",
    "node",
    "other",
    "ruby",
    "settings",
    "spark",
];

/// The one mail program that a text names and that the guide has words for; `None` where it names several.
pub(crate) fn mentioned(text: &str) -> Option<&'static Program> {
    // A word with a dot or an @ in it is a server or an address, and not a program.
    let is_part = |character: char| character.is_alphanumeric() || ".@-".contains(character);
    let words = text.split(|character: char| !is_part(character)).map(|word| word.trim_matches(['.', '-']));
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let words = words.iter().map(|word| if word.contains(['.', '@']) { "?" } else { word });
    let text = format!("-{}-", words.collect::<Vec<_>>().join("-"));
    let is_there = |name: &&str| !ORDINARY.contains(name) && text.contains(&format!("-{name}-"));
    let with_words = PROGRAMS.iter().filter(|program| program.words.is_some());
    let named: Vec<(&str, &Program)> =
        with_words.flat_map(|program| program.names().filter(is_there).map(move |name| (name, program))).collect();
    let longest = named.iter().max_by_key(|(name, _)| name.len())?;
    // "Thunderbird for Android" contains the name of Thunderbird, and means another program.
    let others = named.iter().filter(|(name, _)| !longest.0.contains(name));
    others.into_iter().all(|(_, program)| program.words == longest.1.words).then_some(longest.1)
}

/// A name in lower case, with a hyphen for each character that is neither a letter nor a digit.
fn plain(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

impl Program {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.id).chain(self.aliases.iter().copied())
    }

    /// Its name in a sentence, without what distinguishes it from others with the same name.
    pub(crate) fn called(&self) -> &'static str {
        self.title.split_once(" (").map_or(self.title, |(name, _)| name)
    }

    /// What to do instead: use the settings that are right for any program.
    fn instead(&self) -> String {
        match self.is_set_up {
            true => format!("`icloud-mail-doctor setup {}` has the right settings", self.id),
            false => "`icloud-mail-doctor setup other` has the settings for any program".to_owned(),
        }
    }
}

/// Why a program is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// For `setup`, which prints its settings.
    Setup,
    /// For `review --as`, which reads its settings.
    Review,
    /// For `--client`, which words the steps for it.
    Words,
}

/// The program with this name, if it supports this use. The error says which name was meant, or why it does not.
pub(crate) fn find(name: &str, wanted: Use) -> Result<&'static Program, Misuse> {
    let Some(program) = named(name) else { return Err(unknown(name, wanted)) };
    match wanted.is_there_for(program) {
        true => Ok(program),
        false => Err(Misuse::new(wanted.lack(program), format!("{wanted}; {}", program.instead()))),
    }
}

fn unknown(name: &str, wanted: Use) -> Misuse {
    let names = PROGRAMS.iter().flat_map(Program::names);
    let what = format!("{} is not a mail program that is known here", shown(name, names, "what was given"));
    match meant_by(name).filter(|program| wanted.is_there_for(program)) {
        Some(meant) => Misuse::new(what, format!("did you mean {}? {wanted}", meant.id)),
        None => {
            Misuse::new(what, format!("{wanted}; `icloud-mail-doctor setup other` has the settings for any program"))
        }
    }
}

impl Use {
    /// Whether the program supports this use.
    pub(crate) fn is_there_for(self, program: &Program) -> bool {
        match self {
            Self::Setup => program.is_set_up,
            Self::Review => program.is_reviewed,
            Self::Words => program.words.is_some(),
        }
    }

    fn lack(self, program: &Program) -> String {
        let title = program.title;
        match self {
            Self::Setup => format!("`setup` has no page for {title}"),
            Self::Review => format!("`review` reads no settings of {title}"),
            Self::Words => format!("no step has words of its own for {title}"),
        }
    }

    /// The ids of the programs that support this use.
    pub(crate) fn ids(self) -> impl Iterator<Item = &'static str> {
        PROGRAMS.iter().filter(move |program| self.is_there_for(program)).map(|program| program.id)
    }
}

/// Where the programs that support this use are listed.
impl fmt::Display for Use {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = || self.ids().collect::<Vec<_>>().join(", ");
        match self {
            Self::Setup => out.write_str("`icloud-mail-doctor setup --list` lists the programs"),
            Self::Review => write!(out, "--as takes one of {}", ids()),
            Self::Words => write!(out, "--client takes one of {}", ids()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_programs_have_one_name_and_each_name_is_written_plainly() {
        let mut known = BTreeSet::new();
        for program in &PROGRAMS {
            for name in program.names() {
                assert!(known.insert(name), "{name}");
                assert_eq!(plain(name), name);
                assert_eq!(named(name), Some(program));
            }
            assert_eq!(named(program.title), Some(program), "{}", program.title);
            assert!(Use::Setup.is_there_for(program) || Use::Review.is_there_for(program) || program.words.is_some());
        }
        let ids: Vec<&str> = PROGRAMS.iter().map(|program| program.id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
    }

    #[test]
    fn every_name_works_everywhere_or_it_is_said_why_not() {
        for program in &PROGRAMS {
            for name in program.names() {
                for wanted in [Use::Setup, Use::Review, Use::Words] {
                    match find(name, wanted) {
                        Ok(found) => assert_eq!(found, program),
                        Err(why) => assert!(why.to_string().contains(program.title), "{name}: {why}"),
                    }
                }
            }
        }
    }

    #[test]
    fn a_name_is_known_however_it_is_written() {
        for (name, id) in [
            ("Mutt", "neomutt"),
            ("ISYNC", "mbsync"),
            ("K-9 Mail", "k9"),
            ("thunderbird for android", "k9"),
            ("outlook (classic)", "outlook-classic"),
            (".env", "environment"),
            ("Node.js", "nodejs"),
            ("git send-email", "git-send-email"),
        ] {
            assert_eq!(named(name).map(|program| program.id), Some(id), "{name}");
        }
        assert_eq!(named("eudora"), None);
        assert_eq!(meant_by("Outlok").map(|program| program.id), Some("outlook"));
        assert_eq!(meant_by("thunderbrid").map(|program| program.id), Some("thunderbird"));
        assert_eq!(meant_by("eudora"), None);
    }

    #[test]
    fn the_words_of_every_page_are_of_a_program_that_is_known() {
        let known: BTreeSet<String> = PROGRAMS.iter().filter_map(|program| program.words.map(str::to_owned)).collect();
        let in_pages: BTreeSet<String> = crate::guide::programs().into_iter().collect();
        assert_eq!(known, in_pages);
    }

    #[test]
    fn a_text_names_a_program_where_it_can_mean_no_other() {
        let id = |text: &str| mentioned(text).map(|program| program.id);
        assert_eq!(id("Outlook asks for my password again and again"), Some("outlook"));
        assert_eq!(id("Nov 3 host postfix/smtp[811]: warning: SASL authentication failed"), Some("postfix"));
        assert_eq!(id("Thunderbird for Android cannot connect"), Some("k9"));
        assert_eq!(id("smtplib.SMTPAuthenticationError: (535, b'5.7.8')"), None);
        assert_eq!(id("smtplib: 535 5.7.8"), Some("python"));
        assert_eq!(id("it works in Apple Mail and not in Thunderbird"), None);
        assert_eq!(id("could not send to lisa@outlook.com by smtp.office365.com"), None);
        assert_eq!(id("I set any other settings by hand"), None);
        assert_eq!(id(""), None);
    }
}
