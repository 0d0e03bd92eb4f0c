//! What a settings file says about an account, in the same form for every mail program, and where it says so.

use std::ops::Range;

use checks::plan::{Protocol, Security, Server};

use super::secrets::Secrets;

/// What a settings file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) accounts: Vec<Account>,
    pub(crate) secrets: Secrets,
}

/// The connection to one server, as it is set in a mail program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) spoken: Spoken,
    pub(crate) host: Stated<String>,
    /// 0 where the value is not a port.
    pub(crate) port: Stated<u16>,
    pub(crate) encryption: Stated<Encryption>,
    /// What has to be changed along with the encryption, where a file sets it in two places.
    pub(crate) along: Vec<Edit>,
    /// Whether the server's certificate is checked.
    pub(crate) is_verified: Stated<bool>,
    /// A line that names the trusted authorities, where that is a guess: it is shown, and not written.
    pub(crate) trust: Option<Edit>,
    pub(crate) login: Option<Stated<String>>,
    /// The place of the password, without its quotes. The password itself is not copied.
    pub(crate) password: Option<Range<usize>>,
    /// The command that prints the password.
    pub(crate) password_command: Option<Stated<String>>,
    /// The names of the special folders.
    pub(crate) folders: Vec<(Folder, Stated<String>)>,
    /// The interval in seconds at which the program checks for mail by itself.
    pub(crate) every: Option<Stated<u64>>,
    /// Set if whole messages are fetched as `RFC822`, where a file can say so.
    pub(crate) rfc822: Option<Stated<()>>,
    /// Set if the password is never sent in the form that iCloud accepts, where a file can say so.
    pub(crate) no_plain: Option<Stated<()>>,
    /// Set if the program does not sign in at all, where a file can say so.
    pub(crate) no_sign_in: Option<Stated<()>>,
    /// The settings by which an archive of the account can lose mail.
    pub(crate) losses: Vec<Stated<Loss>>,
}

/// How an archive can lose mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// What is called an archive deletes what was deleted on iCloud.
    Mirrors,
    /// It only receives, and deletes what was deleted on iCloud; nothing calls it an archive.
    FollowsDeletions,
    /// What was fetched is deleted on iCloud.
    DeletesAtServer,
}

impl Loss {
    /// Whether this name is that of an archive.
    pub(crate) fn is_archive(name: &str) -> bool {
        let name = name.to_lowercase();
        ["archiv", "backup", "sicherung"].iter().any(|word| name.contains(word))
    }
}

/// The protocol of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoken {
    Imap,
    Smtp,
    Pop,
}

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// From the first byte.
    Tls,
    /// After STARTTLS, without which the connection ends.
    Starttls,
    /// After STARTTLS if the server offers it, and otherwise not at all.
    Optional,
    Off,
    /// The setting is not known, or the program's default is not.
    Unknown,
}

/// A folder that iCloud has a name for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folder {
    Sent,
    Trash,
    Junk,
    Drafts,
    Archive,
}

/// A setting in a file, or the program's default where the file does not have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stated<T> {
    pub(crate) is: T,
    /// The place of the value, in bytes and without quotes around it; `None` for a default.
    pub(crate) at: Option<Range<usize>>,
    /// The change that iCloud needs, in the file's own language.
    pub(crate) mend: Option<Edit>,
}

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// What is replaced, in bytes; empty for an insertion.
    pub(crate) at: Range<usize>,
    pub(crate) with: String,
}

impl Settings {
    /// No file that a person wrote has more accounts than this.
    pub(crate) const MOST_ACCOUNTS: usize = 500;

    /// The first accounts, and the secrets of all of them.
    pub(crate) fn of(accounts: impl IntoIterator<Item = Account>, mut secrets: Secrets) -> Self {
        let accounts: Vec<Account> = accounts.into_iter().take(Self::MOST_ACCOUNTS + 1).collect();
        for account in &accounts {
            secrets.passwords.extend(account.password.clone());
            secrets.commands.extend(account.password_command.as_ref().and_then(|command| command.at.clone()));
        }
        Self { accounts, secrets }
    }
}

impl<T> Stated<T> {
    /// The same place with another meaning.
    pub(crate) fn means<U>(&self, is: U) -> Stated<U> {
        Stated { is, at: self.at.clone(), mend: None }
    }

    /// The value at this place.
    pub(crate) fn at(is: T, at: Range<usize>) -> Self {
        Self { is, at: Some(at), mend: None }
    }

    /// The program's default.
    pub(crate) fn by_itself(is: T) -> Self {
        Self { is, at: None, mend: None }
    }

    /// Adds the change: the value that iCloud needs here.
    pub(crate) fn rightly(self, with: impl Into<String>) -> Self {
        let mend = self.at.clone().map(|at| Edit { at, with: with.into() });
        Self { mend, ..self }
    }

    /// Adds the change: a line that iCloud needs, inserted at the beginning of a line.
    pub(crate) fn with_line(self, place: usize, line: impl Into<String>) -> Self {
        Self { mend: Some(Edit { at: place..place, with: format!("{}\n", line.into()) }), ..self }
    }
}

impl Account {
    /// An account of which only the server is known, with the program's defaults.
    pub(crate) fn new(spoken: Spoken, host: Stated<String>, port: u16, encryption: Encryption) -> Self {
        Self {
            spoken,
            host,
            port: Stated::by_itself(port),
            encryption: Stated::by_itself(encryption),
            along: Vec::new(),
            is_verified: Stated::by_itself(true),
            trust: None,
            login: None,
            password: None,
            password_command: None,
            folders: Vec::new(),
            every: None,
            rfc822: None,
            no_plain: None,
            no_sign_in: None,
            losses: Vec::new(),
        }
    }
}

impl Account {
    /// Sets the encryption, with the changes that iCloud needs.
    pub(crate) fn encrypt(&mut self, said: Stated<Encryption>, mends: impl IntoIterator<Item = Edit>) {
        let mut mends = mends.into_iter();
        self.encryption = Stated { mend: mends.next(), ..said };
        self.along = mends.collect();
    }

    /// The protocol; POP counts as IMAP.
    pub(crate) fn protocol(&self) -> Protocol {
        if self.spoken == Spoken::Smtp { Protocol::Smtp } else { Protocol::Imap }
    }

    /// The server as `check` would contact it.
    pub(crate) fn server(&self) -> Server {
        let is_tls = self.encryption.is == Encryption::Tls;
        Server {
            host: self.host.is.clone(),
            port: self.port.is,
            security: if is_tls { Security::Tls } else { Security::Starttls },
            login: self.login.as_ref().map(|login| login.is.clone()),
        }
    }
}

impl Folder {
    /// Its name at iCloud, as iCloud's servers list it (nextcloud/mail#3401).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sent => "Sent Messages",
            Self::Trash => "Deleted Messages",
            Self::Junk => "Junk",
            Self::Drafts => "Drafts",
            Self::Archive => "Archive",
        }
    }

    /// The folder that such a name usually means, at other providers too.
    pub(crate) fn meant_by(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        match name.rsplit(['/', '.']).next()? {
            "sent" | "sent items" | "sent mail" | "sent messages" => Some(Self::Sent),
            "trash" | "bin" | "deleted" | "deleted items" | "deleted messages" => Some(Self::Trash),
            "junk" | "spam" => Some(Self::Junk),
            "draft" | "drafts" => Some(Self::Drafts),
            "archive" | "archives" | "all mail" => Some(Self::Archive),
            _ => None,
        }
    }
}
