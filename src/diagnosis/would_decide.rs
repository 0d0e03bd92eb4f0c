//! What would make an uncertain cause certain.

use checks::plan::Protocol;

/// What would make it certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WouldDecide {
    /// The time of another clock.
    OtherClock,
    /// The certificate that was not sent.
    MissingCertificate,
    OtherNetwork,
    /// The folder that each mail program is set to for sent messages.
    SentFolders,
    /// Whether the mail program shows messages without their text.
    EmptyMessages,
    /// Whether messages that the mail program misses are on the web.
    MissingMessages,
    OutsideResolver,
    OtherResolver,
    /// Whether any other address answers.
    AnyAddress,
    Ipv4,
    /// Whether a page opens in a browser.
    Browser,
    /// Whether a message to the user's own address arrives.
    OwnMessage,
    /// A check after the event that Apple reports is over.
    AfterTheEvent,
    /// A check when the server works again.
    WhenItServes,
    /// A sign-in with the name of the iCloud address.
    IcloudName,
    NewPassword,
    OtherMechanism,
    /// A sign-in with the other form of the login name.
    OtherLoginForm(Protocol),
    /// A later sign-in.
    LaterSignIn(Protocol),
    /// A run of this program: so far it has only read words.
    Check,
    /// Whether a message that is missed is in Archive.
    Archive,
    /// Whether a rule of the account moves the message.
    Rules,
    /// Whether messages are marked as read that nobody opened.
    MarkedAsRead,
    /// The same look at another time.
    LaterLook,
    /// The whole answer of the server, and its name.
    WholeAnswer,
}
