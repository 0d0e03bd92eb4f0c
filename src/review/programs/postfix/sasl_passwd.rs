//! `SASL_README`, "Configuring SASL authentication in the Postfix SMTP client": a line for each server, with its login.

use super::number;
use crate::review::account::{Account, Encryption, Settings, Spoken, Stated};
use crate::review::lines::{Word, bare};
use crate::review::secrets::Secrets;
use crate::review::url::parts_of_server;

/// The lines that are not empty or comments: `[SERVER]:PORT LOGIN:PASSWORD`.
pub(super) fn entries(text: &str) -> impl Iterator<Item = (Word<'_>, Word<'_>)> {
    let lines = bare(text).map(|(start, line)| Word { text: line, start }.trimmed());
    lines.filter(|line| !line.text.is_empty() && !line.text.starts_with('#')).map(|line| {
        let (server, rest) = line.parted(line.text.find(char::is_whitespace).unwrap_or(line.text.len()));
        (server, rest.trimmed())
    })
}

/// Returns whether this is such a table, and not main.cf.
pub(super) fn is_one(text: &str) -> bool {
    let is_entry = |(server, login): (Word, Word)| {
        !server.text.contains('=') && !login.text.starts_with('=') && login.text.contains(':')
    };
    entries(text).next().is_some_and(is_entry)
}

pub(super) fn read(text: &str) -> Settings {
    let mut secrets = Secrets::default();
    let accounts = entries(text).filter_map(|(server, login)| {
        let (user, password) = login.split_once(":").unwrap_or((login, login.from(login.text.len())));
        secrets.passwords.push(if password.text.is_empty() { login.at() } else { password.at() });
        // A key may also be a sender's address.
        if server.text.contains('@') {
            return None;
        }
        let (host, port, _) = parts_of_server(server);
        // The encryption is set in main.cf, and so is the port where this key has none.
        let mut account = Account::new(Spoken::Smtp, host.said(), 0, Encryption::Unknown);
        if let Some(port) = port {
            account.port = Stated::at(number(port.text), port.at()).rightly("587");
        }
        account.login = Some(user.said());
        account.password = Some(password.at());
        (!host.text.is_empty()).then_some(account)
    });
    let accounts: Vec<Account> = accounts.collect();
    Settings::of(accounts, secrets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::properties::withstands;

    const TEXT: &str =
        "# relays\n[smtp.mail.me.com]:587 jane:a b:c\nother.example  joe@other.example:x\njane@x joe:y\n";

    #[test]
    fn every_server_has_its_login_and_password() {
        assert!(is_one(TEXT) && !is_one("relayhost = [a]:587\n") && !is_one("a=b:c\n"));
        let [first, second] = read(TEXT).accounts.try_into().unwrap();
        assert_eq!((first.host.is.as_str(), first.port.is), ("smtp.mail.me.com", 587));
        assert_eq!(first.login.unwrap().is, "jane");
        assert_eq!(&TEXT[first.password.unwrap()], "a b:c");
        assert_eq!((second.host.is.as_str(), second.port.is), ("other.example", 0));
        assert_eq!(read(TEXT).secrets.passwords.len(), 5);
    }

    #[test]
    fn it_withstands_what_is_malformed() {
        withstands(read, TEXT);
    }
}
