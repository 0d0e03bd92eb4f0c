//! The length that a literal announces before it comes.

/// As many digits as the largest length has (RFC 3501 section 9, `number`); whatever has more is no honest length.
const LENGTH_DIGITS_MAX: usize = 10;

/// The length in `{310}` or `{310+}`, and one beyond every bound for a number with too many digits.
pub(super) fn announced_length(braces: &[u8]) -> Option<usize> {
    let digits = braces.strip_prefix(b"{")?.strip_suffix(b"}")?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    if digits.len() > LENGTH_DIGITS_MAX {
        return Some(usize::MAX);
    }
    Some(digits.iter().fold(0_usize, |sum, digit| sum.saturating_mul(10).saturating_add(usize::from(digit - b'0'))))
}
