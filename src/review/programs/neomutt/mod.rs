//! neomuttrc(5) and muttrc(5): commands, of which `set` gives the servers as URLs.

mod commands;
mod words;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::review::account::{Account, Edit, Encryption, Folder, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::mechanism::is_refused;
use crate::review::url::{Url, decoded};
use commands::{Commands, Value, Variables};

pub(super) fn read(text: &str) -> Settings {
    let settings = commands::read(text);
    let none = Variables::new();
    let always = View { own: &settings.always, rest: &none, settings: &settings };
    let mut accounts = always.accounts();
    let secrets = settings.secrets();
    let mut hosts: BTreeSet<String> = accounts.iter().map(|account| account.host.is.clone()).collect();
    for url in settings.mailboxes.iter().filter_map(|word| Url::of(*word)) {
        accounts.extend(always.reading(&url).filter(|account| hosts.insert(account.host.is.clone())));
    }
    let hooked = settings.in_folder.values().map(|own| View { own, rest: &settings.always, settings: &settings });
    accounts.extend(hooked.flat_map(|view| view.accounts()));
    Settings::of(accounts, secrets)
}

/// The variables as they are set directly or within a hook.
struct View<'s, 't> {
    own: &'s Variables<'t>,
    /// The values that apply where the hook sets none.
    rest: &'s Variables<'t>,
    settings: &'s Commands<'t>,
}

impl<'t> View<'_, 't> {
    fn accounts(&self) -> Vec<Account> {
        let url = |name: &str| self.own.get(name).and_then(|value| Some((value, Url::of(self.meant(value.word))?)));
        let (folder, inbox) = (url("folder"), url("spoolfile"));
        let is_same = |one: &Url| folder.as_ref().is_some_and(|(_, other)| one.host.text == other.host.text);
        let mut accounts = Vec::new();
        accounts.extend(folder.as_ref().and_then(|(_, url)| Some(self.folders(self.reading(url)?, url))));
        accounts.extend(inbox.filter(|(_, url)| !is_same(url)).and_then(|(_, url)| self.reading(&url)));
        accounts.extend(self.own.get("pop_host").and_then(|value| self.popping(value)));
        accounts.extend(url("smtp_url").and_then(|(_, url)| self.sending(&url)));
        accounts
    }

    fn get(&self, name: &str) -> Option<&Value<'t>> {
        self.own.get(name).or_else(|| self.rest.get(name))
    }

    /// The value of `$name`, if it is set in this file.
    fn meant(&self, word: Word<'t>) -> Word<'t> {
        // Two variables may refer to each other, which would never end.
        const MOST_STEPS: usize = 8;
        let mut word = word;
        for _ in 0..MOST_STEPS {
            let name = word.text.strip_prefix('$').map(|name| name.trim_matches(['{', '}']));
            let Some(value) = name.and_then(|name| self.get(name)) else { break };
            word = value.word;
        }
        word
    }

    fn said(&self, word: Word<'t>) -> Stated<String> {
        let word = self.meant(word);
        Stated::at(word.text.replace('\\', ""), word.at())
    }

    fn reading(&self, url: &Url<'t>) -> Option<Account> {
        let scheme = url.scheme.text.to_lowercase();
        let spoken = match scheme.as_str() {
            "imap" | "imaps" => Spoken::Imap,
            "pop" | "pops" => Spoken::Pop,
            _ => return None,
        };
        // neomuttrc(5) looks the ports up in services(5).
        let (port, encryption) = match scheme.as_str() {
            "imaps" => (993, Encryption::Tls),
            "pops" => (995, Encryption::Tls),
            "pop" => (110, self.starttls(url).is),
            _ => (143, self.starttls(url).is),
        };
        let mut account = Account::new(spoken, self.said(url.host), port, encryption);
        account.port = url.port(993, port);
        account.encryption = Stated::at(encryption, url.scheme.at()).rightly("imaps");
        if spoken == Spoken::Imap {
            account.no_plain = self.no_plain("imap_authenticators");
        }
        // mail_check uses the connection that stays open, so it needs no further sign-in.
        let names = if spoken == Spoken::Pop { ("pop_user", "pop_pass") } else { ("imap_user", "imap_pass") };
        self.sign_in(&mut account, url, names);
        Some(account)
    }

    fn sending(&self, url: &Url<'t>) -> Option<Account> {
        let encryption = match url.scheme.text.to_lowercase().as_str() {
            "smtps" => Stated::at(Encryption::Tls, url.scheme.at()).rightly("smtp"),
            "smtp" => self.starttls(url),
            _ => return None,
        };
        let by_itself = if encryption.is == Encryption::Tls { 465 } else { 25 };
        let mut account = Account::new(Spoken::Smtp, self.said(url.host), by_itself, encryption.is);
        account.port = url.port(587, by_itself);
        if account.port.at.is_none() {
            account.port.mend = Some(Edit { at: url.host_end..url.host_end, with: ":587".to_owned() });
        }
        account.encryption = encryption;
        account.no_plain = self.no_plain("smtp_authenticators");
        self.sign_in(&mut account, url, ("smtp_user", "smtp_pass"));
        Some(account)
    }

    /// neomuttrc(5), `pop_host`: a server's name alone is allowed.
    fn popping(&self, value: &Value<'t>) -> Option<Account> {
        let word = self.meant(value.word);
        if let Some(url) = Url::of(word) {
            return self.reading(&url);
        }
        let host = word.parted(word.text.find(':').unwrap_or(word.text.len())).0;
        let account = Account::new(Spoken::Pop, self.said(host), 110, Encryption::Optional);
        (!host.text.is_empty()).then_some(account)
    }

    /// neomuttrc(5), `ssl_force_tls` and `ssl_starttls`: both default to yes, and the first one takes precedence.
    fn starttls(&self, url: &Url) -> Stated<Encryption> {
        let denied = |name: &str| self.get(name).filter(|value| value.word.text.eq_ignore_ascii_case("no"));
        let Some(forced) = denied("ssl_force_tls") else { return Stated::at(Encryption::Starttls, url.scheme.at()) };
        let encryption = if denied("ssl_starttls").is_some() { Encryption::Off } else { Encryption::Optional };
        Stated { is: encryption, at: Some(forced.word.at()), mend: forced.yes.clone() }
    }

    /// neomuttrc(5), `smtp_authenticators`: the mechanisms to try, separated by colons.
    fn no_plain(&self, name: &str) -> Option<Stated<()>> {
        let word = self.get(name)?.word;
        let is_refused = !word.text.is_empty() && word.text.split([':', ' ']).all(is_refused);
        is_refused.then(|| Stated::at((), word.at()).rightly("plain"))
    }

    /// The login and the password, from the URL, from an account-hook for its server, or from the variables with these
    /// names.
    fn sign_in(&self, account: &mut Account, url: &Url<'t>, (user, password): (&str, &str)) {
        let hook = self.settings.at_server.get(&url.host.text.to_lowercase());
        let get = |name: &str| hook.and_then(|hook| hook.get(name)).or_else(|| self.get(name));
        let user = url.user.or_else(|| get(user).map(|value| value.word));
        account.login = user.map(|user| self.said(user)).map(|said| Stated { is: decoded(&said.is), ..said });
        if let Some(word) = url.password.or_else(|| get(password).map(|value| value.word)) {
            (account.password, account.password_command) = secret(self.meant(word));
        }
        // neomuttrc(5), "ssl_verify_host": the default is yes.
        if let Some(checked) = get("ssl_verify_host").filter(|value| value.word.text.eq_ignore_ascii_case("no")) {
            account.is_verified = Stated { is: false, at: Some(checked.word.at()), mend: checked.yes.clone() };
        }
    }

    /// The folders with variables of their own, if they are on the server: `+` and `=` stand for it.
    fn folders(&self, account: Account, server: &Url) -> Account {
        let names = [("record", Folder::Sent), ("trash", Folder::Trash), ("postponed", Folder::Drafts)];
        let folders = names.iter().filter_map(|(name, folder)| {
            let value = self.own.get(name)?;
            let word = self.meant(value.word);
            let path = Url::of(word).filter(|url| url.host.text == server.host.text).map(|url| url.path);
            let path = path.or_else(|| word.text.starts_with(['+', '=']).then_some(word))?;
            Some((*folder, named(word, path, *folder, value.quotes)))
        });
        Account { folders: folders.collect(), ..account }
    }
}

/// The folder's name, and its name at iCloud; an unquoted name needs quotes if it contains spaces.
fn named(whole: Word, path: Word, folder: Folder, quotes: Option<&str>) -> Stated<String> {
    let said = Stated::at(path.text.replace('\\', ""), path.at());
    let (before, _) = whole.parted(path.start - whole.start);
    let mark = path.text.get(..1).filter(|mark| ["+", "="].contains(mark)).unwrap_or_default();
    let with = format!("{mark}{}", folder.name());
    match quotes {
        None => said.rightly(with),
        Some(quotes) => {
            let mend = Edit { at: whole.at(), with: format!("{quotes}{}{with}{quotes}", before.text) };
            Stated { mend: Some(mend), ..said }
        }
    }
}

/// The place of the password, or the command in backticks that prints it; neither for an environment variable.
fn secret(word: Word) -> (Option<Range<usize>>, Option<Stated<String>>) {
    if let Some((_, rest)) = word.split_once("`") {
        let command = rest.split_once("`").map_or(rest, |(command, _)| command);
        return (None, Some(command.said()));
    }
    ((!word.text.starts_with('$')).then(|| word.at()), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::properties::withstands;

    const TEXT: &str = "# mail\nset my_pass = 'pä ss#' ; set imap_pass=$my_pass smtp_pass = \"`pass \"mail\" x`\"\n\
                        set folder=imaps://jane%40icloud.com@imap.mail.me.com:993/ \\\n  record=+Sent trash='=Trash'\n\
                        set postponed=imaps://imap.mail.me.com/Drafts spool_file=imap://other.example\n\
                        set smtp_url = \"smtp://jane\\@icloud.com@smtp.mail.me.com\"\nset nossl_force_tls\n\
                        unset ssl_verify_host\nmailboxes =INBOX imaps://fifth.example/A imap://fifth.example/B\n\
                        account-hook imap://other\\.example/ 'set imap_user=joe; set imap_pass=x'\n\
                        folder-hook work \"set folder=pops://third.example; set smtp_url=\\\"smtps://a:b@fourth\\\"\"\n";

    #[test]
    fn it_withstands_what_is_malformed() {
        withstands(read, TEXT);
    }

    #[test]
    fn every_server_is_an_account() {
        let no = TEXT.find("nossl").unwrap();
        let [folder, inbox, smtp, list, pop, work] = read(TEXT).accounts.try_into().unwrap();
        assert_eq!((folder.host.is.as_str(), folder.encryption.is), ("imap.mail.me.com", Encryption::Tls));
        assert_eq!(folder.login.unwrap().is, "jane@icloud.com");
        assert_eq!(&TEXT[folder.password.unwrap()], "pä ss#");
        let mends = folder.folders.iter().map(|(_, said)| said.mend.clone().unwrap().with);
        assert_eq!(
            mends.collect::<Vec<_>>(),
            ["\"+Sent Messages\"", "=Deleted Messages", "\"imaps://imap.mail.me.com/Drafts\""]
        );
        assert_eq!((inbox.port.is, inbox.encryption.is), (143, Encryption::Optional));
        assert_eq!((inbox.login.unwrap().is.as_str(), &TEXT[inbox.password.unwrap()]), ("joe", "x"));
        assert_eq!((smtp.port.is, smtp.login.unwrap().is.as_str()), (25, "jane@icloud.com"));
        assert_eq!(smtp.password_command.unwrap().is, "pass \"mail\" x");
        assert_eq!(smtp.encryption.mend.unwrap(), Edit { at: no..no + 2, with: String::new() });
        assert_eq!(smtp.is_verified.mend.unwrap().with, "set");
        assert_eq!((list.host.is.as_str(), list.port.is), ("fifth.example", 993));
        assert_eq!((pop.spoken, pop.host.is.as_str()), (Spoken::Pop, "third.example"));
        assert_eq!((work.host.is.as_str(), &TEXT[work.password.unwrap()]), ("fourth", "b"));
    }

    #[test]
    fn variables_that_mean_each_other_end_somewhere() {
        assert_eq!(read("set a=$b b=$a folder=$a imap_pass=$HOME smtp_url=$smtp_url").accounts.len(), 0);
    }
}
