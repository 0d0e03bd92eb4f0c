//! What a mail server means by an answer, known in one place: patterns of meaning (who, what, too much of what) in the
//! words, because the same code stands before very different words.

/// What a server means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The name or the password is refused.
    Refused,
    /// The password was right once: it has expired, was revoked, or must be changed.
    Withdrawn,
    /// The account is locked, for a while or until its owner unlocks it.
    Locked,
    /// There were too many sign-ins or requests.
    Throttled,
    /// Too many connections are open at once.
    TooManyConnections,
    /// The server cannot serve now.
    Unavailable,
    /// This way to the mailbox is switched off for the account, or the account has no mailbox.
    SwitchedOff,
    /// The mechanism of the sign-in is not accepted.
    Mechanism,
    /// The mailbox or the storage is full.
    MailboxFull,
    /// The sender's address is not one that the account may use.
    SenderNotAllowed,
    /// The account has sent as much as it may for now.
    SendingLimit,
    /// The message is too large.
    Size,
    /// The client has not signed in.
    NotSignedIn,
    /// The recipient does not exist or accepts nothing.
    Recipient,
    /// The message's content is refused.
    Content,
}

/// A pattern of meaning: each of the groups has a part in the answer, and none of `without` is there.
struct Row {
    means: Meaning,
    all: &'static [&'static [&'static str]],
    without: &'static [&'static str],
    /// An answer that is so, as a server said it.
    #[cfg(test)]
    example: &'static str,
    /// Where the example comes from.
    #[cfg(test)]
    source: &'static str,
}

macro_rules! rows {
    ($($means:ident: $([$($part:literal)*])+ $(without [$($without:literal)*])? = $example:literal, $source:literal;)*) => {
        /// The patterns; the first that fits counts, so what is more exact comes first.
        const ROWS: &[Row] = &[$(Row {
            means: Meaning::$means,
            all: &[$(&[$($part),*]),+],
            without: &[$($($without),*)?],
            #[cfg(test)]
            example: $example,
            #[cfg(test)]
            source: $source,
        }),*];
    };
}

rows! {
    SwitchedOff: ["imap" "mail service" "mailbox access" "mail access" "email service" "access to mailbox" "mail is"]
        ["disabled" "not enabled" "is off" "turned off" "switched off" "deactivated" "not activated" "not provisioned" "no access" "not permitted" "not allowed" "not available for"]
        = "NO [AUTHORIZATIONFAILED] IMAP access is disabled for this account", "icloud-facts 1.3; RFC 5530 section 3";
    SwitchedOff: ["no access" "not authorized to access" "no mailbox" "has no mail"] ["mailbox" "mail" "account" "imap"]
        = "NO [CONTACTADMIN] You have no access to this mailbox, contact your administrator", "RFC 5530 section 3: CONTACTADMIN";
    MailboxFull: ["mailbox" "quota" "storage" "disk" "inbox"] ["full" "exceeded" "over quota" "overquota" "over limit" "insufficient" "exceeds"]
        without ["sending" "daily" "recipient" "per hour" "per day" "outgoing" "message size" "rate"]
        = "552 5.2.2 Mailbox full: over quota", "RFC 3463 section 3.3";
    Throttled: ["rate"] ["exceed" "limit" "too high" "too fast"] without ["message rate" "sending rate"]
        = "NO [LIMIT] Sign-in rate exceeded", "RFC 5530 section 3: LIMIT";
    SendingLimit: ["exceed" "limit" "too many" "maximum" "quota" "too much"] ["sending" "sent" "messages" "mails" "recipients" "outgoing" "daily" "message rate"]
        without ["connection" "login" "sign-in" "attempt" "bad commands" "too large" "message size"]
        = "550 5.7.0 You have exceeded your daily sending limit", "https://support.apple.com/102198";
    TooManyConnections: ["too many" "maximum" "exceed" "limit" "max "] ["connection" "session" "simultaneous" "concurrent"]
        without ["login attempt" "failed"]
        = "NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded", "Dovecot: mail_max_userip_connections";
    Throttled: ["too many" "exceed" "throttl" "slow down" "too often" "too frequent" "limit reached"]
        ["login" "logon" "sign-in" "sign in" "auth" "attempt" "request" "fail" "quickly" "password" "too often" "too frequent" "throttl" "slow down" "command"]
        = "454 4.7.0 Too many login attempts, please try again later", "support.google.com/a/answer/3221692";
    Locked: ["account" "user" "login" "mailbox"] ["locked" "suspended" "blocked" "on hold" "temporarily disabled" "inactive" "account disabled" "account is disabled" "deactivated"]
        = "NO [AUTHENTICATIONFAILED] Account is locked", "Courier and Exchange, from memory";
    Withdrawn: ["password" "credential" "token"] ["expired" "revoked" "must be changed" "needs to be changed" "must change"]
        = "NO [EXPIRED] Your password has expired", "RFC 5530 section 3: EXPIRED";
    Mechanism: ["mechanism" "authentication type" "authentication method" "auth type" "authentication scheme" "auth method"]
        ["not supported" "unsupported" "unrecognized" "unknown" "not available" "disabled" "invalid" "not enabled" "not permitted" "too weak"]
        = "504 5.5.4 Unrecognized authentication type", "RFC 4954 section 4";
    Unavailable: ["temporar" "internal" "server error" "service unavailable" "service not available" "not available" "unavailable" "maintenance" "backend" "overload" "busy" "shutting down" "system problem" "try again later" "lookup fail" "lost connection" "connection lost"]
        without ["user unavailable" "mailbox unavailable" "reason unavailable" "invalid" "rejected"]
        = "NO [UNAVAILABLE] Temporary authentication failure. [vm:2026-11-24 02:28:00]", "Dovecot: AUTH_TEMP_FAILED_MSG";
    NotSignedIn: ["authentication required" "authenticate first" "must authenticate" "not authenticated" "client host rejected" "relay access denied" "relaying denied" "not permitted to relay" "sign in first" "must login first"]
        = "530 5.7.0 Authentication required", "RFC 4954 section 6";
    SenderNotAllowed: ["from address" "sender address" "sender" "mail from" "envelope from" "return path" "this address"]
        ["not one of" "not owned" "rejected" "not allowed" "not permitted" "not authorized" "does not match" "denied" "not verified" "not belong"]
        without ["domain not found" "domain of sender" "does not exist"]
        = "550 5.7.0 From address is not one of your addresses", "TryGhost/Ghost#17012";
    Size: ["size" "too large" "too big" "exceeds"] ["message" "size"]
        = "552 5.3.4 Message size exceeds fixed limit", "RFC 3463 section 3.4";
    Recipient: ["recipient" "user" "mailbox" "address" "no such"] ["unknown" "not found" "does not exist" "no such" "unavailable" "invalid" "rejected"]
        without ["invalid credentials" "password" "user name"]
        = "550 5.1.1 <x@icloud.com>: Recipient address rejected: User unknown", "RFC 3463 section 3.2";
    Content: ["spam" "local policy" "content rejected" "virus" "message rejected" "message was rejected"]
        = "554 5.7.1 [CS01] Message rejected due to local policy", "icloud-facts 2";
    Refused: ["authentication" "credential" "login" "logon" "password" "username" "user name" "sign-in" "auth"]
        ["fail" "invalid" "incorrect" "wrong" "bad " "not accepted" "unsuccessful" "rejected" "denied" "refused" "error" "not recognized" "unable"]
        = "535 5.7.8 Error: authentication failed: (reason unavailable)", "Postfix with Dovecot SASL";
}

/// Returns what the words of an answer mean, whatever code comes before them; `None` for words that no pattern knows.
pub fn meaning(words: &str) -> Option<Meaning> {
    let words = without_codes(words).to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    ROWS.iter().find(|row| row.all.iter().all(|group| has(group)) && !has(row.without)).map(|row| row.means)
}

/// An answer without its response codes in brackets, whose names are words too (RFC 9051, section 7.1).
fn without_codes(answer: &str) -> String {
    let mut parts = answer.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |words, part| words + part.split_once(']').map_or(part, |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_means_what_its_example_says() {
        for row in ROWS {
            assert_eq!(meaning(row.example), Some(row.means), "{}", row.example);
            assert!(!row.source.is_empty());
        }
    }

    #[test]
    fn other_wordings_of_the_same_are_understood() {
        use Meaning::*;
        for (means, words) in [
            (TooManyConnections, "Too many simultaneous connections"),
            (TooManyConnections, "421 4.7.0 Too many concurrent SMTP connections from this IP address"),
            (TooManyConnections, "BYE Too many connections from your network"),
            (TooManyConnections, "NO [ALERT] Maximum number of sessions reached for this user"),
            (TooManyConnections, "NO [LIMIT] connection limit exceeded"),
            (TooManyConnections, "Exceeded the maximum number of connections"),
            (Throttled, "NO [UNAVAILABLE] Too many login attempts"),
            (Throttled, "NO Too many failed logins, wait before trying again"),
            (Throttled, "NO [INUSE] You are signing in too often, slow down"),
            (Throttled, "450 4.7.1 Error: too many AUTH commands"),
            (Throttled, "NO Login rate limit exceeded"),
            (Throttled, "454 4.7.0 Request throttled, slow down"),
            (Locked, "NO [AUTHENTICATIONFAILED] This account is temporarily locked"),
            (Locked, "535 5.7.139 Authentication unsuccessful, the user account has been blocked"),
            (Locked, "NO Your account has been suspended"),
            (SwitchedOff, "NO mail service is not enabled for this account"),
            (SwitchedOff, "NO [ALERT] Your account is not enabled for IMAP use: IMAP is disabled"),
            (SwitchedOff, "535 5.7.139 SMTP: email service is disabled for the tenant"),
            (Withdrawn, "NO [AUTHENTICATIONFAILED] Password expired"),
            (Withdrawn, "535 5.7.8 This app-specific password was revoked"),
            (Mechanism, "504 5.7.4 Unrecognized authentication type"),
            (Mechanism, "NO Unsupported authentication mechanism"),
            (Mechanism, "535 5.7.8 Authentication mechanism is too weak"),
            (Unavailable, "A3 BAD [UNAVAILABLE] Service temporarily unavailable"),
            (Unavailable, "454 4.7.0 Temporary authentication failure: Connection lost to authentication server"),
            (Unavailable, "421 4.3.2 System not accepting network messages: shutting down"),
            (Unavailable, "NO [SERVERBUG] Internal error occurred. Refer to server log for more information."),
            (Unavailable, "451 4.3.0 Backend overloaded"),
            (Unavailable, "NO Authentication lookup failed"),
            (MailboxFull, "452 4.2.2 The email account that you tried to reach is over quota"),
            (MailboxFull, "NO [OVERQUOTA] Quota exceeded (mailbox for user is full)"),
            (MailboxFull, "452 4.3.1 Insufficient system storage"),
            (MailboxFull, "552 5.2.2 mailbox full"),
            (SendingLimit, "550 5.4.5 Daily user sending limit exceeded"),
            (SendingLimit, "550 5.7.1 You have sent too many messages, try tomorrow"),
            (SendingLimit, "452 4.5.3 Too many recipients"),
            (SendingLimit, "554 5.7.0 Outgoing message quota exceeded"),
            (SenderNotAllowed, "553 5.7.1 <a@b.example>: Sender address rejected: not owned by user c"),
            (SenderNotAllowed, "501 5.1.8 This address is not permitted as a return path"),
            (SenderNotAllowed, "550 5.7.60 Client does not have permissions to send: sender denied"),
            (NotSignedIn, "554 5.7.1 <unknown[203.0.113.1]>: Client host rejected: Access denied"),
            (NotSignedIn, "503 5.5.1 Error: authenticate first"),
            (NotSignedIn, "554 5.7.1 Relay access denied"),
            (Size, "552 5.3.4 Error: message file too big"),
            (Recipient, "550 5.1.1 no such user here"),
            (Content, "554 5.7.1 Your message looks like spam"),
            (Refused, "NO [AUTHENTICATIONFAILED] Authentication failed."),
            (Refused, "NO Invalid credentials (Failure)"),
            (Refused, "535 5.7.3 Authentication unsuccessful"),
            (Refused, "535-5.7.8 Username and Password not accepted"),
            (Refused, "NO LOGIN failed."),
            (Refused, "NO Bad username or password"),
            (Refused, "535 Incorrect authentication data"),
        ] {
            assert_eq!(meaning(words), Some(means), "{words}");
        }
    }

    #[test]
    fn what_no_pattern_knows_stays_open() {
        for words in ["", "OK", "550 5.7.0 Blue", "A3 NO the moon is made of cheese", "250 2.1.0 Sender OK"] {
            assert_eq!(meaning(words), None, "{words}");
        }
    }
}
