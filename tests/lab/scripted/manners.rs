//! How the scripted server misbehaves, or is merely different: one word each.

use crate::world::commands::Outcome;

/// Each manner with what it does and its word.
macro_rules! manners {
    ($($(#[$what:meta])+ $manner:ident = $word:literal,)+) => {
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(super) enum Manner {
            $($(#[$what])+ $manner,)+
        }

        const WORDS: &[(&str, Manner)] = &[$(($word, Manner::$manner),)+];
    };
}

manners! {
    /// Refuses every sign-in, the right one too.
    Refuse = "refuse",
    /// Drops the line after a refusal, without a word, as Apple's IMAP did.
    DropAfterRefusal = "drop-after-refusal",
    /// `BAD [UNAVAILABLE]` or 454 to every sign-in.
    Unavailable = "unavailable",
    /// `NO [UNAVAILABLE]` to every sign-in.
    UnavailableNo = "unavailable-no",
    /// `NO [LIMIT]` or 454 too many, to every sign-in.
    Throttled = "throttled",
    /// 421 to every sign-in, and closes.
    ThrottledAndClosed = "throttled-and-closed",
    /// IMAP that says it is switched off for the account.
    Disabled = "disabled",
    /// IMAP that takes the whole address as the login and no other form.
    OnlyFullAddress = "only-full-address",
    /// IMAP that takes the part before the @ as the login and no other form.
    OnlyNamePart = "only-name-part",
    /// Offers PLAIN, refuses it with the words for a wrong password, and takes LOGIN.
    PlainRefused = "plain-refused",
    /// The same with BAD.
    PlainRefusedBad = "plain-refused-bad",
    /// The same with a NO that has no code.
    PlainRefusedNoCode = "plain-refused-no-code",
    /// Offers tokens alone: no way for a password.
    NoPasswordMechanism = "no-password-mechanism",

    /// Says goodbye in place of a greeting.
    Bye = "bye",
    /// Turns the connection away: there are too many.
    TooManyConnections = "too-many-connections",
    /// Never greets.
    Silent = "silent",
    /// Closes without a word once it has greeted.
    CloseAfterGreeting = "close-after-greeting",
    /// Closes without a word once the sign-in is accepted.
    CloseAfterSignIn = "close-after-sign-in",
    /// Closes when the client's first handshake message arrives.
    CutAtHello = "cut-at-hello",
    /// Knows TLS 1.0 alone, and says so by an alert.
    OldTls = "old-tls",
    /// Knows TLS 1.0 alone, and closes on a client that does not.
    OldTlsCloses = "old-tls-closes",
    /// Knows no TLS after 1.2.
    TlsTwelve = "tls-1.2",
    /// Speaks IMAP on 993 without TLS.
    PlainText = "plain-text",
    /// Greets with words of no protocol.
    Nonsense = "nonsense",
    /// Greets with a line of a megabyte.
    GiantLine = "giant-line",
    /// Puts the password that it received into its answers, plain and in base64.
    EchoPassword = "echo-password",

    /// Lets 800 ms pass before each of its answers.
    Slow = "slow",
    /// Lets 800 ms pass before each line that it says.
    SlowLines = "slow-lines",
    /// Greets in words that a careless reader stumbles over.
    OddGreeting = "odd-greeting",
    /// Says nothing of its capabilities unasked, and greets in several lines where it may.
    PlainGreeting = "plain-greeting",
    /// Offers far too much.
    OffersMuch = "offers-much",
    /// Sends unsolicited untagged data.
    UnaskedData = "unasked-data",
    /// IMAP without SASL-IR: the initial response has to wait for the server's `+`.
    NoSaslIr = "no-sasl-ir",
    /// IMAP that knows LOGIN alone.
    NoAuthPlain = "no-auth-plain",
    /// Offers ID and QUOTA before the sign-in too.
    OffersId = "offers-id",
    /// IMAP without ID.
    NoId = "no-id",
    /// IMAP without QUOTA.
    NoQuota = "no-quota",

    /// The mailbox is full.
    Full = "full",
    /// One KiB is left in the mailbox.
    NearlyFull = "nearly-full",
    /// `Sent` and `Trash` stand beside Apple's `Sent Messages` and `Deleted Messages`.
    TwoSentFolders = "two-sent-folders",
    /// The message is unread.
    Unread = "unread",
    /// FETCH of RFC822 brings the message, as on every server but Apple's.
    FetchesRfc822 = "fetches-rfc822",
    /// FETCH is answered by `NO Service temporarily unavailable`.
    FetchUnavailable = "fetch-unavailable",
    /// After the sign-in, every question about the mailbox and its folders is answered by a fault of the server.
    FoldersUnavailable = "folders-unavailable",
    /// The same, because the account asks too often.
    FoldersThrottled = "folders-throttled",

    /// SMTP that does not offer STARTTLS.
    NoStarttls = "no-starttls",
    /// STARTTLS overwritten by the letter X, as some firewalls do.
    MaskedStarttls = "masked-starttls",
    /// Sends more after the `220` to STARTTLS and before the handshake, as an injection would.
    InjectAfterStarttls = "inject-after-starttls",
    /// The day's messages are used up.
    SendingLimit = "sending-limit",
    /// Treats a sender that has signed in as not signed in.
    Stranger = "stranger",
}

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
