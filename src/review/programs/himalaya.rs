//! Himalaya: in `[accounts.x]`, the server is a URL in version 2, and a host with a port in version 1.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::review::account::{Account, Edit, Encryption, Folder, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::secrets::Secrets;
use crate::review::url::parts_of_server;

pub(super) fn read(text: &str) -> Result<Settings, String> {
    let document = DeTable::parse(text).map_err(|fault| {
        let before = fault.span().and_then(|at| text.get(..at.start)).unwrap_or_default();
        format!("line {} is no TOML", before.matches('\n').count() + 1)
    })?;
    let everywhere = Table { text, table: document.get_ref() };
    let accounts = everywhere.table("accounts").map(Table::tables).unwrap_or_default();
    let accounts = accounts.into_iter().flat_map(|account| servers(account, everywhere));
    Ok(Settings::of(accounts, secrets(everywhere)))
}

/// Every value below a key for secrets, anywhere in the document.
fn secrets(everywhere: Table) -> Secrets {
    let mut secrets = Secrets::default();
    let mut open: Vec<(&str, &Spanned<DeValue>)> = below("", everywhere.table).collect();
    while let Some((key, value)) = open.pop() {
        let key = if key == "raw" { "password" } else { key };
        match value.get_ref() {
            DeValue::Table(table) => open.extend(below(key, table)),
            DeValue::Array(values) => open.extend(values.iter().map(|value| (key, value))),
            _ => {
                let span = value.span();
                let whole = Word { text: everywhere.text.get(span.clone()).unwrap_or_default(), start: span.start };
                secrets.note(key, whole);
                secrets.note_url(whole);
            }
        }
    }
    secrets
}

/// The values in a table; below a key for secrets, every value is a secret except a command.
fn below<'d>(above: &'d str, table: &'d DeTable<'d>) -> impl Iterator<Item = (&'d str, &'d Spanned<DeValue<'d>>)> {
    let is_secret = Secrets::default().note(above, Word { text: "", start: 0 });
    table.iter().map(move |(key, value)| {
        let key: &str = key.get_ref();
        let is_command = ["cmd", "command"].contains(&key);
        (
            if is_command {
                "password-command"
            } else if is_secret {
                above
            } else {
                key
            },
            value,
        )
    })
}

fn servers<'d>(account: Table<'d>, everywhere: Table<'d>) -> Vec<Account> {
    let imap = account.table("imap").and_then(|own| of_version_2(own, Spoken::Imap));
    let imap = imap.or_else(|| of_version_1(account.table("backend")?, Spoken::Imap));
    let smtp = account.table("smtp").and_then(|own| of_version_2(own, Spoken::Smtp));
    let smtp = smtp.or_else(|| of_version_1(account.table("message.send.backend")?, Spoken::Smtp));
    let imap = imap.map(|imap| Account { folders: folders(account, everywhere), ..imap });
    imap.into_iter().chain(smtp).collect()
}

/// Himalaya's config.sample.toml of version 2, "imap.server": without a scheme, TLS from the first byte.
fn of_version_2(own: Table, spoken: Spoken) -> Option<Account> {
    let server = own.string("server")?;
    let parts = server.split_once("://");
    let (scheme, rest) = parts.map_or((None, server), |(scheme, rest)| (Some(scheme), rest));
    let authority = rest.until(rest.text.find(['/', '?']).unwrap_or(rest.text.len()));
    let (host, port, host_end) = parts_of_server(authority);
    let is_encrypted = scheme.is_none_or(|scheme| scheme.text.ends_with('s'));
    let starttls = own.value("starttls");
    let is_starttls = starttls.and_then(|said| said.get_ref().as_bool()).unwrap_or_default();
    let encryption = match (is_encrypted, is_starttls) {
        (true, _) => Encryption::Tls,
        (false, true) => Encryption::Starttls,
        (false, false) => Encryption::Off,
    };
    let is_smtp = spoken == Spoken::Smtp;
    let usual = match (is_smtp, is_encrypted) {
        (true, true) => 465,
        (true, false) => 25,
        (false, true) => 993,
        (false, false) => 143,
    };
    let mut account = Account::new(spoken, host.said(), usual, encryption);
    account.port = match port {
        Some(port) => port.port(if is_smtp { 587 } else { 993 }),
        // Changing the scheme also changes the default port of IMAP.
        None if !is_smtp => account.port,
        None => Stated { mend: Some(Edit { at: host_end..host_end, with: ":587".to_owned() }), ..account.port },
    };
    let at = match (starttls, scheme) {
        (Some(starttls), _) if encryption == Encryption::Off => starttls.span(),
        (_, Some(scheme)) => scheme.at(),
        _ => server.at(),
    };
    // STARTTLS is "only valid when the server resolves to smtp://".
    let scheme_mend = match (scheme, if is_smtp { "smtp" } else { "imaps" }) {
        (Some(scheme), right) => (scheme.text != right).then(|| Edit { at: scheme.at(), with: right.to_owned() }),
        (None, "smtp") => Some(Edit { at: server.start..server.start, with: "smtp://".to_owned() }),
        (None, _) => None,
    };
    let starttls_mend = match starttls {
        _ if is_starttls == is_smtp => None,
        Some(starttls) => Some(Edit { at: starttls.span(), with: is_smtp.to_string() }),
        None => own.beside("server", "starttls = true"),
    };
    account.encrypt(Stated::at(encryption, at), scheme_mend.into_iter().chain(starttls_mend));
    let mechanism = own.table("sasl").and_then(|sasl| sasl.tables().into_iter().next());
    if let Some(mechanism) = mechanism {
        account.login = mechanism.string("username").or_else(|| mechanism.string("authcid")).map(Word::said);
        own_secret(&mut account, mechanism, &["password", "passwd"]);
    }
    Some(account)
}

/// The example of version 1, "backend.encryption": TLS from the first byte.
fn of_version_1(own: Table, spoken: Spoken) -> Option<Account> {
    let usual = if spoken == Spoken::Smtp { 465 } else { 993 };
    let mut account = Account::new(spoken, own.string("host")?.said(), usual, Encryption::Tls);
    let (port, rightly) = if spoken == Spoken::Smtp { (587, "start-tls") } else { (993, "tls") };
    if let Some(said) = own.value("port") {
        let number = said.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
        account.port = Stated::at(number.unwrap_or(0), said.span()).rightly(port.to_string());
    }
    account.encryption = match own.string("encryption.type").or_else(|| own.string("encryption")) {
        Some(said) => {
            let encryption = match said.text {
                "start-tls" | "starttls" => Encryption::Starttls,
                "none" => Encryption::Off,
                "tls" | "ssl" => Encryption::Tls,
                _ => Encryption::Unknown,
            };
            Stated::at(encryption, said.at()).rightly(rightly)
        }
        None => Stated { mend: own.beside("host", &format!("encryption.type = \"{rightly}\"")), ..account.encryption },
    };
    account.login = own.string("login").map(Word::said);
    own_secret(&mut account, own, &["auth", "auth.passwd", "passwd"]);
    Some(account)
}

fn own_secret(account: &mut Account, from: Table, names: &[&str]) {
    for secret in names.iter().filter_map(|name| from.table(name)) {
        account.password = account.password.take().or_else(|| Some(secret.string("raw")?.at()));
        let command = secret.command("command").or_else(|| secret.command("cmd"));
        account.password_command = account.password_command.take().or(command);
    }
}

/// The names of an account's folders, or those for every account.
fn folders(account: Table, everywhere: Table) -> Vec<(Folder, Stated<String>)> {
    let names = [
        ("sent", Folder::Sent),
        ("drafts", Folder::Drafts),
        ("trash", Folder::Trash),
        ("junk", Folder::Junk),
        ("spam", Folder::Junk),
        ("archive", Folder::Archive),
    ];
    let aliases = || {
        [account, everywhere].into_iter().flat_map(|from| {
            ["mailbox.alias", "mailbox.aliases", "folder.aliases", "folder.alias"]
                .map(|path| from.table(path))
                .into_iter()
                .flatten()
        })
    };
    let found =
        |(name, folder): (&str, Folder)| Some((folder, aliases().find_map(|aliases| aliases.string(name))?.said()));
    names.into_iter().filter_map(found).collect()
}

/// A table of the document, and the text of the document.
#[derive(Clone, Copy)]
struct Table<'d> {
    text: &'d str,
    table: &'d DeTable<'d>,
}

impl<'d> Table<'d> {
    /// The value of a name, or of names separated by dots.
    fn value(self, path: &str) -> Option<&'d Spanned<DeValue<'d>>> {
        match path.split_once('.') {
            Some((first, rest)) => self.table(first)?.value(rest),
            None => self.table.get(path),
        }
    }

    fn table(self, path: &str) -> Option<Self> {
        Some(Self { table: self.value(path)?.get_ref().as_table()?, ..self })
    }

    /// Every table in it.
    fn tables(self) -> Vec<Self> {
        self.table.values().filter_map(|value| Some(Self { table: value.get_ref().as_table()?, ..self })).collect()
    }

    /// A string as it is written, without its quotes.
    fn string(self, path: &str) -> Option<Word<'d>> {
        let value = self.value(path)?;
        value.get_ref().as_str().and(without_quotes(self.text, value.span()))
    }

    /// A command is a string, or a list of strings.
    fn command(self, path: &str) -> Option<Stated<String>> {
        if let Some(line) = self.string(path) {
            return Some(line.said());
        }
        let words = self.value(path)?.get_ref().as_array()?;
        let first = without_quotes(self.text, words.first()?.span())?;
        let words: Vec<&str> = words.iter().filter_map(|word| word.get_ref().as_str()).collect();
        Some(Stated::at(words.join(" "), first.at()))
    }

    /// A change that inserts something beside the value of that name: a line, or a part of one.
    fn beside(self, name: &str, said: &str) -> Option<Edit> {
        let span = self.value(name)?.span();
        let start = self.text.get(..span.start)?.rfind('\n').map_or(0, |end| end + 1);
        let before = self.text.get(start..span.start)?.trim_end().strip_suffix('=')?.trim_end();
        if before.contains('{') {
            return Some(Edit { at: span.end..span.end, with: format!(", {said}") });
        }
        let prefix = before.strip_suffix(name)?;
        Some(Edit { at: start..start, with: format!("{prefix}{said}\n") })
    }
}

fn without_quotes(text: &str, span: Range<usize>) -> Option<Word<'_>> {
    let word = Word { text: text.get(span.clone())?, start: span.start };
    let width = ["\"\"\"", "'''", "\"", "'"].iter().find(|quote| word.text.starts_with(**quote))?.len();
    Some(word.until(word.text.len().checked_sub(width)?).from(width))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::mend::applied;

    fn mended(text: &str, of: impl Fn(&Account) -> Vec<Edit>) -> String {
        applied(text, &of(&read(text).unwrap().accounts[0]))
    }

    #[test]
    fn starttls_is_put_where_the_file_has_its_server() {
        let mends = |account: &Account| account.encryption.mend.iter().chain(&account.along).cloned().collect();
        let dotted = "[accounts.a]\nsmtp.server = \"smtps://h:587\"\n";
        assert_eq!(mended(dotted, mends), "[accounts.a]\nsmtp.starttls = true\nsmtp.server = \"smtp://h:587\"\n");
        let section = "[accounts.a.smtp]\n  server = 'h:587'\n";
        assert_eq!(mended(section, mends), "[accounts.a.smtp]\n  starttls = true\n  server = 'smtp://h:587'\n");
        let inline = "[accounts.a]\nsmtp = { server = \"smtp://h:587\" }\n";
        assert_eq!(mended(inline, mends), "[accounts.a]\nsmtp = { server = \"smtp://h:587\", starttls = true }\n");
        let imap = "[accounts.a.imap]\nserver = \"imap://h\"\nstarttls = true\n";
        assert_eq!(mended(imap, mends), "[accounts.a.imap]\nserver = \"imaps://h\"\nstarttls = false\n");
    }

    #[test]
    fn a_server_without_a_port_has_that_of_its_scheme() {
        let port = |server: &str| read(&format!("accounts.a.smtp.server = \"{server}\"")).unwrap().accounts[0].port.is;
        assert_eq!(["h", "smtps://h", "smtp://h", "smtp://h:2525/"].map(port), [465, 465, 25, 2525]);
        let missing = "accounts.a.smtp.server = \"smtp://h\"";
        assert_eq!(
            mended(missing, |account| Vec::from_iter(account.port.mend.clone())),
            "accounts.a.smtp.server = \"smtp://h:587\""
        );
    }

    #[test]
    fn what_is_no_toml_is_said_with_its_line() {
        assert_eq!(read("a = 1\nb = \"open\n").unwrap_err(), "line 2 is no TOML");
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(
            |text| read(text).unwrap_or_default(),
            include_str!("../../../tests/review/himalaya/good/himalaya/config.toml"),
        );
    }
}
