//! Thunderbird for Android and K-9 Mail: exported settings, with an incoming and an outgoing server for each account.

use crate::review::account::{Account, Encryption, Folder, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::xml::{Document, Element};

/// What the settings of a server are called.
pub(super) struct Names {
    pub(super) host: &'static str,
    pub(super) security: &'static str,
    pub(super) mechanism: &'static str,
}

const NAMES: Names = Names { host: "host", security: "connection-security", mechanism: "authentication-type" };

pub(super) fn read(text: &str) -> Result<Settings, String> {
    let mut document = Document::of(text)?;
    let secrets = std::mem::take(&mut document.secrets);
    let accounts = document.every("account").flat_map(|account| {
        let of = |name: &str| self::account(&document, document.child(account, name)?);
        let incoming = of("incoming-server").map(|incoming| with_folders(incoming, &document, account));
        incoming.into_iter().chain(of("outgoing-server"))
    });
    Ok(Settings::of(accounts, secrets))
}

/// A server, without what its mechanism means.
pub(super) fn server(
    document: &Document,
    of: &Element,
    spoken: Spoken,
    names: &Names,
    security: fn(Word, Spoken) -> Stated<Encryption>,
) -> Option<Account> {
    let said = |name: &str| document.child(of, name);
    let word = |name: &str| said(name).and_then(Element::value);
    // Neither the port nor the encryption has a usual value.
    let mut account = Account::new(spoken, said(names.host)?.said()?, 0, Encryption::Unknown);
    if let Some(port) = word("port") {
        account.port = port.port(if spoken == Spoken::Smtp { 587 } else { 993 });
    }
    if let Some(kind) = word(names.security) {
        account.encryption = security(kind, spoken);
    }
    account.login = said("username").and_then(Element::said);
    account.password = word("password").map(|password| password.at());
    Some(account)
}

fn account(document: &Document, of: &Element) -> Option<Account> {
    let spoken = match of.attribute("type")?.to_lowercase().as_str() {
        "imap" => Spoken::Imap,
        "pop3" => Spoken::Pop,
        "smtp" => Spoken::Smtp,
        _ => return None,
    };
    let mut account = server(document, of, spoken, &NAMES, security)?;
    let way = document.child(of, NAMES.mechanism).and_then(Element::value);
    let mended = |name: &str| Some(Stated::at((), way.filter(|way| way.text == name)?.at()).rightly("PLAIN"));
    account.no_plain = mended("CRAM_MD5");
    account.no_sign_in = mended("NONE").filter(|_| spoken == Spoken::Smtp);
    Some(account)
}

/// The app's `ServerSettingsUpgraderTo92`: what older versions call optional is required.
fn security(kind: Word, spoken: Spoken) -> Stated<Encryption> {
    let encryption = match kind.text {
        "SSL_TLS_REQUIRED" | "SSL_TLS_OPTIONAL" => Encryption::Tls,
        "STARTTLS_REQUIRED" | "STARTTLS_OPTIONAL" => Encryption::Starttls,
        "NONE" => Encryption::Off,
        _ => Encryption::Unknown,
    };
    Stated::at(encryption, kind.at()).rightly(match spoken {
        Spoken::Smtp => "STARTTLS_REQUIRED",
        _ => "SSL_TLS_REQUIRED",
    })
}

fn with_folders(account: Account, document: &Document, of: &Element) -> Account {
    const FOLDERS: [(&str, Folder); 5] = [
        ("sentFolderName", Folder::Sent),
        ("draftsFolderName", Folder::Drafts),
        ("trashFolderName", Folder::Trash),
        ("spamFolderName", Folder::Junk),
        ("archiveFolderName", Folder::Archive),
    ];
    let settings = document.child(of, "settings").map(|settings| document.children(settings));
    let folders = settings.into_iter().flatten().filter_map(|value| {
        let key = value.attribute("key")?;
        let (_, folder) = FOLDERS.iter().find(|(name, _)| *name == key)?;
        Some((*folder, value.said()?))
    });
    Account { folders: folders.collect(), ..account }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_two_servers_and_its_folders() {
        let text = "<k9settings><accounts><account><outgoing-server type=\"SMTP\"><host>s</host><port>465</port>\
                    <connection-security>SSL_TLS_OPTIONAL</connection-security></outgoing-server>\
                    <incoming-server type='IMAP'><host>i</host></incoming-server>\
                    <settings><value key=\"sentFolderName\">Sent</value></settings></account></accounts></k9settings>";
        let accounts = read(text).unwrap().accounts;
        let found: Vec<_> =
            accounts.iter().map(|account| (account.spoken, account.port.is, account.encryption.is)).collect();
        assert_eq!(found, [(Spoken::Imap, 0, Encryption::Unknown), (Spoken::Smtp, 465, Encryption::Tls)]);
        assert_eq!(accounts[0].folders[0].1.is, "Sent");
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(
            |text| read(text).unwrap_or_default(),
            "<k9settings><account>\n<incoming-server type=\"IMAP\"><host>h</host><password>é</password></incoming-server>\
             </account></k9settings>",
        );
    }
}
