//! `smtp_sasl_password_maps`: whether Postfix finds a login for its relay in the tables that main.cf names.

use std::path::Path;

use checks::login::{AddressKind, address_kind};

use super::{Logins, Value, Values, relays, sasl_passwd, values};
use crate::diagnosis::{Sure, cause};
use crate::review::account::Edit;
use crate::review::beside::Beside;
use crate::review::computer::{self, Compiled, Computer};
use crate::review::doubts::{About, Doubt, Why, names_server};
use crate::review::lines::Word;
use crate::review::remark::Remark;
use crate::review::secrets::Secrets;
use crate::review::url::parts_of_server;

/// The form that `SASL_README` recommends for both files.
const RELAY: &str = "[smtp.mail.me.com]:587";

/// Checks the tables of logins for each iCloud server that main.cf sends to.
pub(crate) fn review(path: &Path, text: &str, computer: &Computer) -> Beside {
    let mut found = Beside::default();
    if sasl_passwd::is_one(text) {
        return found;
    }
    let values = values(text, &mut Secrets::default());
    if !is_on(&values, "smtp_sasl_auth_enable") {
        return found;
    }
    let servers: Vec<Word> = relays(&values).map(|(_, server)| server).collect();
    let icloud = servers.into_iter().filter(|server| names_server(parts_of_server(*server).0.text));
    let maps = values.get("smtp_sasl_password_maps").filter(|maps| !maps.words.is_empty());
    for server in icloud {
        match maps {
            Some(maps) => of(server, &tables(maps, path, computer), &values, &mut found),
            None => found.remarks.push(trouble(
                server,
                Sure::Likely,
                "no table of logins is set here (smtp_sasl_password_maps), so Postfix has no login for this server",
            )),
        }
    }
    found
}

fn is_on(values: &Values, name: &str) -> bool {
    values.get(name).and_then(|value| value.words.first()).is_some_and(|word| word.text.eq_ignore_ascii_case("yes"))
}

fn trouble(server: Word, sure: Sure, told: &'static str) -> Remark {
    Remark::trouble(cause!("not-authenticated"), sure, server.start, told)
}

fn of(server: Word, tables: &[Table], values: &Values, found: &mut Beside) {
    if Logins::of(values).at(server, parts_of_server(server).0).is_some() {
        return;
    }
    let by_sender = is_on(values, "smtp_sender_dependent_authentication");
    for table in tables {
        let Some(entry) = table.entries.iter().find(|entry| entry.is_of(server, by_sender)) else { continue };
        found.remarks.extend(entry.lacks(server));
        found.remarks.extend(table.is_stale(server));
        if table.compiled == Compiled::NotHere {
            found.doubts.push(Doubt { about: About::Login, why: Why::Uncompiled, at: table.at });
        }
        return;
    }
    // Postfix may find the login in what could not be read.
    let unread = tables.iter().find_map(|table| Some((table.unread?, table.at)));
    if let Some((why, at)) = unread {
        found.doubts.push(Doubt { about: About::Login, why, at });
        return;
    }
    if let Some(table) = tables.iter().find(|table| table.is_missing) {
        let told = "the table of logins that main.cf names does not exist, so Postfix has no login for this server";
        found.remarks.push(Remark::trouble(cause!("not-authenticated"), Sure::Certain, table.at, told));
        return;
    }
    found.remarks.push(mismatch(server, tables.iter().flat_map(|table| &table.entries)));
}

/// No line of the tables is found for the server.
fn mismatch<'e>(server: Word, entries: impl Iterator<Item = &'e Entry>) -> Remark {
    let entries: Vec<&Entry> = entries.collect();
    if entries.is_empty() {
        return trouble(
            server,
            Sure::Certain,
            "the table of logins is empty, so Postfix has no login for this server: its line is this server exactly as \
             here, a space, and LOGIN:PASSWORD; then run `sudo postmap` on it, and `sudo postfix reload`",
        );
    }
    let alike: Vec<&str> =
        entries.iter().filter(|entry| names_server(&entry.key)).map(|entry| entry.key.as_str()).collect();
    if alike.iter().any(|key| key.eq_ignore_ascii_case(RELAY)) {
        let told = "the table of logins has this server as [smtp.mail.me.com]:587, and it must be written exactly alike, \
                    with brackets and port: otherwise Postfix finds no login for it";
        let mend = Edit { at: server.at(), with: RELAY.to_owned() };
        return trouble(server, Sure::Certain, told).mended_by([Some(mend)]);
    }
    let has_brackets = |server: &str| server.starts_with('[');
    let told = if alike.is_empty() {
        "the table of logins has no line for this server, so Postfix has no login for it: the line begins with the server \
         exactly as here; then run `sudo postmap` on the table, and `sudo postfix reload`"
    } else if has_brackets(server.text) && alike.iter().all(|key| !has_brackets(key)) {
        "the table of logins has this server without brackets, so Postfix finds no login for it: write it there exactly as \
         here, with brackets and port; then run `sudo postmap` on the table, and `sudo postfix reload`"
    } else {
        "the table of logins has this server in another form, so Postfix finds no login for it: write [smtp.mail.me.com]:587 \
         in both files, with brackets and port; then run `sudo postmap` on the table, and `sudo postfix reload`"
    };
    trouble(server, Sure::Certain, told)
}

/// A table of logins, as far as it could be read.
struct Table {
    at: usize,
    entries: Vec<Entry>,
    /// Why its entries are not known.
    unread: Option<Why>,
    is_missing: bool,
    compiled: Compiled,
}

impl Table {
    /// What is wrong with what postmap(1) made of it.
    fn is_stale(&self, server: Word) -> Option<Remark> {
        match self.compiled {
            Compiled::Older => Some(trouble(
                server,
                Sure::Likely,
                "the table of logins was changed after it was compiled, and Postfix uses the compiled one: run `sudo postmap` \
                 on it, and `sudo postfix reload`",
            )),
            Compiled::Missing => Some(trouble(
                server,
                Sure::Certain,
                "the table of logins is not compiled, and Postfix uses the compiled one (`.db`): run `sudo postmap` on it, \
                 and `sudo postfix reload`",
            )),
            _ => None,
        }
    }
}

/// A line of a table.
struct Entry {
    key: String,
    login: String,
    has_password: bool,
}

impl Entry {
    fn new(key: &str, login: Word) -> Self {
        let (login, has_password) = match login.split_once(":") {
            Some((login, password)) => (login.text, !password.text.is_empty()),
            None => (login.text, false),
        };
        Self { key: key.to_owned(), login: login.to_owned(), has_password }
    }

    /// Postfix looks for the name of the server alone, and for the whole of relayhost as it is written
    /// (`smtp_sasl_passwd_lookup`).
    fn is_of(&self, server: Word, by_sender: bool) -> bool {
        let is = |other: Word| self.key.eq_ignore_ascii_case(other.text);
        is(server) || is(parts_of_server(server).0) || by_sender && self.key.contains('@')
    }

    fn lacks(&self, server: Word) -> Option<Remark> {
        if !self.has_password {
            let told = "the line for this server in the table of logins has no password: it is SERVER LOGIN:PASSWORD";
            return Some(trouble(server, Sure::Likely, told));
        }
        let is_part = !self.login.contains('@') && address_kind(&self.login) != AddressKind::Icloud;
        let told = "in the table of logins, the login name for this server is only the part before the @, and sending needs \
                    the full address";
        is_part.then(|| Remark::trouble(cause!("smtp-username-form"), Sure::Likely, server.start, told))
    }
}

/// The tables in their order, without `static:`, which is a login and not a table.
fn tables(maps: &Value, path: &Path, computer: &Computer) -> Vec<Table> {
    let mut tables = Vec::new();
    for word in &maps.words {
        let kind = word.text.trim_start_matches("proxy:");
        if let Some((server, login)) = word.split_once("=") {
            let server = server.text.trim_start_matches("inline:").trim_start_matches('{');
            let login = login.until(login.text.find('}').unwrap_or(login.text.len()));
            tables.push(Table { entries: vec![Entry::new(server, login)], ..Table::at(word.start) });
        } else if !["static:", "inline:", "{", "}"].iter().any(|other| kind.starts_with(other)) {
            tables.push(Table::of(*word, kind, path, computer));
        }
    }
    tables
}

impl Table {
    fn at(at: usize) -> Self {
        Self { at, entries: Vec::new(), unread: None, is_missing: false, compiled: Compiled::NotNeeded }
    }

    /// Reads the table with the type and the name that main.cf gives it.
    fn of(word: Word, named: &str, main: &Path, computer: &Computer) -> Self {
        // Only texts can be read; DATABASE_README, "Postfix lookup table types". Without a type, it is the system's own.
        let (kind, named) = named.split_once(':').unwrap_or(("hash", named));
        let table = Self::at(word.start);
        let is_text = ["hash", "btree", "texthash", "lmdb", "cdb", "dbm", "sdbm", "$default_database_type"];
        if !is_text.contains(&kind) {
            return Self { unread: Some(Why::Elsewhere), ..table };
        }
        match (computer.table)(named, main) {
            computer::Table::Read { text, compiled } => {
                let compiled = if kind == "texthash" { Compiled::NotNeeded } else { compiled };
                Self { entries: entries(&text), compiled, ..table }
            }
            computer::Table::Missing => Self { is_missing: true, ..table },
            computer::Table::Unread => Self { unread: Some(Why::Elsewhere), ..table },
        }
    }
}

fn entries(text: &str) -> Vec<Entry> {
    sasl_passwd::entries(text).map(|(server, login)| Entry::new(server.text, login)).collect()
}
