//! Dovecot: IMAP on 993, and the accounts for itself and for Postfix.

use super::addresses::IMAP;
use super::commands::Outcome;
use super::endpoint;
use crate::fault::{ADDRESS, BODY, CANARY, HEADER, NAME_PART};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Where Dovecot looks the accounts up.
#[derive(Clone, Copy)]
pub(crate) enum Accounts {
    /// A file with the laboratory's only account.
    One,
    /// A program that cannot be started: the accounts' database is gone, so neither yes nor no can be said.
    Gone,
    /// A script that knows many.
    Many,
}

/// Writes the configuration, with more lines at its end, and the accounts; returns the configuration's path.
pub(crate) fn prepare(folder: &Path, accounts: Accounts, more: &str) -> Outcome<PathBuf> {
    // One message waits for the account. Dovecot reads mail as the user `nobody`, who may not own it by name
    // everywhere.
    let mailbox = folder.join("mail").join(NAME_PART);
    fs::create_dir_all(folder.join("mail"))?;
    let_anybody_write(&folder.join("mail"))?;
    create_maildir(&mailbox)?;
    fs::write(mailbox.join("new/1.lab"), format!("{HEADER}{BODY}"))?;
    let only = format!("{NAME_PART}:{{PLAIN}}{CANARY}\n{ADDRESS}:{{PLAIN}}{CANARY}\n");
    fs::write(folder.join("accounts"), only)?;
    let configuration = folder.join("dovecot.conf");
    fs::write(&configuration, text(folder, accounts) + more)?;
    Ok(configuration)
}

/// Every message of the account by its file, whose name holds its flags, with what it says. Dovecot's own indexes are
/// no part of it.
pub(crate) fn store(folder: &Path) -> Outcome<BTreeMap<PathBuf, Vec<u8>>> {
    let mailbox = folder.join("mail").join(NAME_PART);
    let beside = fs::read_dir(&mailbox)?.flatten().map(|entry| entry.path());
    let maildirs = beside.filter(|path| path.is_dir() && path.join("cur").is_dir()).chain([mailbox.clone()]);
    let mut store = BTreeMap::new();
    for maildir in maildirs {
        for part in ["cur", "new", "tmp"] {
            for message in fs::read_dir(maildir.join(part))? {
                let path = message?.path();
                let says = fs::read(&path)?;
                store.insert(path, says);
            }
        }
    }
    Ok(store)
}

/// Folders beside the inbox, each subscribed to.
pub(crate) fn add_folders(folder: &Path, names: &[&str]) -> Outcome {
    let mailbox = folder.join("mail").join(NAME_PART);
    for name in names {
        create_maildir(&mailbox.join(format!(".{name}")))?;
    }
    fs::write(mailbox.join("subscriptions"), names.join("\n") + "\n")?;
    fs::set_permissions(mailbox.join("subscriptions"), fs::Permissions::from_mode(0o666))?;
    Ok(())
}

/// Messages in these folders and the inbox, of each kind some.
pub(crate) fn add_messages(folder: &Path, names: &[&str], text: &str) -> Outcome {
    let mailbox = folder.join("mail").join(NAME_PART);
    let beside = names.iter().map(|name| mailbox.join(format!(".{name}")));
    for maildir in [mailbox.clone()].into_iter().chain(beside) {
        for number in 0..30 {
            let file = match number % 4 {
                0 => format!("new/{number}.more"),
                1 => format!("cur/{number}.more:2,S"),
                2 => format!("cur/{number}.more:2,F"),
                _ => format!("cur/{number}.more:2,ST"),
            };
            let path = maildir.join(file);
            fs::write(&path, format!("{text}{}", "More.\r\n".repeat(number)))?;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o666))?;
        }
    }
    Ok(())
}

/// An empty mailbox.
pub(crate) fn create_maildir(maildir: &Path) -> Outcome {
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(maildir.join(part))?;
        let_anybody_write(&maildir.join(part))?;
    }
    let_anybody_write(maildir)
}

fn let_anybody_write(folder: &Path) -> Outcome {
    Ok(fs::set_permissions(folder, fs::Permissions::from_mode(0o777))?)
}

pub(crate) fn listens() -> Vec<String> {
    IMAP.iter().map(|address| endpoint(address, 993)).collect()
}

/// Every sign-in that Dovecot was asked to judge: `service` is imap, or smtp for Postfix.
pub(crate) fn sign_ins(folder: &Path, service: &str) -> usize {
    let log = fs::read_to_string(folder.join("dovecot.log")).unwrap_or_default();
    let mark = format!("service={service}");
    log.lines()
        .filter(|line| line.contains("client in: AUTH\t"))
        .filter(|line| line.split('\t').any(|word| word == mark))
        .count()
}

/// A refusal costs no waiting here: neither the delay after it nor the penalty that grows with an address's failures.
fn text(folder: &Path, accounts: Accounts) -> String {
    let folder = folder.display();
    let accounts = match accounts {
        Accounts::One => format!("driver = passwd-file\n  args = {folder}/accounts"),
        Accounts::Gone => "driver = checkpassword\n  args = /nonexistent/checkpassword".to_string(),
        Accounts::Many => format!("driver = lua\n  args = file={folder}/accounts.lua blocking=no"),
    };
    let [ipv4, ipv6] = IMAP;
    format!(
        r"base_dir = {folder}/dovecot
state_dir = {folder}/dovecot-state
log_path = {folder}/dovecot.log
auth_verbose = yes
auth_debug = yes
auth_failure_delay = 0
protocols = imap
listen = {ipv4}, {ipv6}
ssl = required
ssl_cert = <{folder}/imap.pem
ssl_key = <{folder}/imap.key
mail_location = maildir:{folder}/mail/%n
first_valid_uid = 1
mail_plugins = quota
auth_mechanisms = plain login
passdb {{
  {accounts}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%n
}}
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=5G
}}
protocol imap {{
  mail_plugins = quota imap_quota
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = 993
    ssl = yes
  }}
  service_count = 0
  process_min_avail = 1
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener {folder}/sasl {{
    mode = 0666
  }}
}}
"
    )
}
