//! What would make a cause certain that is not.

use checks::plan::Protocol;

/// What would make it certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WouldDecide {
    /// The time by another clock.
    OtherClock,
    /// The certificate that was not sent along.
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
    /// Whether a message to oneself arrives.
    OwnMessage,
    /// The check again, when what Apple reports is over.
    AfterTheEvent,
    /// The check again, when the server works.
    WhenItServes,
    /// A sign-in with the name of the iCloud address.
    IcloudName,
    NewPassword,
    OtherMechanism,
    /// A sign-in with the other form of the login name.
    OtherLoginForm(Protocol),
    /// A sign-in later.
    LaterSignIn(Protocol),
    /// A run of this program: until then only words were read.
    Check,
}
