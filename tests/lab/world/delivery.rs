//! How what Postfix accepts gets into the mailbox: over LMTP to Dovecot, with the account's rules in Sieve.

use super::commands::{Outcome, run};
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// A delivery.
#[derive(Clone, Copy)]
pub(crate) struct Delivery {
    /// The account's rules (RFC 5228).
    pub(crate) sieve: &'static str,
    /// More settings of Postfix.
    pub(crate) postfix: &'static [(&'static str, &'static str)],
    /// More lines for Dovecot.
    pub(crate) dovecot: &'static str,
    /// Whether Dovecot tells of news in a folder only when it looks for itself, as where no kernel tells it.
    pub(crate) is_deaf: bool,
    /// The socket that Postfix delivers to, in the world's folder; Dovecot's own is `lmtp`.
    pub(crate) socket: &'static str,
}

/// What is sent arrives in the inbox, and nothing else happens.
pub(crate) const USUAL: Delivery =
    Delivery { sieve: "keep;\n", postfix: &[], dovecot: "", is_deaf: false, socket: "lmtp" };

/// A kernel that tells of no change in a folder.
const DEAF: &str = "#include <errno.h>\nint inotify_init(void) { errno = ENOSYS; return -1; }\n\
                    int inotify_init1(int flags) { errno = ENOSYS; return -1; }\n";

impl Delivery {
    /// Writes the rules; returns what Dovecot's configuration needs besides the usual.
    pub(crate) fn prepare(&self, folder: &Path) -> Outcome<String> {
        let rules = folder.join("sieve");
        fs::create_dir(&rules)?;
        fs::set_permissions(&rules, fs::Permissions::from_mode(0o777))?;
        fs::write(rules.join("active.sieve"), self.sieve)?;
        let place = folder.display();
        let mut text = format!(
            "protocols = imap lmtp\nrecipient_delimiter = +\n\
             service lmtp {{\n  unix_listener {place}/lmtp {{\n    mode = 0666\n  }}\n}}\n\
             protocol lmtp {{\n  mail_plugins = quota sieve\n  postmaster_address = postmaster@icloud.com\n}}\n\
             plugin {{\n  sieve = file:{place}/sieve/active.sieve\n}}\n{}\n",
            self.dovecot
        );
        if self.is_deaf {
            let (source, library) = (folder.join("deaf.c"), folder.join("deaf.so"));
            fs::write(&source, DEAF)?;
            run("cc", &["-shared", "-fPIC", "-o", &library.to_string_lossy(), &source.to_string_lossy()])?;
            let _ = writeln!(text, "import_environment = TZ LD_PRELOAD={}", library.display());
        }
        Ok(text)
    }

    /// The settings of Postfix.
    pub(crate) fn settings(&self, folder: &Path) -> Vec<(&'static str, String)> {
        let transport = format!("lmtp:unix:{}/{}", folder.display(), self.socket);
        let more = self.postfix.iter().map(|(name, value)| (*name, (*value).to_owned()));
        std::iter::once(("default_transport", transport)).chain(more).collect()
    }
}
