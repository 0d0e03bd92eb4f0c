//! Changes of a file: what they would make of it, and how they are written without losing what was there.

use std::fs;
use std::path::{Path, PathBuf};

use super::account::Edit;
use crate::Misuse;
use crate::redact::redacted;

/// The text with these changes made; of two that touch one place the first is.
pub(super) fn applied(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| (edit.at.start, edit.at.end));
    let (mut out, mut end) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        if edit.at.start < end || edit.at.is_empty() && out.ends_with(&edit.with) {
            continue;
        }
        out.push_str(&text[end..edit.at.start]);
        out.push_str(&edit.with);
        end = edit.at.end;
    }
    out.push_str(&text[end..]);
    out
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

/// Writes the changed text, and keeps a copy of the file as it was.
pub(super) fn write(path: &Path, text: &str, edits: &[Edit]) -> Result<PathBuf, Misuse> {
    let unwritten = |what: &Path, fault: std::io::Error| {
        Misuse::new(format!("{} could not be written: {fault}", what.display()), "make the change by hand")
    };
    let copy = free_name(path);
    // A copy has the permissions of what it is of.
    fs::copy(path, &copy).map_err(|fault| unwritten(&copy, fault))?;
    fs::write(path, applied(text, edits)).map_err(|fault| unwritten(path, fault))?;
    Ok(copy)
}

/// Lets the owner alone read and write a file.
#[cfg(unix)]
pub(super) fn close(path: &Path) -> Result<(), Misuse> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(|fault| {
        Misuse::new(
            format!("the permissions of {} could not be changed: {fault}", path.display()),
            "run chmod 600 on it",
        )
    })
}

/// Elsewhere no file is found to be open to others.
#[cfg(not(unix))]
pub(super) fn close(_path: &Path) -> Result<(), Misuse> {
    Ok(())
}

fn free_name(path: &Path) -> PathBuf {
    let named = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let endings = std::iter::once(".before-review".to_owned()).chain((2..).map(|nth| format!(".before-review-{nth}")));
    endings.map(|ending| named(&ending)).find(|copy| !copy.exists()).unwrap_or_else(|| named(".before-review"))
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
    }

    #[test]
    fn a_password_beside_a_change_is_not_shown() {
        let text = "machine imap.mail.me.co login you password qzkv-wjxh-bfyd-npmt\n";
        let difference = differences(text, &[edit(8..23, "imap.mail.me.com")]);
        assert!(difference[0].after.contains("imap.mail.me.com"), "{}", difference[0].after);
        assert!(!difference[0].after.contains("qzkv") && !difference[0].before.as_ref().unwrap().contains("qzkv"));
    }
}
