//! Nested settings of languages with braces, brackets and assignments: JSON, JavaScript, PHP, Python, Nix, Terraform.
//!
//! It is not a parser of any of them: it finds what is assigned to a name, and what is given to a call.

use super::lines::{Word, closing};

/// A value, with the names above it.
#[derive(Debug, Clone)]
pub(crate) struct Leaf<'t> {
    /// The names of the objects and calls around it, outermost first, each with the place where it opens; the last one is
    /// its own name.
    pub(crate) keys: Vec<Word<'t>>,
    /// Without quotes.
    pub(crate) value: Word<'t>,
    /// Whether it is one word or one string, and no expression.
    pub(crate) is_literal: bool,
    /// Whether it is in quotes.
    pub(crate) is_text: bool,
}

/// The names of a call's arguments without a name.
const POSITIONS: [&str; 4] = ["#0", "#1", "#2", "#3"];
/// No settings are deeper.
const DEEPEST: usize = 24;
/// No file that a person wrote has more.
const MOST: usize = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Name,
    Opens,
    Closes,
    Parts,
    Assigns,
    Ends,
    Other,
}

#[derive(Debug, Clone, Copy)]
struct Token<'t> {
    kind: Kind,
    /// Without quotes.
    word: Word<'t>,
}

/// The tokens of a text, without comments.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = Word { text, start: 0 };
    let mut was_space = true;
    while let Some(letter) = rest.text.chars().next() {
        if found.len() > MOST {
            break;
        }
        let is_comment = rest.text.starts_with("//") || was_space && letter == '#';
        let (kind, from, length, after) = if is_comment {
            rest = rest.from(rest.text.find('\n').unwrap_or(rest.text.len()));
            continue;
        } else if rest.text.starts_with("/*") {
            rest = rest.from(rest.text.find("*/").map_or(rest.text.len(), |end| end + 2));
            continue;
        } else if let Some(thrice) = ["\"\"\"", "'''"].iter().find(|quotes| rest.text.starts_with(**quotes)) {
            let inner = rest.from(3).text;
            let end = inner.find(*thrice).unwrap_or(inner.len());
            (Kind::Text, 3, end, 6 + end)
        } else if matches!(letter, '"' | '\'' | '`') {
            let inner = rest.from(1).text;
            let end = closing(inner, letter).unwrap_or(inner.len());
            (Kind::Text, 1, end, 2 + end)
        } else if is_of_name(letter) {
            let length = name_length(rest.text);
            (Kind::Name, 0, length, length)
        } else if rest.text.starts_with("=>") {
            (Kind::Assigns, 0, 2, 2)
        } else if ["==", "!=", "<=", ">=", "&&", "||", "??", "::", "?:"].iter().any(|sign| rest.text.starts_with(sign))
        {
            (Kind::Other, 0, 2, 2)
        } else {
            let kind = match letter {
                '{' | '[' | '(' => Kind::Opens,
                '}' | ']' | ')' => Kind::Closes,
                ',' | ';' => Kind::Parts,
                '=' | ':' => Kind::Assigns,
                '\n' => Kind::Ends,
                _ => Kind::Other,
            };
            let length = letter.len_utf8();
            (kind, 0, length, length)
        };
        if kind != Kind::Other || !letter.is_whitespace() {
            found.push(Token { kind, word: rest.from(from).until(length) });
        }
        was_space = letter.is_whitespace();
        rest = rest.from(after.min(rest.text.len()));
    }
    found
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || "_$.@-".contains(letter)
}

/// The length of a name, with what it belongs to: `smtplib.SMTP`, `$mail->Host`, `PHPMailer::ENCRYPTION_SMTPS`.
fn name_length(text: &str) -> usize {
    let mut length = 0;
    while let Some(letter) = text[length..].chars().next() {
        let two = ["->", "::"].iter().any(|sign| text[length..].starts_with(sign));
        if two {
            length += 2;
        } else if is_of_name(letter) {
            length += letter.len_utf8();
        } else {
            break;
        }
    }
    length
}

/// What is assigned at one level.
#[derive(Debug, Clone, Copy, Default)]
struct Open<'t> {
    key: Option<Word<'t>>,
    value: Option<Word<'t>>,
    count: usize,
    is_text: bool,
}

/// An object or a call that is open.
struct Scope<'t> {
    has_name: bool,
    is_call: bool,
    /// How many arguments without a name came before.
    position: usize,
    outer: Open<'t>,
}

/// Everything that is assigned or given to a call.
pub(crate) fn leaves(text: &str) -> Vec<Leaf<'_>> {
    let tokens = tokens(text);
    let (mut found, mut names, mut scopes) = (Vec::new(), Vec::<Word>::new(), Vec::<Scope>::new());
    let mut open = Open::default();
    for (nth, token) in tokens.iter().enumerate() {
        let next = tokens.get(nth + 1).map(|next| next.kind);
        match token.kind {
            Kind::Text | Kind::Name if next == Some(Kind::Assigns) => {
                open = Open { key: Some(token.word), ..Open::default() };
            }
            Kind::Assigns if open.value.is_none() => {}
            Kind::Text | Kind::Name | Kind::Other | Kind::Assigns => open.extend(token, text),
            Kind::Opens => {
                let before = nth.checked_sub(1).and_then(|nth| tokens.get(nth)).filter(|it| it.kind == Kind::Name);
                let name = before.map(|it| it.word).or(open.key.filter(|_| open.value.is_none()));
                let name = name.filter(|_| names.len() < DEEPEST);
                names.extend(name.map(|name| Word { text: name.text, start: token.word.start }));
                let is_call = token.word.text == "(";
                open.extend(token, text);
                scopes.push(Scope { has_name: name.is_some(), is_call, position: 0, outer: open });
                open = Open::default();
            }
            Kind::Closes => {
                open.end(&names, scopes.last_mut(), &mut found);
                let Some(scope) = scopes.pop() else { continue };
                if scope.has_name {
                    names.pop();
                }
                open = scope.outer;
                open.extend(token, text);
            }
            Kind::Parts => open.end(&names, scopes.last_mut(), &mut found),
            Kind::Ends => {
                let goes_on = matches!(next, Some(Kind::Other | Kind::Assigns | Kind::Ends));
                let is_in_call = scopes.last().is_some_and(|scope| scope.is_call);
                if !goes_on && !is_in_call && open.value.is_some() {
                    open.end(&names, scopes.last_mut(), &mut found);
                }
            }
        }
    }
    open.end(&names, scopes.last_mut(), &mut found);
    found
}

impl<'t> Open<'t> {
    fn extend(&mut self, token: &Token<'t>, text: &'t str) {
        let start = self.value.map_or(token.word.start, |value| value.start);
        let end = token.word.at().end;
        self.value = Some(Word { text: text.get(start..end).unwrap_or_default(), start });
        self.count += 1;
        self.is_text = token.kind == Kind::Text;
    }

    /// Keeps what was assigned.
    fn end(&mut self, names: &[Word<'t>], scope: Option<&mut Scope<'t>>, found: &mut Vec<Leaf<'t>>) {
        let open = std::mem::take(self);
        let Some(value) = open.value else { return };
        let position = scope.filter(|scope| scope.is_call && open.key.is_none()).map(|scope| {
            scope.position += 1;
            scope.position - 1
        });
        let position = position.and_then(|nth| POSITIONS.get(nth)).map(|text| Word { text, start: value.start });
        let Some(key) = open.key.or(position) else { return };
        let keys = names.iter().copied().chain([key]).collect();
        found.push(Leaf { keys, value, is_literal: open.count == 1, is_text: open.is_text });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let leaves = leaves(text);
        for leaf in &leaves {
            assert_eq!(&text[leaf.value.at()], leaf.value.text);
        }
        let keys = |leaf: &Leaf| leaf.keys.iter().map(|key| key.text).collect::<Vec<_>>().join("/");
        leaves.iter().filter(|leaf| leaf.is_literal).map(|leaf| format!("{}={}", keys(leaf), leaf.value.text)).collect()
    }

    #[test]
    fn what_is_assigned_is_found_in_every_language() {
        assert_eq!(
            told("{ \"Smtp\": { \"Host\": \"h\", \"Port\": 465 }, \"x\": [1] }"),
            ["Smtp/Host=h", "Smtp/Port=465"]
        );
        assert_eq!(
            told(
                "const t = mail.createTransport({ // no\n  host: 'h',\n  port: Number(process.env.X),\n  auth: { user: `u` },\n});"
            ),
            ["mail.createTransport/host=h", "Number/#0=process.env.X", "mail.createTransport/auth/user=u"]
                .map(|it| it.replace("Number", "mail.createTransport/Number"))
        );
        assert_eq!(told("$mail->Host = 'h'; // no\n$mail->Port = 465;"), ["$mail->Host=h", "$mail->Port=465"]);
        assert_eq!(told("define( \"A\", \"h\" );"), ["define/#0=A", "define/#1=h"]);
        assert_eq!(told("$CONFIG = array (\n  'mail_smtphost' => 'h',\n);"), ["array/mail_smtphost=h"]);
        assert_eq!(
            told("HOST = \"h\"\nPORT = 465\nwith smtplib.SMTP_SSL(HOST, port=PORT) as s:\n  s.login('u', x)\n"),
            [
                "HOST=h",
                "PORT=465",
                "smtplib.SMTP_SSL/#0=HOST",
                "smtplib.SMTP_SSL/port=PORT",
                "s.login/#0=u",
                "s.login/#1=x"
            ]
        );
        assert_eq!(told("{ smtp.port = 587; a = { b = true; }; }"), ["smtp.port=587", "a/b=true"]);
        assert_eq!(told("a = x\n  + y\nb = 1 + 2"), Vec::<String>::new());
    }
}
