//! Text with single characters written as escapes: `%71`, `=71`, `\x71`, `\u0071`, `\161`, `&#113;`, `&#x71;`, `&auml;`.

/// What an escape means, or a single character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Char(char),
    Byte(u8),
}

/// Whether a line may have an escape.
pub(super) fn may_be_in(line: &str) -> bool {
    line.contains(['%', '=', '\\', '&']) || line.contains("U+") || line.contains("u+")
}

/// Hands on what a line says with its escapes undone.
pub(super) fn each(line: &str, mut tell: impl FnMut(Piece)) {
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        match escape(rest) {
            Some((piece, length)) => {
                if let Some(piece) = piece {
                    tell(piece);
                }
                rest = &rest[length..];
            }
            None => {
                tell(Piece::Char(first));
                rest = &rest[first.len_utf8()..];
            }
        }
    }
}

/// The escape at the beginning of a text and its length; one without a meaning for the comparison gives nothing.
fn escape(text: &str) -> Option<(Option<Piece>, usize)> {
    let (mark, after) = text.split_at_checked(1)?;
    match mark {
        "%" | "=" | "\\" | "&" | "U" | "u" => {}
        _ => return None,
    }
    let byte = |digits: &str| u8::from_str_radix(digits, 16).ok().filter(|_| is_hex(digits));
    let character = |digits: &str, base: u32| u32::from_str_radix(digits, base).ok().and_then(char::from_u32);
    match mark {
        "%" | "=" => {
            if let (true, Some(digits)) = (after.starts_with(['u', 'U']), after.get(1..5)) {
                return Some((Some(Piece::Char(character(digits, 16)?)), 6));
            }
            Some((Some(Piece::Byte(byte(after.get(..2)?)?)), 3))
        }
        "\\" => match after.as_bytes().first()? {
            b'x' if after[1..].starts_with('{') => braced(after).map(|(found, length)| (Some(found), length + 1)),
            b'x' => Some((Some(Piece::Byte(byte(after.get(1..3)?)?)), 4)),
            b'u' if after[1..].starts_with('{') => braced(after).map(|(found, length)| (Some(found), length + 1)),
            b'u' => Some((Some(Piece::Char(character(after.get(1..5)?, 16)?)), 6)),
            b'U' => Some((Some(Piece::Char(character(after.get(1..9)?, 16)?)), 10)),
            b'n' | b'r' | b't' => Some((None, 2)),
            b'0'..=b'7' => {
                let length = after.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                Some((u8::from_str_radix(&after[..length], 8).ok().map(Piece::Byte), length + 1))
            }
            _ => None,
        },
        "&" => {
            let end = after.bytes().take(12).position(|byte| byte == b';')?;
            let name = after.get(..end)?;
            let found = match name.strip_prefix('#') {
                Some(number) => {
                    let found = match number.strip_prefix(['x', 'X']) {
                        Some(digits) => character(digits, 16),
                        None => character(number, 10),
                    };
                    Some(Piece::Char(found?))
                }
                None if name == "szlig" => Some(Piece::Char('ß')),
                // A letter with an accent, which does not count in normal form; every other name is that of a sign.
                None if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                    let accents = ["uml", "acute", "grave", "circ", "tilde", "cedil", "ring", "slash", "caron"];
                    let letter = accents.iter().find_map(|accent| name.strip_suffix(accent));
                    letter.and_then(|letter| letter.chars().next()).map(Piece::Char)
                }
                None => return None,
            };
            Some((found, end + 2))
        }
        // U+0071, as Unicode itself writes it.
        _ => {
            let digits = after.strip_prefix('+')?;
            let length = digits.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
            let found = (length >= 4).then(|| character(&digits[..length], 16))??;
            Some((Some(Piece::Char(found)), length + 2))
        }
    }
}

/// `x{71}` or `u{71}`, with the length.
fn braced(text: &str) -> Option<(Piece, usize)> {
    let end = text.bytes().take(10).position(|byte| byte == b'}')?;
    let digits = text.get(2..end)?;
    let found = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
    Some((Piece::Char(found), end + 1))
}

fn is_hex(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}
