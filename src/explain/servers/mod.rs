//! Which provider's servers a text names, line by line: an answer of another provider's server says nothing about
//! iCloud
//! Mail.

mod patterns;
mod whose;

use std::ops::Range;

use patterns::{ACCOUNTS, Patterns};
use whose::{Whose, account, is_icloud_account, whose};

/// How many lines after a line that names the server belong to the same conversation.
const TALK: usize = 20;

/// A conversation ends after this many bytes in which the server is not named again.
const FAR: usize = 4000;

/// The servers that a text names, line by line.
pub(super) struct Servers {
    named: Vec<Named>,
    others: Vec<String>,
    speaks_of_icloud: bool,
}

/// A line that names a server or an account.
struct Named {
    line: Range<usize>,
    whose: Whose,
    /// Whether later lines that name no server belong to it. In a system's log, lines of several programs alternate.
    opens: bool,
}

impl Servers {
    /// Finds the servers of a text.
    pub(super) fn of(text: &str) -> Self {
        let patterns = Patterns::new();
        let mut servers =
            Self { named: Vec::new(), others: Vec::new(), speaks_of_icloud: patterns.icloud.is_match(text.as_bytes()) };
        let has_icloud_account =
            text.lines().any(|line| account(&patterns, line).is_some_and(|name| is_icloud_account(&name)));
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            servers.read(&patterns, line, start, has_icloud_account);
            start += line.len();
        }
        servers
    }

    fn read(&mut self, patterns: &Patterns, line: &str, start: usize, has_icloud_account: bool) {
        let bytes = line.as_bytes();
        let own = patterns.own.find(bytes).map_or(0, |prefix| prefix.end());
        if patterns.heading.is_match(&bytes[own..]) {
            return;
        }
        let (mut found, mut others) = (Vec::new(), Vec::new());
        for name in patterns.name.find_iter(bytes).filter(|name| name.start() >= own) {
            let host = line[name.range()].to_ascii_lowercase();
            let whose = whose(patterns, &host, &bytes[..name.start()], &bytes[name.end()..]);
            if whose == Whose::Other {
                others.push(host);
            }
            found.push(whose);
        }
        self.speaks_of_icloud |= found.iter().any(|whose| matches!(whose, Whose::Icloud | Whose::Delivery));
        let is_delivery = (found.contains(&Whose::Delivery) || patterns.refusal.is_match(bytes))
            && !patterns.submission.is_match(bytes);
        let account = account(patterns, line)
            .filter(|name| is_icloud_account(name) || has_icloud_account || ACCOUNTS.contains(&name.as_str()));
        let whose = match account {
            _ if is_delivery => Whose::Delivery,
            _ if found.iter().any(|whose| matches!(whose, Whose::Icloud | Whose::Delivery)) => Whose::Icloud,
            _ if !others.is_empty() => Whose::Other,
            Some(name) if !is_icloud_account(&name) => {
                others.push(name);
                Whose::Other
            }
            _ if patterns.icloud_itself.is_match(bytes) => Whose::Icloud,
            _ if found.contains(&Whose::Nobodys) || patterns.bridge.is_match(bytes) => Whose::Nobodys,
            _ => return,
        };
        if whose == Whose::Other {
            for other in others {
                if !self.others.contains(&other) {
                    self.others.push(other);
                }
            }
        }
        self.named.push(Named { line: start..start + line.len(), whose, opens: own == 0 });
    }

    /// Which provider the line at this place belongs to: by what it names, or by the conversation that it is part of.
    fn whose(&self, text: &str, place: usize) -> Whose {
        let after = self.named.partition_point(|named| named.line.start <= place);
        let last = after.checked_sub(1).and_then(|at| self.named.get(at));
        let of = last.filter(|last| last.line.contains(&place) || last.opens && is_in_talk(text, last.line.end, place));
        of.map_or(Whose::Unknown, |last| last.whose)
    }

    /// Whether the text at this place is not about the account at iCloud: it is about another provider, or about mail
    /// that others deliver to iCloud.
    pub(super) fn is_elsewhere(&self, text: &str, place: usize) -> bool {
        matches!(self.whose(text, place), Whose::Other | Whose::Delivery)
    }

    /// Whether the text at this place is about another provider.
    pub(super) fn is_another_providers(&self, text: &str, place: usize) -> bool {
        self.whose(text, place) == Whose::Other
    }

    /// Whether the text at this place comes from a server of an unknown provider.
    pub(super) fn is_doubtful(&self, text: &str, place: usize) -> bool {
        self.whose(text, place) == Whose::Nobodys
    }

    /// Whether lines are about mail that others deliver to iCloud.
    pub(super) fn has_delivery(&self) -> bool {
        self.named.iter().any(|named| named.whose == Whose::Delivery)
    }

    /// The servers of other providers in lines that name none of iCloud's, in the order of the text.
    pub(super) fn others(&self) -> &[String] {
        &self.others
    }

    /// Whether only servers of other providers are named, and nothing of Apple's.
    pub(super) fn are_others_alone(&self) -> bool {
        !self.others.is_empty() && !self.speaks_of_icloud
    }
}

/// Whether a place still belongs to the conversation that an earlier line begins: an empty line ends it.
fn is_in_talk(text: &str, begin: usize, place: usize) -> bool {
    let between = &text[begin..text.floor_char_boundary(place)];
    let mut lines = between.split('\n');
    // The part of the line before the place is not a line of its own.
    lines.next_back();
    between.len() <= FAR && lines.clone().count() < TALK && !lines.any(|line| line.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the last line of the text counts for iCloud.
    fn counts(text: &str) -> bool {
        let servers = Servers::of(text);
        !servers.are_others_alone() && !servers.is_elsewhere(text, text.trim_end().len() - 1)
    }

    #[test]
    fn a_line_about_another_providers_server_does_not_count() {
        for line in [
            "server mail.gmx.net said: 535 Authentication credentials invalid",
            "imap.gmail.com: Authentication failed",
            "smtp.office365.com said: 535 5.7.3 Authentication unsuccessful",
            "535 5.7.139 Authentication unsuccessful [AM0PR10CA0001.EURPRD10.PROD.OUTLOOK.COM]",
            "535-5.7.8 go to https://support.google.com/mail/?p=BadCredentials",
            "imap.gmx.net:993 timed out",
            "connect to posteo.de:587: Connection refused",
            "Login to server mail.mycompany.de failed",
            "to=<ann@icloud.com>, relay=smtp.mycompany.com[192.0.2.1]:25, said: 535 authentication failed",
            "imaps://ann@imap.fastmail.com/ login failed",
            "Nov 24 10:00:00 mail.me.example postfix/smtp[1]: relay=mx.provider.net[192.0.2.1]:587 said: 535",
            "Unable to connect to smtp.mail.yahoo.com (Connection timed out)",
            "Error login on [imap.gmail.com] with user [ann@gmail.com]",
        ] {
            assert!(!counts(line), "{line}");
            assert!(!counts(&format!("iCloud Mail is not working\n{line}")), "{line}");
        }
    }

    #[test]
    fn a_line_about_icloud_or_about_no_server_counts() {
        for line in [
            "authentication failed",
            "535 5.7.8 Error: authentication failed",
            "server smtp.mail.me.com[17.57.155.28] said: 535",
            "imap.iclod.com: no such host",
            "smtp.mail.me.con: no such host",
            "Nov 24 10:00:00 mail.mycompany.com postfix/smtp[123]: SASL authentication failed; server smtp.mail.me.com said: 535",
            "Nov 24 10:00:00 mail.mycompany.com postfix/smtp[123]: warning: SASL authentication failure: No worthy mechs found",
            "2026-11-24T10:00:00.123456+01:00 smtp.mycompany.com msmtp[9]: authentication failed",
            "> EHLO mail.mycompany.com",
            "Received: from mail.gmx.net (mail.gmx.net [212.227.17.20]) by mx.mycompany.com",
            "\tby mx.mycompany.com with ESMTPS; Tue, 24 Nov 2026 10:00:00 +0100",
            "AUTHENTICATIONFAILED for an Apple ID on gmail.com",
            "login ann@gmail.com refused",
            "mail.smtp.host is not set",
            "File \"/usr/lib/python3/imap.py\", line 3, in mail.connect",
            "imap.example.com: connection refused",
            "certificate is valid for *.mycompany.com, not imap.mail.me.com",
            "Host1: imap.gmail.com, Host2: imap.mail.me.com: authentication failed",
            "read https://support.microsoft.com/office or https://www.gmx.net",
            "connect to 192.0.2.7:587: Connection timed out",
        ] {
            assert!(counts(line), "{line}");
        }
    }

    #[test]
    fn a_talk_with_another_provider_is_elsewhere_until_it_ends() {
        let other =
            "* Connected to imap.gmail.com (192.0.2.1) port 993\n> A001 LOGIN ann\n< A001 NO Authentication failed";
        let icloud = "* Connected to imap.mail.me.com (17.42.251.8) port 993\n< A001 NO Authentication failed";
        assert!(!counts(other) && counts(icloud));
        assert!(counts(&format!("{other}\n{icloud}")) && !counts(&format!("{icloud}\n{other}")));
        assert!(counts(&format!("{icloud}\n{other}\n\nauthentication failed")));
        assert!(counts(&format!("iCloud\n{other}{}\nauthentication failed", "\nx".repeat(TALK))));
        let gmail =
            "C: imap.gmail.com connecting\nS: * OK Gimap ready\nC: LOGIN\nS: 1 NO [AUTHENTICATIONFAILED] Invalid";
        assert!(!counts(&format!("iCloud\n{gmail}")));
        assert!(counts(&format!("{gmail}\nAccount iCloud\nauthentication failed")));
    }

    #[test]
    fn a_line_about_another_account_does_not_count() {
        for line in ["Account gmail: certificate has expired", "account 'work': certificate has expired"] {
            assert!(!counts(&format!("Account iCloud (imap.mail.me.com): synced\n{line}")), "{line}");
            assert!(counts(&format!("{line}\nAccount iCloud: certificate has expired")), "{line}");
        }
        assert!(counts("account 'work': certificate has expired"));
    }

    #[test]
    fn mail_that_others_deliver_is_not_about_the_account() {
        let delivery = "connect to mx01.mail.icloud.com[17.57.156.30]:25: Connection timed out";
        assert!(!counts(delivery) && Servers::of(delivery).has_delivery());
        assert!(!counts("host mx02.mail.icloud.com said: 421 4.7.1 try again later"));
        assert!(!counts("host smtp1.privaterelay.appleid.com[17.57.152.15] said: 550 5.1.1 user not found"));
        assert!(!counts("554 5.7.1 [HM08] Message rejected. Please visit https://support.apple.com/en-us/HT204137"));
        assert!(counts("smtp is set to mx01.mail.icloud.com port 587"));
    }

    #[test]
    fn what_nobodys_server_says_is_doubtful() {
        for line in [
            "relay.corp.example: 550 5.7.0 From",
            "localhost:1025 proton bridge: 535",
            "smtp.office.lan:25 said 550",
            "10.0.0.5:25 said: 550",
        ] {
            assert!(Servers::of(line).is_doubtful(line, line.len() - 1), "{line}");
        }
        for line in [
            "smtp.mail.me.com: 550 5.7.0 From",
            "550 5.7.0 From",
            "> EHLO mail.home.lan",
            "relay.corp.example -> smtp.mail.me.com: 550",
        ] {
            assert!(!Servers::of(line).is_doubtful(line, line.len() - 1), "{line}");
        }
    }

    #[test]
    fn the_names_of_the_others_are_told_once_each() {
        let servers = Servers::of("imap.gmx.net:993 failed\nIMAP.GMX.NET:993 failed\nsmtp.gmail.com failed\n");
        assert_eq!(servers.others(), ["imap.gmx.net", "smtp.gmail.com"]);
        assert!(servers.are_others_alone());
    }
}
