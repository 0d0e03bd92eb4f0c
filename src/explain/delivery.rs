//! What iCloud's receiving side answered in the end: a message that came back is not sent again, whatever was tried
//! before.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::excerpt::line_at;
use crate::guide::{Delivery, Refusal};
use crate::pattern::compiled;

/// The code of an answer, and the enhanced one behind it.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    compiled(r"(?m)(?:^|[\s;:(\[])(?P<code>[45]\d\d)(?:[ -](?P<enhanced>[45]\.\d{1,3}\.\d{1,3}))?(?:[ -]|$)")
});
static FINAL: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?m)status=(?:bounced|expired)|action: *failed|could not be delivered|undelivered mail|undeliverable|delivery (?:has )?failed permanently|(?:^|[\s;:(])5\d\d[ -]",
    )
});
/// Where a block list says that an address is on it.
static LIST: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"https?://[^\s<>\x22']*(?:proofpoint|spamhaus|dnsbl|cloudmark)[^\s<>\x22'()]*"));

/// What words in the answers mean; the first that is found counts.
static KINDS: LazyLock<[(Regex, Refusal); 7]> = LazyLock::new(|| {
    [
        (r"proofpoint|spamhaus|dnsbl|block ?list|black ?list|cloudmark|blocked - see", Refusal::BlockList),
        (r"\bdmarc\b", Refusal::Dmarc),
        (r"domain not found|4\.1\.8|cannot find your (?:reverse )?host ?name|reverse dns", Refusal::SenderDomain),
        (r"over ?quota|5\.2\.2|mailbox (?:is )?full", Refusal::Full),
        (r"\[(?:cs|hm)\d\d\]|local policy", Refusal::Policy),
        (r"5\.1\.1|user (?:unknown|not found)|does not exist|unauthorized sender", Refusal::Unknown),
        (r"try again later|deferred|volume|too many|need mail command|rate limit", Refusal::TooMuch),
    ]
    .map(|(words, kind)| (compiled(words), kind))
});

/// Whether the line at a place says that the message came back.
pub(super) fn is_final(text: &str, place: usize) -> bool {
    FINAL.is_match(line_at(text, place).as_bytes())
}

/// What was answered, and whether that was the end.
pub(super) fn of(text: &str) -> Delivery {
    let bytes = text.as_bytes();
    let codes: Vec<_> = CODE.captures_iter(bytes).collect();
    let is_permanent = |code: &regex::bytes::Captures| code["code"].starts_with(b"5");
    let last = codes.iter().rfind(|code| is_permanent(code)).or_else(|| codes.last());
    let words = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let code = last.map(|code| {
        let enhanced = code.name("enhanced").map(|enhanced| format!(" {}", words(enhanced.as_bytes())));
        words(&code["code"]) + &enhanced.unwrap_or_default()
    });
    Delivery {
        code,
        is_final: FINAL.is_match(bytes),
        kind: KINDS.iter().find(|(words, _)| words.is_match(bytes)).map_or(Refusal::Other, |(_, kind)| *kind),
        list: LIST.find(bytes).map(|link| words(link.as_bytes()).trim_end_matches([':', '.', ',', ';']).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_back_is_final_whatever_was_tried_before() {
        let text = "host mx02.mail.icloud.com said: 451 4.7.1 try again later\nstatus=bounced (said: 503 5.5.1 Error)";
        let found = of(text);
        assert_eq!((found.code.as_deref(), found.is_final, found.kind), (Some("503 5.5.1"), true, Refusal::TooMuch));
        assert!(!is_final(text, 10) && is_final(text, text.len() - 3));
        assert!(!of("mx01.mail.icloud.com said: 421 4.7.1 try again later").is_final);
        assert_eq!(of("data: unexpected EOF, transient").code, None);
    }

    #[test]
    fn the_page_of_a_block_list_is_named() {
        let found =
            of("said: 550 5.7.0 Blocked - see\n https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.7:\n x");
        assert_eq!(found.kind, Refusal::BlockList);
        assert_eq!(found.list.as_deref(), Some("https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.7"));
    }
}
