//! The line of a text in which a sign was found, shortened and without secrets, so that it can be shown.

use std::ops::Range;

use super::log::Gap;
use crate::redact::redacted;

/// How many characters of a line are shown.
const LONGEST: usize = 160;
/// How many of them are before the words that were found.
const BEFORE: usize = 50;

/// How far around a place lines are read to find its secrets, in bytes and in lines before it.
const AROUND: usize = 16 * 1024;
const LINES_BEFORE: usize = 20;

/// The number of the line that a place is on, from 0.
pub(super) fn line(text: &str, at: usize) -> usize {
    text[..text.floor_char_boundary(at)].matches('\n').count()
}

/// The line on which the place begins, in quotes and without its secrets, with its number if the text has several
/// lines. The lines before it may announce a secret, so they are read too. After a gap, lines are counted from the end.
pub(super) fn around(text: &str, place: &Range<usize>, gap: Option<Gap>) -> String {
    let at = text.floor_char_boundary(place.start);
    let far = text.floor_char_boundary(at.saturating_sub(AROUND));
    let start = text[far..at].rfind('\n').map_or(far, |end| far + end + 1);
    let begin = text[far..start].rmatch_indices('\n').nth(LINES_BEFORE).map_or(far, |(end, _)| far + end + 1);
    let end = text.floor_char_boundary(at + AROUND);
    let end = text[at..end].find('\n').map_or(end, |length| at + length);
    let shown = redacted(&text[begin..end]);
    let whole = shown.lines().nth(line(&text[begin..start], start - begin)).unwrap_or_default();
    let line_shown = shortened(whole, text[start..at].chars().count());
    match gap {
        Some(gap) if at >= gap.at => {
            let below = text[at..].trim_end().matches('\n').count();
            let which =
                if below == 0 { "the last line".to_owned() } else { format!("line {} from the end", below + 1) };
            format!("\"{line_shown}\" ({which})")
        }
        _ if text.trim_end().contains('\n') => format!("\"{line_shown}\" (line {})", line(text, at) + 1),
        _ => format!("\"{line_shown}\""),
    }
}

/// At most `LONGEST` characters, around the one at this place.
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

/// The whole line at a place.
pub(super) fn line_at(text: &str, place: usize) -> &str {
    let at = text.floor_char_boundary(place);
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_around_a_place_is_shown_with_its_number() {
        let text = "first\nsecond\tand more words\n";
        assert_eq!(around(text, &(8..10), None), "\"second and more words\" (line 2)");
    }

    #[test]
    fn a_long_line_is_cut_around_what_was_found() {
        let text = format!("{}timed out{}", "ä".repeat(500), "ü".repeat(500));
        let shown = around(&text, &(1000..1009), None);
        assert!(shown.contains("timed out") && shown.chars().count() < LONGEST + 10, "{shown}");
        assert!(shown.starts_with("\"…") && shown.ends_with("…\""), "{shown}");
    }
}
