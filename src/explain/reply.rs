//! Whether three digits are the code of a server's reply, and not a count, a message number or a time.

use std::ops::Range;

/// The codes with which an SMTP server refuses something.
const CODES: &str = "421 450 451 452 454 501 503 504 530 534 535 538 550 551 552 553 554";

/// Words for what is counted or measured.
const COUNTED: &str = "attachments b bytes clients contacts days e-mails emails entries events \
                       exists expunge fetch files folders gb headers hours items kb kib letters lines mailboxes mails mb \
                       messages mib min minutes ms msec msgs octets of people percent pieces records recent s sec \
                       seconds threads times uids users weeks";

/// Adjectives that may come between the count and what is counted.
const ADJECTIVES: &str = "all deleted different failed large local more new old remote total unread unseen";

/// Words that announce a code, whatever follows it.
const ANNOUNCING: &str = "answered answers error get gets getting gives got replied replies reply response returned \
                          returns said say says saying smtp smtp-error";

/// Words that may come before a code, if a reply follows it.
const BEFORE: &str = "a an and code is me or permanent sent server status temporary the then was with";

/// How words of a reply begin.
const REPLIES: &str = "accept access address allow auth available bad block busy clos command connect credential denied \
                       domain error exceed fail from full grey incorrect invalid limit local log mailbox many mechanism \
                       must need no not password please policy quota recipient refuse reject relay require sender service \
                       sign spam syntax system temporar time too transaction try unable unavailable unknown unrecogni user";

/// Words that a line with a code at its end may have before it.
const SERVERS: &str = "auth bridge error login server smtp";

/// How many words of a reply are read.
const WORDS: usize = 6;

/// Whether the words at this place do not begin with a code, or begin with one that a server replied.
pub(super) fn is_none_or_real(text: &str, place: &Range<usize>) -> bool {
    let (before, rest) =
        (&text[..text.floor_char_boundary(place.start)], &text[text.floor_char_boundary(place.start)..]);
    let trimmed = rest.trim_start();
    let (before, rest) = (&text[..before.len() + rest.len() - trimmed.len()], trimmed);
    let Some(code) = CODES.split(' ').find(|code| rest.starts_with(code)) else { return true };
    let after = rest[code.len()..].lines().next().unwrap_or_default();
    let before = before.rsplit('\n').next().unwrap_or_default();
    if text.trim() == code {
        return true;
    }
    if before.ends_with(|last: char| last.is_alphanumeric()) || after.starts_with(|next: char| next.is_alphanumeric()) {
        return false;
    }
    let after = after.trim_start_matches(['-', ' ', ':', ',', '\'', '"', '#', 'b']);
    is_enhanced(after)
        || match announced(before) {
            Announced::Surely => !is_counted(after),
            Announced::Perhaps if after.is_empty() => {
                let before = before.to_lowercase();
                SERVERS.split(' ').any(|word| before.contains(word))
            }
            Announced::Perhaps => !is_counted(after) && is_a_reply(after),
            Announced::Not => false,
        }
}

/// Whether the words begin with an enhanced code such as 5.7.8.
fn is_enhanced(words: &str) -> bool {
    let code: Vec<&str> =
        words.split(|next: char| next != '.' && !next.is_ascii_digit()).next().unwrap_or_default().split('.').collect();
    matches!(code[..], ["4" | "5", subject, detail] if !subject.is_empty() && !detail.is_empty())
}

/// Whether a code is expected.
enum Announced {
    Surely,
    Perhaps,
    Not,
}

/// Whether a code is expected after these words: at the beginning of a line, or after a mark, a server's name, a time
/// or a word that announces it.
fn announced(before: &str) -> Announced {
    let trimmed = before.trim_end();
    let word = trimmed.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_expected = match trimmed.chars().next_back() {
        None => true,
        // Untagged IMAP responses contain counts.
        Some('*') => trimmed.ends_with("**"),
        // A range of messages.
        Some(':') if trimmed == before => !trimmed.trim_end_matches(':').ends_with(|at: char| at.is_ascii_digit()),
        Some(last) if !last.is_alphanumeric() => !matches!(last, ',' | '.' | '+' | '#'),
        Some(_) => word.contains('.') || word.contains(':'),
    };
    let word = word.trim_matches(|at: char| !at.is_alphanumeric()).to_lowercase();
    match is_in(ANNOUNCING, &word) {
        true => Announced::Surely,
        false if is_expected || is_in(BEFORE, &word) => Announced::Perhaps,
        false => Announced::Not,
    }
}

/// Whether the number counts what the next words name.
fn is_counted(after: &str) -> bool {
    words(after).find(|word| !is_in(ADJECTIVES, word)).is_some_and(|word| is_in(COUNTED, &word))
}

/// Whether the words may be a server's reply.
fn is_a_reply(after: &str) -> bool {
    words(after).take(WORDS).any(|word| REPLIES.split_whitespace().any(|begin| word.starts_with(begin)))
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|at: char| !at.is_alphanumeric() && at != '-').filter(|word| !word.is_empty());
    words.map(str::to_lowercase)
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_real(text: &str, code: &str) -> bool {
        let at = text.find(code).unwrap();
        is_none_or_real(text, &(at..at + code.len()))
    }

    #[test]
    fn a_count_is_no_reply() {
        for (text, code) in [
            ("* 421 EXISTS", "421"),
            ("S: * 451 FETCH (UID 9001 FLAGS (\\Seen))", "451"),
            ("fetched 421 messages from imap.mail.me.com, all fine", "421"),
            ("UID 451 stored in 554 ms", "451"),
            ("UID 451 stored in 554 ms", "554"),
            ("imap.mail.me.com 535 new messages", "535"),
            ("550 messages downloaded from iCloud", "550"),
            ("a1 UID FETCH 421 (FLAGS)", "421"),
            ("a1 FETCH 421:535 (BODY.PEEK[HEADER.FIELDS (FROM)])", "535"),
            ("* SEARCH 2 421 451", "421"),
            ("moved 550 failed messages, 3 errors", "550"),
            ("size=451 bytes", "451"),
            ("1451 not available", "451"),
            ("messages: 535", "535"),
            ("exit code 451", "451"),
        ] {
            assert!(!is_real(text, code), "{text}: {code}");
        }
    }

    #[test]
    fn what_a_server_replies_is_a_reply() {
        for (text, code) in [
            (" 421 ", "421"),
            ("535 5.7.8 Error", "535"),
            ("S: 535-5.7.8 Error", "535"),
            ("server smtp.mail.me.com[17.57.155.28] said: 550 From address", "550"),
            ("<** 535 authentication failed", "535"),
            ("[smtp] 454 temporary authentication failure", "454"),
            ("smtp.mail.me.com 421 Service not available", "421"),
            ("2026-11-24 10:00:01 535 authentication failed", "535"),
            ("I get 535 authentication failed", "535"),
            ("got \"550 From address\"", "550"),
            ("552 5.2.2 user is over quota", "552"),
            ("451", "451"),
            ("Invalid login: 535", "535"),
            ("localhost:1025 proton bridge: 535", "535"),
            ("I always get 535 when sending", "535"),
        ] {
            assert!(is_real(text, code), "{text}: {code}");
        }
        assert!(is_none_or_real("587 refused", &(0..3)));
    }
}
