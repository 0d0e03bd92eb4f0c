//! `OfflineIMAP`: `[Repository x]` is a server, and the `[Account y]` that refers to it sets how often it is checked.

use std::collections::HashMap;
use std::time::Duration;

use crate::review::account::{Account, Encryption, Folder, Loss, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::python::{Entry, Section, literals, sections};
use crate::review::switch::switch;

/// A section, and the settings for every section.
#[derive(Clone, Copy)]
struct Place<'s, 't> {
    own: &'s Section<'t>,
    defaults: Option<&'s Section<'t>>,
}

pub(super) fn read(text: &str) -> Settings {
    let (sections, secrets) = sections(text);
    let defaults = sections.iter().find(|section| section.name == "DEFAULT");
    let named = |kind: &str| {
        let kind = format!("{kind} ");
        sections.iter().filter_map(move |own| Some((own.name.strip_prefix(&kind)?.trim(), Place { own, defaults })))
    };
    let intervals: HashMap<&str, Stated<u64>> = named("Account")
        .filter_map(|(_, account)| Some((account.value("remoterepository")?.text, account.interval()?)))
        .collect();
    let archived: Vec<&str> =
        named("Account").filter_map(|(name, account)| account.archived(name, &sections)).collect();
    let accounts = named("Repository").filter_map(|(name, place)| {
        let losses = if archived.contains(&name) { place.loss().into_iter().collect() } else { Vec::new() };
        Some(Account { every: intervals.get(name).cloned(), losses, ..place.account()? })
    });
    Settings::of(accounts, secrets)
}

impl<'s, 't> Place<'s, 't> {
    fn find(self, key: &str) -> Option<&'s Entry<'t>> {
        self.own.find(key).or_else(|| self.defaults?.find(key))
    }

    /// The value of a key; for `%(other)s` as a whole, the value of that other key.
    fn value(self, key: &str) -> Option<Word<'t>> {
        let value = self.find(key)?.value;
        let other = value.text.strip_prefix("%(").and_then(|rest| rest.strip_suffix(")s"));
        other.and_then(|other| self.find(&other.to_lowercase())).map_or(Some(value), |entry| Some(entry.value))
    }

    fn switch(self, key: &str) -> Option<Stated<bool>> {
        let value = self.value(key)?;
        Some(Stated::at(switch(value.text)?, value.at()))
    }

    /// The remote repository of an account that is called an archive: by its own name, or by that or the folder of its copy.
    fn archived(self, name: &str, sections: &[Section<'t>]) -> Option<&'t str> {
        let local = self.value("localrepository")?.text;
        let copy =
            sections.iter().find(|section| section.name.strip_prefix("Repository ").map(str::trim) == Some(local));
        let folder = copy.and_then(|copy| copy.find("localfolders")).map_or("", |entry| entry.value.text);
        let is_archive = [name, local, folder].into_iter().any(Loss::is_archive);
        self.value("remoterepository").filter(|_| is_archive).map(|remote| remote.text)
    }

    /// The example of all settings, `sync_deletes`: deletions on the server reach the copy, unless it is switched off.
    fn loss(self) -> Option<Stated<Loss>> {
        match self.switch("sync_deletes") {
            Some(Stated { is: false, .. }) => None,
            Some(said) => Some(said.means(Loss::Mirrors).rightly("no")),
            None => {
                let host = self.own.find("remotehost")?;
                Some(Stated::at(Loss::Mirrors, host.value.at()).with_line(host.line, "sync_deletes = no"))
            }
        }
    }

    /// In minutes, possibly with a fraction.
    fn interval(self) -> Option<Stated<u64>> {
        let value = self.value("autorefresh")?;
        let minutes: f64 = value.text.parse().ok()?;
        Some(Stated::at(Duration::try_from_secs_f64(minutes * 60.0).ok()?.as_secs(), value.at()))
    }

    fn account(self) -> Option<Account> {
        let is_gmail = self.value("type").is_some_and(|kind| kind.text.eq_ignore_ascii_case("gmail"));
        let host = match self.value("remotehost") {
            Some(host) => host.said(),
            None if is_gmail => Stated::by_itself("imap.gmail.com".to_owned()),
            None => return None,
        };
        // `OfflineIMAP`'s example of all settings, "ssl": yes; "remoteport": the usual port with or without it.
        let mut account = Account::new(Spoken::Imap, host, 993, Encryption::Tls);
        // "starttls": yes; if the server does not offer it, the connection continues unencrypted without a message.
        let falls_back =
            if self.switch("starttls").is_some_and(|said| !said.is) { Encryption::Off } else { Encryption::Optional };
        if let Some(ssl) = self.switch("ssl") {
            account.encryption = ssl.means(if ssl.is { Encryption::Tls } else { falls_back }).rightly("yes");
            account.port = Stated::by_itself(if ssl.is { 993 } else { 143 });
        }
        if let Some(port) = self.value("remoteport") {
            account.port = port.port(993);
        }
        // "sslcacertfile": without it, or a fingerprint instead, no certificate is checked.
        let is_verified = ["sslcacertfile", "cert_fingerprint"].iter().any(|key| self.find(key).is_some());
        if let (false, Some(host)) = (is_verified, self.own.find("remotehost")) {
            account.is_verified = Stated::by_itself(false).with_line(host.line, "sslcacertfile = OS-DEFAULT");
        }
        account.login = self.value("remoteuser").map(Word::said);
        account.password = self.value("remotepass").map(|value| value.at());
        if let Some(expression) = self.value("remotepasseval") {
            if let Some(literal) = only_literal(expression) {
                account.password = Some(literal.at());
            } else {
                account.password_command = self.command(expression);
            }
        }
        account.folders =
            ["folderfilter", "folderincludes", "idlefolders"].iter().flat_map(|key| self.folders(key)).collect();
        Some(account)
    }

    /// The command that a Python expression runs, if the expression itself contains it.
    fn command(self, expression: Word<'t>) -> Option<Stated<String>> {
        let call = ["check_output(", "getoutput(", "popen(", "Popen(", "run("]
            .iter()
            .find_map(|call| Some(expression.text.find(call)? + call.len()))?;
        let literal = literals(expression.from(call)).first()?.trimmed();
        let other = literal.text.strip_prefix("%(").and_then(|rest| rest.strip_suffix(")s"));
        let command = other.and_then(|other| self.find(other)).map_or(literal, |entry| entry.value);
        Some(command.said())
    }

    /// The names of the folders on the server: those in a plain list, but not those that a filter excludes.
    fn folders(self, key: &str) -> Vec<(Folder, Stated<String>)> {
        let Some(expression) = self.value(key) else { return Vec::new() };
        let is_list = key != "folderfilter" || expression.text.contains(" in ") && !expression.text.contains("not ");
        literals(expression)
            .into_iter()
            .filter(|_| is_list)
            .filter_map(|name| Some((Folder::meant_by(name.text)?, name.said())))
            .collect()
    }
}

/// The string, if the whole expression is one string.
fn only_literal(expression: Word) -> Option<Word> {
    let found = literals(expression);
    let is_whole = |literal: &Word| {
        let around = expression.text.len() - literal.text.len();
        expression.text.ends_with(['"', '\'']) && around <= 7 && found.len() == 1
    };
    found.first().copied().filter(is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_has_the_interval_of_its_account() {
        let text =
            "[Account a]\nremoterepository = b\nautorefresh = 0.5\n[Repository b]\ntype = IMAP\nremotehost = h\n";
        let accounts = read(text).accounts;
        assert_eq!(accounts.len(), 1);
        assert_eq!(accounts[0].every.as_ref().unwrap().is, 30);
        assert!(!accounts[0].is_verified.is);
        assert_eq!(read("[Account a]\nremoterepository = b\nautorefresh = -1e400\n").accounts, []);
    }

    #[test]
    fn what_holds_everywhere_and_what_is_named_elsewhere_is_found() {
        let text = "[DEFAULT]\nssl = no\ncmd = pass show it\n[Repository b]\nremotehost = %(h)s\nh = x\n\
                    remotepasseval = run(\"%(cmd)s\", shell=True)\n";
        let account = read(text).accounts.remove(0);
        assert_eq!(account.host.is, "x");
        assert_eq!(account.encryption.is, Encryption::Optional);
        assert_eq!(account.password_command.unwrap().is, "pass show it");
    }

    #[test]
    fn a_password_written_as_an_expression_is_one() {
        let text = "[Repository b]\nremotehost = x\nremotepasseval = u\"qwer\"\n";
        let at = read(text).accounts.remove(0).password.unwrap();
        assert_eq!(&text[at], "qwer");
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(
            read,
            include_str!("../../../tests/review/offlineimap/good/.offlineimaprc"),
        );
    }
}
