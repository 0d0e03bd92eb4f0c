//! As much YAML as such a file needs: sections with keys and single values. Anything else is refused with its line.

/// A value, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) section: String,
    /// The name below the section; `None` where the section itself has this value.
    pub(super) key: Option<String>,
    pub(super) value: String,
    pub(super) line: usize,
}

/// Reads a file. The error is a clause with its line, and repeats nothing of the file, which holds hashes of passwords.
pub(super) fn read(text: &str) -> Result<Vec<Entry>, String> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut section: Option<(String, usize)> = None;
    let mut depth = 0;
    for (number, whole) in text.lines().enumerate() {
        let line = number + 1;
        let content = whole.trim_start_matches(' ');
        let indent = whole.len() - content.len();
        if content.trim().is_empty() || content.starts_with('#') || (line == 1 && content.trim_end() == "---") {
            continue;
        }
        if content.starts_with('\t') {
            return Err(format!("line {line} is indented by a tab, and YAML is indented by spaces"));
        }
        let pair = pair(content).filter(|_| !content.starts_with("- "));
        let (key, value) = pair.ok_or_else(|| format!("line {line} is not a key with one value"))?;
        match &section {
            _ if indent == 0 => {
                depth = 0;
                if !value.is_empty() {
                    entries.push(Entry { section: key.clone(), key: None, value, line });
                }
                section = Some((key, line));
            }
            Some((section, _)) if depth == 0 || depth == indent => {
                depth = indent;
                entries.push(Entry { section: section.clone(), key: Some(key), value, line });
            }
            _ => return Err(format!("line {line} is indented otherwise than the line above it")),
        }
    }
    Ok(entries)
}

/// A key and its value, without quotes and comments; `None` where it is not that.
fn pair(content: &str) -> Option<(String, String)> {
    let (key, rest) = word(content, true)?;
    let rest = rest.trim_start().strip_prefix(':')?;
    if !rest.is_empty() && !rest.starts_with(' ') {
        return None;
    }
    let rest = rest.trim_start();
    if rest.is_empty() || rest.starts_with('#') || rest.trim_end() == "{}" {
        return Some((key, String::new()));
    }
    let (value, after) = word(rest, false)?;
    let after = after.trim();
    (after.is_empty() || after.starts_with('#')).then_some((key, value))
}

/// The word at the beginning, and what follows it.
fn word(text: &str, is_key: bool) -> Option<(String, &str)> {
    match text.chars().next()? {
        '\'' => {
            let mut value = String::new();
            let mut rest = &text[1..];
            loop {
                let (part, after) = rest.split_once('\'')?;
                value.push_str(part);
                match after.strip_prefix('\'') {
                    Some(more) => {
                        value.push('\'');
                        rest = more;
                    }
                    None => return Some((value, after)),
                }
            }
        }
        '"' => {
            let (value, after) = text[1..].split_once('"')?;
            (!value.contains('\\')).then(|| (value.to_owned(), after))
        }
        // The beginnings of lists, mappings, anchors, tags and blocks.
        '[' | '{' | '&' | '*' | '!' | '|' | '>' | '%' | '@' | '`' | ',' | '?' => None,
        _ if is_key => text.find(':').map(|end| (text[..end].trim_end().to_owned(), &text[end..])),
        _ => {
            let end = text.find(" #").unwrap_or(text.len());
            Some((text[..end].trim_end().to_owned(), &text[end..]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let entries = read(text).unwrap();
        let line = |entry: Entry| format!("{}.{}={}", entry.section, entry.key.unwrap_or_default(), entry.value);
        entries.into_iter().map(line).collect()
    }

    #[test]
    fn a_file_as_it_is_documented_is_read() {
        let text = "---\n# a comment\ntls_server_config:\n  cert_file: server.crt # another\n  key_file: 'a ''b'' #c'\n\n\
                    basic_auth_users:\n    alice: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG\n    \
                    \"bob\": \"x\"\nrate_limit: {}\n";
        assert_eq!(
            told(text),
            [
                "tls_server_config.cert_file=server.crt",
                "tls_server_config.key_file=a 'b' #c",
                "basic_auth_users.alice=$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG",
                "basic_auth_users.bob=x",
            ]
        );
        assert_eq!(told(""), Vec::<String>::new());
        assert_eq!(told("a: b\n"), ["a.=b"]);
    }

    #[test]
    fn anything_else_is_refused_with_its_line_and_never_repeated() {
        for (text, line) in [
            ("a:\n\tb: c\n", 2),
            ("a:\n  b: c\n   d: e\n", 3),
            ("  a: b\n", 1),
            ("a:\n  - secret\n", 2),
            ("a:\n  secret\n", 2),
            ("a:\n  b: |\n", 2),
            ("a:\n  b: [secret]\n", 2),
            ("a:\n  b: \"c\" secret\n", 2),
            ("a:\n  b: 'secret\n", 2),
            ("a:b\n", 1),
            (": x\nä", 2),
        ] {
            let fault = read(text).unwrap_err();
            assert!(fault.starts_with(&format!("line {line} ")) && !fault.contains("secret"), "{text}: {fault}");
        }
    }
}
