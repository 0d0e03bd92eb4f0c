//! What a variable sets, by the end of its name, and which account it belongs to, by the beginning.

use crate::review::account::Folder;

/// What a variable sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Host,
    /// A server with everything else, as a URL.
    Url,
    Port,
    Login,
    Password,
    /// A word for the encryption, or whether TLS comes first.
    Security,
    UseSsl,
    UseTls,
    Ssl,
    Tls,
    Starttls,
    RequireTls,
    IgnoreTls,
    /// On: the certificate is checked.
    Verified,
    /// On: the certificate is not checked.
    Unverified,
    /// The mechanism of the sign-in.
    Mechanism,
    Folder(Folder),
}

impl Role {
    pub(super) fn is_about_encryption(self) -> bool {
        matches!(
            self,
            Self::Security
                | Self::UseSsl
                | Self::UseTls
                | Self::Ssl
                | Self::Tls
                | Self::Starttls
                | Self::RequireTls
                | Self::IgnoreTls
        )
    }
}

/// Ends of names; an end comes before any other that it ends with itself.
const ENDS: [(&str, Role); 85] = [
    ("AUTHENTICATION", Role::Mechanism),
    ("AUTH_METHOD", Role::Mechanism),
    ("REJECT_UNAUTHORIZED", Role::Verified),
    ("VERIFY_PEER", Role::Verified),
    ("VERIFY_SSL", Role::Verified),
    ("VERIFY_TLS", Role::Verified),
    ("VERIFY_CERT", Role::Verified),
    ("VERIFY_CERTIFICATE", Role::Verified),
    ("VERIFY_MODE", Role::Verified),
    ("SKIP_TLS_VERIFY", Role::Unverified),
    ("SKIP_SSL_VERIFY", Role::Unverified),
    ("SSL_VERIFY", Role::Verified),
    ("TLS_VERIFY", Role::Verified),
    ("SKIP_VERIFY", Role::Unverified),
    ("ACCEPT_INVALID_CERTS", Role::Unverified),
    ("ACCEPT_INVALID_HOSTNAMES", Role::Unverified),
    ("ALLOW_INVALID_CERTS", Role::Unverified),
    ("ALLOW_SELF_SIGNED", Role::Unverified),
    ("TRUST_SERVER_CERT", Role::Unverified),
    ("IGNORE_TLS", Role::IgnoreTls),
    ("IGNORE_START_TLS", Role::IgnoreTls),
    ("IGNORE_STARTTLS", Role::IgnoreTls),
    ("DISABLE_TLS", Role::IgnoreTls),
    ("DISABLE_STARTTLS", Role::IgnoreTls),
    ("DISABLE_START_TLS", Role::IgnoreTls),
    ("REQUIRE_TLS", Role::RequireTls),
    // Synapse's.
    ("REQUIRE_TRANSPORT_SECURITY", Role::RequireTls),
    ("FORCE_TLS", Role::UseSsl),
    ("FORCE_SSL", Role::UseSsl),
    ("REQUIRE_STARTTLS", Role::RequireTls),
    ("STARTTLS_POLICY", Role::Starttls),
    ("STARTTLS_AUTO", Role::Starttls),
    ("STARTTLS_REQUIRED", Role::RequireTls),
    ("STARTTLS_ENABLE", Role::Starttls),
    ("STARTTLS_ENABLED", Role::Starttls),
    ("STARTTLS", Role::Starttls),
    ("START_TLS", Role::Starttls),
    ("USE_SSL", Role::UseSsl),
    ("USE_TLS", Role::UseTls),
    ("ENABLE_SSL", Role::Ssl),
    ("SSL_ENABLE", Role::Ssl),
    ("SSL_ENABLED", Role::Ssl),
    ("SSL", Role::Ssl),
    ("ENABLE_TLS", Role::Tls),
    ("TLS_ENABLE", Role::Tls),
    ("TLS_ENABLED", Role::Tls),
    ("TLS", Role::Tls),
    ("SECURE", Role::Security),
    ("SECURITY", Role::Security),
    ("ENCRYPTION", Role::Security),
    ("ENCRYPTION_TYPE", Role::Security),
    ("SCHEME", Role::Security),
    // MailKit's enumeration.
    ("SECURE_SOCKET_OPTIONS", Role::Security),
    ("SECURE_SOCKET_OPTION", Role::Security),
    ("PROTOCOL", Role::Security),
    ("SENT_FOLDER", Role::Folder(Folder::Sent)),
    ("SENT_MAILBOX", Role::Folder(Folder::Sent)),
    ("TRASH_FOLDER", Role::Folder(Folder::Trash)),
    ("TRASH_MAILBOX", Role::Folder(Folder::Trash)),
    ("JUNK_FOLDER", Role::Folder(Folder::Junk)),
    ("SPAM_FOLDER", Role::Folder(Folder::Junk)),
    ("DRAFTS_FOLDER", Role::Folder(Folder::Drafts)),
    ("DRAFT_FOLDER", Role::Folder(Folder::Drafts)),
    ("ARCHIVE_FOLDER", Role::Folder(Folder::Archive)),
    ("HOST_NAME", Role::Host),
    ("HOST", Role::Host),
    ("HOSTNAME", Role::Host),
    ("SERVER", Role::Host),
    ("SMARTHOST", Role::Host),
    ("RELAY", Role::Host),
    ("RELAYHOST", Role::Host),
    ("ADDRESS", Role::Host),
    ("ADDR", Role::Host),
    ("PORT", Role::Port),
    ("USER", Role::Login),
    ("USERNAME", Role::Login),
    ("USER_NAME", Role::Login),
    ("LOGIN", Role::Login),
    ("PASSWORD", Role::Password),
    ("PASSWD", Role::Password),
    ("PASS", Role::Password),
    ("PWD", Role::Password),
    ("URL", Role::Url),
    ("DSN", Role::Url),
    ("URI", Role::Url),
];

/// Words between the account and the role in a name.
const BETWEEN: [&str; 16] = [
    "HOST",
    "SERVER",
    "AUTH",
    "AUTHENTICATION",
    "APP",
    "SPECIFIC",
    "LOGIN",
    "TLS",
    "SSL",
    "OPENSSL",
    "INSECURE",
    "FORCE",
    "ENABLE",
    "USE",
    "CREDENTIALS",
    "OPTIONS",
];

/// The words of a name in capitals: `mail__smtpHost` is MAIL, SMTP and HOST.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        let parts = !letter.is_ascii_alphanumeric();
        if parts || was_small && letter.is_ascii_uppercase() {
            words.push(String::new());
        }
        was_small = letter.is_ascii_lowercase();
        if let (false, Some(word)) = (parts, words.last_mut()) {
            word.push(letter.to_ascii_uppercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a name consists of such words.
pub(super) fn is_between(name: &str) -> bool {
    words(name).iter().all(|word| BETWEEN.contains(&word.as_str()))
}

/// What a variable sets, and the words that name its account.
pub(super) fn role(name: &str) -> Option<(Role, Vec<String>)> {
    let mut words = words(name);
    let whole = words.join("_");
    let ends = |end: &str| whole.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('_'));
    let known = ENDS.iter().find(|(end, _)| ends(end)).map(|(end, role)| (end.split('_').count(), *role));
    // Nextcloud's SMTP_NAME is the login; other names that end in NAME are not.
    let (count, role) = known.or_else(|| (whole == "SMTP_NAME").then_some((1, Role::Login)))?;
    words.truncate(words.len().saturating_sub(count));
    while words.last().is_some_and(|word| BETWEEN.contains(&word.as_str())) {
        words.pop();
    }
    // Gitea has SMTP_ADDR and SMTP_PORT beside PROTOCOL and USER, all of them for its mailer.
    if let [.., above, last] = words.as_slice()
        && above == "MAILER"
        && last == "SMTP"
    {
        words.pop();
    }
    // Spring's properties of Jakarta Mail: spring.mail.properties.mail.smtp.starttls.enable.
    if words.starts_with(&["SPRING".to_owned(), "MAIL".to_owned()]) {
        words.truncate(2);
    }
    Some((role, words))
}

/// Whether such words are about mail.
pub(super) fn is_about_mail(words: &[String]) -> bool {
    const MAIL: [&str; 5] = ["SMTP", "IMAP", "MAIL", "EMAIL", "POP3"];
    const OTHER: [&str; 5] = ["FROM", "TO", "SENDER", "REPLY", "RECIPIENT"];
    words.iter().any(|word| MAIL.iter().any(|mail| word.starts_with(mail)))
        && !words.iter().any(|word| OTHER.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_what_it_is_for_and_whose_it_is() {
        let found = |name: &str| role(name).map(|(role, whose)| (role, whose.join(" ")));
        let own = |role: Role, whose: &str| Some((role, whose.to_owned()));
        assert_eq!(found("EMAIL_HOST_USER"), own(Role::Login, "EMAIL"));
        assert_eq!(found("mail__options__host"), own(Role::Host, "MAIL"));
        assert_eq!(found("GF_SMTP_STARTTLS_POLICY"), own(Role::Starttls, "GF SMTP"));
        assert_eq!(found("SMTP_ENABLE_START_TLS"), own(Role::Starttls, "SMTP"));
        assert_eq!(found("NODE_TLS_REJECT_UNAUTHORIZED"), own(Role::Verified, "NODE"));
        assert_eq!(found("SMTP_OPENSSL_VERIFY_MODE"), own(Role::Verified, "SMTP"));
        assert_eq!(found("useSSL"), own(Role::UseSsl, ""));
        assert_eq!(found("SMTP_PASSWORD_FILE"), None);
        assert_eq!(found("MAIL_FROM_NAME"), None);
        assert_eq!(found("SMTP_NAME"), own(Role::Login, "SMTP"));
    }

    #[test]
    fn no_end_is_hidden_by_a_shorter_one_before_it() {
        for (nth, (end, _)) in ENDS.iter().enumerate() {
            let is_hidden = ENDS[..nth].iter().any(|(before, _)| end.ends_with(&format!("_{before}")));
            assert!(!is_hidden, "{end}");
        }
    }
}
