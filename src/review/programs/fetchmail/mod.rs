//! fetchmail(1), "THE RUN CONTROL FILE": words that need no line breaks; `poll` begins a server, and `user` an account
//! there.

mod tokens;

use std::ops::Range;

use crate::review::account::{Account, Edit, Encryption, Settings, Spoken, Stated};
use crate::review::secrets::Secrets;
use tokens::{Token, tokens};

/// What was read so far about the current account.
#[derive(Clone, Default)]
struct Entry<'t> {
    host: Option<Stated<String>>,
    protocol: Option<&'t str>,
    port: Option<Stated<u16>>,
    /// True after `ssl`, and false after `no ssl`.
    is_ssl: Option<Stated<bool>>,
    version: Option<Stated<String>>,
    is_checked: Option<Stated<bool>>,
    login: Option<Stated<String>>,
    password: Option<Range<usize>>,
    /// The server is polled only once in this many rounds.
    rounds: u64,
    /// Where an option for the user can be inserted.
    option: Option<Edit>,
}

/// The state of reading.
struct Reading<'t> {
    text: &'t str,
    accounts: Vec<Account>,
    secrets: Secrets,
    /// What `defaults` sets for every server after it.
    defaults: Entry<'t>,
    server: Entry<'t>,
    user: Option<Entry<'t>>,
    is_in_defaults: bool,
    /// The last word of the current account.
    last: Option<Token<'t>>,
}

/// Words that take a value: the word after them is not an option, whatever it is.
const WITH_VALUE: &str = "aka antispam auth authenticate bad-header batchlimit bsmtp envelope esmtpname esmtppassword \
    expunge fastuidl fetchdomains fetchlimit fetchsizelimit folder folders interface limit local localdomains mda monitor \
    plugin plugout post postconnect pre preconnect principal properties qvirtual retrieve-error smtp smtpaddress smtphost \
    smtpname sslcert sslcertfile sslcertpath sslcommonname sslfingerprint sslkey timeout warnings";

pub(super) fn read(text: &str) -> Settings {
    let tokens = tokens(text);
    let (mut reading, mut rest) = (Reading::new(text), tokens.as_slice());
    let (mut daemon, mut covered) = (None, 0);
    while let Some((token, after)) = rest.split_first() {
        if let Some(value) = after.first()
            && reading.secrets.note(token.keyword(), value.word())
            && value.start() >= covered
        {
            // A password without quotes may contain characters that separate words elsewhere.
            let whole = value.whole(text);
            covered = whole.at().end;
            reading.secrets.note(token.keyword(), whole);
        }
        let taken = match (token.keyword(), after) {
            ("set", _) => {
                reading.end_server();
                if let [what, apart, ..] = after
                    && what.keyword() == "daemon"
                {
                    daemon = apart.text().parse::<u64>().ok().map(|seconds| Stated::at(seconds, apart.at()));
                }
                2
            }
            ("no", [option, ..]) => reading.deny(token, option),
            (keyword, _) => reading.take(keyword, token, after),
        };
        reading.last = taken.checked_sub(1).and_then(|last| after.get(last)).or(Some(token)).copied();
        rest = after.get(taken..).unwrap_or_default();
    }
    reading.end_server();
    for account in &mut reading.accounts {
        let rounds = account.every.take().map_or(1, |rounds| rounds.is);
        account.every = daemon.as_ref().map(|seconds| seconds.means(seconds.is.saturating_mul(rounds)));
    }
    Settings::of(reading.accounts, reading.secrets)
}

impl<'t> Reading<'t> {
    fn new(text: &'t str) -> Self {
        let (defaults, server) = (Entry::default(), Entry::default());
        Self {
            text,
            accounts: Vec::new(),
            secrets: Secrets::default(),
            defaults,
            server,
            user: None,
            is_in_defaults: false,
            last: None,
        }
    }

    /// The current account, or the settings for all accounts at the server.
    fn entry(&mut self) -> &mut Entry<'t> {
        self.user.as_mut().unwrap_or(&mut self.server)
    }

    /// Reads an option, and returns how many words after it belong to it.
    fn take(&mut self, keyword: &str, token: &Token<'t>, after: &[Token<'t>]) -> usize {
        let (value, next) = (after.first(), after.get(1).map_or("", Token::keyword));
        match (keyword, value) {
            ("poll" | "skip" | "server", Some(name)) => {
                self.end_server();
                self.server = Entry { host: Some(name.said()), ..self.defaults.clone() };
            }
            ("defaults", _) => {
                self.end_server();
                self.is_in_defaults = true;
                return 0;
            }
            ("via", Some(name)) => self.entry().host = Some(name.said()),
            ("proto" | "protocol", Some(name)) => self.entry().protocol = Some(name.text()),
            ("port" | "service", Some(port)) => self.entry().port = Some(Stated::at(number(port.text()), port.at())),
            ("interval", Some(rounds)) => self.entry().rounds = rounds.text().parse().unwrap_or(1),
            ("user" | "username", Some(name)) => {
                self.end_user();
                let login = (next != "here").then(|| name.said());
                self.user = Some(Entry { login, ..self.server.clone() });
            }
            ("is", Some(name)) if next == "there" => {
                self.entry().login = Some(name.said());
                return 2;
            }
            ("pass" | "password", Some(password)) => self.entry().password = Some(password.at()),
            ("sslproto", Some(version)) => {
                let mend = Some(Edit { at: token.start()..version.end, with: "ssl".to_owned() });
                self.entry().version = Some(Stated { mend, ..version.said() });
            }
            ("ssl", _) => {
                self.entry().is_ssl = Some(Stated::at(true, token.at()));
                return 0;
            }
            ("sslcertck", _) => {
                self.entry().is_checked = Some(Stated::at(true, token.at()));
                return 0;
            }
            (keyword, Some(_)) if WITH_VALUE.split(' ').any(|word| word == keyword) => {}
            _ => return 0,
        }
        1
    }

    /// Reads `no` and the option after it, and returns how many words after `no` that is.
    fn deny(&mut self, no: &Token<'t>, option: &Token<'t>) -> usize {
        let said = |with: &str| Some(Stated::at(false, no.start()..option.end).rightly(with));
        match option.keyword() {
            "ssl" => self.entry().is_ssl = said("ssl"),
            "sslcertck" => self.entry().is_checked = said("sslcertck"),
            _ => {}
        }
        1
    }

    fn end_user(&mut self) {
        if let Some(mut user) = self.user.take() {
            user.option = self.last.map(|last| last.option_after(self.text));
            if self.is_in_defaults {
                // A setting for several servers is not changed.
                let version = user.version.map(|version| Stated { mend: None, ..version });
                self.defaults = Entry { option: None, version, ..user };
            } else if self.accounts.len() <= Settings::MOST_ACCOUNTS {
                self.accounts.extend(user.account());
            }
        }
    }

    fn end_server(&mut self) {
        if self.user.is_none() {
            self.user = Some(self.server.clone());
        }
        self.end_user();
        self.server = Entry::default();
        self.is_in_defaults = false;
    }
}

/// A name from services(5), or a number.
fn number(port: &str) -> u16 {
    match port {
        "imap" | "imap2" => 143,
        "imaps" => 993,
        "pop3" => 110,
        "pop3s" => 995,
        other => other.parse().unwrap_or(0),
    }
}

impl Entry<'_> {
    fn account(self) -> Option<Account> {
        let spoken = match self.protocol.unwrap_or_default().to_lowercase().as_str() {
            "etrn" | "odmr" => return None,
            "pop2" | "pop3" | "apop" | "rpop" | "kpop" | "sdps" => Spoken::Pop,
            // fetchmail(1), "--protocol": AUTO tries IMAP first.
            _ => Spoken::Imap,
        };
        let encryption = self.encryption();
        // fetchmail(1), "SSL": the default port depends on ssl.
        let port = match (spoken, encryption.is) {
            (Spoken::Pop, Encryption::Tls) => 995,
            (Spoken::Pop, _) => 110,
            (_, Encryption::Tls) => 993,
            _ => 143,
        };
        let mut account = Account::new(spoken, self.host?, port, encryption.is);
        account.port = self.port.map_or(account.port, |port| port.rightly("993"));
        account.encryption = encryption;
        // fetchmail(1), "--sslcertck": the default since 6.4.0.
        account.is_verified = self.is_checked.unwrap_or(account.is_verified);
        account.login = self.login;
        account.password = self.password;
        account.every = (self.rounds > 1).then_some(Stated::by_itself(self.rounds));
        Some(account)
    }

    /// fetchmail(1), "--sslproto" and "--sslcertck": without ssl it uses STARTTLS, and requires it where a version is
    /// set or the certificate is checked; an empty version switches it off.
    fn encryption(&self) -> Stated<Encryption> {
        let is_checked = self.is_checked.as_ref().is_none_or(|said| said.is);
        let put_in = |said: Stated<Encryption>| Stated { mend: self.option.clone(), ..said };
        match (&self.is_ssl, &self.version) {
            (Some(ssl), _) if ssl.is => ssl.means(Encryption::Tls),
            (Some(ssl), _) => Stated { mend: ssl.mend.clone(), ..ssl.means(Encryption::Starttls) },
            (None, Some(version)) if version.is.is_empty() => {
                Stated { mend: version.mend.clone().or(self.option.clone()), ..version.means(Encryption::Off) }
            }
            (None, None) if !is_checked => put_in(Stated::by_itself(Encryption::Optional)),
            (None, _) => put_in(Stated::by_itself(Encryption::Starttls)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::properties::withstands;

    const TEXT: &str = "set daemon 30 # often\ndefaults proto imap no sslcertck\npoll a.example port 993 via b.example:\n \
                        user \"jäne\" there is j here, pass 'x y' ssl\n user k pass ssl interval 2\nskip c proto POP3 \
                        user esr here is eric there\n";

    #[test]
    fn it_withstands_what_is_malformed() {
        withstands(read, TEXT);
    }

    #[test]
    fn every_user_of_every_server_is_an_account() {
        let [first, second, third] = read(TEXT).accounts.try_into().unwrap();
        assert_eq!((first.host.is.as_str(), first.port.is, first.encryption.is), ("b.example", 993, Encryption::Tls));
        assert_eq!(&TEXT[first.password.unwrap()], "x y");
        assert_eq!(first.login.unwrap().is, "jäne");
        assert!(!first.is_verified.is && !third.is_verified.is);
        assert_eq!(&TEXT[second.password.unwrap()], "ssl");
        assert_eq!((second.encryption.is, second.every.unwrap().is), (Encryption::Optional, 60));
        assert_eq!((third.spoken, third.port.is, third.login.unwrap().is.as_str()), (Spoken::Pop, 110, "eric"));
        assert_eq!(third.every.unwrap().is, 30);
    }

    #[test]
    fn ssl_is_put_in_where_a_users_options_may_stand() {
        let mend = |text: &str| read(text).accounts.remove(0).encryption.mend.unwrap();
        assert_eq!(mend("poll a user b there is c here # d"), Edit { at: 29..29, with: " ssl".to_owned() });
        assert_eq!(mend("poll a\n\tuser \"b\" \n\tuser c"), Edit { at: 18..18, with: "\tssl\n".to_owned() });
    }
}
