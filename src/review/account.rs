//! What a settings file says of an account, the same for every mail program, and where in the file it says so.

use std::ops::Range;

use checks::plan::{Protocol, Security, Server};

use super::secrets::Secrets;

/// What a settings file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) accounts: Vec<Account>,
    pub(crate) secrets: Secrets,
}

/// The way to one server, as a mail program is set to go it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) spoken: Spoken,
    pub(crate) host: Stated<String>,
    /// 0 where what is there is not a port.
    pub(crate) port: Stated<u16>,
    pub(crate) encryption: Stated<Encryption>,
    /// What has to be changed along with the encryption, where a file tells that in two places.
    pub(crate) along: Vec<Edit>,
    /// Whether the server has to prove who it is.
    pub(crate) is_verified: Stated<bool>,
    /// A line that names whom to trust, where that is a guess: it is shown, and not written.
    pub(crate) trust: Option<Edit>,
    pub(crate) login: Option<Stated<String>>,
    /// Where a password stands, without its quotes. What it is stays in the file.
    pub(crate) password: Option<Range<usize>>,
    /// What is run for the password.
    pub(crate) password_command: Option<Stated<String>>,
    /// What the special folders are called.
    pub(crate) folders: Vec<(Folder, Stated<String>)>,
    /// How often the server is asked by itself, in seconds.
    pub(crate) every: Option<Stated<u64>>,
    /// That whole messages are asked for as `RFC822`, where a file can say so.
    pub(crate) rfc822: Option<Stated<()>>,
    /// That no password is sent in the form that iCloud takes, where a file can say so.
    pub(crate) no_plain: Option<Stated<()>>,
    /// That the program does not sign in at all, where a file can say so.
    pub(crate) no_sign_in: Option<Stated<()>>,
}

/// What is spoken to the server.
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
    /// After a command, and nothing goes on without it.
    Starttls,
    /// After a command where the server offers it, and otherwise not at all.
    Optional,
    Off,
    /// By a setting that is not known, or as the program likes where none is known.
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

/// Something that a file says, or that the program does by itself where the file is silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stated<T> {
    pub(crate) is: T,
    /// Where it is said, in bytes and without quotes around it; `None` where the file is silent.
    pub(crate) at: Option<Range<usize>>,
    /// What would make it as iCloud wants it, in the file's own language.
    pub(crate) mend: Option<Edit>,
}

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// What is replaced, in bytes; nothing where something is put in.
    pub(crate) at: Range<usize>,
    pub(crate) with: String,
}

impl Settings {
    /// More accounts than this are in no file that somebody wrote.
    pub(crate) const MOST_ACCOUNTS: usize = 500;

    /// The first accounts, and the secrets of all.
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
    /// The same place, where it means something else.
    pub(crate) fn means<U>(&self, is: U) -> Stated<U> {
        Stated { is, at: self.at.clone(), mend: None }
    }

    /// It stands there.
    pub(crate) fn at(is: T, at: Range<usize>) -> Self {
        Self { is, at: Some(at), mend: None }
    }

    /// The program does so by itself.
    pub(crate) fn by_itself(is: T) -> Self {
        Self { is, at: None, mend: None }
    }

    /// What stands there would be as iCloud wants it if it were this.
    pub(crate) fn rightly(self, with: impl Into<String>) -> Self {
        let mend = self.at.clone().map(|at| Edit { at, with: with.into() });
        Self { mend, ..self }
    }

    /// It would be as iCloud wants it if this line were put in at that place, which begins a line.
    pub(crate) fn with_line(self, place: usize, line: impl Into<String>) -> Self {
        Self { mend: Some(Edit { at: place..place, with: format!("{}\n", line.into()) }), ..self }
    }
}

impl Account {
    /// One of which nothing but the server is known, with what its program does by itself.
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
        }
    }
}

impl Account {
    /// Sets how the connection is encrypted, with all that would make it as iCloud wants it.
    pub(crate) fn encrypt(&mut self, said: Stated<Encryption>, mends: impl IntoIterator<Item = Edit>) {
        let mut mends = mends.into_iter();
        self.encryption = Stated { mend: mends.next(), ..said };
        self.along = mends.collect();
    }

    /// The protocol; whatever reads counts as IMAP.
    pub(crate) fn protocol(&self) -> Protocol {
        if self.spoken == Spoken::Smtp { Protocol::Smtp } else { Protocol::Imap }
    }

    /// The server as `check` would ask it.
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
    /// What iCloud calls it, as its servers list it (nextcloud/mail#3401).
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sent => "Sent Messages",
            Self::Trash => "Deleted Messages",
            Self::Junk => "Junk",
            Self::Drafts => "Drafts",
            Self::Archive => "Archive",
        }
    }

    /// The one that such a name usually means, at other providers too.
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
