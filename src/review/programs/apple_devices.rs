//! Apple's configuration profiles: in each payload of Mail, keys for the incoming server and for the outgoing one.

use std::collections::HashMap;

use crate::review::account::{Account, Edit, Encryption, Settings, Spoken, Stated};
use crate::review::xml::{Document, Element};

pub(super) fn read(text: &str) -> Result<Settings, String> {
    if let Some(why) = binary(text) {
        return Err(why.to_owned());
    }
    let mut document = Document::of(text)?;
    let mut secrets = std::mem::take(&mut document.secrets);
    let payloads: Vec<Payload> = document.every("dict").map(|dict| Payload::of(&document, dict, text)).collect();
    for (key, value) in payloads.iter().flat_map(|payload| &payload.said) {
        secrets.note(key, value.content);
    }
    let accounts = payloads.iter().flat_map(|payload| {
        let is_pop = payload.find("EmailAccountType").is_some_and(|kind| kind.content.text == "EmailTypePOP");
        let incoming = if is_pop { Spoken::Pop } else { Spoken::Imap };
        [payload.account("Incoming", incoming), payload.account("Outgoing", Spoken::Smtp)].into_iter().flatten()
    });
    Ok(Settings::of(accounts, secrets))
}

/// Why a file that is not text cannot be read. A signature is a sequence in DER; its bytes were read as single characters.
fn binary(text: &str) -> Option<&'static str> {
    let is_sequence = |rest: &str| rest.starts_with(|length: char| ('\u{80}'..='\u{84}').contains(&length));
    if text.strip_prefix('0').is_some_and(is_sequence) {
        return Some(
            "it is a signed profile and so a binary file, with the text inside the signature; take the text out with \
             `openssl cms -verify -noverify -inform DER -in FILE -out PLAIN`",
        );
    }
    text.starts_with("bplist")
        .then_some("it is a property list in its binary form; on a Mac, `plutil -convert xml1 FILE` makes it readable")
}

/// The keys of a `<dict>`, each with the element after it.
struct Payload<'d, 't> {
    text: &'t str,
    keys: HashMap<&'t str, &'d Element<'t>>,
    said: HashMap<&'t str, &'d Element<'t>>,
}

impl<'d, 't> Payload<'d, 't> {
    fn of(document: &'d Document<'t>, dict: &'d Element<'t>, text: &'t str) -> Self {
        let (mut keys, mut said) = (HashMap::new(), HashMap::new());
        let mut open = None;
        for element in document.children(dict) {
            if element.name == "key" {
                keys.insert(element.content.text, element);
                open = Some(element.content.text);
            } else if let Some(key) = open.take() {
                said.insert(key, element);
            }
        }
        Self { text, keys, said }
    }

    fn find(&self, key: &str) -> Option<&'d Element<'t>> {
        self.said.get(key).copied()
    }

    /// Apple's description of the payload com.apple.mail.managed.
    fn account(&self, side: &str, spoken: Spoken) -> Option<Account> {
        let of = |setting: &str| self.find(&format!("{side}MailServer{setting}"));
        let port = of("PortNumber").and_then(Element::value);
        let is_smtp = spoken == Spoken::Smtp;
        let ssl = format!("{side}MailServerUseSSL");
        let encryption = match self.find(&ssl).map_or("false", |said| said.name) {
            // Mail uses STARTTLS on the ports that are meant for it.
            "true" if is_smtp && port.is_some_and(|port| port.text == "465") => Encryption::Tls,
            "true" if is_smtp || port.is_some_and(|port| port.text == "143") => Encryption::Starttls,
            "true" => Encryption::Tls,
            "false" => Encryption::Off,
            _ => Encryption::Unknown,
        };
        // "If not set, the system uses ports 25, 587, and 465, in that order": one of them is right.
        let usual = match (spoken, encryption) {
            (Spoken::Smtp, _) => 587,
            (Spoken::Imap, Encryption::Tls) => 993,
            (Spoken::Imap, _) => 143,
            (Spoken::Pop, _) => 995,
        };
        let mut account = Account::new(spoken, of("HostName")?.said()?, usual, encryption);
        if let Some(port) = port {
            account.port = port.port(if is_smtp { 587 } else { 993 });
        }
        account.encryption = match self.find(&ssl) {
            // On the right port, "true" is right.
            Some(said) if said.name == "true" => Stated::at(encryption, said.place.clone()),
            Some(said) => Stated::at(encryption, said.place.clone()).rightly("<true/>"),
            None => Stated { mend: self.beside(&format!("{side}MailServerHostName"), &ssl), ..account.encryption },
        };
        account.login = of("Username").and_then(Element::said);
        account.password = self.find(&format!("{side}Password")).and_then(Element::value).map(|word| word.at());
        let way = of("Authentication").and_then(Element::value);
        let is_one_of = |names: &[&str]| way.filter(|way| names.contains(&way.text));
        let mended = |names: &[&str]| Some(Stated::at((), is_one_of(names)?.at()).rightly("EmailAuthPassword"));
        account.no_plain = mended(&["EmailAuthCRAMMD5", "EmailAuthNTLM", "EmailAuthHTTPMD5"]);
        account.no_sign_in = mended(&["EmailAuthNone"]).filter(|_| is_smtp);
        Some(account)
    }

    /// A change that switches this key on, before another one: as a line if that one begins a line.
    fn beside(&self, before: &str, key: &str) -> Option<Edit> {
        let at = self.keys.get(before)?.place.start;
        let start = self.text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
        let indent = self.text.get(start..at)?;
        let with = format!("<key>{key}</key><true/>");
        Some(match indent.trim().is_empty() {
            true => Edit { at: start..start, with: format!("{indent}{with}\n") },
            false => Edit { at: at..at, with },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::mend::applied;

    fn profile(keys: &str) -> String {
        format!("<plist><dict>\n  <key>OutgoingMailServerHostName</key>\n  <string>h</string>\n{keys}</dict></plist>\n")
    }

    fn way(keys: &str) -> (u16, Encryption) {
        let account = read(&profile(keys)).unwrap().accounts.remove(0);
        (account.port.is, account.encryption.is)
    }

    #[test]
    fn ssl_is_starttls_on_the_port_for_it() {
        let port = |port: u16| {
            let keys = format!("<key>OutgoingMailServerPortNumber</key><integer>{port}</integer>");
            way(&format!("{keys}<key>OutgoingMailServerUseSSL</key><true/>"))
        };
        assert_eq!(port(465), (465, Encryption::Tls));
        assert_eq!(port(587), (587, Encryption::Starttls));
        assert_eq!(way(""), (587, Encryption::Off));
        assert_eq!(way("<key>OutgoingMailServerUseSSL</key><string>yes</string>").1, Encryption::Unknown);
    }

    #[test]
    fn a_key_that_is_missing_is_put_before_the_server() {
        let mended = |text: &str| {
            let account = read(text).unwrap().accounts.remove(0);
            applied(text, &Vec::from_iter(account.encryption.mend))
        };
        let (text, key) = (profile(""), "<key>OutgoingMailServerUseSSL</key><true/>");
        assert!(mended(&text).starts_with(&format!("<plist><dict>\n  {key}\n  <key>OutgoingMailServerHostName")));
        let packed = text.replace('\n', "");
        assert!(mended(&packed).starts_with(&format!("<plist><dict>  {key}<key>OutgoingMailServerHostName")));
    }

    #[test]
    fn what_is_binary_is_said_to_be() {
        assert!(read("0\u{82}\u{1b}\u{80}<plist>").unwrap_err().contains("signed profile"));
        assert!(read("0\u{80}\u{6}\t*").unwrap_err().contains("signed profile"));
        assert!(read("bplist00").unwrap_err().contains("binary"));
        assert!(!read("0123").unwrap_err().contains("signed"));
    }

    #[test]
    fn anything_can_be_read() {
        crate::review::properties::withstands(
            |text| read(text).unwrap_or_default(),
            &profile("<key>OutgoingPassword</key><string>é</string><key>PayloadContent</key><array><dict/></array>"),
        );
    }
}
