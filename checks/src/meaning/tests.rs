//! Wordings of other servers that no row repeats, each with its meaning, and words that have none.

use super::Meaning::{
    Content, Encryption, Expired, Locked, MailboxFull, Mechanism, NotSignedIn, Recipient, Refused, SenderNotAllowed,
    SendingLimit, Size, SwitchedOff, Throttled, TooManyConnections, Unavailable, WrongKind,
};
use super::*;

/// Whether it must be sure: nothing of the sentence speaks against it.
const SURE: bool = true;
const UNSURE: bool = false;

const WORDINGS: &[(&str, Meaning, bool)] = &[
    // Dovecot
    ("A1 NO [AUTHENTICATIONFAILED] Authentication failed.", Refused, SURE),
    ("A1 NO [UNAVAILABLE] Temporary authentication failure. [host:2026-11-29 05:00:00]", Unavailable, SURE),
    ("A1 NO [AUTHORIZATIONFAILED] Account is disabled", Locked, UNSURE),
    ("A1 NO [EXPIRED] Your password has expired, please change it", Expired, SURE),
    ("A1 NO [LIMIT] Too many logins for this user from your IP", Throttled, UNSURE),
    ("* BYE Maximum number of concurrent sessions reached, try later", TooManyConnections, SURE),
    ("A1 NO [ALERT] Too many sessions are open for this mailbox", TooManyConnections, SURE),
    ("A1 NO [OVERQUOTA] Not enough disk quota", MailboxFull, SURE),
    ("* BYE Disconnected: Internal error occurred. Refer to server log.", Unavailable, SURE),
    ("A1 NO [CONTACTADMIN] Too many failed authentication attempts", Throttled, UNSURE),
    // Courier and Cyrus
    ("* BYE Temporary problem, please try again later", Unavailable, SURE),
    ("A1 NO Login failed.", Refused, SURE),
    ("A1 NO [AUTHENTICATIONFAILED] user not found: no such user", Refused, SURE),
    ("A1 NO Login failed: authentication failure", Refused, SURE),
    ("A1 BAD [SERVERBUG] System I/O error: backend down", Unavailable, SURE),
    ("* BYE [UNAVAILABLE] idle server is down for maintenance", Unavailable, SURE),
    ("A1 NO invalid mechanism: SASL(-4): no mechanism available", Mechanism, SURE),
    ("* BYE Maximum connection limit reached for your IP.", TooManyConnections, SURE),
    // Exchange
    ("A1 NO LOGIN failed.", Refused, SURE),
    ("535 5.7.3 Authentication unsuccessful", Refused, SURE),
    (
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
        SwitchedOff,
        UNSURE,
    ),
    ("454 4.7.0 Temporary authentication failure", Unavailable, SURE),
    ("421 4.3.2 Service not available", Unavailable, SURE),
    ("421 4.3.2 The maximum number of concurrent server connections has exceeded a limit", TooManyConnections, UNSURE),
    ("432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded", SendingLimit, UNSURE),
    ("530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM", NotSignedIn, SURE),
    ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", SenderNotAllowed, SURE),
    ("554 5.2.0 SendAsDenied; you@example.org not allowed to send as me@example.org", SenderNotAllowed, SURE),
    ("550 5.1.8 Access denied, bad outbound sender", SenderNotAllowed, SURE),
    ("A1 NO [UNAVAILABLE] Request is throttled. Suggested Backoff Time: 299961 milliseconds", Throttled, UNSURE),
    ("A1 NO [UNAVAILABLE] IMAP4 is not enabled for this user", SwitchedOff, UNSURE),
    // Postfix
    ("535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", Refused, SURE),
    ("454 4.7.0 TLS not available due to local problem", Unavailable, SURE),
    ("552 5.3.4 Error: message file too big", Size, SURE),
    ("452 4.3.1 Insufficient system storage", Unavailable, SURE),
    ("421 4.7.0 imap.example.org Error: too many connections from 192.0.2.1", TooManyConnections, UNSURE),
    ("421 4.7.0 mx.example.org Error: too many errors", Throttled, UNSURE),
    ("450 4.7.1 Error: too much mail from 192.0.2.1", SendingLimit, UNSURE),
    ("454 4.7.1 <you@example.org>: Relay access denied", NotSignedIn, UNSURE),
    // In a client's log: its own words follow the server's.
    (
        "450 4.1.8 <root@pve.example>: Sender address rejected: Domain not found (in reply to RCPT TO command)",
        SenderNotAllowed,
        SURE,
    ),
    ("553 5.7.1 <you@example.org>: Sender address rejected: not logged in", NotSignedIn, SURE),
    ("550 5.1.1 <x@example.org>: user does not exist", Recipient, SURE),
    ("550 5.1.1 <x@example.org>: Recipient address rejected: User unknown in local recipient table", Recipient, SURE),
    ("538 5.7.11 Encryption required for requested authentication mechanism", Encryption, SURE),
    ("451 4.3.0 <you@example.org>: Temporary lookup failure", Unavailable, SURE),
    // Postfix, where the reason says more than what is rejected
    ("554 5.7.1 <a.example[192.0.2.1]>: Client host rejected: message quota of the day reached", SendingLimit, SURE),
    ("554 5.7.1 <you>: SASL login name rejected: You have exceeded your daily sending limit", SendingLimit, SURE),
    (
        "553 5.7.1 <you@example.org>: Sender address rejected: not owned by user you: too many messages",
        SendingLimit,
        SURE,
    ),
    ("450 4.2.2 <you@example.org>: Sender address rejected: mailbox is over quota", MailboxFull, SURE),
    ("553 5.7.1 <a@example.org>: Sender address rejected: not owned by user b", SenderNotAllowed, SURE),
    ("554 5.7.1 <a.example[192.0.2.1]>: Client host rejected: cannot find your hostname", NotSignedIn, SURE),
    // Sendmail
    ("535 5.7.0 authentication failed", Refused, SURE),
    ("503 5.3.3 AUTH mechanism CRAM-MD5 not available", Mechanism, SURE),
    ("421 4.3.2 Connection rate limit exceeded.", TooManyConnections, UNSURE),
    ("550 5.7.1 <x@example.org>... Relaying denied. Proper authentication required.", NotSignedIn, SURE),
    ("452 4.5.3 Too many recipients", SendingLimit, SURE),
    ("421 4.3.0 collect: Cannot write: out of service for now", Unavailable, SURE),
    // Oracle, which is iCloud's for sending
    ("535 5.7.8 Bad username or password (Authentication failed).", Refused, SURE),
    ("530 5.7.1 Must issue a STARTTLS command before anything else", Encryption, UNSURE),
    ("452 4.2.2 user over quota; cannot receive new mail: mailbox full", MailboxFull, SURE),
    ("550 5.7.1 Submission quota reached for this account", SendingLimit, SURE),
    ("550 5.7.0 From header does not match any address of the account", SenderNotAllowed, SURE),
    ("421 4.4.5 Too many connections to this host", TooManyConnections, UNSURE),
    ("554 5.7.1 [CS01] Message rejected due to local policy. See https://support.apple.com/102322", Content, SURE),
    ("552 5.2.3 Message exceeds maximum fixed size (28311552)", Size, SURE),
    // Google and those like it
    ("535-5.7.8 Username and Password not accepted. For more information, go to", Refused, SURE),
    ("A1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", Refused, SURE),
    ("A1 NO [ALERT] Application-specific password required", WrongKind, SURE),
    ("A1 NO [ALERT] Too many simultaneous connections. (Failure)", TooManyConnections, SURE),
    ("A1 NO [OVERQUOTA] Account exceeded command or bandwidth limits", Throttled, UNSURE),
    ("454 4.7.0 Too many login attempts, please try again later.", Throttled, UNSURE),
    ("550 5.4.5 Daily user sending limit exceeded", SendingLimit, SURE),
    ("552 5.2.2 The email account that you tried to reach is over quota", MailboxFull, SURE),
    ("A1 NO [ALERT] Your account is not enabled for IMAP use", SwitchedOff, SURE),
    ("552 5.7.0 This message was blocked because its content presents a potential security issue", Content, SURE),
    ("A1 NO [UNAVAILABLE] Account temporarily locked after unusual activity", Locked, UNSURE),
    // Made up, as other programmers would put it
    ("A1 NO [UNAVAILABLE] You have exceeded the number of allowed sign-in attempts", Throttled, UNSURE),
    ("A1 NO [CONTACTADMIN] User has no access to email", SwitchedOff, UNSURE),
    ("* BYE [CONTACTADMIN] Session limit for this account exceeded", TooManyConnections, UNSURE),
    ("A1 NO Credentials revoked by the user", Expired, SURE),
    ("554 5.7.0 Sender identity not verified for this login", SenderNotAllowed, SURE),
    ("A1 NO [UNAVAILABLE] Mail feature not included in your plan", SwitchedOff, UNSURE),
    ("535 5.7.8 This mailbox is suspended", Locked, UNSURE),
    ("552 5.2.2 Storage exhausted", MailboxFull, SURE),
    ("451 4.7.1 Message rate for this user is over the limit", SendingLimit, UNSURE),
    ("M1 NO [SERVERBUG] Backend not responding", Unavailable, SURE),
    // Written after the table, and before it was asked about them
    ("A1 NO [UNAVAILABLE] You are signing in too quickly", Throttled, UNSURE),
    ("A1 NO [UNAVAILABLE] Excessive authentication activity, slow down", Throttled, UNSURE),
    ("A1 NO [CONTACTADMIN] Exceeded permitted logins", Throttled, UNSURE),
    ("A1 NO [CONTACTADMIN] Mailbox access has been turned off", SwitchedOff, UNSURE),
    ("A1 NO [UNAVAILABLE] User has too many clients connected", TooManyConnections, UNSURE),
    ("* BYE [UNAVAILABLE] Connection quota exceeded", TooManyConnections, UNSURE),
    ("* BYE Server going down for upgrade", Unavailable, SURE),
    ("A1 NO [UNAVAILABLE] Authentication backend unreachable", Unavailable, SURE),
    ("A1 NO This user may not use IMAP", SwitchedOff, SURE),
    ("A1 NO [ALERT] Account is over its storage allotment", MailboxFull, SURE),
    ("550 5.7.1 You are not allowed to use the address you@example.org as sender", SenderNotAllowed, SURE),
    ("451 4.7.1 Hourly quota of outgoing mails exceeded", SendingLimit, UNSURE),
    ("530 Please authenticate before sending", NotSignedIn, SURE),
    ("534 5.7.9 Password has to be changed first", Expired, UNSURE),
    ("535 5.7.1 Account frozen", Locked, UNSURE),
    ("552 5.3.4 Your mail is bigger than we accept", Size, SURE),
    ("A3 NO [UNAVAILABLE] Service not available for your account type", SwitchedOff, UNSURE),
    ("* BYE [UNAVAILABLE] Host address is blocked", Locked, UNSURE),
];

#[test]
fn other_wordings_have_the_meaning_of_their_pattern() {
    let mut wrong = Vec::new();
    for (line, meaning, is_sure) in WORDINGS {
        let heard = of(line).map(|heard| (heard.meaning, heard.is_sure, heard.by_words));
        if heard != Some((*meaning, *is_sure, true)) {
            wrong.push(format!("{line}: {heard:?} and not {meaning:?}, {is_sure}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), WORDINGS.len(), wrong.join("\n"));
}

#[test]
fn a_row_means_what_its_examples_say_and_every_row_has_one() {
    for row in ROWS {
        assert!(!row.examples.is_empty(), "{:?}: {:?}", row.means, row.all);
    }
    for (meaning, example) in examples() {
        let heard = of(example).map(|heard| (heard.meaning, heard.by_words));
        assert_eq!(heard, Some((meaning, true)), "{example}");
        assert!(WORDINGS.iter().all(|(line, ..)| *line != example), "{example} is in a row");
    }
}

#[test]
fn what_the_words_leave_open_is_never_sure() {
    for (line, meaning) in [
        ("A1 NO [UNAVAILABLE] Quokka 17", Some(Unavailable)),
        ("A1 NO [AUTHENTICATIONFAILED] Please see our website", Some(Refused)),
        ("A1 NO Quokka", None),
        ("550 5.7.1 See our website", None),
        ("552 5.7.0 See our website", None),
        ("421 4.7.0 Quokka", Some(Unavailable)),
    ] {
        let heard = of(line);
        assert_eq!(heard.map(|heard| heard.meaning), meaning, "{line}");
        assert!(heard.is_none_or(|heard| !heard.is_sure && !heard.by_words), "{line}");
    }
    for bare in ["A1 NO [UNAVAILABLE]", "* BYE [UNAVAILABLE]", "535 5.7.8", "552 5.2.2"] {
        assert!(of(bare).is_some_and(|heard| heard.is_sure), "{bare}");
    }
}

#[test]
fn a_sentence_is_found_where_it_stands_in_a_line() {
    let found = |line| {
        sentence(line).map(|found| (found.start, found.response, found.reply, found.enhanced, found.words.trim()))
    };
    let log = "Nov 29 05:00:00 mail imap[12]: A1 NO [LIMIT] Too many";
    assert_eq!(found(log), Some((34, Some("LIMIT"), None, None, "Too many")));
    let python = "(535, b'5.7.8 Error: authentication failed:')";
    assert_eq!(found(python), Some((1, None, Some("535"), Some("5.7.8"), "Error: authentication failed:')")));
    let quoted = "b'[AUTHENTICATIONFAILED] Authentication Failed'";
    assert_eq!(found(quoted), Some((2, Some("AUTHENTICATIONFAILED"), None, None, "Authentication Failed'")));
    for prose in ["there is NO mail, it is BAD", "port 5870", "5351 messages", "", "NOT 53", "[x] NO"] {
        assert_eq!(found(prose), None, "{prose}");
    }
    // Bytes of any kind, cut anywhere.
    for line in ["535\u{a0}é", "[LIMIT]é", "A1 NO [", "A1 NO", "550-", "é550 é", "(5é0"] {
        let _ = of(line);
    }
}
