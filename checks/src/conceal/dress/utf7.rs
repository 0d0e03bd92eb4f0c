//! UTF-7 (RFC 2152), and IMAP's form of it (RFC 3501 section 5.1.3): base64 of UTF-16 between `+` or `&` and `-`.

use super::base64::value;

/// Hands on what a line says with its shifted parts undone; nothing where it has none.
pub(super) fn each(line: &str, mut tell: impl FnMut(char)) {
    if !line.contains(['+', '&']) {
        return;
    }
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        rest = &rest[first.len_utf8()..];
        if !matches!(first, '+' | '&') {
            tell(first);
            continue;
        }
        let end = rest.find(|character: char| value(character).is_none() || character == '-').unwrap_or(rest.len());
        let (shifted, after) = rest.split_at(end);
        let (mut bits, mut have, mut units) = (0_u32, 0, Vec::with_capacity(shifted.len() / 2));
        for digit in shifted.chars().filter_map(value) {
            bits = (bits << 6 | u32::from(digit)) & 0x3f_ffff;
            have += 6;
            if have >= 16 {
                have -= 16;
                units.push(u16::try_from(bits >> have & 0xffff).unwrap_or_default());
            }
        }
        char::decode_utf16(units).filter_map(Result::ok).for_each(&mut tell);
        rest = after.strip_prefix('-').unwrap_or(after);
    }
}
