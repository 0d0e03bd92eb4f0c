//! Thunderbird: the lines of prefs.js, which belong together by the key of a server (`server1`, `smtp1`).

use std::collections::BTreeMap;

use crate::review::account::{Account, Encryption, Folder, Settings, Spoken, Stated};
use crate::review::lines::{Word, bare, closing};
use crate::review::secrets::Secrets;
use crate::review::url::{Url, decoded};

pub(super) fn read(text: &str) -> Settings {
    let mut secrets = Secrets::default();
    let mut servers: BTreeMap<&str, Server> = BTreeMap::new();
    let mut folders = Vec::new();
    for (start, line) in bare(text) {
        let Some((name, value)) = preference(Word { text: line, start }) else { continue };
        secrets.note(name.text, value);
        secrets.note_url(value);
        let Some((of, setting)) = name.text.rsplit_once('.') else { continue };
        folders.extend(folder(setting).and_then(|folder| Some((folder, FolderUrl::of(value)?))));
        if of.starts_with("mail.server.") || of.starts_with("mail.smtpserver.") {
            servers.entry(of).or_default().insert(setting, Setting { value, line: start });
        }
    }
    let account = |(of, said): (&&str, &Server)| {
        if of.starts_with("mail.server.") { receiving(of, said) } else { sending(of, said) }
    };
    let mut accounts: Vec<Account> = servers.iter().filter_map(account).take(Settings::MOST_ACCOUNTS + 1).collect();
    for (folder, url) in folders {
        if let Some(account) = accounts.iter_mut().find(|account| url.is_at(account)) {
            account.folders.push((folder, url.said(folder)));
        }
    }
    Settings::of(accounts, secrets)
}

/// No list of profiles is longer, in bytes.
pub(crate) const LONGEST_LIST: u64 = 64 << 10;

/// The folders of the profiles in a profiles.ini; one that is relative is below the folder of the list.
pub(crate) fn profiles(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter_map(|line| line.trim().strip_prefix("Path="))
}

/// The settings of one server.
type Server<'t> = BTreeMap<&'t str, Setting<'t>>;

#[derive(Clone, Copy)]
struct Setting<'t> {
    value: Word<'t>,
    /// Where its line begins.
    line: usize,
}

/// The name and the value in `user_pref("name", value);`, both without quotes.
fn preference(line: Word<'_>) -> Option<(Word<'_>, Word<'_>)> {
    const BEGINNING: &str = "user_pref(";
    let line = line.trimmed();
    let name = line.from(line.text.starts_with(BEGINNING).then_some(BEGINNING.len())?).trimmed();
    let name = name.from(name.text.starts_with('"').then_some(1)?);
    let end = closing(name.text, '"')?;
    let value = name.from(end + 1).trimmed();
    let value = value.from(value.text.starts_with(',').then_some(1)?).trimmed();
    let value = if value.text.starts_with('"') {
        value.from(1).until(closing(value.from(1).text, '"')?)
    } else {
        value.until(value.text.rfind(')')?).trimmed()
    };
    Some((name.until(end), value))
}

/// Thunderbird's mailnews.js, `mail.server.default`: not encrypted.
fn receiving(of: &str, server: &Server) -> Option<Account> {
    let find = |setting: &str| server.get(setting).map(|said| said.value).filter(|value| !value.text.is_empty());
    let host = server.get("hostname")?;
    let spoken = match find("type")?.text {
        "imap" => Spoken::Imap,
        "pop3" => Spoken::Pop,
        _ => return None,
    };
    let kind = find("socketType");
    let encryption = encryption(kind);
    let port = match (spoken, encryption) {
        (Spoken::Pop, Encryption::Tls) => 995,
        (Spoken::Pop, _) => 110,
        (_, Encryption::Tls) => 993,
        _ => 143,
    };
    let mut account = Account::new(spoken, host.value.said(), port, encryption);
    account.encryption = match kind {
        Some(kind) => Stated::at(encryption, kind.at()).rightly("3"),
        None => account.encryption.with_line(host.line, line(of, "socketType", 3)),
    };
    if let Some(port) = find("port") {
        account.port = port.port(993);
    }
    account.no_plain = no_plain(find("authMethod"));
    account.login = find("userName").map(Word::said);
    let is_asked = find("check_new_mail").is_none_or(|said| said.text == "true");
    account.every = find("check_time").filter(|_| is_asked).and_then(|minutes| {
        let number: u32 = minutes.text.parse().ok()?;
        Some(Stated::at(u64::from(number) * 60, minutes.at()))
    });
    account.folders = find("trash_folder_name").map(|name| (Folder::Trash, name.said())).into_iter().collect();
    Some(account)
}

/// `mail.smtpserver.default.try_ssl`: not encrypted. `SmtpClient` uses port 587, or 465 with TLS from the first byte.
fn sending(of: &str, server: &Server) -> Option<Account> {
    let find = |setting: &str| server.get(setting).map(|said| said.value).filter(|value| !value.text.is_empty());
    let host = server.get("hostname")?;
    let kind = find("try_ssl");
    let encryption = encryption(kind);
    let mut account = Account::new(Spoken::Smtp, host.value.said(), 587, encryption);
    account.encryption = match kind {
        Some(kind) => Stated::at(encryption, kind.at()).rightly("2"),
        None => account.encryption.with_line(host.line, line(of, "try_ssl", 2)),
    };
    account.port = match find("port").filter(|port| port.text != "0") {
        Some(port) => port.port(587),
        None if encryption == Encryption::Tls => Stated::by_itself(465).with_line(host.line, line(of, "port", 587)),
        None => account.port,
    };
    account.no_plain = no_plain(find("authMethod"));
    account.no_sign_in =
        find("authMethod").filter(|way| way.text == "1").map(|way| Stated::at((), way.at()).rightly("3"));
    account.login = find("username").map(Word::said);
    Some(account)
}

/// `nsMsgAuthMethod`: 4 is a digest of the password, and 6 is NTLM.
fn no_plain(way: Option<Word>) -> Option<Stated<()>> {
    way.filter(|way| ["4", "6"].contains(&way.text)).map(|way| Stated::at((), way.at()).rightly("3"))
}

fn line(of: &str, setting: &str, value: u16) -> String {
    format!("user_pref(\"{of}.{setting}\", {value});")
}

/// `nsMsgSocketType`: not encrypted, by STARTTLS where it is offered, by STARTTLS always, and from the first byte.
fn encryption(kind: Option<Word>) -> Encryption {
    match kind.map_or("", |kind| kind.text) {
        "1" => Encryption::Optional,
        "2" => Encryption::Starttls,
        "3" => Encryption::Tls,
        "" | "0" => Encryption::Off,
        _ => Encryption::Unknown,
    }
}

/// The settings that name a folder by its URL.
fn folder(setting: &str) -> Option<Folder> {
    match setting {
        "fcc_folder" => Some(Folder::Sent),
        "draft_folder" => Some(Folder::Drafts),
        "archive_folder" => Some(Folder::Archive),
        "spamActionTargetFolder" => Some(Folder::Junk),
        _ => None,
    }
}

/// `imap://login@host/folder`, percent-encoded where a URL requires it.
struct FolderUrl<'t> {
    login: String,
    host: &'t str,
    path: Word<'t>,
}

impl<'t> FolderUrl<'t> {
    fn of(value: Word<'t>) -> Option<Self> {
        let url = Url::of(value).filter(|url| url.scheme.text == "imap")?;
        let login = decoded(url.user.map_or("", |user| user.text));
        Some(Self { login, host: url.host.text, path: url.path })
    }

    fn is_at(&self, account: &Account) -> bool {
        let is_login = account.login.as_ref().is_none_or(|login| login.is == self.login);
        account.spoken == Spoken::Imap && is_login && account.host.is.eq_ignore_ascii_case(self.host)
    }

    fn said(&self, folder: Folder) -> Stated<String> {
        Stated::at(decoded(self.path.text), self.path.at()).rightly(folder.name().replace(' ', "%20"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preference_has_a_name_and_a_value() {
        let found = |text| preference(Word { text, start: 0 }).map(|(name, value)| (name.text, value.text));
        assert_eq!(found(r#"user_pref("a.b", "c \" d");"#), Some(("a.b", r#"c \" d"#)));
        assert_eq!(found(r#"user_pref("a.b", 993);"#), Some(("a.b", "993")));
        assert_eq!(found(r#"user_pref("a.b"#), None);
        assert_eq!(found(r#"// user_pref("a.b", 1);"#), None);
    }

    #[test]
    fn a_folder_belongs_to_the_account_in_its_url() {
        let text = "user_pref(\"mail.identity.id1.fcc_folder\", \"imap://a%40x@h/Sent%20Mail\");\n\
                    user_pref(\"mail.server.server1.hostname\", \"h\");\nuser_pref(\"mail.server.server1.type\", \"imap\");\n\
                    user_pref(\"mail.server.server1.userName\", \"a@x\");\n";
        let account = read(text).accounts.remove(0);
        assert_eq!(account.folders[0].1.is, "Sent Mail");
        assert_eq!(account.folders[0].1.mend.as_ref().unwrap().with, "Sent%20Messages");
        assert_eq!(
            account.encryption.mend.as_ref().unwrap().with,
            "user_pref(\"mail.server.server1.socketType\", 3);\n"
        );
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(read, include_str!("../../../tests/review/thunderbird/good/prefs.js"));
    }
}
