//! Where in a line a server's sentence begins: its status or reply code, the codes after it, and its words.

use super::table::RESPONSES;

/// A server's sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence<'l> {
    /// Where it begins in the line.
    pub start: usize,
    /// The response code of IMAP, as in `[LIMIT]`.
    pub response: Option<&'l str>,
    /// The reply code of SMTP, of three digits.
    pub reply: Option<&'l str>,
    /// The enhanced code (RFC 3463).
    pub enhanced: Option<&'l str>,
    /// What it says in words, as far as it is read.
    pub words: &'l str,
}

/// The codes with which an SMTP server refuses something.
const REFUSALS: [&str; 25] = [
    "421", "432", "450", "451", "452", "454", "455", "500", "501", "502", "503", "504", "521", "523", "525", "530",
    "534", "535", "538", "550", "551", "552", "553", "554", "556",
];

/// How much of a sentence is read, in bytes: no server says more that matters.
const READ: usize = 600;

/// The first sentence of a server's in a line, where one can be told from other words.
pub fn sentence(line: &str) -> Option<Sentence<'_>> {
    let mut before = "";
    for (start, word) in words(line) {
        let rest = &line[start + word.len()..];
        let found = match word {
            // A tag has a digit, and an untagged status a star; in prose NO is a word.
            "NO" | "BAD" | "BYE" if before == "*" || is_tag(before) || rest.trim_start().starts_with('[') => {
                Some(of_imap(start, rest))
            }
            "NO" | "BAD" | "BYE" if start == 0 => Some(of_imap(start, rest)),
            _ => response_in(line, start, word).or_else(|| reply_in(line, start, word)),
        };
        if found.is_some() {
            return found;
        }
        before = word;
    }
    None
}

/// The words of a line between blanks, each with its place.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    line.split_ascii_whitespace().map(|word| (word.as_ptr() as usize - line.as_ptr() as usize, word))
}

fn is_tag(word: &str) -> bool {
    word.len() <= 12
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && word.bytes().any(|b| b.is_ascii_digit())
}

fn of_imap(start: usize, rest: &str) -> Sentence<'_> {
    let code = rest.trim_start().strip_prefix('[').and_then(|code| code.split_once(']'));
    let (response, words) = code.map_or((None, rest), |(code, words)| (code.split(' ').next(), words));
    Sentence { start, response, reply: None, enhanced: None, words: read(words) }
}

/// A response code of the table, as programs quote it: the status in front of it may be missing.
fn response_in<'l>(line: &'l str, start: usize, word: &str) -> Option<Sentence<'l>> {
    let at = word.find('[')?;
    let (code, words) = line[start + at + 1..].split_once(']')?;
    let code = code.split(' ').next()?;
    RESPONSES.iter().any(|(known, _)| *known == code).then_some(Sentence {
        start: start + at,
        response: Some(code),
        reply: None,
        enhanced: None,
        words: read(words),
    })
}

fn reply_in<'l>(line: &'l str, start: usize, word: &str) -> Option<Sentence<'l>> {
    let before = word.len() - word.trim_start_matches(|first: char| !first.is_alphanumeric()).len();
    let reply = line.get(start + before..start + before + 3).filter(|code| REFUSALS.contains(code))?;
    let rest = &line[start + before + 3..];
    if !rest.is_empty() && !rest.starts_with([' ', '-', ',', ':', ';', '\t']) {
        return None;
    }
    // Python's `(535, b'5.7.8 …')` has marks between the two codes.
    let after = rest.trim_start_matches([' ', '-', ',', ':', '\'', '"', '#', '(', '\t']);
    let after = after.strip_prefix("b'").unwrap_or(after);
    let end = after.find(|next: char| next != '.' && !next.is_ascii_digit()).unwrap_or(after.len());
    let enhanced = Some(&after[..end]).filter(|code| is_enhanced(code));
    let words = if enhanced.is_some() { &after[end..] } else { after };
    Some(Sentence { start: start + before, response: None, reply: Some(reply), enhanced, words: read(words) })
}

fn is_enhanced(code: &str) -> bool {
    matches!(
        code.split('.').collect::<Vec<_>>()[..],
        ["4" | "5", subject, detail] if !subject.is_empty() && !detail.is_empty()
    )
}

fn read(words: &str) -> &str {
    let words = words.split('\n').next().unwrap_or_default();
    // To which command it was the answer is what Postfix adds, and no word of the server's.
    let words = words.split(" (in reply to ").next().unwrap_or_default();
    &words[..words.floor_char_boundary(READ)]
}
