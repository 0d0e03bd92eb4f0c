//! Words that a secret follows, in settings, options, markup and sentences.

use checks::secret::HIDDEN;
use regex::bytes::{Captures, Regex};

use super::hidden_after;
use super::said::{hidden_unless_said, hidden_unless_sentence};
use crate::pattern::compiled;

/// Words for a password in other languages.
pub(super) const FOREIGN: &str = r"(?u:wachtwoord|senha|has[lł]o|l[oö]senord|contrase|mot de passe|parola|heslo|jelsz[oó]|adgangskode|salasana|[sş]ifre|парол[а-яё]*|パスワード|密码|密碼|口令|비밀번호)";

/// Verbs that a sentence has between the word and the password.
const VERB: &str = "(?u:is|was|lautet|ist|est|es|è|é|är|jest)";

/// Parts of the names of XML elements that contain a secret.
const ELEMENT: &str = r"<[^<>/]*(?:pass|pwd|\bpw|secret|token)[^<>]*>";

pub(super) struct Keywords {
    sentences: Vec<Regex>,
    values: Vec<Regex>,
    login: Regex,
    assigned: Regex,
    awaits_value: Regex,
    user: Regex,
    pass: Regex,
}

impl Keywords {
    pub(super) fn new() -> Self {
        // A word that names a secret, as a setting or a field.
        let key = format!(
            r"[\w.\-\[]*(?:passw|passord|pass\b|pass[_-]|_pass|[a-z]pass\b|pass[ _-]?(?:phrase|code|word)|pwd|pw\d*\b|\bpw[_-]|mdp\b|secret|token|api[-_]?key|kennwort|clave|credential|{FOREIGN})[\w.\-\]\xc3\xb1]*"
        );
        // A word for a password in a sentence.
        let word = format!(
            r"(?:\b(?:pass(?:word|wd|wort|ord)?|pass[ -]?(?:phrase|code)|pwd?|kennwort|mdp|clave)|{FOREIGN}[\w\xc3\xb1]*)"
        );
        let said = format!(r"{word}\s+(?:{VERB}\s*[:,]?\s+)?");
        let sentences = [
            format!(r"({word}\s+{VERB}\s*[:,]?\s+).+"),
            r"((?u:パスワード|密码|密碼|口令|비밀번호)(?u:は|是|为|為|은|는)\s*)[!-~\xc3].*".to_owned(),
        ];
        let values = [
            // imaps://name:secret@host; the secret may contain any of : / @ itself.
            r#"(://)[^\s/"'<>:@]*:[^\s]*@"#.to_owned(),
            r#"((?:proxy-)?authorization["'\\]*\s*[:=]\s*).+"#.to_owned(),
            r"(\bbearer\s+)\S+".to_owned(),
            r"(\bbasic\s+)[a-z0-9+/]{8,}={0,2}\b".to_owned(),
            format!(r"({ELEMENT}\s*)(?:<!\[CDATA\[(?:.*?\]\]>|.*)|[^<]+)"),
            r"(<key>[^<]*(?:pass|pwd|secret|token)[^<]*</key>\s*<string>)[^<]+".to_owned(),
            // Configuration files with only a space between key and value; .netrc on one line.
            format!(r"((?:\b[\w-]*(?:pass|password|passwd|pwd)|{word})\s+)\S+\s*$"),
            r"(\b[\w-]*pass(?:word)?_?(?:eval|cmd|command)\s+).+".to_owned(),
            r"(\blogin\s+\S+\s+password\s+).+".to_owned(),
            format!(r#"({said})(?u:["'`«“„‘‹「]).+(?u:["'`»”“’›」])"#),
            format!(r"({said})[^\s]*[a-z][^\s]*[0-9\-_!$%&/+#*][^\s]+"),
            format!(r"({said})[^\s]*[a-z][^\s]*[0-9!$%&+#*]"),
            format!(r"({said})[^\s]*[0-9][^\s]*[a-z][^\s]+"),
            r#"((?:^|\s)--?[\w-]*(?:pass|pwd?|secret|token)[\w-]*[ =]+)(?:"[^"]*"?|'[^']*'?|\S+)"#.to_owned(),
            r#"(\s--?(?:ap|xp|oauth2-bearer)[ =]+)(?:"[^"]*"|'[^']*'|\S+)"#.to_owned(),
            r#"(\s(?:-u|--user|--proxy-user)[ =]*)(?:"[^"]*:[^"]*"|'[^']*:[^']*'|[^\s:]+:\S+)"#.to_owned(),
            r#"(\bconvertto-securestring\s+(?:-\w+\s+)*)(?:"[^"]*"?|'[^']*'?|\S+)"#.to_owned(),
            // An app-specific password, with any of the dashes that programs turn its hyphens into.
            r"()\b[a-z0-9]{4}(?:(?:-|\xe2\x80[\x90-\x95]|\xe2\x88\x92)[a-z0-9]{4}){2,3}\b".to_owned(),
            r"()\b[a-z]{4}-[a-z]{4}-\s*$".to_owned(),
            // A line of Postfix's sasl_passwd, and anything that follows a port without a space.
            r"(\[[^\]\s]*\](?::\w+)?\s+[^\s:]+:)\S.*".to_owned(),
            r"(\]:\d{1,5}:)\S+".to_owned(),
        ];
        Self {
            sentences: sentences.iter().map(|rule| compiled(rule)).collect(),
            values: values.iter().map(|rule| compiled(rule)).collect(),
            login: compiled(r"(\b[\w.+%-]+@[\w.-]+:)\S+"),
            assigned: compiled(&format!(
                r#"({key}(?:["'\\]*\s*\]?\s*(?::=|=>|=|:|\||\xef\xbc\x9a)\s*|["']\s*,\s*))(\\?["'`])?"#
            )),
            awaits_value: compiled(&format!(
                r#"(?:{key}["'\\]*\s*(?::|=>|=)\s*[|>]?[-+]?\s*$|<key>[^<]*(?:pass|pwd|secret|token)[^<]*</key>\s*$|{ELEMENT}\s*(?:<!\[CDATA\[)?\s*$|[a-z]{{4}}-[a-z]{{4}}-\s*$)"#
            )),
            user: compiled(r"\b(?:user(?:name)?|login)[ \t]+\S+[ \t]"),
            pass: compiled(r#"(\bpass(?:word|wd)?[ \t]+)(?:"[^"]*"?|'[^']*'?|(?:[^\s=:]|[=:]\S)\S*)"#),
        }
    }

    /// Whether the next line is a secret as a whole.
    pub(super) fn awaits_value(&self, line: &str) -> bool {
        self.awaits_value.is_match(line.as_bytes())
    }

    /// Returns the line without the secrets that such words announce.
    pub(super) fn hidden(&self, line: &str) -> Vec<u8> {
        let mut kept = line.as_bytes().to_vec();
        for rule in &self.sentences {
            kept = rule.replace_all(&kept, hidden_unless_sentence).into_owned();
        }
        for rule in &self.values {
            kept = rule.replace_all(&kept, hidden_unless_said).into_owned();
        }
        kept = self.login.replace_all(&kept, hidden_unless_port).into_owned();
        self.values_hidden(&kept)
    }

    /// In fetchmail's settings, which may be on one line, the word after `pass` is a secret; the server is named before
    /// it.
    pub(super) fn after_user(&self, kept: Vec<u8>) -> Vec<u8> {
        // "User name and password" is a sentence.
        let is_sentence = |user: &[u8]| [&b" and"[..], b" or"].iter().any(|end| user.trim_ascii().ends_with(end));
        let user = self.user.find_iter(&kept).find(|user| !is_sentence(user.as_bytes())).map(|user| user.end());
        let Some(user) = user else { return kept };
        let (before, after) = kept.split_at(user);
        [before, &self.pass.replace_all(after, hidden_unless_said)].concat()
    }

    /// A quoted value ends at its closing quote; any other value may extend to the end of the line.
    fn values_hidden(&self, line: &[u8]) -> Vec<u8> {
        let (mut out, mut rest) = (Vec::with_capacity(line.len()), line);
        while let Some(found) = self.assigned.captures(rest) {
            let whole = found.get(0).map_or(0..0, |whole| whole.range());
            let value = &rest[whole.end..];
            out.extend(&rest[..whole.end]);
            if found.get(2).is_some() || !value.is_empty() {
                out.extend(HIDDEN.as_bytes());
            }
            let Some(quote) = found.get(2).map(|quote| quote.as_bytes()) else { return out };
            let end = (0..value.len())
                .find(|at| value[*at..].starts_with(quote) && (quote.len() > 1 || *at == 0 || value[at - 1] != b'\\'));
            let Some(end) = end else { return out };
            out.extend(quote);
            rest = &value[end + quote.len()..];
        }
        out.extend(rest);
        out
    }
}

/// Hides the password after a name, unless it is the port after a server's name.
fn hidden_unless_port(found: &Captures) -> Vec<u8> {
    let rest = &found[0][found[1].len()..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_port = (1..=5).contains(&digits) && rest.get(digits).is_none_or(|next| b"/,;?)>]\"':.\\".contains(next));
    if is_port { found[0].to_vec() } else { hidden_after(&found[1]) }
}
