//! Sign-ins as they are sent: IMAP's LOGIN, and exchanges in base64.

use checks::secret::HIDDEN;
use regex::bytes::{Captures, Regex};

use super::encoded::unless_encoded;
use super::hidden_after;
use crate::pattern::compiled;

/// What earlier lines have announced.
#[derive(Default)]
pub(super) struct State {
    /// How many further lines may contain a sign-in in base64.
    exchange: u8,
    /// How many further lines may contain the literals of a sign-in.
    literals: u8,
}

/// The number of lines from the beginning of an exchange to its last secret.
const EXCHANGE: u8 = 8;

pub(super) struct SignIns {
    logins: [Regex; 3],
    no_login: Regex,
    exchange: Regex,
    begins_reply: Regex,
    long_run: Regex,
    word: Regex,
}

impl SignIns {
    pub(super) fn new() -> Self {
        Self {
            logins: [
                compiled(
                    r#"((?:^|[\s>:"'(])(?:(?-i:imap|IMAP|command|sending|sent)|[a-z.*$]|[a-z0-9.*$_+-]*[0-9][a-z0-9.*$_+-]*|C:|client:|>+)\s+LOGIN\s+|(?:^\W*|[:>,;=]\s*)(?-i:LOGIN)\s+)(\S.*)"#,
                ),
                // Any word may be an IMAP tag.
                compiled(r#"((?:^|[\s>:"'(])[^\s()+*%{"\\:]+\s+(?-i:LOGIN)\s+)(\S+\s+\S.*|\{.*)"#),
                compiled(r#"(\blogin\s+)((?:"[^"]*"|[^\s"]+)\s+".*)"#),
            ],
            no_login: compiled(
                r"^(?:plain|with|incorrect|invalid|attempts?|failed|failure|completed|command|ok|error|denied|request|timed|was|is|to|as|on|for|at|authenti\w*|methods?|mechanisms?|xoauth2|oauthbearer|cram-md5|digest-md5|not|has|cannot|could|did|and|or|via|using|disabled|refused|rejected|required|timeout)\b",
            ),
            exchange: compiled(r"\bauth(?:enticate)?[ =:]+[a-z0-9-]+|\b334\b|^\W*\+\s|\bplain\b|\bxoauth2\b"),
            begins_reply: compiled(r"^[^a-z0-9+*]*(?:S:|server:|<+)?\s*(?:\+|\*|[a-z0-9.]+\s+(?:OK|NO|BAD)\b)"),
            long_run: compiled(r"[a-z0-9+/_-]{24,}={0,2}"),
            word: compiled(r"[a-z0-9+/]{4,}={0,2}"),
        }
    }

    /// Whether the line is what a literal announced.
    pub(super) fn is_literal(&self, line: &str, state: &mut State) -> bool {
        if state.literals == 0 {
            return false;
        }
        state.literals -= 1;
        !self.begins_reply.is_match(line.as_bytes())
    }

    /// Returns the line without the sign-in in it.
    pub(super) fn hidden(&self, mut line: Vec<u8>, state: &mut State) -> Vec<u8> {
        for login in &self.logins {
            line = login.replace(&line, |found: &Captures| self.login_hidden(found, state)).into_owned();
        }
        line
    }

    /// Returns the line without what looks like base64.
    pub(super) fn without_encoded(&self, mut line: Vec<u8>, state: &mut State) -> Vec<u8> {
        if self.exchange.is_match(&line) {
            state.exchange = EXCHANGE;
        }
        if state.exchange > 0 {
            state.exchange -= 1;
            line = self.word.replace_all(&line, |word: &Captures| unless_encoded(&word[0], 4)).into_owned();
        }
        self.long_run.replace_all(&line, |run: &Captures| unless_encoded(&run[0], 24)).into_owned()
    }

    fn login_hidden(&self, found: &Captures, state: &mut State) -> Vec<u8> {
        let lists_mechanisms = found[1].to_ascii_uppercase().windows(4).any(|word| word == b"AUTH");
        let is_hidden = found[2].starts_with(HIDDEN.as_bytes());
        if lists_mechanisms || is_hidden || self.no_login.is_match(&found[2]) {
            return found[0].to_vec();
        }
        if found[2].contains(&b'{') {
            state.literals = EXCHANGE;
        }
        hidden_after(&found[1])
    }
}
