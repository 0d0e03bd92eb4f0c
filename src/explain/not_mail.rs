//! Texts about iCloud's sign-in for the web, which programs for photos and for finding devices use: it takes other
//! passwords, and none of the causes here is about it.

use std::sync::LazyLock;

use regex_automata::meta::Regex;

use crate::pattern::searched;

/// Programs that use it: home-assistant/core, components/icloud; icloud-photos-downloader/icloud_photos_downloader.
static WEB: LazyLock<Regex> = LazyLock::new(|| searched(r"pyicloud|icloudpd|components[./]icloud\b"));
static MAIL: LazyLock<Regex> =
    LazyLock::new(|| searched(r"imap|smtp|\b(?:993|587)\b|mail\.me\.com|mail (?:app|client|program)"));

/// Whether a text is about that, and about no mail.
pub(super) fn is_web_sign_in(text: &str) -> bool {
    WEB.is_match(text.as_bytes()) && !MAIL.is_match(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_for_the_web_is_told_from_one_for_mail() {
        assert!(is_web_sign_in("[pyicloud.base] Missing apple_id field"));
        assert!(!is_web_sign_in("pyicloud works, but imap.mail.me.com refuses the password"));
        assert!(!is_web_sign_in("iCloud refuses the password"));
    }
}
