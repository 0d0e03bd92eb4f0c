//! What is wrong with some of many accounts, and the truth about each: the causes of which the first must be one.

/// A kind of fault: what Dovecot's script and Postfix' tables go by, and the causes that are right. The first is the true
/// one; the others are what an honest answer may say, because the server's words leave it open. None where the account
/// cannot be asked.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) causes: &'static [&'static str],
}

const fn kind(name: &'static str, causes: &'static [&'static str]) -> Kind {
    Kind { name, causes }
}

/// Thirty of them. Dovecot says of an account that is disabled, or whose lookup broke, what it says of a wrong password. No five in a row are refused, and no three told to come later, because either would stop the run.
pub(crate) const KINDS: [Kind; 30] = [
    kind("wrong-password", &["password-refused"]),
    kind("full", &["mailbox-full"]),
    kind("disabled", &["sign-in-throttled", "password-refused"]),
    kind("not-its-sender", &["sender-not-owned"]),
    kind("smtp-refuses", &["smtp-sign-in-refused"]),
    kind("sent-too-much", &["sending-limit"]),
    kind("unknown-user", &["password-refused"]),
    kind("nearly-full", &["mailbox-nearly-full"]),
    kind("broken", &["service-unavailable"]),
    kind("pasted-with-spaces", &["password-mangled"]),
    kind("own-password", &["apple-password-used"]),
    kind("full-at-sending", &["mailbox-full"]),
    kind("imap-refuses", &["imap-sign-in-refused"]),
    kind("wrong-password", &["password-refused"]),
    kind("expired", &["password-refused"]),
    kind("busy-at-sending", &["sending-limit", "unexplained"]),
    kind("disabled-imap", &["imap-disabled", "imap-sign-in-refused"]),
    kind("no-file", &[]),
    kind("broken-imap", &["service-unavailable"]),
    kind("capitals", &["password-refused"]),
    kind("disabled-smtp", &["smtp-sign-in-refused"]),
    kind("not-its-sender-again", &["sender-not-owned"]),
    kind("broken-smtp", &["service-unavailable", "smtp-sign-in-refused"]),
    kind("switched-off", &["imap-disabled"]),
    kind("custom-domain", &["not-an-icloud-login"]),
    kind("other-network", &["password-refused"]),
    kind("throttled", &["sign-in-throttled"]),
    kind("empty-file", &[]),
    kind("moved", &["service-unavailable", "unexplained"]),
    kind("sender-refused", &["sender-not-owned", "unexplained"]),
];
