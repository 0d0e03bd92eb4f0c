//! What an SMTP server answers (RFC 5321 section 4.2), with its enhanced code (RFC 2034, RFC 3463).

use std::fmt;

use crate::protocol::Unreadable;
use crate::protocol::raw::{lossy, without_end};

/// One whole reply, with the lines that it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The code of the first line.
    pub code: u16,
    /// The first enhanced code whose class is that of the code.
    pub enhanced: Option<EnhancedCode>,
    /// The text of each line, without its code and enhanced code.
    pub lines: Vec<String>,
    /// Each line as it came, without its end; what is not UTF-8 is replaced.
    pub shown: Vec<String>,
}

/// The code in three parts that says more than the reply's code (RFC 3463 section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnhancedCode {
    /// 2 for success, 4 for a failure that may pass, 5 for one that will not.
    pub class: u8,
    /// What it is about: 1 addresses, 2 the mailbox, 7 security and policy.
    pub subject: u16,
    /// What it is exactly.
    pub detail: u16,
}

impl Reply {
    /// Understands a frame, line ends included.
    pub(super) fn read(frame: &[u8]) -> Result<Self, Unreadable> {
        let lines = frame.split_inclusive(|&byte| byte == b'\n').map(Line::read);
        let lines = lines.collect::<Result<Vec<_>, _>>()?;
        let code = lines.first().map_or(0, |line| line.code);
        let (enhanced, texts): (Vec<_>, Vec<_>) =
            lines.iter().map(|line| EnhancedCode::split_off(line.text, code)).unzip();
        Ok(Self {
            code,
            enhanced: enhanced.into_iter().flatten().next(),
            lines: texts.into_iter().map(lossy).collect(),
            shown: lines.iter().map(|line| lossy(line.whole)).collect(),
        })
    }

    /// 2xx: done.
    pub fn is_positive(&self) -> bool {
        self.code / 100 == 2
    }

    /// 3xx: go on.
    pub fn is_intermediate(&self) -> bool {
        self.code / 100 == 3
    }

    /// 4xx or 5xx: refused, for now or for good.
    pub fn is_refusal(&self) -> bool {
        matches!(self.code / 100, 4 | 5)
    }

    /// The text of all lines in one.
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }
}

impl EnhancedCode {
    /// The enhanced code in front of a text, and the text after it; a code of another class than the reply's is text.
    fn split_off(text: &[u8], code: u16) -> (Option<Self>, &[u8]) {
        let end = text.iter().position(|&byte| byte == b' ').unwrap_or(text.len());
        match Self::read(&text[..end]) {
            Some(enhanced) if u16::from(enhanced.class) == code / 100 => {
                (Some(enhanced), text.get(end + 1..).unwrap_or_default())
            }
            _ => (None, text),
        }
    }

    fn read(word: &[u8]) -> Option<Self> {
        let mut parts = word.split(|&byte| byte == b'.').map(number);
        let (class, subject, detail) = (parts.next()??, parts.next()??, parts.next()??);
        let class = u8::try_from(class).ok().filter(|class| matches!(class, 2 | 4 | 5))?;
        parts.next().is_none().then_some(Self { class, subject, detail })
    }
}

impl fmt::Display for EnhancedCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// Whether more lines of the same reply follow this one.
pub(super) fn announces_more(line: &[u8]) -> bool {
    Line::read(line).is_ok_and(|line| line.announces_more)
}

/// One line of a reply.
struct Line<'a> {
    whole: &'a [u8],
    code: u16,
    announces_more: bool,
    text: &'a [u8],
}

impl<'a> Line<'a> {
    /// A code starts with 2 to 5 (RFC 5321 section 4.2.1); a space, a dash or nothing stands after it.
    fn read(line: &'a [u8]) -> Result<Self, Unreadable> {
        let whole = without_end(line);
        let (code, announces_more, text) = match whole {
            [a, b, c, separator @ (b' ' | b'-'), text @ ..] => ([*a, *b, *c], *separator == b'-', text),
            [a, b, c] => ([*a, *b, *c], false, &[][..]),
            _ => return Err(Unreadable::NotThisProtocol { line: lossy(whole) }),
        };
        match number(&code) {
            Some(code @ 200..600) => Ok(Self { whole, code, announces_more, text }),
            _ => Err(Unreadable::NotThisProtocol { line: lossy(whole) }),
        }
    }
}

/// One to three digits (RFC 3463 section 2).
fn number(digits: &[u8]) -> Option<u16> {
    let fits = (1..=3).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    fits.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0')))
}
