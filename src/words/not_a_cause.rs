//! What to say of a text that is understood, and is about none of the causes.

/// Words of which each group has one in the text, and what to say then.
struct Known {
    all: &'static [&'static [&'static str]],
    says: &'static str,
}

const fn known(all: &'static [&'static [&'static str]], says: &'static str) -> Known {
    Known { all, says }
}

/// The first that fits counts. What .NET says of a revocation that cannot be checked: jstedfast/MailKit#1132.
static KNOWN: [Known; 3] = [
    // icloud-photos-downloader/icloud_photos_downloader#42, home-assistant/core#53926: no app-specific passwords.
    known(
        &[&["pyicloud", "icloudpd", "components.icloud", "components/icloud"]],
        "This is iCloud's sign-in for the web, not mail: photos and the search for devices use it, with the password of the Apple Account and a code, and an app-specific password does not work there. Nothing in it is about the settings for mail. Ask the makers of that program; a message such as 503 may pass by itself.",
    ),
    known(
        &[&["revocation"], &["offline", "unable to check", "could not be checked", "unknown"]],
        "The certificate itself was not refused: the system could not ask whether it was withdrawn since. Let this computer reach the web over plain HTTP (port 80), or look whether a firewall stops it, and try again. In MailKit, `CheckCertificateRevocation = false` leaves that question out.",
    ),
    known(
        &[&["recipient"], &["was rejected", "were rejected", "was refused", "is rejected", "not accepted"]],
        "The server for sending was reached, and refused one of the recipients. Look at each address letter by letter: a name without an @, a space or a wrong domain is refused. Settings and password are not the reason, unless it refuses every address.",
    ),
];

/// Returns what to say of a text, in Markdown; `None` where it is not understood.
pub(crate) fn of(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let fits = |known: &&Known| known.all.iter().all(|words| words.iter().any(|word| text.contains(word)));
    KNOWN.iter().find(fits).map(|known| known.says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_understood_is_told_from_what_is_not() {
        for text in [
            "[pyicloud.base] Missing apple_id field",
            "The revocation function was unable to check revocation because the server was offline.",
            "Cannot Send Mail: the recipient \"xyz\" was rejected by the server.",
        ] {
            assert!(of(text).is_some(), "{text}");
        }
        assert!(of("the moon is made of cheese").is_none() && of("recipient").is_none());
    }
}
