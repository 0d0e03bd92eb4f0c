//! Applies changes to the text of a file, without losing anything else in it.

use super::account::Edit;

/// Returns the text with these changes; of two that overlap, only the first is made.
pub(super) fn applied(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.at.start, edit.at.end));
    let (mut out, mut end) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        let with = edit.with.replace('\n', line_end(text, edit.at.start));
        if edit.at.start < end || edit.at.is_empty() && out.ends_with(&with) {
            continue;
        }
        out.push_str(&text[end..edit.at.start]);
        out.push_str(&with);
        end = edit.at.end;
    }
    out.push_str(&text[end..]);
    out
}

/// The line break before that place, or the first one in the text where there is none before it.
fn line_end(text: &str, at: usize) -> &'static str {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let line = before.rfind('\n').map(|end| &before[..end]);
    let line = line.or_else(|| after.find('\n').map(|end| &after[..end]));
    if line.is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(at: std::ops::Range<usize>, with: &str) -> Edit {
        Edit { at, with: with.to_owned() }
    }

    #[test]
    fn changes_are_made_where_they_belong() {
        let text = "Host a\nPort 1\n";
        assert_eq!(applied(text, &[edit(12..13, "993"), edit(5..6, "b")]), "Host b\nPort 993\n");
        assert_eq!(applied(text, &[edit(7..7, "SSL x\n")]), "Host a\nSSL x\nPort 1\n");
        assert_eq!(applied(text, &[edit(5..6, "b"), edit(5..6, "c")]), "Host b\nPort 1\n");
        let text = "Host a\r\nPort 1\r\n";
        assert_eq!(applied(text, &[edit(8..8, "SSL x\n")]), "Host a\r\nSSL x\r\nPort 1\r\n");
        assert_eq!(applied(text, &[edit(0..0, "SSL x\n"), edit(0..0, "SSL x\n")]), format!("SSL x\r\n{text}"));
    }
}
