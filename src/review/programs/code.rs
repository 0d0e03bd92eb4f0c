//! Program code and settings in the form of code: the calls of the usual libraries with literal arguments, and
//! constants with the usual names.

use std::collections::HashMap;

use super::environment::{self, Line};
use crate::review::account::{Account, Encryption, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::tree::{Leaf, leaves};

/// JavaScript: Nodemailer's `createTransport`, `new ImapFlow`, and objects named like settings.
pub(super) fn javascript(text: &str) -> Settings {
    let leaves = resolved(text);
    let lines = leaves.iter().filter_map(|leaf| {
        let call = |name: &str| leaf.keys.iter().position(|key| key.text.rsplit('.').next() == Some(name));
        // Nodemailer's own names, with its defaults.
        let options = ["createTransport", "createTransporter"].into_iter().find_map(call);
        match (options, call("ImapFlow")) {
            (Some(at), _) => line(leaf, at, &NODEMAILER),
            (None, Some(at)) => line(leaf, at, &IMAPFLOW),
            (None, None) => plain(leaf),
        }
    });
    without_guesses(environment::of(text, lines.collect()))
}

/// The options of a library, and the variables with the same meaning.
type Options = [(&'static str, &'static str)];

const NODEMAILER: [(&str, &str); 8] = [
    ("host", "MAIL_OPTIONS_HOST"),
    ("port", "MAIL_OPTIONS_PORT"),
    ("secure", "MAIL_OPTIONS_SECURE"),
    ("requireTLS", "MAIL_OPTIONS_REQUIRE_TLS"),
    ("ignoreTLS", "MAIL_OPTIONS_IGNORE_TLS"),
    ("auth/user", "MAIL_OPTIONS_USER"),
    ("auth/pass", "MAIL_OPTIONS_PASSWORD"),
    ("tls/rejectUnauthorized", "MAIL_OPTIONS_REJECT_UNAUTHORIZED"),
];
const IMAPFLOW: [(&str, &str); 6] = [
    ("host", "IMAP_HOST"),
    ("port", "IMAP_PORT"),
    ("secure", "IMAP_SECURE"),
    ("auth/user", "IMAP_USER"),
    ("auth/pass", "IMAP_PASSWORD"),
    ("tls/rejectUnauthorized", "IMAP_REJECT_UNAUTHORIZED"),
];
/// `PHPMailer`'s properties; its `SMTPSecure` means the same as Laravel's word.
const PHPMAILER: [(&str, &str); 5] = [
    ("Host", "SMTP_HOST"),
    ("Port", "SMTP_PORT"),
    ("SMTPSecure", "SMTP_SECURE"),
    ("Username", "SMTP_USER"),
    ("Password", "SMTP_PASSWORD"),
];
/// Nextcloud's config.php; without `mail_smtpsecure`, STARTTLS is used where it is offered.
const NEXTCLOUD: [(&str, &str); 5] = [
    ("mail_smtphost", "MAIL_OPTIONS_HOST"),
    ("mail_smtpport", "MAIL_OPTIONS_PORT"),
    ("mail_smtpsecure", "MAIL_OPTIONS_SECURE"),
    ("mail_smtpname", "MAIL_OPTIONS_USER"),
    ("mail_smtppassword", "MAIL_OPTIONS_PASSWORD"),
];
/// WP Mail SMTP's constants.
const WORDPRESS: [(&str, &str); 5] = [
    ("WPMS_SMTP_HOST", "SMTP_HOST"),
    ("WPMS_SMTP_PORT", "SMTP_PORT"),
    ("WPMS_SSL", "SMTP_SECURE"),
    ("WPMS_SMTP_USER", "SMTP_USER"),
    ("WPMS_SMTP_PASS", "SMTP_PASSWORD"),
];

/// PHP: `PHPMailer`'s properties, Nextcloud's and `WordPress`'s settings, and constants named like settings.
pub(super) fn php(text: &str) -> Settings {
    let leaves = resolved(text);
    let mut objects: HashMap<&str, usize> = HashMap::new();
    let mut lines = Vec::new();
    for (nth, leaf) in leaves.iter().enumerate() {
        let Some(own) = leaf.keys.last() else { continue };
        if let Some((object, property)) = own.text.rsplit_once("->") {
            let first = *objects.entry(object).or_insert(own.start);
            let above = Word { text: "SMTP", start: first };
            let option = PHPMAILER.iter().find(|(name, _)| *name == property);
            lines.extend(option.map(|(_, name)| made(leaf, Word { text: name, ..*own }, vec![above])));
        } else if let Some((_, name)) = NEXTCLOUD.iter().find(|(name, _)| *name == own.text) {
            lines.push(made(leaf, Word { text: name, ..*own }, Vec::new()));
        } else if own.text == "#1" && leaf.keys.iter().rev().nth(1).is_some_and(|call| call.text == "define") {
            // define("NAME", value)
            let Some(name) = nth.checked_sub(1).and_then(|before| leaves.get(before)) else { continue };
            let known = WORDPRESS.iter().find(|(own, _)| *own == name.value.text);
            let key = known.map_or(name.value, |(_, text)| Word { text, ..name.value });
            lines.push(made(leaf, key, Vec::new()));
        } else {
            lines.extend(plain(leaf));
        }
    }
    without_guesses(environment::of(text, lines))
}

/// JSON of .NET: the sections of appsettings.json.
pub(super) fn json(text: &str) -> Settings {
    let leaves = leaves(text);
    without_guesses(environment::of(text, leaves.iter().filter_map(plain).collect()))
}

/// Terraform: blocks and variables with the usual names, such as Keycloak's `smtp_server`, and variables of containers.
pub(super) fn terraform(text: &str) -> Settings {
    let leaves = resolved(text);
    // `var.password` is a reference: a value is in quotes.
    let is_reference =
        |leaf: &&Leaf| !leaf.is_text && leaf.keys.last().is_some_and(|key| environment::is_login(key.text));
    let lines = leaves.iter().filter(|leaf| !is_reference(leaf)).filter_map(plain);
    without_guesses(environment::of(text, lines.collect()))
}

/// Python: smtplib, imaplib and their like, and constants named like settings, such as Django's.
pub(super) fn python(text: &str) -> Settings {
    let leaves = resolved(text);
    let is_in_call = |leaf: &&Leaf| leaf.keys.iter().rev().nth(1).is_some_and(|call| constructor(call.text).is_some());
    let mut settings =
        environment::of(text, leaves.iter().filter(|leaf| !is_in_call(leaf)).filter_map(plain).collect());
    let is_starttls = text.contains(".starttls(");
    let (mut calls, mut places) = (Vec::<(Word, Vec<&Leaf>)>::new(), HashMap::new());
    for leaf in &leaves {
        let [.., call, _] = leaf.keys.as_slice() else { continue };
        // An argument may be a call itself.
        let nth = *places.entry(call.start).or_insert(calls.len());
        match calls.get_mut(nth) {
            Some((_, arguments)) => arguments.push(leaf),
            None => calls.push((*call, vec![leaf])),
        }
    }
    let accounts = calls.iter().filter_map(|(call, arguments)| python_call(*call, arguments, is_starttls));
    settings.accounts.extend(accounts.take(Settings::MOST_ACCOUNTS));
    without_guesses(settings)
}

/// What a constructor of a library speaks, its default port, and whether TLS comes first.
fn constructor(call: &str) -> Option<(Spoken, u16, bool)> {
    match call.rsplit('.').next()? {
        "SMTP_SSL" => Some((Spoken::Smtp, 465, true)),
        "SMTP" => Some((Spoken::Smtp, 25, false)),
        "IMAP4_SSL" => Some((Spoken::Imap, 993, true)),
        "IMAP4" => Some((Spoken::Imap, 143, false)),
        "POP3_SSL" => Some((Spoken::Pop, 995, true)),
        "POP3" => Some((Spoken::Pop, 110, false)),
        _ => None,
    }
}

fn python_call(call: Word, arguments: &[&Leaf], is_starttls: bool) -> Option<Account> {
    let (spoken, port, is_tls) = constructor(call.text)?;
    let encryption = match (is_tls, is_starttls) {
        (true, _) => Encryption::Tls,
        (false, true) => Encryption::Starttls,
        (false, false) => Encryption::Off,
    };
    let argument =
        |names: [&str; 3]| arguments.iter().find(|leaf| leaf.keys.last().is_some_and(|key| names.contains(&key.text)));
    let host = argument(["#0", "host", "hostname"]).filter(|host| host.is_literal && host.is_text)?;
    let mut account = Account::new(spoken, host.value.said(), port, encryption);
    if let Some(port) = argument(["#1", "port", "port"]) {
        account.port = port.value.port(if spoken == Spoken::Smtp { 587 } else { 993 });
    }
    // aiosmtplib has the same name, with switches of its own.
    let switched = ["use_tls", "start_tls"].iter().find_map(|name| argument([name, name, name]));
    account.encryption = match switched {
        Some(switch) => Stated::at(Encryption::Unknown, switch.value.at()),
        None => Stated::at(encryption, host.value.at()),
    };
    Some(account)
}

/// The leaves, with the value of a constant in the place of its name.
fn resolved(text: &str) -> Vec<Leaf<'_>> {
    let mut leaves = leaves(text);
    let mut constants: HashMap<&str, Option<(Word, bool)>> = HashMap::new();
    for leaf in &leaves {
        let [name] = leaf.keys.as_slice() else { continue };
        let value = leaf.is_literal.then_some((leaf.value, leaf.is_text));
        // What is assigned twice has no certain value.
        constants.entry(name.text).and_modify(|known| *known = None).or_insert(value);
    }
    for leaf in &mut leaves {
        let value = constants.get(leaf.value.text).filter(|_| leaf.is_literal && !leaf.is_text && leaf.keys.len() > 1);
        if let Some(Some((value, is_text))) = value {
            (leaf.value, leaf.is_text) = (*value, *is_text);
        }
    }
    leaves
}

/// The option of the call that is at this place among the names.
fn line<'t>(leaf: &Leaf<'t>, call: usize, options: &Options) -> Option<Line<'t>> {
    let path = leaf.keys.get(call + 1..)?.iter().map(|key| key.text).collect::<Vec<_>>().join("/");
    let key = *leaf.keys.last()?;
    let (_, text) = options.iter().find(|(option, _)| *option == path)?;
    Some(made(leaf, Word { text, ..key }, vec![*leaf.keys.get(call)?]))
}

/// A name that is understood as it is.
fn plain<'t>(leaf: &Leaf<'t>) -> Option<Line<'t>> {
    let (key, above) = leaf.keys.split_last()?;
    // An argument without a name says nothing.
    (!key.text.starts_with('#')).then(|| made(leaf, *key, above.to_vec()))
}

fn made<'t>(leaf: &Leaf<'t>, key: Word<'t>, below: Vec<Word<'t>>) -> Line<'t> {
    let is_known = super::environment::is_login(key.text);
    // A login that is computed is not one.
    let is_quoted = is_known && !leaf.is_literal;
    Line { key, value: leaf.value, whole: leaf.value, start: key.start, below, begins_item: false, is_quoted }
}

/// Without the changes that depend on more than the value: what a call needs besides is not known here.
fn without_guesses(mut settings: Settings) -> Settings {
    for account in &mut settings.accounts {
        let wanted = if account.spoken == Spoken::Smtp { Encryption::Starttls } else { Encryption::Tls };
        if account.encryption.is != wanted {
            account.port.mend = None;
        }
        account.encryption.mend = None;
        account.along.clear();
        account.is_verified.mend = None;
        account.no_plain = account.no_plain.take().map(|said| Stated { mend: None, ..said });
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::properties::withstands;

    fn way(settings: Settings) -> Vec<(String, u16, Encryption)> {
        settings.accounts.into_iter().map(|it| (it.host.is, it.port.is, it.encryption.is)).collect()
    }

    #[test]
    fn calls_of_python_are_read() {
        use Encryption::{Off, Starttls, Tls};
        let of = |text: &str| way(python(text));
        let one = |port: u16, encryption: Encryption| vec![("h.x".to_owned(), port, encryption)];
        assert_eq!(of("s = smtplib.SMTP_SSL('h.x', 587)\n"), one(587, Tls));
        assert_eq!(of("s = smtplib.SMTP('h.x', 587)\ns.starttls(context=c)\n"), one(587, Starttls));
        assert_eq!(of("H = 'h.x'\nP = 587\ns = smtplib.SMTP(H, P)\n"), one(587, Off));
        assert_eq!(of("with IMAP4(host='h.x') as m:\n    pass\n"), one(143, Off));
        assert_eq!(of("m = imaplib.IMAP4_SSL('h.x', int(os.environ['P']))\n"), one(0, Tls));
        assert_eq!(of("m = imaplib.IMAP4_SSL(host())\n"), []);
        assert_eq!(of("EMAIL_HOST = 'h.x'\nEMAIL_PORT = 587\nEMAIL_USE_TLS = True\n"), one(587, Starttls));
        assert_eq!(of("EMAIL_HOST = 'h.x'\nEMAIL_PORT = int(os.environ['P'])\nEMAIL_USE_SSL = True\n"), one(0, Tls));
    }

    #[test]
    fn options_of_javascript_are_read() {
        use Encryption::{Off, Starttls, Tls, Unknown};
        let of = |options: &str| {
            way(javascript(&format!("let t = n.createTransport({{ host: 'h.x', {options} }});\n"))).remove(0)
        };
        let one = |port: u16, encryption: Encryption| ("h.x".to_owned(), port, encryption);
        assert_eq!(of("port: 587, secure: false"), one(587, Starttls));
        assert_eq!(of("port: 587, secure: true, auth: { user: 'u', pass: process.env.P }"), one(587, Tls));
        assert_eq!(of("port: 587"), one(587, Starttls));
        assert_eq!(of("port: 587, ignoreTLS: true"), one(587, Off));
        assert_eq!(of("port: process.env.PORT, secure: x()"), one(0, Unknown));
        assert_eq!(way(javascript("new ImapFlow({ host: 'h.x', port: 993, secure: true })")), [one(993, Tls)]);
    }

    #[test]
    fn settings_in_php_are_read() {
        use Encryption::{Starttls, Tls};
        let one = |port: u16, encryption: Encryption| [("h.x".to_owned(), port, encryption)];
        let mailer = "$mail->Host = 'h.x';\n$mail->SMTPAuth = true;\n$mail->Port = 587;\n$mail->SMTPSecure = ";
        assert_eq!(way(php(&format!("{mailer}PHPMailer::ENCRYPTION_SMTPS;\n"))), one(587, Tls));
        assert_eq!(way(php(&format!("{mailer}'tls';\n"))), one(587, Starttls));
        let cloud = "$CONFIG = array ('mail_smtphost' => 'h.x', 'mail_smtpport' => '587', 'mail_smtpsecure' => ";
        assert_eq!(way(php(&format!("{cloud}'ssl');\n"))), one(587, Tls));
        assert_eq!(way(php(&format!("{cloud}'tls');\n"))), one(587, Starttls));
        let word = "define('WPMS_SMTP_HOST', 'h.x'); define('WPMS_SMTP_PORT', 587); define('WPMS_SSL', 'ssl');";
        assert_eq!(way(php(word)), one(587, Tls));
    }

    #[test]
    fn sections_of_json_are_read() {
        let text = "{ \"Smtp\": { \"Host\": \"h.x\", \"Port\": 587, \"SecureSocketOptions\": \"SslOnConnect\" } }";
        assert_eq!(way(json(text)), [("h.x".to_owned(), 587, Encryption::Tls)]);
    }

    #[test]
    fn blocks_of_terraform_are_read() {
        let block = |rest: &str| {
            way(terraform(&format!("resource \"a\" \"b\" {{\n smtp_server {{\n  host = \"h.x\"\n{rest} }}\n}}\n")))
        };
        let one = |port: u16, encryption: Encryption| [("h.x".to_owned(), port, encryption)];
        assert_eq!(block("  port = 587\n  starttls = true\n"), one(587, Encryption::Starttls));
        assert_eq!(block("  port = \"587\"\n  ssl = true\n  starttls = false\n"), one(587, Encryption::Tls));
        let settings = terraform("env = {\n SMTP_HOST = \"h.x\"\n SMTP_PASSWORD = var.secret\n}\n");
        assert_eq!(settings.accounts[0].password, None);
    }

    #[test]
    fn anything_can_be_read() {
        withstands(terraform, "resource \"a\" \"b\" {\n  smtp { host = \"h.x\" # é\n port = var.x }\n}\n");
        withstands(javascript, "let t = n.createTransport({ host: 'h.x', port: 587, auth: { user: `u` } }); // é\n");
        withstands(php, "<?php $m->Host = \"h.x\"; define('A', [1, 'b' => 2]); /* é */\n");
        withstands(python, "H = '''h'''\nwith smtplib.SMTP(H, port=587) as s:\n    s.login('é', x[\"y\"])\n");
        withstands(json, "{ \"Smtp\": { \"Host\": \"h\", \"Port\": 587, \"é\": [1, null] } }\n");
    }
}
