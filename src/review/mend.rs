//! Changes of a file: what they would make of it, and how they are written without losing what was there.

use super::account::Edit;
use crate::redact::redacted;

/// The text with these changes made; of two that touch one place the first is.
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

/// How the line before that place ends, or the first line where it has none before it.
fn line_end(text: &str, at: usize) -> &'static str {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let line = before.rfind('\n').map(|end| &before[..end]);
    let line = line.or_else(|| after.find('\n').map(|end| &after[..end]));
    if line.is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" }
}

/// The number of the line on which a place is, from 1.
pub(super) fn line(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].split(|byte| *byte == b'\n').count()
}

/// A changed line before and after, without secrets. Before is `None` where it is put in.
pub(super) struct Difference {
    pub(super) before: Option<String>,
    pub(super) after: String,
}

/// So many lines before a changed one may announce that it holds a secret.
const LINES_BEFORE: usize = 20;

/// What these changes make of a text, line by line.
pub(super) fn differences(text: &str, edits: &[Edit]) -> Vec<Difference> {
    let mut lines: Vec<(Option<usize>, Vec<&Edit>)> = Vec::new();
    for edit in edits {
        let number = (!edit.with.ends_with('\n')).then(|| line(text, edit.at.start));
        match lines.iter_mut().find(|(known, _)| number.is_some() && *known == number) {
            Some((_, own)) => own.push(edit),
            None => lines.push((number, vec![edit])),
        }
    }
    lines.iter().map(|(_, edits)| difference(text, edits)).collect()
}

/// What changes of one line make of it.
fn difference(text: &str, edits: &[&Edit]) -> Difference {
    let start = edits.iter().map(|edit| edit.at.start).min().unwrap_or_default();
    let end = edits.iter().map(|edit| edit.at.end).max().unwrap_or_default();
    let (before, after) = (&text[..start], &text[end..]);
    let begin = before.rmatch_indices('\n').nth(LINES_BEFORE).map_or(0, |(at, _)| at + 1);
    let around = &before[begin..];
    let number = line(around, around.len()) - 1;
    let shown = |changed: &str, after: &str| {
        let text = redacted(&format!("{around}{changed}{}", after.lines().next().unwrap_or_default()));
        text.lines().nth(number).unwrap_or_default().to_owned()
    };
    let within = |edit: &&Edit| Edit { at: edit.at.start - start..edit.at.end - start, with: edit.with.clone() };
    let changed = applied(&text[start..end], &edits.iter().map(within).collect::<Vec<_>>());
    match changed.ends_with('\n') {
        true => Difference { before: None, after: shown(changed.trim_end(), "") },
        false => Difference { before: Some(shown(&text[start..end], after)), after: shown(&changed, after) },
    }
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

    #[test]
    fn a_password_beside_a_change_is_not_shown() {
        let text = "machine imap.mail.me.co login you password qzkv-wjxh-bfyd-npmt\n";
        let difference = differences(text, &[edit(8..23, "imap.mail.me.com")]);
        assert!(difference[0].after.contains("imap.mail.me.com"), "{}", difference[0].after);
        assert!(!difference[0].after.contains("qzkv") && !difference[0].before.as_ref().unwrap().contains("qzkv"));
    }
}
