//! The mail programs whose settings can be read: one row each, and a file of the same name that reads them.

mod aerc;
mod apple_devices;
mod autoconfig;
#[cfg(feature = "real")]
pub(crate) mod closed;
mod code;
mod environment;
mod evolution;
mod fetchmail;
mod geary;
mod getmail;
mod git_send_email;
mod himalaya;
mod ini;
mod k9;
mod mbsync;
mod msmtp;
mod neomutt;
mod nix;
mod nixos;
mod offlineimap;
mod postfix;
mod signature;
pub(super) mod thunderbird;
mod whose;

use std::path::Path;

use super::account::Settings;
use super::beside::Beside;
use super::computer::Computer;
use crate::programs::named;
use signature::Signature;
pub(crate) use whose::{called, is_of_code, of, shaped, signed};

/// A mail program.
pub(crate) struct Program {
    /// Its name in `setup` and in the guide.
    pub(crate) id: &'static str,
    pub(crate) owns: Owns,
    /// What the user has to know before the file is changed.
    pub(crate) caution: Option<&'static str>,
    /// Whether it checks for mail by itself.
    pub(crate) reads_by_itself: bool,
    /// What comments begin with, in this language or in similar ones.
    pub(crate) comments: &'static [&'static str],
    /// Reads such a file. The error is half a sentence for a person, and says where.
    pub(crate) read: fn(&str) -> Result<Settings, String>,
    /// Whether every mention of a server in such a file is a setting, and no server is mentioned twice for one account.
    pub(crate) mentions_once: bool,
    /// Whether its settings are in several files of one folder, each of which is incomplete.
    pub(crate) is_in_parts: bool,
    /// Checks the settings against other files of the same installation.
    pub(crate) beside: fn(&Path, &str, &Computer) -> Beside,
    /// What has to be done after the file was changed.
    pub(crate) afterwards: Option<&'static str>,
}

/// Which files belong to a program: by their place, by their name, or by a shape that no other program's files have.
pub(crate) struct Owns {
    /// The usual places of its settings: below the home folder (`~/`), below a folder that Windows has in
    /// a variable (`%APPDATA%/`), or in the system. A `*` is any part of a name.
    pub(crate) places: &'static [&'static str],
    /// How the names of such files end; something separate may come before.
    pub(crate) names: &'static [&'static str],
    pub(crate) signature: Signature,
}

/// The usual values. Every program has to list its files.
const fn program(id: &'static str, owns: Owns, read: Read) -> Program {
    let comments = &["#", ";", "//", "/*"];
    let (reads_by_itself, mentions_once, is_in_parts) = (false, false, false);
    let (caution, beside, afterwards) = (None, nothing as fn(&Path, &str, &Computer) -> Beside, None);
    Program { id, owns, caution, reads_by_itself, comments, read, mentions_once, is_in_parts, beside, afterwards }
}

/// A program with all of its settings in one file.
fn nothing(_path: &Path, _text: &str, _computer: &Computer) -> Beside {
    Beside::default()
}

impl Program {
    /// Its title for people.
    pub(crate) fn title(&self) -> &'static str {
        named(self.id).map_or(self.id, |program| program.title)
    }
}

/// Files that are known by their names alone, because their shape says nothing of mail.
const fn named_only(names: &'static [&'static str]) -> Owns {
    Owns { places: &[], names, signature: Signature { has: &[r"[^\s\S]"], only: r"[^\s\S]" } }
}

type Read = fn(&str) -> Result<Settings, String>;

/// Lines of a file with sections: `[name]`, `key = value`, and indented lines that continue a value.
const INI: &str = r"^(\[|[\w.-]+\s*[=:]|;|\s)";

/// The beginning of XML with this root element: in another file, such XML is only quoted.
macro_rules! root {
    ($name:literal) => {
        concat!(r"\A(\s|<\?(?s:.*?)\?>|<!--(?s:.*?)-->|<!DOCTYPE[^>]*>)*<", $name, r"\b")
    };
}

/// Every program.
pub(crate) static PROGRAMS: [Program; 26] = [
    Program {
        reads_by_itself: true,
        ..program(
            "aerc",
            Owns {
                places: &["~/.config/aerc/accounts.conf", "~/Library/Preferences/aerc/accounts.conf"],
                names: &["accounts.conf"],
                signature: Signature {
                    has: &[r"^\[", r"^(source|outgoing)\s*=\s*.?(imaps?|smtps?)\b", r"^from\s*="],
                    only: INI,
                },
            },
            |text| Ok(aerc::read(text)),
        )
    },
    Program {
        caution: Some(
            "This is only the file: an account that was set up from it changes when the profile is installed again.",
        ),
        comments: &[],
        ..program(
            "apple-devices",
            Owns {
                places: &[],
                names: &[".mobileconfig"],
                signature: Signature {
                    has: &[root!("plist"), r"<string>\s*com\.apple\.mail\.managed\s*</string>"],
                    only: "",
                },
            },
            apple_devices::read,
        )
    },
    Program {
        comments: &[],
        ..program(
            "autoconfig",
            Owns {
                places: &[],
                names: &["config-v1.1.xml"],
                signature: Signature { has: &[root!("clientConfig")], only: "" },
            },
            autoconfig::read,
        )
    },
    Program {
        caution: Some(
            "Close Evolution before anything is changed in this file, with `evolution --force-shutdown`, and goa-daemon where it \
             is one of Online Accounts: what runs in the background would write its own over it.",
        ),
        reads_by_itself: true,
        ..program(
            "evolution",
            Owns {
                places: &[
                    "~/.config/evolution/sources/*.source",
                    "~/.var/app/org.gnome.Evolution/config/evolution/sources/*.source",
                    "~/.config/goa-1.0/accounts.conf",
                ],
                names: &[".source", "goa-1.0/accounts.conf"],
                signature: Signature {
                    has: &[r"^\[Data Source\]", r"^\[Mail (Account|Transport)\]", r"^BackendName="],
                    only: INI,
                },
            },
            |text| Ok(evolution::read(text)),
        )
    },
    Program {
        reads_by_itself: true,
        ..program(
            "fetchmail",
            Owns {
                places: &["~/.fetchmailrc", "/etc/fetchmailrc"],
                names: &["fetchmailrc"],
                signature: Signature {
                    has: &[
                        r"^(poll|skip)\s+\S+(\s+(with|and|via\s+\S+))*\s+(proto|protocol|port|service|user|username|interval|auth)\s",
                        r"\bproto(col)?\s",
                        r"\buser(name)?\s+\S+\s+(there|here|is|with|and|pass|password|ssl|keep|options?)\b",
                    ],
                    only: r"^\s*(poll|skip|set|defaults|with|via|proto|protocol|port|service|user|username|pass|password|is|there|here|and|options?|no|ssl\w*|keep|flush|fetchall|rewrite|mimedecode|idle|mda|folder|smtphost|interval|timeout|limit|auth|envelope|localdomains|aka|bad-header|preconnect|postconnect)\b",
                },
            },
            |text| Ok(fetchmail::read(text)),
        )
    },
    Program {
        caution: Some("Close Geary before anything is changed in this file: it may write its own over it."),
        reads_by_itself: true,
        ..program(
            "geary",
            Owns {
                places: &[
                    "~/.config/geary/account_*/geary.ini",
                    "~/.var/app/org.gnome.Geary/config/geary/account_*/geary.ini",
                ],
                names: &["geary.ini"],
                signature: Signature { has: &[r"^\[(Incoming|Outgoing)\]", r"^transport_security\s*="], only: INI },
            },
            |text| Ok(geary::read(text)),
        )
    },
    Program {
        reads_by_itself: true,
        ..program(
            "getmail",
            Owns {
                places: &["~/.config/getmail/getmailrc", "~/.getmail/getmailrc"],
                names: &["getmailrc"],
                signature: Signature { has: &[r"^\[retriever\]", r"^type\s*[=:]\s*\w+Retriever\b"], only: INI },
            },
            |text| Ok(getmail::read(text)),
        )
    },
    program(
        "git-send-email",
        Owns {
            places: &[
                "~/.gitconfig",
                "~/.config/git/config",
                "/etc/gitconfig",
                // Git for Windows.
                "%PROGRAMFILES%/Git/etc/gitconfig",
            ],
            names: &["gitconfig", "git/config"],
            signature: Signature {
                has: &[r"(?i)^\[sendemail\b", r"(?i)^\s*smtpserver\s*="],
                only: r"^\s*(\[|;|[\w-]+\s*(=|$))",
            },
        },
        |text| Ok(git_send_email::read(text)),
    ),
    program(
        "himalaya",
        Owns {
            places: &[
                "~/.config/himalaya/config.toml",
                "~/.himalayarc",
                "~/Library/Application Support/himalaya/config.toml",
            ],
            names: &["himalaya/config.toml", "himalaya.toml", "himalayarc"],
            signature: Signature {
                has: &[
                    r"^\[?accounts\.",
                    r#"\b(backend\.type|message\.send\.backend\.type)\s*=\s*"|\b(imap|smtp)\.server\s*=\s*""#,
                ],
                only: r"^\s*(\[|\]|[{}]|[\w.\x22'-]+\s*=|[\x22'])",
            },
        },
        himalaya::read,
    ),
    Program {
        comments: &[],
        afterwards: Some("Then import the file in the app: Settings, Import settings."),
        ..program(
            "k9",
            Owns { places: &[], names: &[".k9s"], signature: Signature { has: &[root!("k9settings")], only: "" } },
            k9::read,
        )
    },
    Program {
        reads_by_itself: true,
        ..program(
            "mbsync",
            Owns {
                places: &["~/.mbsyncrc", "~/.config/isyncrc"],
                names: &["mbsyncrc", "isyncrc"],
                signature: Signature {
                    has: &[r"(?i)^IMAP(Account|Store)\s", r"(?i)^\s*Host\s"],
                    only: r"(?i)^\s*(IMAP\w+|Maildir\w+|Channel|Channels?|Group|Account|Host|Port|User|UserCmd|Pass|PassCmd|Tunnel|AuthMechs?|TLSType|SSLType|TLSVersions?|SSLVersions?|SystemCertificates|CertificateFile|Client\w+|CipherString|PipelineDepth|DisableExtensions?|Timeout|UseKeychain|UseNamespace|Path\w*|SubscribedOnly|Inbox|SubFolders|MapInbox|Flatten|Trash\w*|MaxSize|InfoDelimiter|AltMap|Far|Near|Master|Slave|Patterns?|Sync|Create|Remove|Expunge\w*|MaxMessages|CopyArrivalDate|SyncState|FSync|FieldDelimiter|BufferLimit)\b",
                },
            },
            |text| Ok(mbsync::read(text)),
        )
    },
    program(
        "msmtp",
        Owns {
            places: &[
                "~/.msmtprc",
                "~/.config/msmtp/config",
                "/etc/msmtprc",
                "/usr/local/etc/msmtprc",
                "/opt/homebrew/etc/msmtprc",
                // Its names on Windows (src/tools.c and src/msmtp.c of msmtp).
                "%APPDATA%/msmtprc.txt",
                "%PROGRAMDATA%/msmtprc.txt",
            ],
            names: &["msmtprc", "msmtprc.txt", "msmtp/config"],
            signature: Signature {
                has: &[
                    r"^(account|defaults)\b",
                    r"^\s*host\s",
                    r"^\s*(tls|tls_starttls|auth)\s+(on|off|plain|login)\b",
                ],
                only: r"^\s*(account|defaults|eval|host|port|from|from_full_name|user|password\w*|auth|tls|tls_\w+|timeout|protocol|domain|proxy_\w+|source_ip|socket|logfile\w*|syslog|aliases|auto_from|maildomain|dsn_\w+|set_\w+_header|allow_from_override|remove_bcc_headers|undisclosed_recipients|add_missing_\w+|keepbcc|ntlmdomain)\b",
            },
        },
        |text| Ok(msmtp::read(text)),
    ),
    program(
        "neomutt",
        Owns {
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
            names: &["muttrc", "neomuttrc"],
            signature: Signature {
                has: &[
                    r"^\s*set\s+(smtp_url|imap_user|imap_pass|smtp_pass|folder|spool_?file)\s*=",
                    r"^\s*set\s+(from|realname|record|postponed|trash|ssl_\w+|header_cache|mail_check|imap_\w+|sort|editor)\b",
                ],
                only: r"^\s*(set|unset|reset|toggle|my_hdr|unmy_hdr|source|mailboxes|unmailboxes|named-mailboxes|bind|macro|color|uncolor|mono|ignore|unignore|hdr_order|alias|group|lists|subscribe|alternates|auto_view|alternative_order|\S+-hook|unhook|exec|push|score|setenv|echo|ifdef|ifndef|finish|sidebar_\w+|mime_lookup|virtual-mailboxes|tag-\w+)\b",
            },
        },
        |text| Ok(neomutt::read(text)),
    ),
    Program {
        reads_by_itself: true,
        ..program(
            "offlineimap",
            Owns {
                places: &["~/.offlineimaprc", "~/.config/offlineimap/config"],
                names: &["offlineimaprc", "offlineimap/config", "offlineimap.conf"],
                signature: Signature {
                    has: &[r"^\[Account ", r"^\[Repository ", r"(?i)^type\s*[=:]\s*(IMAP|Gmail)\b"],
                    only: INI,
                },
            },
            |text| Ok(offlineimap::read(text)),
        )
    },
    Program {
        is_in_parts: true,
        beside: postfix::review,
        afterwards: Some(
            "Then run `sudo postfix reload`, so that Postfix reads it; after a change of a table of logins, run `sudo postmap` \
             on the table first.",
        ),
        ..program(
            "postfix",
            Owns {
                places: &["/etc/postfix/main.cf", "/etc/postfix/sasl_passwd", "/usr/local/etc/postfix/main.cf"],
                names: &["main.cf", "sasl_passwd"],
                signature: Signature {
                    has: &[r"^relayhost\s*=", r"^smtp_(sasl|tls|use_tls)\w*\s*="],
                    only: r"^(\w+\s*=|\s)",
                },
            },
            |text| Ok(postfix::read(text)),
        )
    },
    Program {
        caution: Some(
            "Close Thunderbird before anything is changed in this file: it writes its own over it when it ends.",
        ),
        reads_by_itself: true,
        comments: &["//", "/*", "#", "; "],
        ..program(
            "thunderbird",
            Owns {
                places: &[
                    "~/.thunderbird/*/prefs.js",
                    "~/snap/thunderbird/common/.thunderbird/*/prefs.js",
                    "~/.var/app/org.mozilla.Thunderbird/.thunderbird/*/prefs.js",
                    "~/Library/Thunderbird/Profiles/*/prefs.js",
                    "%APPDATA%/Thunderbird/Profiles/*/prefs.js",
                    // From the Microsoft Store.
                    "%LOCALAPPDATA%/Packages/*/LocalCache/Roaming/Thunderbird/Profiles/*/prefs.js",
                    // Profiles elsewhere.
                    "~/.thunderbird/profiles.ini",
                    "~/snap/thunderbird/common/.thunderbird/profiles.ini",
                    "~/.var/app/org.mozilla.Thunderbird/.thunderbird/profiles.ini",
                    "~/Library/Thunderbird/profiles.ini",
                    "%APPDATA%/Thunderbird/profiles.ini",
                    "%LOCALAPPDATA%/Packages/*/LocalCache/Roaming/Thunderbird/profiles.ini",
                ],
                names: &["prefs.js", "user.js"],
                signature: Signature {
                    has: &[r#"^user_pref\("mail\.(server|smtpserver)\."#],
                    only: r"^\s*(user_pref\(|//|/\*|\*)",
                },
            },
            |text| Ok(thunderbird::read(text)),
        )
    },
    program(
        "dotnet",
        named_only(&["appsettings.json", "appsettings.production.json", "appsettings.development.json"]),
        |text| Ok(code::json(text)),
    ),
    program(
        "gitea",
        Owns {
            places: &["/etc/gitea/app.ini", "/etc/forgejo/app.ini"],
            names: &["app.ini"],
            signature: Signature { has: &[r"^\[mailer\]", r"^\s*(SMTP_ADDR|MAILER_TYPE)\s*="], only: INI },
        },
        |text| Ok(ini::gitea(text)),
    ),
    program(
        "grafana",
        Owns {
            places: &["/etc/grafana/grafana.ini"],
            names: &["grafana.ini", "grafana/custom.ini", "conf/custom.ini"],
            signature: Signature { has: &[r"^\[smtp\]", r"^\s*startTLS_policy\s*="], only: INI },
        },
        |text| Ok(ini::grafana(text)),
    ),
    program(
        "ssmtp",
        Owns {
            places: &["/etc/ssmtp/ssmtp.conf"],
            names: &["ssmtp.conf"],
            signature: Signature {
                has: &[r"(?i)^mailhub\s*=", r"(?i)^(AuthUser|UseTLS|UseSTARTTLS)\s*="],
                only: r"^\w+\s*=",
            },
        },
        |text| Ok(ini::ssmtp(text)),
    ),
    Program {
        comments: &["#", "/*"],
        afterwards: Some(
            "Then run `home-manager switch`, or `nixos-rebuild switch` on NixOS, which writes the files of the mail programs.",
        ),
        ..program("nix", named_only(&[".nix"]), |text| Ok(nix::read(text)))
    },
    program("nodejs", named_only(&[".js", ".mjs", ".cjs", ".ts"]), |text| Ok(code::javascript(text))),
    program("php", named_only(&[".php"]), |text| Ok(code::php(text))),
    program("python", named_only(&[".py"]), |text| Ok(code::python(text))),
    program("terraform", named_only(&[".tf", ".tfvars"]), |text| Ok(code::terraform(text))),
    // The last one, because its files have many names.
    Program {
        mentions_once: true,
        ..program(
            "environment",
            Owns {
                places: &[],
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
                ],
                signature: Signature {
                    has: &[
                        r"^(export\s+)?([A-Z0-9]+_)*(SMTP|IMAP|MAIL|EMAIL|MAILER)_([A-Z0-9]+_)*(HOST|SERVER|URL|DSN|ADDR|ADDRESS)=",
                    ],
                    only: r"^(export\s+)?[A-Z][A-Z0-9_]*=",
                },
            },
            |text| Ok(environment::read(text)),
        )
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::Use;

    #[test]
    fn every_reader_is_of_a_program_that_is_known_and_so_is_what_cannot_be_read() {
        let mut readers: Vec<&str> = PROGRAMS.iter().map(|program| program.id).collect();
        readers.sort_unstable();
        assert_eq!(readers, Use::Review.ids().collect::<Vec<_>>());
        for closed in &closed::CLOSED {
            assert!(named(closed.id).is_some_and(|known| known.is_set_up && !known.is_reviewed), "{}", closed.id);
        }
    }
}
