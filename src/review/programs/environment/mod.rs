//! Environment variables, as `.env` files and YAML set them for programs that send or read mail.
//!
//! The program that reads them is not known. So a mistake is reported only if it is one in every usual program; where
//! programs differ, the value counts as not understood, unless the variables' names belong to one program.

mod address;
mod home_assistant;
mod lines;
mod role;
mod way;

use std::collections::HashMap;

use crate::review::account::{Account, Settings, Spoken, Stated};
use crate::review::lines::Word;
use crate::review::mechanism::is_refused;
use crate::review::secrets::Secrets;
use crate::review::switch::{switch, turned};
use address::Address;
pub(super) use lines::Line;
use role::Role;

/// The variables of one account: their names begin alike, and they are below the same key.
struct Group<'t> {
    /// The words that their names begin with.
    whose: Vec<String>,
    /// Where the key above them begins.
    place: Option<usize>,
    said: Vec<(Role, Line<'t>)>,
}

/// Returns whether YAML in a file with any name has variables below `environment:`, or is Home Assistant's.
pub(super) fn is_in_yaml(text: &str) -> bool {
    lines::is_of_containers(text) || home_assistant::is_in(&lines::lines(text))
}

pub(super) fn read(text: &str) -> Settings {
    let mut lines = lines::lines(text);
    home_assistant::rename(&mut lines);
    of(text, lines)
}

/// Returns whether a variable with this name sets a login or a password.
pub(super) fn is_login(name: &str) -> bool {
    role::role(name).is_some_and(|(role, _)| matches!(role, Role::Login | Role::Password))
}

/// The accounts that such lines set, in a file of any format.
pub(super) fn of<'t>(text: &'t str, lines: Vec<Line<'t>>) -> Settings {
    let mut secrets = Secrets::default();
    let groups = groups(lines, &mut secrets);
    let borrowed = Borrowed::from(&groups);
    Settings::of(groups.iter().filter_map(|group| account(group, &borrowed, text)), secrets)
}

fn groups<'t>(lines: Vec<Line<'t>>, secrets: &mut Secrets) -> Vec<Group<'t>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut latest: HashMap<(Option<usize>, Vec<String>), usize> = HashMap::new();
    for line in lines {
        let spring = of_spring(&line);
        let known = role::role(spring.as_ref().map_or(line.key.text, |(name, _)| name));
        if known.as_ref().is_none_or(|(role, _)| *role == Role::Password) {
            secrets.note(line.key.text, line.value);
            secrets.note(line.key.text, line.whole);
        }
        secrets.note_url(line.value);
        let Some((role, mut whose)) = known.filter(|_| !line.is_quoted) else { continue };
        let above = line.below.iter().rfind(|key| !role::is_between(key.text));
        let place = spring.map(|(_, place)| place).or_else(|| above.map(|key| key.start));
        if whose.is_empty() {
            whose = above.map(|key| role::words(key.text)).unwrap_or_default();
        }
        // EMAIL_ADDRESS may be a server, but just as often it is a person's address.
        let is_server = matches!(role, Role::Host | Role::Url);
        let is_none = is_server && address::given(line.value).is_some_and(|value| Address::of(value).is_none());
        if is_none || !is_of_interest(role, &whose) {
            continue;
        }
        let known = latest.get(&(place, whose.clone())).and_then(|nth| groups.get_mut(*nth));
        match known {
            // A second server with the same name is another account.
            Some(group) if !is_server || group.find(role).is_none() => group.said.push((role, line)),
            _ => {
                latest.insert((place, whose.clone()), groups.len());
                groups.push(Group { whose, place, said: vec![(role, line)] });
            }
        }
    }
    together(groups)
}

/// The full name of a variable of Spring's mail in YAML, and where the key above all of them begins.
fn of_spring(line: &Line) -> Option<(String, usize)> {
    let is_mail = |pair: &[Word]| matches!(pair, [spring, mail] if spring.text == "spring" && mail.text == "mail");
    let at = line.below.windows(2).position(is_mail)?;
    let names = line.below[at..].iter().chain([&line.key]).map(|key| key.text);
    Some((names.collect::<Vec<_>>().join("."), line.below[at + 1].start))
}

/// Below one key, a switch for the encryption belongs to the server there, even if its name begins differently.
fn together(groups: Vec<Group<'_>>) -> Vec<Group<'_>> {
    let mut servers: HashMap<usize, Vec<usize>> = HashMap::new();
    for (nth, group) in groups.iter().enumerate().filter(|(_, group)| group.address().is_some()) {
        servers.entry(group.place.unwrap_or(usize::MAX)).or_default().push(nth);
    }
    let mut kept: Vec<Group> = Vec::with_capacity(groups.len());
    let mut moved: Vec<(usize, Vec<(Role, Line)>)> = Vec::new();
    for group in groups {
        let only = group.place.and_then(|place| servers.get(&place)).and_then(|nths| match nths.as_slice() {
            [only] => Some(*only),
            _ => None,
        });
        let switches = group.said.iter().all(|(role, _)| role.is_about_encryption());
        match only {
            Some(server) if switches && group.address().is_none() => {
                moved.push((server, group.said));
                kept.push(Group { whose: group.whose, place: group.place, said: Vec::new() });
            }
            _ => kept.push(group),
        }
    }
    for (server, said) in moved {
        if let Some(group) = kept.get_mut(server) {
            group.said.extend(said);
        }
    }
    kept
}

fn is_of_interest(role: Role, whose: &[String]) -> bool {
    let is_named = |names: &[&str]| whose.iter().any(|word| names.contains(&word.as_str()));
    role::is_about_mail(whose)
        || matches!(role, Role::Login | Role::Password) && is_named(&["ICLOUD", "APPLE"])
        || role == Role::Verified && is_named(&["NODE"])
}

impl<'t> Group<'t> {
    fn find(&self, role: Role) -> Option<&Line<'t>> {
        self.said.iter().find(|(known, _)| *known == role).map(|(_, line)| line)
    }

    /// The value, if the file itself gives it and not a reference.
    fn given(&self, role: Role) -> Option<Word<'t>> {
        address::given(self.find(role)?.value)
    }

    fn is_springs(&self) -> bool {
        self.whose.starts_with(&["SPRING".to_owned(), "MAIL".to_owned()])
    }

    fn address(&self) -> Option<Address<'t>> {
        [Role::Host, Role::Url].into_iter().find_map(|role| Address::of(self.given(role)?))
    }

    /// The setting that switches off the check of certificates.
    fn unverified(&self) -> Option<Stated<bool>> {
        self.said.iter().find_map(|(role, line)| {
            let is_off = match role {
                Role::Verified => switch(line.value.text).map_or(way::is_none(line.value.text), |is_on| !is_on),
                Role::Unverified => switch(line.value.text)?,
                _ => false,
            };
            let rightly = if way::is_none(line.value.text) { "peer" } else { turned(line.value.text) };
            is_off.then(|| Stated::at(false, line.value.at()).rightly(rightly))
        })
    }
}

/// Settings for the other accounts in the file: `EMAIL_PASSWORD` beside `SMTP_HOST`, or a switch for a whole program.
#[derive(Default)]
struct Borrowed<'t> {
    logins: HashMap<Option<usize>, Word<'t>>,
    passwords: HashMap<Option<usize>, Word<'t>>,
    unverified: HashMap<Option<usize>, Stated<bool>>,
}

impl<'t> Borrowed<'t> {
    fn from(groups: &[Group<'t>]) -> Self {
        let mut all = Self::default();
        for group in groups.iter().filter(|group| group.address().is_none()) {
            let (login, password) = (group.given(Role::Login), group.given(Role::Password));
            all.logins.extend(login.map(|login| (group.place, login)));
            all.passwords.extend(password.map(|password| (group.place, password)));
            all.unverified.extend(group.unverified().map(|said| (group.place, said)));
        }
        all
    }
}

fn account(group: &Group, borrowed: &Borrowed, text: &str) -> Option<Account> {
    let address = group.address()?;
    let port = address.port.or_else(|| group.given(Role::Port));
    let spoken = spoken(&group.whose, &address, port.map_or("", |port| port.text));
    // A default does not show which value is set elsewhere.
    let is_default = |port: &Word| text.get(..port.start).is_some_and(|before| before.ends_with(":-"));
    let number = port.filter(|port| !is_default(port)).map(|port| port.text.parse().unwrap_or(0));
    let (encryption, mends) = way::way(group, &address, spoken, number, text);
    let usual = way::usual_port(group, spoken, encryption.is);
    let mut account = Account::new(spoken, address.host.said(), usual, encryption.is);
    if let Some(port) = port {
        account.port = port.port(if spoken == Spoken::Smtp { 587 } else { 993 });
    } else if let Some(line) = group.find(Role::Port) {
        account.port = Stated::at(0, line.value.at());
    }
    account.encrypt(encryption, mends);
    let unverified =
        group.unverified().or_else(|| address.unverified()).or_else(|| borrowed.unverified.get(&group.place).cloned());
    account.is_verified = unverified.unwrap_or(account.is_verified);
    let login = || group.given(Role::Login).or_else(|| borrowed.logins.get(&group.place).copied());
    account.login = address.login.clone().or_else(|| login().map(Word::said));
    let password = address.password.or_else(|| {
        let own = group.find(Role::Password).map(|line| line.value);
        own.or_else(|| borrowed.passwords.get(&group.place).copied())
    });
    account.password =
        password.and_then(address::given).filter(|word| !address::is_placeholder(word.text)).map(|word| word.at());
    account.no_plain = group
        .given(Role::Mechanism)
        .filter(|word| is_refused(word.text))
        .map(|word| Stated::at((), word.at()).rightly("plain"));
    let folder = |(role, line): &(Role, Line)| match role {
        Role::Folder(folder) => Some((*folder, line.value.said())),
        _ => None,
    };
    account.folders = group.said.iter().filter_map(folder).filter(|_| spoken == Spoken::Imap).collect();
    Some(account)
}

/// The protocol by the name, or by the server where the name is only about mail in general.
fn spoken(whose: &[String], address: &Address, port: &str) -> Spoken {
    let begins = |beginning: &str| whose.iter().any(|word| word.starts_with(beginning));
    let host = address.host.text.to_lowercase();
    let scheme = address.scheme.map_or("", |scheme| scheme.text);
    if begins("IMAP") || scheme.starts_with("imap") {
        Spoken::Imap
    } else if begins("POP") || scheme.starts_with("pop") {
        Spoken::Pop
    } else if begins("SMTP") || scheme.starts_with("smtp") || ["25", "465", "587"].contains(&port) {
        Spoken::Smtp
    } else if host.contains("imap") || ["143", "993"].contains(&port) {
        Spoken::Imap
    } else if host.starts_with("pop") || ["110", "995"].contains(&port) {
        Spoken::Pop
    } else {
        Spoken::Smtp
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::account::Encryption;

    fn only(text: &str) -> Account {
        let mut accounts = read(text).accounts;
        assert_eq!(accounts.len(), 1, "{text}: {accounts:?}");
        accounts.remove(0)
    }

    fn way(text: &str) -> (Spoken, u16, Encryption) {
        let account = only(text);
        (account.spoken, account.port.is, account.encryption.is)
    }

    #[test]
    fn switches_are_read_as_every_usual_program_reads_them() {
        use Encryption::{Off, Optional, Starttls, Tls, Unknown};
        let smtp = |rest: &str| way(&format!("SMTP_HOST=h.x\nSMTP_PORT=587\n{rest}\n")).2;
        assert_eq!(smtp("SMTP_SECURE=true"), Tls);
        assert_eq!(smtp("SMTP_SECURE=ssl"), Tls);
        assert_eq!(smtp("SMTP_SECURE=false"), Starttls);
        assert_eq!(smtp("SMTP_SECURE=tls"), Starttls);
        assert_eq!(smtp("SMTP_SECURITY=force_tls"), Tls);
        assert_eq!(smtp("SMTP_SECURITY=off"), Off);
        // Old versions of a well-known program read it as STARTTLS.
        assert_eq!(smtp("SMTP_SSL=true"), Unknown);
        assert_eq!(smtp("SMTP_TLS=true"), Starttls);
        assert_eq!(smtp("SMTP_SECURE=${X}"), Unknown);
        assert_eq!(smtp("SMTP_SSL=true\nSMTP_STARTTLS=false"), Tls);
        assert_eq!(smtp("SMTP_STARTTLS=false"), Off);
        assert_eq!(smtp("SMTP_ENABLE_STARTTLS=auto"), Optional);
        assert_eq!(smtp("SMTP_IGNORE_TLS=true"), Off);
        assert_eq!(smtp("SMTP_REQUIRE_TLS=false"), Optional);
        assert_eq!(smtp(""), Unknown);
        let mail = |rest: &str| way(&format!("MAIL_HOST=h.x\nMAIL_PORT=587\n{rest}\n")).2;
        assert_eq!(mail("MAIL_ENCRYPTION=tls"), Starttls);
        assert_eq!(mail("MAIL_ENCRYPTION=null"), Optional);
        assert_eq!(mail("MAIL_USE_SSL=True\nMAIL_USE_TLS=False"), Tls);
        assert_eq!(mail("MAIL_USE_TLS=False\nMAIL_USE_SSL=False"), Off);
        assert_eq!(mail("MAIL_USE_TLS=False"), Unknown);
        let imap = |rest: &str| way(&format!("IMAP_HOST=h.x\nIMAP_PORT=993\n{rest}\n")).2;
        assert_eq!(imap(""), Tls);
        assert_eq!(imap("IMAP_TLS=false"), Unknown);
        assert_eq!(imap("IMAP_SECURE=false"), Off);
        assert_eq!(imap("IMAP_STARTTLS=true"), Starttls);
    }

    #[test]
    fn what_is_spoken_is_told_by_the_name_or_by_the_server() {
        assert_eq!(way("MAIL_HOST=imap.x.y"), (Spoken::Imap, 0, Encryption::Unknown));
        assert_eq!(way("MAIL_HOST=imap.x.y\nMAIL_PORT=587"), (Spoken::Smtp, 587, Encryption::Unknown));
        assert_eq!(way("SMTP_HOST=imap.x.y"), (Spoken::Smtp, 0, Encryption::Unknown));
        assert_eq!(way("GF_SMTP_HOST=smtp.x.y:465"), (Spoken::Smtp, 465, Encryption::Tls));
        assert_eq!(way("POP3_SERVER=x.y"), (Spoken::Pop, 995, Encryption::Tls));
    }

    #[test]
    fn the_names_of_one_program_tell_what_is_meant() {
        use Encryption::{Off, Starttls, Tls};
        let gitea = "GITEA__mailer__SMTP_ADDR=h.x\nGITEA__mailer__SMTP_PORT=587\nGITEA__mailer__USER=you\n";
        assert_eq!(way(gitea), (Spoken::Smtp, 587, Starttls));
        assert_eq!(way(&format!("{gitea}GITEA__mailer__PROTOCOL=smtps\n")), (Spoken::Smtp, 587, Tls));
        assert_eq!(only(&format!("{gitea}GITEA__mailer__PROTOCOL=smtps\n")).login.unwrap().is, "you");
        let ghost = "x:\n  mail__options__host: h.x\n  mail__options__port: 587\n";
        assert_eq!(way(ghost), (Spoken::Smtp, 587, Starttls));
        assert_eq!(way("PAPERLESS_EMAIL_HOST=h.x\nPAPERLESS_EMAIL_PORT=587\n"), (Spoken::Smtp, 587, Off));
        let spring = "spring:\n  mail:\n    host: h.x\n    port: 587\n    username: you\n";
        assert_eq!(way(spring), (Spoken::Smtp, 587, Off));
        let below = "    properties:\n      mail:\n        smtp:\n          auth: true\n          starttls:\n            enable: true\n";
        assert_eq!(way(&format!("{spring}{below}")), (Spoken::Smtp, 587, Starttls));
        let dotted = "    properties:\n      mail.smtp.ssl.enable: true\n      mail.smtp.starttls.enable: false\n";
        assert_eq!(way(&format!("{spring}{dotted}")), (Spoken::Smtp, 587, Tls));
        let synapse = "email:\n  smtp_host: h.x\n  smtp_port: 587\n";
        assert_eq!(way(&format!("{synapse}  require_transport_security: true\n")), (Spoken::Smtp, 587, Starttls));
        assert_eq!(way(&format!("{synapse}  force_tls: true\n")), (Spoken::Smtp, 587, Tls));
        assert_eq!(way(synapse), (Spoken::Smtp, 587, Encryption::Unknown));
    }

    #[test]
    fn a_port_that_is_kept_elsewhere_is_not_the_usual_one() {
        assert_eq!(way("SMTP_HOST=h.x\nSMTP_PORT=${PORT}\n").1, 0);
        assert_eq!(way("SMTP_HOST=h.x\nSMTP_PORT=587;\n").1, 0);
    }

    #[test]
    fn an_address_has_everything_in_it() {
        let text = "MAILER_DSN=\"smtps://you%40x:q:w/r@h.x:587?verify_peer=0\"\n";
        let account = only(text);
        assert_eq!((account.host.is.as_str(), account.port.is, account.encryption.is), ("h.x", 587, Encryption::Tls));
        assert_eq!(&text[account.password.unwrap()], "q:w/r");
        assert_eq!(account.login.unwrap().is, "you@x");
        assert!(!account.is_verified.is);
        assert_eq!(read("SMTP_URL=https://h.x\nSMTP_HOST=you@h.x\n").accounts, []);
    }

    #[test]
    fn a_reference_and_a_placeholder_are_no_passwords() {
        for value in
            ["${SECRET}", "$SECRET", "!vault x", "your-password", "{{ x }}", "<x>", "xxxx-xxxx-xxxx-xxxx", "op://a/b"]
        {
            assert_eq!(only(&format!("SMTP_HOST=h.x\nSMTP_PASSWORD={value}\n")).password, None, "{value}");
        }
        assert_eq!(only("SMTP_HOST=${SMTP_HOST:-h.x}\n").host.is, "h.x");
        assert_eq!(read("SMTP_HOST=${SMTP_HOST}\n").accounts, []);
    }

    #[test]
    fn accounts_below_different_keys_are_different_ones() {
        let text = "services:\n  a:\n    environment:\n      SMTP_HOST: one.x\n      NODE_TLS_REJECT_UNAUTHORIZED: \"0\"\n  b:\n    \
                    environment:\n      - SMTP_HOST=two.x\n      - EMAIL_PASSWORD=qwer\nspring:\n  mail:\n    host: three.x\n    port: 25\n";
        let accounts = read(text).accounts;
        let hosts: Vec<(&str, bool)> =
            accounts.iter().map(|account| (account.host.is.as_str(), account.is_verified.is)).collect();
        assert_eq!(hosts, [("one.x", false), ("two.x", true), ("three.x", true)]);
        assert_eq!(accounts.iter().map(|account| account.password.is_some()).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(accounts[2].port.is, 25);
    }

    #[test]
    fn anything_can_be_read() {
        for text in [
            include_str!("../../../../tests/review/environment/good/docker-compose.yml"),
            include_str!("../../../../tests/review/environment/django/.env"),
        ] {
            crate::review::properties::withstands(read, text);
        }
    }
}
