//! The shape that only one program's files have, so that a file with any other name is recognised.

use std::sync::OnceLock;

use regex::Regex;

/// Regular expressions for the lines of such a file.
pub(crate) struct Signature {
    /// Each of these must be in it: a single word could be there by chance.
    pub(crate) has: &'static [&'static str],
    /// Every line matches, except for empty lines and comments after a `#`: a file that only quotes such settings has
    /// others.
    pub(crate) only: &'static str,
}

/// A signature, compiled as far as a text needs it: few have lines of one kind alone.
pub(super) struct Shape {
    only: Regex,
    has: OnceLock<Vec<Regex>>,
    signature: &'static Signature,
}

impl Signature {
    /// Compiles the signature. A test checks that each of its patterns is a regular expression.
    pub(super) fn shape(&'static self) -> Result<Shape, regex::Error> {
        Ok(Shape { only: Regex::new(self.only)?, has: OnceLock::new(), signature: self })
    }

    fn compiled(&self) -> Vec<Regex> {
        self.has.iter().filter_map(|pattern| Regex::new(&format!("(?m){pattern}")).ok()).collect()
    }
}

impl Shape {
    /// Returns whether a text has this shape.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
        // The lines first: of a long log, one of the first is another already.
        lines.all(|line| self.only.is_match(line))
            && self.has.get_or_init(|| self.signature.compiled()).iter().all(|pattern| pattern.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PROGRAMS, signed};
    use super::*;

    #[test]
    fn every_signature_can_be_read_and_names_more_than_a_word() {
        for program in &PROGRAMS {
            let Signature { has, only } = &program.owns.signature;
            for pattern in has.iter().chain([only]) {
                assert!(Regex::new(pattern).is_ok(), "{}: {pattern}", program.id);
            }
            assert!(!has.is_empty(), "{}", program.id);
        }
    }

    #[test]
    fn settings_of_another_name_are_known_by_their_shape() {
        for (text, program) in [
            ("[a]\nsource = imaps://a@b:993\nfrom = a@b\n", "aerc"),
            ("[Data Source]\nDisplayName=a\n\n[Mail Transport]\nBackendName=smtp\n", "evolution"),
            ("[Metadata]\nversion=1\n\n[Incoming]\nhost=b\ntransport_security=transport\n", "geary"),
            ("set daemon 300\npoll a with proto IMAP\n  user \"b\" there is c here\n  ssl\n", "fetchmail"),
            ("[retriever]\ntype = SimpleIMAPSSLRetriever\nserver = a\n", "getmail"),
            ("[user]\n\tname = a\n[sendemail]\n\tsmtpServer = a\n", "git-send-email"),
            ("[accounts.a]\nemail = \"b\"\nbackend.type = \"imap\"\nbackend.host = \"c\"\n", "himalaya"),
            ("# mail\nIMAPAccount a\nHost b\nPort 993\n\nChannel x\nFar :a:\n", "mbsync"),
            ("defaults\ntls on\n\naccount a\nhost b\nport 587\n", "msmtp"),
            ("set from = a\nset smtp_url = smtp://b\nmailboxes =INBOX\n", "neomutt"),
            ("[general]\n[Account a]\n[Repository b]\ntype = IMAP\nremotehost = c\n", "offlineimap"),
            ("relayhost = [a]:587\nsmtp_sasl_auth_enable = yes\n", "postfix"),
            ("// Mozilla\nuser_pref(\"mail.server.server1.hostname\", \"a\");\n", "thunderbird"),
            (
                "<?xml version=\"1.0\"?>\n<!-- x -->\n<plist><dict>\n<string>com.apple.mail.managed</string>\n",
                "apple-devices",
            ),
            ("<clientConfig version=\"1.1\">\n", "autoconfig"),
            ("<?xml?>\n<!--\nx -->\n<k9settings version=\"1\">\n", "k9"),
            ("# mail\nexport APP_SMTP_HOST=a\nAPP_SMTP_PORT=587\n", "environment"),
        ] {
            assert_eq!(signed(text).map(|program| program.id), Some(program), "{text}");
            // Quoted in a script or a page, the same text is not recognised.
            let quoted = format!("cat > there <<END\n{text}END\n");
            assert!(signed(&quoted).is_none(), "{quoted}");
        }
    }
}
