//! Settings files as their programs read them: the text without its values, and the values without their quotes.

/// A file without its values, and the values in order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) frame: String,
    pub(crate) values: Vec<String>,
}

/// How a language writes values.
#[derive(Clone, Copy)]
pub(crate) enum Language {
    /// Quoted strings with backslashes, of these quotation marks, and comments up to the end of the line.
    Quoted {
        marks: &'static str,
        comment: &'static str,
    },
    /// Mutt's double quotes, in which a backtick begins a command.
    Mutt,
    /// `KEY VALUE`, the outermost quotation marks taken away.
    Msmtp,
    /// `KEY = VALUE`, between three quotation marks or as it is.
    Aerc,
    /// `KEY = VALUE`, with `%%` for a percent sign, and Python's strings in it.
    Ini,
    /// `KEY = VALUE`, with `$$` for a dollar sign.
    Postfix,
    Xml,
}

/// The parts of a file; an error where the program would find more in it than values.
pub(crate) fn parts(text: &str, language: Language) -> Result<Parts, String> {
    let mut parts = Parts { frame: String::new(), values: Vec::new() };
    match language {
        Language::Quoted { marks, comment } => parts.quoted(text, marks, comment)?,
        Language::Mutt => parts.mutt(text)?,
        Language::Xml => parts.xml(text)?,
        Language::Ini => {
            let mut plain = String::new();
            for line in text.lines() {
                let line = if line.starts_with('#') { line.to_owned() } else { unpercented(line)? };
                plain.push_str(&line);
                plain.push('\n');
            }
            parts.quoted(&plain, "\"'", "#")?;
        }
        Language::Msmtp => parts.lines(text, " ", |value| {
            let inner = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            Ok(inner.unwrap_or(value).to_owned())
        })?,
        Language::Aerc => parts.lines(text, " = ", |value| {
            if value.contains("%(") {
                return Err(format!("another key's value is taken in: {value}"));
            }
            let inner = value.strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\""));
            let is_cut = inner.is_none() && value.contains(['#', ';']) && !value.starts_with('~');
            if is_cut {
                Err(format!("the rest is a comment: {value}"))
            } else {
                Ok(inner.unwrap_or(value).trim().to_owned())
            }
        })?,
        Language::Postfix => parts.lines(text, " = ", |value| {
            let plain = value.replace("$$", "");
            if plain.contains('$') || value.contains(", ") || value.contains(":{") {
                return Err(format!("it would be expanded: {value}"));
            }
            Ok(value.replace("$$", "$"))
        })?,
    }
    Ok(parts)
}

impl Parts {
    fn value(&mut self, value: String) {
        self.frame.push('\u{25cb}');
        self.values.push(value);
    }

    fn quoted(&mut self, text: &str, marks: &str, comment: &str) -> Result<(), String> {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if rest.starts_with(comment) {
                let end = rest.find('\n').unwrap_or(rest.len());
                self.frame.push_str(&rest[..end]);
                rest = &rest[end..];
            } else if marks.contains(first) {
                let (value, after) = string(&rest[1..], first)?;
                self.value(value);
                rest = after;
            } else {
                self.frame.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        Ok(())
    }

    fn mutt(&mut self, text: &str) -> Result<(), String> {
        for line in text.lines() {
            let mut letters = line.chars();
            let mut value: Option<String> = None;
            while let Some(letter) = letters.next() {
                match (&mut value, letter) {
                    (None, '#') => {
                        self.frame.push('#');
                        self.frame.extend(letters.by_ref());
                    }
                    (None, '"') => value = Some(String::new()),
                    (None, _) => self.frame.push(letter),
                    (Some(_), '"') => self.value(value.take().unwrap_or_default()),
                    (Some(value), '\\') => value.extend(letters.next()),
                    (Some(_), '$') => return Err(format!("a variable is expanded: {line}")),
                    (Some(value), '`') => {
                        let command: String = letters.by_ref().take_while(|letter| *letter != '`').collect();
                        if command.contains(['\\', '$', '^']) {
                            return Err(format!("NeoMutt and Mutt differ about it: {line}"));
                        }
                        value.extend(["`", &command, "`"]);
                    }
                    (Some(value), _) => value.push(letter),
                }
            }
            if value.is_some() {
                return Err(format!("a quotation mark stays open: {line}"));
            }
            self.frame.push('\n');
        }
        Ok(())
    }

    fn xml(&mut self, text: &str) -> Result<(), String> {
        let mut rest = text;
        while let Some(tag) = rest.find('<') {
            let (content, from) = rest.split_at(tag);
            self.value(unescaped(content)?);
            let close = if from.starts_with("<!--") { "-->" } else { ">" };
            let end = from.find(close).ok_or("a tag stays open")? + close.len();
            self.frame.push_str(&from[..end]);
            rest = &from[end..];
        }
        Ok(())
    }

    fn lines(
        &mut self,
        text: &str,
        between: &str,
        read: impl Fn(&str) -> Result<String, String>,
    ) -> Result<(), String> {
        for line in text.lines() {
            match line.split_once(between).filter(|_| !line.starts_with(['#', '['])) {
                Some((key, value)) => {
                    self.frame.push_str(key);
                    self.value(read(value)?);
                }
                None => self.frame.push_str(line),
            }
            self.frame.push('\n');
        }
        Ok(())
    }
}

/// What a string holds, and what follows it.
fn string(text: &str, mark: char) -> Result<(String, &str), String> {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if letter == mark => return Ok((value, &text[at + 1..])),
            '\n' => return Err(format!("a line ends in a string: {value}")),
            // In PHP's single quotes a backslash before another letter stays, elsewhere it says what the letter means;
            // of all this the pages use nothing with a value in it.
            '\\' => match letters.next() {
                Some((_, next)) if next == mark || next == '\\' => value.push(next),
                Some((_, next)) => value.extend(['\\', next]),
                None => break,
            },
            _ => value.push(letter),
        }
    }
    Err(format!("a string has no end: {value}"))
}

fn unpercented(line: &str) -> Result<String, String> {
    let plain = line.replace("%%", "");
    if plain.contains('%') {
        Err(format!("another key's value is taken in: {line}"))
    } else {
        Ok(line.replace("%%", "%"))
    }
}

fn unescaped(content: &str) -> Result<String, String> {
    let mut text = content.to_owned();
    for (entity, letter) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")] {
        text = text.replace(entity, letter);
    }
    let entities = ["lt", "gt", "quot", "amp"];
    let is_whole =
        content.split('&').skip(1).all(|rest| entities.contains(&rest.split(';').next().unwrap_or_default()));
    let is_allowed = !content.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t');
    if is_whole && is_allowed { Ok(text) } else { Err(format!("no XML: {content}")) }
}
