//! Changes of a file: what they would make of it, and how they are written without losing what was there.

use std::fs;
use std::path::{Path, PathBuf};

use super::account::Edit;
use crate::Misuse;

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
}
