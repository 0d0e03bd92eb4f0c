//! Mozilla's autoconfiguration, config-v1.1.xml: servers that a provider offers, of which programs take the first.

use super::k9::{Names, server};
use crate::review::account::{Account, Encryption, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::xml::{Document, Element};

const NAMES: Names = Names { host: "hostname", security: "socketType", mechanism: "authentication" };

pub(super) fn read(text: &str) -> Result<Settings, String> {
    let mut document = Document::of(text)?;
    let secrets = std::mem::take(&mut document.secrets);
    let incoming = document.every("incomingServer").filter_map(|of| account(&document, of));
    let outgoing = document.every("outgoingServer").filter_map(|of| account(&document, of));
    Ok(Settings::of(incoming.chain(outgoing), secrets))
}

/// Thunderbird's `readFromXML`: a server without one of these settings is passed over.
fn account(document: &Document, of: &Element) -> Option<Account> {
    let spoken = match of.attribute("type")? {
        "imap" => Spoken::Imap,
        "pop3" => Spoken::Pop,
        "smtp" => Spoken::Smtp,
        _ => return None,
    };
    let mut account = server(document, of, spoken, &NAMES, security)?;
    let way = document.child(of, NAMES.mechanism).and_then(Element::value);
    let mended = |names: &[&str]| {
        Some(Stated::at((), way.filter(|way| names.contains(&way.text))?.at()).rightly("password-cleartext"))
    };
    account.no_plain = mended(&["password-encrypted", "secure", "NTLM"]);
    account.no_sign_in = mended(&["none", "client-IP-address", "smtp-after-pop"]).filter(|_| spoken == Spoken::Smtp);
    // The part of the user's address before the @, which stands for every user.
    account.login = account.login.map(|login| match login.is.as_str() {
        "%EMAILLOCALPART%" => Stated { is: "user".to_owned(), ..login },
        _ => login,
    });
    Some(account)
}

fn security(kind: Word, spoken: Spoken) -> Stated<Encryption> {
    let encryption = match kind.text {
        "SSL" => Encryption::Tls,
        "STARTTLS" => Encryption::Starttls,
        "plain" => Encryption::Off,
        _ => Encryption::Unknown,
    };
    Stated::at(encryption, kind.at()).rightly(if spoken == Spoken::Smtp { "STARTTLS" } else { "SSL" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_that_is_offered_is_an_account() {
        let server = |kind: &str, rest: &str| {
            format!("<incomingServer type=\"{kind}\"><hostname>h</hostname>{rest}</incomingServer>")
        };
        let text = format!(
            "<clientConfig><emailProvider>{}{}{}</emailProvider></clientConfig>",
            server("imap", "<port>143</port><socketType>STARTTLS</socketType>"),
            server("pop3", "<port>995</port><socketType>SSL</socketType>"),
            server("exchange", ""),
        );
        let accounts = read(&text).unwrap().accounts;
        let found: Vec<_> =
            accounts.iter().map(|account| (account.spoken, account.port.is, account.encryption.is)).collect();
        let expected = [(Spoken::Imap, 143, Encryption::Starttls), (Spoken::Pop, 995, Encryption::Tls)];
        assert_eq!(found, expected);
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(
            |text| read(text).unwrap_or_default(),
            "<a><outgoingServer type='smtp'>\n<hostname>h</hostname><password>é</password></outgoingServer></a>",
        );
    }
}
