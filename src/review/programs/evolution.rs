//! Evolution: a file for each server in `sources/`, and the accounts that it takes from GNOME's Online Accounts. Passwords
//! are in the keyring.

use crate::review::account::{Account, Edit, Encryption, Folder, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::mechanism::is_refused;
use crate::review::python::{Section, sections};
use crate::review::switch::{switch, turned};
use crate::review::url::parts_of_server;

pub(super) fn read(text: &str) -> Settings {
    let (sections, secrets) = sections(text);
    let online = sections.iter().filter(|section| section.name.starts_with("Account ")).flat_map(|section| {
        [online(section, "imap", Spoken::Imap), online(section, "smtp", Spoken::Smtp)].into_iter().flatten()
    });
    Settings::of(account(&sections).into_iter().chain(online), secrets)
}

/// A value of a section, if it has one.
pub(super) fn find<'t>(sections: &[Section<'t>], section: &str, key: &str) -> Option<Word<'t>> {
    let own = sections.iter().filter(|own| own.name == section);
    own.filter_map(|own| own.find(key)).map(|entry| entry.value).rfind(|value| !value.text.is_empty())
}

fn account(sections: &[Section]) -> Option<Account> {
    let spoken = match find(sections, "Mail Account", "backendname").map_or("", |name| name.text) {
        "imapx" | "imap" => Spoken::Imap,
        "pop" => Spoken::Pop,
        _ => {
            find(sections, "Mail Transport", "backendname").filter(|name| name.text == "smtp").map(|_| Spoken::Smtp)?
        }
    };
    let of = |key: &str| find(sections, "Authentication", key);
    let method = find(sections, "Security", "method");
    // E_SOURCE_EXTENSION_SECURITY: "none" without the key.
    let encryption = match method.map_or("none", |method| method.text) {
        "ssl-on-alternate-port" => Encryption::Tls,
        "starttls-on-standard-port" => Encryption::Starttls,
        "none" => Encryption::Off,
        _ => Encryption::Unknown,
    };
    let is_smtp = spoken == Spoken::Smtp;
    // The first port that the provider lists for this encryption.
    let usual = match (spoken, encryption) {
        (Spoken::Smtp, Encryption::Tls) => 465,
        (Spoken::Smtp, _) => 25,
        (Spoken::Imap, Encryption::Tls) => 993,
        (Spoken::Imap, _) => 143,
        (Spoken::Pop, _) => 995,
    };
    let host = of("host")?;
    let mut account = Account::new(spoken, host.said(), usual, encryption);
    if let Some(method) = method {
        let rightly = if is_smtp { "starttls-on-standard-port" } else { "ssl-on-alternate-port" };
        account.encryption = Stated::at(encryption, method.at()).rightly(rightly);
    }
    if let Some(said) = of("port") {
        let port = said.port(if is_smtp { 587 } else { 993 });
        account.port = if said.text == "0" { Stated { is: usual, ..port } } else { port };
    }
    account.login = of("user").map(Word::said);
    let mechanism = of("method");
    let mended = |word: Word| Stated::at((), word.at()).rightly("PLAIN");
    account.no_plain = mechanism.filter(|word| is_refused(word.text)).map(mended);
    account.no_sign_in = mechanism.filter(|word| is_smtp && word.text == "none").map(mended);
    account.folders = [("trash", Folder::Trash), ("junk", Folder::Junk)]
        .into_iter()
        .filter_map(|(name, folder)| {
            let of = |key: &str| find(sections, "Imapx Backend", key);
            let is_used = of(&format!("usereal{name}path")).and_then(|word| switch(word.text))?;
            Some((folder, of(&format!("real{name}path")).filter(|_| is_used)?.said()))
        })
        .collect();
    Some(account)
}

/// A server of `accounts.conf`, whose name may end in a port.
fn online(section: &Section, side: &str, spoken: Spoken) -> Option<Account> {
    let of =
        |key: &str| section.find(&format!("{side}{key}")).map(|entry| entry.value).filter(|it| !it.text.is_empty());
    let is_on = |key: &str| of(key).and_then(|word| switch(word.text)).unwrap_or_default();
    let is_smtp = spoken == Spoken::Smtp;
    let (encryption, said) = match (is_on("usessl"), is_on("usetls")) {
        (true, _) => (Encryption::Tls, of("usessl")),
        (false, true) => (Encryption::Starttls, of("usetls")),
        (false, false) => (Encryption::Off, of("usetls").or(of("usessl"))),
    };
    let usual = match (is_smtp, encryption) {
        (true, Encryption::Tls) => 465,
        (true, _) => 587,
        (false, Encryption::Tls) => 993,
        (false, _) => 143,
    };
    let server = of("host")?;
    let (host, port, end) = parts_of_server(server);
    let mut account = Account::new(spoken, host.said(), usual, encryption);
    let right = if is_smtp { 587 } else { 993 };
    account.port = match port {
        Some(port) => port.port(right),
        // The right encryption brings the right port with it.
        None if !is_smtp => account.port,
        None if end == server.at().end => {
            Stated { mend: Some(Edit { at: end..end, with: format!(":{right}") }), ..account.port }
        }
        None => account.port,
    };
    if let (Some(said), Some(ssl), Some(tls)) = (said, of("usessl"), of("usetls")) {
        let is_wrong = |word: &Word, right: bool| switch(word.text) != Some(right);
        let wrong = [(ssl, !is_smtp), (tls, is_smtp)].into_iter().filter(|(word, right)| is_wrong(word, *right));
        let mends = wrong.map(|(word, _)| Edit { at: word.at(), with: turned(word.text).to_owned() });
        account.encrypt(Stated::at(encryption, said.at()), mends.collect::<Vec<_>>());
    }
    if let Some(word) = of("acceptsslerrors").filter(|word| switch(word.text) == Some(true)) {
        account.is_verified = Stated::at(false, word.at()).rightly(turned(word.text));
    }
    account.no_sign_in = of("useauth")
        .filter(|word| is_smtp && switch(word.text) == Some(false))
        .map(|word| Stated::at((), word.at()).rightly(turned(word.text)));
    account.login = of("username").map(Word::said);
    (!host.text.is_empty()).then_some(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(text: &str) -> (Spoken, u16, Encryption) {
        let account = read(text).accounts.remove(0);
        (account.spoken, account.port.is, account.encryption.is)
    }

    #[test]
    fn a_source_is_one_server() {
        let text = "[Mail Account]\nBackendName=imapx\n\n[Authentication]\nHost=h\nPort=0\n";
        assert_eq!(way(text), (Spoken::Imap, 143, Encryption::Off));
        assert_eq!(way(&format!("{text}[Security]\nMethod=ssl-on-alternate-port\n")).1, 993);
        let text = text.replace("Account", "Transport").replace("imapx", "smtp").replace("=0", "=587");
        let starttls = format!("{text}[Security]\nMethod=starttls-on-standard-port\n");
        assert_eq!(way(&starttls), (Spoken::Smtp, 587, Encryption::Starttls));
        assert_eq!(read("[Mail Transport]\nBackendName=sendmail\n[Authentication]\nHost=h\n").accounts, []);
        assert_eq!(read("[Authentication]\nHost=h\n").accounts, []);
    }

    #[test]
    fn an_online_account_is_two_servers() {
        let text = "[Account account_1_0]\nImapHost=i\nImapUseSsl=true\nImapUseTls=false\nSmtpHost=s:587\nSmtpUseAuth=false\n\
                    SmtpUseSsl=true\nSmtpUseTls=false\nSmtpAcceptSslErrors=true\n";
        let accounts = read(text).accounts;
        let found: Vec<_> =
            accounts.iter().map(|account| (account.spoken, account.port.is, account.encryption.is)).collect();
        assert_eq!(found, [(Spoken::Imap, 993, Encryption::Tls), (Spoken::Smtp, 587, Encryption::Tls)]);
        let smtp = &accounts[1];
        let mends: Vec<Edit> = smtp.encryption.mend.iter().chain(&smtp.along).cloned().collect();
        let mended = crate::review::mend::applied(text, &mends);
        assert!(mended.contains("SmtpUseSsl=false\nSmtpUseTls=true\n"), "{mended}");
        assert!(smtp.no_sign_in.is_some() && !smtp.is_verified.is);
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(
            read,
            "[Account é]\nImapHost=é:1\nSmtpHost=:\nSmtpUseTls=é\nImapUserName=x\n",
        );
        crate::review::properties::withstands(
            read,
            "[Mail Account]\nBackendName=imapx\n[Authentication]\nHost=é\nPort=993\nUser=x\n[Imapx Backend]\nRealTrashPath=é\n",
        );
    }
}
