//! Nix: accounts of home-manager (`accounts.email.accounts.NAME`), from which it writes the files of many mail programs,
//! and those of NixOS's msmtp.

use std::collections::BTreeMap;

use super::nixos;
use crate::review::account::{Account, Edit, Encryption, Settings, Spoken, Stated};
use crate::review::lines::{Word, closing};
use crate::review::secrets::Secrets;
use crate::review::switch::switch;
use crate::review::tree::{Leaf, leaves};

/// The options of an account, by their paths below it.
const OPTIONS: [&str; 10] = [
    "imap.host",
    "imap.port",
    "imap.tls.enable",
    "imap.tls.useStartTls",
    "smtp.host",
    "smtp.port",
    "smtp.tls.enable",
    "smtp.tls.useStartTls",
    "userName",
    "passwordCommand",
];

type Options<'t> = BTreeMap<&'static str, Leaf<'t>>;

pub(super) fn read(text: &str) -> Settings {
    let mut secrets = Secrets::default();
    let mut accounts: BTreeMap<String, Options> = BTreeMap::new();
    for leaf in leaves(text) {
        if let Some(key) = leaf.keys.last() {
            secrets.note(key.text, leaf.value);
        }
        secrets.note_url(leaf.value);
    }
    let plain = without_texts(text);
    let leaves = leaves(&plain);
    let nixos = nixos::accounts(&leaves);
    for leaf in leaves {
        let path = leaf.keys.iter().map(|key| key.text).collect::<Vec<_>>().join(".");
        let split = |option: &&'static str| Some((path.strip_suffix(*option)?.strip_suffix('.')?, *option));
        if let Some((name, option)) = OPTIONS.iter().find_map(split) {
            accounts.entry(name.to_owned()).or_default().insert(option, leaf);
        }
    }
    // Other modules have options with such names, and other defaults.
    let accounts = accounts.values().filter(|_| text.contains("accounts.email"));
    let servers = accounts.flat_map(|options| {
        [server(options, "imap", Spoken::Imap, text), server(options, "smtp", Spoken::Smtp, text)].into_iter().flatten()
    });
    Settings::of(servers.chain(nixos), secrets)
}

/// home-manager's modules/accounts/email.nix: TLS from the first byte, unless STARTTLS is switched on.
fn server(options: &Options, side: &str, spoken: Spoken, text: &str) -> Option<Account> {
    let leaf = |option: &str| options.get(format!("{side}.{option}").as_str());
    let word = |leaf: &Leaf<'_>| leaf.is_literal.then(|| leaf.value.said());
    let host = leaf("host")?;
    let (enable, starttls) = (leaf("tls.enable"), leaf("tls.useStartTls"));
    let is_on = |said: Option<&Leaf>, usual: bool| said.map_or(Some(usual), |said| switch(said.value.text));
    let encryption = match (is_on(enable, true), is_on(starttls, false)) {
        (Some(false), _) => Encryption::Off,
        (Some(true), Some(false)) => Encryption::Tls,
        (Some(true), Some(true)) => Encryption::Starttls,
        _ => Encryption::Unknown,
    };
    let is_smtp = spoken == Spoken::Smtp;
    // Programs differ in the port that they take by themselves.
    let usual = match (is_smtp, encryption) {
        (true, Encryption::Tls) => 465,
        (false, Encryption::Tls) => 993,
        _ => 0,
    };
    let mut account = Account::new(spoken, word(host)?, usual, encryption);
    if let Some(port) = leaf("port").filter(|port| port.value.text != "null") {
        account.port = port.value.port(if is_smtp { 587 } else { 993 });
    }
    let turned = |said: Option<&Leaf>, right: bool| {
        said.filter(|said| switch(said.value.text) == Some(!right))
            .map(|said| Edit { at: said.value.at(), with: right.to_string() })
    };
    let missing = || beside(enable.unwrap_or(host), text).filter(|_| is_smtp && starttls.is_none());
    let mends = [turned(enable, true), turned(starttls, is_smtp).or_else(missing)];
    let at = starttls.or(enable).map(|said| said.value.at());
    account.encrypt(Stated { is: encryption, at, mend: None }, mends.into_iter().flatten());
    account.login = options.get("userName").and_then(word);
    account.password_command = options.get("passwordCommand").and_then(word);
    Some(account)
}

/// The same text, with spaces in the strings of several lines (`''…''`): they are not Nix, and may have quotes in them.
fn without_texts(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find(['"', '\'', '#', '/']) {
        let (before, from) = rest.split_at(begin);
        out.push_str(before);
        let is_text = from.starts_with("''");
        let length = if is_text {
            end_of_text(from)
        } else if from.starts_with('"') {
            closing(from.get(1..).unwrap_or_default(), '"').map_or(from.len(), |end| end + 2)
        } else if from.starts_with('#') {
            from.find('\n').unwrap_or(from.len())
        } else if from.starts_with("/*") {
            from.find("*/").map_or(from.len(), |end| end + 2)
        } else {
            1
        };
        let (part, after) = from.split_at_checked(length).unwrap_or((from, ""));
        if is_text {
            let blank = |letter: char| std::iter::repeat_n(if letter == '\n' { '\n' } else { ' ' }, letter.len_utf8());
            out.extend(part.chars().flat_map(blank));
        } else {
            out.push_str(part);
        }
        rest = after;
    }
    out + rest
}

/// Where such a string ends: at two quotes that nothing after them makes a part of it.
fn end_of_text(text: &str) -> usize {
    let mut at = 2;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("''")) {
        let end = at + found + 2;
        match text.get(end..).and_then(|rest| rest.chars().next()) {
            Some(letter @ ('\'' | '$' | '\\')) => at = end + letter.len_utf8(),
            _ => return end,
        }
    }
    text.len()
}

/// A change that switches STARTTLS on, before the option that is on its line: `host` or `tls.enable`.
fn beside(option: &Leaf, text: &str) -> Option<Edit> {
    let key: &Word = option.keys.last()?;
    let name = match key.text.strip_suffix("enable") {
        Some(before) => format!("{before}useStartTls"),
        None => format!("{}tls.useStartTls", key.text.strip_suffix("host")?),
    };
    let start = text.get(..key.start)?.rfind('\n').map_or(0, |end| end + 1);
    let indent = text.get(start..key.start)?;
    Some(match indent.trim().is_empty() {
        true => Edit { at: start..start, with: format!("{indent}{name} = true;\n") },
        false => Edit { at: key.start..key.start, with: format!("{name} = true; ") },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::mend::applied;

    #[test]
    fn starttls_is_switched_on_where_the_account_is_written() {
        for (text, expected) in [
            (
                "{ accounts.email.accounts.a = {\n  smtp = {\n    host = \"h\";\n    port = 587;\n  };\n}; }\n",
                "{ accounts.email.accounts.a = {\n  smtp = {\n    tls.useStartTls = true;\n    host = \"h\";\n    port = 587;\n  };\n}; }\n",
            ),
            (
                "{ accounts.email.accounts.a.smtp.host = \"h\"; }",
                "{ accounts.email.accounts.a.smtp.tls.useStartTls = true; accounts.email.accounts.a.smtp.host = \"h\"; }",
            ),
            (
                "accounts.email.accounts.a = { smtp = { host = \"h\"; tls = { enable = false; }; }; };",
                "accounts.email.accounts.a = { smtp = { host = \"h\"; tls = { useStartTls = true; enable = true; }; }; };",
            ),
            (
                "accounts.email.accounts.a.imap = { host = \"h\"; tls.useStartTls = true; };",
                "accounts.email.accounts.a.imap = { host = \"h\"; tls.useStartTls = false; };",
            ),
        ] {
            let account = read(text).accounts.remove(0);
            let mends: Vec<Edit> = account.encryption.mend.iter().chain(&account.along).cloned().collect();
            assert_eq!(applied(text, &mends), expected);
        }
    }

    #[test]
    fn an_account_has_the_defaults_of_home_manager() {
        let text = "accounts.email.accounts.\"you@x\" = { userName = \"you\"; imap.host = \"i\"; smtp = { host = \"s\"; port = 587; \
                    tls.useStartTls = true; }; };";
        let accounts = read(text).accounts;
        let found: Vec<_> = accounts.iter().map(|account| (account.port.is, account.encryption.is)).collect();
        assert_eq!(found, [(993, Encryption::Tls), (587, Encryption::Starttls)]);
        assert_eq!(accounts[1].login.as_ref().unwrap().is, "you");
        assert_eq!(read("services.mailer = { smtp.host = \"h\"; };").accounts, []);
    }

    #[test]
    fn a_text_within_nix_is_no_setting() {
        let text = "{ a = ''it's ''${x} \"no ''' '';\n # it's\n b = \"it's\"; é = ''é\n''; /* ' */ c = 1; }";
        let plain = without_texts(text);
        assert_eq!(plain.len(), text.len());
        assert!(plain.contains("# it's\n b = \"it's\"; é =") && plain.contains("/* ' */ c = 1; }"), "{plain}");
        assert!(!plain.contains("no") && plain.matches('\n').count() == 3, "{plain}");
        let account = "accounts.email.accounts.a = { smtp = { host = \"h\"; tls.useStartTls = true; }; };";
        let text = account.replace("tls", "x = ''it's''; tls");
        assert_eq!(read(&text).accounts[0].encryption.is, Encryption::Starttls);
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(
            read,
            "accounts.email.accounts.a = { smtp = { host = \"é\"; tls = { enable = true; }; }; passwordCommand = \"é\"; };",
        );
    }
}
