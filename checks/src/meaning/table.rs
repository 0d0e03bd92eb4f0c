//! The table: codes and words with their meaning. The words are patterns of who, what and too much of what, and no
//! sentences; the first row that fits counts.

use super::Meaning;
use super::Meaning::{
    Content, Encryption, Expired, Locked, MailboxFull, Mechanism, NotSignedIn, Recipient, Refused, SenderNotAllowed,
    SendingLimit, Size, SwitchedOff, Throttled, TooManyConnections, Unavailable, WrongKind,
};

/// Words with their meaning.
pub(super) struct Row {
    pub(super) means: Meaning,
    /// Beginnings of words; one of each group must be there.
    pub(super) all: &'static [&'static str],
    /// Beginnings of words that must not be there.
    pub(super) unless: &'static str,
    /// Whole lines that say it.
    pub(super) examples: &'static [&'static str],
    /// Where the lines and their meaning were found; read by people.
    #[allow(dead_code, reason = "kept for a reader who doubts a row")]
    source: &'static str,
}

/// Response codes of IMAP (RFC 5530 section 3; Apple uses `UNAVAILABLE` for its own faults, MailCore/mailcore2#1642).
pub(super) const RESPONSES: &[(&str, Meaning)] = &[
    ("AUTHENTICATIONFAILED", Refused),
    ("AUTHORIZATIONFAILED", Refused),
    ("EXPIRED", Expired),
    ("PRIVACYREQUIRED", Encryption),
    ("LIMIT", TooManyConnections),
    ("OVERQUOTA", MailboxFull),
    ("UNAVAILABLE", Unavailable),
    ("SERVERBUG", Unavailable),
    ("INUSE", Unavailable),
    ("CONTACTADMIN", Unavailable),
];

/// Enhanced codes without their class (RFC 3463 section 3, RFC 4954 section 6, RFC 5248; X.7.60 and X.7.139 are
/// Exchange's). What is left out, as X.7.0 and X.7.1, says too little.
pub(super) const ENHANCED: &[(&str, Meaning)] = &[
    ("1.0", Recipient),
    ("1.1", Recipient),
    ("1.2", Recipient),
    ("1.3", Recipient),
    ("1.6", Recipient),
    ("1.7", SenderNotAllowed),
    ("1.8", SenderNotAllowed),
    ("2.1", SwitchedOff),
    ("2.2", MailboxFull),
    ("2.3", Size),
    ("3.0", Unavailable),
    ("3.1", Unavailable),
    ("3.2", Unavailable),
    ("3.4", Size),
    ("4.5", SendingLimit),
    ("5.3", SendingLimit),
    ("5.4", Mechanism),
    ("6.0", Content),
    ("7.4", Mechanism),
    ("7.8", Refused),
    ("7.9", Mechanism),
    ("7.11", Encryption),
    ("7.13", Locked),
    ("7.60", SenderNotAllowed),
];

/// Reply codes of SMTP (RFC 5321 section 4.2.3, RFC 4954 section 6, RFC 7504 for 521). 550, 553 and 554 refuse anything.
pub(super) const REPLIES: &[(&str, Meaning)] = &[
    ("421", Unavailable),
    ("450", Unavailable),
    ("451", Unavailable),
    ("452", Unavailable),
    ("454", Unavailable),
    ("455", Unavailable),
    ("525", Locked),
    ("530", NotSignedIn),
    ("534", Mechanism),
    ("535", Refused),
    ("538", Encryption),
    ("552", MailboxFull),
];

const fn row(
    means: Meaning,
    all: &'static [&'static str],
    unless: &'static str,
    examples: &'static [&'static str],
    source: &'static str,
) -> Row {
    Row { means, all, unless, examples, source }
}

pub(super) const ROWS: &[Row] = &[
    row(
        Encryption,
        &[
            "starttls|tls |ssl|encrypt|plaintext|cleartext|clear text|non secure|insecure|unencrypted",
            "must issue|must be|must use|first|require|disallow|not permitted|not allowed|only ",
        ],
        "not available|temporar|must be changed",
        &[
            "530 5.7.0 Must issue a STARTTLS command first",
            "A3 NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
        ],
        "RFC 3207 section 4; Dovecot, plaintext authentication disallowed",
    ),
    row(
        WrongKind,
        &[
            "app password|app specific|application specific|application password",
            "require|need|must|use |generate|create|instead",
        ],
        "",
        &["534 5.7.9 Application-specific password required. Learn more"],
        "Google, support.google.com/mail/answer/185833",
    ),
    row(
        SendingLimit,
        &[
            "too many|too much|exceed|maximum|max |limit",
            "message|mails|email|recipient|rcpt",
            "per connection|per session|per transaction|per message|in this session|on this connection|\
             in one session|this message",
        ],
        "size|large|login|auth",
        &["452 4.5.3 Too many recipients for this message"],
        "RFC 5321 section 4.5.3.1.10; sendmail, MaxRecipientsPerMessage",
    ),
    row(
        Size,
        &[
            "message|attachment|mail |data|body|content|size|submission",
            "too large|too big|bigger|too long|size exceed|exceeds size|exceeds the size|exceeds the maximum size|\
             exceeds maximum size|exceeds fixed|exceeds maximum fixed|exceeds the maximum message|\
             exceeds maximum message|size limit|maximum size|size is over|size is above|message size",
        ],
        "mailbox|quota|storage|space",
        &["552 5.3.4 Message size exceeds fixed limit"],
        "RFC 1870 section 6; Postfix, message_size_limit",
    ),
    row(
        Size,
        &[
            "message|attachment|stream|mail |data|body|content",
            "more than|larger than|bigger than|greater than|longer than",
            "byte|kb |mb |kib|mib|megabyte",
        ],
        "mailbox|quota|storage|space|line|header",
        &["554 Message rejected: Stream is more than 10485760 bytes long."],
        "freescout-help-desk/freescout, its sending log",
    ),
    row(
        MailboxFull,
        &["over quota|overquota|quota exceeded|quota is exceeded|mailbox full|mailbox is full|storage full|\
             storage is full"],
        "connection|session|sending|daily|rate|bandwidth|submission|message quota|recipient quota",
        &["452 4.2.2 The email account that you tried to reach is over quota"],
        "Google, support.google.com/mail/answer/6596",
    ),
    row(
        SendingLimit,
        &[
            "too many|too much|exceed|maximum|max |limit|reached|over the|over its|over your|excessive|no more|rate|\
             quota|allowance|number of",
            "sending|sender |sent |outgoing|outbound|submission|submit|relay|daily|per day|per hour|hourly|per minute|\
             per user|message|mails|emails|email|mail |recipient|rcpt",
        ],
        "timeout|timed|connection|session|login|log in|logon|sign in|signin|auth|password|credential|attempt|size|mailbox|storage|\
         disk|space|large|hop|received|command|failed|invalid|mail service|mail access",
        &[
            "550 5.7.1 <you@icloud.com>: You have exceeded your daily sending limit. Please try again later.",
            "421 4.7.0 Too many messages from this account",
            "550 5.7.1 <you@icloud.com>: Sender address rejected: sending limit exceeded",
        ],
        "Apple, support.apple.com/102198; Google, support.google.com/a/answer/166852",
    ),
    row(
        MailboxFull,
        &[
            "mailbox|inbox|quota|storage|disk|space|folder|account|user",
            "full|full |over quota|overquota|out of|exceed|not enough|insufficient|used up|run out|ran out|reached|\
             no space|no more room|no room|over its|over the|over limit|exhaust",
        ],
        "connection|session|login|log in|sign in|auth|password|attempt|sending|recipients|daily|per day|per hour|\
         rate|request|system storage|system resource|device|system is|concurrent|simultaneous|bandwidth|command|\
         usage of|error|failure|threshold",
        &[
            "552 5.2.2 <you@icloud.com>: user is over quota",
            "A1 NO [OVERQUOTA] Mailbox is full",
            "M1 NO Quota exceeded (mailbox for user is full)",
            "554 5.7.1 <you@icloud.com>: SASL login name rejected: your mailbox is over quota",
        ],
        "RFC 3463 X.2.2; RFC 5530 OVERQUOTA; Dovecot, quota_exceeded_message",
    ),
    row(
        TooManyConnections,
        &[
            "connect|session|simultaneous|concurrent|parallel|clients ",
            "too many|too much|exceed|maximum|max |limit|quota|already|number of|reached|no more|excessive|simultaneous|\
             concurrent|allowed|in use",
        ],
        "login attempt|auth|password|failed|failures|attempt|timeout|timed|time out|idle|lifetime|expired|bad |\
         invalid|command|closing|errors|not allowed|starttls|ssl|tls|locked|refused|per day|messages",
        &[
            "* BYE [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
            "* BYE [LIMIT] Too many simultaneous connections",
            "* BYE Too many connections from your network",
            "554 5.7.1 <unknown[198.18.1.2]>: Client host rejected: too many connections",
        ],
        "RFC 5530 LIMIT; Dovecot, mail_max_userip_connections; families of faults that were not known here",
    ),
    row(
        Locked,
        &[
            "account|user|mailbox|login|log in|sign in|signin|access|address|apple id|authentication|you |your|ip |\
             host|client",
            "locked|lock out|lockout|suspend|on hold|frozen|freeze|blocked|banned|barred|blacklist|compromis|held|\
             hold on|security reasons|terminated|unusual activity|suspicious",
        ],
        "message|content|spam|sender|recipient|spamhaus|listed|blocklist|block list|mailbox is locked|attachment|\
         relay",
        &["A3 NO [AUTHENTICATIONFAILED] This account has been locked for security reasons"],
        "Apple, support.apple.com/102640; MailKit reports",
    ),
    row(
        SwitchedOff,
        &[
            "imap|pop|smtp|mail service|email service|e mail service|mail access|email access|access to mail|\
             access to email|access to e mail|service|protocol|mailbox|feature|client access|basic auth|no access|\
             external access|third party|remote access|mail is|email is|icloud mail",
            "not enabled|disabled|switched off|turned off|is off|not activated|not active|inactive|not provisioned|\
             deactivat|not allowed|no access|no permission|not permitted|not available for|not available to|\
             not authorized|not authorised|unauthorized|does not have|doesn t have|do not have|has no|not entitled|\
             not subscribed|not licensed|not included|forbidden|prohibited|not set up|not configured|not granted|may not use|cannot use|\
             restricted",
        ],
        "mechanism|sender|recipient|relay|tls|encrypt|plaintext|too many|rate|limit|syntax|password is|\
         not available for technical",
        &[
            "A3 NO [AUTHORIZATIONFAILED] IMAP access is disabled for this account",
            "A3 NO [UNAVAILABLE] mail service is not enabled for this account",
            "A3 NO [CONTACTADMIN] No access to mail for this account",
        ],
        "families of faults that were not known here; Exchange, SmtpClientAuthentication is disabled",
    ),
    row(
        Locked,
        &[
            "account|user|mailbox|login|profile|subscriber",
            "disabled|deactivat|inactive|not active|closed|cancel|deleted",
        ],
        "mechanism|auth type|recipient|sender|address rejected|temporar",
        &["525 5.7.13 User account disabled"],
        "RFC 5248: X.7.13",
    ),
    row(
        Throttled,
        &[
            "too many|too much|exceed|maximum|max |limit|excessive|too fast|too often|too frequent|too quickly|\
             repeated|multiple|rate|number of|many ",
            "login|log in|logon|log on|logging in|sign in|signin|sign ins|signing in|signon|auth|password|\
             credential|attempt|failed|failure|incorrect|invalid|bad |wrong|request|errors|tries|retries|guess|\
             commands|bandwidth",
        ],
        "argument|parameter|syntax|message|recipient|mechanism|size|mailbox|connections|not allowed|database|\
         internal error",
        &[
            "A3 NO [UNAVAILABLE] Too many login attempts",
            "A3 NO [LIMIT] Sign-in rate exceeded",
            "454 4.7.0 Too many login attempts, please try again later",
            "450 4.7.1 <unknown[198.18.1.2]>: Client host rejected: Too many login attempts",
        ],
        "RFC 5530 LIMIT; families of faults that were not known here",
    ),
    row(
        Throttled,
        &["throttl|rate limit|ratelimit|rate is|slow down|rate exceeded|back off|backoff|cool down|cooldown|\
             try again in|retry in|retry after|wait before|wait a few|wait at least|too many|too fast|too often|\
             too quickly"],
        "maintenance|message|recipient|argument|parameter|hop|until can connect",
        &["421 4.7.0 Rate limited, slow down"],
        "Google, Yahoo and Exchange: throttling; from memory",
    ),
    row(
        Expired,
        &[
            "password|passcode|credential|login|token|secret",
            "expired|expire|was changed|been changed|be changed|must change|change your|revoked|been reset|\
             was reset|be reset|no longer valid|no longer accepted|outdated|withdrawn|invalidated|renew|update your|\
             aged",
        ],
        "certificate|session",
        &["A3 NO [EXPIRED] The password has expired", "535 5.7.8 The app-specific password was revoked"],
        "RFC 5530 EXPIRED; RFC 4954 section 6: 432 4.7.12",
    ),
    row(
        Unavailable,
        &[
            "temporar|transient|currently|at this time|at the moment|right now|momentarily|for now",
            "fail|error|unavailable|not available|problem|unable|out of service|down |closed|refus|reject|busy|\
             maintenance|cannot|could not|can t|deferred|overload|lookup|trouble|not possible|impossible|\
             unreachable|suspended service",
        ],
        "password is|greylist|name resolution|gray list|grey list",
        &[
            "454 4.7.0 Temporary authentication failure: Connection lost to authentication server",
            "A3 BAD [UNAVAILABLE] Service temporarily unavailable",
        ],
        "RFC 5530 UNAVAILABLE; RFC 4954 section 6: 454 4.7.0",
    ),
    row(
        Unavailable,
        &["service unavailable|service is unavailable|service not available|service is not available|\
             server unavailable|server is unavailable|server not available|server error|server failure|\
             server is busy|server busy|server is down|server too busy|server is too busy|server is overloaded|\
             server is shutting|server shutting|internal error|internal failure|internal server|internal problem|\
             system error|system failure|system problem|system storage|system resource|system not accepting|\
             system busy|system is|backend|back end|database|directory server|auth service|authentication service|\
             authentication server|user lookup|ldap|unexpected exception|local error|local problem|\
             resources temporarily|maintenance|overload|out of service|out of memory|shutting down|\
             closing transmission|not responding|server bug|come back later|going down|unreachable|cannot contact|upstream|technical difficult|\
             technical problem|technical reason|not ready|load too high|try again later|try later|retry later"],
        "recipient|sender|invalid credential|invalid login|invalid user|bad credential|password incorrect|\
         incorrect password|greylist|wrong password|relay|spam",
        &[
            "* BYE Service unavailable, closing transmission channel",
            "A3 NO [SERVERBUG] Internal error occurred. Refer to server log for more information.",
            "451 4.3.0 Error: queue file write error in local system: server error",
        ],
        "RFC 5321 section 4.2.3: 421; Dovecot, internal error",
    ),
    row(
        NotSignedIn,
        &["authentication required|authentication is required|auth required|authenticate first|must authenticate|\
             must be authenticated|not authenticated|requires auth|require auth|relay|log in first|login first|\
             sign in first|log in before|login before|sign in before|not logged in|anonymous|client host rejected|\
             please authenticate|please log in|please sign in|need to authenticate|need auth |need to log in|\
             need authentication|authentication needed|auth first|must log in|must first|authorization required|\
             unauthenticated|login required|credentials required|without auth|authentication before|\
             authenticate before|smtp auth"],
        "sender address|from address|unsuccessful|not owned",
        &[
            "530 5.7.0 Authentication required",
            "554 5.7.1 <unknown[198.18.1.2]>: Client host rejected: Access denied",
            "554 5.7.1 <you@icloud.com>: Relay access denied",
        ],
        "RFC 4954 section 6: 530 5.7.0; Postfix, reject_unauth_destination",
    ),
    row(
        NotSignedIn,
        &["sender address|sender", "not logged in"],
        "",
        &["553 5.7.1 <you@icloud.com>: Sender address rejected: not logged in"],
        "Postfix, reject_sender_login_mismatch",
    ),
    row(
        Mechanism,
        &[
            "mechanism|auth type|authentication type|auth method|authentication method|authentication scheme|sasl|\
             cram|digest|ntlm|gssapi|oauth|xoauth|auth command|authentication command",
            "not supported|unsupported|unrecogni|unknown|not available|invalid|disabled|not enabled|too weak|\
             not allowed|no worthy|no such|not implemented|unavailable|not offered|disallow|not permitted|\
             not accepted|unable to|forbidden",
        ],
        "credential|password|user|account|token",
        &[
            "504 5.5.4 Unrecognized authentication type",
            "535 5.7.8 Error: authentication failed: Invalid authentication mechanism",
        ],
        "RFC 4954 section 4; Cyrus SASL",
    ),
    row(
        SenderNotAllowed,
        &[
            "sender|from address|from header|header from|mail from|from domain|return path|envelope from|send as|\
             sendas|send on behalf|send mail as|send from|send using|of your addresses|own address|not owned by|\
             identity|alias|forged|spoof",
            "not one of|not owned|not yours|not own|not allowed|not permitted|not authori|reject|does not match|\
             doesn t match|not match|mismatch|denied|not verified|unverified|must match|must be|invalid|not belong|\
             may not|cannot|can t|forged|spoof|refuse|not valid|not accept|no permission|not have permission|without permission|\
             sendasdenied|not registered|not allow",
        ],
        "recipient|rcpt|blocked|spam|not logged in",
        &[
            "550 5.7.0 From address is not one of your addresses",
            "553 5.7.1 <you@example.org>: Sender address rejected: not owned by user you",
        ],
        "TryGhost/Ghost#17012; Postfix, reject_sender_login_mismatch",
    ),
    row(
        SendingLimit,
        &["too many recipient attempts|too many rcpt attempts|too many recipients attempted"],
        "",
        &["450 Too many recipient attempts"],
        "knadh/listmonk#1300",
    ),
    row(
        Recipient,
        &["recipient|rcpt|user unknown|unknown user|no such user|no such mailbox|mailbox unavailable|\
             mailbox not found|address unknown|unknown address|mailbox does not exist|account does not exist|\
             address does not exist|user does not exist|no mailbox here|user not found|undeliverable"],
        "",
        &["550 5.1.1 <other@icloud.com>: Recipient address rejected: User unknown"],
        "RFC 3463 X.1.1; Postfix, reject_unlisted_recipient",
    ),
    row(
        Content,
        &["spam|virus|malware|content|dmarc|spf |dkim|phish|unsolicited|local policy|policy reason|bulk|\
             reputation|attachment|url |header|message rejected|message refused|message was rejected|message blocked"],
        "",
        &["554 5.7.1 [HM08] Message rejected due to local policy"],
        "Apple, support.apple.com/102322",
    ),
    row(
        Refused,
        &[
            "authenti|auth |login|log in|logon|sign in|signin|credential|password|username|user name|user |user id|\
             account|sasl|authorization|authori|identity|passphrase|lookup",
            "fail|invalid|incorrect|wrong|bad |reject|refuse|denied|deny|not accept|unsuccess|not match|mismatch|\
             unknown|not recogni|not valid|not correct|doesn t match|does not match|cannot be verified|\
             could not be verified|not verified|no such|not found|does not exist|unauthori|not authori|error|\
             failure|unrecogni|not known",
        ],
        "",
        &[
            "A3 NO [AUTHENTICATIONFAILED] Authentication Failed",
            "535 5.7.8 Error: authentication failed:",
            "535 5.7.8 Error: authentication failed: (reason unavailable)",
        ],
        "RFC 5530 AUTHENTICATIONFAILED; RFC 4954 section 6: 535 5.7.8",
    ),
];
