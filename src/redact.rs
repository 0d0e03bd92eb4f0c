//! Secrets and addresses in pasted text, taken out before anything of it is shown.
//!
//! Nobody has said what the secrets are, so whatever stands where one usually stands is hidden, rather too much than too
//! little. Lines stay lines: an excerpt is taken by its number.

use std::sync::OnceLock;

use checks::secret::HIDDEN;
use regex::bytes::{Captures, Regex, RegexBuilder};

/// The same lines without their secrets.
pub(crate) fn redacted(text: &str) -> String {
    static RULES: OnceLock<Rules> = OnceLock::new();
    let rules = RULES.get_or_init(Rules::new);
    let mut state = State::default();
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let body = line.trim_end_matches(['\n', '\r']);
        out.push_str(&rules.line(body, &mut state));
        out.push_str(&line[body.len()..]);
    }
    out
}

/// The same lines of a settings file, where a password follows whatever is called like one, and comments may hold more.
pub(crate) fn redacted_settings(text: &str) -> String {
    static RULES: OnceLock<[Regex; 2]> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        [
            compiled(&format!(r"((?:^|\s)(?:#|;|//)[^\n]*?{NAME})[^\n]+")),
            compiled(&format!(
                r#"({NAME}["'\]]*(?:[ \t]*(?::=|=>|=|:)[ \t]*|[ \t]+))(?:"[^"\n]*"?|'[^'\n]*'?|[^\s]+)"#
            )),
        ]
    });
    let mut kept = text.as_bytes().to_vec();
    for rule in rules {
        kept = rule.replace_all(&kept, |found: &Captures| hidden_after(&found[1])).into_owned();
    }
    redacted(&String::from_utf8_lossy(&kept))
}

/// A word in which a secret is named, up to its end.
const NAME: &str = r"(?:pass|pwd|secret|token|cred|kennwort)[\w.\-]*";

/// What earlier lines have announced.
#[derive(Default)]
struct State {
    /// The next line is a secret as a whole.
    is_secret_next: bool,
    /// So many further lines may carry a sign-in in base64.
    exchange: u8,
    /// So many further lines may carry the literals of a sign-in.
    literals: u8,
}

/// How many lines of an exchange may lie between its beginning and its last secret.
const EXCHANGE: u8 = 8;

/// What is kept of a match stands in its first group; the rest is hidden.
struct Rules {
    to_be_hidden: Vec<Regex>,
    assigned: Regex,
    awaits_value: Regex,
    login: Regex,
    no_login: Regex,
    calls: Regex,
    quoted: Regex,
    exchange: Regex,
    begins_reply: Regex,
    long_run: Regex,
    word: Regex,
    address: Regex,
    sparse: Regex,
    user: Regex,
    pass: Regex,
    names_password: Regex,
}

/// A word that names a secret, as a setting or a field.
const KEY: &str = r"[\w.\-\[]*(?:passw|pass\b|pass[_-]|_pass|[a-z]pass\b|passphrase|pwd|secret|token|api[-_]?key|kennwort|contrase|clave|mot de passe|credential)[\w.\-\]\xc3\xb1]*";

impl Rules {
    fn new() -> Self {
        let to_be_hidden = [
            // imaps://name:secret@host, where the secret may hold any of : / @ itself.
            r#"(://)[^\s/"'<>:@]*:[^\s]*@"#.to_owned(),
            r#"((?:proxy-)?authorization["'\\]*\s*[:=]\s*).+"#.to_owned(),
            r"(\bbearer\s+)\S+".to_owned(),
            r"(\bbasic\s+)[a-z0-9+/]{8,}={0,2}\b".to_owned(),
            r"(<[^<>/]*(?:pass|pwd|secret|token)[^<>]*>)[^<]+".to_owned(),
            r"(<key>[^<]*(?:pass|pwd|secret|token)[^<]*</key>\s*<string>)[^<]+".to_owned(),
            // Configurations that put only a blank between a key and its value; .netrc on one line.
            r"(\b[\w-]*(?:pass|password|passwd|pwd)\s+)\S+\s*$".to_owned(),
            r"(\b[\w-]*pass(?:word)?_?(?:eval|cmd|command)\s+).+".to_owned(),
            r"(\blogin\s+\S+\s+password\s+).+".to_owned(),
            r#"(\bpass(?:word|wd|phrase)?\s+(?:(?:is|was)[:,]?\s+)?)["'`].+["'`]"#.to_owned(),
            r"(\bpass(?:word|wd|phrase)?\s+(?:(?:is|was)[:,]?\s+)?)[^\s]*[a-z][^\s]*[0-9\-_!$%&/+#*][^\s]+".to_owned(),
            r"(\bpass(?:word|wd|phrase)?\s+(?:(?:is|was)[:,]?\s+)?)[^\s]*[0-9][^\s]*[a-z][^\s]+".to_owned(),
            r#"(\s--?(?:password|passwd|pass|pw|auth-password|smtp-pass|smtp-server-pass|ap|xp|oauth2-bearer)[ =]+)(?:"[^"]*"|'[^']*'|\S+)"#
                .to_owned(),
            r#"(\s(?:-u|--user|--proxy-user)[ =]*)(?:"[^"]*:[^"]*"|'[^']*:[^']*'|[^\s:]+:\S+)"#.to_owned(),
            // An app-specific password, with any of the dashes that programs make of its own.
            r"()\b[a-z0-9]{4}(?:(?:-|\xe2\x80[\x90-\x95]|\xe2\x88\x92)[a-z0-9]{4}){2,3}\b".to_owned(),
            r"()\b[a-z]{4}-[a-z]{4}-\s*$".to_owned(),
        ];
        Self {
            to_be_hidden: to_be_hidden.iter().map(|rule| compiled(rule)).collect(),
            assigned: compiled(&format!(r#"({KEY}["'\\]*\s*\]?\s*(?::=|=>|=|:)\s*)(\\?["'`])?"#)),
            awaits_value: compiled(&format!(
                r#"(?:{KEY}["'\\]*\s*(?::|=>|=)\s*[|>]?[-+]?\s*$|<key>[^<]*(?:pass|pwd|secret|token)[^<]*</key>\s*$|[a-z]{{4}}-[a-z]{{4}}-\s*$)"#
            )),
            login: compiled(
                r#"((?:^|[\s>:"'(])(?:(?-i:imap|IMAP|command|sending|sent)|[a-z.*$]|[a-z0-9.*$_+-]*[0-9][a-z0-9.*$_+-]*|C:|client:|>+)\s+LOGIN\s+|(?:^\W*|[:>,;=]\s*)(?-i:LOGIN)\s+)(\S.*)"#,
            ),
            no_login: compiled(
                r"^(?:plain|with|incorrect|invalid|attempts?|failed|failure|completed|command|ok|error|denied|request|timed|was|is|to|as|on|for|at)\b",
            ),
            calls: compiled(
                r"(?:login|plainauth|credentials?(?:::new)?|authenticate|auth_?(?:plain|login)|set_?password|\bauth)\s*\(",
            ),
            quoted: compiled(r#"("|')(?:[^"'\\]|\\.)*("|')"#),
            exchange: compiled(r"\bauth(?:enticate)?[ =:]+[a-z0-9-]+|\b334\b|^\W*\+\s|\bplain\b|\bxoauth2\b"),
            begins_reply: compiled(r"^[^a-z0-9+*]*(?:S:|server:|<+)?\s*(?:\+|\*|[a-z0-9.]+\s+(?:OK|NO|BAD)\b)"),
            long_run: compiled(r"[a-z0-9+/_-]{24,}={0,2}"),
            word: compiled(r"[a-z0-9+/]{4,}={0,2}"),
            address: compiled(r#"([^\s<>"'(),:;@\[\]=/\\|`{}]+)(@|%40)([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)"#),
            sparse: compiled(r"\b[a-z]{4}(?:[\s_]+[a-z]{4}){3}\b"),
            user: compiled(r"\b(?:user(?:name)?|login)[ \t]+\S+[ \t]"),
            pass: compiled(r#"(\bpass(?:word|wd)?[ \t]+)(?:"[^"]*"?|'[^']*'?|(?:[^\s=:]|[=:]\S)\S*)"#),
            names_password: compiled(r"pass|login|secret|\bpw|app-specific"),
        }
    }

    fn line(&self, line: &str, state: &mut State) -> String {
        if std::mem::take(&mut state.is_secret_next) && !line.trim().is_empty() {
            return HIDDEN.to_owned();
        }
        if state.literals > 0 {
            state.literals -= 1;
            if !self.begins_reply.is_match(line.as_bytes()) {
                return HIDDEN.to_owned();
            }
        }
        state.is_secret_next = self.awaits_value.is_match(line.as_bytes());
        let mut kept = line.as_bytes().to_vec();
        for rule in &self.to_be_hidden {
            kept = rule.replace_all(&kept, hidden_unless_said_of_passwords).into_owned();
        }
        kept = self.values_hidden(&kept);
        kept = self.login.replace(&kept, |found: &Captures| self.login_hidden(found, state)).into_owned();
        if let Some(call) = self.calls.find(&kept).map(|call| call.end()) {
            let arguments = self.quoted.replace_all(&kept[call..], HIDDEN.as_bytes()).into_owned();
            kept.truncate(call);
            kept.extend(arguments);
        }
        if self.exchange.is_match(&kept) {
            state.exchange = EXCHANGE;
        }
        if state.exchange > 0 {
            state.exchange -= 1;
            kept = self.word.replace_all(&kept, |word: &Captures| unless_encoded(&word[0], 4)).into_owned();
        }
        kept = self.long_run.replace_all(&kept, |run: &Captures| unless_encoded(&run[0], 24)).into_owned();
        if self.names_password.is_match(&kept) {
            kept = self.sparse.replace_all(&kept, HIDDEN.as_bytes()).into_owned();
        }
        kept = self.after_user(kept);
        kept = self.address.replace_all(&kept, masked).into_owned();
        String::from_utf8_lossy(&kept).into_owned()
    }

    /// In fetchmail's settings, which may stand on one line, a word after `pass` is one; a server is told before it.
    fn after_user(&self, kept: Vec<u8>) -> Vec<u8> {
        let Some(user) = self.user.find(&kept).map(|user| user.end()) else { return kept };
        let (before, after) = kept.split_at(user);
        [before, &self.pass.replace_all(after, hidden_unless_said_of_passwords)].concat()
    }

    /// A value in quotes ends with them; any other may hold what it likes up to the end of the line.
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

    fn login_hidden(&self, found: &Captures, state: &mut State) -> Vec<u8> {
        let lists_mechanisms = found[1].to_ascii_uppercase().windows(4).any(|word| word == b"AUTH");
        if lists_mechanisms || self.no_login.is_match(&found[2]) {
            return found[0].to_vec();
        }
        if found[2].contains(&b'{') {
            state.literals = EXCHANGE;
        }
        hidden_after(&found[1])
    }
}

fn compiled(pattern: &str) -> Regex {
    #[allow(clippy::expect_used, reason = "the rules are part of the program, and every test compiles them")]
    RegexBuilder::new(pattern).case_insensitive(true).unicode(false).build().expect("a rule is a pattern")
}

/// What programs say of a password, where otherwise the password itself would stand.
const SAID_OF_PASSWORDS: [&[u8]; 20] = [
    b"is",
    b"was",
    b"has",
    b"and",
    b"or",
    b"in",
    b"not",
    b"for",
    b"authentication",
    b"mismatch",
    b"incorrect",
    b"wrong",
    b"invalid",
    b"rejected",
    b"refused",
    b"required",
    b"expired",
    b"failed",
    b"error",
    b"protected",
];

fn hidden_unless_said_of_passwords(found: &Captures) -> Vec<u8> {
    let word = found[0][found[1].len()..].trim_ascii().to_ascii_lowercase();
    match SAID_OF_PASSWORDS.contains(&word.as_slice()) {
        true => found[0].to_vec(),
        false => hidden_after(&found[1]),
    }
}

fn hidden_after(kept: &[u8]) -> Vec<u8> {
    [kept, HIDDEN.as_bytes()].concat()
}

/// The word, or what stands for it where it looks like base64: mixed letters and digits, which no word of a language is.
fn unless_encoded(word: &[u8], shortest: usize) -> Vec<u8> {
    let is_long = word.len() >= 24;
    let has = |is: fn(&u8) -> bool| word.iter().any(is);
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let is_whole = word.len().is_multiple_of(4);
    let is_mixed = has(u8::is_ascii_lowercase) && word[1..].iter().any(u8::is_ascii_uppercase);
    let is_encoded = match is_long {
        true => is_mixed && (digits > 0 || word.ends_with(b"=")),
        false => is_whole && (is_mixed || word.ends_with(b"=")),
    };
    match word.len() >= shortest && is_encoded {
        true => HIDDEN.as_bytes().to_vec(),
        false => word.to_vec(),
    }
}

/// An address with only the first letter of its name.
fn masked(found: &Captures) -> Vec<u8> {
    let name = String::from_utf8_lossy(&found[1]);
    let first: String = name.chars().take(1).collect();
    [format!("{first}…").as_bytes(), &found[2], &found[3]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "zkqj-vwxb-nmpl-rtyd";

    #[test]
    fn a_secret_is_hidden_in_every_dress() {
        for dress in include_str!("../tests/explain/dresses.txt").split("\n----\n") {
            let shown = redacted(dress);
            for part in ["zkqj", "ZKQJ", "emtxa", "rtyd", "S3cr3t"] {
                assert!(!shown.contains(part), "{part} of\n{dress}\nis left:\n{shown}");
            }
            assert_eq!(shown.lines().count(), dress.lines().count(), "{dress}\nbecame\n{shown}");
        }
    }

    #[test]
    fn fetchmails_words_after_pass_are_hidden_wherever_a_user_is_before_them() {
        for (line, shown) in [
            ("poll h user ann pass qkweruvzmbhyxgtn no ssl", "poll h user ann pass [hidden] no ssl"),
            (
                "user a pass b pass c user d password \"e f\" ssl",
                "user a pass [hidden] pass [hidden] user d password [hidden] ssl",
            ),
            ("the user ann: password incorrect", "the user ann: password incorrect"),
        ] {
            assert_eq!(redacted(line), shown);
        }
    }

    #[test]
    fn secrets_without_number_on_one_line_are_hidden_in_a_moment() {
        let shown = redacted(&r#"pass="" "#.repeat(50_000));
        assert_eq!(shown.matches(HIDDEN).count(), 50_000);
        for piece in
            ["pass ", "user a pass b ", "pass='", "x@a.", "://a:b@", "<pass>", "pass\\\"", "login ", "\"", "aaaa-"]
        {
            redacted(&piece.repeat(500_000 / piece.len()));
        }
    }

    #[test]
    fn an_address_keeps_its_first_letter_and_domain() {
        assert_eq!(redacted("for <jane.doe@icloud.com>: no"), "for <j…@icloud.com>: no");
        assert_eq!(redacted("imap://jane%40icloud.com/INBOX"), "imap://j…%40icloud.com/INBOX");
    }

    #[test]
    fn what_servers_and_programs_say_stays() {
        for line in [
            "535 5.7.8 Error: authentication failed: authentication failure",
            "a1 NO [AUTHENTICATIONFAILED] Authentication failed",
            "250-AUTH LOGIN PLAIN ATOKEN WSTOKEN WETOKEN",
            "javax.mail.AuthenticationFailedException: failed to connect",
            "2 login attempts failed",
            "A1 NO LOGIN failed.",
            "Password incorrect",
            "error:0A00010B:SSL routines:ssl3_get_record:wrong version number",
            "* OK [CAPABILITY XAPPLEPUSHSERVICE IMAP4 SASL-IR AUTH=ATOKEN AUTH=PLAIN] (2428B47-26126cfe23cd)",
        ] {
            assert_eq!(redacted(line), line);
        }
        assert!(!redacted(&format!("the password {CANARY} is refused")).contains("zkqj"));
    }
}
