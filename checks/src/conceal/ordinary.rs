//! Words that occur in any server's text: to find one proves nothing about a secret, and it is not a name.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::form::Form;
use super::sought::windows;

/// The words of IMAP, SMTP and this program's evidence, and those that servers put around them.
const WORDS: &str = "
    accepted access account accounts action address administrator again alert allowed alt answer apple applewebkit
    application application-specific appended argument arguments auth authenticate authenticated authenticating
    authentication authenticationfailed authorisation authorization authorizationfailed available
    backend bad badcharset binary blocked body bye cannot capabilities capability captive captured certificate
    challenge chunking client closed closing cloud com command commands complete completed condstore connection
    connections contact contactadmin content continue correct could create credentials cyrus data deliverby delivery
    denied describe disabled dovecot dsn edition ehlo email enable enabled encryption enhancedstatuscodes english
    enter error esearch esmtp examine exceeded exim exists expired failed failure false fetch flags folder folders
    forbidden from gateway generate gmail goaway goodbye greeting handshake hello help host hosted hotspot html http
    https icloud icloud.com icloudmta id idle imap imap4 imap4rev1 imap4rev2 inbox incorrect information initial
    internal internet international invalid inuse invalidcredentials issuer limit limited list literal
    literal+ locked logged logging login logindisabled logout mac machine mail mailbox mailboxes maximum me mechanism
    mechanisms message messages metadata microsoft minutes missing move multiple name namespace needed network no
    nonexistent not notfound notify office ok okay open outlook over overquota pages partial password passwords
    permanent permission permissions permitted pipelining plain please policy port postfix preauth private privacyrequired
    problem process protocol proxy public quota quotaroot ready reason receive received recent recipient refused
    rejected relay relaying remote report request requests require required reset response restricted return
    root sasl sasl-ir search secure security seen select sender sending sent sequence server serverbug servers
    service session sign signed signin size smtp smtputf8 socket software sort specific ssl standard starttls
    status stop storage subject success successful successfully suspended support syntax system temporarily temporary
    temporarily-unavailable thread throttled throttling timed timeout tls tokens too transport true try unable
    unauthenticate unauthorized unavailable unexpected unknown unselect unsupported update uid uidplus uidvalidity
    untrusted used user username usernames using utf8 validate validation value vendor verification verified verify
    version web welcome wrong www xapple xapplepushservice you your";

/// Whether a word is one of them.
pub fn is_ordinary(word: &str) -> bool {
    let word = word.to_lowercase();
    WORDS.split_ascii_whitespace().any(|known| known == word)
}

/// Whether six characters in a row are part of an ordinary word.
pub(super) fn is_part(six: &u128) -> bool {
    static PARTS: LazyLock<BTreeSet<u128>> = LazyLock::new(|| parts(WORDS.split_ascii_whitespace()));
    PARTS.contains(six)
}

/// All six characters in a row of these texts.
pub(super) fn parts<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeSet<u128> {
    texts.flat_map(|text| windows(&Form::Letters.of(text)).collect::<Vec<_>>()).collect()
}
