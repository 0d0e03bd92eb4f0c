//! The name of this computer and the path of the user's files, which no report needs to show.

use std::borrow::Cow;

use checks::conceal::Concealer;
use checks::plan::{APPLE_IMAP, APPLE_SMTP};
use serde_json::Value;

use super::kinds::Kind;
use crate::texts;

/// Stands in for the computer's name.
const STAND_IN: &str = "this-computer";

/// The names of a computer; empty where nothing is known about it.
#[derive(Default)]
pub(crate) struct Computer {
    host: String,
    home: Option<String>,
}

impl Computer {
    /// The computer that this program runs on.
    pub(crate) fn this() -> Self {
        // Only the first label: the domain after it is the network's, and reverse lookups return other domains.
        let host = gethostname::gethostname().to_string_lossy().split('.').next().unwrap_or_default().to_owned();
        let home = std::env::home_dir().map(|home| home.to_string_lossy().into_owned());
        Self { host, home: home.filter(|home| home.len() > 1) }
    }

    /// A computer for tests.
    #[cfg(test)]
    pub(super) fn called(host: &str) -> Self {
        Self { host: host.to_owned(), home: Some("/home/anna".to_owned()) }
    }

    /// Replaces the names in the data. The servers that were `asked`, and Apple's, keep their names.
    ///
    /// Our own sentences contain the computer's name only as a quote. It is replaced in them only if the `learned`
    /// texts have it, so that a computer with an ordinary word as its name leaves our words unchanged.
    pub(super) fn leave(&self, value: &mut Value, asked: [&str; 2], kind: impl Fn(&[&str]) -> Kind) {
        // Our own sentences may name Apple's servers even if others were asked.
        let servers = asked.into_iter().chain([APPLE_IMAP.0, APPLE_SMTP.0]);
        let is_asked = servers.flat_map(|name| name.split('.')).any(|label| label.eq_ignore_ascii_case(&self.host));
        let conceals_host = !self.host.is_empty() && self.host != "localhost" && !is_asked;
        let host = Concealer::default();
        let host = if conceals_host { host.identity(&self.host, STAND_IN) } else { host };
        let mut is_learned = false;
        texts::each(value, |place, text| {
            if kind(place) == Kind::Learned {
                self.leave_home(text);
                is_learned |= leave_host(text, &host);
            }
        });
        texts::each(value, |place, text| {
            if kind(place) == Kind::Sentence {
                self.leave_home(text);
                if is_learned {
                    leave_host(text, &host);
                }
            }
        });
    }

    fn leave_home(&self, text: &mut String) {
        if let Some(home) = &self.home
            && text.contains(home.as_str())
        {
            *text = text.replace(home.as_str(), "~");
        }
    }
}

/// Returns whether the text had the name of the computer.
fn leave_host(text: &mut String, host: &Concealer) -> bool {
    // Our own values, such as an outcome, are one word; a sentence or a full name is not.
    if text.contains([' ', '.'])
        && let Cow::Owned(shown) = host.text(text)
    {
        *text = shown;
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn left(computer: &Computer, told: &Value) -> Value {
        let mut told = told.clone();
        let kind = |place: &[&str]| if place == ["summary"] { Kind::Sentence } else { Kind::Learned };
        computer.leave(&mut told, ["imap.mail.me.com", ""], kind);
        told
    }

    #[test]
    fn a_report_tells_neither_the_computers_name_nor_its_users() {
        let computer = Computer { host: "annas-laptop".to_owned(), home: Some("/home/anna".to_owned()) };
        let told = json!(["250 Hello Annas-Laptop.fritz.box [10.0.0.1]", "/home/anna/roots.pem cannot be read"]);
        let shown = json!(["250 Hello this-computer.fritz.box [10.0.0.1]", "~/roots.pem cannot be read"]);
        assert_eq!(left(&computer, &told), shown);
    }

    #[test]
    fn a_computer_that_is_called_like_a_word_of_ours_or_a_server_spoils_nothing() {
        let told = json!(["refused", "imap.mail.me.com says no", { "summary": "the router is refused" }]);
        for host in ["refused", "imap", "router"] {
            let computer = Computer { host: host.to_owned(), home: None };
            assert_eq!(left(&computer, &told), told);
        }
    }

    #[test]
    fn what_a_sentence_has_from_outside_is_left_out_of_it_too() {
        let computer = Computer { host: "router".to_owned(), home: Some("/home/anna".to_owned()) };
        let told = json!([{ "summary": "router.fritz.box: /home/anna/x" }, { "name": "router.fritz.box" }]);
        let shown = json!([{ "summary": "this-computer.fritz.box: ~/x" }, { "name": "this-computer.fritz.box" }]);
        assert_eq!(left(&computer, &told), shown);
    }
}
