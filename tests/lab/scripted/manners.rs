//! How the scripted server misbehaves: one word each.

use crate::world::commands::Outcome;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Manner {
    /// Refuses every sign-in, the right one too.
    Refuse,
    /// Drops the line after a refusal, without a word, as Apple's IMAP did.
    DropAfterRefusal,
    /// `BAD [UNAVAILABLE]` or 454 to every sign-in.
    Unavailable,
    /// Says goodbye in place of a greeting.
    Bye,
    /// Never greets.
    Silent,
    /// Closes when the client's first handshake message arrives.
    CutAtHello,
    /// Speaks IMAP on 993 without TLS.
    PlainText,
    /// Greets with words of no protocol.
    Nonsense,
    /// Greets with a line of a megabyte.
    GiantLine,
    /// Puts the password that it received into its answers, plain and in base64.
    EchoPassword,
    /// IMAP without SASL-IR: the initial response has to wait for the server's `+`.
    NoSaslIr,
    /// IMAP that knows LOGIN alone.
    NoAuthPlain,
    /// Offers ID and QUOTA before the sign-in too.
    OffersId,
    /// SMTP that does not offer STARTTLS.
    NoStarttls,
    /// STARTTLS overwritten by letters X, as some firewalls do.
    MaskedStarttls,
    /// Sends more after the `220` to STARTTLS and before the handshake, as an injection would.
    InjectAfterStarttls,
}

const WORDS: [(&str, Manner); 16] = [
    ("refuse", Manner::Refuse),
    ("drop-after-refusal", Manner::DropAfterRefusal),
    ("unavailable", Manner::Unavailable),
    ("bye", Manner::Bye),
    ("silent", Manner::Silent),
    ("cut-at-hello", Manner::CutAtHello),
    ("plain-text", Manner::PlainText),
    ("nonsense", Manner::Nonsense),
    ("giant-line", Manner::GiantLine),
    ("echo-password", Manner::EchoPassword),
    ("no-sasl-ir", Manner::NoSaslIr),
    ("no-auth-plain", Manner::NoAuthPlain),
    ("offers-id", Manner::OffersId),
    ("no-starttls", Manner::NoStarttls),
    ("masked-starttls", Manner::MaskedStarttls),
    ("inject-after-starttls", Manner::InjectAfterStarttls),
];

pub(super) struct Manners(Vec<Manner>);

impl Manners {
    /// Those of the words that are for this server. An unknown word is an error: what breaks nothing proves nothing.
    pub(super) fn of(server: &str, words: &[String]) -> Outcome<Self> {
        let mut manners = Vec::new();
        for word in words {
            let (whose, name) = word.split_once('=').ok_or_else(|| format!("{word}: neither imap=… nor smtp=…"))?;
            let known = WORDS.iter().find(|(known, _)| *known == name);
            let (_, manner) = known.ok_or_else(|| format!("{word}: no such manner"))?;
            if whose == server {
                manners.push(*manner);
            }
        }
        Ok(Self(manners))
    }

    pub(super) fn has(&self, manner: Manner) -> bool {
        self.0.contains(&manner)
    }
}
