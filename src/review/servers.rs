//! The servers in a settings file, for `check --settings-from`.

use std::path::Path;

use checks::plan::Server;

use super::account::{Account, Spoken};
use super::reviewed::settings;
use super::{doubts, files, server};
use crate::misuse::Misuse;

/// The servers in a settings file.
pub(crate) struct Servers {
    /// The program that the file belongs to.
    pub(crate) program: &'static str,
    pub(crate) imap: Option<Server>,
    pub(crate) smtp: Option<Server>,
}

/// Reads the servers in a settings file; if there are several, iCloud's.
pub(crate) fn servers(path: &Path) -> Result<Servers, Misuse> {
    let file = files::named(path, None).map_err(|not| not.misuse())?.given;
    let accounts = settings(&file).map_err(|not| not.misuse())?.accounts;
    let accounts: Vec<Account> =
        accounts.into_iter().filter(|account| doubts::of_values(account, &file.text).is_empty()).collect();
    let of = |spoken: Spoken| {
        let own = || accounts.iter().filter(move |account| account.spoken == spoken);
        own().find(|account| server::is_about_icloud(account)).or_else(|| own().next())
    };
    let named = |spoken: Spoken| of(spoken).map(Account::server);
    let servers = Servers { program: file.program.id, imap: named(Spoken::Imap), smtp: named(Spoken::Smtp) };
    if servers.imap.is_none() && servers.smtp.is_none() {
        let next = "name the file in which the mail program keeps its account";
        return Err(Misuse::new(format!("{} names no server for reading or sending", file.shown), next));
    }
    Ok(servers)
}
