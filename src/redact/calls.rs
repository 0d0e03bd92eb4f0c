//! Function calls with a password as an argument, and values in brackets after a word for a password.

use checks::secret::HIDDEN;
use regex::bytes::Regex;

use super::said::hidden_unless_sentence;
use crate::pattern::compiled;

pub(super) struct Calls {
    names: Regex,
    is_exception: Regex,
    quoted: Regex,
    brackets: [Regex; 3],
}

impl Calls {
    pub(super) fn new() -> Self {
        Self {
            names: compiled(r"[\w.:]*(?:pass|pwd|secret|cred|auth|login|connect)[\w.:]*\s*\("),
            is_exception: compiled(r"(?:error|exception|failed|failure|disconnected|refused|reset|aborted)\s*\($"),
            quoted: compiled(r#"("|')(?:[^"'\\]|\\.)*("|')"#),
            brackets: [
                compiled(r"(\b[\w.]*(?:password|passwd|passwort|pass|pwd|pw)[(\[])[^)\]\s].*"),
                compiled(r"(\b(?:credentials?|login|user(?:name)?)\s*\([^(),]*,\s*).+"),
                compiled(r"(\(given:\s*).+"),
            ],
        }
    }

    /// Returns the line without the strings that are arguments of such a call.
    pub(super) fn hidden(&self, mut line: Vec<u8>) -> Vec<u8> {
        for brackets in &self.brackets {
            line = brackets.replace_all(&line, hidden_unless_sentence).into_owned();
        }
        let call = self.names.find_iter(&line).find(|call| !self.is_exception.is_match(call.as_bytes()));
        if let Some(call) = call.map(|call| call.end()) {
            let arguments = self.quoted.replace_all(&line[call..], HIDDEN.as_bytes()).into_owned();
            line.truncate(call);
            line.extend(arguments);
        }
        line
    }
}
