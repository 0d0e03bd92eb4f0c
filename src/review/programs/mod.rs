//! The mail programs whose settings are understood: a row each, and a file of the same name that reads them.

mod aerc;
mod environment;
mod fetchmail;
mod getmail;
mod git_send_email;
mod himalaya;
mod mbsync;
mod msmtp;
mod neomutt;
mod offlineimap;
mod postfix;
mod thunderbird;

use std::path::Path;

use super::account::Settings;

/// A mail program.
pub(crate) struct Program {
    /// As `setup` and the guide call it.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// Where its settings are kept usually: below the home (`~/`), or in the system. A `*` stands for any one folder.
    pub(crate) places: &'static [&'static str],
    /// What such files are called, for whoever names one; the end of the name is enough.
    pub(crate) names: &'static [&'static str],
    /// What is to be heeded before the file is changed.
    pub(crate) caution: Option<&'static str>,
    /// Whether it reads the mailbox without somebody looking at it.
    pub(crate) reads_by_itself: bool,
    /// What comments begin with, in this language or in the writer's mind.
    pub(crate) comments: &'static [&'static str],
    /// What such a file says. The error is half a sentence for a person, and says where.
    pub(crate) read: fn(&str) -> Result<Settings, String>,
}

/// What most programs are like.
const USUAL: Program = Program {
    id: "",
    title: "",
    places: &[],
    names: &[],
    caution: None,
    reads_by_itself: false,
    comments: &["#", ";", "//", "/*"],
    read: |_| Ok(Settings::default()),
};

/// Every program.
pub(crate) static PROGRAMS: [Program; 12] = [
    Program {
        id: "aerc",
        title: "aerc",
        places: &["~/.config/aerc/accounts.conf", "~/Library/Preferences/aerc/accounts.conf"],
        names: &["accounts.conf"],
        reads_by_itself: true,
        read: |text| Ok(aerc::read(text)),
        ..USUAL
    },
    Program {
        id: "fetchmail",
        title: "fetchmail",
        places: &["~/.fetchmailrc", "/etc/fetchmailrc"],
        names: &["fetchmailrc"],
        reads_by_itself: true,
        read: |text| Ok(fetchmail::read(text)),
        ..USUAL
    },
    Program {
        id: "getmail",
        title: "getmail",
        places: &["~/.config/getmail/getmailrc", "~/.getmail/getmailrc"],
        names: &["getmailrc"],
        reads_by_itself: true,
        read: |text| Ok(getmail::read(text)),
        ..USUAL
    },
    Program {
        id: "git-send-email",
        title: "git send-email",
        places: &["~/.gitconfig", "~/.config/git/config", "/etc/gitconfig"],
        names: &["gitconfig", "git/config"],
        read: |text| Ok(git_send_email::read(text)),
        ..USUAL
    },
    Program {
        id: "himalaya",
        title: "Himalaya",
        places: &[
            "~/.config/himalaya/config.toml",
            "~/.himalayarc",
            "~/Library/Application Support/himalaya/config.toml",
        ],
        names: &["himalaya/config.toml", "himalaya.toml", ".himalayarc"],
        read: himalaya::read,
        ..USUAL
    },
    Program {
        id: "mbsync",
        title: "isync (mbsync)",
        places: &["~/.mbsyncrc", "~/.config/isyncrc"],
        names: &["mbsyncrc", "isyncrc"],
        reads_by_itself: true,
        read: |text| Ok(mbsync::read(text)),
        ..USUAL
    },
    Program {
        id: "msmtp",
        title: "msmtp",
        places: &["~/.msmtprc", "~/.config/msmtp/config", "/etc/msmtprc"],
        names: &["msmtprc", "msmtp/config"],
        read: |text| Ok(msmtp::read(text)),
        ..USUAL
    },
    Program {
        id: "neomutt",
        title: "NeoMutt and Mutt",
        places: &[
            "~/.neomuttrc",
            "~/.neomutt/neomuttrc",
            "~/.config/neomutt/neomuttrc",
            "~/.muttrc",
            "~/.mutt/muttrc",
            "~/.config/mutt/muttrc",
            "/etc/neomuttrc",
            "/etc/Muttrc",
        ],
        names: &["muttrc"],
        read: |text| Ok(neomutt::read(text)),
        ..USUAL
    },
    Program {
        id: "offlineimap",
        title: "OfflineIMAP",
        places: &["~/.offlineimaprc", "~/.config/offlineimap/config"],
        names: &["offlineimaprc", "offlineimap/config", "offlineimap.conf"],
        reads_by_itself: true,
        read: |text| Ok(offlineimap::read(text)),
        ..USUAL
    },
    Program {
        id: "postfix",
        title: "Postfix",
        places: &["/etc/postfix/main.cf", "/usr/local/etc/postfix/main.cf"],
        names: &["main.cf"],
        read: |text| Ok(postfix::read(text)),
        ..USUAL
    },
    Program {
        id: "thunderbird",
        title: "Thunderbird",
        places: &[
            "~/.thunderbird/*/prefs.js",
            "~/snap/thunderbird/common/.thunderbird/*/prefs.js",
            "~/.var/app/org.mozilla.Thunderbird/.thunderbird/*/prefs.js",
            "~/Library/Thunderbird/Profiles/*/prefs.js",
            "~/AppData/Roaming/Thunderbird/Profiles/*/prefs.js",
        ],
        names: &["prefs.js", "user.js"],
        caution: Some(
            "Close Thunderbird before anything is changed in this file: it writes its own over it when it ends.",
        ),
        reads_by_itself: true,
        comments: &["//", "/*", "#", "; "],
        read: |text| Ok(thunderbird::read(text)),
    },
    // The last: what it reads is called by many names.
    Program {
        id: "environment",
        title: "environment variables",
        names: &[
            ".env",
            ".env.local",
            ".env.dev",
            ".env.development",
            ".env.test",
            ".env.staging",
            ".env.prod",
            ".env.production",
            ".env.example",
            ".env.sample",
            ".env.dist",
            ".yml",
            ".yaml",
        ],
        read: |text| Ok(environment::read(text)),
        ..USUAL
    },
];

/// The program whose file this is, by its name.
pub(crate) fn of(path: &Path) -> Option<&'static Program> {
    let path = path.to_string_lossy().replace('\\', "/").to_lowercase();
    PROGRAMS.iter().find(|program| program.names.iter().any(|name| path.ends_with(name)))
}

/// The program whose reader finds the most in a file that is called otherwise.
pub(crate) fn like(text: &str) -> Option<&'static Program> {
    let found = |program: &Program| (program.read)(text).map_or(0, |settings| settings.accounts.len());
    // Of several that find as much the first is taken, and the maximum is the last of its equals.
    PROGRAMS.iter().rev().max_by_key(|program| found(program)).filter(|program| found(program) > 0)
}
