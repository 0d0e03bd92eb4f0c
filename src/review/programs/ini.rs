//! Settings in sections that go-ini reads, of Gitea, Forgejo and Grafana, and the lines of ssmtp.conf(5).

use super::aerc;
use super::environment::{self, Line};
use crate::review::account::{Account, Edit, Encryption, Settings, Spoken, Stated};
use crate::review::lines::{Word, bare};
use crate::review::mechanism::is_refused;
use crate::review::secrets::Secrets;
use crate::review::switch::switch;
use crate::review::url::parts_of_server;

/// The settings of a section, and the environment variables with the same meaning.
type Names = [(&'static str, &'static str)];

/// Gitea's cheat sheet, "Mailer"; the first ones are of versions before 1.18.
const MAILER: [(&str, &str); 9] = [
    ("host", "GITEA__mailer__HOST"),
    ("skip_verify", "GITEA__mailer__SKIP_VERIFY"),
    ("protocol", "GITEA__mailer__PROTOCOL"),
    ("smtp_addr", "GITEA__mailer__SMTP_ADDR"),
    ("smtp_port", "GITEA__mailer__SMTP_PORT"),
    ("force_trust_server_cert", "GITEA__mailer__FORCE_TRUST_SERVER_CERT"),
    ("is_tls_enabled", "GITEA__mailer__USE_SSL"),
    ("user", "GITEA__mailer__USER"),
    ("passwd", "GITEA__mailer__PASSWD"),
];
/// Grafana's documentation, "[smtp]".
const SMTP: [(&str, &str); 5] = [
    ("host", "GF_SMTP_HOST"),
    ("user", "GF_SMTP_USER"),
    ("password", "GF_SMTP_PASSWORD"),
    ("skip_verify", "GF_SMTP_SKIP_VERIFY"),
    ("starttls_policy", "GF_SMTP_STARTTLS_POLICY"),
];

/// app.ini of Gitea and Forgejo.
pub(super) fn gitea(text: &str) -> Settings {
    environment::of(text, lines(text, "mailer", &MAILER))
}

/// grafana.ini.
pub(super) fn grafana(text: &str) -> Settings {
    environment::of(text, lines(text, "smtp", &SMTP))
}

/// The settings of this section under their other names, and all others, of which only the secrets are of interest.
fn lines<'t>(text: &'t str, section: &str, names: &Names) -> Vec<Line<'t>> {
    let (mut current, mut found) = (Word { text: "", start: 0 }, Vec::new());
    for (start, line) in bare(text) {
        let line = Word { text: line, start }.trimmed();
        if line.text.starts_with(['#', ';']) {
            continue;
        }
        if let Some((name, _)) = line.from(1).split_once("]").filter(|_| line.text.starts_with('[')) {
            current = name.trimmed();
            continue;
        }
        let Some(end) = line.text.find(['=', ':']) else { continue };
        let (key, rest) = line.parted(end);
        let key = key.trimmed();
        let value = aerc::value(rest.from(1));
        let is_here = current.text.eq_ignore_ascii_case(section);
        let known = names.iter().find(|(name, _)| is_here && key.text.eq_ignore_ascii_case(name));
        let key = known.map_or(key, |(_, text)| Word { text, ..key });
        let (below, is_quoted) = (Vec::new(), known.is_none());
        found.push(Line { key, value, whole: rest.from(1), start, below, begins_item: false, is_quoted });
    }
    found
}

/// ssmtp.conf(5): `mailhub` is the server, with its port; nothing is encrypted without `UseTLS` or `UseSTARTTLS`.
pub(super) fn ssmtp(text: &str) -> Settings {
    let mut secrets = Secrets::default();
    let (mut server, mut tls, mut starttls) = (None, None, None);
    let (mut login, mut password, mut mechanism) = (None, None, None);
    for (start, line) in bare(text) {
        let line = Word { text: line, start }.trimmed();
        let Some((key, value)) = line.split_once("=").filter(|_| !line.text.starts_with('#')) else { continue };
        let (key, value) = (key.trimmed().text.to_lowercase(), value.trimmed());
        secrets.note(&key, value);
        match key.as_str() {
            "mailhub" => server = Some((value, start)),
            "usetls" => tls = Some(value),
            "usestarttls" => starttls = Some(value),
            "authuser" => login = Some(value),
            "authpass" => password = Some(value),
            "authmethod" => mechanism = Some(value),
            _ => {}
        }
    }
    let account = server.and_then(|(server, line)| {
        let (host, port, end) = parts_of_server(server);
        let mut account = Account::new(Spoken::Smtp, host.said(), 25, Encryption::Off);
        account.port = match port {
            Some(port) => port.port(587),
            None => {
                let mend = Some(Edit { at: end..end, with: ":587".to_owned() });
                Stated { mend, ..account.port }
            }
        };
        account.encryption = protection(tls, starttls, line);
        account.login = login.map(Word::said);
        account.password = password.map(|password: Word| password.at());
        account.no_plain = mechanism
            .filter(|word: &Word| is_refused(word.text))
            .map(|word| Stated::at((), word.at()).rightly("LOGIN"));
        (!host.text.is_empty()).then_some(account)
    });
    Settings::of(account, secrets)
}

/// `UseSTARTTLS` implies `UseTLS`; without it, TLS comes first.
fn protection(tls: Option<Word>, starttls: Option<Word>, line: usize) -> Stated<Encryption> {
    const MISSING: &str = "UseSTARTTLS=YES";
    let said = |word: Word| switch(word.text);
    match (starttls, tls) {
        (Some(word), _) if said(word) == Some(true) => Stated::at(Encryption::Starttls, word.at()),
        (Some(word), None) => Stated::at(of_switch(word, Encryption::Off), word.at()).rightly("YES"),
        (Some(word), Some(tls)) => {
            let is = if said(tls) == Some(true) { Encryption::Tls } else { Encryption::Off };
            Stated::at(of_switch(word, is), word.at()).rightly("YES")
        }
        (None, Some(tls)) => {
            let is = if said(tls) == Some(true) { Encryption::Tls } else { of_switch(tls, Encryption::Off) };
            Stated::at(is, tls.at()).with_line(line, MISSING)
        }
        (None, None) => Stated::by_itself(Encryption::Off).with_line(line, MISSING),
    }
}

fn of_switch(word: Word, off: Encryption) -> Encryption {
    if switch(word.text) == Some(false) { off } else { Encryption::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::properties::withstands;

    fn way(settings: Settings) -> (u16, Encryption) {
        let account = settings.accounts.into_iter().next().unwrap();
        (account.port.is, account.encryption.is)
    }

    #[test]
    fn a_mailer_of_gitea_is_read() {
        let of = |rest: &str| way(gitea(&format!("[database]\nHOST = db\n[mailer]\nSMTP_ADDR = h.x\n{rest}")));
        assert_eq!(of("SMTP_PORT = 587\nPROTOCOL = smtps ; no\n"), (587, Encryption::Tls));
        assert_eq!(of("SMTP_PORT = 587\nPROTOCOL=smtp+starttls\n"), (587, Encryption::Starttls));
        assert_eq!(of("SMTP_PORT = 587\nPROTOCOL=smtp\n"), (587, Encryption::Off));
        assert_eq!(of("SMTP_PORT = 587\n"), (587, Encryption::Starttls));
        assert_eq!(of("PROTOCOL = smtps\n"), (465, Encryption::Tls));
        assert_eq!(of("SMTP_PORT = {{ port }}\nPROTOCOL = `smtps`\n"), (0, Encryption::Tls));
    }

    #[test]
    fn a_server_of_grafana_is_read() {
        let of = |rest: &str| way(grafana(&format!("[smtp]\nenabled = true\nhost = h.x:587\n{rest}")));
        assert_eq!(of("startTLS_policy = NoStartTLS\n"), (587, Encryption::Off));
        assert_eq!(of("startTLS_policy = MandatoryStartTLS\n"), (587, Encryption::Starttls));
        assert!(!grafana("[smtp]\nhost=h.x:587\nskip_verify=true\n").accounts[0].is_verified.is);
        assert_eq!(grafana("[other]\nhost=h.x:587\n").accounts, []);
    }

    #[test]
    fn a_hub_of_ssmtp_is_read() {
        let of = |rest: &str| way(ssmtp(&format!("mailhub=h.x:587\n{rest}")));
        assert_eq!(of("UseSTARTTLS=YES\n"), (587, Encryption::Starttls));
        assert_eq!(of("UseTLS=YES\nUseSTARTTLS=YES\n"), (587, Encryption::Starttls));
        assert_eq!(of("UseTLS=YES\n"), (587, Encryption::Tls));
        assert_eq!(of("UseTLS=YES\nUseSTARTTLS=NO\n"), (587, Encryption::Tls));
        assert_eq!(of("UseTLS=x\n"), (587, Encryption::Unknown));
        assert_eq!(of(""), (587, Encryption::Off));
        assert_eq!(way(ssmtp("mailhub=h.x\n")), (25, Encryption::Off));
    }

    #[test]
    fn it_withstands_what_is_malformed() {
        withstands(gitea, "[mailer]\nSMTP_ADDR = \"\"\"h\"\"\"\nUSER = `é`\nPASSWD : x ; y\n[b\n=\n");
        withstands(grafana, "[smtp]\nhost = h:587\npassword = \"\"\"é\"\"\"\n");
        withstands(ssmtp, "mailhub=[h]:587\nUseTLS=YES\nAuthPass=é\n# x=y\n");
    }
}
