//! The line of a text that gave something away, short and harmless enough to be shown.

use std::ops::Range;

/// How many characters of a line are shown.
const LONGEST: usize = 160;
/// How many of them stand before the words that were found.
const BEFORE: usize = 50;

/// Which line a place is on, from 0.
pub(super) fn line(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].split(|byte| *byte == b'\n').count() - 1
}

/// The line on which the place begins, in quotes and with its number where there are several lines. `shown` is the
/// same text without its secrets, line by line.
pub(super) fn around(text: &str, shown: &str, place: &Range<usize>) -> String {
    let number = line(text, place.start);
    let whole = shown.lines().nth(number).unwrap_or_default();
    let start = text[..floor(text, place.start)].rfind('\n').map_or(0, |at| at + 1);
    let before = text[start..floor(text, place.start)].chars().count();
    let line = shortened(whole, before);
    match text.trim_end().contains('\n') {
        true => format!("\"{line}\" (line {})", number + 1),
        false => format!("\"{line}\""),
    }
}

/// The nearest boundary of a character at or before a place: signatures are held against bytes.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// At most so many characters, around the one that was found.
fn shortened(line: &str, at: usize) -> String {
    let skipped = match line.chars().count() > LONGEST {
        true => at.saturating_sub(BEFORE).min(line.chars().count() - LONGEST),
        false => 0,
    };
    let mut kept = String::new();
    if skipped > 0 {
        kept.push('…');
    }
    kept.extend(
        line.trim_end().chars().skip(skipped).take(LONGEST).map(|letter| if letter == '\t' { ' ' } else { letter }),
    );
    if line.trim_end().chars().count() > skipped + LONGEST {
        kept.push('…');
    }
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_around_a_place_is_shown_with_its_number() {
        let text = "first\nsecond\tand more words\n";
        assert_eq!(around(text, text, &(8..10)), "\"second and more words\" (line 2)");
    }

    #[test]
    fn a_long_line_is_cut_around_what_was_found() {
        let text = format!("{}timed out{}", "ä".repeat(500), "ü".repeat(500));
        let shown = around(&text, &text, &(1000..1009));
        assert!(shown.contains("timed out") && shown.chars().count() < LONGEST + 10, "{shown}");
        assert!(shown.starts_with("\"…") && shown.ends_with("…\""), "{shown}");
    }
}
